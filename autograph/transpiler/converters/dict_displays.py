"""Dict displays of names that get entries later become dicts whose keys staging can follow.

Before:
    def f(x):
        totals = {"low": x}
        if x > 0:
            totals["high"] = x
        return totals

After:
    def f(x):
        totals = ag.dict_({"low": x})
        if x > 0:
            totals["high"] = x
        return totals

Empty displays become such dicts in any case; others stay while what the function changes is entries that they have.
So do displays among which an expression chooses (`{} if x > 0 else d`, `d or {}`), and those in a tuple of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.rewriter import Rewriter

_CHANGES = frozenset({"setdefault", "update", "pop", "popitem", "clear"})
_ANY = object()  # stands for a key that is not a literal


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the dict displays of a function."""
    changed: dict[str, set[object]] = {}
    for node in gast.walk(tree):
        for name, key in _changed_by(node):
            changed.setdefault(name, set()).add(key)
    return _DictDisplays(context, changed).rewrite(tree)


def _changed_by(node: gast.AST) -> Iterator[tuple[str, object]]:
    """The names of what a node changes, and at which key."""
    match node:
        case gast.Subscript(value=gast.Name(id=name), slice=gast.Constant(value=key), ctx=gast.Store()):
            yield name, key
        case gast.Subscript(value=gast.Name(id=name), ctx=gast.Store() | gast.Del()):
            yield name, _ANY
        case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr=method)) if method in _CHANGES:
            yield name, _ANY
        case gast.AugAssign(target=gast.Name(id=name), op=gast.BitOr()):
            yield name, _ANY


class _DictDisplays(Rewriter):
    def __init__(self, context: Context, changed: dict[str, set[object]]) -> None:
        super().__init__(context)
        self.changed = changed

    def visit_Assign(self, node: gast.Assign) -> Any:
        return self._followed(self.generic_visit(node), node.targets)

    def visit_AnnAssign(self, node: gast.AnnAssign) -> Any:
        return self._followed(super().visit_AnnAssign(node), [node.target])

    def _followed(self, node: gast.Assign | gast.AnnAssign, targets: list[gast.AST]) -> Any:
        node.value = self._of(node.value, targets)
        return node

    def _of(self, value: Any, targets: list[gast.AST]) -> Any:
        """A value that targets get, with the displays in it that have to be followed."""
        match value:
            case gast.Dict(keys=keys):
                mine = {key.value for key in keys if isinstance(key, gast.Constant)}
                names = [target.id for target in targets if isinstance(target, gast.Name)]
                if not keys or any(self.changed.get(name, set()) - mine for name in names):
                    return self.context.call_verb("dict_", [value])
            case gast.IfExp():
                value.body, value.orelse = self._of(value.body, targets), self._of(value.orelse, targets)
            case gast.BoolOp(values=values):
                value.values = [self._of(part, targets) for part in values]
            case gast.Tuple(elts=parts):
                value.elts = [self._of(part, _at(place, len(parts), targets)) for place, part in enumerate(parts)]
        return value


def _at(place: int, count: int, targets: list[gast.AST]) -> list[gast.AST]:
    """What of some targets gets the part at a place of a tuple."""
    pairs = [target.elts for target in targets if isinstance(target, gast.Tuple) and len(target.elts) == count]
    return [parts[place] for parts in pairs]
