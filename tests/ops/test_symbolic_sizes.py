"""Every op with open sizes: bound, its shapes are the concrete ones; one graph gives what eager gives at every size."""

import traceback

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply, infer_types
from autograph.runtime.dims import SymbolicDim, evaluate, solve
from autograph.runtime.op import all_ops
from tests.ops.test_registry import CASES, run

ROWS = [case for case in CASES if case.values[1]]  # an op without operands has no sizes to open


def opened(op, operands, attrs):
    """The op in a graph whose input sizes are open, each for itself."""
    shapes = [[None if size > 1 else size for size in x.shape] for x in operands]
    spec = [ag.TensorSpec(shape, x.dtype) for shape, x in zip(shapes, operands, strict=True)]
    staged = ag.function(lambda *xs: apply(op, *xs, **attrs), input_signature=spec, autograph=False)
    return staged.get_concrete_function()


def bound(graph, operands):
    """The graph's result shapes for operands of these sizes."""
    sizes = {}
    for param, x in zip(graph.params, operands, strict=True):
        for dim, size in zip(param.type.shape, x.shape, strict=True):
            found = solve(dim, size, sizes)
            sizes.update([found] if found else [])
    return [tuple(evaluate(dim, sizes) for dim in result.type.shape) for result in graph.results]


@pytest.mark.parametrize(("name", "operands", "attrs"), ROWS)
def test_bound_shapes_are_the_concrete_ones(name, operands, attrs):
    op = all_ops()[name]
    concrete = opened(op, operands, attrs)
    assert any(isinstance(dim, SymbolicDim) for p in concrete.graph.params for dim in p.type.shape) or not any(
        size > 1 for x in operands for size in x.shape
    )
    types, _ = infer_types(op, [ag.constant(x).type for x in operands], attrs)
    assert bound(concrete.graph, operands) == [type_.shape for type_ in types]


def larger(x):
    """An operand of about twice the size along each axis that is open."""
    for axis, size in enumerate(x.shape):
        if size > 1:
            x = np.concatenate([x, np.flip(x, axis)], axis)
    return x * (1 + 0.01 * np.arange(x.size).reshape(x.shape) / x.size) if x.dtype.kind in "fc" else x


def outcome(call):
    """What a call gives, or the error that it raises."""
    try:
        found = call()
    except Exception as error:  # eager and graph must raise alike
        return type(error), None
    return None, [np.asarray(x) for x in (found if isinstance(found, tuple) else (found,))]


@pytest.mark.parametrize(("name", "operands", "attrs"), ROWS)
def test_one_graph_serves_every_size(name, operands, attrs):
    op = all_ops()[name]
    concrete = opened(op, operands, attrs)
    for sizes in (operands, [larger(x) for x in operands]):
        given = [ag.constant(x) for x in sizes]
        error, wanted = outcome(lambda: run(op, sizes, attrs))
        failed, got = outcome(lambda: concrete(*given))
        assert failed is error, name
        for a, b in zip(got or [], wanted or [], strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


def added(x, y):
    return x + y  # here sizes differ


def multiplied(x, y):
    return ag.ops.matmul(x[None], y[:, None])  # here sizes differ


def reshaped(x, y):
    return ag.ops.reshape(x, (2, 2)) + y[0]  # here sizes differ


def found(x, y):
    return ag.ops.nonzero(x)[0] + ag.ops.nonzero(y)[0]  # here sizes differ


UNEQUAL = [
    (added, "[d0_0] and [d1_0] do not broadcast: d0_0 = 3 is not d1_0 = 5"),
    (multiplied, "d0_0 = 3 is not d1_0 = 5"),
    (reshaped, "d0_0 = 3 is not 4"),
    (found, "= 3 is not"),
]


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize(("function", "text"), UNEQUAL)
def test_unequal_sizes_are_refused_at_the_users_line(function, text, backend):
    staged = ag.function(function, input_signature=[ag.TensorSpec([None], ag.float64)] * 2, backend=backend)
    assert staged(np.ones(4), np.ones(4)).shape
    with pytest.raises(ag.errors.ShapeError) as caught:
        staged(np.ones(3), np.ones(5))
    said = str(caught.value)
    assert text in said
    assert f'File "{__file__}", line {function.__code__.co_firstlineno + 1}, in {function.__name__}' in said
    assert "# here sizes differ\n    " in said  # the line, then carets
    assert "^" in said
    assert traceback.extract_tb(caught.tb)[-1].lineno == function.__code__.co_firstlineno + 1
