"""A step of a small dense network: what stands between the products counts as much as they do."""

from __future__ import annotations

from benchmarks.row import Row
from benchmarks.rows.dense_network import CONTESTANTS, Problem, problem


def data(tiny: bool) -> Problem:
    return problem([4, 6, 6, 3], [5]) if tiny else problem([32, 64, 64, 10], [32])


mlp_small = Row("mlp-small", "MLP 32-64-64-10, batch 32, SGD step", data, CONTESTANTS, checked=3)
