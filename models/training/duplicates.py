"""Near-duplicates among files: MinHash over runs of five tokens (Broder 1997), looked up by bands of the signature.

Two files are alike when the estimated Jaccard similarity of their runs is at least 0.8. Of files that are alike the first one is kept, so the
evaluation repositories go first: nothing like them is then trained on.
"""
import re
import zlib

import numpy as np

ALIKE = 0.8
RUN = 5
HASHES, BANDS = 64, 16  # 16 bands of 4: files of similarity 0.8 meet in a band with probability 0.9998, of 0.4 with 0.34
_PRIME = (1 << 31) - 1
_WORD = re.compile(r"\w+|[^\w\s]")


class NearDuplicates:
    def __init__(self, seed=1):
        draw = np.random.RandomState(seed)
        self._a = draw.randint(1, _PRIME, HASHES).astype(np.uint64)[:, None]
        self._b = draw.randint(0, _PRIME, HASHES).astype(np.uint64)[:, None]
        self._bands, self._signatures, self._names, self._words = {}, [], [], {}

    def signature(self, text):
        """[HASHES] uint32, or None for a text with too few words to tell."""
        ids = self._words
        words = np.array([ids.setdefault(w, zlib.crc32(w.encode())) for w in _WORD.findall(text)], np.uint64)
        if len(words) < 4 * RUN:
            return None
        runs = np.zeros(len(words) - RUN + 1, np.uint64)
        for i in range(RUN):
            runs = runs * np.uint64(1_000_003) + words[i : len(words) - RUN + 1 + i]
        runs = np.unique((runs ^ (runs >> np.uint64(29))) % np.uint64(_PRIME))
        return ((self._a * runs + self._b) % np.uint64(_PRIME)).min(1).astype(np.uint32)

    def seen(self, text, name):
        """The name of an earlier file that this one is like, or None; then it is remembered."""
        mine = self.signature(text)
        if mine is None:
            return None
        keys = [(i, band.tobytes()) for i, band in enumerate(mine.reshape(BANDS, -1))]
        for other in {i for key in keys for i in self._bands.get(key, ())}:
            if (self._signatures[other] == mine).mean() >= ALIKE:
                return self._names[other]
        for key in keys:
            self._bands.setdefault(key, []).append(len(self._names))
        self._signatures.append(mine)
        self._names.append(name)
        return None
