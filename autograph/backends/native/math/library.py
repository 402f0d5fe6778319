"""The functions by name; a unit of compiled code gets those that it calls.

Each function is one definition of straight-line code without branches that every call of it is replaced by, so that
loops around it run in vectors. Functions of float32 are named `@math.<name>.f32`, those of float64 `@math.<name>.f64`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from autograph.backends.native.builder import Builder, float_text
from autograph.backends.native.math.lane import Lane

Formula = Callable[..., Lane]
# By name: what writes it, its type, and how many operands it takes.
FORMULAS: dict[str, tuple[Formula, str, int]] = {}
_TABLES: dict[str, Callable[[], list[float]]] = {}
_MENTION = re.compile(r"@(math\.\w+\.f(?:32|64))\(|@(table\.\w+)\b")


def single(name: str, operands: int = 1) -> Callable[[Formula], Formula]:
    """Registers a function of float32."""
    return _registering(f"math.{name}.f32", "float", operands)


def double(name: str, operands: int = 1) -> Callable[[Formula], Formula]:
    """Registers a function of float64."""
    return _registering(f"math.{name}.f64", "double", operands)


def _registering(key: str, type_: str, operands: int) -> Callable[[Formula], Formula]:
    def register(formula: Formula) -> Formula:
        FORMULAS[key] = (formula, type_, operands)
        return formula

    return register


def table(name: str) -> Callable[[Callable[[], list[float]]], Callable[[], list[float]]]:
    """Registers what computes a table of doubles."""

    def register(made: Callable[[], list[float]]) -> Callable[[], list[float]]:
        _TABLES[f"table.{name}"] = made
        return made

    return register


def has(name: str, bits: int) -> bool:
    """Whether there is such a function for floats of so many bits."""
    return f"math.{name}.f{bits}" in FORMULAS


def definitions(text: str) -> str:
    """The functions and tables that a unit's text mentions."""
    names = _mentioned(text)
    pieces = {name: _definition(name) for name in names}
    for piece in list(pieces.values()):
        pieces |= {name: _definition(name) for name in _mentioned(piece) if name not in pieces}
    return "\n\n".join(pieces[name] for name in sorted(pieces))


def _mentioned(text: str) -> set[str]:
    return {function or table_ for function, table_ in _MENTION.findall(text)}


@cache
def _definition(name: str) -> str:
    if name in _TABLES:
        numbers = _TABLES[name]()
        listed = ", ".join(f"double {float_text(x, 'double')}" for x in numbers)
        return f"@{name} = internal unnamed_addr constant [{len(numbers)} x double] [{listed}], align 64"
    formula, type_, count = FORMULAS[name]
    places = [f"%x{i}" for i in range(count)]
    listed = ", ".join(f"{type_} {place}" for place in places)
    b = Builder(f"define internal {type_} @{name}({listed}) alwaysinline nounwind")
    result = formula(*[Lane(b, type_, place) for place in places])
    b.line(f"ret {type_} {result.text}")
    return b.text()
