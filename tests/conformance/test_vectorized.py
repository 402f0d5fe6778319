"""The programs of several lanes at once give what plain Python gives lane by lane, or raise what a lane raises."""

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import leaves, outcome, plain_outcome, same
from tests.conformance.programs import PROGRAMS, dict_keys, variants
from tests.conformance.test_gradients import moved_off
from tests.sampling import LONG, some


def is_array(value):
    return isinstance(value, np.ndarray | np.generic)


def is_result(value):
    """Whether a result can be stacked: arrays, in tuples and dicts."""
    if isinstance(value, tuple):
        return all(map(is_result, value))
    if isinstance(value, dict):
        return all(map(is_result, value.values()))
    return isinstance(value, np.ndarray | np.generic | int | float)


def others(args):
    """Arguments of another lane: floats moved a little, arrays of integers turned round."""
    moved = moved_off(args)
    return tuple([np.roll(a, 1) if is_array(a) and a.ndim and a.dtype.kind in "iu" else a for a in moved])


MOST_ROWS = 99 if LONG else 1

ROWS = [
    pytest.param(function, args, id=f"{function.__name__}-{i}")
    for function, rows in PROGRAMS
    for i, args in enumerate(rows[:MOST_ROWS])
    if args and all(map(is_array, args))
]


# Programs that give something else than tensors in some lanes: a tuple or None, texts, lists that grow, keys of dicts.
NO_TENSORS = {"largest_with_place", "finally_without_except", "unbound_or_text", "removed_but_absent"} | {
    function.__name__ for function, _ in [*variants.PROGRAMS, *dict_keys.PROGRAMS]
}


def lane(value, number):
    if isinstance(value, tuple):
        parts = [lane(part, number) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, dict):
        return {key: lane(part, number) for key, part in value.items()}
    return np.asarray(value)[number]


@pytest.mark.parametrize(("function", "args"), some(ROWS, 10))
def test_lanes(function, args):
    lanes = [args, others(args), args]
    outcomes = [plain_outcome(function, one) for one in lanes]
    errors = [type(found) for kind, found in outcomes if kind == "error"]
    results = [found for kind, found in outcomes if kind == "value"]
    if not all(map(is_result, results)) or len({repr([np.shape(x) for x in leaves(r)]) for r in results}) > 1:
        pytest.skip("its results cannot be stacked")
    given = [ag.constant(np.stack(xs)) for xs in zip(*lanes)]
    kind, found = outcome(ag.function(ag.vmap(function), backend="numpy"), given)
    if kind == "error":
        if isinstance(found, ag.errors.StagingError) and "assigns a variable" in str(found):
            return
        if isinstance(found, ag.errors.DTypeError | ag.errors.GraphTensorError):
            assert function.__name__ in NO_TENSORS
            return
        assert errors, found
        assert any(isinstance(found, error) for error in errors)
        return
    assert not errors
    for number, wanted in enumerate(results):
        assert same(lane(found, number), wanted)
