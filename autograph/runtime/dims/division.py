"""Floor division, maximum and minimum of polynomials, simplified exactly or kept as an atom.

Remainders need no atom of their own: `p % q` is `p - q*(p//q)`, so that `q*(p//q) + p % q` is `p` without a
further rule. A division whose divisor may be zero stays as it is, since it may have to raise
ZeroDivisionError when it is evaluated.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from autograph.runtime.dims.bounds import is_at_least
from autograph.runtime.dims.polynomial import Atom, Polynomial, constant, divide, of_atom


@functools.lru_cache(maxsize=8192)
def floor_divide(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return `p // q`.

    Raises:
        ZeroDivisionError: q is zero.
    """
    if not q.terms:
        raise ZeroDivisionError("integer division or modulo by zero")
    if is_at_least(-q, 1):
        p, q = -p, -q
    elif not is_at_least(q, 1):
        return of_atom(Atom("floordiv", (p, q)))
    quotient, remainder = divide(p, q)
    return quotient + _divide_remainder(remainder, q)


def _divide_remainder(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return `p // q` for a positive q and a p that polynomial division reduces no further."""
    for shift in (constant(0), _floordiv_terms(p, q)):
        rest = p - shift * q
        if is_at_least(rest, 0) and is_at_least(q - rest, 1):
            return shift
        if is_at_least(-rest, 1) and is_at_least(q + rest, 0):
            return shift - constant(1)
    content = math.gcd(*(c for monomial, c in p.terms if monomial), *(c for _, c in q.terms))
    if content > 1:
        # floor((g*x + k) / (g*y)) == floor((x + k//g) / y) for integers x and y.
        return floor_divide(_floor_content(p, content), _floor_content(q, content))
    for atom in q.atoms():
        if is_at_least(of_atom(atom), 1) and all(atom in m for m, _ in p.terms + q.terms):
            return floor_divide(divide(p, of_atom(atom))[0], divide(q, of_atom(atom))[0])
    inner = _floordiv_plus_constant(p)
    if inner is not None:
        # floor((floor(x/y) + k) / q) == floor((x + k*y) / (y*q)) for positive y and q.
        numerator, denominator = inner
        return floor_divide(numerator.plus(denominator, p.constant_term), denominator * q)
    return of_atom(Atom("floordiv", (p, q)))


def _floordiv_terms(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return what to move to the quotient so that `b % 4`, as `b - 4*(b//4)`, regains its small range."""
    if q.constant is None:
        return constant(0)
    return Polynomial({m: 1 for m, c in p.terms if c > 0 and any(atom.kind == "floordiv" for atom in m)})


def _floor_content(p: Polynomial, content: int) -> Polynomial:
    return Polynomial({monomial: c // content for monomial, c in p.terms})


def _floordiv_plus_constant(p: Polynomial) -> tuple[Polynomial, Polynomial] | None:
    monomial, c = p.terms[0]
    if c != 1 or len(monomial) != 1 or any(other for other, _ in p.terms[1:]):
        return None
    atom = monomial[0]
    if atom.kind != "floordiv" or not is_at_least(atom.args[1], 1):
        return None
    return atom.args[0], atom.args[1]


def extremum(kind: str, arguments: Sequence[Polynomial]) -> Polynomial:
    """Return the maximum ("max") or minimum ("min") of `arguments`, without those that another one covers."""
    flat: set[Polynomial] = set()
    for argument in arguments:
        nested = _as_atom(argument)
        flat.update(nested.args if nested is not None and nested.kind == kind else (argument,))
    kept: list[Polynomial] = []
    for p in sorted(flat):
        if not any(_covers(kind, other, p) for other in kept):
            kept = [other for other in kept if not _covers(kind, p, other)] + [p]
    return kept[0] if len(kept) == 1 else of_atom(Atom(kind, tuple(kept)))


def _covers(kind: str, winner: Polynomial, loser: Polynomial) -> bool:
    return is_at_least(winner - loser if kind == "max" else loser - winner, 0)


def _as_atom(p: Polynomial) -> Atom | None:
    if len(p.terms) == 1:
        monomial, c = p.terms[0]
        if c == 1 and len(monomial) == 1:
            return monomial[0]
    return None
