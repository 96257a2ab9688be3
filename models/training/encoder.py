"""The encoder for the memory's vectors: the decoder's first layers, read in both directions, pooled to a unit vector of 256.

    python encoder.py mine   --corpus 'corpus/train-*' --out pairs.jsonl.xz        pairs (pairs.py), on a CPU, beforehand
    python encoder.py train  --init RUN --pairs pairs.jsonl.xz --out ENC --minutes 5
    python encoder.py recall --encoder ENC --eval 'corpus/eval-*'                  recall against BM25, a table's row
    python encoder.py export --encoder ENC --out FOLDER                            encoder.onnx and encoder.json

Trained contrastively: a query's own document against the others of the batch, which are mostly of the same repository (InfoNCE, arXiv 1807.03748), those
left out that would help as well. ENC holds config.json, encoder.json, model.safetensors and tokenizer.json.
"""
import argparse
import json
import random
import shutil
import time
from pathlib import Path

import numpy as np

import checkpoint
import pairs as pairs_
import weight_files
from errors import InputError, command
from recall import COMMON, NAME, RepositoryMemory, names
from shards import repositories
from tokenizer import CodeTokenizer, check_fits

WIDTH = 256
LARGEST = 25_000_000  # bytes of encoder.onnx
TEMPERATURE = 0.05


def encode(tokenizer, texts, length, tail=False):
    """(ids, mask) int64 [B, length]; tail: of a longer text the end is kept, not the beginning."""
    ids, mask = np.zeros((len(texts), length), np.int64), np.zeros((len(texts), length), np.int64)
    for row, text in enumerate(texts):
        found = tokenizer.encode(text) or [tokenizer.role("end")]
        found = found[-length:] if tail else found[:length]
        ids[row, : len(found)], mask[row, : len(found)] = found, 1
    return ids, mask


def make_encoder(config, layers):
    """The torch module: forward(ids [B,S], mask [B,S]) -> [B,256] of unit length."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    import model

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.config = {**config, "num_hidden_layers": layers}
            self.decoder = model.Decoder(self.config)
            self.project = nn.Linear(config["hidden_size"], WIDTH, bias=False)

        def forward(self, ids, mask):
            places = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
            hidden = self.decoder(ids, places, mask[:, None, None, :].bool())
            pooled = (hidden * mask[..., None].to(hidden.dtype)).sum(1)  # its length is lost below, so no mean is taken
            return F.normalize(self.project(pooled).float(), dim=-1)

    return Encoder()


def load(folder):
    """(encoder, tokenizer, what encoder.json says)."""
    import torch

    folder = Path(folder)
    config, about = checkpoint.read_config(folder), read_about(folder)
    tensors = checkpoint.read_tensors(folder / "model.safetensors")
    net = make_encoder(config, about["layers"])
    net.load_state_dict({n.replace("model.", "decoder.", 1) if n.startswith("model.") else n: torch.from_numpy(t) for n, t in tensors.items()})
    tokenizer = CodeTokenizer(folder / "tokenizer.json")
    check_fits(tokenizer, config, folder / "config.json")
    return net.eval(), tokenizer, about


def read_about(folder):
    path = Path(folder) / "encoder.json"
    try:
        about = json.loads(path.read_text("utf-8"))
        return {k: int(about[k]) for k in ("layers", "width", "tokens")}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise InputError(f"'{path}' is missing or damaged: train the encoder again with encoder.py train.") from None


def save(net, folder, tokens, tokenizer_from):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = {n.replace("decoder.", "model.", 1) if n.startswith("decoder.") else n: t.detach().float().cpu().numpy() for n, t in net.state_dict().items()}
    checkpoint.write_tensors(folder / "model.safetensors", state)
    (folder / "config.json").write_text(json.dumps(net.config, indent=1) + "\n", encoding="utf-8")
    about = {"layers": net.config["num_hidden_layers"], "width": WIDTH, "tokens": tokens}
    (folder / "encoder.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    if Path(tokenizer_from).resolve() != folder.resolve():
        shutil.copy(Path(tokenizer_from) / "tokenizer.json", folder / "tokenizer.json")


def contrastive_loss(queries, documents, mask):
    """InfoNCE both ways. queries, documents [B,256]; mask bool [B,B]: pairs that are no negatives."""
    import torch
    import torch.nn.functional as F

    scores = (queries @ documents.T / TEMPERATURE).masked_fill(mask, float("-inf"))
    right = torch.arange(len(scores), device=scores.device)
    return (F.cross_entropy(scores, right) + F.cross_entropy(scores.T, right)) / 2


def batches(found, size, seed):
    """Lists of `size` pairs: of one repository if it has as many, else filled up from others. found: see pairs.read."""
    rng = random.Random(seed)
    repos = sorted(found)
    weights = [len(found[r]) ** 0.5 for r in repos]
    if sum(map(len, found.values())) < size:
        raise InputError(f"There are fewer than {size} pairs: mine more of them, or lower --batch.")
    while True:
        batch, used = [], set()
        while len(batch) < size:
            repo = rng.choices(repos, weights)[0]
            if repo not in used:
                used.add(repo)
                mine = found[repo]
                batch += rng.sample(mine, min(len(mine), size - len(batch)))
        yield batch


def train(options):
    """Returns the last report."""
    import contextlib

    import torch

    import model

    began = time.time()
    tokenizer = CodeTokenizer(options.init / "tokenizer.json")
    config = checkpoint.read_config(options.init)
    check_fits(tokenizer, config, options.init / "config.json")
    found = pairs_.read(options.pairs)
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    torch.manual_seed(options.seed)
    net = make_encoder(config, options.layers)
    start = model.initialise(config, options.seed) if options.from_nothing else model.load(options.init)
    net.decoder.load_state_dict({n: t for n, t in start.state_dict().items() if n in net.decoder.state_dict()})
    net.to(device)
    embed = torch.compile(net) if cuda and hasattr(torch, "compile") and not options.no_compile else net
    optimiser = torch.optim.AdamW(net.parameters(), lr=options.lr, betas=(0.9, 0.98), weight_decay=0.01)
    made, step, smooth, report, fraction = batches(found, options.batch, options.seed), 0, None, {}, 0.0
    while fraction < 1.0:
        for group in optimiser.param_groups:
            group["lr"] = options.lr * min(1.0, (step + 1) / 40) * max(0.02, 1.0 - fraction)
        batch = next(made)
        with torch.autocast("cuda", torch.bfloat16) if cuda else contextlib.nullcontext():
            query, document = (
                embed(*(torch.from_numpy(x).to(device) for x in encode(tokenizer, [p[part] for p in batch], options.tokens, part == 0)))
                for part in (0, 1)
            )
        loss = contrastive_loss(query, document, torch.from_numpy(pairs_.false_negatives(batch)).to(device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
        fraction = step / options.steps if options.steps else (time.time() - began) / (options.minutes * 60)
        if step % 20 == 0 or fraction >= 1.0:
            report = {"step": step, "loss": round(smooth, 4), "last": round(loss.item(), 4), "minutes": round((time.time() - began) / 60, 2)}
            print(json.dumps(report), flush=True)
    save(net, options.out, options.tokens, options.init)
    return report


def measure_recall(embed, found, places=150, most=1500, k=(1, 5, 10)):
    """Of the places whose next lines use a name that some window of another file holds: the share for which one of the k recalled windows does.

    embed: a function from (texts, tail) to [n,256]. found: {repository: [(path, text)]}. Returns {(way, k): share} and the number of places; the
    ways are the encoder, BM25, and both fused by reciprocal ranks.
    """
    hits, total = {}, 0
    for repo in sorted(found):
        files, rng = found[repo], random.Random(3)
        memory = RepositoryMemory(files)
        windows = sorted(rng.sample(range(len(memory.windows)), min(most, len(memory.windows))))
        texts = [memory.text(w)[1] for w in windows]
        held = [names(t) for t in texts]
        owner = np.array([memory.windows[w][0] for w in windows])
        count = {}
        for here in held:
            for name in here:
                count[name] = count.get(name, 0) + 1
        sizes = np.array([len(h) for h in held])
        vectors = np.concatenate([embed(texts[i : i + 64], False) for i in range(0, len(texts), 64)])
        for _ in range(places):
            at = pairs_.place(rng, files)
            if at is None:
                continue
            file, _, query, following = at
            wanted = {n for n in names(following) - names(query) if 0 < count.get(n, 0) <= 20}
            good = np.array([bool(wanted & h) for h in held]) & (owner != file)
            if not good.any():
                continue
            total += 1
            asked = set(NAME.findall(query)) - COMMON
            lexical = np.array([sum(np.log(1 + len(texts) / count[n]) for n in asked & h) for h in held])
            lexical = lexical / (1.2 * (0.25 + 0.75 * sizes / sizes.mean()) + 1)
            near = vectors @ embed([query], True)[0]
            lexical[owner == file] = near[owner == file] = -np.inf
            ranks = [(-x).argsort(kind="stable").argsort(kind="stable") for x in (near, lexical)]
            fused = sum(1 / (60 + r) for r in ranks)
            fused[owner == file] = -np.inf
            for way, scores in (("encoder", near), ("BM25", lexical), ("both", fused)):
                order = (-scores).argsort(kind="stable")
                for n in k:
                    hits[way, n] = hits.get((way, n), 0) + bool(good[order[:n]].any())
    return {key: value / max(1, total) for key, value in hits.items()}, total


def recall(options):
    import torch

    net, tokenizer, about = load(options.encoder)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net.to(device)

    def embed(texts, tail):
        with torch.no_grad():
            return net(*(torch.from_numpy(x).to(device) for x in encode(tokenizer, texts, about["tokens"], tail))).cpu().numpy()

    shares, places = measure_recall(embed, repositories(options.eval), options.places)
    print(f"| of {places} places | recall@1 | @5 | @10 |\n|---|---|---|---|")
    for way in ("encoder", "BM25", "both"):
        print(f"| {way} | " + " | ".join(f"{shares.get((way, k), 0):.1%}" for k in (1, 5, 10)) + " |")
    return shares


def export(folder, out):
    """Writes encoder.onnx (8-bit weights inside) and encoder.json; numpy and onnx only."""
    import graphs

    config, about = checkpoint.read_config(folder), read_about(folder)
    tensors = checkpoint.read_tensors(Path(folder) / "model.safetensors")
    stored = dict(weight_files.tensors_of(config, tensors, about["tokens"]))
    stored["project"] = np.ascontiguousarray(tensors["project.weight"].T)
    out.mkdir(parents=True, exist_ok=True)
    data = graphs.encoder(config, stored, WIDTH).SerializeToString(deterministic=True)
    if len(data) > LARGEST:
        raise InputError(f"'{folder}' makes an encoder of {len(data):,} bytes, over {LARGEST:,}: train it with fewer --layers.")
    (out / "encoder.onnx").write_bytes(data)
    shutil.copy(Path(folder) / "encoder.json", out / "encoder.json")
    print(f"{out / 'encoder.onnx'}: {len(data) / 1e6:.1f} MB")
    try:
        import onnxruntime
    except ImportError:
        return
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(data, settings)
    feeds = {n: np.ones((8, about["tokens"]), np.int64) for n in ("input_ids", "attention_mask")}
    session.run(None, feeds)
    began = time.time()
    for _ in range(10):
        session.run(None, feeds)
    print(f"{(time.time() - began) / 80 * 1000:.2f} ms a snippet of {about['tokens']} tokens on one thread")


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="what", required=True)
    mine = steps.add_parser("mine")
    mine.add_argument("--corpus", required=True)
    mine.add_argument("--out", type=Path, required=True)
    mine.add_argument("--pairs", type=int, default=6_000, help="of a repository at most")
    mine.add_argument("--seed", type=int, default=1)
    learn = steps.add_parser("train")
    learn.add_argument("--init", type=Path, required=True)
    learn.add_argument("--from-nothing", action="store_true")
    learn.add_argument("--pairs", type=Path, required=True)
    learn.add_argument("--out", type=Path, required=True)
    learn.add_argument("--layers", type=int, default=2)
    learn.add_argument("--tokens", type=int, default=64, help="of a text; indexing pays for each")
    learn.add_argument("--batch", type=int, default=512)
    learn.add_argument("--lr", type=float, default=3e-4)
    learn.add_argument("--minutes", type=float, default=5)
    learn.add_argument("--steps", type=int, help="instead of --minutes")
    learn.add_argument("--no-compile", action="store_true")
    learn.add_argument("--seed", type=int, default=1)
    test = steps.add_parser("recall")
    test.add_argument("--encoder", type=Path, required=True)
    test.add_argument("--eval", required=True)
    test.add_argument("--places", type=int, default=150, help="of a repository at most")
    write = steps.add_parser("export")
    write.add_argument("--encoder", type=Path, required=True)
    write.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    if options.what == "mine":
        found = repositories(options.corpus)
        count = pairs_.write(options.out, (p for r in sorted(found) for p in pairs_.mine(r, found[r], options.pairs, options.seed)))
        print(f"{options.out}: {count:,} pairs of {len(found)} repositories")
    elif options.what == "train":
        train(options)
    elif options.what == "recall":
        recall(options)
    else:
        export(options.encoder, options.out)


if __name__ == "__main__":
    main()
