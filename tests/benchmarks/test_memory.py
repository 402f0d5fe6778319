"""The memory that a step plans ahead is counted, and is less than the sum of its values."""

import importlib.util

import pytest

from benchmarks import memory


def test_ours():
    small, large = [memory.ours(row, tiny=True) for row in memory.ROWS]
    assert small > 0 and large > 0


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
def test_jax():
    assert memory.jax_temporary(memory.ROWS[0], tiny=True) > 0
