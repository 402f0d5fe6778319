"""Comprehensions become calls with the element as a function, so that tensors can be looped over and decide.

Before:
    def f(xs):
        return [x * x for x in xs if x > 0], {x: y for x, y in xs}

After:
    def f(xs):
        return (
            ag.list_of(lambda x: x * x, xs, where=lambda x: x > 0),
            ag.dict_of(lambda item: (lambda x, y: (x, y))(*item), xs),
        )

Generator expressions are converted where a call takes them as its only argument: to a list where the callee
uses all items, else to `iter_of`, which is as lazy as they are. Comprehensions over literals, without
conditions, stay.
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.names import Scope, bound_names, identifiers
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter

_USES_ALL_ITEMS = frozenset({sum, min, max, list, tuple, set, frozenset, sorted, dict})


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the comprehensions of a function."""
    return _Comprehensions(context).rewrite(tree)


def _uses_all_items(value: object) -> bool:
    return isinstance(value, type | type(sum)) and value in _USES_ALL_ITEMS


class _Comprehensions(Rewriter):
    def visit_Call(self, node: gast.Call) -> Any:
        match node:
            case gast.Call(args=[gast.GeneratorExp() as generator], keywords=[]):
                node.func = self.visit(node.func)
                verb = "list_of" if self.context.holds(node.func, _uses_all_items) else "iter_of"
                node.args = [build.at(self._nested(verb, generator, generator.elt), generator)]
                return node
        return self.generic_visit(node)

    def visit_GeneratorExp(self, node: gast.GeneratorExp) -> Any:
        return self._nested("iter_of", node, node.elt)

    def visit_ListComp(self, node: gast.ListComp) -> Any:
        if self._stays(node):
            return self._visit_inside(node)
        return self._nested("list_of", node, node.elt)

    def visit_SetComp(self, node: gast.SetComp) -> Any:
        if self._stays(node):
            return self._visit_inside(node)
        if len(node.generators) > 1:
            return build.call(build.load("set"), [self._nested("list_of", node, node.elt)])
        return self._nested("set_of", node, node.elt)

    def visit_DictComp(self, node: gast.DictComp) -> Any:
        if self._stays(node):
            return self._visit_inside(node)
        pair = gast.Tuple([node.key, node.value], gast.Load())
        if len(node.generators) > 1:
            return build.call(build.load("dict"), [self._nested("list_of", node, pair)])
        return self._nested("dict_of", node, pair)

    def _nested(self, verb: str, node: gast.AST, element: gast.AST) -> gast.Call:
        """One call for each `for`, the inner ones inside the outer ones' elements."""
        *outer, last = node.generators
        made = self._over(last, verb if not outer else _inner_verb(verb), self.visit(element), flat=False)
        for position, generator in reversed(list(enumerate(outer))):
            made = self._over(generator, verb if position == 0 else _inner_verb(verb), made, flat=True)
        return made

    def _over(self, generator: gast.comprehension, verb: str, element: gast.AST, flat: bool) -> gast.Call:
        conditions = [self.visit(condition) for condition in generator.ifs]
        where = None
        if conditions:
            one = conditions[0] if len(conditions) == 1 else gast.BoolOp(gast.And(), conditions)
            where = self._of_item(generator.target, one)
        return self.context.call_verb(
            verb,
            [self._of_item(generator.target, element), self.visit(generator.iter)],
            {"where": where, "flat": build.constant(True) if flat else None},
        )

    def _of_item(self, target: gast.AST, body: gast.AST) -> gast.Lambda:
        """`lambda target: body`; the parts of a tuple target become parameters of an inner lambda."""
        if isinstance(target, gast.Name):
            return build.thunk(body, [target.id])
        names = self.context.names.scope()
        item = names.fresh("item")
        return build.thunk(self._unpacked(target, body, item, names), [item])

    def _unpacked(self, target: gast.AST, body: gast.AST, item: str, names: Scope) -> gast.Call:
        """`(lambda a, b: body)(*item)` for a target `a, b`."""
        if not isinstance(target, gast.Tuple | gast.List):
            what = "unpacks with a star" if isinstance(target, gast.Starred) else "assigns to an attribute or an item"
            self.context.fail(target, f"a comprehension {what}", "write a for statement")
        parameters = []
        for part in target.elts:
            if isinstance(part, gast.Name):
                parameters.append(part.id)
            else:
                parameters.append(names.fresh("item"))
                body = self._unpacked(part, body, parameters[-1], names)
        return build.call(build.thunk(body, parameters), [gast.Starred(build.load(item), gast.Load())])

    def _stays(self, node: gast.AST) -> bool:
        """Whether a comprehension stays Python's.

        So it does if all that is looped over is literal and nothing decides, or if a lambda captures the
        loop's names: all such lambdas share one variable, which functions of their own would not give them.
        """
        targets = set().union(*(bound_names(generator.target) for generator in node.generators))
        if any(isinstance(inner, gast.Lambda) and _captures(inner, targets) for inner in gast.walk(node)):
            return True
        return all(not one.ifs and is_plain_value(one.iter, self.context) for one in node.generators)

    def _visit_inside(self, node: gast.AST) -> gast.AST:
        """Converts what is in a comprehension that stays."""
        for field in ("elt", "key", "value"):
            if hasattr(node, field):
                setattr(node, field, self.visit(getattr(node, field)))
        for generator in node.generators:
            generator.iter = self.visit(generator.iter)
            generator.ifs = [self.visit(condition) for condition in generator.ifs]
        return node


def _captures(function: gast.Lambda, targets: set[str]) -> bool:
    return bool(targets & (identifiers(function.body) - bound_names(function.args)))


def _inner_verb(verb: str) -> str:
    return "iter_of" if verb == "iter_of" else "list_of"
