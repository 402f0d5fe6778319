"""The short path of calls: the same results as plain Python whatever was called before, and no detour."""

import pickle
import random
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograph as ag
from autograph.errors import SignatureError
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


def by_names(x, lr=0.1, *, b=1, a=2):
    return x * lr + b - a * 3


def by_places(x, /, *rest, scale=2.0):
    for one in rest:
        x = x + one * scale
    return x


def of_structures(p, q=None):
    if isinstance(p, list):
        return p[0] * 10 + (0 if q is None else q)
    if isinstance(p, Point):
        return p.u + p.v * 2
    return p["a"] * q + p["b"]


class Point(NamedTuple):
    u: Any
    v: Any


X, Y, Z = ag.constant(np.ones(3)), ag.constant(np.arange(3.0)), np.full(3, 2.0)
FORMS = {
    by_names: [
        *[((X,), {}), ((X,), {"lr": 0.2}), ((X, 0.3), {"b": 5}), ((), {"x": Y, "a": 7, "b": 2}), ((X,), {"a": Y})],
        *[((Z,), {"a": 2, "b": 1}), ((Z,), {"b": 1, "a": 2}), ((X,), {"a": 3})],
    ],
    by_places: [
        ((X,), {}),
        ((X, Y), {}),
        ((X, Y, Z), {"scale": 3.0}),
        ((X, 1, 2.0), {}),
        ((X, 1, 2.0), {"scale": 0.5}),
    ],
    of_structures: [
        *[
            (([X], Y), {}),
            (([Y], X), {}),
            (([X],), {}),
            (([X, Y],), {"q": Z}),
            ((Point(X, Y),), {}),
            ((Point(Y, 2),), {}),
        ],
        *[(({"a": X, "b": Y}, Z), {}), (({"b": X, "a": Y}, Z), {}), ((), {"q": Z, "p": {"a": X, "b": 2.5}})],
    ],
}


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize("function", FORMS, ids=lambda function: function.__name__)
def test_names_defaults_and_structures_take_it(function: Any, backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    staged, calls = ag.function(function, backend=backend), FORMS[function]
    for _ in range(4):
        for args, kwargs in calls:
            np.testing.assert_allclose(staged(*args, **kwargs), function(*args, **kwargs))
    draw = random.Random(1)
    detours = []
    long = Function._call
    monkeypatch.setattr(Function, "_call", lambda self, *call: detours.append(call) or long(self, *call))
    for args, kwargs in draw.choices(calls, k=40):
        np.testing.assert_allclose(staged(*args, **kwargs), function(*args, **kwargs))
    # A number that one graph takes literally and another as an input has no short path.
    assert (
        sum(not any(isinstance(one, int | float) for one in (*args, *kwargs.values())) for args, kwargs in detours) == 0
    )


def test_leaves_alike_in_structures_that_differ() -> None:
    staged = ag.function(of_structures, backend="numpy")
    for _ in range(3):
        np.testing.assert_array_equal(staged([X], Y), [10, 11, 12])
        np.testing.assert_array_equal(staged(Point(X, Y)), [1, 3, 5])
        np.testing.assert_array_equal(staged({"a": X, "b": Y}, Z), [2, 3, 4])


def test_wrong_calls_are_told_as_before() -> None:
    staged = ag.function(by_names, backend="numpy")
    staged(X)
    for args, kwargs in [((), {}), ((X, 1, 2), {}), ((X,), {"zz": 1}), ((X,), {"x": X})]:
        with pytest.raises(SignatureError, match="by_names"):
            staged(*args, **kwargs)


def test_objects_that_go_are_forgotten() -> None:
    staged, x = ag.function(combined, backend="numpy"), ag.constant(1.0)
    places = set()
    for scale in range(40):
        how = Scaled(float(scale))
        places.add(id(how))
        assert staged(x, x, how).item() == staged(x, x, how).item() == 1 - scale
        del how
    assert len(places) < 40  # objects came to lie where others have been


def test_changes_are_seen() -> None:
    how, x = Scaled(1.0), ag.constant(1.0)
    staged = ag.function(combined, backend="numpy")
    for scale in [1.0, 2.0, 1.0, 1.0, 3.0]:
        how.scale = scale
        assert staged(x, x, how).item() == 1 - scale
