"""Regions: the statements that become functions, and the names that go in and out of them.

A region is an `if` whose condition a tensor may decide, a `while`, a `for` over more than Python's own values, or a
`try` whose body computes, or a `with` of a manager that is not a library's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import gast

from autograph.transpiler.analysis.activity import activity, local_names
from autograph.transpiler.analysis.cfg import Graph, Place, build, stop_flags
from autograph.transpiler.analysis.dataflow import Names
from autograph.transpiler.analysis.liveness import Liveness
from autograph.transpiler.analysis.structure import head_of, is_generator, statements_in
from autograph.transpiler.build import is_immediate
from autograph.transpiler.context import Context
from autograph.transpiler.managers import may_swallow, stays
from autograph.transpiler.plainness import is_plain_value


@dataclass(frozen=True, slots=True)
class Flow:
    """What passes between a region and the code around it.

    Attributes:
        carry: names whose values go in.
        results: names that get their values from the region; of a loop, the same as `carry`.
        cells: names that the region assigns and that stay variables of the function around it.
        rebound: those of them that closures assign when called.
        globals_: globals that the region assigns.
        returns: whether the function returns what the region gives.
    """

    carry: tuple[str, ...]
    results: tuple[str, ...]
    cells: tuple[str, ...]
    rebound: tuple[str, ...]
    globals_: tuple[str, ...]
    returns: bool = False


Region: TypeAlias = gast.If | gast.While | gast.For | gast.Try | gast.With


def flow_of(statement: gast.AST) -> Flow | None:
    """What `convert` noted about a statement; None for one that stays plain Python."""
    flow: Flow | None = getattr(statement, "ag_flow", None)
    return flow


def graph_of(function: gast.FunctionDef, context: Context) -> Graph:
    """The control flow graph of a function of the user's."""
    return build(function, lambda statement: may_swallow(statement, context))


def user_functions(tree: gast.FunctionDef) -> list[gast.FunctionDef]:
    """A function and the functions of the user's within it, outer ones first."""
    if is_generator(tree.body):
        return []
    found = [] if is_immediate(tree) else [tree]
    for statement in statements_in(tree.body):
        if isinstance(statement, gast.FunctionDef):
            found += user_functions(statement)
    return found


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Notes at each region of a function, and of the functions within it, what flows in and out.

    Args:
        tree: the function, without `break`, `continue` and loop `else`.
        context: its conversion.

    Returns:
        The same function; its regions carry a `Flow`.
    """
    for function in user_functions(tree):
        regions = [one for one in statements_in(function.body) if _is_region(one, context)]
        if regions:
            finder = _Flows(function, regions, context)
            for region in regions:
                region.ag_flow = finder.flow(region)
    return tree


class _Flows:
    def __init__(self, function: gast.FunctionDef, regions: Sequence[gast.stmt], context: Context) -> None:
        graph = graph_of(function, context)
        self.live = Liveness(graph)
        self.found = activity(function.body)
        self.order = _first_mentions(function)
        self.made = context.names.made
        self.locals = local_names(function)
        self.activities = {id(region): activity(region) for region in regions}
        bound = set().union(*(found.bound for found in self.activities.values()))
        kept = self.found.captured | self.found.nonlocals | self._seen_by_handlers(function)
        self.cells = kept & bound & (self.locals | self.found.nonlocals)

    def _seen_by_handlers(self, function: gast.FunctionDef) -> set[str]:
        """Names that a region inside `try` assigns and whose value counts when an exception leaves the region."""
        seen: set[str] = set()
        for statement in statements_in(function.body):
            if id(statement) in self.activities and isinstance(statement, gast.Try | gast.With):
                seen |= self._kept_by(statement)
                continue
            for place, blocks in _watched(statement):
                live = self.live.at(statement, place)
                for inner in statements_in(blocks) if live else ():
                    if id(inner) in self.activities:
                        seen |= self.activities[id(inner)].bound & live
        return seen

    def _kept_by(self, statement: gast.Try | gast.With) -> set[str]:
        """Names that the functions of a `try` share: their values count wherever an exception leaves its body."""
        if isinstance(statement, gast.With):
            return activity(_block_of(statement)).bound & self.live.at(statement, Place.HANDLERS)
        handled = [inner for handler in statement.handlers for inner in handler.body]
        seen = activity(statement.body).bound & self.live.at(statement, Place.HANDLERS)
        seen |= activity([*statement.body, *handled]).bound & self.live.at(statement, Place.FINALLY)
        late = self.live.at(statement, Place.AFTER) | self.live.at(statement, Place.FINALLY)
        return seen | (activity(statement.finalbody).bound & late)

    def flow(self, region: Region) -> Flow:
        found = self.activities[id(region)]
        own = self.locals - self.cells
        rebound = self.found.rebound if found.calls else set()
        cells = (found.bound & self.cells) | rebound
        globals_ = found.bound & self.found.globals
        returns = not isinstance(region, gast.For | gast.While) and _returns(region)
        if not isinstance(region, gast.For | gast.While):
            carry, results = self._branches(region, own)
            results = set() if returns else results
        else:
            carry = found.bound & own & self.live.at(region, Place.HEAD)
            results = carry
        return Flow(
            self._ordered(carry),
            self._ordered(results),
            self._ordered(cells),
            self._ordered(rebound),
            self._ordered(globals_),
            returns=returns,
        )

    def _branches(self, region: gast.If | gast.Try | gast.With, own: set[str]) -> tuple[set[str], set[str]]:
        carry: set[str] = set()
        results: set[str] = set()
        into: Names = frozenset()
        for block, place in _alternatives(region):
            bound, live = activity(block).bound & own, self.live.at(region, place)
            carry |= bound & live
            results |= bound & self.live.at(region, Place.AFTER)
            into |= live
        return carry | (results & into), results

    def _ordered(self, names: Iterable[str]) -> tuple[str, ...]:
        """The user's names before those of flags, each in the order of the text."""
        last = len(self.order)
        return tuple(sorted(names, key=lambda name: (name in self.made, self.order.get(name, last), name)))


def _block_of(statement: gast.With) -> list[gast.AST]:
    """What the function of a `with` does: it binds what the manager gives, and runs the block."""
    return [*[item.optional_vars for item in statement.items if item.optional_vars is not None], *statement.body]


def _alternatives(region: gast.If | gast.Try | gast.With) -> list[tuple[list[gast.AST], Place]]:
    """The blocks of a region of which one gives its results, with the places where they begin."""
    if isinstance(region, gast.If):
        return [(region.body, Place.BODY), (region.orelse, Place.ORELSE)]
    if isinstance(region, gast.With):
        return [(_block_of(region), Place.BODY)]
    return [(region.body, Place.BODY), *[(handler.body, Place.HANDLERS) for handler in region.handlers]]


def _watched(statement: gast.stmt) -> list[tuple[Place, list[gast.stmt]]]:
    """The places in a statement where exceptions arrive, each with the statements they come from."""
    match statement:
        case gast.With(body=body):
            return [(Place.HANDLERS, body)]
    return []


def _returns(region: gast.If | gast.Try | gast.With) -> bool:
    return any(isinstance(one, gast.Return) for one in statements_in([region]))


def _first_mentions(function: gast.FunctionDef) -> dict[str, int]:
    """The names of a function in the order in which its text binds or declares them."""
    places: dict[str, int] = {}
    for node in gast.walk(function.args):
        if isinstance(node, gast.Name):
            places.setdefault(node.id, len(places))
    for statement in statements_in(function.body):
        for name in sorted(_bound_byhead_of(statement)):
            places.setdefault(name, len(places))
    return places


def _bound_byhead_of(statement: gast.stmt) -> set[str]:
    return activity(head_of(statement)).bound


def _is_region(statement: gast.stmt, context: Context) -> bool:
    match statement:
        case gast.If(test=test):
            return not is_plain_value(test, context)
        case gast.While():
            return True
        case gast.For(iter=iterable):
            return bool(stop_flags(statement)) or not _is_plain_iterable(iterable, context)
        case gast.With():
            return not stays(statement, context)
        case gast.Try(body=body):
            return not all(isinstance(one, gast.Import | gast.ImportFrom | gast.Pass) for one in body)
    return False


def _is_plain_iterable(iterable: gast.AST, context: Context) -> bool:
    """Whether a loop certainly goes over Python's own values, their number known from the text."""
    if context.is_verb(iterable, "call"):
        return _is_plain_range(iterable.args[0], iterable.args[1:], context)
    match iterable:
        case gast.Tuple() | gast.List() | gast.Set() | gast.Dict():
            return True
        case gast.Constant(value=str() | bytes()):
            return True
        case gast.Call(func=function, args=arguments, keywords=[]):
            return _is_plain_range(function, arguments, context)
    return False


def _is_plain_range(function: gast.AST, arguments: Sequence[gast.AST], context: Context) -> bool:
    literal = all(is_plain_value(argument, context) for argument in arguments)
    return literal and context.holds(function, _is_range)


def _is_range(value: object) -> bool:
    return value is range
