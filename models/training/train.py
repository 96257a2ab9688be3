"""Train the decoder on C# in prompt format 1.

    python train.py --init START --corpus 'corpus/train-*' --eval 'corpus/eval-*' --out RUN --minutes 9 --total-minutes 20

The same command again goes on where the last one stopped (RUN/state.pt). In plain steps: preprocess (samples.py, in worker processes), initialise,
forward, loss, back-propagate, optimise, again and again until the threshold (--until-loss on held-out rows) or the plan's end. On CUDA: bf16,
torch.compile and flex_attention where this torch has them; on a CPU: float32, small. One JSON line a report, also in RUN/log.jsonl (curve.py draws
it). RUN is a checkpoint folder afterwards: export_onnx.py makes a model of it.
"""
import argparse
import contextlib
import json
import multiprocessing
import os
import shutil
import time
from pathlib import Path

STARTED = time.time()

import torch  # noqa: E402

import model  # noqa: E402
from batches import Batches  # noqa: E402
from checkpoint import read_config  # noqa: E402
from errors import InputError, command  # noqa: E402
from held_out import ROWS, HeldOut  # noqa: E402
from optimiser import optimisers, rate  # noqa: E402
from own_prompts import own_prompts  # noqa: E402
from samples import PRODUCT_PHASE, own_share  # noqa: E402
from shards import repositories  # noqa: E402
from tokenizer import CodeTokenizer, check_fits  # noqa: E402

CHARACTERS_PER_TOKEN = 3.5
LEARNED = "learned"  # the folder in the run's with what --from-layer let learn, in float16
SAVE_SECONDS = 15  # kept back of --minutes to write the state


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--init", type=Path, required=True, help="checkpoint folder to start from: config.json, tokenizer.json, model.safetensors")
    add("--from-nothing", action="store_true", help="random weights of --init's config.json instead of its model.safetensors")
    add("--corpus", required=True, help="glob of training shards")
    add("--eval", required=True, help="glob of held-out shards")
    add("--own-prompts", help="glob of data sets of `codecomplete dataset`, read among the product-like samples, none more than four times")
    add("--from-layer", type=int, default=0, help="only the layers from this one on learn; the others and the token table, with their weight files, stay")
    add("--product-from", type=float, default=PRODUCT_PHASE, help="how far the plan is, 0 to 1, when samples become product-like (default: two thirds)")
    add("--out", type=Path, required=True, help="the run's folder")
    add("--minutes", type=float, default=9, help="of this call, its start and the saving counted")
    add("--total-minutes", type=float, help="of training in all calls; learning rate and kinds of samples follow it; left out: what this call leaves")
    add("--total-steps", type=int, help="plan by steps instead; then a resumed run is bit for bit an unbroken one on a CPU")
    add("--steps", type=int, help="of this call at most")
    add("--until-loss", type=float, default=0.0, help="stop when the held-out loss, nats a token, is down to this")
    add("--optimiser", choices=("adamw", "muon"), default="adamw")
    add("--lr", type=float, default=1e-3)
    add("--warm-up", type=int, default=100, help="steps")
    add("--length", type=int, default=1024, help="tokens a row")
    add("--rows", type=int, default=32, help="in one forward pass")
    add("--accumulate", type=int, default=4, help="forward passes a step")
    add("--plan-tokens", type=float, default=330e6, help="about what the whole plan reads; no repository is read more than four times")
    add("--workers", type=int, default=max(0, multiprocessing.cpu_count() - 2))
    add("--attention", choices=("auto", "flex", "masked"), default="auto")
    add("--no-compile", action="store_true")
    add("--report", type=int, default=20, help="steps between reports; held-out rows are read every tenth")
    add("--seed", type=int, default=1)
    return parser.parse_args(arguments)


class Progress:
    """What has been done, over all calls, and how far that is of the plan (0 to 1)."""

    def __init__(self, options):
        self.step, self.tokens, self.seconds = 0, 0, 0.0
        self._steps, self._seconds = options.total_steps, options.total_minutes and options.total_minutes * 60

    def end_with_call(self, seconds):
        """Where no plan was given, it is what this call leaves. seconds: of training, until the call ends."""
        self._seconds = self._seconds or self.seconds + max(1.0, seconds)

    def fraction(self):
        if not self._steps and not self._seconds:
            return 0.0
        return min(1.0, self.step / self._steps if self._steps else self.seconds / self._seconds)


class State:
    """Weights, optimisers and progress in one file, written whole or not at all."""

    def __init__(self, path, net, optimisers_, progress):
        self._path, self._net, self._optimisers, self._progress = path, net, optimisers_, progress

    def load(self, device):
        """Whether there was one."""
        if not self._path.exists():
            return False
        try:
            state = torch.load(self._path, map_location=device)
            self._net.load_state_dict(state["net"])
            for optimiser, saved in zip(self._optimisers, state["optimisers"]):
                optimiser.load_state_dict(saved)
        except Exception as error:  # what a broken pickle throws has no common type
            why = str(error).split("\n")[0]
            raise InputError(f"'{self._path}' does not fit this run or is cut short ({why}): delete it to begin anew.") from None
        self._progress.step, self._progress.tokens, self._progress.seconds = state["done"]
        return True

    def save(self):
        done = (self._progress.step, self._progress.tokens, self._progress.seconds)
        partial = self._path.with_suffix(".tmp")
        torch.save({"net": self._net.state_dict(), "optimisers": [o.state_dict() for o in self._optimisers], "done": done}, partial)
        os.replace(partial, self._path)


def make_loss(net, options, precision, waiting):
    """The loss, tried once forth and back before the clock starts; where flex_attention fails here, with masked attention."""
    compiled = False if options.no_compile else None
    for attention in (options.attention, "masked"):
        began = time.time()
        loss_of = model.Loss(net, attention, compiled)
        try:
            with precision():
                loss_of(*waiting).backward()
            if waiting[0].is_cuda:
                torch.cuda.synchronize()
            print(json.dumps({"note": f"compiled and tried in {time.time() - began:.0f} s, flex_attention {loss_of.flex}"}), flush=True)
            break
        except torch.cuda.OutOfMemoryError:
            raise InputError(f"The GPU's memory is too small for --rows {options.rows}: halve it and double --accumulate.") from None
        except Exception as error:  # what a compiler throws has no common type
            if attention != "auto" or not loss_of.flex:
                raise
            print(json.dumps({"note": f"flex_attention fails here, masked attention instead: {str(error)[:200]}"}), flush=True)
            net.zero_grad(set_to_none=True)
    net.zero_grad(set_to_none=True)
    return loss_of


def train(options):
    """Returns the last report."""
    out, progress = options.out, Progress(options)
    out.mkdir(parents=True, exist_ok=True)

    # Preprocess. The workers are forked before anything touches the GPU.
    tokenizer = CodeTokenizer(options.init / "tokenizer.json")
    config = read_config(options.init)
    check_fits(tokenizer, config, options.init / "config.json")
    own = own_prompts(options.own_prompts, tokenizer, options.length) if options.own_prompts else []
    share = own_share(own, options.plan_tokens, options.product_from)
    if own:
        print(json.dumps({"note": f"{len(own)} samples in the product's own prompts, {share:.1%} of the product-like ones"}), flush=True)
    done_steps = peek_steps(out / "state.pt")
    batches = Batches(
        repositories(options.corpus),
        options.init / "tokenizer.json",
        options.seed,
        options.length,
        options.rows,
        first=done_steps * options.accumulate,
        workers=options.workers,
        progress=PlannedProgress(options.accumulate, options.total_steps) if options.total_steps else None,
        plan_characters=options.plan_tokens * CHARACTERS_PER_TOKEN,
        own=own,
        own_share=share,
        product_from=options.product_from,
    )

    try:
        # Initialise.
        cuda = torch.cuda.is_available()
        device = torch.device("cuda" if cuda else "cpu")
        torch.manual_seed(options.seed)
        torch.set_float32_matmul_precision("high")
        net = (model.initialise(config, options.seed) if options.from_nothing else model.load(options.init)).to(device)
        model.freeze_below(net, options.from_layer)
        steppers = optimisers(net, options.optimiser, options.lr)
        state = State(out / "state.pt", net, steppers, progress)
        state.load(device)
        batches.set_progress(progress.fraction())

        def to_device(rows):
            ids, weights, segments = (torch.from_numpy(part) for part in rows)
            return ids.long().to(device), weights.to(device), segments.long().to(device)

        def precision():
            return torch.autocast("cuda", torch.bfloat16) if cuda else contextlib.nullcontext()

        # On a CPU one forward pass has to do.
        held_out = HeldOut(options.eval, tokenizer, options.length, options.rows, max(1, ROWS // options.rows) if cuda else 1)
        waiting = to_device(next(batches))
        loss_of = make_loss(net, options, precision, waiting)

        def report(more, measure):
            line = {"step": progress.step, "tokens": progress.tokens, "minutes": round(progress.seconds / 60, 2), **more}
            if measure:
                with precision():
                    line.update(held_out.measure(loss_of, to_device))
            print(json.dumps(line), flush=True)
            with open(out / "log.jsonl", "a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            return line

        def keep():
            state.save()
            model.save(net, out)
            if options.from_layer:
                model.save(net, out / LEARNED, "learned")
            for name in ("tokenizer.json", "prompt.json"):
                if (options.init / name).exists() and options.init.resolve() != out.resolve():
                    shutil.copy(options.init / name, out / name)

        last = report({"optimiser": options.optimiser, "lr": options.lr}, True)
        call_seconds = options.minutes * 60 - (SAVE_SECONDS if cuda else 0)
        progress.end_with_call(call_seconds - (time.time() - STARTED))
        began, before, first, saved = time.time(), progress.seconds, progress.step, time.time()
        read, stop = 0, progress.fraction() >= 1.0
        try:
            while not stop:
                lr = rate(options.lr, progress.step, progress.fraction(), options.warm_up)
                total = 0.0
                for _ in range(options.accumulate):
                    # Forward, loss, back-propagate.
                    with precision():
                        loss = loss_of(*waiting) / options.accumulate
                    loss.backward()
                    total = total + loss.detach()
                    waiting = to_device(next(batches))
                norm = torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                if not torch.isfinite(norm):
                    raise InputError(f"The gradient is not finite at step {progress.step}: lower --lr {options.lr}; the state before it is kept.")
                # Optimise.
                for stepper in steppers:
                    for group in stepper.param_groups:
                        group["lr"] = lr
                    stepper.step()
                net.zero_grad(set_to_none=True)

                progress.step += 1
                tokens = options.rows * options.length * options.accumulate
                progress.tokens += tokens
                read += tokens
                progress.seconds = before + time.time() - began
                batches.set_progress(progress.fraction())

                # Until the threshold, the plan's end, or the end of this call.
                out_of_time = time.time() - STARTED > call_seconds
                stop = progress.fraction() >= 1.0 or out_of_time or (options.steps is not None and progress.step - first >= options.steps)
                if progress.step % options.report == 0 or stop:
                    measure = stop or progress.step % (10 * options.report) == 0
                    speed = round(read / (time.time() - began))
                    last = report({"loss": round(float(total), 4), "lr": round(lr, 7), "tokens_per_s": speed}, measure)
                    if measure and last["eval_loss"] <= options.until_loss:
                        stop = True
                if time.time() - saved > 180:
                    state.save()
                    saved = time.time()
        finally:
            # Whatever ends it, what was learned is kept: a machine that is lent is not lent twice.
            keep()
        return last
    finally:
        batches.close()


class PlannedProgress:
    """The fraction of a plan in steps at which a batch is read."""

    def __init__(self, accumulate, total_steps):
        self._accumulate, self._total = accumulate, total_steps

    def __call__(self, batch):
        return batch // self._accumulate / self._total


def peek_steps(path):
    """How many steps a saved state has done; 0 where there is none or it cannot be read (loading it says so)."""
    try:
        return torch.load(path, map_location="cpu")["done"][0] if path.exists() else 0
    except Exception:
        return 0


@command
def main(arguments=None):
    return train(options_of(arguments))


if __name__ == "__main__":
    main()
