"""`SymbolicDim`, a size that is known only when the graph runs, and its exact integer algebra."""

from __future__ import annotations

import keyword
import math
from types import NotImplementedType
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from autograph import errors
from autograph.runtime.dims import bounds, division, printing
from autograph.runtime.dims.polynomial import Atom, Polynomial, constant, of_atom


class SymbolicDim:
    """A size that depends on symbols: immutable, hashable, equal by canonical form.

    Results of `+`, `-`, `*`, `//`, `%` with ints and other dimensions are simplified exactly; one that no
    longer depends on a symbol is a plain int. Python semantics throughout: division rounds down.

    Example:
        >>> b = symbol("b")
        >>> 2 * b + 1, (2 * b) // 2, (b + 1) - b
        (2*b + 1, b, 1)
    """

    __slots__ = ("polynomial",)
    __array_ufunc__ = None  # NumPy integers then leave arithmetic to this class.

    polynomial: Polynomial

    def __init__(self, polynomial: Polynomial) -> None:
        self.polynomial = polynomial

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SymbolicDim) and self.polynomial == other.polynomial

    def __hash__(self) -> int:
        return hash(self.polynomial)

    def __repr__(self) -> str:
        return printing.polynomial_text(self.polynomial, printing.symbol_text)

    def __add__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(self.polynomial + p)

    def __sub__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(self.polynomial - p)

    def __rsub__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(p - self.polynomial)

    def __mul__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(self.polynomial * p)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Dim:
        return as_dim(-self.polynomial)

    def __floordiv__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(division.floor_divide(self.polynomial, p))

    def __rfloordiv__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(division.floor_divide(p, self.polynomial))

    def __mod__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(_modulo(self.polynomial, p))

    def __rmod__(self, other: object) -> _Result:
        p = _operand(other)
        if p is None:
            return NotImplemented
        return as_dim(_modulo(p, self.polynomial))

    def __bool__(self) -> NoReturn:
        raise _unknown_size(self, "a Python bool")

    def __int__(self) -> NoReturn:
        raise _unknown_size(self, "a Python int")

    def __index__(self) -> NoReturn:
        raise _unknown_size(self, "a Python int")

    def __float__(self) -> NoReturn:
        raise _unknown_size(self, "a Python float")


Dim = int | SymbolicDim

if TYPE_CHECKING:
    _Result = Dim
else:
    # What operators return at run time: NotImplemented lets the other operand (a tensor, say) answer.
    _Result = Dim | NotImplementedType


def symbol(name: str, minimum: int = 2) -> SymbolicDim:
    """Return the dimension that is the symbol `name`.

    Args:
        name: a Python identifier; within one graph a name has one minimum.
        minimum: the smallest size that it stands for: 2 for inputs (0 and 1 have traces of their own), 0 for
            sizes that data decides.

    Raises:
        ShapeError: `name` cannot name a variable.

    Example:
        >>> symbol("b"), symbol("k", minimum=0)
        (b, k?)
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name in ("max", "min"):
        hint = "use a Python identifier other than `max` and `min`"
        raise errors.ShapeError(errors.message(f"{name!r} cannot name a dimension", None, hint))
    return SymbolicDim(of_atom(Atom("symbol", name=name, minimum=minimum)))


def max_dim(*dims: Dim) -> Dim:
    """Return the maximum of one or more dimensions.

    Example:
        >>> max_dim(symbol("b"), 1), max_dim(symbol("b"), symbol("k"))
        (b, max(b, k))
    """
    if all(type(dim) is int for dim in dims):
        return max(dims)  # type: ignore[type-var]
    return as_dim(division.extremum("max", [polynomial_of(dim) for dim in dims]))


def min_dim(*dims: Dim) -> Dim:
    """Return the minimum of one or more dimensions.

    Example:
        >>> min_dim(symbol("b"), 1), min_dim(symbol("b"), symbol("k"))
        (1, min(b, k))
    """
    if all(type(dim) is int for dim in dims):
        return min(dims)  # type: ignore[type-var]
    return as_dim(division.extremum("min", [polynomial_of(dim) for dim in dims]))


def lower_bound(dim: Dim) -> int | None:
    """Return a number that `dim` never goes below, or None where none is known.

    Example:
        >>> b = symbol("b")
        >>> lower_bound(b * b - b), lower_bound(5 - b)
        (2, None)
    """
    return bounds.lower(dim.polynomial) if isinstance(dim, SymbolicDim) else dim


def upper_bound(dim: Dim) -> int | None:
    """Return a number that `dim` never goes above, or None where none is known.

    Example:
        >>> b = symbol("b")
        >>> upper_bound(5 - b), upper_bound(b % 4), upper_bound(b)
        (3, 3, None)
    """
    return bounds.upper(dim.polynomial) if isinstance(dim, SymbolicDim) else dim


def known_equal(a: Dim, b: Dim) -> bool | None:
    """Return whether two dimensions are equal: for all sizes (True), for none (False), unknown (None).

    Example:
        >>> b = symbol("b")
        >>> known_equal(2 * b, b + b), known_equal(b, b + 1), known_equal(b, 5)
        (True, False, None)
    """
    if type(a) is int and type(b) is int:
        return a == b
    difference = polynomial_of(a) - polynomial_of(b)
    if difference.constant is not None:
        return difference.constant == 0
    content = math.gcd(*(c for monomial, c in difference.terms if monomial))
    if difference.constant_term % content:
        return False
    if bounds.is_at_least(difference, 1) or bounds.is_at_least(-difference, 1):
        return False
    if bounds.is_at_least(difference, 0) and bounds.is_at_least(-difference, 0):
        return True
    return None


def known_at_least(dim: Dim, n: Dim) -> bool | None:
    """Return whether `dim >= n`: for all sizes (True), for none (False), unknown (None).

    Example:
        >>> b = symbol("b")
        >>> known_at_least(b - b // 2, 1), known_at_least(b, 3), known_at_least(1 - b, 0)
        (True, None, False)
    """
    if type(dim) is int and type(n) is int:
        return dim >= n
    difference = polynomial_of(dim) - polynomial_of(n)
    if bounds.is_at_least(difference, 0):
        return True
    return False if bounds.is_at_least(-difference, 1) else None


def as_dim(p: Polynomial) -> Dim:
    """Return the dimension that a polynomial stands for: a plain int where it is constant."""
    value = p.constant
    return SymbolicDim(p) if value is None else value


def polynomial_of(dim: Dim) -> Polynomial:
    """Return the canonical form of a dimension."""
    return dim.polynomial if isinstance(dim, SymbolicDim) else constant(int(dim))


def _operand(other: object) -> Polynomial | None:
    if isinstance(other, SymbolicDim):
        return other.polynomial
    return constant(int(other)) if isinstance(other, (int, np.integer)) else None


def _modulo(p: Polynomial, q: Polynomial) -> Polynomial:
    return p - q * division.floor_divide(p, q)


def _unknown_size(dim: SymbolicDim, wanted: str) -> errors.GraphTensorError:
    return errors.GraphTensorError(
        errors.message(
            f"the size `{dim}` is known only when the graph runs, so it cannot become {wanted} before that",
            None,
            "use `x.shape[i]` in tensor operations, or give the input a fixed size in its TensorSpec",
        )
    )
