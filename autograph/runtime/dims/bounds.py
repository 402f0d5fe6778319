"""Bounds of polynomials over all sizes that their symbols may take.

Two methods, of which the tighter answer counts. Interval arithmetic, after each atom is shifted to start at
zero (so that `b*t - b` is seen to be at least 2). And replacing an unresolved atom by what bounds it: `p//q`
lies between `(p - q + 1)/q` and `p/q`, a maximum is one of its arguments and at least each of them (so that
`b - b//2` is seen to be at least 1).
"""

from __future__ import annotations

import functools

from autograph.runtime.dims.polynomial import Atom, Polynomial, constant, divide, of_atom

# Replacing tries every order of the unresolved atoms, so it is left out for polynomials beyond these sizes.
_MOST_REPLACED = 4
_LONGEST_REPLACED = 500


@functools.lru_cache(maxsize=8192)
def lower(p: Polynomial) -> int | None:
    """Return a number that `p` never goes below, or None."""
    value = p.constant
    if value is not None:
        return value
    found = [_interval_lower(p)]
    unresolved = [atom for atom in p.atoms() if atom.kind != "symbol"]
    if len(unresolved) <= _MOST_REPLACED and len(p.key) <= _LONGEST_REPLACED:
        found += [_lower_without(p, atom) for atom in unresolved]
    return max((bound for bound in found if bound is not None), default=None)


def upper(p: Polynomial) -> int | None:
    """Return a number that `p` never goes above, or None."""
    below = lower(-p)
    return None if below is None else -below


def is_at_least(p: Polynomial, bound: int) -> bool:
    """Return whether `p` is known never to go below `bound`."""
    found = lower(p)
    return found is not None and found >= bound


def _interval_lower(p: Polynomial) -> int | None:
    # Each atom becomes `low + s` or `high - s` with s >= 0; the atom itself then names s.
    shifted: dict[Atom, Polynomial] = {}
    widths: dict[Atom, int | None] = {}
    for atom in p.atoms():
        low, high = _atom_range(atom)
        if low is not None:
            shifted[atom] = of_atom(atom) + constant(low)
            widths[atom] = None if high is None else high - low
        elif high is not None:
            shifted[atom] = constant(high) - of_atom(atom)
            widths[atom] = None
    total = 0
    for monomial, c in p.map_atoms(shifted).terms:
        if any(atom not in widths for atom in monomial):
            return None
        if monomial and c > 0:
            continue
        for atom in monomial:
            width = widths[atom]
            if width is None:
                return None
            c *= width
        total += c
    return total


def _lower_without(p: Polynomial, atom: Atom) -> int | None:
    parts = p.split(atom)
    if parts is None:
        return None
    factor, rest = parts
    if atom.kind == "floordiv":
        return _lower_without_floordiv(atom, factor, rest)
    found = [lower(factor * arg + rest) for arg in atom.args]
    known = [bound for bound in found if bound is not None]
    if is_at_least(factor if atom.kind == "max" else -factor, 0):
        return max(known, default=None)
    return min(known) if len(known) == len(found) else None


def _lower_without_floordiv(atom: Atom, factor: Polynomial, rest: Polynomial) -> int | None:
    numerator, denominator = atom.args
    if not is_at_least(denominator, 1):
        return None
    if is_at_least(factor, 0):
        numerator = numerator - denominator + constant(1)
    elif not is_at_least(-factor, 0):
        return None
    quotient, remainder = divide(factor, denominator)
    if not remainder.terms:
        return lower(quotient * numerator + rest)
    if denominator.constant is None:
        return None
    scaled = lower(factor * numerator + rest * denominator)
    return None if scaled is None else -(-scaled // denominator.constant)


def _atom_range(atom: Atom) -> tuple[int | None, int | None]:
    if atom.kind == "symbol":
        return atom.minimum, None
    lows = [lower(arg) for arg in atom.args]
    highs = [upper(arg) for arg in atom.args]
    if atom.kind == "floordiv":
        return _floordiv_range(lows[0], highs[0], lows[1], highs[1])
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    if atom.kind == "max":
        return max(known_lows, default=None), max(known_highs) if len(known_highs) == len(highs) else None
    return min(known_lows) if len(known_lows) == len(lows) else None, min(known_highs, default=None)


def _floordiv_range(
    low: int | None, high: int | None, divisor_low: int | None, divisor_high: int | None
) -> tuple[int | None, int | None]:
    # A zero divisor has no quotient, so a divisor that is never negative counts as at least 1.
    if divisor_low is None or divisor_low < 0:
        return None, None
    smallest = max(divisor_low, 1)
    below = above = None
    if low is not None:
        below = low // smallest if low < 0 else low // divisor_high if divisor_high else 0
    if high is not None:
        above = high // smallest if high >= 0 else high // divisor_high if divisor_high else -1
    return below, above
