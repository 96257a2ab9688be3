"""A tiny decoder over the shipped tokenizer, a small corpus, and the files they make: enough to run every step in seconds."""
import json
import shutil

from places import MODEL, ROOT

from shards import ShardWriter

CONFIG = {
    "vocab_size": 16385, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "head_dim": 16, "rms_norm_eps": 1e-5, "rope_parameters": {"rope_theta": 10000.0},
}  # fmt: skip


def start(folder):
    """A checkpoint folder without weights: --from-nothing makes them."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    for name in ("tokenizer.json", "prompt.json"):
        shutil.copy(MODEL / name, folder / name)
    return folder


def corpus(folder):
    """The sample solution's files as two repositories; the globs of the training and the held-out shards."""
    folder.mkdir(parents=True)
    files = sorted((ROOT / "tests" / "fixtures" / "Clinic").rglob("*.cs"))
    files = [f for f in files if not {"obj", "bin"} & set(f.parts)]
    for use, mine in (("train", files[::2] + files[1::4]), ("eval", files[3::4])):
        writer = ShardWriter(folder, use)
        for file in mine:
            writer.write({"repo": f"clinic/{use}", "path": file.name, "text": file.read_text("utf-8-sig").replace("\r\n", "\n")})
        writer.close()
    return str(folder / "train-*"), str(folder / "eval-*")
