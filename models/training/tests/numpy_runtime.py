"""Runs an exported graph in plain numpy: slow and literal, so that exports are checked where ONNX Runtime is not.

Only the operators our graphs use, of ONNX opset 18 and ONNX Runtime's com.microsoft.
"""
import numpy as np
import onnx
from onnx import numpy_helper

import weight_files


def run(model, folder, feeds):
    """{output: array}. folder: where external weights lie."""
    values = dict(feeds)
    values[""] = None
    for t in model.graph.initializer:
        if t.data_location == onnx.TensorProto.EXTERNAL:
            data = {e.key: e.value for e in t.external_data}
            dtype = next(k for k, v in weight_files.TYPES.items() if v == t.data_type)
            entry = weight_files.Entry(data["location"], int(data["offset"]), int(data["length"]), dtype, tuple(t.dims))
            values[t.name] = weight_files.read(folder, entry)
        else:
            values[t.name] = numpy_helper.to_array(t)
    for node in model.graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        made = globals()["_" + node.op_type.lower()](*[values[i] for i in node.input], **attributes)
        for name, value in zip(node.output, made if isinstance(made, tuple) else (made,)):
            values[name] = value
    return {o.name: values[o.name] for o in model.graph.output}


_TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 10: np.float16}


def _shape(x):
    return np.array(x.shape, np.int64)


def _gather(x, i, axis=0):
    return np.take(x, i, axis)


def _cast(x, to):
    return x.astype(_TYPES[to])


def _reducesum(x, axes, keepdims=1):
    return x.sum(tuple(axes), keepdims=bool(keepdims))


def _reducemax(x, axes, keepdims=1):
    return x.max(tuple(axes), keepdims=bool(keepdims))


def _transpose(x, perm):
    return x.transpose(perm)


def _unsqueeze(x, axes):
    return np.expand_dims(x, tuple(int(a) for a in axes))


def _reshape(x, shape):
    return x.reshape([x.shape[i] if s == 0 else s for i, s in enumerate(shape)])


def _slice(x, start, end, axes=None):
    cut = [slice(None)] * x.ndim
    for a, s, e in zip(range(x.ndim) if axes is None else axes, start, end):
        cut[a] = slice(int(s), int(e))
    return x[tuple(cut)]


def _split(x, sizes=None, axis=0, num_outputs=None):
    return tuple(np.split(x, num_outputs if sizes is None else np.cumsum(sizes)[:-1], axis))


def _concat(*parts, axis):
    return np.concatenate(parts, axis)


def _softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


_abs, _neg, _sqrt, _add, _sub, _mul, _div, _matmul, _bitwisexor = np.abs, np.negative, np.sqrt, np.add, np.subtract, np.multiply, np.divide, np.matmul, np.bitwise_xor
_max, _sign = np.maximum, np.sign


def _quantizelinear(x, scale, zero):
    return np.clip(np.rint(x / scale) + zero, 0, 255).astype(np.uint8)


def _matmulintegertofloat(a, b, a_scale, b_scale, a_zero, b_zero=None):
    b = b.astype(np.int64) - (0 if b_zero is None else int(b_zero))
    return ((a.astype(np.int64) - int(a_zero)) @ b).astype(np.float32) * a_scale * b_scale


def _matmulnbits(x, q, s, K, N, bits, block_size, accuracy_level):
    w = (q.astype(np.float32) - 128) * s.reshape(N, K // block_size, 1)
    return x @ w.reshape(N, K).T


def _simplifiedlayernormalization(x, weight, axis=-1, epsilon=1e-5, stash_type=1):
    return x / np.sqrt((x.astype(np.float32) ** 2).mean(-1, keepdims=True) + epsilon) * weight


def _skipsimplifiedlayernormalization(x, skip, weight, epsilon):
    total = x + skip
    return _simplifiedlayernormalization(total, weight, epsilon=epsilon), None, None, total


def _groupqueryattention(qkv, _key, _value, past_k, past_v, last, total, cos, sin, position_ids=None, bias=None,
                         num_heads=0, kv_num_heads=0, do_rotary=1, rotary_interleaved=0, qk_output=0):  # fmt: skip
    b, s, _ = qkv.shape
    e = past_k.shape[-1]
    past = int(total) - s
    q, k, v = np.split(qkv.reshape(b, s, -1, e).transpose(0, 2, 1, 3), [num_heads, num_heads + kv_num_heads], 1)
    places = np.arange(past, past + s)[None].repeat(b, 0) if position_ids is None else position_ids
    c, d = cos[places][:, None], sin[places][:, None]

    def turned(x):
        x1, x2 = np.split(x, 2, -1)
        return np.concatenate((x1 * c - x2 * d, x2 * c + x1 * d), -1)

    k, v = np.concatenate((past_k[:, :, :past], turned(k)), 2), np.concatenate((past_v[:, :, :past], v), 2)
    group = num_heads // kv_num_heads
    scores = turned(q) @ k.repeat(group, 1).transpose(0, 1, 3, 2) / np.sqrt(e)
    seen = np.arange(past + s)[None] <= np.arange(past, past + s)[:, None]
    scores = np.where(seen, scores, -np.inf) + (0 if bias is None else bias)
    weights = _softmax(scores.astype(np.float32))
    out = (weights @ v.repeat(group, 1)).transpose(0, 2, 1, 3).reshape(b, s, -1)
    return out.astype(np.float32), k, v, weights
