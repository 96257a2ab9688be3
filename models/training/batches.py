"""Batches of packed rows, made by worker processes while the model learns.

Each worker owns whole repositories, so that recall stays inside one, and makes groups of rows in its turn. What a batch holds depends on the seed,
the number of workers and the batch's number alone, so a resumed training reads what an unbroken one would have read.
"""
import multiprocessing
import queue as queues

import numpy as np

from errors import InputError
from samples import Sampler, draw_weights
from tokenizer import CodeTokenizer

GROUP_ROWS = 16


def shares(weights, workers):
    """Repositories to workers, the heaviest first to the least laden: a list of sets of names."""
    load, mine = [0.0] * workers, [set() for _ in range(workers)]
    for name in sorted(weights, key=lambda n: (-weights[n], n)):
        worker = load.index(min(load))
        load[worker] += weights[name]
        mine[worker].add(name)
    return [m for m in mine if m]


class Batches:
    """next() gives (ids, weights, segments) of batch `first`, `first + 1`, ...; each [rows, length].

    repositories: {name: [(path, text)]}. progress: a function from a batch's number to 0..1, or None where `set_progress` tells it (a plan in
    minutes). workers: 0 makes the rows in this process. more: arguments of the Sampler by name.
    """

    def __init__(self, repositories, tokenizer_path, seed, length, rows, first=0, workers=0, progress=None, plan_characters=None, **more):
        weights = draw_weights({n: sum(len(t) for _, t in files) for n, files in repositories.items()}, plan_characters)
        self._group = min(rows, GROUP_ROWS)
        if rows % self._group:
            raise InputError(f"--rows {rows} is no multiple of {self._group}: choose one that is.")
        self._parts, self._next = rows // self._group, first
        owned = shares(weights, max(1, workers))
        self._count = len(owned)
        self._told = multiprocessing.Value("d", 0.0)
        arguments = (tokenizer_path, seed, length, self._group, self._parts, progress, self._told, more)
        starts = [-(-(first * self._parts - w) // self._count) for w in range(self._count)]
        self._processes, self._queues, self._makers = [], [], []
        for worker, names in enumerate(owned):
            mine = {n: repositories[n] for n in sorted(names)}
            if workers == 0:
                self._makers.append(_groups(worker, self._count, mine, weights, starts[worker], *arguments))
            else:
                # Forked, so that the corpus is read once; nothing has touched the GPU yet.
                context = multiprocessing.get_context("fork")
                queue = context.Queue(4)
                process = context.Process(
                    target=_work, args=(queue, worker, self._count, mine, weights, starts[worker], *arguments), daemon=True
                )
                process.start()
                self._processes.append(process)
                self._queues.append(queue)

    def set_progress(self, value):
        self._told.value = value

    def __iter__(self):
        return self

    def __next__(self):
        groups = [self._take((self._next * self._parts + i) % self._count) for i in range(self._parts)]
        self._next += 1
        return tuple(np.concatenate(part) for part in zip(*groups))

    def close(self):
        for process in self._processes:
            process.terminate()
            process.join()

    def _take(self, worker):
        if self._makers:
            return next(self._makers[worker])
        while True:
            try:
                return self._queues[worker].get(timeout=20)
            except queues.Empty:
                if not self._processes[worker].is_alive():
                    code = self._processes[worker].exitcode
                    raise InputError(f"Sample worker {worker} ended with code {code}: its error stands above; try fewer --workers.") from None


def _groups(worker, count, repositories, weights, start, tokenizer_path, seed, length, group, parts, progress, told, more, prepare=False):
    sampler = Sampler(repositories, CodeTokenizer(tokenizer_path), f"{seed}:{worker}", length, weights, **more)
    number = start
    while True:
        batch = (number * count + worker) // parts
        yield sampler.rows(number, group, progress(batch) if progress else told.value)
        if prepare and number == start:
            # While the GPU compiles. Left to the change of samples, it had to wait 22 s there for 14 workers.
            sampler.prepare()
        number += 1


def _work(queue, *arguments):
    for rows in _groups(*arguments, prepare=True):
        queue.put(rows)
