"""The cases that are compared with array_api_strict give the same in graphs, of known and of open sizes."""

import numpy as np
import pytest

import autograph as ag
from tests.ops.strict_comparison import agree, to_numpy
from tests.ops.test_strict_functions import CUBE, FFT, LINALG, numbers

NEEDS_VALUES = {"tensor", "broadcast_shapes"}  # bool(), float() and the like; sizes are tensors in a graph
KNOWN_SIZES = {"unstack", "tensor"}
SPACES = {**dict.fromkeys(CUBE, ag.ops), **dict.fromkeys(LINALG, ag.ops.linalg), **dict.fromkeys(FFT, ag.ops.fft)}


@pytest.mark.parametrize("name", [name for name in SPACES if name not in NEEDS_VALUES])
def test_graphs(name):
    cases, shape = {**CUBE, **LINALG, **FFT}[name], (2, 3, 3) if name in LINALG else (2, 3, 4)
    x = ag.constant(numbers("float64", shape) + (5 * np.eye(3) if name in LINALG else 0))
    spec = [ag.TensorSpec([None] * 3, ag.float64)]
    for f in cases:
        with np.errstate(all="ignore"):
            try:
                wanted = to_numpy(f(SPACES[name], x))
            except ag.errors.DTypeError:
                continue  # not of floats
            closed = ag.function(lambda x: f(SPACES[name], x), autograph=False)
            agree(to_numpy(closed(x)), wanted, exact=False)
            if name not in KNOWN_SIZES:
                opened = ag.function(lambda x: f(SPACES[name], x), autograph=False, input_signature=spec)
                agree(to_numpy(opened(x)), wanted, exact=False)


@pytest.mark.parametrize("name", [name for name in SPACES if name not in NEEDS_VALUES])
def test_arrays_and_variables_are_taken_as_tensors(name):
    cases, shape = {**CUBE, **LINALG, **FFT}[name], (2, 3, 3) if name in LINALG else (2, 3, 4)
    x = numbers("float64", shape) + (5 * np.eye(3) if name in LINALG else 0)
    for f in cases:
        with np.errstate(all="ignore"):
            try:
                wanted = to_numpy(f(SPACES[name], ag.constant(x)))
            except ag.errors.DTypeError:
                continue  # not of floats
            agree(to_numpy(f(SPACES[name], x)), wanted, exact=False)
            agree(to_numpy(f(SPACES[name], ag.Variable(x))), wanted, exact=False)


def test_broadcast_shapes_of_open_sizes():
    @ag.function(autograph=False, input_signature=[ag.TensorSpec([None, None], ag.float32)])
    def zeros(x):
        return ag.ops.zeros(ag.ops.broadcast_shapes(x.shape, (5, 1, 1)))

    assert zeros(ag.ops.ones((2, 3))).shape == (5, 2, 3)
