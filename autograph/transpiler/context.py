"""What converters know about the function being converted."""

from __future__ import annotations

import builtins
import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Final, NoReturn, TypeAlias

import gast

from autograph.errors import ConversionError, SourceLine, message
from autograph.transpiler import build
from autograph.transpiler.names import Names, bound_inside, identifiers


class Missing(enum.Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""What `Context.resolve` answers when a name's value is not known at conversion."""

Test: TypeAlias = Callable[[Any], bool]


@dataclass
class Context:
    """One function's conversion: outer names, fresh names, how to call verbs, and how to refuse.

    `assumed` lists what conversion took for granted about outer names: a path such as `np.sin`, a test, and
    what the test said. Converted code may be used again as long as every test says the same.
    """

    file: str
    function: str
    alias: str
    names: Names
    bound: set[str]
    outer: Callable[[str], object]
    is_plain: Callable[[Any], bool]
    class_name: str | None = None
    free: tuple[str, ...] = ()
    assumed: dict[tuple[tuple[str, ...], Test], bool] = field(default_factory=dict)

    def verb(self, name: str) -> gast.Attribute:
        """`ag.name`, the function of the namespace that generated code calls."""
        return gast.Attribute(build.load(self.alias), name, gast.Load())

    def call_verb(
        self, name: str, arguments: Iterable[gast.AST], keywords: Mapping[str, gast.AST | None] | None = None
    ) -> gast.Call:
        """`ag.name(*arguments, **keywords)`; keywords whose value is None are left out."""
        given = [gast.keyword(key, value) for key, value in (keywords or {}).items() if value is not None]
        return build.call(self.verb(name), arguments, given)

    def is_verb(self, node: gast.AST, *names: str) -> bool:
        """Whether `node` is a generated call of one of these verbs (of any, when none is named)."""
        match node:
            case gast.Call(func=gast.Attribute(value=gast.Name(id=alias), attr=verb)) if alias == self.alias:
                return not names or verb in names
        return False

    def resolve(self, expression: gast.AST) -> object:
        """The object that a name or a chain such as `np.linalg.norm` stands for at conversion, or MISSING.

        Only names from outside the function resolve, and attributes only through modules and classes, so that
        no code of the user's runs.
        """
        path = self._outer_path(expression)
        return follow(path, self.outer) if path else MISSING

    def holds(self, expression: gast.AST, test: Test) -> bool:
        """Whether the object that an outer name or chain stands for passes `test`; noted as an assumption.

        False for what does not resolve. `test` is a function of a module, no closure, so that it is one key.
        """
        path = self._outer_path(expression)
        if not path:
            return False
        key = path, test
        if key not in self.assumed:
            value = follow(path, self.outer)
            self.assumed[key] = value is not MISSING and bool(test(value))
        return self.assumed[key]

    def cell_holds(self, name: str, test: Test) -> bool:
        """Whether what a variable of an outer function holds passes `test`, though the function may assign it."""
        value = self.outer(name)
        said = value is not MISSING and bool(test(value))
        return self.assumed.setdefault(((name,), test), said)

    def plain(self, expression: gast.AST) -> bool:
        """Whether a callee is known to need no wrapper."""
        return self.holds(expression, self.is_plain)

    def _outer_path(self, expression: gast.AST) -> tuple[str, ...]:
        path = _path(expression)
        if not path or path[0] in self.bound or path[0] in self.names.made or path[0] in self.names.regions:
            return ()
        return path

    def fail(self, node: gast.AST, what: str, hint: str | None = None) -> NoReturn:
        """Refuses a construct at the user's line.

        Raises:
            ConversionError: always.
        """
        raise ConversionError(message(what, self.line_of(node), hint))

    def line_of(self, node: gast.AST) -> SourceLine:
        """The user's source line that a node comes from."""
        end = node.end_col_offset if getattr(node, "end_lineno", None) == node.lineno else None
        return SourceLine(self.file, node.lineno, self.function, node.col_offset, end)


def make_context(
    tree: gast.FunctionDef,
    fn: FunctionType,
    alias: str,
    is_plain: Callable[[Any], bool],
    class_name: str | None = None,
) -> Context:
    """The context for converting `fn`, whose source is `tree`."""
    names = Names(identifiers(tree) | {alias} | set(fn.__code__.co_freevars))
    bound = bound_inside(tree)
    return Context(
        fn.__code__.co_filename,
        fn.__name__,
        alias,
        names,
        bound,
        outer_names(fn),
        is_plain,
        class_name=class_name,
        free=fn.__code__.co_freevars,
    )


def outer_names(fn: FunctionType) -> Callable[[str], object]:
    """Looks a name up as `fn` sees it from inside: its closure, then globals, then builtins."""
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    spaces: tuple[Mapping[str, object], ...] = (fn.__globals__, vars(builtins))

    def look_up(name: str) -> object:
        if name in cells:
            try:
                return cells[name].cell_contents
            except ValueError:  # the cell is empty so far
                return MISSING
        return next((space[name] for space in spaces if name in space), MISSING)

    return look_up


def follow(path: tuple[str, ...], outer: Callable[[str], object]) -> object:
    """The object at the end of a chain of names, or MISSING."""
    value = outer(path[0])
    for attribute in path[1:]:
        if not isinstance(value, ModuleType | type):
            return MISSING
        value = getattr(value, attribute, MISSING)
    return value


def _path(expression: gast.AST) -> tuple[str, ...]:
    match expression:
        case gast.Name(id=name):
            return (name,)
        case gast.Attribute(value=base, attr=attribute):
            prefix = _path(base)
            return (*prefix, attribute) if prefix else ()
    return ()
