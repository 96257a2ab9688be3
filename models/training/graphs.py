"""ONNX graphs of the decoder and the encoder, made from the weights' index alone (numpy and onnx; no torch, no checkpoint).

Activations are brought to [-1, 1] row by row and quantised with one fixed step, so a row's result does not depend on the rows beside it: one token
or eight, cold or warm, the answer is the same. (DynamicQuantizeMatMul has one scale a call; drafts then differ from plain decoding.)

Where 8-bit sums may meet a CPU without VNNI, the int8 weights are turned unsigned in the graph: cast to uint8 and their sign bit turned over, with
128 as their zero point, all folded when the session loads. Unsigned by unsigned products are summed in 32 bits on every CPU; unsigned by signed
ones saturate at 16 bits on AVX2. Nothing is rounded by it: the weight files stay the same.
"""
import numpy as np
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from weight_files import BLOCK, external

MICROSOFT = "com.microsoft"


class GraphBuilder:
    """Nodes, constants and the weights used, under the names of what they make."""

    def __init__(self, weight, unsigned=False):
        """weight: a function from a tensor's name to its TensorProto."""
        self._weight, self.unsigned = weight, unsigned
        self.nodes, self._used, self._constants, self._quantised = [], {}, {}, set()

    def op(self, kind, inputs, outputs, domain="", **attributes):
        outputs = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, name=outputs[0] or outputs[-1], **attributes))
        return outputs[0]

    def weight(self, name):
        if name not in self._used:
            self._used[name] = self._weight(name)
        return name

    def constant(self, name, value, dtype):
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.array(value, dtype), name)
        return name

    def linear(self, x, name, out):
        """x [...,K] by int8 columns [K,N] -> [...,N]."""
        step, zero = self.constant("step", 1 / 127, np.float32), self.constant("zero", 128, np.uint8)
        if x not in self._quantised:
            self._quantised.add(x)
            self.op("ReduceMax", [self.op("Abs", [x], x + ".abs"), self.constant("axis_last", [-1], np.int64)], x + ".top", keepdims=1)
            self.op("Max", [x + ".top", self.constant("tiny", 1e-9, np.float32)], x + ".max")
            self.op("QuantizeLinear", [self.op("Div", [x, x + ".max"], x + ".unit"), step, zero], x + ".q")
        q = self.weight(name + ".q")
        inputs = [x + ".q", q, step, self.weight(name + ".s"), zero]
        if self.unsigned:
            if q + ".u" not in self._quantised:
                self._quantised.add(q + ".u")
                self.op("Cast", [q], q + ".bits", to=T.UINT8)
                self.op("BitwiseXor", [q + ".bits", self.constant("sign", 128, np.uint8)], q + ".u")
            inputs[1] = q + ".u"
            inputs.append(zero)
        self.op("MatMulIntegerToFloat", inputs, out + ".unit", MICROSOFT)
        return self.op("Mul", [out + ".unit", x + ".max"], out)

    def down(self, x, name, out, k, n):
        """x [...,k] by 8-bit blocks -> [...,n]."""
        inputs = [x, self.weight(name + ".q"), self.weight(name + ".s")]
        return self.op("MatMulNBits", inputs, out, MICROSOFT, K=k, N=n, bits=8, block_size=BLOCK, accuracy_level=4)

    def embedding(self):
        """input_ids [B,S] -> float32 [B,S,D]: the head's own int8 matrix [D,V], read by column."""
        rows = self.op("Gather", [self.weight("embed.q"), "input_ids"], "e.q", axis=1)
        self.op("Transpose", [self.op("Cast", [rows], "e.f", to=T.FLOAT)], "e.t", perm=[1, 2, 0])
        scales = self.op("Gather", [self.weight("embed.s"), "input_ids"], "e.s")
        self.op("Unsqueeze", [scales, self.constant("axis_last", [-1], np.int64)], "e.u")
        return self.op("Mul", ["e.t", "e.u"], "e")

    def model(self, name, inputs, outputs):
        initializers = [*self._constants.values(), *self._used.values()]
        graph = helper.make_graph(self.nodes, name, inputs, outputs, initializers)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="")


class UnfoldedBuilder(GraphBuilder):
    """The int8 weights are unfolded to floats when the session loads, and activations stay floats: fp16 for GPUs, or float32."""

    def __init__(self, weight, float_type):
        super().__init__(weight)
        self._float_type = float_type

    def own(self, x, out):
        """float32 x in the graph's own type."""
        return x if self._float_type == T.FLOAT else self.op("Cast", [x], out, to=self._float_type)

    def linear(self, x, name, out):
        self.op("Cast", [self.weight(name + ".q")], name + ".f", to=T.FLOAT)
        self.op("Mul", [name + ".f", self.weight(name + ".s")], name + ".m")
        return self.op("MatMul", [x, self.own(name + ".m", name + ".w")], out)

    def down(self, x, name, out, k, n):
        self.op("Cast", [self.weight(name + ".q")], name + ".f", to=T.FLOAT)
        self.op("Sub", [name + ".f", self.constant("c128", 128, np.float32)], name + ".c")
        self.op("Reshape", [self.weight(name + ".s"), self.constant("blocks", [n, k // BLOCK, 1], np.int64)], name + ".r")
        self.op("Mul", [name + ".c", name + ".r"], name + ".m")
        self.op("Reshape", [name + ".m", self.constant("rows", [n, k], np.int64)], name + ".nk")
        self.op("Transpose", [name + ".nk"], name + ".t", perm=[1, 0])
        return self.op("MatMul", [x, self.own(name + ".t", name + ".w")], out)

    def embedding(self):
        return self.own(super().embedding(), "e.h")


KINDS = ("", "avx2", "gpu", "explain", "tree")
FLOAT = "float"  # what the shipped quantisation of activations is compared with; never shipped


def decoder(config, index, kind=""):
    """The decoder's ModelProto. kind: one of KINDS, as in model.KIND.onnx, or FLOAT.

    Names are ONNX Runtime GenAI's: input_ids [B,S], attention_mask [B,T] (T = read before + S), past_key_values.N.key/value [B,K,P,E],
    num_logits_to_keep [1] -> logits [B,min(S,num_logits_to_keep),V], present.N.key/value [B,K,T,E]. `tree` has position_ids [B,S] and
    attention_bias [B,1,S,T] too: many candidates in one call. `explain` gives attention.N [B,H,S,T] as well.
    """
    half = kind == "gpu"
    float_type = T.FLOAT16 if half else T.FLOAT

    def stored(name):
        return external(name, index[name])

    if half or kind == FLOAT:
        g = UnfoldedBuilder(stored, float_type)
    else:
        g = GraphBuilder(stored, unsigned=kind in ("avx2", "explain", "tree"))
    op, weight, constant = g.op, g.weight, g.constant
    layers, heads, kv_heads, e = (config[k] for k in ("num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim"))
    eps, k, n = config["rms_norm_eps"], config["intermediate_size"], config["hidden_size"]

    def value(name, kind_, shape):
        return helper.make_tensor_value_info(name, kind_, shape)

    def own(name):  # a float weight in the graph's own type
        return g.own(weight(name), name + ".h") if half else weight(name)

    # GroupQueryAttention wants lengths: of everything, and the last position of each row.
    op("Shape", ["attention_mask"], "mask_shape")
    op("Cast", [op("Gather", ["mask_shape", constant("one", 1, np.int64)], "total64")], "total", to=T.INT32)
    op("ReduceSum", ["attention_mask", constant("axis1", [1], np.int64)], "counted", keepdims=0)
    op("Cast", [op("Sub", ["counted", "one"], "last64")], "last", to=T.INT32)
    x = g.embedding()
    h = op("SimplifiedLayerNormalization", [x, own("0.norm1")], "n0", axis=-1, epsilon=eps, stash_type=1)
    cos, sin = own("cos"), own("sin")
    inputs = [value("input_ids", T.INT64, ["B", "S"]), value("attention_mask", T.INT64, ["B", "T"])]
    outputs = [value("logits", float_type, ["B", "L", config["vocab_size"]])]
    if kind == "tree":
        inputs += [value("position_ids", T.INT64, ["B", "S"]), value("attention_bias", float_type, ["B", 1, "S", "T"])]
    for i in range(layers):
        p = f"{i}."
        past = [f"past_key_values.{i}.{t}" for t in ("key", "value")]
        present = [f"present.{i}.{t}" for t in ("key", "value")]
        inputs += [value(t, float_type, ["B", kv_heads, "P", e]) for t in past]
        outputs += [value(t, float_type, ["B", kv_heads, "T", e]) for t in present]
        made, attributes = [p + "att", *present], {"num_heads": heads, "kv_num_heads": kv_heads, "do_rotary": 1, "rotary_interleaved": 0}
        arguments = [g.linear(h, p + "qkv", p + "qkv.y"), "", "", *past, "last", "total", cos, sin]
        if kind == "tree":
            arguments += ["position_ids", "attention_bias"]
        if kind == "explain":
            made.append(f"attention.{i}")
            attributes["qk_output"] = 2  # after the softmax
            outputs.append(value(f"attention.{i}", float_type, ["B", heads, "S", "T"]))
        op("GroupQueryAttention", arguments, made, MICROSOFT, **attributes)
        o = g.linear(p + "att", p + "o", p + "o.y")
        op("SkipSimplifiedLayerNormalization", [x, o, own(p + "norm2")], [p + "n2", "", "", p + "h1"], MICROSOFT, epsilon=eps)
        gate, up = g.linear(p + "n2", p + "gate", p + "gate.y"), g.linear(p + "n2", p + "up", p + "up.y")
        op("Mul", [op("Mul", [gate, op("Sigmoid", [gate], p + "sig")], p + "silu"), up], p + "ff")
        d = g.down(p + "ff", p + "down", p + "down.y", k, n)
        following = own("norm") if i == layers - 1 else own(f"{i + 1}.norm1")
        op("SkipSimplifiedLayerNormalization", [p + "h1", d, following], [p + "n3", "", "", p + "h2"], MICROSOFT, epsilon=eps)
        x, h = p + "h2", p + "n3"
    # Keep only the last rows: a prompt needs one, drafts a few.
    op("Neg", ["num_logits_to_keep"], "keep.from")
    h = op("Slice", [h, "keep.from", constant("end", [2**62], np.int64), constant("axis1", [1], np.int64)], "kept")
    g.linear(h, "embed", "logits")
    inputs.append(value("num_logits_to_keep", T.INT64, [1]))
    return g.model("decoder", inputs, outputs)


def encoder(config, tensors):
    """The encoder's ModelProto, its weights inside. tensors: {name: array} as weight_files names them.

    input_ids [B,S] int64, weights [B,S] float32 (what a token counts; 0 for padding) -> embedding [B,D] float32 of unit length, or zeros where a row
    has padding alone.
    """
    g = GraphBuilder(lambda name: numpy_helper.from_array(np.ascontiguousarray(tensors[name]), name), unsigned=True)
    op, weight, constant = g.op, g.weight, g.constant
    heads, kv_heads, e = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    eps, k, n = config["rms_norm_eps"], config["intermediate_size"], config["hidden_size"]
    last = constant("axis_last", [-1], np.int64)

    op("Unsqueeze", [op("Sign", ["weights"], "mask"), constant("axes_bias", [1, 2, 3], np.int64)], "mask.wide")
    op("Mul", [op("Sub", ["mask.wide", constant("one.f", 1, np.float32)], "mask.less"), constant("far", 1e9, np.float32)], "bias")
    op("Slice", [op("Shape", ["input_ids"], "ids_shape"), constant("i1", [1], np.int64), constant("i2", [2], np.int64)], "length")
    for table in ("cos", "sin"):
        op("Slice", [weight(table), constant("i0", [0], np.int64), "length", constant("axis0", [0], np.int64)], table + ".s")
        op("Unsqueeze", [table + ".s", constant("axes_table", [0, 2], np.int64)], table + ".w")

    def turned(x, count, name):
        """[B,S,count*E] -> [B,S,count,E], rotated by position."""
        op("Reshape", [x, constant(f"heads.{count}", [0, 0, count, e], np.int64)], name + ".r")
        op("Split", [name + ".r"], [name + ".a", name + ".b"], axis=-1, num_outputs=2)
        a = op("Sub", [op("Mul", [name + ".a", "cos.w"], name + ".ac"), op("Mul", [name + ".b", "sin.w"], name + ".bs")], name + ".x")
        b = op("Add", [op("Mul", [name + ".b", "cos.w"], name + ".bc"), op("Mul", [name + ".a", "sin.w"], name + ".as")], name + ".y")
        return op("Concat", [a, b], name + ".rot", axis=-1)

    x = g.embedding()
    for i in range(config["num_hidden_layers"]):
        p = f"{i}."
        h = op("SimplifiedLayerNormalization", [x, weight(p + "norm1")], p + "n1", axis=-1, epsilon=eps, stash_type=1)
        g.linear(h, p + "qkv", p + "qkv.y")
        op("Split", [p + "qkv.y", constant("qkv.sizes", [heads * e, kv_heads * e, kv_heads * e], np.int64)], [p + "q", p + "k", p + "v"], axis=-1)
        # A group of query heads shares a key/value head: [B,K,G,S,E] by [B,K,1,E,S].
        grouped = constant("grouped", [0, 0, kv_heads, heads // kv_heads, e], np.int64)
        alone = constant("alone", [0, 0, kv_heads, 1, e], np.int64)
        op("Transpose", [op("Reshape", [turned(p + "q", heads, p + "q"), grouped], p + "q.g")], p + "q.t", perm=[0, 2, 3, 1, 4])
        op("Transpose", [op("Reshape", [turned(p + "k", kv_heads, p + "k"), alone], p + "k.g")], p + "k.t", perm=[0, 2, 3, 4, 1])
        op("Transpose", [op("Reshape", [p + "v", alone], p + "v.g")], p + "v.t", perm=[0, 2, 3, 1, 4])
        scores = op("Mul", [op("MatMul", [p + "q.t", p + "k.t"], p + "qk"), constant("scale", 1 / e**0.5, np.float32)], p + "qk.s")
        op("Softmax", [op("Add", [scores, "bias"], p + "qk.b")], p + "prob", axis=-1)
        op("Transpose", [op("MatMul", [p + "prob", p + "v.t"], p + "pv")], p + "pv.t", perm=[0, 3, 1, 2, 4])
        op("Reshape", [p + "pv.t", constant("joined", [0, 0, heads * e], np.int64)], p + "att")
        x = op("Add", [x, g.linear(p + "att", p + "o", p + "o.y")], p + "h1")
        h = op("SimplifiedLayerNormalization", [x, weight(p + "norm2")], p + "n2", axis=-1, epsilon=eps, stash_type=1)
        gate, up = g.linear(h, p + "gate", p + "gate.y"), g.linear(h, p + "up", p + "up.y")
        op("Mul", [op("Mul", [gate, op("Sigmoid", [gate], p + "sig")], p + "silu"), up], p + "ff")
        x = op("Add", [x, g.down(p + "ff", p + "down", p + "down.y", k, n)], p + "h2")
    # A mean's length is lost in the end, so the sum serves as well.
    op("Unsqueeze", ["weights", last], "weights.col")
    op("ReduceSum", [op("Mul", [x, "weights.col"], "weighed"), constant("axis1", [1], np.int64)], "sum", keepdims=0)
    op("ReduceSum", [op("Mul", ["sum", "sum"], "squared"), last], "norm2", keepdims=1)
    op("Div", ["sum", op("Sqrt", [op("Max", ["norm2", constant("tiny", 1e-9, np.float32)], "norm2.max")], "length.out")], "embedding")
    inputs = [helper.make_tensor_value_info(name, kind, ["B", "S"]) for name, kind in (("input_ids", T.INT64), ("weights", T.FLOAT))]
    return g.model("encoder", inputs, [helper.make_tensor_value_info("embedding", T.FLOAT, ["B", n])])
