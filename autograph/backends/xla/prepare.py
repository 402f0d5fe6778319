"""Graphs in the form that XLA runs: pure, with failures, prints and variables as data, where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.runtime.dims import Dim
from autograph.runtime.ir import Graph, Node, clone_graph, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, try_op
from autograph.runtime.types import RefType
from autograph.transforms.passes.common_subexpressions import share_common_subexpressions
from autograph.transforms.passes.dead_code import remove_dead_code
from autograph.transforms.passes.explicit_checks import make_checks_explicit
from autograph.transforms.passes.extrema import choose_extrema
from autograph.transforms.passes.frame_stack import flatten_calls, same_value
from autograph.transforms.passes.log_prints import PrintLog, log_prints
from autograph.transforms.passes.proven_checks import remove_proven_checks
from autograph.transforms.passes.reread_rows import reread_rows
from autograph.transforms.passes.shifts import divide_by_shifting
from autograph.transforms.passes.specialised import in_sizes, replace_sizes
from autograph.transforms.passes.thread_failures import FailureTable, thread_failures
from autograph.transforms.passes.thread_variables import thread_variables


@dataclass(frozen=True)
class Prepared:
    """A graph and how its results are read.

    Attributes:
        graph: the changed copy.
        results: how many of its results are the original's.
        failures: what the error code means; None where effects stay: the host raises, prints and writes in order.
        loops: how many loops with a stack of frames stand for recursion.
        log: the prints, if they are data; the logs are the last parameters and results.
        trips: how many trips loops make, where sizes and constants tell.
    """

    graph: Graph
    results: int
    failures: FailureTable | None
    log: PrintLog | None
    loops: int
    trips: dict[Node, Dim]


def prepare(graph: Graph) -> Prepared:
    """A copy of an optimised graph, ready to be split into parts.

    A graph that calls Python or another graph (recursion), or catches what these raise, keeps its effects as they are.
    """
    copy = clone_graph(graph)
    results = len(copy.results)
    loops = 0 if any(node.op.effects & Effect.HOST for node in walk(copy.body)) else flatten_calls(copy)
    make_checks_explicit(copy, calls=True)
    share_common_subexpressions(copy)  # of checks: the second one of an index always holds
    known = remove_proven_checks(copy)
    replace_sizes(copy, known.sizes)
    divide_by_shifting(copy)
    choose_extrema(copy)
    reread_rows(copy)
    trips = {node: in_sizes(count, known.sizes) for node, count in known.trips.items()}
    if any(node.op in (call_op, try_op) or node.op.effects & Effect.HOST for node in walk(copy.body)):
        remove_dead_code(copy)
        return Prepared(copy, results, None, None, loops, trips)
    log = log_prints(copy, exact=True)
    failures = thread_failures(copy, speculate=True, exact=True)
    if not failures.sites:
        del copy.results[results]  # the code, which is always 0
    references = [place for place, value in enumerate(copy.params) if isinstance(value.type, RefType)]
    thread_variables(copy)
    remove_dead_code(copy)
    _separate(copy, results, references)
    return Prepared(copy, results, failures, log, loops, trips)


def _separate(graph: Graph, count: int, references: Sequence[int]) -> None:
    """Gives what variables hold at the end buffers of their own, which later programs may write.

    Args:
        graph: its last results are what its variables hold.
        count: how many of its results are the original's.
        references: the parameters that are variables.
    """
    before = [graph.params[place] for place in references]
    start = len(graph.results) - len(references)
    taken = set(graph.params)
    for place, value in enumerate(graph.results[start:], start):
        if value in taken and value is not before[place - start]:
            graph.body.results[place] = same_value(graph.body, value)
        taken.add(value)
    held = {*before, *graph.results[start:]}
    for place, value in enumerate(graph.results[:count]):
        if value in held:
            graph.body.results[place] = same_value(graph.body, value)
