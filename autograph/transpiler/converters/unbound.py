"""Names that may have no value yet where a region takes them in: a stand-in goes in, and reads check for it.

Before:
    def f(x, given):
        if given:
            y = x
        return y

Generated:
    def f(x, given):
        y = ag.unbound('y')
        y = ag.if_(given, lambda y: x, lambda y: y, (y,), 'y')
        return ag.bound(y)

A variable that inner functions see stays one; what reads it where it may be unbound checks, too: `ag.bound(y, 'y')` in
an inner function that is made before `y` has a value. Where the generated functions alone share it, as those of a
`try`, a read is `ag.local(lambda: y, 'y')`: Python would speak of a variable of an outer function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis import regions
from autograph.transpiler.analysis.activity import activity, local_names, parameters
from autograph.transpiler.analysis.cfg import Place
from autograph.transpiler.analysis.definedness import Definedness
from autograph.transpiler.analysis.liveness import Liveness
from autograph.transpiler.analysis.regions import flow_of, graph_of, user_functions
from autograph.transpiler.analysis.structure import blocks_of, head_of, is_generator, statements_in
from autograph.transpiler.build import is_immediate
from autograph.transpiler.context import Context


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function, and those within it, with stand-ins for names that may be unbound.

    Args:
        tree: the function; `analysis.regions` has noted what flows.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    for function in user_functions(tree):
        _convert_one(function, context)
    uncertain = {name for name in context.free if context.cell_holds(name, _may_be_unbound)}
    if uncertain:  # a method of a local class, or a generator, of which the function around it is converted already
        tree.body = _FreeReads(uncertain, context).generic_visit(gast.Module(tree.body, [])).body
    return tree


def _may_be_unbound(value: object) -> bool:
    return hasattr(type(value), "require_bound")


def _convert_one(function: gast.FunctionDef, context: Context) -> None:
    graph = graph_of(function, context)
    definedness = Definedness(graph)
    absent = _taken_in(function, definedness)
    shared, lost = _shared(function, definedness), _deleted_inside(function)
    hidden = _shared_by_generated(function, definedness)
    if not absent and not shared and not lost and not hidden:
        return
    missing: dict[int, set[str]] = {}
    for node, unbound in definedness.before_steps():
        if names := ((unbound & (absent | shared | hidden)) | lost) & node.found.reads:
            missing.setdefault(id(node.statement), set()).update(names)
    lost |= shared & activity(function.body).deletes
    before: dict[int, set[str]] = {}
    for node, undefined in definedness.before_steps():
        before.setdefault(id(node.statement), set()).update(undefined)
    for statement in statements_in(function.body) if shared or lost else ():
        # A function that is made once a variable has a value never finds it without one, unless it is deleted.
        late = (shared & before.get(id(statement), set())) | lost
        _FreeReads(late, context).inside(head_of(statement))
    start = (Liveness(graph).at_entry & absent) - set(parameters(function))
    function.body = _Checks(context, absent, hidden, missing).block(function.body)
    for name in sorted(start, reverse=True):
        _introduce(function.body, name, context)
    regions.convert(function, context)  # the stand-ins may have ended some names' way in


def _taken_in(function: gast.FunctionDef, definedness: Definedness) -> set[str]:
    """The names that a region or a generated function takes in, or gives back, though they may be unbound."""
    found: set[str] = set()
    inside: set[int] = set()
    kept = activity(function.body).captured  # stay variables, which are unbound by themselves
    for statement in statements_in(function.body):
        flow = flow_of(statement)
        if flow is None:
            continue
        inside.update(id(inner) for block in blocks_of(statement) for inner in statements_in(block))
        inside.update({id(statement)} if isinstance(statement, gast.While) else set())
        kept.update(flow.cells)
        found |= definedness.at(statement, Place.HEAD) & set(flow.carry)
        for end in (Place.BODY_END, Place.ORELSE_END):
            found |= definedness.at(statement, end) & set(flow.results)
    for node, unbound in definedness.before_steps():
        # A variable of an outer function that is unbound raises NameError, a local one UnboundLocalError.
        if reads := unbound & node.found.reads:
            found |= reads if id(node.statement) in inside else reads & _read_in_functions(node.statement)
    return found - kept


def _shared_by_generated(function: gast.FunctionDef, definedness: Definedness) -> set[str]:
    """The variables that stay such for the generated functions alone, of which one reads or deletes them unbound."""
    cells: set[str] = set()
    inside: set[int] = set()
    for statement in statements_in(function.body):
        flow = flow_of(statement)
        if flow is not None:
            cells.update(flow.cells)
            inside.update(id(inner) for block in blocks_of(statement) for inner in statements_in(block))
    found: set[str] = set()
    for node, unbound in definedness.before_steps() if cells else ():
        reads = unbound & node.found.reads
        found |= reads if id(node.statement) in inside else reads & _read_in_functions(node.statement)
    return found & (cells - activity(function.body).captured)


def _shared(function: gast.FunctionDef, definedness: Definedness) -> set[str]:
    """The variables of a function that stay such, and that a region or an inner function may leave unbound."""
    found: set[str] = set()
    for statement in statements_in(function.body):
        flow = flow_of(statement)
        cells = set() if flow is None else set(flow.cells)
        for place in (Place.HEAD, Place.BODY_END, Place.ORELSE_END) if cells else ():
            found |= definedness.at(statement, place) & cells
    for node, unbound in definedness.before_steps():
        if isinstance(node.statement, gast.FunctionDef) and not is_immediate(node.statement):
            found |= unbound & activity(node.statement).rebound
    return found


def _deleted_inside(function: gast.FunctionDef) -> set[str]:
    """The variables of a function that inner ones delete."""
    found: set[str] = set()
    for statement in statements_in(function.body):
        if isinstance(statement, gast.FunctionDef):
            inner = activity(statement.body)
            found |= (inner.deletes & inner.nonlocals) | (_deleted_inside(statement) & inner.nonlocals)
    return found & local_names(function)


class _FreeReads(gast.NodeTransformer):  # type: ignore[misc]
    """Puts `ag.bound(name, "name")` around what the user's inner functions read of a function around them."""

    def __init__(self, names: set[str], context: Context) -> None:
        self.names = names
        self.context = context

    def inside(self, code: Sequence[gast.AST]) -> None:
        """Rewrites the functions within code that runs in the function itself."""
        for node in code:
            if isinstance(node, gast.FunctionDef | gast.Lambda) and not is_immediate(node):
                self._function(node)
            elif not isinstance(node, gast.ClassDef):  # whose methods are converted by themselves
                self.inside(list(gast.iter_child_nodes(node)))

    def _function(self, node: gast.FunctionDef | gast.Lambda) -> None:
        own = local_names(node) if isinstance(node, gast.FunctionDef) else set(parameters(node))
        reads = _FreeReads(self.names - own, self.context)
        if isinstance(node, gast.Lambda):
            node.body = reads.visit(node.body)
        elif not is_generator(node.body):  # which stays as it is until it is called
            node.body = reads.generic_visit(gast.Module(node.body, [])).body

    def visit_FunctionDef(self, node: gast.FunctionDef | gast.Lambda) -> Any:
        self._function(node)
        return node

    visit_Lambda = visit_FunctionDef

    def visit_ClassDef(self, node: gast.ClassDef) -> Any:
        return node

    def visit_AugAssign(self, node: gast.AugAssign) -> Any:
        self.generic_visit(node)
        if not isinstance(node.target, gast.Name) or node.target.id not in self.names:
            return node
        read = self.visit(gast.copy_location(build.load(node.target.id), node.target))
        return [build.at(build.assign(node.target.id, read), node), node]

    def visit_Call(self, node: gast.Call) -> Any:
        if getattr(node, "ag_checked", False):
            return node
        return self.generic_visit(node)

    def visit_Name(self, node: gast.Name) -> Any:
        if not isinstance(node.ctx, gast.Load) or node.id not in self.names:
            return node
        call = build.at(self.context.call_verb("bound", [node, build.constant(node.id)]), node)
        call.ag_checked = True
        return call


def _read_in_functions(statement: gast.AST | None) -> set[str]:
    """The names that generated functions in a statement's own expressions read."""
    heads = head_of(statement) if isinstance(statement, gast.stmt) else []
    made = [part for head in heads for part in gast.walk(head) if is_immediate(part)]
    return activity(made).reads


def _introduce(block: list[gast.stmt], name: str, context: Context) -> None:
    """`name = ag.unbound("name")` before the first statement that mentions the name, as far inside as can be."""
    mentions = [statement for statement in block if _mentions(statement, name)]
    if len(mentions) == 1 and isinstance(mentions[0], gast.If):
        branches = [
            branch
            for branch in (mentions[0].body, mentions[0].orelse)
            if any(_mentions(statement, name) for statement in branch)
        ]
        if len(branches) == 1 and not _mentions(mentions[0].test, name):
            _introduce(branches[0], name, context)
            return
    if mentions:
        block.insert(block.index(mentions[0]), _stand_in(name, mentions[0], context))


def _mentions(code: gast.AST, name: str) -> bool:
    found = activity(code)
    return name in found.bound | found.reads


def _stand_in(name: str, origin: gast.AST, context: Context) -> gast.stmt:
    return build.at(build.assign(name, context.call_verb("unbound", [build.constant(name)])), origin)


class _Checks:
    """Puts `ag.bound` around reads, statement by statement."""

    def __init__(self, context: Context, absent: set[str], hidden: set[str], missing: dict[int, set[str]]) -> None:
        self.context = context
        self.absent = absent
        self.hidden = hidden
        self.missing = missing

    def block(self, statements: Sequence[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for statement in statements:
            done += self._statement(statement)
        return done

    def _statement(self, node: gast.stmt) -> list[gast.stmt]:
        for inner in blocks_of(node):
            if not isinstance(node, gast.FunctionDef | gast.ClassDef):
                inner[:] = self.block(inner)
        names = self.missing.get(id(node), set())
        if isinstance(node, gast.Delete):
            return self._delete(node, names)
        if isinstance(node, gast.Try):
            self._handlers(node)
        before: list[gast.stmt] = []
        if names:
            reader = _Reads(names, self._checked)
            if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name) and node.target.id in names:
                checked = self._checked(node.target.id, node.target)
                before.append(build.at(build.assign(node.target.id, checked), node))
            _visit_head(node, reader)
        return [*before, node]

    def _checked(self, name: str, origin: gast.AST) -> gast.AST:
        read = build.at(build.load(name), origin)
        if name in self.hidden:
            return build.at(self.context.call_verb("local", [build.thunk(read), build.constant(name)]), origin)
        return build.at(self.context.call_verb("bound", [read]), origin)

    def _delete(self, node: gast.Delete, names: set[str]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for target in node.targets:
            if not (isinstance(target, gast.Name) and target.id in self.absent):
                if isinstance(target, gast.Name) and target.id in names & self.hidden:
                    done.append(gast.copy_location(gast.Expr(self._checked(target.id, target)), node))
                done.append(gast.copy_location(gast.Delete([target]), node))
                continue
            if target.id in names:
                done.append(gast.copy_location(gast.Expr(self._checked(target.id, target)), node))
            done.append(_stand_in(target.id, node, self.context))
        return done

    def _handlers(self, node: gast.Try) -> None:
        """`except E as e` unbinds `e` at its end, which has to leave a stand-in."""
        for handler in node.handlers:
            if handler.name is None or handler.name.id not in self.absent:
                continue
            name = handler.name.id
            caught = self.context.names.fresh(name)
            handler.name = gast.copy_location(build.store(caught), handler.name)
            first = build.at(build.assign(name, build.load(caught)), handler)
            handler.body = [first, *handler.body, _stand_in(name, handler.body[-1], self.context)]


def _visit_head(node: gast.stmt, reader: _Reads) -> None:
    """Rewrites what a statement itself evaluates, not the blocks in it."""
    blocks = {"body", "orelse", "finalbody", "handlers", "cases"}
    for field, value in gast.iter_fields(node):
        if field in blocks and not (isinstance(node, gast.FunctionDef) and is_immediate(node)):
            continue
        if isinstance(value, list):
            value[:] = [reader.visit(part) if isinstance(part, gast.AST) else part for part in value]
        elif isinstance(value, gast.AST):
            setattr(node, field, reader.visit(value))


class _Reads(gast.NodeTransformer):  # type: ignore[misc]
    def __init__(self, names: set[str], checked: Callable[[str, gast.AST], gast.AST]) -> None:
        self.names = names
        self.checked = checked

    def visit_Name(self, node: gast.Name) -> Any:
        if isinstance(node.ctx, gast.Load) and node.id in self.names:
            return self.checked(node.id, node)
        return node

    def visit_Lambda(self, node: gast.Lambda) -> Any:
        if is_immediate(node):
            hidden = _Reads(self.names - set(parameters(node)), self.checked)
            node.body = hidden.visit(node.body)
        return node
