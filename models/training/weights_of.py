"""The checkpoint inside an ONNX model folder: python weights_of.py models/csharp-115m START

Writes config.json, model.safetensors (float32, unfolded from int8; --int8 keeps the matrices at a quarter of the size), tokenizer.json and
prompt.json. Needs numpy and onnx only. What has been through int8 once is about 1 % off the checkpoint it came from.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np

import weight_files
from checkpoint import int8_rows, read_config, write_tensors
from errors import command
from tokenizer import CodeTokenizer, check_fits


def weights_of(folder):
    """(config, {Hugging Face's name: float32 array}) of a model folder."""
    config, index = read_config(folder), weight_files.index_of(folder)
    check_fits(CodeTokenizer(Path(folder) / "tokenizer.json", library=False), config, Path(folder) / "config.json")

    def stored(name):
        return weight_files.read(folder, index[name])

    def matrix(name):  # stored [in,out] with a scale a column -> [out,in]
        return np.ascontiguousarray((stored(name + ".q").astype(np.float32) * stored(name + ".s")).T)

    def down(name):
        q = stored(name + ".q").astype(np.float32) - 128
        return (q * stored(name + ".s").reshape(q.shape[0], -1, 1)).reshape(q.shape[0], -1)

    queries, keys = config["num_attention_heads"] * config["head_dim"], config["num_key_value_heads"] * config["head_dim"]
    tensors = {"model.embed_tokens.weight": matrix("embed"), "model.norm.weight": stored("norm").copy()}
    for i in range(config["num_hidden_layers"]):
        p = f"model.layers.{i}."
        q, k, v = np.split(matrix(f"{i}.qkv"), [queries, queries + keys])
        tensors |= {p + f"self_attn.{n}_proj.weight": w for n, w in (("q", q), ("k", k), ("v", v), ("o", matrix(f"{i}.o")))}
        tensors |= {p + f"mlp.{n}_proj.weight": matrix(f"{i}.{n}") for n in ("gate", "up")}
        tensors[p + "mlp.down_proj.weight"] = down(f"{i}.down")
        tensors[p + "input_layernorm.weight"] = stored(f"{i}.norm1").copy()
        tensors[p + "post_attention_layernorm.weight"] = stored(f"{i}.norm2").copy()
    return config, tensors


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--int8", action="store_true")
    options = parser.parse_args(arguments)
    config, tensors = weights_of(options.folder)
    if options.int8:
        packed = {}
        for name, tensor in tensors.items():
            if tensor.ndim == 2:
                packed[name], packed[name + ".scale"] = int8_rows(tensor)
            else:
                packed[name] = tensor
        tensors = packed
    options.out.mkdir(parents=True, exist_ok=True)
    write_tensors(options.out / "model.safetensors", tensors)
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for name in ("tokenizer.json", "prompt.json"):
        shutil.copy(options.folder / name, options.out / name)


if __name__ == "__main__":
    main()
