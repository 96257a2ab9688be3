"""Prompt format 1, made by the same rules as src/CodeComplete.Engine/Chain/PromptBuilder.cs and Transformer/Text/Healing.cs.

    <|file|>path\\n (<|snippet|>path\\ncode\\n)*  <|suffix|>text after the cursor<|prefix|>text before the cursor

The two must agree token for token: tests/fixtures/prompts/format1.json holds cases that a C# test and a Python test both check. A change here
is a change there. Offsets count UTF-16 units, as C# strings do: `units` makes a text that Python slices in the same way.
"""
import dataclasses
import re
import unicodedata

CHARACTERS_PER_TOKEN = 5
LINE_STEP = 16
PATH_SEGMENTS = 3
MOST_HEALED = 8

_CLOSERS = frozenset(")]}\"',;> ")
_LINE_END = re.compile("\r\n|[\r\n\f\x85\u2028\u2029]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_WHITE_BYTES = b" \t\r\n\f\v"


@dataclasses.dataclass(frozen=True)
class Budget:
    """How many tokens each part of a prompt may take. The defaults are the product's (Engine/Startup/LoadedModel.cs)."""

    prefix: int = 224
    suffix: int = 64
    snippets: int = 224


@dataclasses.dataclass(frozen=True)
class Snippet:
    """A piece of other code. path: relative to the repository, with `/`."""

    path: str
    code: str


@dataclasses.dataclass(frozen=True)
class Prompt:
    """tokens: what the decoder reads. typed: the text left of the cursor that it has to write again, because tokens run over the cursor."""

    tokens: list
    typed: str


def units(text):
    """The text with every character beyond the basic plane as its two surrogates, so that an index is a UTF-16 unit."""
    if not _WIDE.search(text):
        return text
    return _WIDE.sub(lambda m: "".join(chr(int.from_bytes(m.group().encode("utf-16-le")[i : i + 2], "little")) for i in (0, 2)), text)


def normalize(text):
    """The model learned line feeds alone."""
    return _LINE_END.sub("\n", text) if "\r" in text else text


def short_path(path):
    return "/".join(path.split("/")[-PATH_SEGMENTS:])


def end_of_line(text, cursor):
    """Where the cursor's line ends, its line end left out."""
    end = text.find("\n", cursor)
    if end < 0:
        return len(text)
    return end - 1 if end > cursor and text[end - 1] == "\r" else end


def only_closers_follow(text, cursor):
    """Is what stands right of the cursor on its line nothing that the model must see? (Analysis/Cursor/CursorContext.cs)"""
    return all(c in _CLOSERS for c in text[cursor : end_of_line(text, cursor)].rstrip())


class PromptBuilder:
    def __init__(self, tokenizer, budget=Budget()):
        self.tokenizer, self.budget = tokenizer, budget

    def build(self, path, text, cursor, snippets, suffix_start=None):
        """text: the whole document, see `units`. snippets: the best one first; it will stand nearest to the cursor.

        suffix_start: in training the rest of the line is still there; it says where what would follow the cursor begins. By default the
        text is as it is while the user types, and the rule about closers decides.
        """
        t, budget = self.tokenizer, self.budget
        tokens = [t.role("file"), *t.encode(short_path(path) + "\n"), *self._snippets(snippets)]
        if budget.suffix > 0:
            if suffix_start is None:
                suffix_start = end_of_line(text, cursor) if only_closers_follow(text, cursor) else cursor
            suffix = text[suffix_start : suffix_start + budget.suffix * CHARACTERS_PER_TOKEN]
            tokens += [t.role("suffix"), *t.encode(normalize(suffix))[: budget.suffix]]
        tokens.append(t.role("prefix"))
        kept, typed = heal(t, t.encode(normalize(text[self.prefix_start(text, cursor) : cursor])))
        tokens += kept[max(0, len(kept) - budget.prefix) :]
        return Prompt(tokens, typed)

    def cost(self, snippet):
        """What a snippet takes of the prompt, in tokens."""
        return len(self._encode(snippet)) + 1

    def shown(self, text, cursor):
        """(start, end): what of the document a prompt shows besides the snippets, wholly or in part."""
        end = min(len(text), end_of_line(text, cursor) + self.budget.suffix * CHARACTERS_PER_TOKEN)
        return self.prefix_start(text, cursor), end

    def prefix_start(self, text, cursor):
        """The start of the line from which on the prefix fits the budget, taken down to the next step of lines, so that it stays put."""
        earliest = cursor - self.budget.prefix * 7 // 2
        if earliest <= 0:
            return 0
        line = text.count("\n", 0, earliest)
        at = text.find("\n", earliest)
        first = at
        while 0 <= at < cursor:
            line += 1
            if line % LINE_STEP == 0:
                return at + 1
            at = text.find("\n", at + 1)
        # Few and long lines: the first whole one, or just the budget.
        return first + 1 if 0 <= first < cursor else earliest

    def _snippets(self, snippets):
        parts, left = [], self.budget.snippets
        for snippet in snippets:
            code = self._encode(snippet)
            if len(code) + 1 <= left:
                left -= len(code) + 1
                parts.append([self.tokenizer.role("snippet"), *code])
        return [i for part in reversed(parts) for i in part]

    def _encode(self, snippet):
        return self.tokenizer.encode(short_path(snippet.path) + "\n" + normalize(snippet.code) + "\n")


def heal(tokenizer, prompt):
    """Takes back the tokens over which the cursor at the end may have cut: (tokens that stay, text of those taken back).

    The last token always, with it the whole word or run of punctuation that it ends; at a line's start the whole white space, line end
    included. The characters taken back are whole.
    """
    keep = len(prompt)
    if keep and not tokenizer.is_special(prompt[-1]):
        indentation = _indentation(tokenizer, prompt)
        keep = indentation if indentation < keep else _word(tokenizer, prompt)
        while 0 < keep < len(prompt) and _cuts_character(tokenizer, prompt, keep):
            keep -= 1
    return prompt[:keep], tokenizer.decode(prompt[keep:])


def _indentation(tokenizer, prompt):
    """Where the white space at the end begins, if it holds a line end or begins the text; else the prompt's length."""
    at, breaks = len(prompt), False
    while at > 0 and not tokenizer.is_special(prompt[at - 1]):
        data = tokenizer.bytes_of(prompt[at - 1])
        solid = data.rstrip(_WHITE_BYTES)
        if solid:
            # A token may hold the end of the line before and its own line end: it goes too.
            return at - 1 if b"\n" in data[len(solid) :] else at if breaks else len(prompt)
        breaks |= b"\n" in data
        at -= 1
    return at


def _word(tokenizer, prompt):
    """Where the word, or the run of punctuation, at the end begins."""
    at = len(prompt) - 1
    while at > 0 and len(prompt) - at < MOST_HEALED and not tokenizer.is_special(prompt[at - 1]):
        before = _last_kind(tokenizer.bytes_of(prompt[at - 1]))
        if before == "single" or before != _first_kind(tokenizer.bytes_of(prompt[at])):
            break
        at -= 1
    return at


def _cuts_character(tokenizer, prompt, at):
    data = tokenizer.bytes_of(prompt[at])
    return bool(data) and data[0] & 0xC0 == 0x80 and not tokenizer.is_special(prompt[at - 1])


def _first_kind(data):
    for length in range(1, 5):
        try:
            return _kind(data[:length].decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return "single"


def _last_kind(data):
    for length in range(1, 5):
        try:
            return _kind(data[-length:].decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return "single"


def _kind(text):
    if not text:
        return "single"
    category = unicodedata.category(text[0])
    if category[0] == "L":
        return "letter"
    # Digits and white space are never part of a longer piece; what is not assigned cannot be told.
    return "single" if text.isspace() or category[0] == "N" or category == "Cn" else "mark"
