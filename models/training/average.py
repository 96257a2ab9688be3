"""A checkpoint between two of one lineage: python average.py A B OUT --share 0.4

Weights averaged over runs that began from the same ones are often better than either (model soups, arXiv 2203.05482; WiSE-FT, arXiv 2109.01903).
A and B: checkpoint folders, of the same shapes. --share: B's, 0 to 1. A tensor that B lacks is A's, and is named. config.json, tokenizer.json
and prompt.json are A's. Needs numpy only.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np

from checkpoint import read_config, read_tensors, write_tensors
from errors import InputError, command


def average(a, b, share):
    """{name: float32 array} of all of a's. a, b: likewise. Raises InputError where shapes differ or they have nothing in common."""
    if not a.keys() & b.keys():
        raise InputError("The two checkpoints have no tensor in common: take two runs of the same model.")
    for name in a.keys() & b.keys():
        if a[name].shape != b[name].shape:
            raise InputError(f"{name} is {list(a[name].shape)} in one and {list(b[name].shape)} in the other: take two runs of the same model.")
    return {n: ((1 - share) * t + share * b[n]).astype(np.float32) if n in b else t for n, t in a.items()}


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a", type=Path)
    parser.add_argument("b", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of B, 0 to 1 (default: 0.5)")
    options = parser.parse_args(arguments)
    if not 0 <= options.share <= 1:
        raise InputError(f"--share {options.share} is no share: give 0 to 1.")
    config = read_config(options.a)
    a, b = (read_tensors(folder / "model.safetensors") for folder in (options.a, options.b))
    made = average(a, b, options.share)
    options.out.mkdir(parents=True, exist_ok=True)
    write_tensors(options.out / "model.safetensors", made)
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for name in ("tokenizer.json", "prompt.json"):
        shutil.copy(options.a / name, options.out / name)
    kept = sorted(a.keys() - b.keys())
    if kept:
        named = ", ".join(kept) if len(kept) < 10 else f"{kept[0]} to {kept[-1]}, {len(kept)} tensors"
        print(f"Only in '{options.a}', taken as they are: {named}")


if __name__ == "__main__":
    main()
