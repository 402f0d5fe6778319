"""The text form of graphs reads back as the same graph, and the verifier refuses graphs that break a rule."""

import copy
import functools

import numpy as np
import optree
import pytest

import autograph as ag
from autograph.backends.numpy.codegen import Program
from autograph.errors import IRSyntaxError, VerificationError
from autograph.function.leaf_types import is_tensor_leaf
from autograph.ops.arithmetic import add_op
from autograph.runtime.failure import Failure
from autograph.runtime.ir import Node
from autograph.runtime.ir_parse import parse_graph
from autograph.runtime.verify import verify
from autograph.transforms.linearize import linearize
from autograph.transforms.optimize import PASSES, optimize
from tests.conformance.oracle import tensors
from tests.conformance.programs import PROGRAMS
from tests.sampling import some

CASES = [pytest.param(function, rows[0], id=function.__name__) for function, rows in PROGRAMS]


@functools.cache
def traced(function):
    return ag.function(function)


def concrete_of(function, args):
    """The concrete function of a program, and the values of its graph's parameters."""
    given = tensors(copy.deepcopy(args))
    staged = traced(function)
    concrete = staged._entry(staged._bound(given, {})).concrete
    tensor_leaves = [leaf for leaf in optree.tree_leaves(given) if is_tensor_leaf(leaf)]
    return concrete, [leaf._value for leaf in tensor_leaves] + [c._value for c in concrete.captures]


def results(graph, raws):
    try:
        with np.errstate(all="ignore"):
            return Program(graph).run(raws)
    except Failure as failure:  # the text form does not say where in the user's source a failure is
        return [repr(failure.site.exception), *failure.site.arguments, *failure.payload]
    except Exception as error:
        return [repr(error)]


def shown(raw):
    return repr(np.asarray(raw) if isinstance(raw, np.generic) else raw)


def same(a, b):
    return len(a) == len(b) and all(shown(x) == shown(y) for x, y in zip(a, b))


@pytest.mark.parametrize(("function", "args"), some(CASES, 8))
def test_text_reads_back(function, args):
    concrete, raws = concrete_of(function, args)
    for graph in (concrete.graph, concrete.optimized):
        text = str(graph)
        parsed = parse_graph(text)
        assert str(parsed) == text
        verify(parsed)
        assert same(results(parsed, raws), results(graph, raws))


@pytest.mark.parametrize(("function", "args"), some(CASES, 8))
def test_passes_keep_graphs_well_formed_and_equal(function, args):
    concrete, raws = concrete_of(function, args)
    graph = parse_graph(str(concrete.graph))
    wanted = results(concrete.graph, raws)
    for run_pass in PASSES:
        run_pass(graph)
        verify(graph)
        assert same(results(graph, raws), wanted)


@pytest.mark.parametrize(("function", "args"), some(CASES, 8))
def test_gradients_are_well_formed_graphs(function, args):
    concrete, _ = concrete_of(function, args)
    if not any(param.type.dtype.is_floating for param in concrete.graph.params):
        pytest.skip("nothing to differentiate by")
    linear = linearize(concrete.graph)
    for graph in (linear.forward, linear.backward):
        verify(graph)
        verify(optimize(graph))
        text = str(graph)
        assert str(parse_graph(text)) == text


def test_variables_and_constants_read_back():
    v = ag.Variable(np.arange(40.0), name="v")
    c = np.linspace(0, 1, 40)

    @ag.function
    def f(x):
        v.assign_add(x * c)
        assert x[0] < 5, f"big: {x[0]:.1f}"
        return v * float("inf")

    text = str(f.get_concrete_function(ag.TensorSpec([40], ag.float64)).graph)
    assert "%v: ref f64[40]" in text
    assert str(parse_graph(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "func f() -> ():\n  return %x\n", "func f() -> ():\n  nothing_known\n  return\n", "func f(%x: q9[]) -> ():\n"],
)
def test_bad_text(text):
    with pytest.raises(ag.errors.AutoGraphError) as caught:
        parse_graph(text)
    assert isinstance(caught.value, IRSyntaxError | ag.errors.DTypeError)


def broken(change):
    graph = parse_graph("func f(%x: f32[3]) -> f32[3]:\n  %0: f32[3] = exp %x\n  %1: f32[3] = sin %0\n  return %1\n")
    change(graph)
    with pytest.raises(VerificationError):
        verify(graph)


def test_verifier_refuses():
    broken(lambda g: g.body.nodes.reverse())
    broken(lambda g: setattr(g.body.nodes[0].outputs[0], "type", ag.constant(1.0).type))
    broken(lambda g: g.body.nodes.pop())
    other = parse_graph("func g(%y: f32[3]) -> f32[3]:\n  return %y\n")
    broken(lambda g: g.body.append(Node(add_op, [other.params[0]] * 2, {}, (), [other.params[0].type], None)))
