"""A comprehension as a loop, for one that binds names outside by `:=`.

Before:
    def f(xs):
        kept = [y for x in xs if (y := x * 2) > 2]
        return kept, y

After:
    def f(xs):
        made = []
        for each in xs:
            if (y := each * 2) > 2:
                made.append(y)
        kept = made
        return kept, y

The names that it loops over are its own, so they get others.
"""

from __future__ import annotations

from typing import TypeAlias

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.names import bound_names

Comprehension: TypeAlias = gast.ListComp | gast.SetComp | gast.DictComp


def loop_of(node: Comprehension, context: Context) -> tuple[list[gast.stmt], str]:
    """The statements that make what a comprehension makes, and the name that then holds it.

    Args:
        node: the comprehension.
        context: the conversion.
    """
    name = context.names.fresh("made")
    targets = sorted(set().union(*(bound_names(generator.target) for generator in node.generators)))
    _Renamed({target: context.names.fresh("each") for target in targets}).rename(node)
    block = [_take(node, name)]
    for generator in reversed(node.generators):
        for test in reversed(generator.ifs):
            block = [gast.If(test, block, [])]
        block = [gast.For(generator.target, generator.iter, block, [], None)]
    made = [build.assign(name, _empty(node)), *block]
    return [build.at(statement, node) for statement in made], name


def _empty(node: Comprehension) -> gast.AST:
    if isinstance(node, gast.ListComp):
        return gast.List([], gast.Load())
    return gast.Dict([], []) if isinstance(node, gast.DictComp) else build.call(build.load("set"), [])


def _take(node: Comprehension, name: str) -> gast.stmt:
    if isinstance(node, gast.DictComp):
        return gast.Assign([gast.Subscript(build.load(name), node.key, gast.Store())], node.value, None)
    method = "append" if isinstance(node, gast.ListComp) else "add"
    return gast.Expr(build.call(gast.Attribute(build.load(name), method, gast.Load()), [node.elt]))


class _Renamed(gast.NodeVisitor):  # type: ignore[misc]
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def rename(self, node: Comprehension) -> None:
        """Renames a comprehension's own names; what its first iterable says is not within it."""
        first = node.generators[0].iter
        for field in ("elt", "key", "value"):
            if hasattr(node, field):
                self.visit(getattr(node, field))
        for generator in node.generators:
            for part in (generator.target, generator.iter, *generator.ifs):
                if part is not first:
                    self.visit(part)

    def visit_Name(self, node: gast.Name) -> None:
        node.id = self.names.get(node.id, node.id)
