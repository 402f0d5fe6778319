"""Lists with tensors that are assigned to variables, and the text of a variable."""

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograph as ag

Shown = tuple[list[Any], str]


def assigned(x: Any, k: Any, n: Any, floats: Any, ints: Any) -> Any:
    floats.assign([x, 1, 2.5])
    floats.assign_add((x, x, 1))
    floats.assign_sub([1, x, 0.5])
    ints.assign([[k, 1], [2, k + 1]])
    grown = []
    for j in range(n):
        grown.append(x * j)
    floats.assign_add(grown)
    print(floats, str(ints), f"{floats} {ints}")
    return floats + 0, ints + 0


def shown(program: Callable[..., Any]) -> Shown:
    floats, ints = ag.Variable(np.zeros(3, np.float32)), ag.Variable(np.zeros((2, 2), np.int32))
    with contextlib.redirect_stdout(io.StringIO()) as text:
        out = program(ag.constant(2.0), ag.constant(3, ag.int32), ag.constant(3), floats, ints)
    return [
        *(np.asarray(part).tolist() for part in out),
        floats.numpy().tolist(),
        ints.numpy().tolist(),
    ], text.getvalue()


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_lists_with_tensors_are_assigned(backend: str) -> None:
    if backend == "xla":
        pytest.importorskip("jax")
    assert shown(ag.function(assigned, backend=backend)) == shown(assigned)


def test_tapes_see_through_assigned_lists() -> None:
    v, x = ag.Variable([0.0, 0.0]), ag.constant(3.0)
    with ag.GradientTape() as tape:
        tape.watch(x)
        v.assign([x, 1.0])
        v.assign_add([x, x])
        y = ag.ops.sum(v * v)
    assert tape.gradient(y, x).item() == 2 * (2 * 6.0) + 2 * 4.0


def test_what_does_not_fit_is_refused() -> None:
    v = ag.Variable([1, 2])
    with pytest.raises(ag.errors.DTypeError, match="float32 is assigned to a variable of dtype int64"):
        v.assign([ag.constant(1.5), ag.constant(2.0)])
    with pytest.raises(ag.errors.ShapeError, match="2 is not 1"):
        v.assign([[ag.constant(1), 2], [3]])
    assert v.numpy().tolist() == [1, 2]


def test_an_assigned_array_stays_its_owners() -> None:
    v, array = ag.Variable([0.0, 0.0], dtype=ag.float64), np.array([1.0, 2.0])
    v.assign(array)
    array[:] = 7.0
    assert v.numpy().tolist() == [1.0, 2.0]
