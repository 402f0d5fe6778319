"""What ops demand of operands, made into checks, fails exactly where their kernels raise, with the same message."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.numpy.codegen import Program
from autograph.ops.keys import Hole, Slice
from autograph.ops.number_limits import WRAPPING
from autograph.runtime.apply import apply
from autograph.runtime.context import Context, use
from autograph.runtime.dims import symbol
from autograph.runtime.failure import Failure
from autograph.runtime.op import Effect, Kind, all_ops, get_op
from autograph.runtime.structure_ops import check_dims_op, check_op, fail_op
from autograph.runtime.tensor import raw_type
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, TensorType
from autograph.runtime.vector import Vector
from autograph.runtime.verify import verify
from autograph.transforms.passes.explicit_checks import make_checks_explicit

A = np.arange(12.0).reshape(3, 4)
LARGE = 2**62
ITEMS = Vector([1.0, 2.0, 3.0])
CASES = [
    *[("floor_divide", (x, y), {}) for x in (7, -(2**63)) for y in (2, 0, -1)],
    *[("floor_divide", (7.0, y), {}) for y in (2.0, 0.0)],
    *[("remainder", (7, y), {}) for y in (2, 0)],
    *[("remainder", (7.0, y), {}) for y in (2.0, 0.0)],
    *[("divide", (7, y), {}) for y in (2, 0, 0.0)],
    *[(name, (np.array([4, 5]), np.array(y)), {}) for name in ("floor_divide", "remainder") for y in ([2, 3], [1, 0])],
    *[("floor_divide", (np.array([4.0, 5.0]), np.array([1.0, 0.0])), {})],
    *[(name, (x, y), {}) for name in ("add", "subtract", "multiply") for x in (3, LARGE, -LARGE) for y in (2, LARGE)],
    *[(name, (x,), {}) for name in ("negative", "abs") for x in (5, -5, -(2**63))],
    *[("pow", (3, y), {}) for y in (2, 50)],
    *[("bitwise_left_shift", (x, y), {}) for x in (3, -3) for y in (2, 61, 62, 70, -1)],
    *[("bitwise_right_shift", (3, y), {}) for y in (2, 70, -1)],
    *[(name, (np.zeros((2, n)),), {"axis": (1,), "keepdims": False}) for name in ("max", "min") for n in (0, 1, 3)],
    *[(name, (np.zeros((2, n)),), {"axis": 1}) for name in ("argmax", "argmin") for n in (0, 3)],
    *[("setitem", (np.zeros(4), np.ones(n)), {"key": (Slice(None, None, None),)}) for n in (4, 1, 3)],
    *[("setitem", (A, np.ones((m, n))), {"key": (Slice(None, None, None),)}) for m in (3, 2, 1) for n in (4, 1, 5)],
    *[("setitem", (A, np.ones(n)), {"key": (1,)}) for n in (4, 3)],
    *[("list_get", (ITEMS, n), {}) for n in (0, 2, 3, -3, -4)],
    *[("list_set", (ITEMS, n, 9.0), {}) for n in (0, 3, -4)],
    *[("list_pop", (Vector(ITEMS[n] for n in range(count)),), {}) for count in (0, 2)],
    *[("getitem", (A,), {"key": (n,)}) for n in (0, 2, 3, -3, -4)],
    *[("getitem", (A,), {"key": (Ellipsis, n)}) for n in (3, 4, -5)],
    *[("getitem", (A, np.array(n)), {"key": (Hole(),)}) for n in (0, 3, -4)],
    *[("getitem", (A, np.array(n, int)), {"key": (Slice(None, None, None), Hole())}) for n in ([0, 3], [0, 9, -7], [])],
    *[("getitem", (A, np.array([[0, n], [2, 7]])), {"key": (Hole(),)}) for n in (0, 5)],
    *[("getitem", (A, np.array([0, n]), np.array([m, 1])), {"key": (Hole(), Hole())}) for n in (2, 4) for m in (1, 6)],
    *[("setitem", (A, np.array(5.0), np.array(n)), {"key": (Hole(),)}) for n in (1, 5)],
    *[("index_add", (A, np.array(5.0), np.array(n)), {"key": (Hole(), 1)}) for n in (1, -5)],
    *[("inv", (np.array([[1.0, 2.0], [2.0, x]]),), {}) for x in (4.0, 5.0)],
    *[("solve", (np.array([[1.0, 2.0], [2.0, x]]), np.ones((2, 1))), {}) for x in (4.0, 5.0)],
    *[("cholesky", (np.array([[4.0, 2.0], [2.0, x]]),), {}) for x in (1.0, 2.0)],
    *[("svd", (np.array([[4.0, 2.0], [2.0, x]]),), {"full": False}) for x in (np.nan, 2.0)],
    *[("segment_sum", (np.ones((2, 3)), np.array([1, x])), {"count": 3}) for x in (0, 3, -1)],
    *[("bincount", (np.array([1, x]),), {"least": 0, "binds": (symbol("k"),)}) for x in (2, -1)],
    *[("repeat_indices", (np.array([1, x]),), {"binds": (symbol("k"),)}) for x in (2, 0, -1)],
    *[("getitem", (A, np.ones(n, bool)), {"key": (Hole(True),), "binds": (symbol("k"),)}) for n in (3, 2)],
]


def type_of(raw, name):
    """The type of an operand with open sizes, so that nothing is decided while tracing."""
    if isinstance(raw, Vector):
        return ListType(raw_type(1.0))
    type_ = raw_type(raw)
    return type_.with_shape(tuple([symbol(f"{name}{axis}", 0) for axis in range(type_.rank)]))


def error_of(run):
    with np.errstate(all="ignore"):
        try:
            run()
        except Failure as failure:
            return failure.site.build(failure.payload)
        except Exception as error:
            return error
    return None


@pytest.mark.parametrize(("name", "operands", "attrs"), CASES)
def test_checks_raise_what_the_kernel_raises(name, operands, attrs):
    trace = Trace("f")
    same_sizes = name in ("floor_divide", "remainder")
    types = [type_of(raw, "s" if same_sizes else f"s{n}_") for n, raw in enumerate(operands)]
    inputs = [trace.add_input(type_) for type_ in types]
    with use(Context(trace)):
        apply(get_op(name), *inputs, **attrs)
    graph = trace.graph
    wanted = error_of(lambda: Program(graph).run(operands))
    make_checks_explicit(graph)
    verify(graph)
    nodes = list(graph.body.nodes)
    graph.body.nodes = [node for node in nodes if node.op is not get_op(name)]
    got = error_of(lambda: Program(graph).run(operands))
    assert type(got) is type(wanted)
    if wanted is not None:
        assert str(got).splitlines()[0] == str(wanted).splitlines()[0]


def test_every_op_that_may_fail_says_what_it_demands():
    # A call fails by the ops of its graph.
    failing = {name for name, op in all_ops().items() if op.effects & Effect.FAIL and op.kind is not Kind.CONTROL}
    assert {name for name in failing if all_ops()[name].requires is None} == {
        op.name for op in (check_op, fail_op, check_dims_op)
    }


@pytest.mark.parametrize("name", [name for name in WRAPPING if name != "bitwise_left_shift"])
@pytest.mark.parametrize("x", [0, 5, -5, 2**62, -(2**63), 2**63 - 1])
def test_wrapping_is_arithmetic_of_64_bits(name, x):
    wrapping = get_op("wrapping")
    operands = (x,) if name in ("negative", "abs") else (x, 3)
    (type_, flag) = wrapping.infer(*[TensorType(ag.int64, (), True)] * len(operands), op=name)
    assert (str(type_), str(flag)) == ("~i64[]", "bool[]")
    value, overflows = wrapping.kernel(np, *operands, op=name)
    numpy = {"abs": np.abs, "pow": np.power}.get(name) or getattr(np, name)
    with np.errstate(all="ignore"):
        assert value == numpy(*[np.int64(operand) for operand in operands])
    assert overflows == (WRAPPING[name](*operands) != value)
