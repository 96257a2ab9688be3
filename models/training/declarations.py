"""What a repository's files declare, read without a compiler: types, their members' signatures, and a guess at a receiver's type.

It stands in for the product's symbol graph (src/CodeComplete.Memory/Graph) when samples are made: good enough to put the signatures of a
receiver's type among the snippets, from what stands left of the cursor alone.
"""
import collections
import dataclasses
import re

SIGNATURE_LINES = 12  # braces and the type's own line counted

_BLANKED = re.compile(
    r'//[^\n]*|/\*.*?\*/|\$*"""+.*?"""+|[$@]*@[$@]*"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S
)
_STEP = re.compile(r"[{};]|=>")
_TYPE = re.compile(r"\b(?:class|struct|interface|record|enum)(?:\s+(?:class|struct))?\s+([A-Za-z_]\w*)")
_ATTRIBUTES = re.compile(r"^(?:\s*\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\])+\s*")
_DIRECTIVE = re.compile(r"^\s*#.*$", re.M)
_METHOD = re.compile(r"([A-Za-z_][\w.<>,\[\]? ]*?)\s+([A-Za-z_]\w*)\s*(?:<[^<>()]*>)?\s*\(")
_VALUE = re.compile(r"([A-Za-z_][\w.]*(?:<[^;={}()]*>)?(?:\[\])?\??)\s+([A-Za-z_]\w*)\s*(?:=.*)?$", re.S)
_RECEIVER = re.compile(r"([A-Za-z_]\w*)(\([^()\n]*\))?\s*[?!]?\.(\w*)\Z")
_MODIFIERS = {"public", "internal", "protected", "static", "readonly", "virtual", "override", "abstract", "sealed", "async", "new", "required"}


@dataclasses.dataclass
class Member:
    name: str
    type: str  # the plain name of what it returns or holds
    signature: str
    hidden: bool  # private


@dataclasses.dataclass
class Type:
    name: str
    header: str
    file: int
    is_interface: bool
    members: list


def blank(text):
    """The text with comments and literals as blanks; offsets and lines stay."""
    return _BLANKED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def declared(text, file):
    """The types of one file with their members. It never fails: what it cannot read, it leaves out."""
    code = _DIRECTIVE.sub(lambda m: " " * len(m.group()), blank(text))
    types, stack, start, done = [], [], 0, False
    for step in _STEP.finditer(code):
        what, at = step.group(), step.start()
        inside = stack[-1] if stack else None
        if what == "}":
            if stack:
                stack.pop()
            start, done = step.end(), False
            continue
        header = _ATTRIBUTES.sub("", code[start:at]).strip() if not done and (inside is None or inside != "code") else ""
        is_type = _TYPE.search(header) if header and what != "=>" and "(" not in header.split("record")[0] else None
        if is_type:
            made = Type(is_type.group(1), " ".join(header.split()), file, "interface" in header.split(is_type.group(1))[0], [])
            types.append(made)
        elif isinstance(inside, Type) and header:
            accessors = ""
            if what == "{" and "(" not in header:
                close = code.find("}", at)
                short = " ".join(code[at : close + 1].split())
                accessors = " " + short if close > 0 and len(short) <= 40 and "get" in short else " { get; }"
            member = _member(header, accessors, inside)
            if member:
                inside.members.append(member)
        if what == "{":
            stack.append(made if is_type else "namespace" if header.startswith("namespace") else "code")
            start, done = step.end(), False
        elif what == ";":
            start, done = step.end(), False
        else:
            done = True  # an expression body: the header has been read
    return types


def _member(header, accessors, owner):
    found = _METHOD.search(header) if "(" in header.split("=")[0] else _VALUE.search(header)
    if not found or found.group(2) == owner.name:
        return None
    kind = found.group(1).split(" ")
    if kind[-1] in _MODIFIERS or kind[-1] in ("return", "new", "operator", "event", "delegate"):
        return None
    signature = " ".join(header.split("=")[0].split() if "(" not in header else header.split())
    hidden = not owner.is_interface and not re.match(r"(?:\w+ )*?(?:public|internal|protected)\b", signature)
    return Member(found.group(2), plain(kind[-1]), signature + accessors, hidden)


def plain(type_name):
    """The name of a type without its arguments, namespaces and marks; of a task or a list, what it holds."""
    match = re.fullmatch(r"(?:[\w.]*\.)?(?:Task|ValueTask|List|IList|IEnumerable|IReadOnlyList|Lazy)<(.+)>\??", type_name)
    if match:
        return plain(match.group(1))
    return re.sub(r"<.*|[?\[\]]", "", type_name).split(".")[-1]


class RepositoryTypes:
    """files: [(path, text)]."""

    def __init__(self, files):
        self.files, self.types = files, collections.defaultdict(list)
        self._declaring, self._held = collections.defaultdict(set), collections.defaultdict(set)
        for number, (_, text) in enumerate(files):
            for found in declared(text, number):
                self.types[found.name].append(found)
                for member in found.members:
                    self._declaring[member.name].add(number)
                    self._held[member.name].add(member.type)

    def declared_elsewhere(self, name, file):
        """Is a member of this name declared in some other file, and in this one not?"""
        files = self._declaring.get(name)
        return bool(files) and file not in files

    def receiver(self, before):
        """The repository's type left of a `.` at the end of `before`, or None. Only what stands left of the cursor is looked at."""
        match = _RECEIVER.search(before[-200:])
        if not match:
            return None
        name, called = match.group(1), match.group(2)
        if not called:
            if name in self.types:
                return self.types[name][0]
            declared_as = None
            pattern = rf"\b([A-Z]\w*)(?:<[^<>;(){{}}]*>)?\??\s+{re.escape(name)}\b\s*[=;,){{]|\b{re.escape(name)}\s*=\s*(?:await\s+)?new\s+([A-Z]\w*)"
            for found in re.finditer(pattern, before):
                declared_as = found.group(1) or found.group(2)
            if declared_as in self.types:
                return self.types[declared_as][0]
        held = {t for t in self._held.get(name, ()) if t in self.types}
        return self.types[held.pop()][0] if len(held) == 1 else None

    def signatures(self, found, words, asking_file):
        """(path, code): the type's line and of its members those that fit; those that share words with `words` first."""
        members = {m.signature: m for t in self.types[found.name] for m in t.members if not m.hidden or t.file == asking_file}
        ranked = sorted(members.values(), key=lambda m: -((m.name in words) * 100 + (not m.hidden)))[: SIGNATURE_LINES - 3]
        chosen = [m for m in members.values() if m in ranked]
        path = self.files[found.file][0]
        if not chosen:
            return path, found.header + ";"
        return path, found.header + "\n{\n" + "".join(f"    {m.signature}{'' if m.signature.endswith('}') else ';'}\n" for m in chosen) + "}"
