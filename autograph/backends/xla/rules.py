"""The one table from op to lowering: each rule computes an op on arrays that JAX traces.

A rule gets the operands and the op's attributes, sizes filled in, and gives the output or a tuple of them; the caller
brings them to the inferred dtype. `NotImplemented` leaves these operands to the reference; so are those of ops on
platforms that have no program for them. Rules for control flow and lists get the lowering and the node instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[..., Any]

RULES: dict[str, Rule] = {}
STRUCTURAL: dict[str, Rule] = {}
# From ops to a function of their operands that gives the platforms, by JAX's names, where the reference computes them.
HOSTED: dict[str, Callable[..., tuple[str, ...]]] = {}


def _entering(table: dict[str, Rule]) -> Callable[..., Callable[[Rule], Rule]]:
    """A decorator that enters a function into a table under the names of some ops."""

    def enter(*names: str) -> Callable[[Rule], Rule]:
        def register(function: Rule) -> Rule:
            table.update(dict.fromkeys(names, function))
            return function

        return register

    return enter


rule = _entering(RULES)  # a function of arrays and attributes
structural = _entering(STRUCTURAL)  # a function of the lowering and a node, which sets the outputs itself
