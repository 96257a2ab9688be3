"""The encoder for the memory's vectors: a small transformer, read in both directions, summed up to a unit vector of 256.

    python encoder.py mine   --corpus 'corpus/train-*' --out pairs.jsonl.xz        pairs (pairs.py), on a CPU, beforehand
    python encoder.py train  --init RUN --pairs pairs.jsonl.xz --out ENC --table-minutes 8 --minutes 45
    python encoder.py recall --encoder ENC --eval 'corpus/eval-*'                  recall against BM25, a table's row
    python encoder.py export --encoder ENC --out FOLDER                            encoder.onnx and encoder.json

Trained contrastively: a query's own document against the others of the batch, which are mostly of the same repository (InfoNCE, arXiv 1807.03748), those
left out that would help as well. First the table of token vectors by itself, begun with the decoder's (its first 256 principal components): without layers
the encoder is a weighted sum of rows, and a million pairs take minutes on a CPU. Then with the layers, which begin as the identity.

Tokens without a letter or a digit, and keywords, are left out: twelve lines then take 60 tokens instead of 130. A query keeps its last tokens, which count
by a learned weight of their distance from the cursor; a document keeps its first, which count alike. ENC holds config.json, encoder.json,
model.safetensors and tokenizer.json, and state.pt while it is trained: the same command goes on where it stopped.
"""
import argparse
import hashlib
import json
import multiprocessing
import os
import random
import re
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
SHAPE = {"hidden_size": WIDTH, "intermediate_size": 512, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 64}
SAVE_SECONDS = 180


def left_out(tokenizer):
    """The ids of tokens that say nothing of what code is about: marks, white space, and the words of COMMON with the blank before them."""
    said = [tokenizer.bytes_of(i).decode("utf-8", "replace") for i in range(tokenizer.count)]
    return [i for i, text in enumerate(said) if not re.search(r"[^\W_]", text) or (text[0] == " " and text[1:] in COMMON)]


class Reader:
    """Texts -> the ids that an encoder reads, and what each counts."""

    def __init__(self, tokenizer, about):
        """about: what encoder.json says."""
        self._tokenizer, self._length = tokenizer, about["tokens"]
        self._skipped = np.zeros(tokenizer.count, bool)
        self._skipped[about["left_out"]] = True
        self._weights = np.array(about["query_weights"], np.float32)

    def read(self, text, query):
        """int64 [n], n at most the encoder's tokens; query: the end is kept, of a document the beginning."""
        ids = np.array(self._tokenizer.encode(text), np.int64)
        ids = ids[~self._skipped[ids]] if len(ids) else ids
        return ids[-self._length :] if query else ids[: self._length]

    def rows(self, texts, query):
        """(ids int64 [B,S], weights float32 [B,S], 0 for padding); S is that of the longest."""
        found = [self.read(text, query) for text in texts]
        ids, away = packed(found)
        weights = self._weights[np.maximum(away, 0)] if query else np.ones(ids.shape, np.float32)
        return ids, np.where(away >= 0, weights, 0).astype(np.float32)


def packed(found):
    """Rows of ids -> (ids int64 [B,S], how far each token is from its row's end, int64 [B,S], -1 for padding)."""
    longest = max(1, max(map(len, found)))
    ids, away = np.zeros((len(found), longest), np.int64), np.full((len(found), longest), -1, np.int64)
    for row, here in enumerate(found):
        ids[row, : len(here)], away[row, : len(here)] = here, np.arange(len(here))[::-1]
    return ids, away


def encoder_config(decoder, layers):
    """The encoder's own config.json for a decoder's vocabulary."""
    kept = {k: decoder[k] for k in ("vocab_size", "rms_norm_eps")}
    return {**kept, **SHAPE, "num_hidden_layers": layers, "rope_parameters": {"rope_theta": 10_000.0}}


def make_encoder(config, tokens):
    """The torch module: forward(ids [B,S], weights [B,S]) -> [B,256] of unit length."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    import model

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.config = config
            self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
            self.layers = nn.ModuleList(model.Block(config) for _ in range(config["num_hidden_layers"]))
            for layer in self.layers:
                for end in (layer.self_attn.o_proj, layer.mlp.down_proj):
                    nn.init.zeros_(end.weight)
            # Begun as a weight that halves every 16 tokens or so; softplus keeps it positive.
            self.nearness = nn.Parameter(torch.log(torch.expm1(0.15 + 0.5 ** (torch.arange(tokens) / 16))))

        def weights(self, away, query):
            """What each token counts. away: see packed."""
            if not query:
                return (away >= 0).float()
            return torch.where(away >= 0, F.softplus(self.nearness)[away.clamp(min=0)], torch.zeros(()).to(away.device))

        def forward(self, ids, weights):
            places = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
            cos, sin = model.rotary(places, config["head_dim"], self.config["rope_parameters"]["rope_theta"])
            # A row of padding alone sees itself; its vector is zero.
            seen = (weights > 0) | (weights.sum(1, keepdim=True) <= 0)
            x = self.embed_tokens(ids)
            for layer in self.layers:
                x = layer(x, cos[:, None], sin[:, None], seen[:, None, None, :])
            return F.normalize((x * weights[..., None].to(x.dtype)).sum(1).float(), dim=-1)  # its length is lost, so no mean is taken

        def table_alone(self, ids, weights):
            """What forward gives without layers."""
            summed = F.embedding_bag(ids, self.embed_tokens.weight, mode="sum", per_sample_weights=weights)
            return F.normalize(summed.float(), dim=-1)

    return Encoder()


def principal(table):
    """[V,D] float32 -> [V,256], its first principal components, rows of about unit length."""
    table = table - table.mean(0)
    _, vectors = np.linalg.eigh(table.T @ table)
    found = table @ vectors[:, ::-1][:, :WIDTH]
    return (found / np.linalg.norm(found, axis=1).mean()).astype(np.float32)


def load(folder):
    """(encoder, reader)."""
    import torch

    folder = Path(folder)
    config, about = checkpoint.read_config(folder), read_about(folder)
    tensors = checkpoint.read_tensors(folder / "model.safetensors")
    net = make_encoder(config, about["tokens"])
    net.load_state_dict({n.replace("model.", "", 1): torch.from_numpy(t) for n, t in tensors.items()})
    tokenizer = CodeTokenizer(folder / "tokenizer.json")
    check_fits(tokenizer, config, folder / "config.json")
    return net.eval(), Reader(tokenizer, about)


def read_about(folder):
    path = Path(folder) / "encoder.json"
    try:
        about = json.loads(path.read_text("utf-8"))
        numbers = {k: int(about[k]) for k in ("layers", "width", "tokens")}
        return {**numbers, "query_weights": [float(w) for w in about["query_weights"]], "left_out": [int(i) for i in about["left_out"]]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise InputError(f"'{path}' is missing or damaged: train the encoder again with encoder.py train.") from None


def save(net, folder, tokenizer_from):
    import torch.nn.functional as F

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = {n if n == "nearness" else "model." + n: t.detach().float().cpu().numpy() for n, t in net.state_dict().items()}
    checkpoint.write_tensors(folder / "model.safetensors", state)
    (folder / "config.json").write_text(json.dumps(net.config, indent=1) + "\n", encoding="utf-8")
    weights = F.softplus(net.nearness.detach().float()).cpu().numpy()
    about = {
        "layers": net.config["num_hidden_layers"],
        "width": WIDTH,
        "tokens": len(weights),
        "query_weights": [round(float(w), 4) for w in weights / weights.max()],
        "left_out": left_out(CodeTokenizer(Path(tokenizer_from) / "tokenizer.json", library=False)),
    }
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


def batches(found, size, rng):
    """Lists of `size` pairs: of one repository if it has as many, else filled up from others. found: {repository: [pair]}."""
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


class Stage:
    """A part of the plan, and how much of it is done."""

    def __init__(self, name, batch, lr, minutes, steps):
        self.name, self.batch, self.lr, self._minutes, self._steps = name, batch, lr, minutes, steps
        self.step, self.seconds = 0, 0.0

    def fraction(self):
        done, planned = (self.seconds, self._minutes * 60) if self._steps is None else (self.step, self._steps)
        return min(1.0, done / planned) if planned else 1.0

    def rate(self):
        """Rises for 40 steps, then falls linearly to nothing."""
        return self.lr * min(1.0, (self.step + 1) / 40) * max(0.02, 1.0 - self.fraction())


def train(options):
    """Returns the last report."""
    import torch

    import model

    tokenizer = CodeTokenizer(options.init / "tokenizer.json")
    decoder = checkpoint.read_config(options.init)
    check_fits(tokenizer, decoder, options.init / "config.json")
    reader = Reader(tokenizer, {"tokens": options.tokens, "left_out": left_out(tokenizer), "query_weights": []})
    found = {
        repo: [(*pair, reader.read(pair[0], True).astype(np.int32), reader.read(pair[1], False).astype(np.int32)) for pair in pairs]
        for repo, pairs in pairs_.read(options.pairs).items()
    }
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(options.seed)
    net = make_encoder(encoder_config(decoder, options.layers), options.tokens)
    if options.from_nothing:
        net.embed_tokens.weight.data.mul_(WIDTH**-0.5)
    else:
        if decoder["hidden_size"] < WIDTH:
            raise InputError(f"'{options.init}' has vectors of {decoder['hidden_size']}, under {WIDTH}: take a larger decoder, or --from-nothing.")
        table = model.load(options.init).embed_tokens.weight.detach().numpy()
        net.embed_tokens.weight.data.copy_(torch.from_numpy(principal(table)))
    net.to(device)
    stages = [
        Stage("table", options.table_batch, options.table_lr, options.table_minutes, options.table_steps),
        Stage("layers", options.batch, options.lr, options.minutes, options.steps),
    ]
    optimisers = [torch.optim.AdamW(net.parameters(), lr=s.lr, betas=(0.9, 0.98), weight_decay=0.01) for s in stages]
    state = options.out / "state.pt"
    options.out.mkdir(parents=True, exist_ok=True)
    if state.exists():
        resume(state, net, optimisers, stages, device)

    def keep():
        save(net, options.out, options.init)
        done = [(s.step, s.seconds) for s in stages]
        torch.save({"net": net.state_dict(), "optimisers": [o.state_dict() for o in optimisers], "done": done}, state.with_suffix(".tmp"))
        os.replace(state.with_suffix(".tmp"), state)

    report = {}
    for stage, optimiser in zip(stages, optimisers):
        rng = random.Random(f"{options.seed}:{stage.name}:{stage.step}")
        thinning = np.random.default_rng(rng.getrandbits(32))
        made, smooth, before, began, saved = batches(found, stage.batch, rng), None, stage.seconds, time.time(), time.time()
        while stage.fraction() < 1.0:
            for group in optimiser.param_groups:
                group["lr"] = stage.rate()
            batch, vectors = next(made), []
            for query in (True, False):
                ids = [thinned(p[3 if query else 4], options.drop, thinning) for p in batch]
                vectors.append(embed_all(net, ids, query, stage.name == "table"))
            loss = contrastive_loss(*vectors, torch.from_numpy(pairs_.false_negatives([p[:3] for p in batch])).to(device))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            stage.step += 1
            stage.seconds = before + time.time() - began
            smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
            if stage.step % 20 == 0 or stage.fraction() >= 1.0:
                report = {"stage": stage.name, "step": stage.step, "loss": round(smooth, 4), "minutes": round(stage.seconds / 60, 2)}
                print(json.dumps(report), flush=True)
            if time.time() - saved > SAVE_SECONDS:
                keep()
                saved = time.time()
        keep()
    return report


def thinned(ids, share, rng):
    """The ids without a random share of them, but never without all."""
    kept = rng.random(len(ids)) >= share
    return ids[kept] if kept.any() else ids


def embed_all(net, found, query, table_alone):
    """[B,256] of rows of ids. With layers, 64 of about the same length at a time: most are half as long as the longest."""
    import torch

    device = net.nearness.device
    embed, most = (net.table_alone, len(found)) if table_alone else (net, 64)
    order, parts = sorted(range(len(found)), key=lambda i: len(found[i])), []
    for at in range(0, len(order), most):
        ids, away = (torch.from_numpy(x).to(device) for x in packed([found[i] for i in order[at : at + most]]))
        parts.append(embed(ids, net.weights(away, query)))
    return torch.cat(parts)[torch.tensor(order, device=device).argsort()]


def resume(path, net, optimisers, stages, device):
    """Takes up what an earlier call left off."""
    import torch

    try:
        state = torch.load(path, map_location=device)
        net.load_state_dict(state["net"])
        for optimiser, saved in zip(optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)
        for stage, (step, seconds) in zip(stages, state["done"]):
            stage.step, stage.seconds = step, seconds
    except Exception as error:  # what a broken pickle throws has no common type
        why = str(error).split("\n")[0]
        raise InputError(f"'{path}' does not fit this run or is cut short ({why}): delete it to begin anew.") from None


def measure_recall(embed, found, places=150, most=1500, k=(1, 5, 10)):
    """Of the places whose next lines use a name that some window of another file holds: the share for which one of the k recalled windows does.

    embed: a function from (texts, whether they are queries) to [n,256]. found: {repository: [(path, text)]}. Returns {(way, k): share} and the number of places; the
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
            file, query, following, _ = at
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

    net, reader = load(options.encoder)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net.to(device)

    def embed(texts, query):
        with torch.no_grad():
            return net(*(torch.from_numpy(x).to(device) for x in reader.rows(texts, query))).cpu().numpy()

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
    stored = dict(weight_files.inner_tensors(config, tensors, about["tokens"]))
    out.mkdir(parents=True, exist_ok=True)
    data = graphs.encoder(config, stored).SerializeToString(deterministic=True)
    if len(data) > LARGEST:
        raise InputError(f"'{folder}' makes an encoder of {len(data):,} bytes, over {LARGEST:,}: train it with fewer --layers.")
    (out / "encoder.onnx").write_bytes(data)
    # The product reads ids by its own tokenizer.json, and asks whether it is this one.
    identity = hashlib.sha256((Path(folder) / "tokenizer.json").read_bytes()).hexdigest()[:16]
    (out / "encoder.json").write_text(json.dumps({**about, "tokenizer": identity}) + "\n", encoding="utf-8")
    print(f"{out / 'encoder.onnx'}: {len(data) / 1e6:.1f} MB")
    try:
        import onnxruntime
    except ImportError:
        return
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(data, settings)
    feeds = {"input_ids": np.ones((8, about["tokens"]), np.int64), "weights": np.ones((8, about["tokens"]), np.float32)}
    session.run(None, feeds)
    began = time.time()
    for _ in range(10):
        session.run(None, feeds)
    print(f"{(time.time() - began) / 80 * 1000:.2f} ms a snippet of {about['tokens']} tokens on one thread")


def mined(found, most, seed):
    """The pairs of all repositories, one process a core. found: {repository: [(path, text)]}."""
    jobs = [(repo, found[repo], most, seed) for repo in sorted(found)]
    with multiprocessing.Pool() as pool:
        for pairs in pool.imap(_mine, jobs):
            yield from pairs


def _mine(job):
    return list(pairs_.mine(*job))


def options_of(arguments):
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
    learn.add_argument("--layers", type=int, default=1)
    learn.add_argument("--tokens", type=int, default=96, help="of a text; indexing pays for each")
    learn.add_argument("--table-batch", type=int, default=1024)
    learn.add_argument("--table-lr", type=float, default=1e-2)
    learn.add_argument("--table-minutes", type=float, default=2, help="of the table by itself, over all calls")
    learn.add_argument("--table-steps", type=int, help="instead of --table-minutes")
    learn.add_argument("--batch", type=int, default=128)
    learn.add_argument("--lr", type=float, default=1e-3)
    learn.add_argument("--minutes", type=float, default=5, help="with the layers, over all calls")
    learn.add_argument("--steps", type=int, help="instead of --minutes")
    learn.add_argument("--drop", type=float, default=0.3, help="share of a text's tokens not shown: few repositories are soon learned by heart")
    learn.add_argument("--seed", type=int, default=1)
    test = steps.add_parser("recall")
    test.add_argument("--encoder", type=Path, required=True)
    test.add_argument("--eval", required=True)
    test.add_argument("--places", type=int, default=150, help="of a repository at most")
    write = steps.add_parser("export")
    write.add_argument("--encoder", type=Path, required=True)
    write.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


@command
def main(arguments=None):
    options = options_of(arguments)
    if options.what == "mine":
        found = repositories(options.corpus)
        count = pairs_.write(options.out, mined(found, options.pairs, options.seed))
        print(f"{options.out}: {count:,} pairs of {len(found)} repositories")
    elif options.what == "train":
        train(options)
    elif options.what == "recall":
        recall(options)
    else:
        export(options.encoder, options.out)


if __name__ == "__main__":
    main()
