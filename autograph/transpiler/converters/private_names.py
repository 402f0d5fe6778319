"""Private names get the class's prefix, which the compiler gives inside a class body; generated code stands
outside.

Before:
    class Counter:
        def f(self):
            return self.__count

After:
    def f(self):
        return self._Counter__count
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler.context import Context


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Mangles the private names of a method."""
    if context.class_name is None or not context.class_name.strip("_"):
        return tree
    mangle = _PrivateNames(context.class_name)
    tree.args = mangle.visit(tree.args)
    tree.body = [mangle.visit(statement) for statement in tree.body]
    return tree


class _PrivateNames(gast.NodeTransformer):  # type: ignore[misc]
    def __init__(self, class_name: str) -> None:
        self.prefix = "_" + class_name.lstrip("_")

    def _mangled(self, name: str) -> str:
        hidden = name.startswith("__") and not name.endswith("__") and "." not in name
        return self.prefix + name if hidden else name

    def visit_ClassDef(self, node: gast.ClassDef) -> Any:
        """A class within mangles by its own name."""
        node.name = self._mangled(node.name)
        return node

    def generic_visit(self, node: gast.AST) -> Any:
        """Mangles whatever identifier a node has."""
        super().generic_visit(node)
        for field in _FIELDS.get(type(node), ()):
            value = getattr(node, field)
            if isinstance(value, str):
                setattr(node, field, self._mangled(value))
            elif isinstance(value, list):
                setattr(node, field, [self._mangled(name) for name in value])
        return node


_FIELDS: dict[type, tuple[str, ...]] = {
    gast.Name: ("id",),
    gast.Attribute: ("attr",),
    gast.FunctionDef: ("name",),
    gast.keyword: ("arg",),
    gast.alias: ("name", "asname"),
    gast.Global: ("names",),
    gast.Nonlocal: ("names",),
    gast.MatchAs: ("name",),
    gast.MatchStar: ("name",),
    gast.MatchMapping: ("rest",),
    gast.MatchClass: ("kwd_attrs",),
}
