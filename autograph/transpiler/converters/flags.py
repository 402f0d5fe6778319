"""Flags: names that remember that a jump has happened, where the shape of the code cannot say it."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, and for `return` the name that holds the value to return."""

    name: str
    result: str | None = None

    def clear(self, context: Context, origin: gast.AST) -> gast.stmt:
        """`broke = False`, or `done, result = False, ag.no_value`."""
        return self._assign(build.constant(False), context.verb("no_value"), origin)

    def set(self, origin: gast.AST, value: gast.AST | None = None) -> gast.stmt:
        """`broke = True`, or `done, result = True, value`."""
        return self._assign(build.constant(True), value or build.constant(None), origin)

    def _assign(self, state: gast.AST, value: gast.AST, origin: gast.AST) -> gast.stmt:
        if self.result is None:
            return build.at(build.assign(self.name, state), origin)
        names = gast.Tuple([build.store(self.name), build.store(self.result)], gast.Store())
        values = gast.Tuple([state, value], gast.Load())
        return build.at(gast.Assign([names], values, None), origin)


def break_with(flag: Flag, origin: gast.AST, *, is_set: bool) -> gast.Break:
    """A `break` with a flag of its own, which is set already or is to be set where the `break` stands."""
    made = build.at(gast.Break(), origin)
    made.ag_flag, made.ag_is_set = flag, is_set
    return made


def flag_of(node: gast.Break) -> Flag | None:
    """The flag of a `break`, if it has one of its own."""
    found: Flag | None = getattr(node, "ag_flag", None)
    return found


def is_set(node: gast.Break) -> bool:
    """Whether the flag of a `break` is set before it."""
    return getattr(node, "ag_is_set", False) is True


def negated(test: gast.AST) -> gast.AST:
    """`not test`, without doubling a `not`."""
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    return gast.copy_location(gast.UnaryOp(gast.Not(), test), test)


def none_of(flags: list[Flag], origin: gast.AST) -> gast.AST:
    """`not broke`, or `not (broke or done)`."""
    names = [build.load(flag.name) for flag in flags]
    test = names[0] if len(names) == 1 else gast.BoolOp(gast.Or(), names)
    return build.at(gast.UnaryOp(gast.Not(), test), origin)
