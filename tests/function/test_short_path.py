"""The short path of calls: the same results as plain Python whatever was called before, and no detour."""

import gc
import pickle
import random
from typing import Any

import numpy as np
import pytest

import autograph as ag
from autograph.function.function import Function

pytestmark = pytest.mark.filterwarnings("ignore::autograph.errors.RetraceWarning")


def kinds() -> list[Any]:
    """Arguments that differ in what calls are told apart by."""
    x = np.arange(6.0)
    return [
        x,
        x.astype(np.float32),
        x.reshape(2, 3),
        pickle.loads(pickle.dumps(x)),  # whose dtype is an object of its own
        ag.constant(x),
        ag.ops.asarray(x.astype(np.int32)),
        np.float32(2.5),
        ag.constant(3),
        *[0, 1, 7, True, 0.0, -0.0, 2.5, -1.0, 1e300],
    ]


def combined(x: Any, y: Any, how: Any = None) -> Any:
    if how == "product":
        return x * y
    return x + y if how is None else x - y * how.scale


class Scaled:
    def __init__(self, scale: float) -> None:
        self.scale = scale


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_calls_in_any_order(backend: str) -> None:
    if backend == "xla":
        pytest.importorskip("jax")
    staged = ag.function(combined, backend=backend)
    values = [*kinds(), staged(ag.constant(np.ones(6)), 1)]
    hows = [None, "product", Scaled(2.0), Scaled(3.0)]
    draw = random.Random(0)
    calls = [(draw.choice(values), draw.choice(values), draw.choice(hows)) for _ in range(40)]
    expected = {}
    for _ in range(3):
        draw.shuffle(calls)
        for call in calls:
            found = np.asarray(staged(*call))
            key = tuple(map(id, call))
            if key not in expected:
                expected[key] = np.asarray(combined(*call)), found.dtype
            np.testing.assert_allclose(found, expected[key][0], rtol=1e-6)
            np.testing.assert_array_equal(np.signbit(found), np.signbit(expected[key][0]))
            assert found.dtype == expected[key][1]


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_known_calls_take_it(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if backend == "xla":
        pytest.importorskip("jax")
    staged = ag.function(combined, backend=backend)
    x = ag.constant(np.arange(6.0))
    how = Scaled(2.0)
    calls = [(x, x, None), (np.ones(6), x, None), (x, staged(x, x), how), (x, 2, how), (x, 2.5, "product"), (x, x, how)]
    for _ in range(4):
        for call in calls:
            staged(*call)
    monkeypatch.setattr(Function, "_call", None)
    for call in [*calls, *calls, calls[0]]:
        np.testing.assert_array_equal(staged(*call), combined(*call))
        np.testing.assert_array_equal(staged(*call), combined(*call))


def test_objects_that_go_are_forgotten() -> None:
    staged, x = ag.function(combined, backend="numpy"), ag.constant(1.0)
    for scale in range(60):  # objects may come to lie where others have been
        how = Scaled(float(scale))
        assert staged(x, x, how).item() == staged(x, x, how).item() == 1 - scale
        del how
        gc.collect()


def test_changes_are_seen() -> None:
    how, x = Scaled(1.0), ag.constant(1.0)
    staged = ag.function(combined, backend="numpy")
    for scale in [1.0, 2.0, 1.0, 1.0, 3.0]:
        how.scale = scale
        assert staged(x, x, how).item() == 1 - scale
