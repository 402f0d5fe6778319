"""`name := value` moves into a statement of its own where the code around it is going to become a function.

That is the test of a `while`, and what `and`, `or` and conditional expressions evaluate only when needed:

Before:
    def f(xs):
        if xs and (n := len(xs)) > 2:
            return n

After:
    def f(xs):
        both = xs
        if both:
            both = (n := len(xs)) > 2
        if both:
            return n

A comprehension with a `:=` becomes a loop (`comprehension_loops`). Elsewhere `:=` stays as it is.
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.structure import statements_in
from autograph.transpiler.context import Context
from autograph.transpiler.converters.comprehension_loops import Comprehension, loop_of
from autograph.transpiler.converters.flags import negated
from autograph.transpiler.rewriter import Rewriter

Block = list[gast.stmt]

_HINT = "assign to the name in a statement before"


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function with every `:=` where it binds a name of the function itself.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.

    Raises:
        ConversionError: a `:=` stands in a generator expression, or where moving it would change the order.
    """
    if not _holds_walrus(tree):
        return tree
    return _Walrus(context).rewrite(tree)


class _Walrus(Rewriter):
    def visit_While(self, node: gast.While) -> Any:
        self.generic_visit(node)
        if not _holds_walrus(node.test):
            return node
        lifted = _Lift(self.context)
        test = lifted.expression(node.test)
        ends = [*node.orelse, gast.copy_location(gast.Break(), node)]
        if _leaves_loop(node.orelse):
            self.context.fail(node, "`:=` in the test of a `while` whose `else` leaves a loop around it", _HINT)
        leave = gast.copy_location(gast.If(negated(test), ends, []), node)
        node.test, node.orelse = build.at(build.constant(True), node.test), []
        node.body = [*lifted.before, leave, *node.body]
        return node

    def visit_If(self, node: gast.If) -> Any:
        return self._statement(node, "test")

    def visit_For(self, node: gast.For) -> Any:
        return self._statement(node, "iter")

    def visit_Expr(self, node: gast.stmt) -> Any:
        return self._statement(node, "value")

    visit_Return = visit_Assign = visit_AugAssign = visit_AnnAssign = visit_Expr

    def visit_Assert(self, node: gast.Assert) -> Any:
        return self._statement(node, "test")

    def visit_Raise(self, node: gast.Raise) -> Any:
        return self._statement(node, "exc")

    def visit_Match(self, node: gast.Match) -> Any:
        return self._statement(node, "subject")

    def visit_Lambda(self, node: gast.Lambda) -> Any:
        self.generic_visit(node)
        if _holds_lazy_walrus(node.body):
            self.context.fail(node, "`:=` in a part of a lambda that is evaluated only when needed", _HINT)
        return node

    def visit_With(self, node: gast.With) -> Any:
        self.generic_visit(node)
        lifted = _Lift(self.context)
        node.items[0].context_expr = lifted.expression(node.items[0].context_expr)
        return [*lifted.before, node]

    def _statement(self, node: gast.stmt, field: str) -> Any:
        self.generic_visit(node)
        value = getattr(node, field)
        if value is None:
            return node
        lifted = _Lift(self.context)
        setattr(node, field, lifted.expression(value))
        return [*lifted.before, node]


class _Lift:
    """Moves what holds a lazily evaluated `:=` into statements, keeping the order of evaluation."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.before: Block = []

    def expression(self, node: gast.AST) -> Any:
        """The expression to use after the statements `before`."""
        if not _holds_lazy_walrus(node):
            return node
        match node:
            case gast.ListComp() | gast.SetComp() | gast.DictComp():
                return self._comprehension(node)
            case gast.GeneratorExp():
                hint = "use a list comprehension, or write it as a loop"
                self.context.fail(node, "`:=` inside a generator expression", hint)
            case gast.BoolOp():
                return self._bool_op(node)
            case gast.IfExp():
                return self._conditional(node)
            case gast.NamedExpr(target=target, value=value):
                self._assign(target.id, self.expression(value), node)
                return build.at(build.load(target.id), node)
            case gast.Compare(left=left, comparators=[right]):
                node.left, node.comparators[0] = self._in_order([left, right])
            case gast.BinOp(left=left, right=right):
                node.left, node.right = self._in_order([left, right])
            case gast.UnaryOp(operand=operand):
                node.operand = self.expression(operand)
            case gast.Call(func=func, args=args, keywords=keywords) if not _has_stars(node):
                values = self._in_order([func, *args, *(keyword.value for keyword in keywords)])
                node.func, node.args = values[0], values[1 : 1 + len(args)]
                for keyword, value in zip(keywords, values[1 + len(args) :], strict=True):
                    keyword.value = value
            case gast.Tuple(elts=elements) | gast.List(elts=elements):
                node.elts = self._in_order(elements)
            case gast.Subscript(value=value, slice=index):
                node.value, node.slice = self._in_order([value, index])
            case gast.Attribute(value=value):
                node.value = self.expression(value)
            case _:
                self.context.fail(node, "`:=` in a part that is evaluated only when needed", _HINT)
        return node

    def _in_order(self, parts: list[gast.AST]) -> list[Any]:
        """Parts evaluated from left to right; those before the last one that moves are kept in names."""
        last = max(place for place, part in enumerate(parts) if _holds_lazy_walrus(part))
        done: list[gast.AST] = []
        for place, part in enumerate(parts):
            value = self.expression(part)
            if place < last and not isinstance(value, gast.Constant):
                value = self._keep(value, part)
            done.append(value)
        return done

    def _keep(self, value: gast.AST, origin: gast.AST) -> gast.AST:
        name = self.context.names.fresh("first")
        self._assign(name, value, origin)
        return build.at(build.load(name), origin)

    def _bool_op(self, node: gast.BoolOp) -> gast.AST:
        name = self.context.names.fresh("both" if isinstance(node.op, gast.And) else "either")
        first, *others = node.values
        self._assign(name, self.expression(first), node)
        block = self.before
        for operand in others:
            inner = _Lift(self.context)
            inner._assign(name, inner.expression(operand), operand)
            test = build.at(build.load(name), operand)
            goes_on = test if isinstance(node.op, gast.And) else negated(test)
            block.append(gast.copy_location(gast.If(goes_on, inner.before, []), operand))
            block = inner.before
        return build.at(build.load(name), node)

    def _conditional(self, node: gast.IfExp) -> gast.AST:
        name = self.context.names.fresh("chosen")
        test = self.expression(node.test)
        branches: list[Block] = []
        for branch in (node.body, node.orelse):
            inner = _Lift(self.context)
            inner._assign(name, inner.expression(branch), branch)
            branches.append(inner.before)
        self.before.append(gast.copy_location(gast.If(test, *branches), node))
        return build.at(build.load(name), node)

    def _assign(self, name: str, value: gast.AST, origin: gast.AST) -> None:
        self.before.append(build.at(build.assign(name, value), origin))

    def _comprehension(self, node: Comprehension) -> gast.AST:
        statements, name = loop_of(node, self.context)
        for statement in statements:
            made = _Walrus(self.context).visit(statement)
            self.before += made if isinstance(made, list) else [made]
        return build.at(build.load(name), node)


_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def _evaluated(node: gast.AST) -> list[gast.AST]:
    """The nodes of an expression, without the bodies of lambdas."""
    found, waiting = [], [node]
    while waiting:
        part = waiting.pop()
        found.append(part)
        if not isinstance(part, gast.Lambda):
            waiting += gast.iter_child_nodes(part)
    return found


def _holds_walrus(node: gast.AST) -> bool:
    return any(isinstance(part, gast.NamedExpr) for part in _evaluated(node))


def _holds_lazy_walrus(node: gast.AST) -> bool:
    """Whether a `:=` stands in a part of an expression that is evaluated only when needed."""
    for part in _evaluated(node):
        lazy: list[gast.AST] = []
        if isinstance(part, _COMPREHENSIONS):
            lazy = [part]
        elif isinstance(part, gast.BoolOp):
            lazy = part.values[1:]
        elif isinstance(part, gast.IfExp):
            lazy = [part.body, part.orelse]
        elif isinstance(part, gast.Compare):
            lazy = part.comparators[1:]
        if any(_holds_walrus(one) for one in lazy):
            return True
    return False


def _has_stars(node: gast.Call) -> bool:
    return any(isinstance(one, gast.Starred) for one in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    )


def _leaves_loop(block: Block) -> bool:
    inside = statements_in(block, through_loops=False)
    return any(isinstance(one, gast.Break | gast.Continue) for one in inside)
