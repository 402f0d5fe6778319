"""`Lazy`: a generator expression or `filter(…)`, whose items are made one by one as a loop asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograph.errors import StagingError
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.staging.regions import is_staged


def _journal() -> Any:
    """What tells staged blocks apart."""
    trace = current_trace()
    return None if trace is None else trace.journal


class Lazy:
    """`element(x) for x in iterable if where(x)`; `flat` goes over the items of what `element` gives.

    `for_` runs its body inside the loop over `iterable`; Python code that is not converted gets an iterator. A loop
    uses it up, also if it breaks off.
    """

    def __init__(
        self,
        element: Callable[[Any], Any],
        iterable: Any,
        where: Callable[[Any], Any] | None = None,
        flat: bool = False,
    ) -> None:
        self.element = element
        self.iterable = iterable
        self.where = where
        self.flat = flat
        self._items: Iterator[Any] | None = None
        self._journal = _journal()

    def source(self) -> Any:
        """What a loop that is to run inside goes over.

        Raises:
            StagingError: a loop has gone over it before, or it was made outside the staged block that asks.
        """
        if self._items is not None or _journal() is not self._journal:
            refuse(
                StagingError,
                "a generator is used again, or in another staged block than the one that makes it",
                "make it where the loop is, or use a list comprehension",
            )
        source, self._items = self.iterable, iter(())
        return source

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._items is None:
            self._items = self._generated()
        return next(self._items)

    def _generated(self) -> Iterator[Any]:
        for item in self.iterable:
            if self._takes(item):
                if self.flat:
                    yield from self.element(item)
                else:
                    yield self.element(item)

    def _takes(self, item: Any) -> bool:
        taken = self.where is None or self.where(item)
        if is_staged(taken):
            refuse(
                StagingError,
                "a tensor decides which items code that is not converted gets from a generator",
                "use a list comprehension, or a for statement",
            )
        return bool(taken)
