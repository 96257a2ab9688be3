"""Code that no model was trained on, as rows that train.py measures and as samples for the product's own decoder.

    python held_out.py measure --init CHECKPOINT --eval 'corpus/eval-*'        a checkpoint's loss on train.py's held-out rows, in float32
    python held_out.py write --tokenizer FILE --eval 'corpus/eval-*' --out samples.jsonl    for the benchmarks' `perplexity`

A line of samples.jsonl is {"kind": "general" or "product", "ids": [...], "read": n, "middle": n}: the first `read` ids are snippets and suffix, the
last `middle` what has to be written; what lies between is the file above the cursor.
"""
import argparse
import json
import random
from pathlib import Path

from errors import InputError, command
from samples import Sampler
from shards import repositories
from tokenizer import CodeTokenizer

SEED = 7
ROWS = 64  # of each kind, that train.py measures on a GPU


class HeldOut:
    """Fixed rows of the held-out repositories, of both kinds of samples."""

    def __init__(self, pattern, tokenizer, length, rows, times):
        sampler, self._rows, count = Sampler(repositories(pattern), tokenizer, SEED, length), rows, rows * times
        self._general, self._product = sampler.rows(0, count, 0.0), sampler.rows(1, count, 1.0)

    def measure(self, loss_of, to_device):
        """Nats a token: over all that counts, and over the middles alone, of general and of product-like samples."""
        return {
            "eval_loss": self._mean(self._general, 0, loss_of, to_device),
            "eval_middle": self._mean(self._general, 1, loss_of, to_device),
            "eval_product_middle": self._mean(self._product, 1, loss_of, to_device),
        }

    def _mean(self, rows, above, loss_of, to_device):
        """Over the tokens whose weight is over `above`; as many rows at a time as in training, so that nothing is compiled for another shape."""
        import torch  # what writes samples needs none

        total = count = 0.0
        with torch.no_grad():
            for at in range(0, len(rows[0]), self._rows):
                ids, weights, segments = to_device([part[at : at + self._rows] for part in rows])
                counted = (weights > above).float()
                size = counted[:, 1:].sum().item()
                total += loss_of(ids, counted, segments).item() * size
                count += size
        return round(total / max(1.0, count), 4)


def samples(pattern, tokenizer, count, length=1024):
    """`count` samples of each kind as dictionaries, always the same ones."""
    sampler = Sampler(repositories(pattern), tokenizer, SEED, length)
    for kind in ("general", "product"):
        rng = random.Random(f"{SEED}:{kind}")
        for _ in range(count):
            made = sampler.sample(rng, kind == "product")
            read = next(i for i, weight in enumerate(made.weights) if weight > 0)
            yield {"kind": kind, "ids": made.ids, "read": read, "middle": made.middle}


def measure(init, pattern, rows, total):
    """HeldOut's numbers for a checkpoint, on a GPU where there is one. rows: in one pass; total: rows of each kind."""
    import torch

    import model

    if rows < 1 or total < rows or total % rows:
        raise InputError(f"--total {total} is no multiple of --rows {rows}: choose one that is.")
    tokenizer = CodeTokenizer(init / "tokenizer.json")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = model.load(init).to(device)
    loss_of = model.Loss(net, "masked", compiled=False)

    def to_device(parts):
        ids, weights, segments = (torch.from_numpy(part) for part in parts)
        return ids.long().to(device), weights.to(device), segments.long().to(device)

    return HeldOut(pattern, tokenizer, 1024, rows, total // rows).measure(loss_of, to_device)


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    measuring = verbs.add_parser("measure", help="the loss of a checkpoint, nats a token")
    measuring.add_argument("--init", type=Path, required=True, help="checkpoint folder")
    measuring.add_argument("--rows", type=int, default=8, help="in one forward pass")
    measuring.add_argument("--total", type=int, default=ROWS, help="rows of each kind, a multiple of --rows; left out: those of train.py on a GPU")
    writing = verbs.add_parser("write", help="samples, one JSON line each")
    writing.add_argument("--tokenizer", type=Path, required=True, help="a model folder's tokenizer.json")
    writing.add_argument("--count", type=int, default=150, help="of each kind")
    writing.add_argument("--out", type=Path, required=True)
    for verb in (measuring, writing):
        verb.add_argument("--eval", required=True, help="glob of held-out shards")
    options = parser.parse_args(arguments)
    if options.verb == "measure":
        print(json.dumps(measure(options.init, options.eval, options.rows, options.total)))
        return
    with open(options.out, "w", encoding="utf-8") as out:
        for sample in samples(options.eval, CodeTokenizer(options.tokenizer), options.count):
            out.write(json.dumps(sample) + "\n")


if __name__ == "__main__":
    main()
