"""From symbols to sizes: evaluating and substituting, and finding a symbol's size from a shape."""

from __future__ import annotations

import math
from collections.abc import Mapping

from autograph import errors
from autograph.runtime.dims import division, printing
from autograph.runtime.dims.polynomial import Atom, Polynomial, constant, of_atom
from autograph.runtime.dims.symbolic import Dim, SymbolicDim, as_dim, polynomial_of


def evaluate(dim: Dim, env: Mapping[str, int]) -> int:
    """Return the size of `dim` where its symbols have the sizes in `env`.

    Raises:
        ShapeError: a symbol of `dim` is not in `env`.
        ZeroDivisionError: a division in `dim` is by zero.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> evaluate(2 * symbol("b") + 1, {"b": 3})
        7
    """
    return _evaluate(dim.polynomial, env) if isinstance(dim, SymbolicDim) else dim


def _evaluate(p: Polynomial, env: Mapping[str, int]) -> int:
    total = 0
    for monomial, c in p.terms:
        for atom in monomial:
            c *= _evaluate_atom(atom, env)
        total += c
    return total


def _evaluate_atom(atom: Atom, env: Mapping[str, int]) -> int:
    if atom.kind == "symbol":
        if atom.name not in env:
            hint = f"bind {', '.join(sorted(env)) or 'nothing'} and this symbol too"
            raise errors.ShapeError(errors.message(f"dimension `{atom.name}` has no size here", None, hint))
        return env[atom.name]
    values = [_evaluate(arg, env) for arg in atom.args]
    if atom.kind == "floordiv":
        return values[0] // values[1]
    return max(values) if atom.kind == "max" else min(values)


def symbols_of(dim: Dim) -> tuple[str, ...]:
    """Return the names of the symbols in `dim`, sorted.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> symbols_of(symbol("t") * symbol("b") // 3), symbols_of(5)
        (('b', 't'), ())
    """
    if not isinstance(dim, SymbolicDim):
        return ()
    names: set[str] = set()
    _gather_symbols(dim.polynomial, names)
    return tuple(sorted(names))


def is_symbol(dim: Dim) -> bool:
    """Whether a size is one symbol and nothing else.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> is_symbol(symbol("b")), is_symbol(2 * symbol("b")), is_symbol(4)
        (True, False, False)
    """
    if not isinstance(dim, SymbolicDim) or len(dim.polynomial.terms) != 1:
        return False
    (atoms, factor), *_ = dim.polynomial.terms
    return factor == 1 and len(atoms) == 1 and atoms[0].kind == "symbol"


def _gather_symbols(p: Polynomial, names: set[str], below: float = math.inf) -> None:
    for monomial, _ in p.terms:
        for atom in monomial:
            if atom.kind == "symbol" and atom.minimum < below:
                names.add(atom.name)
            for arg in atom.args:
                _gather_symbols(arg, names, below)


def data_symbols(dim: Dim) -> set[str]:
    """The symbols of a size that data decides, which may be 0 and 1, unlike those of inputs.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> data_symbols(symbol("b") // 2 + symbol("k", minimum=0))
        {'k'}
    """
    names: set[str] = set()
    if isinstance(dim, SymbolicDim):
        _gather_symbols(dim.polynomial, names, 2)
    return names


def substitute(dim: Dim, mapping: Mapping[str, Dim]) -> Dim:
    """Return `dim` with the symbols named in `mapping` replaced, simplified anew.

    Raises:
        ZeroDivisionError: a divisor becomes zero.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> b = symbol("b")
        >>> substitute(b // 2, {"b": 2 * b}), substitute(b // 2, {"b": 7})
        (b, 3)
    """
    if not isinstance(dim, SymbolicDim):
        return dim
    return as_dim(_substitute(dim.polynomial, {name: polynomial_of(value) for name, value in mapping.items()}))


def _substitute(p: Polynomial, mapping: Mapping[str, Polynomial]) -> Polynomial:
    return p.map_atoms({atom: _substitute_atom(atom, mapping) for atom in p.atoms()})


def _substitute_atom(atom: Atom, mapping: Mapping[str, Polynomial]) -> Polynomial:
    if atom.kind == "symbol":
        return mapping.get(atom.name, of_atom(atom))
    args = [_substitute(arg, mapping) for arg in atom.args]
    return division.floor_divide(*args) if atom.kind == "floordiv" else division.extremum(atom.kind, args)


def solve(dim: Dim, size: int, env: Mapping[str, int]) -> tuple[str, int] | None:
    """Return the one symbol of `dim` without a size in `env`, and the size that makes `dim` equal `size`.

    Args:
        dim: the dimension, such as `2*b + 1`.
        size: the size that it has, such as 7.
        env: the sizes of symbols that are known already.

    Returns:
        The symbol's name and size. None where no symbol or more than one is open, where it does not stand in
        `dim` linearly, and where no size that the symbol may take fits (after binding what is known,
        `evaluate(dim, env) == size` tells).

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> solve(2 * symbol("b") + 1, 7, {})
        ('b', 3)
        >>> solve(symbol("b") * symbol("t"), 12, {"t": 4})
        ('b', 3)
    """
    if not isinstance(dim, SymbolicDim):
        return None
    p = _substitute(dim.polynomial, {name: constant(value) for name, value in env.items()})
    if not p.terms or len(p.terms) > 2 or len(p.terms[0][0]) != 1 or (len(p.terms) == 2 and p.terms[1][0]):
        return None
    (atom,), factor = p.terms[0]
    if atom.kind != "symbol":
        return None
    value, remainder = divmod(size - p.constant_term, factor)
    return None if remainder or value < atom.minimum else (atom.name, value)


def to_python(dim: Dim) -> str:
    """Return Python source for `dim` over variables named like its symbols, usable as an operand anywhere.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> to_python(2 * symbol("b") + 1), to_python(symbol("k", minimum=0)), to_python(-3)
        ('(2*b + 1)', 'k', '(-3)')
    """
    p = polynomial_of(dim)
    text = printing.polynomial_text(p, lambda atom: atom.name)
    return text if printing.is_one_operand(p) else f"({text})"
