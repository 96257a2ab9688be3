"""Corpus shards: JSON lines of {"repo", "path", "text"}, one C# file a line, compressed with xz, each shard under 24 MiB."""
import glob
import json
import lzma

from errors import InputError


class ShardWriter:
    """Writes NAME-00.jsonl.xz, NAME-01.jsonl.xz, ... into a folder."""

    def __init__(self, folder, name, limit=24 << 20):
        self._folder, self._name, self._limit = folder, name, limit
        self._count, self._raw, self._text = 0, None, None

    def write(self, record):
        # xz holds back up to a block, so a shard is closed well before its limit.
        if self._raw is None or self._raw.tell() > self._limit - (2 << 20):
            self.close()
            self._raw = open(self._folder / f"{self._name}-{self._count:02}.jsonl.xz", "wb")
            self._text = lzma.open(self._raw, "wt", preset=6, encoding="utf-8", newline="\n")
            self._count += 1
        self._text.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self):
        if self._raw is not None:
            self._text.close()
            self._raw.close()
            self._raw = None


def records(pattern, read, what, made_with):
    """What `read` makes of each line's JSON, of all files that a glob names, in the order of their names; `.jsonl` and `.jsonl.xz` both.

    read may raise ValueError, KeyError, TypeError or IndexError where the JSON is not `what`. Raises InputError with the file and its line where it is
    cut short, no UTF-8, no JSON or not `what`; made_with: says how to make such files.
    """
    files = sorted(glob.glob(str(pattern), recursive=True))
    if not files:
        raise InputError(f"No file is named '{pattern}': make one with {made_with}, or correct the pattern.")
    for file in files:
        number = 0
        try:
            with lzma.open(file, "rb") if file.endswith(".xz") else open(file, "rb") as lines:
                for number, line in enumerate(lines, 1):
                    yield read(json.loads(line.decode("utf-8")))
        except UnicodeDecodeError as error:
            raise InputError(f"'{file}' is not UTF-8 at byte {error.start} of line {number}: make it again with {made_with}.") from None
        except (lzma.LZMAError, EOFError):
            raise InputError(f"'{file}' is cut short or damaged after line {number}: copy it again.") from None
        except (ValueError, KeyError, TypeError, IndexError):
            raise InputError(f"'{file}' has no {what} in line {number}: make it again with {made_with}.") from None


def rows(pattern):
    """The records of all corpus shards that a glob names. Raises InputError, see `records`."""
    return records(pattern, lambda r: {"repo": r["repo"], "path": r["path"], "text": r["text"]}, "record of repo, path and text", "corpus.py")


def repositories(pattern, only=None):
    """{repository: [(path, text), ...]} of those named in `only`, or of all."""
    found = {}
    for row in rows(pattern):
        if only is None or row["repo"] in only:
            found.setdefault(row["repo"], []).append((row["path"], row["text"]))
    return found
