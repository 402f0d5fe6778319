"""Dimensions from their text: the inverse of `str`."""

from __future__ import annotations

import re
from typing import NoReturn

from autograph import errors
from autograph.runtime.dims.symbolic import Dim, max_dim, min_dim, symbol

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+)|(?P<name>[^\W\d]\w*)(?P<mark>\?\d*)?|(?P<operator>//|[-+*%(),]))")


def parse_dim(text: str) -> Dim:
    """Return the dimension that `text` spells.

    Args:
        text: integers and symbols under `+ - * // %`, `max(...)`, `min(...)` and parentheses, with Python's
        precedence.
            A symbol is a name with the mark of its smallest size: `b` for 2, `k?` for 0, `n?5` for any other.

    Raises:
        ShapeError: the text is not a dimension.
        ZeroDivisionError: it divides by zero.

    Example:
        >>> parse_dim("(b + 1)//2*t"), parse_dim("3*4"), parse_dim("max(b, k?)")
        (t*((b + 1)//2), 12, max(b, k?))
    """
    parser = _Parser(text)
    dim = parser.sum()
    if parser.position != len(parser.tokens):
        parser.fail()
    return dim


class _Parser:
    """Recursive descent, one method for each level of precedence."""

    text: str
    tokens: list[re.Match[str]]
    position: int

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = []
        self.position = 0
        end = 0
        while text[end:].strip():
            token = _TOKEN.match(text, end)
            if token is None:
                self.fail()
            self.tokens.append(token)
            end = token.end()

    def fail(self) -> NoReturn:
        hint = "write it like `2*b + 1`, `(b + 1)//2` or `max(b, k?)`"
        raise errors.ShapeError(errors.message(f"{self.text!r} is not a dimension", None, hint))

    def accept(self, *operators: str) -> str | None:
        """Consume the next token where it is one of `operators`."""
        if self.position < len(self.tokens) and self.tokens[self.position]["operator"] in operators:
            self.position += 1
            return self.tokens[self.position - 1]["operator"]
        return None

    def expect(self, operator: str) -> None:
        if self.accept(operator) is None:
            self.fail()

    def sum(self) -> Dim:
        total = self.product()
        while operator := self.accept("+", "-"):
            total = total + self.product() if operator == "+" else total - self.product()
        return total

    def product(self) -> Dim:
        total = self.signed()
        while operator := self.accept("*", "//", "%"):
            factor = self.signed()
            if operator == "*":
                total = total * factor
            else:
                total = total // factor if operator == "//" else total % factor
        return total

    def signed(self) -> Dim:
        return -self.signed() if self.accept("-") else self.operand()

    def operand(self) -> Dim:
        if self.accept("("):
            inner = self.sum()
            self.expect(")")
            return inner
        if self.position == len(self.tokens):
            self.fail()
        token = self.tokens[self.position]
        self.position += 1
        if token["number"]:
            return int(token["number"])
        if not token["name"]:
            self.fail()
        if token["name"] in ("max", "min"):
            return self.extremum(token["name"])
        mark = token["mark"]
        return symbol(token["name"], 2 if mark is None else int(mark[1:] or 0))

    def extremum(self, name: str) -> Dim:
        self.expect("(")
        dims = [self.sum()]
        while self.accept(","):
            dims.append(self.sum())
        self.expect(")")
        return max_dim(*dims) if name == "max" else min_dim(*dims)
