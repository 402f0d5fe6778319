"""The run-time form of graph lists: a list value that never changes, with cheap append and pop at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class Vector:
    """An immutable list. Vectors made by appending to one another share a buffer, so that append costs O(1)."""

    __slots__ = ("_buffer", "_length")

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._buffer = list(items)
        self._length = len(self._buffer)

    @classmethod
    def _share(cls, buffer: list[Any], length: int) -> Vector:
        vector = cls.__new__(cls)
        vector._buffer = buffer
        vector._length = length
        return vector

    def append(self, item: Any) -> Vector:
        """This list with one more item; O(1) unless another list has grown from this one already."""
        buffer = self._buffer
        if len(buffer) != self._length:
            buffer = buffer[: self._length]
        buffer.append(item)
        return Vector._share(buffer, self._length + 1)

    def copy(self) -> Vector:
        """An equal list; O(1)."""
        return Vector._share(self._buffer, self._length)

    def pop(self) -> tuple[Vector, Any]:
        """This list without its last item, and that item.

        Raises:
            IndexError: the list is empty.
        """
        if not self._length:
            raise IndexError("pop from empty list")
        return Vector._share(self._buffer, self._length - 1), self._buffer[self._length - 1]

    def replace(self, index: int, item: Any) -> Vector:
        """This list with another item at `index` (negative counts from the end).

        Raises:
            IndexError: there is no such index.
        """
        if not -self._length <= index < self._length:
            raise IndexError("list assignment index out of range")
        items = self._buffer[: self._length]
        items[index] = item
        return Vector._share(items, self._length)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Any:
        if not -self._length <= index < self._length:
            raise IndexError("list index out of range")
        return self._buffer[index if index >= 0 else self._length + index]

    def __iter__(self) -> Iterator[Any]:
        for index in range(self._length):
            yield self._buffer[index]

    def __repr__(self) -> str:
        return f"Vector({list(self)!r})"
