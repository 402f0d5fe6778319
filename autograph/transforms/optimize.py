"""The optimisation passes, in order."""

from __future__ import annotations

from collections.abc import Callable

from autograph.runtime.ir import Graph, clone_graph
from autograph.transforms.passes.common_subexpressions import share_common_subexpressions
from autograph.transforms.passes.constant_folding import fold_constants
from autograph.transforms.passes.dead_code import remove_dead_code
from autograph.transforms.passes.marks import remove_marks
from autograph.transforms.passes.simplify import simplify

PASSES: tuple[Callable[[Graph], None], ...] = (
    remove_marks,
    remove_dead_code,
    simplify,
    fold_constants,
    share_common_subexpressions,
    remove_dead_code,
)


def optimize(graph: Graph) -> Graph:
    """An optimised copy of a graph; parameters and results stay what they are."""
    copy = clone_graph(graph)
    for run_pass in PASSES:
        run_pass(copy)
    return copy
