"""The corpus: what is left out, what is taken out, and what is said about it."""
import json
import lzma
import tempfile
import unittest
from pathlib import Path

from places import TRAINING

import corpus
from duplicates import NearDuplicates
from errors import InputError
from redact import redact
from shards import rows

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"


def code(name, salt=""):
    """A C# file of a few hundred words."""
    members = "\n".join(f"    public int {name}{i}(int {salt}value) => {salt}value * {i} + Offset{name}({i});" for i in range(20))
    return f"namespace Sample;\n\npublic class {name}\n{{\n{members}\n}}\n"


class Corpus(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.said = []

    def write(self, path, content):
        file = self.folder / "source" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def preprocess(self, *uses, licence="MIT"):
        listed = [{"repository": f"me/{n}", "ref": "HEAD", "licence": licence, "use": use} for n, use in uses]
        corpus.preprocess(listed, self.folder / "source", self.folder / "out", self.said.append)
        read = {use: [] for use in ("train", "eval")}
        for use in read:
            if (self.folder / "out" / f"{use}-00.jsonl.xz").exists():
                read[use] = list(rows(self.folder / "out" / f"{use}-*"))
        return read

    def test_broken_utf8_is_left_out_and_the_file_is_named(self):
        self.write("me+a/LICENSE", MIT)
        self.write("me+a/Good.cs", code("Good"))
        self.write("me+a/src/Broken.cs", code("Broken").encode() + b"// caf\xe9\n")
        self.write("me+a/Wide.cs", code("Wide").encode("utf-16"))

        kept = self.preprocess(("a", "train"))["train"]

        self.assertEqual(["Good.cs", "Wide.cs"], [r["path"] for r in kept])
        self.assertTrue(any("me/a:src/Broken.cs: broken UTF-8 in line 26" in line and "save it as UTF-8" in line for line in self.said), self.said)
        self.assertIn("src/Broken.cs", (self.folder / "out" / "left-out.tsv").read_text())

    def test_copies_and_near_copies_of_evaluation_files_are_not_trained_on(self):
        self.write("me+held/A.cs", code("Alpha"))
        self.write("me+a/Copy.cs", code("Alpha").replace("\n", "\r\n"))
        self.write("me+a/Near.cs", code("Alpha") + "// one more line at the end\n")
        self.write("me+a/Other.cs", code("Omega", salt="my"))

        listed = self.folder / "list.tsv"
        listed.write_text("repository\tref\tlicence\tuse\nme/a\tHEAD\tMIT\ttrain\nme/held\tHEAD\tMIT\teval\n")
        corpus.preprocess(corpus.read_list(listed), self.folder / "source", self.folder / "out", self.said.append)

        self.assertEqual(["Other.cs"], [r["path"] for r in rows(self.folder / "out" / "train-*")])
        self.assertEqual(["A.cs"], [r["path"] for r in rows(self.folder / "out" / "eval-*")])

    def test_secrets_and_addresses_are_taken_out_of_what_is_kept(self):
        self.write(
            "me+a/A.cs",
            code("A") + '// by jane.doe@contoso.org\nvar password = "hunter22"; var c = "Server=x;Password=letmein;Database=d";\n',
        )

        text = self.preprocess(("a", "train"))["train"][0]["text"]

        for gone in ("jane.doe", "contoso", "hunter22", "letmein"):
            self.assertNotIn(gone, text)
        self.assertIn("Database=d", text)

    def test_a_licence_that_is_not_the_listed_one_keeps_the_repository_out(self):
        self.write("me+a/LICENSE.md", "GNU General Public License, version 3")
        self.write("me+a/A.cs", code("A"))

        self.assertEqual([], self.preprocess(("a", "train"))["train"])
        self.assertTrue(any("LICENSE.md reads as copyleft" in line for line in self.said), self.said)

    def test_the_list_of_repositories_is_permissive_and_keeps_five_for_evaluation(self):
        listed = corpus.read_list(TRAINING / "repos.tsv")
        self.assertEqual(5, sum(r["use"] == "eval" for r in listed))
        self.assertEqual(["eval"] * 5, [r["use"] for r in listed[:5]])

    def test_a_shard_with_broken_utf8_or_cut_short_is_named(self):
        plain = self.folder / "bad-00.jsonl"
        plain.write_bytes(json.dumps({"repo": "r", "path": "p", "text": "t"}).encode() + b'\n{"repo": "r\xff"}\n')
        with self.assertRaisesRegex(InputError, r"bad-00\.jsonl' is not UTF-8 at byte 11 of line 2: make it again with corpus.py"):
            list(rows(plain))

        packed = self.folder / "cut-00.jsonl.xz"
        packed.write_bytes(lzma.compress(b'{"repo": "r", "path": "p", "text": "t"}\n' * 5000)[:-40])
        with self.assertRaisesRegex(InputError, r"cut-00\.jsonl\.xz' is cut short"):
            list(rows(packed))

        with self.assertRaisesRegex(InputError, "No file is named"):
            list(rows(self.folder / "none-*"))


class Redaction(unittest.TestCase):
    def test_what_looks_like_a_secret_goes(self):
        for secret in (
            '"ghp_0123456789abcdefghijABCDEFGHIJ012345"',
            '"https://me:s3cr3tpass@host/"',
            'request.Headers["Authorization"] = "Bearer abcdefghijklmnop0123456789";',
            '"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END"',
            'const string Salt = "q7Rz1Kp9Xw3Lm8Tv2Nb6Yc4Hd5";',
        ):
            text, secrets, _ = redact(secret)
            self.assertEqual(1, secrets, secret)
            self.assertEqual(secret.count("\n"), text.count("\n"))

    def test_what_does_not_stays(self):
        for harmless in (
            'var password = Ask("Which password?");',
            '"3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
            'Assert.Equal("TheQuickBrownFoxJumpsOverTheLazyDog", name);',
            "// write to someone@example.com",
            '[SuppressMessage("a", "b")] @class.Name@2',
        ):
            self.assertEqual((harmless, 0, 0), redact(harmless))


class Duplicates(unittest.TestCase):
    def test_alike_is_found_and_different_is_not(self):
        near = NearDuplicates()
        self.assertIsNone(near.seen(code("Alpha"), "first"))
        self.assertEqual("first", near.seen(code("Alpha").replace("Offset", "Shift", 1), "second"))
        self.assertIsNone(near.seen(code("Beta", salt="other"), "third"))
        self.assertIsNone(near.seen("too short", "fourth"))


if __name__ == "__main__":
    unittest.main()
