"""Text of polynomials, which is also Python source for their values: `2*b + 1`, `(b + 1)//2`, `max(b, k)`.

A product that completes a floor division to a remainder prints as one: `b - 4*(b//4)` as `b % 4`.
"""

from __future__ import annotations

from collections.abc import Callable

from autograph.runtime.dims.polynomial import Atom, Polynomial, divide, of_atom

SymbolText = Callable[[Atom], str]

_OPERATORS = {"floordiv": "//", "mod": " % "}


def symbol_text(atom: Atom) -> str:
    """Return a symbol with the mark of its minimum: `b` for 2, `k?` for 0, `n?5` for any other."""
    if atom.minimum == 2:
        return atom.name
    return f"{atom.name}?{atom.minimum or ''}"


def polynomial_text(p: Polynomial, symbol: SymbolText) -> str:
    """Return the text of `p`, its symbols spelled by `symbol`."""
    terms = list(_with_remainders(p).terms)
    if not terms:
        return "0"
    # A sum reads better from a positive term: `3 - b`.
    first = next((i for i, (_, c) in enumerate(terms) if c > 0), 0)
    terms.insert(0, terms.pop(first))
    monomial, c = terms[0]
    parts = [_product(monomial, c, symbol) if c > 0 else f"-{_product(monomial, -c, symbol, in_product=True)}"]
    for monomial, c in terms[1:]:
        parts.append((" + " if c > 0 else " - ") + _product(monomial, abs(c), symbol))
    return "".join(parts)


def is_one_operand(p: Polynomial) -> bool:
    """Return whether the text of `p` needs no parentheses beside an operator."""
    terms = _with_remainders(p).terms
    if not terms:
        return True
    monomial, c = terms[0]
    if len(terms) > 1 or c < 0:
        return False
    return not monomial or (c == 1 and len(monomial) == 1 and monomial[0].kind not in _OPERATORS)


def _product(monomial: tuple[Atom, ...], c: int, symbol: SymbolText, in_product: bool = False) -> str:
    alone = c == 1 and len(monomial) == 1 and not in_product
    factors = [] if c == 1 and monomial else [str(c)]
    for atom in monomial:
        text = _atom_text(atom, symbol)
        factors.append(text if alone or atom.kind not in _OPERATORS else f"({text})")
    return "*".join(factors)


def _atom_text(atom: Atom, symbol: SymbolText) -> str:
    if atom.kind == "symbol":
        return symbol(atom)
    if atom.kind in _OPERATORS:
        return _OPERATORS[atom.kind].join(_operand(arg, symbol) for arg in atom.args)
    constants_last = sorted(atom.args, key=lambda arg: arg.constant is not None)
    return f"{atom.kind}({', '.join(polynomial_text(arg, symbol) for arg in constants_last)})"


def _operand(p: Polynomial, symbol: SymbolText) -> str:
    text = polynomial_text(p, symbol)
    return text if is_one_operand(p) else f"({text})"


def _with_remainders(p: Polynomial) -> Polynomial:
    """Return `p` with `x - q*(x//q)` gathered into atoms `x % q`, which exist for printing only."""
    for atom in p.atoms():
        parts = p.split(atom) if atom.kind == "floordiv" else None
        if parts is None:
            continue
        numerator, denominator = atom.args
        times, remainder = divide(-parts[0], denominator)
        rest = p - times * (numerator - denominator * of_atom(atom))
        if not remainder.terms and len(rest.terms) + len(times.terms) < len(p.terms):
            p = rest + times * of_atom(Atom("mod", atom.args))
    return p
