"""Sums of products in Einstein's notation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.contraction import matmul
from autograph.ops.creation import as_tensor
from autograph.ops.linalg.diagonals import diagonal
from autograph.ops.manipulation import moveaxis
from autograph.ops.reductions import sum as sum_over
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.dims import num_elements
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal

_TYPICAL = 32  # a size that only the running graph knows, when an order of products is chosen
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Term:
    """A tensor whose axes have labels."""

    def __init__(self, value: Any, labels: str) -> None:
        self.value = value
        self.labels = labels

    def size(self, label: str) -> Any:
        """The size of an axis."""
        return self.value.type.shape[self.labels.index(label)]

    def in_order(self, labels: str) -> Any:
        """The tensor with its axes in the order of labels, which are its own."""
        return permute_dims(self.value, [self.labels.index(label) for label in labels])


def _parsed(subscripts: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The labels of each operand and of the result, with letters in the place of dots.

    Raises:
        ShapeError: they do not fit the operands.
    """
    if not isinstance(subscripts, str):
        refuse(DTypeError, f"einsum by {subscripts!r}", 'write the labels of axes as a string: "ij,jk->ik"')
    text = subscripts.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        refuse(ShapeError, f"einsum {subscripts!r} of {len(ranks)} operands", "write labels for each, between commas")
    free = [letter for letter in _LETTERS if letter not in text]
    wide = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True) if "..." in term]
    dots = "".join(free[: max(wide, default=0)])
    spelled = []
    for term, rank in zip(terms, ranks, strict=True):
        count = rank - len(term.replace("...", ""))
        if count < 0 or (count > 0 and "..." not in term):
            refuse(
                ShapeError, f"einsum {subscripts!r}: {term!r} labels a tensor of {rank} dimensions", "label each axis"
            )
        spelled.append(term.replace("...", dots[len(dots) - count :] if count else ""))
    if not arrow:
        labels = "".join(spelled)
        right = "..." + "".join(sorted({x for x in labels if labels.count(x) == 1 and x not in dots}))
    result = right.replace("...", dots)
    if (
        len(set(result)) != len(result)
        or not set(result) <= set("".join(spelled))
        or "." in "".join([*spelled, result])
    ):
        refuse(ShapeError, f"einsum {subscripts!r}: the result {right!r}", "name labels of operands, each once")
    return spelled, result


def _without_repeats(term: _Term, what: str) -> _Term:
    """A term with the diagonal of axes that share a label."""
    value, labels = term.value, term.labels
    for label in sorted(set(labels)):
        while labels.count(label) > 1:
            one, other = [i for i, x in enumerate(labels) if x == label][:2]
            sizes = [value.type.shape[i] for i in (one, other)]
            require_equal(sizes[0], sizes[1], f"{what}: the sizes of the axes labelled {label!r} differ")
            value = diagonal(moveaxis(value, (one, other), (-2, -1)))
            labels = "".join([x for i, x in enumerate(labels) if i not in (one, other)]) + label
    return _Term(value, labels)


def _summed(term: _Term, kept: str) -> _Term:
    """A term without the labels that nothing else needs."""
    gone = [i for i, label in enumerate(term.labels) if label not in kept]
    if not gone:
        return term
    return _Term(
        sum_over(term.value, tuple(gone), dtype=term.value.dtype), "".join([x for x in term.labels if x in kept])
    )


def _fitted(terms: list[_Term], what: str) -> list[_Term]:
    """Terms whose axes of size 1 are as long as other axes of the same label."""
    sizes: dict[str, Any] = {}
    for term in terms:
        for label, size in zip(term.labels, term.value.type.shape, strict=True):
            known = sizes.get(label, 1)
            if known != 1 and size != 1:
                require_equal(
                    known, size, f"{what}: the sizes of the axes labelled {label!r} differ", "check the labels"
                )
            sizes[label] = size if known == 1 else known
    return [_Term(broadcast_to(x.value, tuple([sizes[label] for label in x.labels])), x.labels) for x in terms]


def _product(a: _Term, b: _Term, kept: str) -> _Term:
    """The product of two terms, summed over the labels that are not kept."""
    a, b = _summed(a, kept + b.labels), _summed(b, kept + a.labels)
    shared = [label for label in a.labels if label in b.labels]
    batch = "".join([label for label in shared if label in kept])
    gone = "".join([label for label in shared if label not in kept])
    left = "".join([label for label in a.labels if label not in shared])
    right = "".join([label for label in b.labels if label not in shared])
    labels = batch + left + right
    if not gone:
        ones = [[1] * len(right), [1] * len(left)]
        first = reshape(a.in_order(batch + left), (*[a.size(x) for x in batch + left], *ones[0]))
        second = b.in_order(batch + right)
        sizes = second.type.shape
        second = reshape(second, (*sizes[: len(batch)], *ones[1], *sizes[len(batch) :]))
        return _Term(multiply(first, second), labels)
    groups = [tuple([a.size(x) for x in group]) for group in (batch, left, gone)]
    last = tuple([b.size(x) for x in right])
    m, k, n = num_elements(groups[1]), num_elements(groups[2]), num_elements(last)
    first = reshape(a.in_order(batch + left + gone), (*groups[0], m, k))
    second = reshape(b.in_order(batch + gone + right), (*groups[0], k, n))
    return _Term(reshape(matmul(first, second), (*groups[0], *groups[1], *last)), labels)


def _order(terms: list[_Term], result: str) -> list[tuple[int, ...]]:
    """Which terms to multiply one after the other; products go to the end."""
    if len(terms) < 3:
        return [tuple(range(len(terms)))]
    sizes = {
        label: size if isinstance(size, int) else _TYPICAL
        for term in terms
        for label, size in zip(term.labels, term.value.type.shape, strict=True)
    }
    shapes = [np.broadcast_to(0.0, [sizes[label] for label in term.labels]) for term in terms]
    text = f"{','.join([term.labels for term in terms])}->{result}"
    path = np.einsum_path(text, *shapes, optimize="greedy")[0]
    return [tuple(step) for step in path[1:]]


def einsum(subscripts: str, *operands: Any) -> Any:
    """The sum of products in Einstein's notation.

    Args:
        subscripts: labels of the axes of each operand between commas, and after "->" those of the result; "..." for
            axes without labels. Without "->" the result has the labels that occur once, in alphabetical order.
        *operands: tensors.

    Returns:
        A tensor of the axes of the result.

    Raises:
        ShapeError: labels do not fit the operands, or sizes of axes with one label differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.einsum("ij,jk->ik", ag.constant([[1.0, 2.0]]), ag.constant([[3.0], [4.0]])).numpy()
        array([[11.]], dtype=float32)
    """
    values = [as_tensor(x) for x in operands]
    labels, result = _parsed(subscripts, [x.ndim for x in values])
    what = f"einsum {subscripts!r} of {' and '.join([str(x.type) for x in values])}"
    terms = _fitted([_without_repeats(_Term(x, names), what) for x, names in zip(values, labels, strict=True)], what)
    for step in _order(terms, result):
        taken = [terms[i] for i in step]
        terms = [term for i, term in enumerate(terms) if i not in step]
        kept = result + "".join([term.labels for term in terms])
        made = taken[0]
        for term in taken[1:]:
            made = _product(made, term, kept + "".join([x.labels for x in taken if x is not term]))
        terms.append(_summed(made, kept))
    return terms[0].in_order(result)
