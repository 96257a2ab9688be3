"""What the memory would recall, in small: windows of one repository, found by the names they share with a query.

Windows are the product's (src/CodeComplete.Memory/Snippets/SnippetCutter.cs: twelve lines, every six lines, blank ends cut off, at least three
names). The score is BM25 over whole names, each counted once. The product also splits names and asks vectors and the symbol graph.
"""
import array
import collections
import math
import re

NAME = re.compile(r"[A-Za-z_]\w{2,}")
COMMON = frozenset(
    "public private protected internal static class return this using namespace new var string int bool get set init null true false foreach for "
    "while else async await override virtual readonly const throw base System summary param the void object sealed abstract partial".split()
)
WINDOW, STRIDE, FEWEST_NAMES = 12, 6, 3
MOST_PLACES = 600  # a name in more windows than this tells nothing, and costs the most


def names(text):
    """The names in a text worth looking for."""
    return set(NAME.findall(text)) - COMMON


class RepositoryMemory:
    """files: [(path, text)]. A window is (file, first line, end line)."""

    def __init__(self, files):
        self.files = files
        self.windows = []
        self._places = collections.defaultdict(lambda: array.array("I"))
        self._sizes = array.array("H")
        for number, (_, text) in enumerate(files):
            lines = text.split("\n")
            found = [names(line) for line in lines]
            for start in range(_first_code_line(lines), len(lines), STRIDE):
                first, end = start, min(start + WINDOW, len(lines))
                while first < end and not lines[first].strip():
                    first += 1
                while first < end and not lines[end - 1].strip():
                    end -= 1
                here = set().union(*found[first:end])
                if len(here) >= FEWEST_NAMES:
                    for name in here:
                        self._places[name].append(len(self.windows))
                    self.windows.append((number, first, end))
                    self._sizes.append(min(len(here), 65535))
                if start + WINDOW >= len(lines):
                    break
        self._mean = sum(self._sizes) / max(1, len(self._sizes))

    def weight(self, name):
        """How rare a name is (the logarithm of its inverse window frequency); 0 where it is in no window or in too many."""
        count = len(self._places.get(name, ()))
        return math.log(1 + len(self.windows) / count) if 0 < count <= MOST_PLACES else 0.0

    def recall(self, query, count, near=None, own=None):
        """The `count` best windows for the names in `query`, best first; no two of them overlap.

        near: names that count twice, those next to the cursor. own: (file, first line, end line) of what the prompt shows anyway.
        """
        scores = collections.Counter()
        for name in names(query):
            weight = self.weight(name) * (2 if near and name in near else 1)
            if weight:
                for window in self._places[name]:
                    scores[window] += weight
        # BM25 with each name counted once: a long window is likelier to hold a name by chance.
        ranked = sorted(scores, key=lambda w: (-scores[w] / (1.2 * (0.25 + 0.75 * self._sizes[w] / self._mean) + 1), w))
        best = []
        for window in ranked:
            file, first, end = self.windows[window]
            taken = [self.windows[b] for b in best] + ([own] if own else [])
            if not any(file == f and first < e and a < end for f, a, e in taken):
                best.append(window)
                if len(best) == count:
                    break
        return best

    def text(self, window):
        """(path, code) of a window."""
        file, first, end = self.windows[window]
        path, text = self.files[file]
        return path, "\n".join(text.split("\n")[first:end])


def _first_code_line(lines):
    """Usings, a licence and blank lines are alike in every file."""
    comment = False
    for i, line in enumerate(lines):
        line = line.strip()
        if comment or line.startswith("/*"):
            comment = "*/" not in line
        elif line and not line.startswith(("//", "#", "using ", "global using ")):
            return i
    return len(lines)
