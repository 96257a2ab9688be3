"""Text <-> token ids: the byte-level BPE of tokenizer.json, read by the same rules as src/CodeComplete.Transformer/Text/CodeTokenizer.cs.

A text is cut into pieces (GPT-2's pattern, every digit by itself), and BPE merges inside a piece only. The `tokenizers` library does the
work where it can be imported; the fallback is pure Python with a cache of pieces, about 0.3 to 1 M tokens/s on code. Both give the same ids.
Unlike the library by itself, `encode` never reads a `<|file|>` that stands in the text as the special token: it is text like any other.
"""
import functools
import json
import re
import unicodedata
from pathlib import Path

from errors import InputError

try:
    import tokenizers
except ImportError:
    tokenizers = None

ROLES = {"file": "<|file|>", "snippet": "<|snippet|>", "suffix": "<|suffix|>", "prefix": "<|prefix|>", "end": "<|end|>"}

# The pieces of a text in which every character that is not ASCII stands as one of its kind (see `_kinds`).
_PIECE = re.compile(
    r"[0-9]|'(?:[stmd]|re|ve|ll)| ?[A-Za-z]+| ?[^\t-\r 0-9A-Za-z]+|[\t-\r ]+(?=[0-9]|\Z)|[\t-\r ]+(?=[\t-\r ])|[\t-\r ]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNICODE_SPACES = frozenset("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}


def _kind(match):
    """A letter, digit, space or mark for a character that is not ASCII; none that begins a contraction."""
    c = match.group()
    category = unicodedata.category(c)
    return "q" if category[0] == "L" else "0" if category[0] == "N" else "\t" if c in _UNICODE_SPACES else "!"


def pieces(text):
    """The pieces over which BPE never merges, in order; together they are the text."""
    kinds = text if text.isascii() else _NOT_ASCII.sub(_kind, text)
    return [text[m.start() : m.end()] for m in _PIECE.finditer(kinds)]


@functools.lru_cache(None)
def byte_alphabet():
    """GPT-2's printable character of each of the 256 bytes."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in shown]
    return {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}


class CodeTokenizer:
    """`count` is one more than the greatest id; `special` maps the marks of the prompt's layout to their ids."""

    def __init__(self, path, library=True):
        """path: a tokenizer.json. library: use `tokenizers` where it can be imported."""
        self.path = Path(path)
        try:
            data = json.loads(self.path.read_text("utf-8"))
            vocabulary, merges = data["model"]["vocab"], data["model"]["merges"]
            self.special = {t["content"]: t["id"] for t in data.get("added_tokens", [])}
            merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in merges]
        except FileNotFoundError:
            raise InputError(f"'{path}' is missing: copy it from the model folder.") from None
        except (ValueError, KeyError, TypeError):
            raise InputError(f"'{path}' is damaged or no byte-level BPE: copy tokenizer.json again.") from None
        self._vocabulary = vocabulary
        self.count = max([*vocabulary.values(), *self.special.values()]) + 1
        for text in ROLES.values():
            if text not in self.special:
                raise InputError(f"'{path}' has no token {text}, which prompt format 1 needs: take the tokenizer.json of a csharp model.")
        letter_to_byte = {c: b for b, c in byte_alphabet().items()}
        specials = set(self.special.values())
        self._bytes = [b""] * self.count
        for token, i in vocabulary.items():
            if i not in specials:
                try:
                    self._bytes[i] = bytes(letter_to_byte[c] for c in token)
                except KeyError:
                    raise InputError(f"'{path}' is damaged, '{token}' is no byte-level token: copy it again.") from None
        self._is_special = [i in specials for i in range(self.count)]
        self._ranks = {m: i for i, m in enumerate(merges)}
        self._cache = {}
        self._library = None
        if library and tokenizers is not None:
            data["added_tokens"], data["post_processor"] = [], None
            self._library = tokenizers.Tokenizer.from_str(json.dumps(data))

    def encode(self, text):
        """The ids of plain text; a lone surrogate is read as U+FFFD, and bytes that no token spells are left out."""
        if _SURROGATE.search(text):
            text = _SURROGATE.sub("\ufffd", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))
        if self._library is not None:
            return self._library.encode(text, add_special_tokens=False).ids
        cache, ids = self._cache, []
        for piece in pieces(text):
            found = cache.get(piece)
            if found is None:
                found = cache[piece] = self._merge(piece)
                if len(cache) > 400_000:
                    cache.clear()
            ids += found
        return ids

    def encode_with_specials(self, text):
        """The ids of a text in which the special tokens' names stand for them."""
        ids = []
        marks = "|".join(map(re.escape, sorted(self.special, key=len, reverse=True)))
        for part in re.split(f"({marks})", text):
            ids += [self.special[part]] if part in self.special else self.encode(part)
        return ids

    def decode(self, ids):
        """The text of these ids; special tokens have none, and bytes that are no UTF-8 become U+FFFD."""
        return b"".join(map(self.bytes_of, ids)).decode("utf-8", "replace")

    def bytes_of(self, i):
        """A token's UTF-8 bytes, which may be a part of a character; empty for special tokens."""
        return self._bytes[i]

    def is_special(self, i):
        return self._is_special[i]

    def role(self, name):
        """The id of one of ROLES."""
        return self.special[ROLES[name]]

    def _merge(self, piece):
        # A vocabulary cut to what C# uses lacks some bytes (control characters, and what begins planes that hold nothing). The engine drops them
        # before it merges; so does the library.
        letters = byte_alphabet()
        parts = [letters[b] for b in piece.encode("utf-8") if letters[b] in self._vocabulary]
        ranks = self._ranks
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda pair: ranks.get(pair, 1 << 30))
            if best not in ranks:
                break
            merged, i = [], 0
            while i < len(parts):
                if i + 1 < len(parts) and (parts[i], parts[i + 1]) == best:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        try:
            return [self._vocabulary[p] for p in parts]
        except KeyError as missing:
            raise InputError(f"'{self.path}' is damaged, its merges make {missing} that its vocabulary lacks: copy it again.") from None


def check_fits(tokenizer, config, config_path):
    """Raises unless the tokenizer has as many tokens as the embedding has rows. config: the model's config.json, read."""
    if tokenizer.count != config["vocab_size"]:
        raise InputError(
            f"'{tokenizer.path}' has {tokenizer.count:,} tokens and '{config_path}' says vocab_size {config['vocab_size']:,}: "
            "take tokenizer, configuration and weights from the same model folder."
        )
