"""Public functions, generated from rows: against their oracles, in graphs, with open sizes, and their gradients."""

import numpy as np
import optree
import pytest

import autograph as ag
from tests.ops.functions.image_functions import IMAGE_FUNCTIONS
from tests.ops.functions.linalg_functions import LINALG_FUNCTIONS
from tests.ops.functions.nn_activations import NN_ACTIVATIONS
from tests.ops.functions.nn_layers import NN_LAYERS
from tests.ops.functions.numpy_functions import NUMPY_FUNCTIONS
from tests.ops.functions.signal_functions import SIGNAL_FUNCTIONS
from tests.ops.functions.special_functions import SPECIAL_FUNCTIONS
from tests.sampling import some

ROWS = [
    *IMAGE_FUNCTIONS,
    *LINALG_FUNCTIONS,
    *NUMPY_FUNCTIONS,
    *SPECIAL_FUNCTIONS,
    *NN_ACTIVATIONS,
    *NN_LAYERS,
    *SIGNAL_FUNCTIONS,
]
CASES = [pytest.param(row, id=f"{row.function}-{i}") for i, row in enumerate(ROWS)]


def leaves(value):
    return [np.asarray(leaf) for leaf in optree.tree_leaves(value)]


def same(got, wanted, rtol=1e-12):
    got, wanted = leaves(got), leaves(wanted)
    assert len(got) == len(wanted)
    for a, b in zip(got, wanted, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-12 if rtol < 1e-9 else rtol)


@pytest.mark.parametrize("row", CASES)
def test_forward(row):
    with np.errstate(all="ignore"):
        got = row.call(*map(ag.constant, row.arrays()))
        wanted = row.oracle(*row.args, **row.kwargs)
    same(got, wanted, row.rtol)
    floats = any(x.dtype.kind in "fc" for x in row.arrays())  # without any, floats are float32 here
    for a, b in zip(leaves(got), leaves(wanted), strict=True):
        assert a.dtype == b.dtype if floats else a.dtype.kind == b.dtype.kind


def has_doubles(row):
    return row.narrow and any(x.dtype == np.float64 for x in row.arrays())


@pytest.mark.parametrize("row", [case for case in CASES if has_doubles(case.values[0])])
def test_float32_stays_float32(row):
    narrow = [x.astype(np.float32) if x.dtype == np.float64 else x for x in row.arrays()]
    with np.errstate(all="ignore"):
        wide, got = [row.call(*map(ag.constant, arrays)) for arrays in (row.arrays(), narrow)]
    for a, b in zip(leaves(got), leaves(wide), strict=True):
        assert a.dtype == {"f": np.float32, "c": np.complex64}.get(b.dtype.kind, b.dtype)
        if b.dtype.kind in "fc":
            np.testing.assert_allclose(a, b, rtol=5e-3, atol=2e-3)


@pytest.mark.parametrize("row", some(CASES, 2))
def test_graph(row):
    with np.errstate(all="ignore"):
        eager = row.call(*map(ag.constant, row.arrays()))
    same(ag.function(row.call, autograph=False)(*map(ag.constant, row.arrays())), eager)


@pytest.mark.parametrize("row", some([case for case in CASES if case.values[0].open and case.values[0].arrays()], 3))
def test_open_sizes(row):
    arrays = row.arrays()
    opened = range(len(arrays)) if row.open is True else row.open
    spec = [ag.TensorSpec(open_shape(x.shape) if i in opened else x.shape, x.dtype) for i, x in enumerate(arrays)]
    with np.errstate(all="ignore"):
        eager = row.call(*map(ag.constant, arrays))
    same(ag.function(row.call, input_signature=spec, autograph=False)(*map(ag.constant, arrays)), eager)


def open_shape(shape):
    return [None if size > 1 else size for size in shape]


def loss(row, weights):
    def total(*arrays):
        outs = [x for x in optree.tree_leaves(row.call(*arrays)) if ag.ops.isdtype(x.dtype, "real floating")]
        parts = [ag.ops.sum(out * weight) for out, weight in zip(outs, weights, strict=True)]
        return sum(parts[1:], parts[0])

    return total


def differentiable(row):
    return row.grad and any(x.dtype.kind == "f" for x in row.arrays())


@pytest.mark.parametrize("row", [case for case in CASES if differentiable(case.values[0])])
def test_gradient(row):
    arrays = row.arrays()
    places = [i for i, x in enumerate(arrays) if x.dtype.kind == "f"]
    rng = np.random.default_rng(7)
    with np.errstate(all="ignore"):
        outs = [x for x in leaves(row.call(*map(ag.constant, arrays))) if x.dtype.kind == "f"]
        if not outs:
            pytest.skip("no float result")
        weights = [rng.normal(size=out.shape) for out in outs]
        total = loss(row, weights)

        def of_floats(*floats):
            full = [ag.constant(x) for x in arrays]
            for place, x in zip(places, floats, strict=True):
                full[place] = x
            return total(*full)

        floats = [arrays[i] for i in places]
        grads = ag.grad(of_floats, argnums=tuple(range(len(floats))))(*map(ag.constant, floats))
        for i, grad in enumerate(grads):
            step = rng.normal(size=floats[i].shape)
            values = []
            for h in (1e-6, -1e-6):
                moved = [ag.constant(x + h * step if j == i else x) for j, x in enumerate(floats)]
                values.append(float(of_floats(*moved)))
            wanted = (values[0] - values[1]) / 2e-6
            got = float(np.sum(grad.numpy() * step))
            assert got == pytest.approx(wanted, rel=2e-5, abs=1e-6), i
