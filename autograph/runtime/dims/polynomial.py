"""Polynomials with integer coefficients over atoms: the canonical form of every symbolic dimension.

An atom is a symbol, or a floor division, maximum or minimum that no rule could resolve. A polynomial keeps
its terms sorted (by degree, then by atoms), without zero coefficients, so two polynomials are equal exactly
when their terms are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Atom:
    """What a polynomial treats as a variable; `key` names it uniquely and gives the order of atoms.

    `kind` is "symbol", "floordiv", "max" or "min" (and "mod" while printing). Symbols have a name and the
    smallest size that they stand for, the other kinds have arguments.
    """

    __slots__ = ("args", "key", "kind", "minimum", "name")

    kind: str
    name: str
    minimum: int
    args: tuple[Polynomial, ...]
    key: str

    def __init__(self, kind: str, args: tuple[Polynomial, ...] = (), name: str = "", minimum: int = 0) -> None:
        self.kind = kind
        self.args = args
        self.name = name
        self.minimum = minimum
        if kind == "symbol":
            self.key = f"{name}?{minimum}"
        else:
            # "~" sorts after ASCII letters, so symbols come first.
            self.key = f"~{kind}({','.join(arg.key for arg in args)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __lt__(self, other: Atom) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)


Monomial = tuple[Atom, ...]
Term = tuple[Monomial, int]


class Polynomial:
    """A sum of terms, each a product of atoms times an integer; immutable."""

    __slots__ = ("key", "terms")

    terms: tuple[Term, ...]
    key: str

    def __init__(self, coefficients: Mapping[Monomial, int]) -> None:
        terms = [term for term in coefficients.items() if term[1]]
        if len(terms) > 1:
            terms.sort(key=_term_order)
        self.terms = tuple(terms)
        self.key = "+".join("*".join([str(c), *(atom.key for atom in m)]) for m, c in self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.key == other.key

    def __lt__(self, other: Polynomial) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __add__(self, other: Polynomial) -> Polynomial:
        return self.plus(other, 1)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self.plus(other, -1)

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -c for monomial, c in self.terms})

    def __mul__(self, other: Polynomial) -> Polynomial:
        total: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in other.terms:
                monomial = tuple(sorted(left + right)) if left and right else left or right
                total[monomial] = total.get(monomial, 0) + a * b
        return Polynomial(total)

    def plus(self, other: Polynomial, factor: int) -> Polynomial:
        """Return `self + factor * other`."""
        total = dict(self.terms)
        for monomial, c in other.terms:
            total[monomial] = total.get(monomial, 0) + factor * c
        return Polynomial(total)

    @property
    def constant(self) -> int | None:
        """The value when there is no atom, else None."""
        if not self.terms:
            return 0
        monomial, c = self.terms[0]
        return None if monomial else c

    @property
    def constant_term(self) -> int:
        """The coefficient of the empty product."""
        if not self.terms:
            return 0
        monomial, c = self.terms[-1]
        return 0 if monomial else c

    def atoms(self) -> list[Atom]:
        """Return the atoms of the terms (not those inside atoms), sorted."""
        return sorted({atom for monomial, _ in self.terms for atom in monomial})

    def split(self, atom: Atom) -> tuple[Polynomial, Polynomial] | None:
        """Return (a, b) with `self == a * atom + b`, free of `atom`, or None where it has a higher power."""
        factor: dict[Monomial, int] = {}
        rest: dict[Monomial, int] = {}
        for monomial, c in self.terms:
            count = monomial.count(atom)
            if count > 1:
                return None
            if count:
                factor[tuple(other for other in monomial if other != atom)] = c
            else:
                rest[monomial] = c
        return Polynomial(factor), Polynomial(rest)

    def map_atoms(self, values: Mapping[Atom, Polynomial]) -> Polynomial:
        """Return the polynomial with atoms replaced by `values` where these have them."""
        total = Polynomial({})
        for monomial, c in self.terms:
            product = constant(c)
            for atom in monomial:
                product = product * (values.get(atom) or Polynomial({(atom,): 1}))
            total = total + product
        return total


def _term_order(term: Term) -> tuple[int, Monomial]:
    # Degree first makes this an admissible order, which polynomial division needs to end.
    return -len(term[0]), term[0]


def constant(value: int) -> Polynomial:
    """Return the polynomial that is `value`."""
    return Polynomial({(): value})


def of_atom(atom: Atom) -> Polynomial:
    """Return the polynomial that is `atom`."""
    return Polynomial({(atom,): 1})


def divide(p: Polynomial, q: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Return (quotient, remainder) with `p == quotient * q + remainder`, the remainder fully reduced.

    The remainder is a normal form: `p` and `p + x * q` have the same one. A coefficient over q's leading
    monomial is at least zero and below the leading coefficient, so an integer q divides like Python's
    `divmod`, coefficient by coefficient.
    """
    leading, lead_coefficient = q.terms[0]
    quotient: dict[Monomial, int] = {}
    remainder = p
    while True:
        for monomial, c in remainder.terms:
            factor = _without(monomial, leading)
            times = (c - c % abs(lead_coefficient)) // lead_coefficient
            if factor is not None and times:
                break
        else:
            return Polynomial(quotient), remainder
        quotient[factor] = quotient.get(factor, 0) + times
        remainder = remainder - Polynomial({factor: times}) * q


def _without(monomial: Monomial, divisor: Iterable[Atom]) -> Monomial | None:
    rest = list(monomial)
    for atom in divisor:
        if atom not in rest:
            return None
        rest.remove(atom)
    return tuple(rest)
