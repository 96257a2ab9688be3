"""A GGUF file of a model folder's weights, to measure llama.cpp beside the product: python export_gguf.py models/csharp-115m model.gguf

Matrices become Q8_0 (blocks of 32 along a row, a float16 scale each), the rest stays float32. The format: GGUF version 3, docs/gguf.md in ggml's
repository. Needs numpy and onnx only.
"""
import argparse
import json
import struct
from pathlib import Path

import numpy as np

from checkpoint import rope_theta
from errors import command
from weights_of import weights_of

ALIGNED, BLOCK = 32, 32
F32, Q8_0 = 0, 8  # ggml's types of tensors
_NORMAL, _CONTROL = 1, 3  # its types of tokens
_KINDS = {"u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"), "bool": (7, "<?")}
_STRING, _ARRAY = 8, 9


def q8_0(matrix):
    """[rows, columns] float32, columns a multiple of 32 -> the bytes of its blocks: float16 scale, 32 int8."""
    blocks = np.ascontiguousarray(matrix, np.float32).reshape(-1, BLOCK)
    scale = (np.abs(blocks).max(1) / 127).astype(np.float16)
    inverse = 1 / np.maximum(scale.astype(np.float32), 1e-12)
    packed = np.zeros(len(blocks), [("scale", "<f2"), ("values", "i1", BLOCK)])
    packed["scale"], packed["values"] = scale, np.clip(np.rint(blocks * inverse[:, None]), -127, 127)
    return packed.tobytes()


def rotary_rows(matrix, heads):
    """Query or key rows as ggml's llama reads them: the two halves of a head, which are turned together, stand in turn."""
    rows, columns = matrix.shape
    return matrix.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def tensors_of(config, weights):
    """(ggml's name, array) in ggml's order. weights: {Hugging Face's name: float32 array}."""
    yield "token_embd.weight", weights["model.embed_tokens.weight"]
    yield "output_norm.weight", weights["model.norm.weight"]
    names = {
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    }  # fmt: skip
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    for layer in range(config["num_hidden_layers"]):
        for name, theirs in names.items():
            array = weights[f"model.layers.{layer}.{theirs}.weight"]
            yield f"blk.{layer}.{name}.weight", rotary_rows(array, heads[name]) if name in heads else array


def metadata(config, tokenizer, name):
    """(key, kind, value): what llama.cpp asks of a file. tokenizer: tokenizer.json, read."""
    vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    added = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    tokens = [added.get(i, token) for i, token in enumerate(vocabulary)]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    return [
        ("general.architecture", "string", "llama"),
        ("general.name", "string", name),
        ("llama.block_count", "u32", config["num_hidden_layers"]),
        ("llama.context_length", "u32", 4096),
        ("llama.embedding_length", "u32", config["hidden_size"]),
        ("llama.feed_forward_length", "u32", config["intermediate_size"]),
        ("llama.attention.head_count", "u32", config["num_attention_heads"]),
        ("llama.attention.head_count_kv", "u32", config["num_key_value_heads"]),
        ("llama.rope.freq_base", "f32", rope_theta(config)),
        ("llama.rope.dimension_count", "u32", config["head_dim"]),
        ("llama.attention.layer_norm_rms_epsilon", "f32", config["rms_norm_eps"]),
        ("llama.vocab_size", "u32", len(tokens)),
        ("tokenizer.ggml.model", "string", "gpt2"),
        ("tokenizer.ggml.pre", "string", "smollm"),
        ("tokenizer.ggml.tokens", "strings", tokens),
        ("tokenizer.ggml.token_type", "i32s", [_CONTROL if i in added else _NORMAL for i in range(len(tokens))]),
        ("tokenizer.ggml.merges", "strings", merges),
        ("tokenizer.ggml.bos_token_id", "u32", 0),
        ("tokenizer.ggml.eos_token_id", "u32", 0),
        ("tokenizer.ggml.add_bos_token", "bool", False),
    ]


def _text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _field(key, kind, value):
    if kind == "string":
        return _text(key) + struct.pack("<I", _STRING) + _text(value)
    if kind == "strings":
        return _text(key) + struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + b"".join(map(_text, value))
    if kind == "i32s":
        return _text(key) + struct.pack("<IIQ", _ARRAY, _KINDS["i32"][0], len(value)) + struct.pack(f"<{len(value)}i", *value)
    number, layout = _KINDS[kind]
    return _text(key) + struct.pack("<I", number) + struct.pack(layout, value)


def write(path, fields, tensors):
    """fields: see `metadata`. tensors: (name, float32 array); matrices are written as Q8_0."""
    tensors, infos, blobs, at = list(tensors), [], [], 0
    for name, array in tensors:
        data, kind = (q8_0(array), Q8_0) if array.ndim == 2 else (array.astype("<f4").tobytes(), F32)
        sizes = b"".join(struct.pack("<Q", n) for n in reversed(array.shape))
        infos.append(_text(name) + struct.pack("<I", array.ndim) + sizes + struct.pack("<IQ", kind, at))
        blobs.append(data + b"\0" * (-len(data) % ALIGNED))
        at += len(blobs[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields)) + b"".join(_field(*field) for field in fields) + b"".join(infos)
    with open(path, "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNED))
        file.writelines(blobs)


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a model folder that export_onnx.py made")
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    config, weights = weights_of(options.folder)
    tokenizer = json.loads((options.folder / "tokenizer.json").read_text("utf-8"))
    write(options.out, metadata(config, tokenizer, options.folder.name), tensors_of(config, weights))


if __name__ == "__main__":
    main()
