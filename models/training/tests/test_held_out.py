"""Held-out code: the samples written for the benchmarks are whole and always the same; a checkpoint's loss does not hang on the batches."""
import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import held_out
import tiny
from errors import InputError
from places import MODEL
from tokenizer import CodeTokenizer

try:
    import torch

    import checkpoint
    import model
except ImportError:
    torch = None


class HeldOut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        _, cls.eval = tiny.corpus(cls.folder / "corpus")

    def written(self, name):
        out = self.folder / name
        held_out.main(["write", "--tokenizer", str(MODEL / "tokenizer.json"), "--eval", self.eval, "--count", "3", "--out", str(out)])
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()]

    def test_samples_are_the_same_each_time_and_say_where_the_line_begins(self):
        made, tokenizer = self.written("a.jsonl"), CodeTokenizer(MODEL / "tokenizer.json")
        self.assertEqual(made, self.written("b.jsonl"))
        self.assertEqual(["general"] * 3 + ["product"] * 3, [sample["kind"] for sample in made])
        for sample in made:
            ids = sample["ids"]
            self.assertEqual(tokenizer.role("prefix"), ids[sample["read"] - 1])
            self.assertEqual(tokenizer.role("end"), ids[-1])
            self.assertLess(sample["read"], len(ids) - sample["middle"] + 1)
            self.assertNotIn(tokenizer.role("end"), ids[-sample["middle"] : -1])

    @unittest.skipIf(torch is None, "torch is not here")
    def test_a_checkpoints_loss_does_not_hang_on_how_many_rows_are_read_at_a_time(self):
        init = tiny.start(self.folder / "init")
        model.save(model.initialise(checkpoint.read_config(init), seed=1), init)
        losses = []
        for rows in ("1", "2"):
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                held_out.main(["measure", "--init", str(init), "--eval", self.eval, "--rows", rows, "--total", "2"])
            losses.append(json.loads(said.getvalue()))
        self.assertEqual({"eval_loss", "eval_middle", "eval_product_middle"}, set(losses[0]))
        for name, loss in losses[0].items():
            self.assertGreater(loss, 5)  # an untrained model knows nothing: ln 16,385 = 9.7
            self.assertAlmostEqual(loss, losses[1][name], places=3)

    @unittest.skipIf(torch is None, "torch is not here")
    def test_rows_that_do_not_divide_are_refused(self):
        with self.assertRaisesRegex(InputError, "no multiple of --rows 3"):
            held_out.measure(self.folder, self.eval, rows=3, total=2)


if __name__ == "__main__":
    unittest.main()
