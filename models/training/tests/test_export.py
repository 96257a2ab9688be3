"""Export: names as documented, weight files under the limit, the shipped graphs made again, and numbers that agree with the torch model."""
import contextlib
import io
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from places import MODEL

import checkpoint
import export_onnx
import graphs
import numpy_runtime
import tiny
import weight_files
import weights_of
from errors import InputError

try:
    import torch

    import model
except ImportError:
    torch = None


def described(graph):
    """What makes a graph what it is, whatever order its initializers stand in."""
    return (
        [(n.op_type, n.domain, list(n.input), list(n.output), sorted(str(a) for a in n.attribute)) for n in graph.node],
        sorted(i.SerializeToString(deterministic=True) for i in graph.initializer),
        [str(i) for i in graph.input],
        [str(o) for o in graph.output],
    )


class ShippedGraphs(unittest.TestCase):
    def test_the_shipped_graphs_are_made_again_from_the_index_alone(self):
        config, index = checkpoint.read_config(MODEL), weight_files.index_of(MODEL)
        for kind in graphs.KINDS:
            with self.subTest(kind):
                shipped = onnx.load(str(MODEL / (f"model.{kind}.onnx" if kind else "model.onnx")), load_external_data=False)
                self.assertEqual(described(shipped.graph), described(graphs.decoder(config, index, kind).graph))


@unittest.skipIf(torch is None, "torch is not here")
class TinyExport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.init, cls.out = tiny.start(Path(temporary.name) / "init"), Path(temporary.name) / "out"
        cls.net = model.initialise(checkpoint.read_config(cls.init), seed=3)
        with torch.no_grad():  # larger weights, so that the logits differ from each other
            for p in cls.net.parameters():
                if p.dim() == 2:
                    p.mul_(5)
        model.save(cls.net, cls.init)
        cls.export("--init", str(cls.init), "--out", str(cls.out), "--part-mb", "1.1", "--positions", "128")

    @staticmethod
    def export(*arguments):
        with contextlib.redirect_stdout(io.StringIO()):
            export_onnx.main(arguments)

    def test_what_did_not_change_lies_there_bit_for_bit(self):
        changed, again = self.out.parent / "changed", self.out.parent / "again"
        _, tensors = weights_of.weights_of(self.out)
        more = ("--part-mb", "1.1", "--positions", "128", "--like", str(self.out))
        for name, tensor in tensors.items():
            if "layers.1." in name:
                tensor += 0.01
        shutil.copytree(self.init, changed)
        checkpoint.write_tensors(changed / "model.safetensors", tensors)
        self.export("--init", str(changed), "--out", str(again), *more)
        before, after = weight_files.index_of(self.out), weight_files.index_of(again)
        self.assertEqual(before, after)
        for name, entry in before.items():
            same = weight_files.read(self.out, entry).tobytes() == weight_files.read(again, entry).tobytes()
            self.assertEqual(not name.startswith("1."), same, name)

    def graph(self, kind):
        return onnx.load(str(self.out / (f"model.{kind}.onnx" if kind else "model.onnx")), load_external_data=False)

    def feeds(self, ids, more=()):
        ids = np.array([ids], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "num_logits_to_keep": np.array([ids.shape[1]], np.int64)}
        for i in range(tiny.CONFIG["num_hidden_layers"]):
            feeds |= {f"past_key_values.{i}.{t}": np.zeros((1, 2, 0, 16), np.float32) for t in ("key", "value")}
        return feeds | dict(more)

    def logits(self, ids, net=None):
        net = net or self.net
        with torch.no_grad():
            segments = torch.zeros(1, len(ids), dtype=torch.long)
            loss = model.Loss(net, "masked", compiled=False)
            hidden = net(torch.tensor([ids]), model.positions_of(segments), loss.allowed(segments))
            return net.logits(hidden)[0].numpy()

    def test_inputs_and_outputs_are_named_as_documented(self):
        layers = range(tiny.CONFIG["num_hidden_layers"])
        caches = [f"{i}.{t}" for i in layers for t in ("key", "value")]
        for kind in graphs.KINDS:
            graph = self.graph(kind).graph
            more = ["position_ids", "attention_bias"] if kind == "tree" else []
            attention = [f"attention.{i}" for i in layers] if kind == "explain" else []
            self.assertEqual(
                {"input_ids", "attention_mask", "num_logits_to_keep", *more, *("past_key_values." + c for c in caches)}, {i.name for i in graph.input}
            )
            self.assertEqual({"logits", *attention, *("present." + c for c in caches)}, {o.name for o in graph.output})

    def test_weight_files_are_whole_and_under_the_limit(self):
        sizes = {p.name: p.stat().st_size for p in self.out.glob("weights-*.bin")}
        self.assertGreater(len(sizes), 1)
        self.assertLessEqual(max(sizes.values()), 1_100_000)
        self.assertLess(weight_files.PART, 45 * 1024 * 1024)
        for entry in weight_files.index_of(self.out).values():
            self.assertLessEqual(entry.offset + entry.length, sizes[entry.file])
            self.assertEqual(0, entry.offset % 64)

    def test_every_cpu_graph_gives_the_torch_models_logits_up_to_quantisation(self):
        ids = [6, 3739, 371, 31, 198, 2, 12192, 1509, 371, 43]
        wanted = self.logits(ids)
        n = len(ids)
        tree = {"position_ids": np.arange(n)[None], "attention_bias": np.zeros((1, 1, n, n), np.float32)}
        results = {}
        for kind, more in (("", {}), ("avx2", {}), ("explain", {}), ("tree", tree)):
            out = numpy_runtime.run(self.graph(kind), self.out, self.feeds(ids, more))
            results[kind] = out["logits"][0]
            error = np.abs(results[kind] - wanted).max() / np.abs(wanted).max()
            self.assertLess(error, 0.05, kind)
        # Unsigned weights are the same weights.
        np.testing.assert_array_equal(results[""], results["avx2"])
        np.testing.assert_array_equal(results[""], results["explain"])

    def test_the_float_graph_computes_with_the_stored_weights_and_rounds_nothing(self):
        ids = [6, 3739, 371, 31, 198, 2, 12192, 1509, 371, 43]
        reference = self.out / "float"
        self.export("--float", str(self.out), "--out", str(reference))
        made = numpy_runtime.run(onnx.load(str(reference / "model.onnx"), load_external_data=False), reference, self.feeds(ids))["logits"][0]
        config, tensors = weights_of.weights_of(self.out)
        net = model.Decoder(config)
        net.load_state_dict({n[len("model.") :]: torch.from_numpy(t) for n, t in tensors.items()})
        np.testing.assert_allclose(made, self.logits(ids, net), atol=2e-3)

    def test_what_was_read_before_serves_what_follows(self):
        ids = [6, 3739, 371, 31, 198, 2, 12192, 1509]
        graph = self.graph("")
        whole = numpy_runtime.run(graph, self.out, self.feeds(ids))["logits"][0]
        first = numpy_runtime.run(graph, self.out, self.feeds(ids[:5]))
        past = {k.replace("present", "past_key_values"): v for k, v in first.items() if k.startswith("present")}
        rest = self.feeds(ids[5:], past | {"attention_mask": np.ones((1, len(ids)), np.int64)})
        np.testing.assert_allclose(whole[5:], numpy_runtime.run(graph, self.out, rest)["logits"][0], atol=1e-4)

    @unittest.skipIf(not hasattr(onnx, "__version__") or onnx.__version__ < "1.13", "this onnx knows no opset 18")
    def test_the_checker_accepts_the_graphs(self):
        for kind in graphs.KINDS:
            onnx.checker.check_model(str(self.out / (f"model.{kind}.onnx" if kind else "model.onnx")))

    def test_onnx_runtime_gives_the_same(self):
        try:
            import onnxruntime
        except ImportError:
            self.skipTest("onnxruntime is not here")
        ids = [6, 3739, 371, 31, 198, 2, 12192, 1509]
        for kind in ("", "avx2"):
            session = onnxruntime.InferenceSession(str(self.out / (f"model.{kind}.onnx" if kind else "model.onnx")))
            ours = numpy_runtime.run(self.graph(kind), self.out, self.feeds(ids))["logits"]
            np.testing.assert_allclose(session.run(["logits"], self.feeds(ids))[0], ours, atol=0.05 * np.abs(ours).max())

    def test_a_model_folder_gives_its_checkpoint_back(self):
        config, tensors = weights_of.weights_of(self.out)
        self.assertEqual(tiny.CONFIG["hidden_size"], config["hidden_size"])
        for name, tensor in checkpoint.read_tensors(self.init / "model.safetensors").items():
            self.assertEqual(tensor.shape, tensors[name].shape)
            self.assertLess(np.abs(tensor - tensors[name]).max(), np.abs(tensor).max() / 100, name)

    def test_graphs_and_parts_are_made_again_without_the_checkpoint(self):
        copy = self.out.parent / "copy"
        shutil.copytree(self.out, copy)
        before = {name: weight_files.read(self.out, e).tobytes() for name, e in weight_files.index_of(self.out).items()}
        self.export("--graphs", str(copy), "--repack")
        self.assertEqual(["weights-0.bin"], [p.name for p in copy.glob("weights-*.bin")])
        self.assertEqual(before, {name: weight_files.read(copy, e).tobytes() for name, e in weight_files.index_of(copy).items()})
        shutil.rmtree(copy)

    def test_cut_weights_and_a_wrong_tokenizer_are_named(self):
        copy = self.out.parent / "cut"
        shutil.copytree(self.out, copy)
        with open(copy / "weights-0.bin", "r+b") as file:
            file.truncate(1000)
        with self.assertRaisesRegex(InputError, r"weights-0\.bin' is cut short, 1,000 of the .* bytes .*copy it again"):
            weights_of.weights_of(copy)
        shutil.rmtree(copy)

        whole = (self.init / "model.safetensors").read_bytes()
        cut = self.out.parent / "model.safetensors"
        for length in (0, 5, 200, len(whole) - 1):
            cut.write_bytes(whole[:length])
            with self.assertRaisesRegex(InputError, r"model\.safetensors' is (cut short|empty).*copy it again"):
                checkpoint.read_tensors(cut)


if __name__ == "__main__":
    unittest.main()
