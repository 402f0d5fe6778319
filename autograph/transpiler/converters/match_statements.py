"""`match` becomes `if`: what a pattern says about values is compared, so that tensors can decide.

Before:
    def f(x):
        match x:
            case 0 | 1:
                return 'small'
            case n if n > limit:
                return n
            case _:
                return None

After:
    def f(x):
        if x == 0 or x == 1:
            return 'small'
        else:
            n = x
            if n > limit:
                return n
            else:
                return None

What a pattern says about structure (sequences, mappings, classes) is Python's matter and stays a `match`, whose parts
are then compared:

    case [0, y]:    becomes    match ag.subject(x):
        use(y)                     case [part, y_2]:
                                       matched = part == 0
                                   case _:
                                       matched = False
                               if matched:
                                   y = y_2
                                   use(y)
"""

from __future__ import annotations

import copy
import itertools
from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.names import bound_names
from autograph.transpiler.rewriter import Rewriter

Block = list[gast.stmt]


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the `match` statements of a function."""
    return _Matches(context).rewrite(tree)


class _Matches(Rewriter):
    def visit_Match(self, node: gast.Match) -> Any:
        self.generic_visit(node)
        captured = set().union(*(bound_names(case.pattern) for case in node.cases))
        subject, before = node.subject, []
        if not isinstance(subject, gast.Name) or subject.id in captured:
            before = [build.assign(self.context.names.fresh("subject"), node.subject)]
            subject = build.load(before[0].targets[0].id)
        rest: Block = []
        for case in reversed(node.cases):
            made = self._case(case, subject, rest)
            rest = [build.at(statement, case.pattern) for statement in made]
        return before + rest

    def _case(self, case: gast.match_case, subject: gast.Name, rest: Block) -> Block:
        """The statements for one case; `rest` is what follows if it does not match."""
        alternatives = _alternatives(case.pattern)
        if len(alternatives) > 1:
            return self._any_of(alternatives, case, subject, rest)
        pattern = _Pattern(self.context, case.pattern, subject)
        before, test = pattern.before, pattern.test
        binds = [build.assign(name, build.load(source)) for name, source in pattern.binds]
        guard = case.guard
        if guard is not None and binds:
            if test is not None:
                return [*before, *self._guarded(test, binds, guard, case.body, rest)]
            before, binds = [*before, *binds], []
        conditions = [condition for condition in (test, guard) if condition is not None]
        if not conditions:
            return [*before, *binds, *case.body]
        whole = conditions[0] if len(conditions) == 1 else gast.BoolOp(gast.And(), conditions)
        return [*before, gast.If(whole, [*binds, *case.body], rest)]

    def _any_of(self, patterns: list[gast.AST], case: gast.match_case, subject: gast.Name, rest: Block) -> Block:
        """A case with alternatives that bind names or look into structures: tried one after the other."""
        name = self.context.names.fresh("fits")
        tried: Block = [] if case.guard is None else [gast.If(build.load(name), [build.assign(name, case.guard)], [])]
        inner: Block = []
        for alternative in reversed(patterns):
            pattern = _Pattern(self.context, alternative, subject)
            binds = [build.assign(bound, build.load(source)) for bound, source in pattern.binds]
            fits = build.assign(name, pattern.test or build.constant(True))
            others = inner
            inner = [*pattern.before, fits]
            if binds or others:
                inner.append(gast.If(build.load(name), binds or [gast.Pass()], others))
        return [*inner, *tried, gast.If(build.load(name), case.body, rest)]

    def _guarded(self, test: gast.AST, binds: Block, guard: gast.AST, body: Block, rest: Block) -> Block:
        """A case that binds names for its guard, which are bound only if the pattern fits."""
        name = self.context.names.fresh("fits")
        return [
            build.assign(name, test),
            gast.If(build.load(name), [*binds, build.assign(name, guard)], []),
            gast.If(build.load(name), body, rest),
        ]


class _Pattern:
    """One pattern taken apart: statements `before`, the `test` on values (None if it always fits), and `binds`."""

    def __init__(self, context: Context, pattern: gast.AST, subject: gast.Name) -> None:
        self.context = context
        self.before: Block = []
        self.binds: list[tuple[str, str]] = []
        tests: list[gast.AST] = []
        if _is_structure(pattern):
            self.test: gast.AST | None = build.load(self._match(pattern, subject))
        else:
            self._compare(pattern, subject.id, tests)
            self.test = _all(tests)

    def _match(self, pattern: gast.AST, subject: gast.Name) -> str:
        """A `match` of structure alone; gives the name that says whether it and the values in it fit."""
        matched = self.context.names.fresh("matched")
        tests: list[gast.AST] = []
        bare = build.at(self._bare(pattern, tests), pattern)
        fits = build.at(build.assign(matched, _all(tests) or build.constant(True)), pattern)
        other = build.at(build.assign(matched, build.constant(False)), pattern)
        cases = [
            gast.match_case(bare, None, [fits]),
            gast.match_case(build.at(gast.MatchAs(None, None), pattern), None, [other]),
        ]
        self.before.append(gast.Match(self.context.call_verb("subject", [build.load(subject.id)]), cases))
        return matched

    def _bare(self, pattern: gast.AST, tests: list[gast.AST]) -> gast.AST:
        """The pattern with fresh names in place of values and captures."""
        match pattern:
            case gast.MatchSequence(patterns=parts):
                return gast.MatchSequence([self._bare(part, tests) for part in parts])
            case gast.MatchMapping(keys=keys, patterns=parts, rest=rest):
                return gast.MatchMapping(keys, [self._bare(part, tests) for part in parts], self._fresh(rest))
            case gast.MatchClass(cls=cls, patterns=parts, kwd_attrs=names, kwd_patterns=named) if not _is_number(
                pattern
            ):
                positional = [self._bare(part, tests) for part in parts]
                return gast.MatchClass(cls, positional, names, [self._bare(part, tests) for part in named])
            case gast.MatchStar(name=name):
                return gast.MatchStar(self._fresh(name))
            case gast.MatchAs(pattern=None, name=name):
                return gast.MatchAs(None, self._fresh(name))
            case gast.MatchAs(pattern=inner, name=name) if _is_structure(inner):
                return gast.MatchAs(self._bare(inner, tests), self._fresh(name))
        part = self.context.names.fresh("part")
        self._compare(pattern, part, tests)
        return gast.MatchAs(None, part)

    def _fresh(self, name: str | None) -> str | None:
        if name is None:
            return None
        made = self.context.names.fresh(name)
        self.binds.append((name, made))
        return made

    def _compare(self, pattern: gast.AST, name: str, tests: list[gast.AST]) -> None:
        """Adds the tests of the value called `name` against a pattern without structure."""
        match pattern:
            case gast.MatchValue(value=value):
                tests.append(gast.Compare(build.load(name), [gast.Eq()], [value]))
            case gast.MatchSingleton(value=value):
                tests.append(gast.Compare(build.load(name), [gast.Is()], [build.constant(value)]))
            case gast.MatchAs(pattern=inner, name=bound):
                if inner is not None:
                    self._compare(inner, name, tests)
                if bound is not None:
                    self.binds.append((bound, name))
            case gast.MatchOr(patterns=parts):
                self._any(parts, name, tests)
            case gast.MatchClass(cls=cls, patterns=parts):
                tests.append(gast.Call(build.load("isinstance"), [build.load(name), cls], []))
                for part in parts:
                    self._compare(part, name, tests)

    def _any(self, parts: list[gast.AST], name: str, tests: list[gast.AST]) -> None:
        each = []
        for part in parts:
            found: list[gast.AST] = []
            self._compare(part, name, found)
            if not found:  # an alternative that always fits
                return
            each.append(_all(found))
        tests.append(gast.BoolOp(gast.Or(), each))


def _alternatives(pattern: gast.AST) -> list[gast.AST]:
    """The patterns that a pattern is one of: each `|` that binds names or looks into structures, multiplied out."""
    match pattern:
        case gast.MatchOr(patterns=parts) if bound_names(pattern) or _is_structure(pattern):
            return [one for part in parts for one in _alternatives(part)]
        case gast.MatchSequence(patterns=parts):
            return [gast.MatchSequence(list(row)) for row in _rows(parts)]
        case gast.MatchMapping(keys=keys, patterns=parts, rest=rest):
            return [gast.MatchMapping(keys, list(row), rest) for row in _rows(parts)]
        case gast.MatchClass(cls=cls, patterns=parts, kwd_attrs=names, kwd_patterns=named):
            rows = _rows([*parts, *named])
            return [gast.MatchClass(cls, list(r[: len(parts)]), names, list(r[len(parts) :])) for r in rows]
        case gast.MatchAs(pattern=inner, name=name) if inner is not None:
            return [gast.MatchAs(one, name) for one in _alternatives(inner)]
    return [pattern]


def _rows(parts: list[gast.AST]) -> list[tuple[gast.AST, ...]]:
    return [copy.deepcopy(row) for row in itertools.product(*[_alternatives(part) for part in parts])]


def _all(tests: list[gast.AST]) -> gast.AST | None:
    if len(tests) < 2:
        return tests[0] if tests else None
    return gast.BoolOp(gast.And(), tests)


def _is_structure(pattern: gast.AST) -> bool:
    structures = gast.MatchSequence | gast.MatchMapping | gast.MatchClass
    return any(isinstance(part, structures) and not _is_number(part) for part in gast.walk(pattern))


def _is_number(pattern: gast.AST) -> bool:
    """Whether a pattern is a class of Python's numbers, which what a graph computes may be of."""
    if not isinstance(pattern, gast.MatchClass) or not isinstance(pattern.cls, gast.Name):
        return False
    plain = len(pattern.patterns) < 2 and not pattern.kwd_attrs
    return plain and pattern.cls.id in ("bool", "int", "float", "complex")
