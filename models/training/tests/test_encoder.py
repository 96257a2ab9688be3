"""The encoder: mined pairs, the contrastive loss, training, and an export that gives the same vectors."""
import contextlib
import hashlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import places

import checkpoint
import encoder
import numpy_runtime
import pairs
import tiny
from errors import InputError
from tokenizer import CodeTokenizer

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


class Reading(unittest.TestCase):
    def setUp(self):
        self.tokenizer = CodeTokenizer(places.MODEL / "tokenizer.json")
        about = {"tokens": 4, "left_out": encoder.left_out(self.tokenizer), "query_weights": [1.0, 0.5, 0.25, 0.125]}
        self.reader = encoder.Reader(self.tokenizer, about)

    def words(self, text, query):
        return [self.tokenizer.decode([i]).strip() for i in self.reader.read(text, query)]

    def test_marks_and_keywords_are_left_out(self):
        self.assertEqual(["Total", "Count"], self.words("    private static int Total => { Count; };\n", False))

    def test_a_document_keeps_its_beginning_and_a_query_its_end(self):
        self.assertEqual(["one", "two", "three", "four"], self.words("one two three four five six", False))
        self.assertEqual(["three", "four", "five", "six"], self.words("one two three four five six", True))

    def test_the_end_of_a_query_counts_the_most(self):
        ids, weights = self.reader.rows(["one two", "one two three four five", " ; "], True)
        self.assertEqual((3, 4), ids.shape)
        self.assertEqual([[0.5, 1, 0, 0], [0.125, 0.25, 0.5, 1], [0, 0, 0, 0]], weights.tolist())
        self.assertEqual([[1, 1]], self.reader.rows(["one two"], False)[1].tolist())


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

            settings = ["--layers", "1", "--tokens", "48", "--batch", "24", "--lr", "0.003", "--steps", "15", "--table-batch", "48", "--table-steps", "25"]
            train = ["train", "--init", str(init), "--from-nothing", "--pairs", str(mined), "--out", str(made), *settings]
            encoder.main(train)
            self.assertIn('"stage": "table", "step": 25', said.getvalue())
            self.assertIn('"stage": "layers", "step": 15', said.getvalue())
            net, reader = encoder.load(made)
            about = encoder.read_about(made)
            self.assertEqual((1, 256, 48, 48), (about["layers"], about["width"], about["tokens"], len(about["query_weights"])))

            # Better than chance at telling a query's document from 23 others; and the layers have learned something.
            batch = found[:24]
            rows = [reader.rows([p[part] for p in batch], part == 0) for part in (0, 1)]
            with torch.no_grad():
                query, document = (net(*map(torch.from_numpy, x)) for x in rows)
                loss = encoder.contrastive_loss(query, document, torch.from_numpy(pairs.false_negatives(batch)))
                without = net.table_alone(*map(torch.from_numpy, rows[1]))
            self.assertLess(loss.item(), np.log(24) - 0.2)
            self.assertLess((without * document).sum(1).min().item(), 0.999)

            # The plan is done: the same command again changes nothing.
            before = (made / "model.safetensors").read_bytes()
            encoder.main(train)
            self.assertEqual(before, (made / "model.safetensors").read_bytes())

            encoder.main(["recall", "--encoder", str(made), "--eval", eval_shards, "--places", "20"])
            self.assertIn("| BM25 |", said.getvalue())

            encoder.main(["export", "--encoder", str(made), "--out", str(out)])
            graph = onnx.load(str(out / "encoder.onnx"))
            self.assertEqual({"input_ids", "weights"}, {i.name for i in graph.graph.input})
            self.assertEqual(["embedding"], [o.name for o in graph.graph.output])
            for read, made_here in zip(rows, (query, document)):
                vectors = numpy_runtime.run(graph, out, dict(zip(("input_ids", "weights"), read)))["embedding"]
                self.assertEqual((24, 256), vectors.shape)
                self.assertGreater((vectors * made_here.numpy()).sum(1).min(), 0.99)
                np.testing.assert_allclose(1, np.linalg.norm(vectors, axis=1), atol=1e-5)
            identity = hashlib.sha256((made / "tokenizer.json").read_bytes()).hexdigest()[:16]
            self.assertEqual(identity, json.loads((out / "encoder.json").read_text())["tokenizer"])

    def test_a_run_goes_on_where_it_stopped(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            folder = Path(folder)
            init, (shards, _) = tiny.start(folder / "init"), tiny.corpus(folder / "corpus")
            encoder.main(["mine", "--corpus", shards, "--out", str(folder / "pairs"), "--pairs", "60"])
            train = ["train", "--init", str(init), "--from-nothing", "--pairs", str(folder / "pairs"), "--out", str(folder / "made"), "--batch", "8"]
            encoder.main([*train, "--table-steps", "0", "--steps", "2"])
            encoder.main([*train, "--table-steps", "0", "--steps", "3"])
            steps = [json.loads(line)["step"] for line in said.getvalue().splitlines() if line.startswith("{")]
            self.assertEqual([2, 3], steps)

            (folder / "made" / "state.pt").write_bytes(b"cut short")
            with self.assertRaisesRegex(InputError, "state.pt' does not fit this run or is cut short"):
                encoder.train(encoder.options_of([*train, "--steps", "4"]))

    def test_the_untrained_layers_change_nothing_and_padding_never_does(self):
        with tempfile.TemporaryDirectory() as folder:
            config = encoder.encoder_config(checkpoint.read_config(tiny.start(Path(folder) / "init")), 2)
            torch.manual_seed(1)
            net = encoder.make_encoder(config, 16)
            ids, away = (torch.from_numpy(x) for x in encoder.packed([np.arange(5, 9), np.arange(20, 32), np.arange(0)]))
            with torch.no_grad():
                np.testing.assert_allclose(net.table_alone(ids, net.weights(away, True)), net(ids, net.weights(away, True)), atol=1e-6)
                for layer in net.layers:
                    layer.self_attn.o_proj.weight.normal_(0, 0.1)
                alone = net(ids[:1, :4], net.weights(away[:1, :4], True))
                among = net(ids, net.weights(away, True))
            np.testing.assert_allclose(alone[0], among[0], atol=1e-5)
            self.assertEqual(0, among[2].abs().max().item())

    def test_an_encoder_that_is_too_large_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            init = tiny.start(folder / "init")
            encoder.save(encoder.make_encoder(encoder.encoder_config(checkpoint.read_config(init), 1), 16), folder / "made", init)
            largest, encoder.LARGEST = encoder.LARGEST, 1000
            try:
                with self.assertRaisesRegex(InputError, "fewer --layers"):
                    encoder.export(folder / "made", folder / "out")
            finally:
                encoder.LARGEST = largest


if __name__ == "__main__":
    unittest.main()
