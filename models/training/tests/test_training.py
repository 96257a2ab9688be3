"""The loop: the loss falls, a resumed run is the run that was not broken off, and bad input is named."""
import contextlib
import io
import json
import random
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from places import MODEL

import tiny
from errors import InputError
from own_prompts import own_prompts
from prompt import Budget, PromptBuilder
from samples import PADDING, Sampler, cut, draw_weights, own_share
from shards import repositories
from tokenizer import CodeTokenizer

try:
    import torch

    import model
    import train
    from checkpoint import read_config, read_tensors
    from optimiser import orthogonal, rate
    from weights_of import weights_of
except ImportError:
    torch = None


@unittest.skipIf(torch is None, "torch is not here")
class Training(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.init = tiny.start(self.folder / "init")
        self.corpus, self.eval = tiny.corpus(self.folder / "corpus")

    def train(self, out, *more, nothing=("--from-nothing",)):
        arguments = ["--init", self.init, *nothing, "--corpus", self.corpus, "--eval", self.eval, "--out", self.folder / out]
        arguments += ["--rows", 2, "--accumulate", 2, "--length", 128, "--lr", 0.01, "--warm-up", 2, "--workers", 0, "--minutes", 60, *more]
        with contextlib.redirect_stdout(io.StringIO()):
            return train.train(train.options_of([str(a) for a in arguments]))

    def weights(self, out):
        return (self.folder / out / "model.safetensors").read_bytes()

    def test_ten_steps_of_a_tiny_model_and_the_loss_falls(self):
        for optimiser in ("adamw", "muon"):
            with self.subTest(optimiser):
                last = self.train(optimiser, "--total-steps", 10, "--optimiser", optimiser)
                first = json.loads((self.folder / optimiser / "log.jsonl").read_text().split("\n")[0])
                self.assertEqual(10, last["step"])
                self.assertAlmostEqual(9.7, first["eval_loss"], delta=0.3)  # the logarithm of 16,385
                self.assertLess(last["eval_loss"], first["eval_loss"] - 1)
                self.assertLess(last["eval_product_middle"], first["eval_product_middle"])

    def test_what_lies_below_the_layers_that_learn_stays_as_it_is(self):
        model.save(model.initialise(read_config(self.init), seed=3), self.init)
        start = read_tensors(self.init / "model.safetensors")
        self.train("upper", "--total-steps", 3, "--from-layer", 1, nothing=())
        made, learned = (read_tensors(self.folder / "upper" / path / "model.safetensors") for path in (".", train.LEARNED))
        changed = {name for name in start if (start[name] != made[name]).any()}
        self.assertEqual({n for n in start if n.startswith("model.layers.1.")} | {"model.norm.weight"}, changed)
        self.assertEqual(changed, learned.keys())
        for name in changed:
            self.assertLess(abs(learned[name] - made[name]).max(), 0.002)
        with self.assertRaisesRegex(InputError, "--from-layer 2 is none of the 2 layers: give 0 to 1"):
            self.train("none", "--from-layer", 2, "--total-steps", 1)

    def test_a_resumed_run_gives_the_state_of_an_unbroken_one(self):
        for optimiser in ("adamw", "muon"):
            with self.subTest(optimiser):
                plan = ("--total-steps", 6, "--optimiser", optimiser)
                self.train("whole-" + optimiser, *plan)
                self.assertEqual(3, self.train("parts-" + optimiser, *plan, "--steps", 3)["step"])
                self.assertNotEqual(self.weights("whole-" + optimiser), self.weights("parts-" + optimiser))
                self.assertEqual(6, self.train("parts-" + optimiser, *plan)["step"])
                self.assertEqual(self.weights("whole-" + optimiser), self.weights("parts-" + optimiser))

    def test_what_was_learned_before_a_failure_is_kept(self):
        def failing(lr, step, *more):
            if step == 3:
                raise InputError("a worker died")
            return rate(lr, step, *more)

        self.train("whole", "--total-steps", 6)
        with unittest.mock.patch.object(train, "rate", failing), self.assertRaisesRegex(InputError, "a worker died"):
            self.train("broken", "--total-steps", 6)
        self.assertTrue((self.folder / "broken" / "model.safetensors").exists())
        self.assertEqual(6, self.train("broken", "--total-steps", 6)["step"])
        self.assertEqual(self.weights("whole"), self.weights("broken"))

    def test_without_a_plan_the_call_is_the_plan(self):
        self.assertEqual(1, self.train("run", "--minutes", 0)["step"])
        options = train.options_of(["--init", "x", "--corpus", "x", "--eval", "x", "--out", "x"])
        progress = train.Progress(options)
        progress.seconds = 100  # of an earlier call
        self.assertEqual(0, progress.fraction())
        progress.end_with_call(300)
        progress.seconds = 200
        self.assertEqual(0.5, progress.fraction())
        options.total_minutes = 10
        progress = train.Progress(options)
        progress.end_with_call(300)
        progress.seconds = 300
        self.assertEqual(0.5, progress.fraction())

    def test_a_finished_run_stays_as_it_is(self):
        self.train("run", "--total-steps", 1)
        before = self.weights("run")
        self.train("run", "--total-steps", 1)
        self.assertEqual(before, self.weights("run"))

    def test_workers_make_what_one_process_makes_and_the_threshold_ends_it(self):
        self.train("alone", "--total-steps", 2)
        self.train("helped", "--total-steps", 2, "--workers", 1)
        self.assertEqual(self.weights("alone"), self.weights("helped"))
        self.assertEqual(1, self.train("threshold", "--total-steps", 9, "--until-loss", 20, "--report", 1, "--steps", 1)["step"])

    def test_the_products_own_prompts_are_read_among_the_product_like_samples(self):
        tokenizer = CodeTokenizer(MODEL / "tokenizer.json")
        prompt = [tokenizer.role("file"), tokenizer.role("suffix"), tokenizer.role("prefix"), *tokenizer.encode("var x = zebra")]
        middle = [*tokenizer.encode(".Quagga(13);"), tokenizer.role("end")]
        line = {"prompt": prompt, "middle": middle, "text": ".Quagga(13);", "typed": 1}
        files = self.folder / "own"
        files.mkdir()
        (files / "samples-00000.jsonl").write_text((json.dumps(line) + "\n") * 400)
        own = own_prompts(str(files / "*.jsonl"), tokenizer, 256)
        self.assertEqual(400, len(own))
        forced = len(tokenizer.encode("."))
        self.assertEqual([0.0] * 3 + [0.1] * (len(prompt) - 3 + forced) + [4.0] * (len(middle) - forced), own[0].weights)
        # No more than four times each: 400 samples of `size` tokens in half of a plan of 32 times as many.
        size = len(own[0].ids)
        self.assertAlmostEqual(0.25, own_share(own, 32 * 400 * size, 0.5))
        self.assertEqual(0.5, own_share(own, 400 * size, 0.5))
        sampler = Sampler(repositories(self.corpus), tokenizer, 1, 256, own=own, own_share=0.5, product_from=0.5)
        rng = random.Random(1)
        drawn = [sampler.sample(rng, True).ids == own[0].ids for _ in range(40)]
        self.assertIn(sum(drawn), range(10, 31))
        self.assertFalse(any(sampler.sample(rng, False).ids == own[0].ids for _ in range(40)))
        plan = ("--total-steps", 3, "--product-from", 0, "--plan-tokens", 1e4)
        self.train("with", *plan, "--own-prompts", files / "*.jsonl")
        self.train("without", *plan)
        self.assertNotEqual(self.weights("with"), self.weights("without"))

    def test_a_broken_data_set_is_named(self):
        tokenizer, file = CodeTokenizer(MODEL / "tokenizer.json"), self.folder / "samples-00000.jsonl"
        for text in ("{", "[]", '{"prompt":[1],"middle":[16385],"text":"x","typed":0}', '{"prompt":[1],"middle":[],"text":"x","typed":0}'):
            with self.subTest(text):
                file.write_text(text + "\n")
                with self.assertRaisesRegex(InputError, r"samples-00000\.jsonl' has no sample of this tokenizer in line 1"):
                    own_prompts(str(file), tokenizer, 256)
        with self.assertRaisesRegex(InputError, "No file is named"):
            own_prompts(str(self.folder / "none-*"), tokenizer, 256)

    def test_a_state_that_is_cut_short_or_another_models_is_named(self):
        self.train("run", "--total-steps", 2, "--steps", 1)
        state = self.folder / "run" / "state.pt"
        whole = state.read_bytes()
        for broken in (whole[:-1000], b"", b"\x80\x04\x8c\x08nonsense.", b"not a state at all"):
            state.write_bytes(broken)
            with self.assertRaisesRegex(InputError, r"state\.pt' does not fit this run or is cut short .*delete it to begin anew"):
                self.train("run", "--total-steps", 2)

    def test_a_tokenizer_that_does_not_fit_the_weights_is_named(self):
        config = json.loads((self.init / "config.json").read_text())
        (self.init / "config.json").write_text(json.dumps(config | {"vocab_size": 16384}))
        with self.assertRaisesRegex(InputError, r"tokenizer\.json' has 16,385 tokens .* take tokenizer, configuration and weights"):
            self.train("run", "--total-steps", 1)

    def test_weights_of_another_shape_are_named(self):
        net = model.initialise(read_config(self.init))
        model.save(net, self.init)
        config = json.loads((self.init / "config.json").read_text())
        (self.init / "config.json").write_text(json.dumps(config | {"intermediate_size": 128}))
        with self.assertRaisesRegex(InputError, r"model\.safetensors' has \[96, 64\] as .*gate_proj.* asks for \[128, 64\]"):
            model.load(self.init)

    def test_a_checkpoint_of_int8_rows_is_nearly_the_float_one(self):
        net = model.initialise(read_config(self.init))
        model.save(net, self.folder / "int8", "int8")
        for name, tensor in net.state_dict().items():
            packed = read_tensors(self.folder / "int8" / "model.safetensors")["model." + name]
            self.assertLess((torch.from_numpy(packed) - tensor).abs().max(), 0.001)


@unittest.skipIf(torch is None, "torch is not here")
class Model(unittest.TestCase):
    def test_a_packed_sample_is_read_as_if_it_were_alone(self):
        config = {**tiny.CONFIG}
        net = model.initialise(config, seed=1)
        loss = model.Loss(net, "masked", compiled=False)
        ids = torch.randint(17, 1000, (1, 24), generator=torch.Generator().manual_seed(1))
        segments = torch.tensor([[0] * 10 + [1] * 14])
        packed = net(ids, model.positions_of(segments), loss.allowed(segments))[:, 10:]
        alone = net(ids[:, 10:], model.positions_of(segments[:, 10:]), loss.allowed(segments[:, 10:]))
        self.assertLess((packed - alone).abs().max(), 1e-4)

    @unittest.skipIf(torch is None or model.flex_attention is None, "this torch has no flex_attention")
    def test_flex_attention_gives_what_masked_attention_gives(self):
        net = model.initialise({**tiny.CONFIG}, seed=1)
        generator = torch.Generator().manual_seed(1)
        flex, masked = model.Loss(net, "flex", compiled=False), model.Loss(net, "masked", compiled=False)
        for lengths in ((40, 50, 38), (100, 28)):
            ids = torch.randint(17, 1000, (2, 128), generator=generator)
            segments = torch.cat([torch.full((n,), i) for i, n in enumerate(lengths)]).expand(2, 128).contiguous()
            weights = torch.rand(2, 128, generator=generator)
            self.assertAlmostEqual(flex(ids, weights, segments).item(), masked(ids, weights, segments).item(), places=4)

    def test_the_loss_does_not_depend_on_how_many_rows_the_head_reads_at_once(self):
        net = model.initialise({**tiny.CONFIG}, seed=1)
        ids = torch.randint(17, 1000, (5, 16), generator=torch.Generator().manual_seed(1))
        weights, segments = torch.rand(5, 16), torch.zeros(5, 16, dtype=torch.long)
        values, grads = [], []
        for rows in (2, 8):
            net.zero_grad()
            value = model.Loss(net, "masked", compiled=False, head_rows=rows)(ids, weights, segments)
            value.backward()
            values.append(value.item())
            grads.append(net.embed_tokens.weight.grad.clone())
        self.assertAlmostEqual(values[0], values[1], places=5)
        self.assertLess((grads[0] - grads[1]).abs().max(), 1e-5)

    def test_the_shipped_weights_write_what_the_golden_continuations_begin_with(self):
        config, tensors = weights_of(MODEL)
        net = model.Decoder(config)
        net.load_state_dict({n[len("model.") :]: torch.from_numpy(t) for n, t in tensors.items()})
        golden = json.loads((MODEL / "golden.json").read_text("utf-8"))["generations"][1]  # none of its choices is a near tie
        ids = torch.tensor([golden["prompt_ids"] + golden["greedy_ids"][:3]])
        segments = torch.zeros_like(ids)
        with torch.no_grad():
            hidden = net(ids, model.positions_of(segments), model.Loss(net, "masked", compiled=False).allowed(segments))
            best = net.logits(hidden[0, len(golden["prompt_ids"]) - 1 :]).topk(2)
        self.assertEqual(golden["greedy_ids"][:4], best.indices[:, 0].tolist())
        self.assertAlmostEqual(golden["first_top5"][0][1], best.values[0, 0].item(), delta=1)

    def test_muons_step_has_singular_values_near_one(self):
        made = orthogonal(torch.randn(12, 30, generator=torch.Generator().manual_seed(1)))
        singular = torch.linalg.svdvals(made.float())
        self.assertGreater(singular.min(), 0.5)
        self.assertLess(singular.max(), 1.3)

    def test_the_rate_rises_stays_and_falls(self):
        self.assertAlmostEqual(0.01, rate(1.0, 0, 0.0, 100))
        self.assertEqual(1.0, rate(1.0, 500, 0.5, 100))
        self.assertAlmostEqual(0.501, rate(1.0, 500, 0.8, 100))


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        train_shards, _ = tiny.corpus(Path(temporary.name) / "corpus")
        cls.tokenizer = CodeTokenizer(MODEL / "tokenizer.json")
        cls.sampler = Sampler(repositories(train_shards), cls.tokenizer, 1, 1024)

    def test_a_sample_is_a_prompt_and_what_was_cut_out(self):
        rng = random.Random(1)
        prefix, end = self.tokenizer.role("prefix"), self.tokenizer.role("end")
        texts = [text for _, text in self.sampler.repositories[0].files]
        for product in (False, True) * 40:
            sample = self.sampler.sample(rng, product)
            self.assertLessEqual(len(sample.ids), 1024)
            self.assertEqual(len(sample.ids), len(sample.weights))
            at = sample.ids.index(prefix)
            self.assertEqual(end, sample.ids[-1])
            self.assertEqual([0.0] * (at + 1), sample.weights[: at + 1])
            self.assertEqual([4.0] * sample.middle, sample.weights[-sample.middle :])
            written = self.tokenizer.decode(sample.ids[at + 1 : -1])
            self.assertTrue(any(written in text for text in texts))

    def test_the_middle_is_in_no_snippet_of_its_own_file(self):
        repository = self.sampler.repositories[0]
        rng = random.Random(2)
        file = max(range(len(repository.files)), key=lambda f: len(repository.files[f][1]))
        path, text = repository.files[file]
        builder = PromptBuilder(self.tokenizer, Budget(prefix=40, suffix=8, snippets=300))
        for _ in range(30):
            place = cut(rng, text)
            middle_line = text[: place[0]].count("\n")
            for snippet in self.sampler._snippets(repository, file, *place, builder, rng, True):
                if snippet.path == path:
                    at = text.index(snippet.code) if snippet.code in text else 0
                    first = text[:at].count("\n")
                    self.assertFalse(first <= middle_line <= first + snippet.code.count("\n"))

    def test_the_same_group_is_the_same_and_rows_are_nearly_full(self):
        for progress in (0.0, 1.0):
            first, again = self.sampler.rows(3, 8, progress), self.sampler.rows(3, 8, progress)
            for a, b in zip(first, again):
                self.assertTrue((a == b).all())
            ids, weights, segments = first
            self.assertGreater((segments != PADDING).mean(), 0.8)
            self.assertEqual(0.0, weights[segments == PADDING].sum())
            self.assertTrue((segments[:, 1:] >= segments[:, :-1]).all())

    def test_no_repository_is_read_more_often_than_the_cap(self):
        share = draw_weights({"huge": 100e6, "middle": 10e6, "tiny": 0.1e6}, plan_characters=200e6, most_passes=4)
        self.assertAlmostEqual(1.0, sum(share.values()), places=6)
        self.assertLessEqual(share["tiny"] * 200e6, 4.01 * 0.1e6)
        self.assertGreater(share["huge"], share["middle"])


if __name__ == "__main__":
    unittest.main()
