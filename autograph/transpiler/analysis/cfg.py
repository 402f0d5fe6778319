"""The control flow graph of a function, over its gast statements.

A node is one step: a simple statement, the test of an `if`, the binding of a loop target. Compound statements also
get empty nodes that mark where their parts begin and end (`Place`), so that analyses can be asked about these places.
A statement that may raise inside `try` has an edge to the handlers from just before it, since an exception leaves it
before its effect. `finally` appears twice: once for leaving normally, once for leaving by an exception or a return.

    >>> import gast
    >>> graph = build(gast.parse('''
    ... def f(x):
    ...     while x:
    ...         x = x - 1
    ...     return x
    ... ''').body[0])
    >>> loop = graph.function.body[0]
    >>> [graph.nodes[node].successors == [node + 1] for node in graph.at(loop, Place.HEAD)]
    [True]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

import gast

from autograph.transpiler.analysis.activity import Activity, activity
from autograph.transpiler.build import is_immediate


class Place(Enum):
    """A place in a compound statement."""

    HEAD = "before the test of an if, or of each trip of a loop"
    BODY = "at the start of the body"
    BODY_END = "at the end of the body"
    ORELSE = "at the start of the else branch"
    ORELSE_END = "at the end of the else branch, or of a handler"
    HANDLERS = "where an exception of the body arrives"
    FINALLY = "where leaving by an exception or a return arrives"
    AFTER = "after the statement"


@dataclass(slots=True)
class Node:
    """One step: what it does with names, and the steps that may follow."""

    found: Activity
    successors: list[int] = field(default_factory=list)
    statement: gast.AST | None = None


@dataclass(slots=True)
class Graph:
    """A function's control flow; node 0 is the entry."""

    function: gast.FunctionDef
    nodes: list[Node] = field(default_factory=list)
    places: dict[tuple[int, Place], list[int]] = field(default_factory=dict)

    def at(self, statement: gast.AST, place: Place) -> list[int]:
        """The nodes of a place in a compound statement (several inside `finally`)."""
        return self.places.get((id(statement), place), [])


def build(function: gast.FunctionDef, may_suppress: Callable[[gast.With], bool] = lambda _: False) -> Graph:
    """The control flow graph of a function.

    Args:
        function: the function's tree.
        may_suppress: says whether the managers of a `with` may swallow exceptions.

    Returns:
        The graph.
    """
    builder = _Builder(Graph(function), may_suppress)
    builder.add(Activity(), function)
    builder.sequence(function.body)
    return builder.graph


def endless(loop: gast.AST) -> bool:
    """Whether a loop has no normal end: `while True`, and no flag of a converter stops it."""
    return (
        isinstance(loop, gast.While)
        and isinstance(loop.test, gast.Constant)
        and bool(loop.test.value)
        and not stop_flags(loop)
    )


def stop_flags(loop: gast.AST) -> list[str]:
    """The names of the flags that stop a loop before its next trip."""
    flags: list[str] = getattr(loop, "ag_until", [])
    return flags


class _Builder:
    def __init__(self, graph: Graph, may_suppress: Callable[[gast.With], bool]) -> None:
        self.graph = graph
        self.may_suppress = may_suppress
        self.open: list[int] = []  # the nodes that the next one follows; empty where control never arrives
        self.catchers: list[int] = []  # where an exception goes
        self.leaving: list[int] = []  # where a return goes
        self.loops: list[tuple[int, int]] = []  # heads and ends, for code with break and continue

    def add(self, found: Activity, statement: gast.AST | None = None) -> int:
        if self.catchers and statement is not None:
            self._place(Activity(), None)
            for catcher in self.catchers:
                self._connect(self.open, catcher)
        return self._place(found, statement)

    def _place(self, found: Activity, statement: gast.AST | None) -> int:
        self.graph.nodes.append(Node(found, statement=statement))
        node = len(self.graph.nodes) - 1
        self._connect(self.open, node)
        self.open = [node]
        return node

    def _connect(self, sources: Sequence[int], target: int) -> None:
        for source in sources:
            if target not in self.graph.nodes[source].successors:
                self.graph.nodes[source].successors.append(target)

    def mark(self, statement: gast.AST, place: Place) -> int:
        node = self._place(Activity(), None)
        self.graph.places.setdefault((id(statement), place), []).append(node)
        return node

    def detached(self) -> int:
        """A node that nothing flows into yet; the place where control is stays as it was."""
        here, self.open = self.open, []
        node = self._place(Activity(), None)
        self.open = here
        return node

    def sequence(self, statements: Sequence[gast.stmt]) -> None:
        for statement in statements:
            build_one = getattr(self, f"_{type(statement).__name__}", self._simple)
            build_one(statement)

    def _simple(self, statement: gast.stmt) -> None:
        self.add(activity(statement), statement)

    def _Return(self, statement: gast.Return) -> None:
        node = self.add(activity(statement), statement)
        for target in self.leaving:
            self._connect([node], target)
        self.open = []

    def _Raise(self, statement: gast.Raise) -> None:
        node = self.add(activity(statement), statement)
        for catcher in self.catchers:
            self._connect([node], catcher)
        self.open = []

    def _Break(self, statement: gast.Break) -> None:
        node = self.add(Activity(), statement)
        self._connect([node], self.loops[-1][1])
        self.open = []

    def _Continue(self, statement: gast.Continue) -> None:
        node = self.add(Activity(), statement)
        self._connect([node], self.loops[-1][0])
        self.open = []

    def _If(self, statement: gast.If) -> None:
        head = self.mark(statement, Place.HEAD)
        self.open = [head]
        self.add(activity(statement.test), statement)
        test = self.open
        self.mark(statement, Place.BODY)
        self.sequence(statement.body)
        body = [self.mark(statement, Place.BODY_END)] if self.open else []
        self.open = test
        self.mark(statement, Place.ORELSE)
        self.sequence(statement.orelse)
        orelse = [self.mark(statement, Place.ORELSE_END)] if self.open else []
        self.open = [*body, *orelse]
        self._after(statement)

    def _after(self, statement: gast.AST) -> None:
        arrives = bool(self.open)
        self.mark(statement, Place.AFTER)
        if not arrives:
            self.open = []

    def _While(self, statement: gast.While) -> None:
        head = self.mark(statement, Place.HEAD)
        if flags := stop_flags(statement):
            self.add(Activity(reads=set(flags)), None)
        stopped = self.open if flags else []
        self.add(activity(statement.test), statement)
        finished = [] if endless(statement) else self.open
        test = self.open
        self._loop_body(statement, head, test, [])
        self._loop_end(statement, [*stopped, *finished])

    def _For(self, statement: gast.For) -> None:
        self.add(activity(statement.iter), statement)
        head = self.mark(statement, Place.HEAD)
        self.add(Activity(reads=set(stop_flags(statement))), statement)
        test = self.open
        self._loop_body(statement, head, test, [statement.target])
        self._loop_end(statement, test)

    def _loop_body(self, statement: gast.For | gast.While, head: int, test: list[int], targets: list[gast.AST]) -> None:
        self.loops.append((head, self.detached()))
        self.open = test
        self.mark(statement, Place.BODY)
        for target in targets:
            self.add(activity(target), statement)
        self.sequence(statement.body)
        if self.open:
            self.mark(statement, Place.BODY_END)
            self._connect(self.open, head)

    def _loop_end(self, statement: gast.For | gast.While, sources: list[int]) -> None:
        _, broken = self.loops.pop()
        self.open = list(dict.fromkeys(sources))
        self.sequence(statement.orelse)
        if any(broken in node.successors for node in self.graph.nodes):
            self.open = [*self.open, broken]
        self._after(statement)

    def _With(self, statement: gast.With) -> None:
        self.mark(statement, Place.HEAD)
        self.add(activity([item.context_expr for item in statement.items]), statement)
        self.mark(statement, Place.BODY)
        if not self.may_suppress(statement):
            self._with_block(statement)
            self._after(statement)
            return
        swallowed = self.detached()
        self.graph.places.setdefault((id(statement), Place.HANDLERS), []).append(swallowed)
        outer, self.catchers = self.catchers, [*self.catchers, swallowed]
        self._with_block(statement)
        self.catchers = outer
        self.open = [*self.open, swallowed]
        self._after(statement)

    def _with_block(self, statement: gast.With) -> None:
        targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
        self.add(activity(targets), statement)
        self.sequence(statement.body)
        if self.open:
            self.mark(statement, Place.BODY_END)

    def _Try(self, statement: gast.Try) -> None:
        self.mark(statement, Place.HEAD)
        outer = (self.catchers, self.leaving)
        failing = self.detached() if statement.finalbody else None
        if failing is not None:
            self.graph.places.setdefault((id(statement), Place.FINALLY), []).append(failing)
            self.catchers = self.leaving = [failing]
        outside = self.catchers
        handlers = self.detached() if statement.handlers else None
        if handlers is not None:
            self.graph.places.setdefault((id(statement), Place.HANDLERS), []).append(handlers)
            self.catchers = [handlers, *outside]
        self.mark(statement, Place.BODY)
        self.sequence(statement.body)
        if self.open:
            self.mark(statement, Place.BODY_END)
        self.catchers = outside
        self.sequence(statement.orelse)
        ends = list(self.open)
        for handler in statement.handlers:
            self.open = [] if handlers is None else [handlers]
            self._handler(handler)
            if self.open:
                self.mark(statement, Place.ORELSE_END)
            ends += self.open
        self.catchers, self.leaving = outer
        if failing is not None:
            self.open = [failing]
            self.sequence(statement.finalbody)
            for target in (*self.catchers, *self.leaving):
                self._connect(self.open, target)
        self.open = ends
        if ends:
            self.sequence(statement.finalbody)
        self._after(statement)

    _TryStar = _Try

    def _Match(self, statement: gast.Match) -> None:
        self.add(activity(statement.subject), statement)
        ends: list[int] = []
        for case in statement.cases:
            untried = self.open
            self.add(activity([part for part in (case.pattern, case.guard) if part is not None]), None)
            self.sequence(case.body)
            ends += self.open
            fits = case.guard is None and isinstance(case.pattern, gast.MatchAs) and case.pattern.pattern is None
            self.open = [] if fits else untried
        self.open = [*ends, *self.open]
        self._after(statement)

    def _handler(self, handler: gast.ExceptHandler) -> None:
        caught = activity([part for part in (handler.type, handler.name) if part is not None])
        self.add(caught, handler)
        self.sequence(handler.body)
        if handler.name is not None and self.open:
            self.add(Activity(deletes={handler.name.id}), None)

    def _FunctionDef(self, statement: gast.FunctionDef) -> None:
        found = activity(statement)
        if is_immediate(statement):
            found.reads.discard(statement.name)
        self.add(found, statement)
