"""Graphs in the form that XLA runs: pure, with failures, prints and variables as data, where that can be."""

from __future__ import annotations

from dataclasses import dataclass

from autograph.runtime.ir import Graph, clone_graph, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, try_op
from autograph.transforms.passes.dead_code import remove_dead_code
from autograph.transforms.passes.explicit_checks import make_checks_explicit
from autograph.transforms.passes.frame_stack import flatten_calls
from autograph.transforms.passes.log_prints import PrintLog, log_prints
from autograph.transforms.passes.thread_failures import FailureTable, thread_failures
from autograph.transforms.passes.thread_variables import thread_variables


@dataclass(frozen=True)
class Prepared:
    """A graph and how its results are read.

    Attributes:
        graph: the changed copy.
        results: how many of its results are the original's.
        failures: what the error code means; None where effects stay: the host raises, prints and writes in order.
        log: the prints, if they are data; the logs are the last parameters and results.
    """

    graph: Graph
    results: int
    failures: FailureTable | None
    log: PrintLog | None


def prepare(graph: Graph) -> Prepared:
    """A copy of an optimised graph, ready to be split into parts.

    A graph that calls Python or another graph (recursion), or catches what these raise, keeps its effects as they are.
    """
    copy = clone_graph(graph)
    results = len(copy.results)
    if not any(node.op.effects & Effect.HOST for node in walk(copy.body)):
        flatten_calls(copy)
    make_checks_explicit(copy, calls=True)
    if any(node.op in (call_op, try_op) or node.op.effects & Effect.HOST for node in walk(copy.body)):
        remove_dead_code(copy)
        return Prepared(copy, results, None, None)
    log = log_prints(copy, exact=True)
    failures = thread_failures(copy, speculate=True, exact=True)
    if not failures.sites:
        del copy.results[results]  # the code, which is always 0
    thread_variables(copy)
    remove_dead_code(copy)
    return Prepared(copy, results, failures, log)
