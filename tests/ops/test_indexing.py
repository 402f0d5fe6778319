"""Keys of every kind at once, read and written, as NumPy takes them: eagerly, and in graphs of known and open sizes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import autograph as ag

BOUNDS = st.none() | st.integers(-6, 6)
SLICES = st.builds(slice, BOUNDS, BOUNDS, st.sampled_from([None, 1, 2, 3, -1, -2]))


@st.composite
def keys(draw, shape):
    """A key with ints, slices, integer arrays that broadcast, None and an ellipsis."""
    common = draw(st.sampled_from([(), (2,), (1,), (3, 1), (2, 1)]))
    key = []
    for size in shape[: draw(st.integers(0, len(shape)))]:
        kind = draw(st.sampled_from(["int", "array", "slice"]))
        indices = st.integers(-size, size - 1)
        if kind == "array":
            own = draw(st.sampled_from([common, common[-1:], ()]))
            count = int(np.prod(own))
            key.append(np.array(draw(st.lists(indices, min_size=count, max_size=count)), int).reshape(own))
        else:
            key.append(draw(indices if kind == "int" else SLICES))
    if draw(st.booleans()):
        key.append(Ellipsis)
    for _ in range(draw(st.integers(0, 2))):
        key.insert(draw(st.integers(0, len(key))), None)
    return tuple(key)


@given(st.data())
def test_keys(data):
    shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple))
    key = data.draw(keys(shape))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    arrays = [part for part in key if isinstance(part, np.ndarray)]
    inferred = []

    def with_arrays(given):
        rest = iter(given)
        return tuple([next(rest) if isinstance(part, np.ndarray) else part for part in key])

    def read(x, *arrays):
        out = x[with_arrays(arrays)]
        inferred.append(out.type.shape)
        return out

    def written(x, *arrays):
        x[with_arrays(arrays)] = -1.0
        return x

    wanted, changed = x[key], x.copy()
    changed[key] = -1.0
    spec = [ag.TensorSpec([None] * x.ndim, ag.float64), *[ag.TensorSpec(array.shape, ag.int64) for array in arrays]]
    for options in ({"input_signature": spec}, {}):
        for f, expected in ((read, wanted), (written, changed)):
            got = ag.function(f, autograph=False, **options)(ag.constant(x), *map(ag.constant, arrays))
            np.testing.assert_array_equal(got.numpy(), expected)
            assert got.shape == np.shape(expected)
    assert inferred[-1] == np.shape(wanted)  # known sizes give known sizes
    np.testing.assert_array_equal(read(ag.constant(x), *map(ag.constant, arrays)).numpy(), wanted)
    np.testing.assert_array_equal(written(ag.constant(x), *map(ag.constant, arrays)).numpy(), changed)
    places = ag.grad(lambda x: ag.ops.sum(read(x, *arrays) * 2.0))(ag.constant(x)).numpy()
    counts = np.zeros_like(x)
    np.add.at(counts, key, 2.0)
    np.testing.assert_array_equal(places, counts)
