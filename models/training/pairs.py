"""Pairs for the encoder, mined beforehand: a place in a file, and a window of code that helps there.

A pair is {"repo", "query", "document", "wanted"}. query: the twelve lines before the place. document: for three of four pairs a window of another file
that shares rare names with the four lines that follow the place; else the following twelve lines themselves. wanted: the names of those four lines
that the query does not have. A window that holds one of them may help as well, so it is no negative for this query (`false_negatives`).
"""
import json
import lzma
import random

import numpy as np

from errors import InputError
from recall import WINDOW, RepositoryMemory, names

FOLLOWING = 4


def place(rng, files):
    """(file, first line after the place, query, the lines that follow) of a random place, or None."""
    file = rng.randrange(len(files))
    lines = files[file][1].split("\n")
    if len(lines) < WINDOW + 2 * FOLLOWING:
        return None
    at = rng.randrange(WINDOW, len(lines) - FOLLOWING)
    query, following = "\n".join(lines[at - WINDOW : at]), "\n".join(lines[at : at + FOLLOWING])
    if len(names(following)) < 2 or len(names(query)) < 3:
        return None
    return file, at, query, following


def mine(repository, files, count, seed):
    """Up to `count` pairs of one repository. files: [(path, text)]."""
    rng, memory, made = random.Random(f"{seed}:{repository}"), RepositoryMemory(files), 0
    for _ in range(count * 6):
        if made == count:
            break
        found = place(rng, files)
        if found is None:
            continue
        file, at, query, following = found
        wanted = sorted(n for n in names(following) - names(query) if memory.weight(n))
        if rng.random() < 0.75:
            own = (file, 0, files[file][1].count("\n") + 1)
            hits = memory.recall(" ".join(wanted), 1, own=own) if wanted else []
            if not hits:
                continue
            document = memory.text(hits[0])[1]
        else:
            document = "\n".join(files[file][1].split("\n")[at : at + WINDOW])
        made += 1
        yield {"repo": repository, "query": query, "document": document, "wanted": wanted}


def write(path, pairs):
    """Returns how many there were."""
    count = 0
    with lzma.open(path, "wt", encoding="utf-8", preset=3) as file:
        for count, pair in enumerate(pairs, 1):
            file.write(json.dumps(pair, ensure_ascii=False) + "\n")
    return count


def read(path):
    """{repository: [pair, ...]}."""
    found, number = {}, 0
    try:
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                pair = json.loads(line)
                found.setdefault(pair["repo"], []).append((pair["query"], pair["document"], tuple(pair["wanted"])))
    except FileNotFoundError:
        raise InputError(f"'{path}' is missing: make it with encoder.py mine.") from None
    except (lzma.LZMAError, EOFError, ValueError, KeyError):
        raise InputError(f"'{path}' is cut short or damaged after pair {number}: make it again with encoder.py mine.") from None
    return found


def false_negatives(batch):
    """bool [B,B]: document j is another pair's, and holds what query i wants, or is the same text. batch: (query, document, wanted) each."""
    holders = {}
    for j, (_, document, _) in enumerate(batch):
        for name in names(document):
            holders.setdefault(name, []).append(j)
    mask = np.zeros((len(batch), len(batch)), bool)
    texts = {}
    for i, (_, document, wanted) in enumerate(batch):
        texts.setdefault(document, []).append(i)
        for name in wanted:
            mask[i, holders.get(name, [])] = True
    for same in texts.values():
        mask[np.ix_(same, same)] = True
    np.fill_diagonal(mask, False)
    return mask
