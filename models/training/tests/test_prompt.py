"""Tokenizer and prompt against what the C# side makes: golden.json of the model, and the cases both languages share."""
import json
import unittest

from places import MODEL, SHARED_PROMPTS

import tokenizer as tokenization
from errors import InputError
from prompt import Budget, PromptBuilder, Snippet, heal, only_closers_follow, units
from tokenizer import CodeTokenizer, check_fits, pieces

TOKENIZER = CodeTokenizer(MODEL / "tokenizer.json", library=False)
SHARED = json.loads(SHARED_PROMPTS.read_text("utf-8"))


class PromptAgreement(unittest.TestCase):
    def test_every_shared_case_makes_the_tokens_that_the_engine_makes(self):
        builder = PromptBuilder(TOKENIZER, Budget(**SHARED["budget"]))
        self.assertGreaterEqual(len(SHARED["cases"]), 8)
        for case in SHARED["cases"]:
            with self.subTest(case["name"]):
                text = units(case["text"])
                prompt = builder.build(case["path"], text, case["cursor"], [Snippet(**s) for s in case["snippets"]])
                self.assertEqual(case["typed"], prompt.typed)
                self.assertEqual(case["tokens"], prompt.tokens)
                self.assertEqual(case["onlyClosersFollow"], only_closers_follow(text, case["cursor"]))

    def test_the_shared_cases_are_made_with_the_budget_that_samples_are_made_with(self):
        self.assertEqual(Budget(), Budget(**SHARED["budget"]))


class Tokens(unittest.TestCase):
    def test_golden_encodings_hold(self):
        golden = json.loads((MODEL / "golden.json").read_text("utf-8"))
        for case in golden["encodings"]:
            self.assertEqual(case["ids"], TOKENIZER.encode_with_specials(case["text"]))
        for case in golden["generations"]:
            self.assertEqual(case["prompt_ids"], TOKENIZER.encode_with_specials(case["prompt"]))

    def test_pieces_are_the_text_and_ids_spell_it(self):
        for text in ("", "it's  12 x\n\n\t y", "'re 'x \u00a0é漢😀\u2028z", "a  1", "\r\n  }\r\n"):
            self.assertEqual(text, "".join(pieces(text)))
            self.assertEqual(text, TOKENIZER.decode(TOKENIZER.encode(text)))

    def test_bytes_that_no_token_spells_are_left_out_as_the_engine_does(self):
        # The same in TokenizerTests.cs.
        self.assertEqual([], TOKENIZER.encode("\x04"))
        self.assertEqual([81, 82], TOKENIZER.encode("a\x04b"))
        self.assertEqual([104, 446, 8313, 43, 198], TOKENIZER.encode('x = "\x14\x16";\n'))
        self.assertEqual([81, 218, 218, 218, 82], TOKENIZER.encode("a\U00080000b"))

    def test_a_special_tokens_name_in_a_text_is_text(self):
        self.assertNotIn(TOKENIZER.role("file"), TOKENIZER.encode("<|file|>"))
        self.assertEqual([TOKENIZER.role("file")], TOKENIZER.encode_with_specials("<|file|>"))

    @unittest.skipIf(tokenization.tokenizers is None, "the library `tokenizers` is not here")
    def test_the_library_and_the_fallback_agree(self):
        library = CodeTokenizer(MODEL / "tokenizer.json")
        for text in [c["text"] for c in SHARED["cases"]] + ["it's  12 x\n\n\t y", "'re 'x \u00a0é漢😀\u2028z", "<|file|> a  1"]:
            self.assertEqual(TOKENIZER.encode(text), library.encode(text))

    def test_healing_keeps_characters_whole(self):
        ids = TOKENIZER.encode("string Last = \"é漢😀")
        kept, typed = heal(TOKENIZER, ids)
        self.assertNotIn("\ufffd", typed)
        self.assertNotIn("\ufffd", TOKENIZER.decode(kept))

    def test_a_tokenizer_that_does_not_fit_the_weights_is_named(self):
        with self.assertRaisesRegex(InputError, r"tokenizer\.json' has 16,385 tokens .*config\.json' says vocab_size 49,152"):
            check_fits(TOKENIZER, {"vocab_size": 49152}, "elsewhere/config.json")


if __name__ == "__main__":
    unittest.main()
