"""`match` over values becomes a chain of `if`.

Before:
    def f(x):
        match x + 1:
            case 0 | 1:
                return 'few'
            case n if n > 100:
                return n
        return 'some'

After:
    def f(x):
        subject = x + 1
        if subject == 0 or subject == 1:
            return 'few'
        else:
            n = subject
            if n > 100:
                return n
        return 'some'

Patterns that look into structures (sequences, mappings, classes) are refused.
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.rewriter import Rewriter

Block = list[gast.stmt]


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function without `match`.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.

    Raises:
        ConversionError: a pattern looks into a structure.
    """
    return _Matches(context).rewrite(tree)


class _Matches(Rewriter):
    def visit_Match(self, node: gast.Match) -> Any:
        self.generic_visit(node)
        if isinstance(node.subject, gast.Name | gast.Constant):
            return self._chain(node.subject, node.cases)
        name = self.context.names.fresh("subject")
        bind = build.at(build.assign(name, node.subject), node)
        return [bind, *self._chain(build.at(build.load(name), node.subject), node.cases)]

    def _chain(self, subject: gast.AST, cases: list[gast.match_case]) -> Block:
        if not cases:
            return []
        case, *others = cases
        test, name = self._pattern(case.pattern, subject)
        binds = [] if name is None else [self._bind(name, subject, case.pattern)]
        if others and isinstance(subject, gast.Name) and subject.id == name:
            self.context.fail(
                case.pattern, f"a case binds `{name}`, the very name that is matched", "use another name"
            )
        rest = self._chain(subject, others)
        origin = case.pattern
        if case.guard is None:
            return _choice(test, [*binds, *case.body], rest, origin)
        if test is None or not binds:
            both = case.guard if test is None else gast.BoolOp(gast.And(), [test, case.guard])
            return [*binds, *_choice(build.at(both, origin), case.body, rest, origin)]
        matched = self.context.names.fresh("matched")
        clear, found = (build.at(build.assign(matched, build.constant(v)), origin) for v in (False, True))
        guarded = [*binds, *_choice(case.guard, [found], [], case.guard)]
        asks = build.at(build.load(matched), origin)
        return [clear, *_choice(test, guarded, [], origin), *_choice(asks, case.body, rest, origin)]

    def _bind(self, name: str, subject: gast.AST, origin: gast.AST) -> gast.stmt:
        return build.at(build.assign(name, copy.copy(subject)), origin)

    def _pattern(self, pattern: gast.AST, subject: gast.AST) -> tuple[gast.AST | None, str | None]:
        """The test that a pattern makes (None: it always matches), and the name it binds."""
        match pattern:
            case gast.MatchValue(value=value):
                return self._compare(subject, gast.Eq(), value, pattern), None
            case gast.MatchSingleton(value=value):
                return self._compare(subject, gast.Is(), build.constant(value), pattern), None
            case gast.MatchAs(pattern=None, name=name):
                return None, name
            case gast.MatchAs(pattern=inner, name=name):
                test, bound = self._pattern(inner, subject)
                if bound is None:
                    return test, name
            case gast.MatchOr(patterns=patterns):
                tests = [self._pattern(one, subject) for one in patterns]
                if all(bound is None and test is not None for test, bound in tests):
                    either = gast.BoolOp(gast.Or(), [test for test, _ in tests])
                    return build.at(either, pattern), None
        self.context.fail(
            pattern,
            "a pattern that looks into a structure cannot be converted",
            "test for the structure with `if`, and take it apart with an assignment",
        )

    def _compare(self, subject: gast.AST, operator: gast.AST, value: gast.AST, origin: gast.AST) -> gast.AST:
        return build.at(gast.Compare(copy.copy(subject), [operator], [value]), origin)


def _choice(test: gast.AST | None, body: Block, orelse: Block, origin: gast.AST) -> Block:
    if test is None:
        return body
    return [gast.copy_location(gast.If(test, body, orelse), origin)]
