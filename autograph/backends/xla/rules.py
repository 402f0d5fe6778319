"""The one table from op to lowering: each rule computes an op on arrays that JAX traces.

A rule gets the operands and the op's attributes, sizes filled in, and gives the output or a tuple of them; the caller
brings them to the inferred dtype. `NotImplemented` leaves these operands to the reference. Rules for control flow and
lists get the lowering and the node instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[..., Any]

RULES: dict[str, Rule] = {}
STRUCTURAL: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Registers a function of arrays and attributes as the rule of some ops."""

    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def structural(*names: str) -> Callable[[Rule], Rule]:
    """Registers a function of the lowering and a node, which sets the outputs itself."""

    def register(function: Rule) -> Rule:
        for name in names:
            STRUCTURAL[name] = function
        return function

    return register
