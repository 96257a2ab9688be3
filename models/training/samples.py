"""Training samples in prompt format 1, and rows packed from them.

A sample is a place in a file: a prompt made by prompt.py as the engine makes it, then what the model has to write: the text that healing took
back, the middle, `<|end|>`. Its loss weights are 0 for what is only read (snippets, suffix), a little for the prefix, the most for the middle.

Two kinds are mixed:
- *general* samples: any place, budgets drawn wide, so that the model learns C# and bears any prompt;
- *product-like* samples (the last third of training): the product's budgets; half the cuts at members that another file declares; the signatures
  of the receiver's type among the snippets, found from what stands left of the cursor; 30 % of recalled snippets replaced by distractors, windows
  that look plausible and do not help. Nothing is chosen by looking at the answer. Among them stand samples in the product's own prompts, if there
  are any (own_prompts.py).
"""
import collections
import itertools
import math
import random
import re

import numpy as np

from declarations import RepositoryTypes
from prompt import Budget, PromptBuilder, Snippet, end_of_line, units
from recall import RepositoryMemory, names

# What recall is asked with, as Engine/Learning/RecallQueries.cs does.
CHARACTERS_BEFORE, CHARACTERS_AFTER, SNIPPETS = 900, 200, 6

WHOLE = Budget(prefix=404, suffix=160, snippets=300)  # the product's where a machine reads fast: all that prompt.json allows
DISTRACTORS = 0.3
PRODUCT_PHASE = 2 / 3  # of the training, from which on samples are product-like, where nobody says otherwise
PADDING = 10_000  # the segment of what fills a row up

Sample = collections.namedtuple("Sample", "ids weights middle")
"""ids: [n] token ids. weights: [n] of the loss. middle: how many of the last ids are the middle and `<|end|>`."""

_MEMBER = re.compile(r"\.(?=[A-Za-z_])")
_NAME_AT = re.compile(r"[A-Za-z_]\w*")
_OPENED = re.compile(r"(?<=[(\",=])|(?<==> )|(?<=\bnew )|(?<=\breturn )")
_WORD_EDGE = re.compile(r"\b")


class Repository:
    """One repository's files with its lexical memory and declarations, each made when first needed."""

    def __init__(self, name, files):
        self.name = name
        self.files = [(path, units(text)) for path, text in files]
        # Long files count more, to a limit.
        weights = [min(len(text), 12_000) if len(text) >= 400 else 0 for _, text in self.files]
        self.usable = any(weights)
        self._cumulative = list(itertools.accumulate(weights))
        self._memory = self._types = None

    def draw(self, rng):
        """The number of a file."""
        return rng.choices(range(len(self.files)), cum_weights=self._cumulative)[0]

    @property
    def memory(self):
        self._memory = self._memory or RepositoryMemory(self.files)
        return self._memory

    @property
    def types(self):
        self._types = self._types or RepositoryTypes(self.files)
        return self._types


def draw_weights(sizes, plan_characters=None, most_passes=4.0):
    """{repository: share of the samples}: by the square root of its size, for a few giants would drown the rest, and capped so that none is read
    more than `most_passes` times. sizes: {repository: characters}. plan_characters: what the whole training will read."""
    share = {name: math.sqrt(size) for name, size in sizes.items()}
    total = sum(share.values())
    share = {name: s / total for name, s in share.items()}
    if plan_characters:
        cap = {name: most_passes * size / plan_characters for name, size in sizes.items()}
        for _ in range(20):
            free = sum(s for name, s in share.items() if s < cap[name])
            over = sum(s - cap[name] for name, s in share.items() if s > cap[name])
            if over <= 1e-9 or not free:
                break
            share = {name: min(cap[name], s) if s >= cap[name] else s * (1 + over / free) for name, s in share.items()}
    return share


def own_share(own, plan_tokens, product_from, most_passes=4.0, most=0.5):
    """Which share of the product-like samples may be the product's own, so that none is read more than `most_passes` times. plan_tokens: of all rows."""
    product_tokens = plan_tokens * (1.0 - product_from)
    return min(most, most_passes * sum(len(sample.ids) for sample in own) / product_tokens) if product_tokens > 0 else 0.0


def cut(rng, text, wanted=None):
    """(cursor, end of the middle) in a text, or None: mostly the rest of a line, sometimes a part of it or a few lines.

    The cursor stands where people ask for completions: a fresh line, after a `.`, after an opener, inside a word. wanted: a predicate of the name
    after a `.`; then only such places are taken.
    """
    starts = [0] + [m.end() for m in re.finditer("\n", text)]
    for _ in range(20):
        number = rng.randrange(len(starts))
        at = starts[number]
        stop = end_of_line(text, at)
        line = text[at:stop]
        content = line.strip()
        indent = len(line) - len(line.lstrip())
        if len(content) < 4 or line.startswith("using ") or content in ("{", "}") or (content.startswith("//") and rng.random() < 0.9):
            continue
        members = [m.end() for m in _MEMBER.finditer(line) if m.end() > indent]
        if wanted:
            members = [m for m in members if wanted(_NAME_AT.match(line, m).group())]
            if not members:
                continue
            column = rng.choice(members)
            if rng.random() < 0.25:  # the first letters are typed already
                column += rng.randrange(1, 4)
        else:
            kind = rng.random()
            if kind < 0.2:
                column = indent
            elif kind < 0.5 and members:
                column = rng.choice(members)
            else:
                pattern = _OPENED if kind < 0.7 else _WORD_EDGE
                places = [m.start() for m in pattern.finditer(line) if indent < m.start() < len(line)]
                if not places:
                    continue
                column = rng.choice(places) + (rng.randrange(1, 3) if kind > 0.88 else 0)
        if column + 1 >= len(line.rstrip()):
            continue
        end = at + len(line.rstrip())
        kind = rng.random()
        if kind < 0.08:  # more than closers stands after the cursor
            inside = [m.start() for m in _WORD_EDGE.finditer(line) if column + 2 < m.start() and re.search(r"\w", line[m.start() :])]
            end = at + rng.choice(inside) if inside else end
        elif kind > 0.85 and not wanted:  # some lines
            last = min(len(starts) - 1, number + rng.randrange(1, 9))
            end = starts[last] + len(text[starts[last] : end_of_line(text, starts[last])].rstrip())
        if end > at + column:
            return at + column, end
    return None


def weigh(tokenizer, prompt, typed, written, product):
    """The Sample of a prompt's tokens and of those to be written, `<|end|>` with them. typed: how the latter's text begins, left of the cursor."""
    # Tokens that lie in the typed text are spelled again under constraint; the middle begins with the first that goes beyond.
    given, spelled, forced = len(typed.encode("utf-8", "surrogatepass")), 0, 0
    for token in written[:-1]:
        spelled += len(tokenizer.bytes_of(token))
        if spelled > given:
            break
        forced += 1
    read = prompt.index(tokenizer.role("prefix")) + 1
    middle = len(written) - forced
    weights = [0.0] * read + [0.1 if product else 1.0] * (len(prompt) - read + forced) + [4.0] * middle
    return Sample(prompt + written, weights, middle)


class Sampler:
    """Makes rows of samples; the same (seed, group, progress) gives the same rows.

    repositories: {name: [(path, text)]}. weights: see `draw_weights`. length: tokens a row. own, own_share: Samples in the product's own prompts
    (own_prompts.py), and which share of the product-like ones they are. product_from: the progress from which on samples are product-like.
    """

    def __init__(self, repositories, tokenizer, seed, length=1024, weights=None, own=(), own_share=0.0, product_from=PRODUCT_PHASE):
        self.tokenizer, self.seed, self.length = tokenizer, seed, length
        made = [Repository(name, files) for name, files in repositories.items()]
        self.repositories = [r for r in made if r.usable]
        weights = weights or draw_weights({name: sum(len(t) for _, t in files) for name, files in repositories.items()})
        self._weights = [weights[r.name] for r in self.repositories]
        self._end = tokenizer.role("end")
        self._own, self._own_share, self._product_from = own, own_share if own else 0.0, product_from

    def prepare(self):
        """Reads the declarations of all repositories now, which product-like samples need."""
        for repository in self.repositories:
            _ = repository.types

    def rows(self, group, count, progress):
        """(ids [count, length] int32, weights float32, segments int32) of group number `group`; progress: 0 to 1 of the training.

        A row is whole samples end to end, the longest first where they fit; the rest is filled with weight 0. Segments number a row's samples, so
        that attention and positions can stay inside one.
        """
        rng = random.Random(f"{self.seed}:{group}")
        product = progress >= self._product_from
        made, tokens = [], 0
        while tokens < count * self.length:
            made.append(self.sample(rng, product))
            tokens += len(made[-1].ids)
        ids = np.zeros((count, self.length), np.int32)
        weights = np.zeros((count, self.length), np.float32)
        segments = np.full((count, self.length), PADDING, np.int32)
        filled, numbers = [0] * count, [0] * count
        for sample in sorted(made, key=lambda s: -len(s.ids)):
            size = len(sample.ids)
            row = next((r for r in range(count) if filled[r] + size <= self.length), None)
            if row is None:
                continue
            place = slice(filled[row], filled[row] + size)
            ids[row, place], weights[row, place], segments[row, place] = sample.ids, sample.weights, numbers[row]
            filled[row] += size
            numbers[row] += 1
        order = list(range(count))
        rng.shuffle(order)
        return ids[order], weights[order], segments[order]

    def sample(self, rng, product):
        """One Sample of at most `length` tokens. product: product-like."""
        if product and self._own_share and rng.random() < self._own_share:
            return rng.choice(self._own)
        while True:
            repository = rng.choices(self.repositories, self._weights)[0]
            file = repository.draw(rng)
            text = repository.files[file][1]
            wanted = None
            if product and rng.random() < 0.5:
                wanted = lambda name: repository.types.declared_elsewhere(name, file)  # noqa: E731
            place = cut(rng, text, wanted)
            if place is None:
                continue
            budget = self._product_budget(rng) if product else self._general_budget(rng)
            made = self.at(repository, file, *place, budget, rng, product)
            if made is not None:
                return made

    def at(self, repository, file, cursor, end, budget, rng, product):
        """The Sample of one place, or None where it is too long."""
        path, text = repository.files[file]
        builder = PromptBuilder(self.tokenizer, budget)
        snippets = self._snippets(repository, file, cursor, end, builder, rng, product) if budget.snippets else []
        prompt = builder.build(path, text, cursor, snippets, suffix_start=end)
        written = self.tokenizer.encode(prompt.typed + text[cursor:end]) + [self._end]
        if len(prompt.tokens) + len(written) > self.length or len(written) > (96 if product else 160):
            return None
        return weigh(self.tokenizer, prompt.tokens, prompt.typed, written, product)

    def _snippets(self, repository, file, cursor, end, builder, rng, product):
        """Snippets, the best one first. The query knows nothing of what stands between the cursor and the middle's end."""
        text = repository.files[file][1]
        before, after = text[max(0, cursor - CHARACTERS_BEFORE) : cursor], text[end : end + CHARACTERS_AFTER]
        found, query = [], after + "\n" + before
        receiver = repository.types.receiver(text[max(0, cursor - 6_000) : cursor]) if product else None
        if receiver is not None:
            query += " " + receiver.name
        start, stop = builder.shown(text, cursor)
        # The middle's own lines are never recalled, however many they are.
        own = (file, text.count("\n", 0, start), text.count("\n", 0, max(stop, end)) + 1)
        memory = repository.memory
        windows = memory.recall(query, SNIPPETS, names(before[-200:]), own)
        for window in windows:
            if product and rng.random() < DISTRACTORS:
                window = rng.randrange(len(memory.windows))
                number, first, last = memory.windows[window]
                if number == file and first < own[2] and own[1] < last:
                    continue
            found.append(Snippet(*memory.text(window)))
        if receiver is not None and receiver.file != file:
            at = 0 if rng.random() < 0.5 else min(1, len(found))
            found.insert(at, Snippet(*repository.types.signatures(receiver, names(before[-300:]), file)))
        return found

    def _general_budget(self, rng):
        snippets = rng.randint(64, 400) if rng.random() < 0.7 else 0
        suffix = rng.randint(16, 160) if rng.random() < 0.9 else 0
        most = max(64, self.length - snippets - suffix - 160)
        return Budget(prefix=min(most, int(64 * 10 ** rng.random())), suffix=suffix, snippets=snippets)

    def _product_budget(self, rng):
        kind = rng.random()
        if kind < 0.6:
            return Budget() if kind < 0.35 else WHOLE
        return Budget(prefix=rng.randint(96, 400), suffix=rng.choice((0, 32, 64, 96)), snippets=rng.choice((0, 0, 160, 300)))
