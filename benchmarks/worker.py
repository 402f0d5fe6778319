"""A contestant in a process of its own: it answers requests, one a line of JSON, on standard output.

    python -m benchmarks.worker ROW CONTESTANT [--tiny]

Libraries keep pools of threads that spin for a while after work; apart from one another, and one at a time, they do
not disturb each other's times.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.contestants import CONTESTANTS, wait, wake
from benchmarks.row import Row, Run
from benchmarks.rows import ROWS

SAMPLE = 50e-6  # calls are timed in groups that take at least so many seconds
WARM = 0.1  # the part of a burst that comes before timing


class Worker:
    """Builds one contestant of a row, and runs it on request."""

    def __init__(self, row: Row, name: str, tiny: bool) -> None:
        self.row, self.name, self.tiny = row, name, tiny
        self.run: Run

    def build(self, results: str) -> dict[str, Any]:
        """Makes the contestant, calls it as often as results want and saves them; tells the time of the first call."""
        wake(self.name)
        self.run = self.row.contestants[self.name](self.row.data(self.tiny))
        waits = wait(self.name)
        if waits is not None:
            call = self.run.call
            self.run.call = lambda: (call(), waits())[0]
        self.run.prepare()
        begun = perf_counter()
        answer = self.run.call()
        first = perf_counter() - begun
        for _ in range(self.row.checked - 1):
            answer = self.run.call()
        np.savez(results, *self.run.results(answer))
        return {"first": first, "versions": CONTESTANTS[self.name].versions()}

    def burst(self, seconds: float) -> dict[str, Any]:
        """The median time of a call, and of one that finds nothing to do, over so many seconds."""
        found = {"call": _median(self.run.call, seconds)}
        if self.run.idle is not None:
            found["idle"] = _median(self.run.idle, seconds)
        return found


def _median(call: Callable[[], Any], seconds: float) -> float:
    gc.collect()
    gc.disable()
    try:
        group = max(1, round(SAMPLE / _samples(call, 1, WARM * seconds)))
        return _samples(call, group, seconds)
    finally:
        gc.enable()


def _samples(call: Callable[[], Any], group: int, seconds: float) -> float:
    times, begun, now = [], perf_counter(), 0.0
    repeats = range(group)
    while now < begun + seconds or len(times) < 3:
        start = perf_counter()
        for _ in repeats:
            call()
        now = perf_counter()
        times.append((now - start) / group)
    return statistics.median(times)


def main(row: str, name: str, *options: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    worker = Worker(ROWS[row], name, "--tiny" in options)
    missing = CONTESTANTS[name].missing()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if missing is not None:
                answer = {"error": f"{missing} is not installed"}
            else:
                answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
