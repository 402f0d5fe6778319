"""Every op of all lanes at once against a Python loop over the lanes, whichever operands differ from lane to lane."""

import itertools

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from autograph.transforms.vectorize.vmap import lane_by_lane
from tests.ops.test_registry import CASES, run
from tests.sampling import LONG, some

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


@pytest.mark.parametrize(("name", "operands", "attrs"), some(ROWS, 2))
def test_all_lanes_at_once(name, operands, attrs):
    op = all_ops()[name]
    for flags in varying(len(operands)):
        lanes = [[lane(x, i) if flag else x for x, flag in zip(operands, flags)] for i in range(LANES)]
        wanted = [run(op, one, attrs) for one in lanes]
        given = [np.stack(xs) if flag else xs[0] for xs, flag in zip(zip(*lanes), flags)]
        axes = tuple(0 if flag else None for flag in flags)
        staged = ag.function(ag.vmap(lambda *xs: apply(op, *xs, **attrs), axes), autograph=False)
        found = staged(*map(ag.constant, given))
        looped = set(staged.explain().traces[0].looped)
        assert looped <= (LANE_BY_LANE if all(flags) else {"positive_definite"})
        found = found if isinstance(found, tuple) else (found,)
        for place, got in enumerate(found):
            for number in range(LANES):
                expected = wanted[number][place].numpy()
                assert got.dtype is wanted[number][place].dtype
                np.testing.assert_allclose(got.numpy()[number], expected, rtol=1e-9, atol=1e-11)


# One answer for a whole stack of matrices; inputs and kernels that both differ, of which each lane is a product anyway.
LANE_BY_LANE = {"positive_definite", "convolution"}


@pytest.mark.parametrize(("name", "operands", "attrs"), [row for row in ROWS if LONG or row.id.endswith("-0")])
def test_open_numbers_of_lanes(name, operands, attrs):
    op = all_ops()[name]
    flags = varying(len(operands))[0]
    axes = tuple(0 if flag else None for flag in flags)
    spec = [ag.TensorSpec([None, *x.shape], x.dtype) for x in operands]
    staged = ag.function(ag.vmap(lambda *xs: apply(op, *xs, **attrs), axes), input_signature=spec, autograph=False)
    graph = staged.get_concrete_function().graph
    assert set(lane_by_lane(graph)) <= LANE_BY_LANE
    lanes = [[lane(x, i) for x in operands] for i in range(LANES + 1)]
    found = staged(*[ag.constant(np.stack(xs)) for xs in zip(*lanes)])
    for got, expected in zip(found if isinstance(found, tuple) else (found,), run(op, lanes[-1], attrs), strict=True):
        np.testing.assert_allclose(got.numpy()[-1], expected.numpy(), rtol=1e-9, atol=1e-11)


def test_what_runs_lane_by_lane_is_counted():
    op = all_ops()["positive_definite"]
    staged = ag.function(ag.vmap(lambda x: apply(op, x)))
    staged(ag.constant(np.stack([np.eye(2), -np.eye(2)])))
    (trace,) = staged.explain().traces
    assert trace.looped == {"positive_definite": 1}
    assert "run lane by lane: 1 positive_definite" in str(staged.explain())


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


def test_searches_in_numbers_of_each_lane():
    rng = np.random.default_rng(5)
    numbers = np.sort(rng.integers(0, 5, (LANES, 6)).astype(float), axis=1)
    numbers[0, -2:] = np.nan
    sought = rng.integers(-1, 6, (LANES, 2, 4)).astype(float)
    sought[:, 0, 0] = np.nan
    for side in ("left", "right"):
        got = ag.vmap(lambda x, v, side=side: ag.ops.searchsorted(x, v, side=side))(numbers, sought).numpy()
        np.testing.assert_array_equal(got, [np.searchsorted(*pair, side) for pair in zip(numbers, sought)])
    got = ag.vmap(ag.ops.isin)(sought, numbers).numpy()
    np.testing.assert_array_equal(got, [np.isin(*pair) for pair in zip(sought, numbers)])
    empty = ag.vmap(ag.ops.searchsorted)(np.zeros((LANES, 0)), sought).numpy()
    np.testing.assert_array_equal(empty, np.zeros(sought.shape))


@pytest.mark.parametrize("bad", [-1, 3])
def test_segments_stay_in_their_lane(bad):
    data, ids = np.ones((2, 4)), np.array([[0, 1, 2, 2], [0, 0, bad, 1]])
    with pytest.raises(IndexError, match="a segment's number"):
        ag.vmap(lambda x, i: ag.ops.segment_sum(x, i, 3))(data, ids)


def test_gradients_for_each_example_of_a_convolution():
    rng = np.random.default_rng(6)
    images, kernel = rng.normal(size=(LANES, 6, 5, 2)), rng.normal(size=(3, 2, 2, 4))

    def loss(kernel, image):
        return ag.ops.sum(ag.ops.nn.relu(ag.ops.nn.conv(image[None], kernel, strides=2, padding="same")) ** 2)

    got = ag.vmap(ag.grad(loss), (None, 0))(kernel, images).numpy()
    wanted = [ag.grad(loss)(ag.constant(kernel), image).numpy() for image in images]
    np.testing.assert_allclose(got, wanted, rtol=1e-9)
