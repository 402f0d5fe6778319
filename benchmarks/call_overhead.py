"""What a call costs beside its work: `ag.function`, `jax.jit` and `tf.function` in one run.

    python benchmarks/call_overhead.py [--save benchmarks/results/call_overhead.json]

Each function adds three scalars; it reads four globals, four attributes of an object and a list of eight, whose changes
`ag.function` watches for (the others do not). The frameworks take turns, and each keeps its best round, so that other
load on the machine counts little. Frameworks that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import platform
import timeit
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

import autograph as ag

OFFSET, SCALE, SIGN, POWER = 1.0, 2.0, -1, 1
WEIGHTS = [float(i) for i in range(8)]
ROUNDS, CALLS = 60, 500


class Model:
    """Four attributes that the function reads."""

    def __init__(self) -> None:
        self.a, self.b, self.c, self.d = 1.0, 2.0, 3.0, 4.0


model = Model()


def work(x: Any, y: Any, z: Any) -> Any:
    if OFFSET + SCALE + SIGN + POWER and model.a + model.b + model.c + model.d and WEIGHTS[7] and len(WEIGHTS):
        return x + y + z
    return x


def candidates() -> dict[str, Any]:
    """Functions without arguments, each a call."""
    numbers = [np.float32(k) for k in (1, 2, 3)]
    found: dict[str, Any] = {}
    ours, tensors = ag.function(work), [ag.constant(k) for k in numbers]
    found["ag.function"] = lambda: ours(*tensors)
    arrays = [np.asarray(k) for k in numbers]
    found["the work in NumPy"] = lambda: arrays[0] + arrays[1] + arrays[2]
    if find_spec("jax"):
        jax = import_module("jax")
        jitted, on_jax = jax.jit(work), [jax.numpy.asarray(k) for k in numbers]
        found["jax.jit"] = lambda: jitted(*on_jax)
    if find_spec("tensorflow"):
        tf = import_module("tensorflow")
        graph, on_tf = tf.function(work), [tf.constant(k) for k in numbers]
        found["tf.function"] = lambda: graph(*on_tf)
    return found


def measure() -> dict[str, float]:
    """The best time of a call in microseconds, by framework."""
    calls = candidates()
    for call in calls.values():
        for _ in range(5):
            call()
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            best[name] = min(best[name], timeit.timeit(call, number=CALLS) / CALLS * 1e6)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--save", type=Path, help="write the figures to this JSON file")
    options = parser.parse_args()
    best = measure()
    ours, numpy_work = best["ag.function"], best["the work in NumPy"]
    for name, microseconds in sorted(best.items(), key=lambda item: item[1]):
        print(f"{name:20} {microseconds:8.2f} µs   {microseconds / ours:6.2f} of ag.function")
    print(f"ag.function beyond the work: {ours - numpy_work:.2f} µs")
    if options.save:
        options.save.parent.mkdir(parents=True, exist_ok=True)
        figures = {"microseconds": best, "machine": platform.processor() or platform.machine()}
        options.save.write_text(json.dumps(figures | {"python": platform.python_version()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
