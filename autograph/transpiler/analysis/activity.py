"""Activity: the names that a piece of code reads, binds, deletes, and that its closures capture.

Code that runs at once counts as part of what contains it: comprehensions, and the lambdas and functions that
converters made (see `build.is_immediate`). A lambda or function of the user's runs later, so what it mentions is
captured:

    >>> import gast
    >>> found = activity(gast.parse("total += [x * y for x in xs][0]; later = lambda: seen").body)
    >>> sorted(found.reads), sorted(found.writes), sorted(found.captured)
    (['total', 'xs', 'y'], ['later', 'total'], ['seen'])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import gast

from autograph.transpiler.build import is_immediate


@dataclass(slots=True)
class Activity:
    """Names by what is done with them; `rebound` are those that inner functions assign through `nonlocal`."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    captured: set[str] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    calls: bool = False

    @property
    def bound(self) -> set[str]:
        """Names that are assigned or deleted."""
        return self.writes | self.deletes


def activity(code: gast.AST | Sequence[gast.AST]) -> Activity:
    """The activity of a statement, an expression, or a sequence of them, with all that they contain."""
    reader = _Reader()
    for node in code if isinstance(code, Sequence) else [code]:
        reader.visit(node)
    return reader.found


def parameters(function: gast.AST) -> list[str]:
    """The names of a function's parameters, in order."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [argument.id for argument in named if argument is not None]


def local_names(function: gast.FunctionDef) -> set[str]:
    """The names that are local to a function, those included that only code since dropped has bound."""
    found = activity(function.body)
    noted: set[str] = getattr(function, "ag_locals", set())
    own = found.bound | found.declared | noted | set(parameters(function))
    return own - found.nonlocals - found.globals


def bound_here(code: Sequence[gast.AST]) -> set[str]:
    """The names that code binds or declares in its own scope, without what inner functions do to it."""
    reader = _ScopeReader()
    for node in code:
        reader.visit(node)
    return reader.found.bound | reader.found.declared


class _Reader(gast.NodeVisitor):  # type: ignore[misc]
    def __init__(self) -> None:
        self.found = Activity()

    def visit_Name(self, node: gast.Name) -> None:
        if isinstance(node.ctx, gast.Store | gast.Param):
            self.found.writes.add(node.id)
        elif isinstance(node.ctx, gast.Del):
            self.found.deletes.add(node.id)
            self.found.reads.add(node.id)  # it has to be there
        else:
            self.found.reads.add(node.id)

    def visit_AugAssign(self, node: gast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, gast.Name):
            self.found.reads.add(node.target.id)

    def visit_AnnAssign(self, node: gast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)
        elif isinstance(node.target, gast.Name):
            self.found.declared.add(node.target.id)

    def visit_Call(self, node: gast.Call) -> None:
        self.found.calls = True
        self.generic_visit(node)

    def visit_Global(self, node: gast.Global) -> None:
        self.found.globals.update(node.names)

    def visit_Nonlocal(self, node: gast.Nonlocal) -> None:
        self.found.nonlocals.update(node.names)

    def visit_alias(self, node: gast.alias) -> None:
        self.found.writes.add(node.asname or node.name.split(".")[0])

    def visit_MatchAs(self, node: gast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name is not None:
            self.found.writes.add(node.name)

    def visit_MatchStar(self, node: gast.MatchStar) -> None:
        if node.name is not None:
            self.found.writes.add(node.name)

    def visit_MatchMapping(self, node: gast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest is not None:
            self.found.writes.add(node.rest)

    def visit_Lambda(self, node: gast.Lambda) -> None:
        self._visit_all(_defaults(node))
        inner = activity(node.body)
        self._add_function(node, inner, set(parameters(node)) | inner.writes)

    def visit_FunctionDef(self, node: gast.stmt) -> None:
        self._visit_all([*node.decorator_list, *_defaults(node)])
        self.found.writes.add(node.name)
        inner = activity(node.body)
        own = inner.bound | inner.declared | set(parameters(node))
        self._add_function(node, inner, own - inner.nonlocals)

    visit_AsyncFunctionDef = visit_FunctionDef

    def _add_function(self, node: gast.AST, inner: Activity, own: set[str]) -> None:
        hidden = own | inner.globals
        self.found.captured |= inner.captured - hidden
        self.found.rebound |= inner.rebound - hidden
        if is_immediate(node):
            self.found.reads |= inner.reads - hidden
            self.found.calls |= inner.calls
        else:
            self.found.captured |= (inner.reads | inner.nonlocals) - hidden
        self.found.rebound |= inner.bound & inner.nonlocals

    def visit_ClassDef(self, node: gast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self.found.writes.add(node.name)
        inner = activity(node.body)
        self.found.reads |= inner.reads
        self.found.captured |= inner.captured
        self.found.rebound |= inner.rebound
        self.found.writes |= inner.writes & inner.nonlocals

    def visit_ListComp(self, node: gast.expr) -> None:
        first, *later = node.generators
        self.visit(first.iter)
        values = [node.key, node.value] if isinstance(node, gast.DictComp) else [node.elt]
        tests = [test for generator in node.generators for test in generator.ifs]
        inner = activity([*(generator.iter for generator in later), *tests, *values])
        targets = activity([generator.target for generator in node.generators]).writes
        reads = inner.reads - targets
        if isinstance(node, gast.GeneratorExp) and not is_immediate(node):
            self.found.captured |= reads
        else:
            self.found.reads |= reads
        self.found.writes |= inner.writes
        self.found.captured |= inner.captured - targets
        self.found.calls |= inner.calls

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def _visit_all(self, nodes: Iterable[gast.AST]) -> None:
        for node in nodes:
            self.visit(node)


class _ScopeReader(_Reader):
    def _add_function(self, node: gast.AST, inner: Activity, own: set[str]) -> None:
        pass


def _defaults(function: gast.AST) -> list[gast.AST]:
    values = [*function.args.defaults, *function.args.kw_defaults]
    return [value for value in values if value is not None]
