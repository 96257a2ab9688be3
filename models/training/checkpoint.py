"""A checkpoint folder: config.json, model.safetensors (Hugging Face's layout and names, `model.layers.N.*`), tokenizer.json.

The safetensors format is read and written here, in numpy alone: 8 bytes of length, a JSON header, the tensors' bytes. Matrices may be stored as
int8 rows with a scale each (`<name>.scale`, float32 [rows]); they are read back as float32.
"""
import json
import struct
from pathlib import Path

import numpy as np

from errors import InputError

_TYPES = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16, "I8": np.int8, "I64": np.int64, "U8": np.uint8}


def read_tensors(path):
    """{name: float32 array}, whatever type they are stored in."""
    path = Path(path)
    try:
        data = np.memmap(path, np.uint8, "r")
    except FileNotFoundError:
        raise InputError(f"'{path}' is missing: make the checkpoint with weights_of.py, or name another folder.") from None
    except ValueError:
        raise InputError(f"'{path}' is empty: copy it again.") from None
    try:
        start = 8 + struct.unpack("<Q", data[:8].tobytes())[0]
        header = json.loads(data[8:start].tobytes())
    except (struct.error, ValueError):
        raise InputError(f"'{path}' is cut short or no safetensors file: copy it again.") from None
    header.pop("__metadata__", None)
    needed = start + max((t["data_offsets"][1] for t in header.values()), default=0)
    if len(data) < needed:
        raise InputError(f"'{path}' is cut short, {len(data):,} of {needed:,} bytes: copy it again.")
    raw = {}
    for name, entry in header.items():
        if entry["dtype"] not in _TYPES:
            raise InputError(f"'{path}' stores {name} as {entry['dtype']}, which is not read here: save it as F32, F16, BF16 or I8.")
        a, b = entry["data_offsets"]
        tensor = np.frombuffer(data[start + a : start + b], _TYPES[entry["dtype"]]).reshape(entry["shape"])
        raw[name] = (tensor.astype(np.uint32) << 16).view(np.float32) if entry["dtype"] == "BF16" else tensor
    tensors = {}
    for name, tensor in raw.items():
        if not name.endswith(".scale"):
            scale = raw.get(name + ".scale")
            tensors[name] = tensor.astype(np.float32) * (scale[:, None] if scale is not None else np.float32(1))
    return tensors


def write_tensors(path, tensors):
    """tensors: {name: float32, float16 or int8 array}."""
    names = {np.dtype(v): k for k, v in _TYPES.items() if k != "BF16"}
    header, at = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + tensor.nbytes]}
        at += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    partial = Path(path).with_suffix(".tmp")
    with open(partial, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor).tobytes())
    partial.replace(path)


def int8_rows(matrix):
    """[rows, columns] float32 -> int8 and float32 scales [rows]."""
    scale = np.maximum(np.abs(matrix).max(1), 1e-8) / 127
    return np.rint(matrix / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def read_config(folder):
    path = Path(folder) / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
        for key in ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "rms_norm_eps"):
            config[key]
    except FileNotFoundError:
        raise InputError(f"'{path}' is missing: name a checkpoint folder (weights_of.py makes one of a model folder).") from None
    except ValueError:
        raise InputError(f"'{path}' is no JSON: copy it again.") from None
    except KeyError as missing:
        raise InputError(f"'{path}' lacks {missing}: take the configuration of a Llama-shaped decoder.") from None
    config.setdefault("num_key_value_heads", config["num_attention_heads"])
    config["head_dim"] = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    return config


def rope_theta(config):
    """The base of the rotary angles."""
    return (config.get("rope_parameters") or {}).get("rope_theta") or config.get("rope_theta", 10_000.0)
