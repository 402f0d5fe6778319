"""The examples in the passes' docstrings, executed; and variables threaded through every kind of region."""

import functools

import numpy as np
import pytest

import autograph as ag
from autograph.backends.numpy.codegen import Program
from autograph.runtime.ir_parse import parse_graph
from autograph.runtime.op import Effect
from autograph.runtime.verify import verify
from autograph.transforms.passes import (
    chain_parts,
    check_numerics,
    common_subexpressions,
    constant_folding,
    dead_code,
    explicit_checks,
    extrema,
    hoist_products,
    log_prints,
    open_tries,
    proven_checks,
    reread_rows,
    shifts,
    simplify,
    sink_products,
    split_regions,
    thread_failures,
    thread_variables,
)

CASES = [
    (chain_parts, chain_parts.chain_parts),
    (dead_code, dead_code.remove_dead_code),
    (common_subexpressions, common_subexpressions.share_common_subexpressions),
    (thread_variables, thread_variables.thread_variables),
    (constant_folding, constant_folding.fold_constants),
    (explicit_checks, explicit_checks.make_checks_explicit),
    (extrema, extrema.choose_extrema),
    (shifts, shifts.divide_by_shifting),
    (proven_checks, proven_checks.remove_proven_checks),
    (reread_rows, reread_rows.reread_rows),
    (hoist_products, hoist_products.hoist_products),
    (log_prints, log_prints.log_prints),
    (check_numerics, check_numerics.check_numerics),
    (open_tries, open_tries.open_tries),
    (simplify, simplify.simplify),
    (sink_products, sink_products.sink_products),
    (split_regions, functools.partial(split_regions.split_regions, size=2, whole=3)),
    (thread_failures, thread_failures.thread_failures),
]


def examples(module):
    before, after = module.__doc__.split("Before:\n")[1].split("After:\n")
    return [parse_graph("\n".join(line[4:] for line in text.splitlines())) for text in (before, after)]


@pytest.mark.parametrize(("module", "run"), CASES)
def test_docstring_example(module, run):
    graph, wanted = examples(module)
    verify(graph)
    run(graph)
    dead_code.remove_dead_code(graph)
    verify(graph)
    assert str(graph) == str(parse_graph(str(wanted)))


def test_threaded_graph_is_pure_and_equal():
    v = ag.Variable(np.array(1.0), name="v")
    w = ag.Variable(np.array(2.0), name="w")

    @ag.function
    def f(n):
        i = 0
        while i < n:
            if v > 4:
                v.assign(v / 2)
                w.assign_add(v)
            else:
                v.assign_add(w)
            i += 1
        return v * w

    graph = parse_graph(str(f.get_concrete_function(ag.TensorSpec([], ag.int64)).graph))
    thread_variables.thread_variables(graph)
    verify(graph)
    text = str(graph)
    assert not any(word in text for word in ("read", "assign", "ref "))
    assert not any(node.op.effects & (Effect.READ | Effect.WRITE) for node in graph.body.nodes)
    product, v_end, w_end = Program(graph).run([np.int64(7), np.array(1.0), np.array(2.0)])
    assert f(ag.constant(7)).item() == product
    np.testing.assert_array_equal([v.numpy(), w.numpy()], [v_end, w_end])
