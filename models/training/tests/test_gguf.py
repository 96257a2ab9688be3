"""The GGUF file: what a reader of its format finds is the model folder's own weights, its matrices within a block's rounding."""
import json
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np

import export_gguf
from places import MODEL

CONFIG = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
    "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
}  # fmt: skip


class Reader:
    """Reads the format in order, as docs/gguf.md has it."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        value = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return value[0] if len(value) == 1 else value

    def text(self):
        length = self.take("Q")
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def value(self, kind):
        if kind == 9:
            kind, count = self.take("I"), self.take("Q")
            return [self.value(kind) for _ in range(count)]
        return self.text() if kind == 8 else self.take({4: "I", 5: "i", 6: "f", 7: "?"}[kind])


class Gguf(unittest.TestCase):
    def test_what_is_read_back_is_what_was_written(self):
        rng = np.random.default_rng(1)
        shapes = {"self_attn.q_proj": (64, 64), "self_attn.k_proj": (32, 64), "self_attn.v_proj": (32, 64), "self_attn.o_proj": (64, 64)}
        shapes |= {"mlp.gate_proj": (96, 64), "mlp.up_proj": (96, 64), "mlp.down_proj": (64, 96)}
        weights = {f"model.layers.0.{name}.weight": rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
        for name in ("model.layers.0.input_layernorm", "model.layers.0.post_attention_layernorm", "model.norm"):
            weights[name + ".weight"] = rng.normal(size=64).astype(np.float32)
        weights["model.embed_tokens.weight"] = rng.normal(size=(320, 64)).astype(np.float32)
        tokenizer = json.loads((MODEL / "tokenizer.json").read_text("utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tiny.gguf"
            export_gguf.write(path, export_gguf.metadata(CONFIG, tokenizer, "tiny"), export_gguf.tensors_of(CONFIG, weights))
            reader = Reader(path.read_bytes())

        self.assertEqual((b"GGUF", 3), (reader.data[:4], struct.unpack_from("<I", reader.data, 4)[0]))
        reader.at = 8
        count, fields = reader.take("QQ")
        said = {reader.text(): reader.value(reader.take("I")) for _ in range(fields)}
        self.assertEqual(("llama", 1, 4, 2, 16), tuple(said[k] for k in (
            "general.architecture", "llama.block_count", "llama.attention.head_count", "llama.attention.head_count_kv", "llama.rope.dimension_count",
        )))  # fmt: skip
        tokens, kinds = said["tokenizer.ggml.tokens"], said["tokenizer.ggml.token_type"]
        self.assertEqual((16385, 16385, 17), (len(tokens), len(kinds), kinds.count(3)))
        self.assertEqual("<|prefix|>", tokens[2])
        infos = []
        for _ in range(count):
            name, dimensions = reader.text(), reader.take("I")
            infos.append((name, [reader.take("Q") for _ in range(dimensions)][::-1], reader.take("I"), reader.take("Q")))
        start = -(-reader.at // 32) * 32
        found = {}
        for name, shape, kind, offset in infos:
            size = int(np.prod(shape))
            if kind == 0:
                found[name] = np.frombuffer(reader.data, "<f4", size, start + offset).reshape(shape)
            else:
                blocks = np.frombuffer(reader.data, [("scale", "<f2"), ("values", "i1", 32)], size // 32, start + offset)
                found[name] = (blocks["values"] * blocks["scale"][:, None].astype(np.float32)).reshape(shape)
        self.assertEqual(11, len(found))
        np.testing.assert_array_equal(weights["model.norm.weight"], found["output_norm.weight"])
        for theirs, ours in (("blk.0.ffn_down", "model.layers.0.mlp.down_proj"), ("token_embd", "model.embed_tokens")):
            np.testing.assert_allclose(weights[ours + ".weight"], found[theirs + ".weight"], atol=0.03)
        # ggml turns neighbours together, this model the two halves of a head.
        key, turned = weights["model.layers.0.self_attn.k_proj.weight"], found["blk.0.attn_k.weight"]
        np.testing.assert_allclose(key[16:24], turned[16:32:2], atol=0.03)
        np.testing.assert_allclose(key[24:32], turned[17:32:2], atol=0.03)


if __name__ == "__main__":
    unittest.main()
