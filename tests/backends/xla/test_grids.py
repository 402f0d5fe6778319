"""Writing to regular parts of arrays: by keys of slices and single indices, without a scatter."""

import functools

import numpy as np
import pytest

import autograph as ag
from autograph.errors import ShapeError
from autograph.ops.keys import Slice
from autograph.runtime.apply import apply
from autograph.runtime.op import get_op
from tests.sampling import LONG

jax = pytest.importorskip("jax")

from autograph.backends.xla.listing import stablehlo  # noqa: E402

ops = ag.ops
SHAPE = (5, 4, 6)
BOTH = ("xla", "numpy")


def random_key(draw):
    """A key of slices and numbers, and the same with tensors for some of the numbers."""
    parts, given = [], []
    for size in SHAPE[: draw.integers(1, len(SHAPE) + 1)]:
        kind = draw.integers(4)
        if kind == 0:
            start, stop = (None if draw.integers(3) == 0 else int(draw.integers(-size - 1, size + 2)) for _ in range(2))
            step = int(draw.choice([1, 1, 2, 3, -1, -2]))
            parts.append(slice(start, stop, step))
            given.append(parts[-1])
        elif kind == 1:
            parts.append(slice(None))
            given.append(parts[-1])
        else:
            place = int(draw.integers(-size, size))
            parts.append(place)
            given.append(place if kind == 2 else ag.constant(place))
    where = draw.integers(3)
    if where < 2:
        parts.insert(0, [None, Ellipsis][where])
        given.insert(0, parts[0])
    return tuple(parts), tuple(given)


def fits(key):
    try:
        return np.zeros(SHAPE)[key].shape
    except IndexError:  # an ellipsis has moved numbers to smaller axes
        return None


@pytest.mark.parametrize("seed", range(40 if LONG else 12))
@pytest.mark.parametrize("dtype", ["float32", "int8", "bool", "complex128"])
def test_random_keys(seed, dtype):
    draw = np.random.default_rng([seed, len(dtype)])
    key, given = random_key(draw)
    shape = fits(key)
    if shape is None:
        return
    x, value = (np.asarray(draw.integers(-3, 4, s)).astype(dtype) for s in (SHAPE, shape[draw.integers(2) :]))
    if value.ndim and value.shape[-1] and draw.integers(2):
        value = value[..., :1]

    def write(x, value):
        x[given] = value
        return x

    def gradient(x, value):
        with ag.GradientTape() as tape:
            tape.watch(x)
            loss = ag.ops.sum(x[given] * value)
        return tape.gradient(loss, x)

    for function in [write, *([gradient] if dtype == "float32" else [])]:
        got, wanted = (
            ag.function(function, backend=backend)(ag.constant(x), ag.constant(value)).numpy()
            for backend in ("xla", "numpy")
        )
        np.testing.assert_array_equal(got, wanted)
        assert got.dtype == wanted.dtype


@pytest.mark.parametrize(
    "key",
    [(slice(None, None, 2),), (slice(None), 1), (Ellipsis, slice(4, 0, -2)), (ag.constant(-1), slice(1, 3)), (2,)],
)
def test_no_scatter(key):
    def write(x, value):
        x[key] = value
        with ag.GradientTape() as tape:
            tape.watch(x)
            loss = ag.ops.sum(x[key] ** 2)
        return x, tape.gradient(loss, x)

    x = ag.constant(np.ones(SHAPE, np.float32))
    function = ag.function(write, backend="xla")
    function(x, ag.constant(np.float32(3)))
    text = stablehlo(function.get_concrete_function(x, ag.constant(np.float32(3))).optimized)
    assert "pad" in text or "dynamic_update_slice" in text
    assert "scatter" not in text


def test_adding_bools_is_or():
    x, value = np.array([True, False, False, True]), np.array([False, True])
    add = functools.partial(apply, get_op("index_add"), key=(Slice(None, None, 2),))
    got = ag.function(add, backend="xla", autograph=False)
    np.testing.assert_array_equal(got(ag.constant(x), ag.constant(value)), [True, False, True, True])


@pytest.mark.parametrize("size", [200, 300])
@pytest.mark.parametrize("index", [np.int8(-1), np.uint8(130), np.array([-1, 100], np.int8), np.array([7], np.uint8)])
def test_indices_whose_dtype_does_not_hold_the_size(size, index):
    def run(x, i):
        with ag.GradientTape() as tape:
            tape.watch(x)
            loss = ops.sum(x[i] ** 2)
        gradient, read = tape.gradient(loss, x), x[i]
        x[i] = 0.5
        return read, gradient, x, ops.segment_sum(ops.ones_like(read), ops.abs(i), size) if i.shape else 0

    x = np.arange(size, dtype=np.float32)
    for got, wanted in zip(
        *[ag.function(run, backend=b)(ag.constant(x), ag.constant(index)) for b in BOTH], strict=True
    ):
        np.testing.assert_array_equal(got, wanted)


def test_values_with_more_axes():
    def write(x, value):
        x[1:] = value
        return x

    for shape in [(1, 2), (1, 1, 1)]:
        x, value = np.zeros(3), np.ones(shape)
        got = ag.function(write, backend="xla")(ag.constant(x), ag.constant(value))
        np.testing.assert_array_equal(got, write(x, value))


@pytest.mark.parametrize("backend", ["xla", "numpy"])
def test_one_element_takes_no_array(backend):
    def write(x, value):
        x[1] = value
        return x

    with pytest.raises(ShapeError, match="is stored into a place of shape"):
        ag.function(write, backend=backend)(ag.constant([0.0, 0.0]), ag.constant([1.0]))
