"""The decoder: a Llama-shaped transformer (RMSNorm, rotary grouped-query attention, SwiGLU, tied embeddings) in plain PyTorch.

Runs on torch 1.13 on a CPU and on torch 2 on CUDA. Shapes: B batch, S sequence, D hidden, H query heads, K key/value heads, E head size,
V vocabulary.
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

import checkpoint as files
from errors import InputError

try:
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention
except ImportError:
    create_block_mask = flex_attention = None

_PREFIX = "model."


def rotary(positions, head_dim, theta):
    """cos, sin [..., S, E/2] for positions [..., S] (RoFormer, arXiv 2104.09864; the half-split layout of Llama)."""
    inverse = 1.0 / theta ** (torch.arange(0, head_dim, 2, device=positions.device).float() / head_dim)
    angles = positions.float()[..., None] * inverse
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def attend(q, k, v, allowed):
    """Softmax attention. q [B,H,S,E]; k, v [B,K,S,E]; allowed: bool, broadcast to [B,H,S,S], or a BlockMask of flex_attention."""
    group = q.shape[1] // k.shape[1]
    if not isinstance(allowed, torch.Tensor):
        return flex_attention(q, k, v, block_mask=allowed, enable_gqa=group > 1)
    k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
    scores = (q @ k.transpose(-1, -2)) / math.sqrt(q.shape[-1])
    return scores.masked_fill(~allowed, float("-inf")).softmax(-1) @ v


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(dim)), eps

    def forward(self, x):
        y = x.float()
        return (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight.to(x.dtype)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, self.h, self.k, self.e = c["hidden_size"], c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        self.q_proj = nn.Linear(d, self.h * self.e, bias=False)
        self.k_proj = nn.Linear(d, self.k * self.e, bias=False)
        self.v_proj = nn.Linear(d, self.k * self.e, bias=False)
        self.o_proj = nn.Linear(self.h * self.e, d, bias=False)

    def forward(self, x, cos, sin, allowed):
        b, s, _ = x.shape
        q = self.q_proj(x).view(b, s, self.h, self.e).transpose(1, 2)
        k = self.k_proj(x).view(b, s, self.k, self.e).transpose(1, 2)
        v = self.v_proj(x).view(b, s, self.k, self.e).transpose(1, 2)
        y = attend(rotate(q, cos, sin).to(v.dtype), rotate(k, cos, sin).to(v.dtype), v, allowed)
        return self.o_proj(y.transpose(1, 2).reshape(b, s, -1))


class Mlp(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, f = c["hidden_size"], c["intermediate_size"]
        self.gate_proj, self.up_proj = nn.Linear(d, f, bias=False), nn.Linear(d, f, bias=False)
        self.down_proj = nn.Linear(f, d, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn, self.mlp = Attention(c), Mlp(c)

    def forward(self, x, cos, sin, allowed):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, allowed)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """forward(ids [B,S], positions [B,S], allowed) -> hidden [B,S,D]; the head is the embedding itself. config: see checkpoint.read_config."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Block(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RMSNorm(config["hidden_size"], config["rms_norm_eps"])
        self.theta = files.rope_theta(config)

    def forward(self, ids, positions, allowed):
        cos, sin = rotary(positions, self.config["head_dim"], self.theta)
        cos, sin = cos[:, None], sin[:, None]
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, cos, sin, allowed)
        return self.norm(x)

    def logits(self, hidden):
        """[...,D] -> [...,V]."""
        return F.linear(hidden, self.embed_tokens.weight.to(hidden.dtype))

    def cross_entropy(self, hidden, ids, weights):
        """Weighted sum of the cross entropy in nats. hidden [B,S,D] of the tokens before; ids, weights [B,S] of those to be predicted.

        The head's matrix is padded to a multiple of 64 rows: 16,385 would be read by slower kernels.
        """
        size = self.config["vocab_size"]
        matrix = self.embed_tokens.weight.to(hidden.dtype)
        if hidden.is_cuda:
            matrix = F.pad(matrix, (0, 0, 0, -size % 64))
        scores = F.linear(hidden, matrix)[..., :size].float()
        each = F.cross_entropy(scores.flatten(0, 1), ids.flatten(), reduction="none")
        return (each * weights.flatten()).sum()


class Loss:
    """Weighted mean cross entropy of packed rows, nats a token.

    attention: 'flex' (CUDA, torch 2.5 or later), 'masked', or 'auto'. compiled: use torch.compile, layer by layer: the layers are alike, so that one
    is compiled and all run it, in seconds where the whole decoder takes minutes. Logits are made for `head_rows` rows at a time, and where there are
    more rows, made again on the way back: 32 rows of 1,024 tokens take 2.2 GB in float32, and as much again for their gradient.
    """

    def __init__(self, net, attention="auto", compiled=None, head_rows=32):
        cuda = next(net.parameters()).is_cuda
        if attention == "flex" and flex_attention is None:
            raise InputError("This torch has no flex_attention: take torch 2.5 or later, or --attention masked.")
        self.net, self.head_rows = net, head_rows
        self.flex = attention == "flex" or (attention == "auto" and cuda and flex_attention is not None)
        self.compiled = cuda and hasattr(torch, "compile") if compiled is None else compiled
        wrap = torch.compile if self.compiled else lambda f: f
        for layer in net.layers if self.compiled else ():
            layer.compile()
        self._head = wrap(net.cross_entropy)
        self._block_mask = wrap(create_block_mask) if self.flex else None
        self._visible = {}

    def __call__(self, ids, weights, segments):
        """ids, segments [B,S] int64, segments rising along a row; weights [B,S] belong to the tokens that are to be predicted."""
        hidden = self.net(ids, positions_of(segments), self.allowed(segments))[:, :-1]
        ids, weights = ids[:, 1:], weights[:, 1:]
        total = hidden.new_zeros((), dtype=torch.float32)
        for at in range(0, len(ids), self.head_rows):
            part = slice(at, at + self.head_rows)
            chunk = hidden[part], ids[part], weights[part]
            if torch.is_grad_enabled() and len(ids) > self.head_rows:
                total = total + checkpoint(self._head, *chunk, use_reentrant=False)
            else:
                total = total + self._head(*chunk)
        return total / weights.sum().clamp(min=1)

    def allowed(self, segments):
        """What may be seen: the tokens of the same sample, up to oneself. A BlockMask, or bool [B,1,S,S]."""
        size = segments.shape[1]
        if self.flex:
            # One function and one buffer for each shape: a new closure at every step might be compiled anew.
            if segments.shape not in self._visible:
                self._visible[segments.shape] = _same_segment(torch.empty_like(segments))
            buffer, visible = self._visible[segments.shape]
            buffer.copy_(segments)
            return self._block_mask(visible, len(segments), None, size, size, device=segments.device)
        same = segments[:, :, None] == segments[:, None, :]
        return (same & torch.ones(size, size, dtype=torch.bool, device=segments.device).tril())[:, None]


def _same_segment(buffer):
    """(buffer, what flex_attention asks of a query's and a key's place)."""

    def visible(b, _, q, k):
        return (q >= k) & (buffer[b, q] == buffer[b, k])

    return buffer, visible


def positions_of(segments):
    """[B,S]: positions start anew in each segment."""
    place = torch.arange(segments.shape[1], device=segments.device).expand_as(segments)
    first = torch.ones_like(segments, dtype=torch.bool)
    first[:, 1:] = segments[:, 1:] != segments[:, :-1]
    return place - torch.where(first, place, torch.zeros_like(place)).cummax(1).values


def initialise(config, seed=0):
    """A Decoder from nothing: normal weights, those that end a residual branch smaller by the square root of twice the layers (GPT-2)."""
    generator = torch.Generator().manual_seed(seed)
    net = Decoder(config)
    for name, p in net.named_parameters():
        if p.dim() == 2:
            small = name.endswith(("o_proj.weight", "down_proj.weight"))
            deviation = 0.02 / math.sqrt(2 * config["num_hidden_layers"]) if small else 0.02
            p.data = torch.randn(p.shape, generator=generator) * deviation
    return net


def load(folder):
    """The Decoder of a checkpoint folder."""
    config, path = files.read_config(folder), f"{folder}/model.safetensors"
    tensors = {n[len(_PREFIX) :] if n.startswith(_PREFIX) else n: t for n, t in files.read_tensors(path).items() if n != "lm_head.weight"}
    net = Decoder(config)
    wanted = net.state_dict()
    for name, tensor in wanted.items():
        if name not in tensors or tensors[name].shape != tuple(tensor.shape):
            got = list(tensors[name].shape) if name in tensors else "nothing"
            raise InputError(f"'{path}' has {got} as {name} where '{folder}/config.json' asks for {list(tensor.shape)}: take both from the same model.")
    net.load_state_dict({name: torch.from_numpy(tensors[name].copy()) for name in wanted})
    return net


def freeze_below(net, layer):
    """Only the layers from `layer` on learn, and the norm behind them; 0: all of the net. Where some do not, the token table does not either: its logits
    would change with it. Raises InputError where there is no such layer."""
    if not 0 <= layer < len(net.layers):
        raise InputError(f"--from-layer {layer} is none of the {len(net.layers)} layers: give 0 to {len(net.layers) - 1}.")
    for part in (net.embed_tokens, *net.layers[:layer]) if layer else ():
        part.requires_grad_(False)


def save(net, folder, form="float32"):
    """Writes model.safetensors and config.json. form: 'float32'; 'int8', matrices as int8 rows, a quarter of the size; or 'learned', what
    `freeze_below` left free alone, in float16."""

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    out = {}
    for name, tensor in net.named_parameters():
        array = tensor.detach().float().cpu().numpy()
        if form == "int8" and array.ndim == 2:
            out[_PREFIX + name], out[_PREFIX + name + ".scale"] = files.int8_rows(array)
        elif form == "learned":
            if tensor.requires_grad:
                out[_PREFIX + name] = array.astype(np.float16)
        else:
            out[_PREFIX + name] = array
    files.write_tensors(folder / "model.safetensors", out)
    (folder / "config.json").write_text(json.dumps(net.config, indent=1) + "\n", encoding="utf-8")
