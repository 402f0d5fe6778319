"""A step of a dense network whose time goes into matrix products and into reading and writing weights."""

from __future__ import annotations

from benchmarks.row import Row
from benchmarks.rows.dense_network import CONTESTANTS, Problem, problem


def data(tiny: bool) -> Problem:
    return problem([8, 12, 12, 3], [7]) if tiny else problem([784, 512, 512, 10], [128])


mlp_large = Row("mlp-large", "MLP 784-512-512-10, batch 128, SGD step", data, CONTESTANTS)
