"""Graphs whose failures are data do what they did before: results, exceptions, lines, prints, variables."""

import copy
import functools
import traceback

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.ir import walk
from autograph.runtime.structure_ops import call_op, cond_op
from tests.conformance.oracle import outcome, plain_outcome, same, tensors
from tests.conformance.programs import PROGRAMS
from tests.sampling import LONG, some
from tests.transforms.passes.threaded_backend import threaded

CASES = [
    pytest.param(function, args, id=f"{function.__name__}-{i}")
    for function, rows in PROGRAMS
    for i, args in enumerate(rows if LONG else rows[:2])
]


@functools.cache
def compiled(function, backend):
    return ag.function(function, backend=backend)


def calls_a_graph(function, args):
    graph = ag.function(function).get_concrete_function(*tensors(copy.deepcopy(args))).graph
    return any(node.op is call_op for node in walk(graph.body))


@pytest.mark.parametrize(("function", "args"), some(CASES, 16))
def test_program(function, args, capsys):
    kind, wanted = plain_outcome(function, args)
    capsys.readouterr()
    runs = []
    for backend in ("numpy", "threaded"):
        got_kind, got = outcome(compiled(function, backend), tensors(copy.deepcopy(args)))
        runs.append((got_kind, got, capsys.readouterr().out))
    if isinstance(runs[1][1], ag.errors.UnsupportedOpError):
        assert calls_a_graph(function, args)
        return
    assert runs[1][0] == kind, runs[1][1]
    assert runs[1][2] == runs[0][2]
    got = runs[1][1]
    if kind == "value":
        assert same(got, wanted), (got, wanted)
        return
    assert (type(got), got.args) == (type(runs[0][1]), runs[0][1].args)
    last = [traceback.extract_tb(run[1].__traceback__)[-1] for run in runs]
    assert (last[0].filename, last[0].lineno) == (last[1].filename, last[1].lineno)


def test_most_raising_programs_have_codes():
    raising = [f for f, rows in PROGRAMS if any(plain_outcome(f, args)[0] == "error" for args in rows)]
    assert len(raising) > 10
    for function in raising:
        rows = next(rows for f, rows in PROGRAMS if f is function)
        graph = ag.function(function).get_concrete_function(*tensors(copy.deepcopy(rows[0]))).graph
        calls = any(node.op is call_op for node in walk(graph.body))
        assert calls or threaded(graph)[1].sites, function.__name__


v = ag.Variable(np.array(0.0), name="v")


def writes_until_bad(xs, limit):
    total = xs[0] * 0
    for x in xs:
        v.assign_add(x)
        print("at", x)
        assert x < limit, f"{x} of {xs} is too much"
        v.assign_add(100.0)
        total += x
    print("end")
    return total


def trip_test_may_fail(n, k):
    i = n * 0
    while n // (k - i) < 100:
        v.assign_add(1.0)
        i += 1
    print(i)
    return i


def shows_values_of_many_kinds(x, n, xs):
    if n == 0:
        raise ValueError(x)
    if n == 1:
        raise KeyError(n, f"{xs} and {x:.3f}")
    if n == 2:
        raise RuntimeError(xs * 2)
    v.assign(x)
    return xs[n]


def fails_before_an_endless_loop(n):
    assert n > 0, n
    while n < 1:
        v.assign_add(1.0)
    return n


def fails_in_an_inner_loop(n):
    ys = []
    for i in range(n):
        for j in range(n):
            v.assign_add(1.0)
            if i * j > 5:
                raise ArithmeticError(f"{i}, {j}")
            ys.append(i)
        ys.pop()
        print(len(ys))
    return ys[5]


def overflows(n):
    k = 3
    while n > 0:
        k = k * k
        v.assign_add(1.0)
        n -= 1
    return k


def computes_and_writes(values):
    assert ag.ops.all(values > 0), "negative"
    roots = values * values
    v.assign(values[0])
    return ag.ops.exp(roots)


def shrinks(n, values):
    rest = values + 0
    assert n < 9, n
    while n > 0:
        rest[-1] += 1
        rest = rest[1:] + 0
        v.assign_add(1.0)
        n -= 1
    return rest[1:] + 0


i, f = np.int64, np.float64
xs = np.array([1.0, 5.0, 2.0, 8.0])
EFFECTS = [
    (writes_until_bad, [(xs, f(9)), (xs, f(4)), (xs, f(0))]),
    (trip_test_may_fail, [(i(1), i(3)), (i(7), i(1)), (i(500), i(3))]),
    (shows_values_of_many_kinds, [(f(2), i(n), xs) for n in (0, 1, 2, 3, 4, -4, -5)]),
    (fails_before_an_endless_loop, [(i(0),), (i(2),)]),
    (fails_in_an_inner_loop, [(i(n),) for n in (0, 2, 3, 4)]),
    (computes_and_writes, [(xs,), (-xs,)]),
    (shrinks, [(i(n), xs) for n in (2, 7, 9)]),
    (overflows, [(i(2),), (i(7),)]),
]


def run_with_effects(function, args, backend, capsys):
    v.assign(0.0)
    kind, got = outcome(compiled(function, backend), tensors(copy.deepcopy(args)))
    shown = got.args if kind == "error" else np.asarray(got)
    return kind, type(got), str(shown), v.numpy().item(), capsys.readouterr().out


ROWS = [pytest.param(f, row, id=f"{f.__name__}-{n}") for f, rows in EFFECTS for n, row in enumerate(rows)]


@pytest.mark.parametrize(("function", "args"), ROWS)
@pytest.mark.parametrize("backend", ["threaded", "speculative"])
def test_effects_before_stay_and_those_after_do_not_happen(function, args, backend, capsys):
    wanted = run_with_effects(function, args, "numpy", capsys)
    assert run_with_effects(function, args, backend, capsys) == wanted


def test_what_only_computes_stands_outside_conditions_where_it_may_run_on():
    graph = ag.function(computes_and_writes).get_concrete_function(ag.TensorSpec([3], ag.float64)).graph
    (guarded,) = [node for node in threaded(graph)[0].body.nodes if node.op is cond_op]
    assert "exp" in [node.op.name for node in walk(guarded.regions[0])]
    nodes = threaded(graph, speculate=True)[0].body.nodes
    assert "exp" in [node.op.name for node in nodes]
    assert [len(node.outputs) for node in nodes if node.op is cond_op] == [1]  # the variable's value


def test_rows_raise_and_return():
    kinds = {f: {outcome(compiled(f, "numpy"), tensors(copy.deepcopy(row)))[0] for row in rows} for f, rows in EFFECTS}
    assert all(found == {"value", "error"} for found in kinds.values()), kinds


def test_many_checks_in_a_row_do_not_nest():
    @ag.function(backend="threaded")
    def sum_of_many(n):
        total = 0
        for k in range(150):
            assert n > k, k
            total += n * k
        return total

    assert sum_of_many(ag.constant(200)).item() == 200 * 149 * 75
    with pytest.raises(AssertionError, match="^77$"):
        sum_of_many(ag.constant(77))
