"""Python functions that graphs call: in program order, at each run, only where control comes by."""

import numpy as np
import pytest

import autograph as ag

SCALAR = ag.TensorSpec([], ag.float64)


def recorder():
    seen = []

    def note(value):
        seen.append(float(value))
        return float(value) * 2

    return seen, note


def test_runs_at_each_call_in_program_order():
    seen, note = recorder()

    @ag.function
    def f(x):
        y = x
        if x > 0:
            y = ag.py_function(note, x, Tout=SCALAR)
        for i in range(2):
            ag.py_function(note, y + i)
        return y

    assert f(ag.constant(3.0, ag.float64)).item() == 6.0
    assert f(ag.constant(-1.0, ag.float64)).item() == -1.0
    assert seen == [3.0, 6.0, 7.0, -1.0, 0.0]


def test_numpy_function_gives_structures_and_sizes_that_data_decides():
    @ag.function
    def f(v, least):
        parts = ag.numpy_function(
            lambda a, b, name: {name: a[a > b], "sum": a.sum()},
            v,
            least,
            "kept",
            Tout={"kept": ag.TensorSpec([None], ag.float64), "sum": SCALAR},
        )
        return parts["kept"] * 2, parts["kept"].shape[0], parts["sum"]

    for least in (0.0, 2.0):
        kept, size, total = f(ag.constant([1.0, 2.0, 3.0], ag.float64), ag.constant(least, ag.float64))
        wanted = [v * 2 for v in (1.0, 2.0, 3.0) if v > least]
        assert (kept.numpy().tolist(), int(size), total.item()) == (wanted, len(wanted), 6.0)


def test_eager_calls_run_at_once():
    seen, note = recorder()
    assert ag.py_function(note, ag.constant(2.0), Tout=SCALAR).item() == 4.0
    assert ag.numpy_function(np.sort, np.array([2, 1]), Tout=ag.TensorSpec([2], ag.int64)).numpy().tolist() == [1, 2]
    assert seen == [2.0]


def test_the_functions_exception_arrives():
    def fails(value):
        raise KeyError(value.item())

    with pytest.raises(KeyError, match=r"5\.0"):
        ag.function(lambda x: ag.py_function(fails, x, Tout=SCALAR))(ag.constant(5.0))


@pytest.mark.parametrize(
    ("gives", "error"), [([1.0, 2.0], ag.errors.ShapeError), (np.array("a"), ag.errors.DTypeError)]
)
def test_refuses_what_tout_does_not_say(gives, error):
    with pytest.raises(error, match="and Tout says f64"):
        ag.py_function(lambda: gives, Tout=SCALAR)
    with pytest.raises(ag.errors.DTypeError, match="is not a TensorSpec"):
        ag.py_function(lambda: gives, Tout=ag.float64)


@pytest.mark.parametrize("wrap", [ag.function, lambda f: f])
def test_has_no_gradient(wrap):
    _, note = recorder()
    f = wrap(lambda x: ag.py_function(note, x, Tout=SCALAR))
    x = ag.constant(1.0, ag.float64)
    with pytest.raises(ag.errors.GradientError, match=r"(?s)py_function has no gradient.*stop_gradient"):
        ag.grad(f)(x)
    assert ag.grad(wrap(lambda x: x * ag.py_function(note, ag.stop_gradient(x), Tout=SCALAR)))(x).item() == 2.0
