"""The checkpoint between two: every tensor by its share, what one lacks as the other has it, and two that do not fit are named."""
import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np

import tiny
from average import average, main
from checkpoint import read_tensors, write_tensors
from errors import InputError


class Average(unittest.TestCase):
    def test_tensors_are_averaged_by_share_and_what_is_missing_stays(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            a, b = tiny.start(folder / "a"), tiny.start(folder / "b")
            write_tensors(a / "model.safetensors", {"x": np.float32([[0, 2]]), "y": np.float32([4])})
            write_tensors(b / "model.safetensors", {"x": np.float32([[1, 4]])})
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                main([str(a), str(b), str(folder / "out"), "--share", "0.25"])
            made = read_tensors(folder / "out" / "model.safetensors")
            self.assertTrue((folder / "out" / "tokenizer.json").exists())
        np.testing.assert_allclose([[0.25, 2.5]], made["x"])
        np.testing.assert_allclose([4], made["y"])
        self.assertIn("taken as they are: y", said.getvalue())

    def test_checkpoints_of_other_shapes_are_named(self):
        with self.assertRaisesRegex(InputError, r"x is \[2\] in one and \[3\] in the other"):
            average({"x": np.zeros(2)}, {"x": np.zeros(3)}, 0.5)
        with self.assertRaisesRegex(InputError, "no tensor in common"):
            average({"x": np.zeros(2)}, {"y": np.zeros(2)}, 0.5)


if __name__ == "__main__":
    unittest.main()
