"""Pairs for the encoder, mined beforehand: a place in a file, and a window of code that helps there.

A place is a cursor: the start of a line, or of a name in it. A pair is {"repo", "query", "document", "wanted"}. query: the twelve lines up to the cursor.
document: for three of four pairs a window of another file that shares rare names with what follows the cursor on its line and the next two; else the
following twelve lines themselves. wanted: the names that follow and that the query does not have. A window that holds one of them may help as well, so
it is no negative for this query (`false_negatives`).
"""
import json
import lzma
import random

import numpy as np

from errors import InputError
from recall import NAME, WINDOW, RepositoryMemory, names

FOLLOWING = 3  # lines, the cursor's included


def place(rng, files):
    """(file, query, the lines that follow, a window of them) of a random place, or None."""
    file = rng.randrange(len(files))
    lines = files[file][1].split("\n")
    if len(lines) < WINDOW + 2 * FOLLOWING:
        return None
    at = rng.randrange(WINDOW - 1, len(lines) - FOLLOWING)
    column = rng.choice([0, *(m.start() for m in NAME.finditer(lines[at]))])
    query = "\n".join([*lines[at - WINDOW + 1 : at], lines[at][:column]])
    after = [lines[at][column:], *lines[at + 1 : at + WINDOW]]
    following = "\n".join(after[:FOLLOWING])
    if len(names(following)) < 2 or len(names(query)) < 3:
        return None
    return file, query, following, "\n".join(after)


def mine(repository, files, count, seed):
    """Up to `count` pairs of one repository. files: [(path, text)]."""
    rng, memory, made = random.Random(f"{seed}:{repository}"), RepositoryMemory(files), 0
    for _ in range(count * 6):
        if made == count:
            break
        found = place(rng, files)
        if found is None:
            continue
        file, query, following, window = found
        wanted = sorted(n for n in names(following) - names(query) if memory.weight(n))
        if rng.random() < 0.75:
            own = (file, 0, files[file][1].count("\n") + 1)
            hits = memory.recall(" ".join(wanted), 1, own=own) if wanted else []
            if not hits:
                continue
            document = memory.text(hits[0])[1]
        else:
            document = window
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
