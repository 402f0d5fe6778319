"""Writing at keys of a mask and other parts, against NumPy."""

import numpy as np
import pytest

import autograph as ag

X = np.arange(24.0).reshape(2, 3, 4) + 100
KEYS = {
    "mask": lambda m: (m,),
    "after a slice": lambda m: (slice(None), m),
    "after a part": lambda m: (slice(1, None), m),
    "backwards": lambda m: (slice(None, None, -1), m),
    "at the end": lambda m: (..., m),
    "after a number": lambda m: (1, m),
    "before a number": lambda m: (m, 1),
    "before a part": lambda m: (m, slice(1, None)),
    "after a new axis": lambda m: (None, m),
    "between": lambda m: (slice(None), m, 1),
}
VALUES = [(), (4,), (2, 1), (2, 2), (1, 2, 1), (1, 1, 1, 1)]
MASKS = [[True, False], [False, True, True], [True, True, False, False], np.arange(6).reshape(2, 3) % 3 == 1]
MASKS += [np.arange(12).reshape(3, 4) % 5 == 1]


def written(x, mask, value, key):
    x[key(mask)] = value
    return x


def outcome(run):
    try:
        return np.asarray(run())
    except (IndexError, ValueError, TypeError):
        return None


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_as_in_numpy(key, backend):
    if backend == "xla":
        pytest.importorskip("jax")
    masks = MASKS[1:4] if backend == "xla" else MASKS
    for mask in map(np.asarray, masks):
        for shape in VALUES[: 4 if backend == "xla" else 6]:
            value = np.arange(float(np.prod(shape, dtype=int))).reshape(shape) + 1
            staged = ag.function(lambda x, m, v: written(x, m, v, key), backend=backend)
            wanted = outcome(lambda: written(X.copy(), mask, value, key))  # noqa: B023 (called at once)
            found = outcome(lambda: staged(ag.constant(X), ag.constant(mask), ag.constant(value)))  # noqa: B023
            assert (found is None) == (wanted is None)
            if wanted is not None:
                np.testing.assert_array_equal(found, wanted)


def test_gradients_reach_value_and_rest():
    mask, x, value = ag.constant([True, False, True]), ag.constant(X[0].T), ag.constant([5.0, 7.0], ag.float64)
    with ag.GradientTape() as tape:
        tape.watch([x, value])
        out = written(x + 0.0, mask, value, KEYS["after a slice"])
        y = ag.ops.sum(out * out)
    by_x, by_value = tape.gradient(y, [x, value])
    np.testing.assert_array_equal(by_x.numpy(), 2 * X[0].T * [0, 1, 0])
    np.testing.assert_array_equal(by_value.numpy(), [2 * 5 * 4, 2 * 7 * 4])


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
def test_what_does_not_fit_is_refused(backend):
    if backend == "xla":
        pytest.importorskip("jax")
    put = ag.function(lambda x, m: written(x, m, 1.0, KEYS["mask"]), backend=backend)
    take = ag.function(lambda x, m: x[m], backend=backend)
    column = ag.constant(np.ones(3))
    for call in (put, take):
        with pytest.raises(IndexError, match="too many indices"):
            call(column, ag.constant(np.ones((3, 1), bool)))
        with pytest.raises(IndexError, match="boolean index did not match"):
            call(column, ag.constant(np.ones(2, bool)))
    apart = ag.function(lambda x, m: written(x, m, 1.0, lambda m: (1, slice(None), m)), backend=backend)
    with pytest.raises(ag.errors.GraphTensorError, match="a number elsewhere"):
        apart(ag.constant(X), ag.constant(np.ones(4, bool)))


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
@pytest.mark.parametrize("rows", [1, 2, 3, 0])
def test_as_many_values_as_the_mask_chooses(backend, rows):
    if backend == "xla":
        pytest.importorskip("jax")
    staged = ag.function(lambda x, m, v: written(x, m, v, KEYS["mask"]), backend=backend)
    for x, shape in ((np.arange(5.0), (rows,)), (np.arange(10.0).reshape(5, 2), (rows, 2))):
        mask, value = np.array([True, False, True, False, False]), np.full(shape, 7.0)
        try:
            wanted = written(x.copy(), mask, value, KEYS["mask"])
        except ValueError as error:
            with pytest.raises(ValueError) as caught:
                staged(ag.constant(x), ag.constant(mask), ag.constant(value))
            assert str(caught.value).strip() == str(error).strip()
        else:
            found = staged(ag.constant(x), ag.constant(mask), ag.constant(value))
            np.testing.assert_array_equal(found.numpy(), wanted)
