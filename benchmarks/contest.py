"""One row: workers are started, their results compared, and their bursts of work alternated and timed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestants import REFERENCE
from benchmarks.row import Row

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Options:
    """How a row is run.

    Attributes:
        contestants: who takes part.
        repeats: how many bursts each has, in all processes together.
        processes: how often each is started anew; each start gives one time of compiling.
        seconds: how long a burst lasts.
        rest: seconds between bursts, in which the threads of the last go to sleep.
        pythons: the interpreters of contestants that have their own.
        tiny: small operands, for tests.
        device: where frameworks compute: "cpu", or "gpu:0" and the like.
    """

    contestants: list[str]
    repeats: int = 15
    processes: int = 3
    seconds: float = 0.1
    rest: float = 0.05
    pythons: dict[str, str] = field(default_factory=dict)
    tiny: bool = False
    device: str = "cpu"


@dataclass
class Figures:
    """What is known of one contestant in one row; times in seconds.

    Attributes:
        calls: the median time of a warm call, for each burst.
        idles: that of a call that finds nothing to do.
        firsts: the time of the first call, for each process.
        versions: of the contestant's packages.
        difference: the largest difference from the reference, relative to the reference's largest element.
        error: why it was left out.
    """

    calls: list[float] = field(default_factory=list)
    idles: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    difference: float = 0.0
    error: str | None = None

    @property
    def call(self) -> float:
        """The median time of a warm call."""
        return statistics.median(self.calls)

    @property
    def compiles(self) -> float:
        """The median time of the first call beyond a warm one."""
        return max(0.0, statistics.median(self.firsts) - self.call)


def environment_of(device: str) -> dict[str, str]:
    """The variables that make frameworks find a device as their first one, or only the host's processor."""
    kind, _, number = device.partition(":")
    if kind == "cpu":
        return {"JAX_PLATFORMS": "cpu", "BENCHMARKS_DEVICE": "cpu"}
    own = {"CUDA_VISIBLE_DEVICES": number or "0", "BENCHMARKS_DEVICE": kind}
    # All contestants of a row are there at once, and none may take the whole memory.
    return own | {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def tolerance_of(row: Row, device: str) -> float:
    """How far results may be off: on GPUs, whose products of float32 have TensorFloat-32's 11 bits, further."""
    return row.tolerance if device == "cpu" or row.tolerance <= 0 else max(row.tolerance, 0.02)


class Process:
    """A worker, seen from outside."""

    def __init__(self, row: Row, name: str, options: Options) -> None:
        command = [options.pythons.get(name, sys.executable), "-m", "benchmarks.worker", row.name, name]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1",
            **environment_of(options.device),
        }
        self._process = subprocess.Popen(
            command + ["--tiny"] * options.tiny,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a request."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            print(json.dumps({"do": do, **arguments}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"error": f"ended with code {self._process.wait()}"}

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(BrokenPipeError):  # it has ended by itself, before it read what was written
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def contest(row: Row, options: Options, report: Callable[[str], None] = lambda text: None) -> dict[str, Figures]:
    """Runs a row.

    Returns:
        The figures of each contestant that takes part in this row; those left out say why.
    """
    names = [name for name in options.contestants if name in row.contestants]
    figures = {name: Figures() for name in names}
    wanted = _reference(row, options)
    for turn in range(options.processes):
        bursts = options.repeats // options.processes + (turn < options.repeats % options.processes)
        _turn(row, options, figures, wanted, bursts, report)
    return figures


def _turn(
    row: Row,
    options: Options,
    figures: dict[str, Figures],
    wanted: list[np.ndarray],
    bursts: int,
    report: Callable[[str], None],
) -> None:
    """Starts every worker, checks it and times all of them in turns."""
    running = {}
    try:
        for name, own in figures.items():
            if own.error is None:
                report(f"{row.name}: {name} compiles")
                running[name] = Process(row, name, options)
                _check(row, running[name], own, wanted, tolerance_of(row, options.device))
                if own.error is not None:
                    running.pop(name).close()
        for burst in range(bursts):
            report(f"{row.name}: burst {burst + 1} of {bursts}")
            for name, process in running.items():
                time.sleep(options.rest)
                answer = process.ask("burst", seconds=options.seconds)
                if "error" in answer:
                    raise RuntimeError(f"{row.name}, {name}: {answer['error']}")
                figures[name].calls.append(answer["call"])
                if "idle" in answer:
                    figures[name].idles.append(answer["idle"])
    finally:
        for process in running.values():
            process.close()


def _check(row: Row, process: Process, own: Figures, wanted: list[np.ndarray], tolerance: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "results.npz")
        answer = process.ask("build", results=path)
        if "error" in answer:
            own.error = answer["error"]
            return
        own.firsts.append(answer["first"])
        own.versions = answer["versions"]
        own.difference = difference(load(path), wanted)
        if not own.difference <= tolerance:
            own.error = f"results differ from NumPy's by {own.difference:.2g}, more than {tolerance:.2g}"


def _reference(row: Row, options: Options) -> list[np.ndarray]:
    """The results of plain NumPy."""
    run = row.contestants[REFERENCE](row.data(options.tiny))
    run.prepare()
    for _ in range(row.checked):
        answer = run.call()
    return [np.array(result) for result in run.results(answer)]


def load(path: str) -> list[np.ndarray]:
    """The arrays of a saved file, in order."""
    with np.load(path) as saved:
        return [saved[f"arr_{i}"] for i in range(len(saved.files))]


def difference(found: list[np.ndarray], wanted: list[np.ndarray]) -> float:
    """The largest difference between arrays, relative to the largest element of the wanted one; infinite for NaN.

    Example:
        >>> difference([np.array([1.0, 4.0])], [np.array([2.0, 4.0])])
        0.25
    """
    if [array.shape for array in found] != [array.shape for array in wanted]:
        return float("inf")
    worst = 0.0
    for array, expected in zip(found, wanted):
        off = np.max(np.abs(array.astype(np.float64) - expected)) / (np.max(np.abs(expected)) or 1.0)
        worst = max(worst, float(off) if np.isfinite(off) else float("inf"))
    return worst


def as_json(figures: dict[str, Figures]) -> dict[str, Any]:
    """The figures as JSON takes them."""
    return {name: asdict(own) for name, own in figures.items()}
