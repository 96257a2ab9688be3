"""Optimisers: AdamW, and Muon for the matrices inside the layers with AdamW for the rest; and the learning rate's course."""
import torch


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal by five Newton-Schulz steps (Keller Jordan's Muon; scaled as in arXiv 2502.16982, so that AdamW's learning rate and
    weight decay serve it too). For matrices only."""

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.1):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                moved = state["momentum"].mul_(group["momentum"]).add_(p.grad)
                update = orthogonal(p.grad + group["momentum"] * moved)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update.to(p.dtype), alpha=-group["lr"] * 0.2 * max(p.shape) ** 0.5)


def orthogonal(g, steps=5):
    """The matrix with g's singular vectors and singular values near 1 (0.7 to 1.2)."""
    x = g.bfloat16() if g.is_cuda else g.float()
    x = x / (x.norm() + 1e-7)
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x if wide else x.T


def optimisers(net, kind, lr):
    """A list of optimisers over all parameters that learn. kind: 'adamw' or 'muon'."""
    learning = [(n, p) for n, p in net.named_parameters() if p.requires_grad]
    inside = [p for n, p in learning if p.dim() == 2 and n.startswith("layers.")]
    table = [p for n, p in learning if p.dim() == 2 and not n.startswith("layers.")]
    scales = [p for _, p in learning if p.dim() != 2]
    decayed = table if kind == "muon" else inside + table
    named = {"fused": True} if next(net.parameters()).is_cuda else {}
    adam = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": scales, "weight_decay": 0.0}], lr=lr, betas=(0.9, 0.95), **named
    )
    return [adam, Muon(inside, lr)] if kind == "muon" else [adam]


def rate(lr, step, progress, warm_up):
    """The learning rate: rising for `warm_up` steps, constant to 60 % of the training, then linear to nothing. progress: 0 to 1."""
    return lr * min(1.0, (step + 1) / warm_up) * min(1.0, (1.0 - progress) / 0.4 + 1e-3)
