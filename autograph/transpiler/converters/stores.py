"""Stores to attributes and items, and `del`: staging has to see what changes.

Before:
    def f(self, a, i):
        self.total = a[0]
        a[i] += 1
        del a[i]

After:
    def f(self, a, i):
        ag.set_attr(self, 'total', a[0])
        value = a[i]
        value += 1
        ag.set_item(a, i, value)
        ag.del_item(a, i)

`a[i] += v` keeps its own `+=`, because that changes lists and arrays in place. Order of evaluation is
Python's: where it could show, values are bound to names first.
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.names import bound_names
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the stores of a function."""
    return _Stores(context).rewrite(tree)


class _Stores(Rewriter):
    def visit_Assign(self, node: gast.Assign) -> Any:
        self.generic_visit(node)
        if not any(_has_place(target) for target in node.targets):
            return node
        if len(node.targets) == 1 and _is_place(node.targets[0]) and _may_be_read_late(node.targets[0], node.value):
            return [self._store(node.targets[0], node.value)]
        before: list[gast.AST] = []
        value = node.value
        if len(node.targets) > 1 or _is_place(node.targets[0]):
            value = self._named(value, "value", before)
        after: list[gast.AST] = []
        for target in node.targets:
            names, stores = self._split(target)
            if names is not None:
                after.append(gast.Assign([names], copy.deepcopy(value), None))
            else:
                stores = [self._store(target, copy.deepcopy(value))]
            after += stores
        return before + after

    def visit_AugAssign(self, node: gast.AugAssign) -> Any:
        self.generic_visit(node)
        target = node.target
        if isinstance(target, gast.Name):
            return node
        before: list[gast.AST] = []
        target.value = self._named(target.value, "target", before, chains=True)
        base = "value"
        if isinstance(target, gast.Subscript):
            target.slice = self._named_index(target.slice, before)
        elif not target.attr.startswith("__"):
            base = target.attr.lstrip("_") or base
        name = self.context.names.fresh(base)
        read = copy.deepcopy(target)
        read.ctx = gast.Load()
        update = gast.AugAssign(build.store(name), node.op, node.value)
        return [*before, build.assign(name, read), update, self._store(target, build.load(name))]

    def visit_AnnAssign(self, node: gast.AnnAssign) -> Any:
        """`x: int = 1` is `x = 1`; the annotation of a local name is never evaluated."""
        if node.value is None:
            return node
        return self.visit_Assign(build.at(gast.Assign([node.target], node.value, None), node))

    def visit_Delete(self, node: gast.Delete) -> Any:
        self.generic_visit(node)
        made: list[gast.AST] = []
        for target in node.targets:
            made += self._delete(target)
        return made

    def _delete(self, target: gast.AST) -> list[gast.AST]:
        match target:
            case gast.Tuple(elts=parts) | gast.List(elts=parts):
                return [statement for part in parts for statement in self._delete(part)]
            case gast.Attribute(value=owner, attr=name):
                return [gast.Expr(self.context.call_verb("del_attr", [owner, build.constant(name)]))]
            case gast.Subscript(value=owner, slice=index):
                return [gast.Expr(self.context.call_verb("del_item", [owner, _as_value(index)]))]
        return [gast.Delete([target])]

    def visit_For(self, node: gast.For) -> Any:
        self.generic_visit(node)
        names, stores = self._split(node.target)
        if stores:
            node.target = names if names is not None else build.store(self.context.names.fresh("item"))
            if names is None:
                stores = [self._store(stores[0], build.load(node.target.id))]
            build.at(node.target, node)
            node.body = [build.at(store, node) for store in stores] + node.body
        return node

    def visit_With(self, node: gast.With) -> Any:
        self.generic_visit(node)
        return self._nested_with(node)

    def _nested_with(self, node: gast.With) -> gast.With:
        """One `with` for each item where one of them stores, because the next may read what was stored."""
        first, *rest = node.items
        if rest and any(item.optional_vars is not None and _has_place(item.optional_vars) for item in node.items):
            inner = gast.copy_location(gast.With(rest, node.body, None), node)
            node.items = [first]
            node.body = [self._nested_with(inner)]
        return self._with_stores(node)

    def _with_stores(self, node: gast.With) -> gast.With:
        """Stores what is entered at the beginning of the block."""
        target = node.items[0].optional_vars
        if target is not None and _has_place(target):
            name = self.context.names.fresh("entered")
            assignment = build.at(gast.Assign([target], build.load(name), None), node)
            node.items[0].optional_vars = build.at(build.store(name), node)
            node.body = [*(build.at(store, node) for store in self.visit_Assign(assignment)), *node.body]
        return node

    def _split(self, target: gast.AST) -> tuple[gast.AST | None, list[gast.AST]]:
        """A target with names in place of attributes and items, and the stores from these names.

        For a target that is itself an attribute or item: None and the target.
        """
        if _is_place(target):
            return None, [target]
        places = _Places(self, _rebinds_what_places_use(target))
        return places.visit(copy.deepcopy(target)), places.stores

    def _store(self, target: gast.AST, value: gast.AST) -> gast.AST:
        match target:
            case gast.Attribute(value=owner, attr=name):
                call = self.context.call_verb("set_attr", [owner, build.constant(name), value])
            case gast.Subscript(value=owner, slice=index):
                call = self.context.call_verb("set_item", [owner, _as_value(index), value])
        return build.at(gast.Expr(call), target)

    def _named(self, value: gast.AST, base: str, before: list[gast.AST], chains: bool = False) -> gast.AST:
        """The value, or a name it is bound to when evaluating it twice or later could show."""
        if isinstance(value, gast.Name | gast.Constant) or (chains and _is_chain(value)):
            return value
        name = self.context.names.fresh(base)
        before.append(build.at(build.assign(name, value), value))
        return build.at(build.load(name), value)

    def _named_index(self, index: gast.AST, before: list[gast.AST]) -> gast.AST:
        if isinstance(index, gast.Slice):
            bounds = (index.lower, index.upper, index.step)
            parts = [bound and self._named(bound, "bound", before) for bound in bounds]
            return gast.copy_location(gast.Slice(*parts), index)
        if isinstance(index, gast.Tuple):
            index.elts = [self._named_index(part, before) for part in index.elts]
            return index
        if _is_negative_literal(index):
            return index
        return self._named(index, "index", before)


class _Places(gast.NodeTransformer):  # type: ignore[misc]
    """Puts names in place of attributes and items in a tuple target, and of names where the order shows."""

    def __init__(self, converter: _Stores, names_too: bool) -> None:
        self.converter = converter
        self.names_too = names_too
        self.stores: list[gast.AST] = []

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if not self.names_too:
            return node
        name = self.converter.context.names.fresh("value")
        self.stores.append(build.at(build.assign(node.id, build.load(name)), node))
        return build.at(build.store(name), node)

    def visit_Attribute(self, node: gast.Attribute) -> gast.AST:
        return self._name(node, node.attr.strip("_") or "value")

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        return self._name(node, "value")

    def _name(self, node: gast.AST, base: str) -> gast.AST:
        name = self.converter.context.names.fresh(base)
        self.stores.append(self.converter._store(node, build.load(name)))
        return build.at(build.store(name), node)


def _rebinds_what_places_use(target: gast.AST) -> bool:
    """Whether a tuple target binds a name that an attribute or item in it is reached by."""
    reads = {node.id for node in gast.walk(target) if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load)}
    return bool(reads & bound_names(target))


def _as_value(index: gast.AST) -> gast.AST:
    """An index as an argument: `a:b` becomes `slice(a, b, None)`."""
    match index:
        case gast.Slice(lower=lower, upper=upper, step=step):
            bounds = [bound or build.constant(None) for bound in (lower, upper, step)]
            return build.at(build.call(build.load("slice"), bounds), index)
        case gast.Tuple(elts=parts):
            index.elts = [_as_value(part) for part in parts]
    return index


def _is_place(target: gast.AST) -> bool:
    return isinstance(target, gast.Attribute | gast.Subscript)


def _has_place(target: gast.AST) -> bool:
    if isinstance(target, gast.Tuple | gast.List):
        return any(_has_place(part) for part in target.elts)
    return _has_place(target.value) if isinstance(target, gast.Starred) else _is_place(target)


def _is_chain(node: gast.AST) -> bool:
    """Whether a node is a name or attributes of a name."""
    return isinstance(node, gast.Name) or (isinstance(node, gast.Attribute) and _is_chain(node.value))


def _is_negative_literal(node: gast.AST) -> bool:
    return isinstance(node, gast.UnaryOp) and isinstance(node.operand, gast.Constant)


def _may_be_read_late(target: gast.AST, value: gast.AST) -> bool:
    """Whether nobody notices when a store evaluates its target before its value, against Python's order."""
    if isinstance(value, gast.Name | gast.Constant):
        return True
    calls = any(isinstance(node, gast.Call) for node in gast.walk(target))
    rebinds = any(isinstance(node, gast.NamedExpr) for node in gast.walk(value))
    return not calls and not rebinds
