"""What integers of a graph may be: bounds that are sizes or numbers, from constants, sizes, comparisons and loops.

The bounds of an array are those of all its elements.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograph.runtime.dims import Dim, known_at_least, max_dim, min_dim
from autograph.runtime.dims.polynomial import Atom, Polynomial
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import TensorType

LARGEST_SIZE = 2**40  # more than any axis of a tensor has
_ORDERED = ("less", "less_equal", "greater", "greater_equal")  # comparisons that bound a number


@dataclass(frozen=True)
class Range:
    """What an integer lies between, both ends included."""

    low: Dim
    high: Dim

    @property
    def exact(self) -> Dim | None:
        """The integer, if it can be only one."""
        return self.low if self.low == self.high else None


def is_integer(value: Value) -> bool:
    """Whether a value is one integer."""
    return isinstance(value.type, TensorType) and value.type.is_scalar and value.type.dtype.is_integer


def orders_integers(node: Node) -> bool:
    """Whether a node compares two integers, so that where it holds they bound each other."""
    return node.op.name in _ORDERED and all(map(is_integer, node.inputs))


def holds_integers(value: Value) -> bool:
    """Whether a value is an integer or an array of integers."""
    return isinstance(value.type, TensorType) and value.type.dtype.is_integer


def widest(value: Value) -> Range:
    """All that an integer's dtype holds."""
    assert isinstance(value.type, TensorType)
    info = np.iinfo(value.type.dtype.numpy)
    return Range(int(info.min), int(info.max))


def at_least(a: Dim, b: Dim) -> bool:
    """Whether one size or number is never less than another."""
    return known_at_least(a, b) is True


def fits(found: Range, into: Range) -> bool:
    """Whether a range lies within numbers, whatever the sizes are."""
    assert isinstance(into.low, int) and isinstance(into.high, int)
    return _least(found.low) >= into.low and _most(found.high) <= into.high


def _most(dim: Dim) -> float:
    return dim if isinstance(dim, int) else _magnitude(dim.polynomial)


def _least(dim: Dim) -> float:
    return dim if isinstance(dim, int) else -_magnitude(dim.polynomial)


def _magnitude(polynomial: Polynomial) -> float:
    """A bound of the absolute value."""
    return sum(abs(factor) * math.prod(map(_of_atom, monomial)) for monomial, factor in polynomial.terms)


def _of_atom(atom: Atom) -> float:
    if atom.kind == "symbol":
        return LARGEST_SIZE
    return max(map(_magnitude, atom.args))  # quotients, remainders, the larger and the smaller


# -- arithmetic -------------------------------------------------------------------------------------------


def _add(a: Range, b: Range) -> Range:
    return Range(a.low + b.low, a.high + b.high)


def _subtract(a: Range, b: Range) -> Range:
    return Range(a.low - b.high, a.high - b.low)


def _multiply(a: Range, b: Range) -> Range | None:
    for x, factor in ((a, b.exact), (b, a.exact)):
        if factor is not None and at_least(factor, 0):
            return Range(x.low * factor, x.high * factor)
    if isinstance(a.low, int) and isinstance(a.high, int) and isinstance(b.low, int) and isinstance(b.high, int):
        ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
        return Range(min(ends), max(ends))
    return None


def _floor_divide(a: Range, b: Range) -> Range | None:
    by = b.exact
    return Range(a.low // by, a.high // by) if by is not None and at_least(by, 1) else None


def _remainder(a: Range, b: Range) -> Range | None:
    return Range(0, b.high - 1) if at_least(b.low, 1) else None


def _negative(a: Range) -> Range:
    return Range(-a.high, -a.low)


def _maximum(a: Range, b: Range) -> Range:
    return Range(max_dim(a.low, b.low), max_dim(a.high, b.high))


def _minimum(a: Range, b: Range) -> Range:
    return Range(min_dim(a.low, b.low), min_dim(a.high, b.high))


ARITHMETIC: dict[str, Callable[..., Range | None]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "floor_divide": _floor_divide,
    "remainder": _remainder,
    "negative": _negative,
    "maximum": _maximum,
    "minimum": _minimum,
}


# -- comparisons ------------------------------------------------------------------------------------------


def _less(a: Range, b: Range) -> bool | None:
    if at_least(b.low, a.high + 1):
        return True
    return False if at_least(a.low, b.high) else None


def _equal(a: Range, b: Range) -> bool | None:
    if a.exact is not None and a.exact == b.exact:
        return True
    return False if _less(a, b) or _less(b, a) else None


def _opposite(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


COMPARISONS: dict[str, Callable[[Range, Range], bool | None]] = {
    "less": _less,
    "greater": lambda a, b: _less(b, a),
    "less_equal": lambda a, b: _opposite(_less(b, a)),
    "greater_equal": lambda a, b: _opposite(_less(a, b)),
    "equal": _equal,
    "not_equal": lambda a, b: _opposite(_equal(a, b)),
}
