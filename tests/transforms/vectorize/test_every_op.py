"""Every op of all lanes at once against a Python loop over the lanes, whichever operands differ from lane to lane."""

import itertools

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.ops.test_registry import CASES, run

LANES = 3
CREATED = ("full", "iota", "constant", "dimension", "undefined")
ROWS = [case for case in CASES if case.values[0] not in CREATED]


def lane(x, number):
    """An operand of another lane: floats a little different, integers and bools in another order."""
    if x.dtype.kind in "fc":
        return x * (1 + 0.01 * number)
    if x.dtype == np.uint32:
        return x + np.uint32(number)
    return np.roll(x, number, -1) if x.ndim else x


def varying(count):
    """Which operands differ: all, and each alone."""
    every = tuple([True] * count)
    alone = [tuple(i == j for i in range(count)) for j in range(count)]
    return list(dict.fromkeys([every, *alone]))


@pytest.mark.parametrize(("name", "operands", "attrs"), ROWS)
def test_all_lanes_at_once(name, operands, attrs):
    op = all_ops()[name]
    for flags in varying(len(operands)):
        lanes = [[lane(x, i) if flag else x for x, flag in zip(operands, flags)] for i in range(LANES)]
        wanted = [run(op, one, attrs) for one in lanes]
        given = [np.stack(xs) if flag else xs[0] for xs, flag in zip(zip(*lanes), flags)]
        axes = tuple(0 if flag else None for flag in flags)
        found = ag.vmap(lambda *xs: apply(op, *xs, **attrs), axes)(*map(ag.constant, given))
        found = found if isinstance(found, tuple) else (found,)
        for place, got in enumerate(found):
            for number in range(LANES):
                expected = wanted[number][place].numpy()
                assert got.dtype is wanted[number][place].dtype
                np.testing.assert_allclose(got.numpy()[number], expected, rtol=1e-9, atol=1e-11)


KEYS = [
    ((2, 3, 4), "i", [(3,)]),
    ((2, 3, 4), ":i", [(3,)]),
    ((2, 3, 4), "i:i", [(3,), (3,)]),
    ((2, 3, 4), "ii", [(3,), (2, 1)]),
    ((2, 3, 4), ":ii", [(), (2,)]),
    ((2, 3, 4), "1:i", [(3,)]),
    ((2, 3, 4), "n:i", [(3, 2)]),
    ((2, 3, 4), ".i", [(5,)]),
    ((2, 3, 4), "i.0", [(5,)]),
    ((4,), "i", [()]),
]


def key_of(text, indices):
    rest = iter(indices)
    parts = {":": slice(None), "n": None, ".": Ellipsis}
    return tuple(next(rest) if c == "i" else int(c) if c.isdigit() else parts[c] for c in text)


@pytest.mark.parametrize(("shape", "text", "shapes"), KEYS)
def test_every_form_of_index(shape, text, shapes):
    rng = np.random.default_rng(4)
    xs = rng.normal(size=(LANES, *shape))
    indices = [rng.integers(-2, 2, size=(LANES, *s)) for s in shapes]
    place = xs[0][key_of(text, [i[0] for i in indices])].shape
    values = rng.normal(size=(LANES, *place))

    def read(x, value, *index):
        return x[key_of(text, index)]

    def written(x, value, *index):
        x[key_of(text, index)] = value
        return x

    def plain(function, x, value, *index):
        return function(x.copy(), value, *index)

    for flags in itertools.product([True, False], repeat=2 + len(indices)):
        if not any(flags):
            continue
        operands = [a if flag else a[0] for a, flag in zip([xs, values, *indices], flags)]
        axes = tuple(0 if flag else None for flag in flags)
        for function in (read, written) if flags[0] else (read,):
            got = ag.vmap(function, axes)(*map(ag.constant, operands)).numpy()
            for number in range(LANES):
                one = [a[number] if flag else a for a, flag in zip(operands, flags)]
                if function is written and len(shapes) and _repeats(text, one[2:], shape):
                    continue  # which of two writes to one place stays is not said
                np.testing.assert_array_equal(got[number], plain(function, *one))


def _repeats(text, indices, shape):
    counts = np.zeros(shape, int)
    np.add.at(counts, key_of(text, indices), 1)
    return counts.max() > 1


def test_masks_that_select_as_many_in_each_lane():
    xs = np.arange(6.0).reshape(2, 3)
    masks = np.array([[True, False, True], [False, True, True]])
    got = ag.vmap(lambda x, m: x[m])(ag.constant(xs), ag.constant(masks)).numpy()
    np.testing.assert_array_equal(got, [[0.0, 2.0], [4.0, 5.0]])
    with pytest.raises(ValueError, match="same shape"):
        ag.vmap(lambda x: x[x > 1])(ag.constant(xs))
