"""What the first call with a third batch size takes beyond a warm one, after calls with two others."""

from __future__ import annotations

from benchmarks.row import COMPILES, Row
from benchmarks.rows.dense_network import CONTESTANTS, Problem, problem


def data(tiny: bool) -> Problem:
    return problem([4, 6, 6, 3], [5, 6, 7]) if tiny else problem([32, 64, 64, 10], [32, 48, 40])


another_batch = Row(
    "another-batch",
    "MLP 32-64-64-10, another batch size after the first two",
    data,
    CONTESTANTS,
    checked=3,
    measures=COMPILES,
)
