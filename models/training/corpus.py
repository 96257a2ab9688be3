"""Preprocess: the C# of many repositories -> corpus shards, and what was left out and why.

    python corpus.py --repos repos.tsv --source DIR --out corpus

DIR holds a repository each as `owner+name`: a git directory (`owner+name/repo`, bare or not) or plain files. Only the standard library, numpy
and git are needed. Written: train-NN.jsonl.xz, eval-NN.jsonl.xz (see shards.py), left-out.tsv (every file left out, with its reason) and
corpus.md, the model card's data table.

Left out: repositories whose licence file does not say what repos.tsv says; files under another licence, generated ones, those under 200 B or over
100 kB or with lines over 1,000 characters; text that is neither UTF-8 nor UTF-16 with its mark; copies and near-copies (duplicates.py), of the
evaluation repositories first. Secrets and e-mail addresses are taken out of what stays (redact.py).
"""
import argparse
import codecs
import collections
import csv
import re
import subprocess
import sys
import threading
from pathlib import Path

from duplicates import NearDuplicates
from errors import InputError, command
from redact import redact
from shards import ShardWriter

SMALLEST, LARGEST, LONGEST_LINE = 200, 100_000, 1_000

_GENERATED = re.compile(r"(generated|\.g\.cs$|\.g\.i\.cs$|\.designer\.cs$|/obj/|/bin/|migrations/|assemblyinfo\.cs$)", re.I)
_LICENCE_FILE = re.compile(r"^(licen[cs]e|copying)([.-].*)?$", re.I)
_COPYLEFT = re.compile(r"gnu (lesser |library |affero )?general public license|mozilla public license|\b[al]?gpl-?[23]", re.I)

# What the text of a permissive licence holds, white space made single. The first that fits names it.
_LICENCES = [
    ("Apache-2.0", r"apache license,? version 2\.0"),
    ("MS-PL", r"microsoft public license"),
    ("PostgreSQL", r"permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee"),
    ("MIT", r"permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("BSD-3-Clause", r"redistribution and use in source and binary forms"),
    ("Zlib", r"this software is provided 'as-is'"),
]


def licence_of(text):
    """The SPDX name of a licence's text; 'copyleft' or None for what may not be used."""
    flat = re.sub(r"\s+", " ", text).lower()
    for name, pattern in _LICENCES:
        if re.search(pattern, flat):
            return name
    return "copyleft" if _COPYLEFT.search(flat) else None


class GitSource:
    """The files of one commit of a git directory."""

    def __init__(self, git, ref):
        self._git = ["git", "-C", str(git)]
        try:
            self.commit = self._run("rev-parse", ref + "^{commit}").decode().strip()
        except subprocess.CalledProcessError:
            raise InputError(f"'{git}' has no commit {ref}: fetch it again, or correct its ref in the list of repositories.") from None

    def names(self):
        """(path, size in bytes) of every file."""
        for line in self._run("ls-tree", "-r", "-l", "-z", self.commit).decode("utf-8", "replace").split("\0"):
            if line:
                meta, path = line.split("\t", 1)
                size = meta.split()[3]
                if size.isdigit():  # a submodule has none, nor a file that was not fetched
                    yield path, int(size)

    def read(self, paths):
        """(path, bytes) of these files, in this order, by one process."""
        blobs = subprocess.Popen([*self._git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def ask():
            for path in paths:
                blobs.stdin.write(f"{self.commit}:{path}\n".encode())
            blobs.stdin.close()

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        for path in paths:
            head = blobs.stdout.readline().split()
            if head[-1:] and head[-1].isdigit():
                data = blobs.stdout.read(int(head[-1]))
                blobs.stdout.read(1)
                yield path, data
        asking.join()
        blobs.wait()

    def _run(self, *arguments):
        return subprocess.run([*self._git, *arguments], capture_output=True, check=True).stdout


class FolderSource:
    """The files of a plain folder."""

    commit = None

    def __init__(self, folder):
        self._folder = folder

    def names(self):
        for file in sorted(self._folder.rglob("*")):
            if file.is_file():
                yield file.relative_to(self._folder).as_posix(), file.stat().st_size

    def read(self, paths):
        for path in paths:
            yield path, (self._folder / path).read_bytes()


def open_source(folder, ref):
    for git in (folder / "repo", folder / ".git", folder):
        if (git / "HEAD").exists() and (git / "objects").exists():
            return GitSource(git, ref)
    return FolderSource(folder)


def decode(data):
    """(text with line feeds alone, None), or (None, what is wrong)."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, f"broken {encoding.upper().removesuffix('-SIG')} in line {line} (byte {error.start}): save it as UTF-8 to keep it"


class Preprocessor:
    """Takes files one by one; says of each the reason why it is left out, or gives its cleaned text."""

    def __init__(self):
        self._near = NearDuplicates()
        self._exact = set()

    def clean(self, name, path, data):
        """(text, None, secrets, addresses) or (None, reason, 0, 0)."""
        text, wrong = decode(data)
        if wrong:
            return None, wrong, 0, 0
        if "<auto-generated" in text[:600].lower():
            return None, "generated", 0, 0
        if max(map(len, text.split("\n"))) > LONGEST_LINE:
            return None, f"a line over {LONGEST_LINE:,} characters", 0, 0
        if _COPYLEFT.search(text[:2_000]):
            return None, "another licence in its head", 0, 0
        key = hash(re.sub(r"\s+", "", text))
        if key in self._exact:
            return None, "a copy", 0, 0
        self._exact.add(key)
        other = self._near.seen(text, f"{name}:{path}")
        if other:
            return None, f"nearly {other}", 0, 0
        text, secrets, addresses = redact(text)
        return text, None, secrets, addresses


def check_licence(source, row):
    """None, or why the repository may not be used."""
    files = [path for path, _ in source.names() if "/" not in path and _LICENCE_FILE.match(path)]
    if not files:
        return None  # the list's word is taken; corpus.md says so
    found = {licence_of(data.decode("utf-8", "replace")) for _, data in source.read(files)}
    return None if row["licence"] in found else f"the list says {row['licence']}, {', '.join(files)} reads as {', '.join(map(str, found))}"


def read_list(path):
    try:
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t"))
    except FileNotFoundError:
        raise InputError(f"'{path}' is missing: name a list of repositories as repos.tsv is one.") from None
    for row in rows:
        if not {"repository", "ref", "licence", "use"} <= row.keys() or row["use"] not in ("train", "eval"):
            raise InputError(f"'{path}' needs the columns repository, ref, licence and use (train or eval): correct it.")
        if row["licence"] not in dict(_LICENCES):
            raise InputError(f"'{path}' gives {row['repository']} the licence '{row['licence']}', which is not permissive or not known: take it out.")
    return sorted(rows, key=lambda row: row["use"] == "train")  # evaluation first, see duplicates.py


def preprocess(repositories, source, out, say=print):
    """Writes the corpus; returns a Counter of reasons. repositories: rows of the list."""
    out.mkdir(parents=True, exist_ok=True)
    shards = {use: ShardWriter(out, use) for use in ("train", "eval")}
    work, totals, table = Preprocessor(), collections.Counter(), []
    with open(out / "left-out.tsv", "w", encoding="utf-8", newline="\n") as left_out:
        left_out.write("reason\trepository\tpath\n")
        for row in repositories:
            name = row["repository"]
            folder = source / name.replace("/", "+")
            if not folder.exists():
                say(f"{name}: '{folder}' is missing, left out")
                continue
            files = open_source(folder, row["ref"])
            wrong = check_licence(files, row)
            if wrong:
                say(f"{name}: {wrong}; left out")
                left_out.write(f"licence: {wrong}\t{name}\t\n")
                continue
            kept = characters = hidden = 0
            reasons = collections.Counter()
            wanted = []
            for path, size in files.names():
                if path.endswith(".cs"):
                    if _GENERATED.search("/" + path) or not SMALLEST <= size <= LARGEST:
                        reasons["generated, too small or too large"] += 1
                    else:
                        wanted.append(path)
            for path, data in files.read(wanted):
                text, reason, secrets, addresses = work.clean(name, path, data)
                if text is None:
                    reasons[reason.split(" ")[0] if reason.startswith(("broken", "nearly")) else reason] += 1
                    left_out.write(f"{reason}\t{name}\t{path}\n")
                    if reason.startswith("broken"):
                        say(f"{name}:{path}: {reason}; left out")
                    continue
                shards[row["use"]].write({"repo": name, "path": path, "text": text})
                kept, characters, hidden = kept + 1, characters + len(text), hidden + secrets + addresses
            totals.update(reasons)
            totals["kept"] += kept
            table.append(
                f"| {name} | {(files.commit or 'files')[:12]} | {row['licence']} | {row['use']} | {kept:,} | {characters / 1e6:.1f} "
                f"| {sum(reasons.values()):,} | {hidden} |"
            )
            say(f"{row['use']} {name}: {kept:,} files, {characters / 1e6:.1f} M characters, {hidden} secrets and addresses hidden, left out {dict(reasons)}")
    for writer in shards.values():
        writer.close()
    (out / "corpus.md").write_text(
        "| repository | commit | licence | use | files | M characters | left out | secrets and addresses hidden |\n|---|---|---|---|---|---|---|---|\n"
        + "\n".join(table) + "\n",
        encoding="utf-8",
    )
    return totals


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repos", type=Path, default=Path(__file__).with_name("repos.tsv"), help="the list of repositories")
    parser.add_argument("--source", type=Path, required=True, help="folder of repositories, `owner+name` each")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    totals = preprocess(read_list(options.repos), options.source, options.out, lambda line: print(line, flush=True))
    if not totals["kept"]:
        raise InputError(f"'{options.source}' holds no C# file of the listed repositories: name the folder that holds `owner+name` folders.")
    print(f"{totals.pop('kept'):,} files kept; left out: {dict(totals)}", file=sys.stderr)


if __name__ == "__main__":
    main()
