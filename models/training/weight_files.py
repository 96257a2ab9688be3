"""The weights of an ONNX model folder: weights-N.bin, written once, shared by every graph; and the index that says where each tensor lies.

Matrices [K,N] (input by output) are int8 with a scale a column; `down` is 8-bit in blocks of 32 along K, as MatMulNBits reads it. Tensors are
`embed`, `cos`, `sin`, `norm`, and for each layer N `N.norm1`, `N.norm2`, `N.qkv`, `N.o`, `N.gate`, `N.up`, `N.down`; a quantised one is two, `.q` and `.s`.
The index of a folder is read from its model.onnx, so that graphs can be made again without the checkpoint.
"""
import dataclasses
from pathlib import Path

import numpy as np
import onnx

from checkpoint import rope_theta
from errors import InputError

PART = 45_000_000  # bytes a weight file has at most
BLOCK = 32
_ALIGNED = 64

TYPES = {"float32": onnx.TensorProto.FLOAT, "int8": onnx.TensorProto.INT8, "uint8": onnx.TensorProto.UINT8}
_NAMES = {v: k for k, v in TYPES.items()}


@dataclasses.dataclass(frozen=True)
class Entry:
    """Where a tensor lies. type: a numpy type's name."""

    file: str
    offset: int
    length: int
    type: str
    shape: tuple


def columns(w):
    """[K,N] float32 -> int8 [K,N], float32 scales [N]."""
    scale = np.abs(w).max(0) / 127
    scale[scale == 0] = 1
    return np.clip(np.rint(w / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


def blocks(w):
    """[K,N] float32 -> MatMulNBits' uint8 [N,K/32,32] around 128, float32 scales [N*K/32]."""
    x = np.ascontiguousarray(w.T).reshape(w.shape[1], -1, BLOCK)
    scale = np.abs(x).max(-1) / 127
    scale[scale == 0] = 1
    return (np.rint(x / scale[..., None]) + 128).clip(0, 255).astype(np.uint8), scale.astype(np.float32).reshape(-1)


def tensors_of(config, checkpoint, positions):
    """Every (name, array) that the decoder's graphs read. checkpoint: {Hugging Face's name: float32 array}. positions: that the rotary tables reach."""
    yield from inner_tensors(config, checkpoint, positions)
    yield "norm", checkpoint["model.norm.weight"]


def inner_tensors(config, checkpoint, positions):
    """The same without what follows the last layer, which an encoder has not."""

    def matrix(name, rows_by_columns):
        q, s = columns(rows_by_columns.T)
        yield name + ".q", q
        yield name + ".s", s

    def of(layer, name):
        return checkpoint[f"model.layers.{layer}.{name}.weight"]

    yield from matrix("embed", checkpoint["model.embed_tokens.weight"])
    half = np.arange(0, config["head_dim"], 2) / config["head_dim"]
    angles = np.outer(np.arange(positions), 1 / rope_theta(config) ** half)
    yield "cos", np.cos(angles).astype(np.float32)
    yield "sin", np.sin(angles).astype(np.float32)
    for i in range(config["num_hidden_layers"]):
        yield f"{i}.norm1", of(i, "input_layernorm")
        yield f"{i}.norm2", of(i, "post_attention_layernorm")
        yield from matrix(f"{i}.qkv", np.concatenate([of(i, f"self_attn.{x}_proj") for x in "qkv"]))
        yield from matrix(f"{i}.o", of(i, "self_attn.o_proj"))
        yield from matrix(f"{i}.gate", of(i, "mlp.gate_proj"))
        yield from matrix(f"{i}.up", of(i, "mlp.up_proj"))
        q, s = blocks(of(i, "mlp.down_proj").T)
        yield f"{i}.down.q", q
        yield f"{i}.down.s", s


def write(folder, tensors, part=PART):
    """Writes weights-N.bin, each at most `part` bytes; returns the index, {name: Entry}. tensors: (name, array) pairs."""
    index, file, at, count = {}, None, 0, 0
    try:
        for name, array in tensors:
            data = np.ascontiguousarray(array)
            if data.nbytes > part:
                raise InputError(f"{name} takes {data.nbytes:,} bytes, and a weight file {part:,} at most: raise --part-mb.")
            if file is None or at + data.nbytes > part:
                if file:
                    file.close()
                file, at, count = open(Path(folder) / f"weights-{count}.bin", "wb"), 0, count + 1
            index[name] = Entry(f"weights-{count - 1}.bin", at, data.nbytes, data.dtype.name, data.shape)
            padding = min(-data.nbytes % _ALIGNED, max(0, part - at - data.nbytes))
            file.write(data.tobytes() + b"\0" * padding)
            at += data.nbytes + padding
    finally:
        if file:
            file.close()
    return index


def index_of(folder):
    """The index of a model folder, read from its model.onnx and checked against the weight files' lengths."""
    folder = Path(folder)
    graph = folder / "model.onnx"
    try:
        model = onnx.load(str(graph), load_external_data=False)
    except FileNotFoundError:
        raise InputError(f"'{graph}' is missing: name a model folder, as models/csharp-115m is one.") from None
    except Exception:  # protobuf's own exception is not public
        raise InputError(f"'{graph}' is no ONNX graph or cut short: copy it again.") from None
    index = {}
    for t in model.graph.initializer:
        if t.data_location == onnx.TensorProto.EXTERNAL:
            data = {e.key: e.value for e in t.external_data}
            index[t.name] = Entry(data["location"], int(data["offset"]), int(data["length"]), _NAMES[t.data_type], tuple(t.dims))
    if "embed.q" not in index:
        raise InputError(f"'{graph}' does not keep its weights as export_onnx.py does: export it anew from a checkpoint.")
    for file in {e.file for e in index.values()}:
        needed = max(e.offset + e.length for e in index.values() if e.file == file)
        path = folder / file
        length = path.stat().st_size if path.exists() else None
        if length is None:
            raise InputError(f"'{path}' is missing, and model.onnx needs it: copy the whole model folder again.")
        if length < needed:
            raise InputError(f"'{path}' is cut short, {length:,} of the {needed:,} bytes that model.onnx needs: copy it again.")
    return index


def read(folder, entry):
    """The array of an entry."""
    data = np.memmap(Path(folder) / entry.file, np.uint8, "r", entry.offset, (entry.length,))
    return np.frombuffer(data, entry.type).reshape(entry.shape)


def external(name, entry):
    """The TensorProto that points to an entry."""
    tensor = onnx.TensorProto(name=name, data_type=TYPES[entry.type], dims=entry.shape)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", entry.file), ("offset", entry.offset), ("length", entry.length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor
