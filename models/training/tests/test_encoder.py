"""The encoder: mined pairs, the contrastive loss, training, and an export that gives the same vectors."""
import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import places  # noqa: F401

import checkpoint
import encoder
import numpy_runtime
import pairs
import tiny
from errors import InputError

try:
    import torch
except ImportError:
    torch = None


class Pairs(unittest.TestCase):
    def test_what_would_help_as_well_is_no_negative(self):
        batch = [
            ("query a", "Alpha(); Beta();", ("Alpha",)),
            ("query b", "Gamma(); Alpha();", ("Gamma",)),
            ("query c", "Alpha(); Beta();", ("Delta",)),
        ]
        wanted = [[False, True, True], [False, False, False], [True, False, False]]
        self.assertEqual(wanted, pairs.false_negatives(batch).tolist())

    def test_missing_and_damaged_pairs_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.jsonl.xz"
            with self.assertRaisesRegex(InputError, "pairs.jsonl.xz' is missing: make it with encoder.py mine"):
                pairs.read(path)
            path.write_bytes(b"no xz")
            with self.assertRaisesRegex(InputError, "is cut short or damaged after pair 0"):
                pairs.read(path)


@unittest.skipIf(torch is None, "torch is not here")
class Encoder(unittest.TestCase):
    def test_mine_train_recall_and_export(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            folder = Path(folder)
            init, (train_shards, eval_shards) = tiny.start(folder / "init"), tiny.corpus(folder / "corpus")
            mined, made, out = folder / "pairs.jsonl.xz", folder / "made", folder / "out"
            encoder.main(["mine", "--corpus", train_shards, "--out", str(mined), "--pairs", "200"])
            found = pairs.read(mined)["clinic/train"]
            self.assertGreater(len(found), 100)

            settings = ["--layers", "1", "--tokens", "48", "--batch", "24", "--lr", "0.01", "--steps", "25"]
            encoder.main(["train", "--init", str(init), "--from-nothing", "--pairs", str(mined), "--out", str(made), *settings])
            self.assertIn('"step": 25', said.getvalue())
            net, tokenizer, about = encoder.load(made)
            self.assertEqual({"layers": 1, "width": 256, "tokens": 48}, about)

            # Better than chance at telling a query's document from 23 others.
            batch = found[:24]
            ids = [encoder.encode(tokenizer, [p[part] for p in batch], 48, part == 0) for part in (0, 1)]
            with torch.no_grad():
                query, document = (net(*map(torch.from_numpy, x)) for x in ids)
                loss = encoder.contrastive_loss(query, document, torch.from_numpy(pairs.false_negatives(batch)))
            self.assertLess(loss.item(), np.log(24) - 0.2)

            encoder.main(["recall", "--encoder", str(made), "--eval", eval_shards, "--places", "20"])
            self.assertIn("| BM25 |", said.getvalue())

            encoder.main(["export", "--encoder", str(made), "--out", str(out)])
            graph = onnx.load(str(out / "encoder.onnx"))
            self.assertEqual({"input_ids", "attention_mask"}, {i.name for i in graph.graph.input})
            self.assertEqual(["embedding"], [o.name for o in graph.graph.output])
            feeds = dict(zip(("input_ids", "attention_mask"), ids[1]))
            vectors = numpy_runtime.run(graph, out, feeds)["embedding"]
            self.assertEqual((24, 256), vectors.shape)
            cosine = (vectors * document.numpy()).sum(1)
            self.assertGreater(cosine.min(), 0.99)
            np.testing.assert_allclose(1, np.linalg.norm(vectors, axis=1), atol=1e-5)

    def test_an_encoder_that_is_too_large_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            init = tiny.start(folder / "init")
            encoder.save(encoder.make_encoder(checkpoint.read_config(init), 1), folder / "made", 16, init)
            largest, encoder.LARGEST = encoder.LARGEST, 1000
            try:
                with self.assertRaisesRegex(InputError, "fewer --layers"):
                    encoder.export(folder / "made", folder / "out")
            finally:
                encoder.LARGEST = largest


if __name__ == "__main__":
    unittest.main()
