"""What each row costs at least on this machine: its operations and bytes at the peaks that are measured here.

python -m benchmarks.floors
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.table import duration

WORD = 4  # bytes of a float32


def dense(sizes: list[int], batch: int) -> tuple[float, float]:
    """Operations and bytes of a step of a dense network: weights are read for both passes, and written once."""
    pairs = [a * b for a, b in pairwise(sizes)]
    products = 2 * sum(pairs) + sum(pairs[1:])  # forward, slopes of weights, slopes of inputs but the first
    return 2.0 * batch * products, WORD * (3.0 * sum(pairs) + 4 * batch * sum(sizes))


def recurrent(steps: int, batch: int, inputs: int, units: int) -> tuple[float, float]:
    """Operations and bytes of the recurrent network: states are kept, and read again."""
    into, across = inputs * units, units * units
    return 2.0 * batch * steps * (2 * into + 3 * across), WORD * steps * batch * (2.0 * inputs + 3 * units)


def convolutional(batch: int, size: int, first: int, second: int) -> tuple[float, float]:
    """Operations and bytes of the convolutional network: what each layer gives is kept, and its slope made."""
    outer = size**2 * 9 * first
    inner = (size // 2) ** 2 * 9 * first * second
    last = (size // 4) ** 2 * second * 10
    kept = size**2 * first + (size // 2) ** 2 * (first + second) + (size // 4) ** 2 * second
    return 2.0 * batch * (2 * outer + 3 * inner + 3 * last), WORD * batch * 4.0 * kept


WORK = {
    "mlp-small": dense([32, 64, 64, 10], 32),
    "mlp-large": dense([784, 512, 512, 10], 128),
    "elementwise": (50e6, 8e6),  # about fifty operations in exp and tanh
    "rnn": recurrent(100, 32, 64, 128),
    "cnn": convolutional(64, 28, 32, 64),
}


def best(call: Callable[[], Any], repeats: int = 30) -> float:
    """The shortest time of a call."""
    times = []
    for _ in range(repeats):
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return min(times)


def peaks() -> tuple[float, float]:
    """Operations a second in a matrix product, and bytes a second in a copy, with the threads that NumPy uses."""
    a = np.ones((1024, 1024), np.float32)
    source, target = np.ones(16_000_000, np.float32), np.zeros(16_000_000, np.float32)
    return 2 * 1024.0**3 / best(lambda: a @ a), 2.0 * source.nbytes / best(lambda: np.copyto(target, source))


def main() -> None:
    flops, traffic = peaks()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    made = Table(title=f"floors on {cores} cores: {flops / 1e9:.0f} GFLOP/s, {traffic / 1e9:.0f} GB/s (one core)")
    for heading in ("row", "MFLOP", "at peak", "MB", "at peak"):
        made.add_column(heading, justify="left" if heading == "row" else "right")
    for name, (operations, moved) in WORK.items():
        cells = f"{operations / 1e6:.1f}", duration(operations / flops), f"{moved / 1e6:.1f}", duration(moved / traffic)
        made.add_row(name, *cells)
    Console().print(made)


if __name__ == "__main__":
    main()
