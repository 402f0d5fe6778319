"""Calls of the host from compiled code: ops without native code, failures, prints, results that need Python objects.

Values go both ways as words: a register's bits, or an array's address and sizes, or a list's address and length, or
the number of an object in the call's table.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.list_sizes import innermost, open_sizes
from autograph.backends.native.stacks import stack_limit
from autograph.backends.numpy.emitters import caught
from autograph.errors import AutoGraphError, SourceLine
from autograph.runtime.dims import SymbolicDim, evaluate
from autograph.runtime.failure import Failure
from autograph.runtime.types import ListType, TensorType, Type
from autograph.runtime.vector import Vector


class Running(threading.local):
    """The calls that a thread is in, innermost last: each a table of objects that live until the call ends."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.stack = stack_limit()


class Table:
    """What the host keeps for one call.

    Attributes:
        objects: values that only the host knows, by number.
        kept: arrays whose memory the compiled code may read.
        error: what made the call fail, and the line it gets.
        lists: the arguments that are lists.
        results: results that are not plain arrays or numbers.
    """

    __slots__ = ("error", "kept", "lists", "objects", "results")

    def __init__(self, lists: list[Any]) -> None:
        self.lists = lists
        self.objects: list[Any] = []
        self.kept: list[Any] = []
        self.error: tuple[BaseException, SourceLine | None] | None = None
        self.results: list[Any] = []


running = Running()


class Site:
    """One place in compiled code that calls the host.

    Args:
        function: takes the operands' raw values and the sizes by symbol, gives the outputs' raw values.
        inputs: the operands' types.
        outputs: the outputs' types.
        symbols: names of the sizes that follow the operands' words.
        natives: for each type, operands then outputs, whether it is a list that native code handles.
        location: the user's line.
    """

    def __init__(
        self,
        function: Callable[[list[Any], dict[str, int]], Sequence[Any]],
        inputs: Sequence[Type],
        outputs: Sequence[Type],
        symbols: Sequence[str],
        natives: Sequence[bool],
        location: SourceLine | None = None,
    ) -> None:
        self.function = function
        self.location = location
        self.inputs = list(zip(inputs, natives[: len(inputs)], strict=True))
        self.outputs = list(zip(outputs, natives[len(inputs) :], strict=True))
        self.symbols = list(symbols)

    def run(self, words: Any, answers: Any) -> None:
        """Reads the operands, calls the function and writes what it gives."""
        table, at, operands = running.tables[-1], 0, []
        for type_, native in self.inputs:
            raw, at = read_value(type_, native, words, at, table)
            operands.append(raw)
        sizes = {name: words[at + place] for place, name in enumerate(self.symbols)}
        made = self.function(operands, sizes)
        at = 0
        for raw, (type_, native) in zip(made, self.outputs, strict=True):
            at = write_value(raw, type_, native, answers, at, table)


def _number(word: int, type_: TensorType) -> Any:
    dtype = type_.dtype
    if dtype.is_floating:
        raw = np.array([word], np.int64).view(np.uint32 if dtype.bits == 32 else np.uint64)[:1].view(dtype.numpy)[0]
    else:
        raw = np.array([word], np.int64).astype(dtype.numpy)[0]
    return raw.item() if type_.weak else np.asarray(raw)


def _array_at(address: int, shape: Sequence[int], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """A copy of the elements at an address."""
    made = np.empty(shape, dtype)
    if made.nbytes:
        ctypes.memmove(made.ctypes.data, address, made.nbytes)
    return made


def read_value(type_: Type, native: bool, words: Any, at: int, table: Table) -> tuple[Any, int]:
    """The raw value that words describe, and the index after them."""
    if isinstance(type_, ListType):
        if not native:
            return table.objects[words[at]], at + 1
        shape = _shape(type_, words, at + 2)
        return _read_list(type_, words[at], (words[at + 1], *shape)), at + 2 + len(open_sizes(type_))
    assert isinstance(type_, TensorType)
    if layout.is_register(type_):
        return _number(words[at], type_), at + 1
    rank = len(type_.shape)
    array = _array_at(words[at], words[at + 1 : at + 1 + rank], type_.dtype.numpy)
    return (array.item() if type_.weak else array), at + 1 + rank


def _read_list(type_: ListType, buffer: int, shape: Sequence[int]) -> Vector:
    element = type_.element
    data = ctypes.c_int64.from_address(buffer).value
    if isinstance(element, ListType):
        pairs = _array_at(data, (shape[0], 2), np.dtype(np.int64)).tolist()
        return Vector([_read_list(element, inner, (length, *shape[1:])) for inner, length in pairs])
    assert isinstance(element, TensorType)
    rows = _array_at(data, shape, element.dtype.numpy)
    if element.weak:
        return Vector(rows.tolist())
    return Vector([np.asarray(row) for row in rows])


def _shape(type_: ListType, words: Any, at: int) -> list[int]:
    """The shape of a list's tensors: sizes that are not known before are in words."""
    element = innermost(type_)
    assert isinstance(element, TensorType)
    found = []
    for dim in element.shape:
        found.append(dim if isinstance(dim, int) else words[at])
        at += not isinstance(dim, int)
    return found


def write_value(raw: Any, type_: Type, native: bool, words: Any, at: int, table: Table) -> int:
    """Describes a raw value in words; gives the index after them."""
    if isinstance(type_, ListType):
        if not native:
            table.objects.append(raw)
            words[at] = len(table.objects) - 1
            return at + 1
        words[at], words[at + 1] = _rows(raw, type_, table).ctypes.data, len(raw)
        return at + 2 + len(open_sizes(type_))  # whose words nothing reads: they are known where the list goes
    assert isinstance(type_, TensorType)
    array = np.asarray(raw, type_.dtype.numpy)
    if layout.is_register(type_):
        if type_.dtype.is_floating:
            words[at] = int(array.view(np.uint32 if type_.dtype.bits == 32 else np.int64))
        else:
            words[at] = int(array.astype(np.int64))
        return at + 1
    array = np.ascontiguousarray(array).reshape(array.shape)
    table.kept.append(array)
    words[at] = array.ctypes.data
    for axis in range(array.ndim):
        words[at + 1 + axis] = array.shape[axis]
    return at + 1 + array.ndim


def _rows(raw: Any, type_: ListType, table: Table) -> np.ndarray[Any, Any]:
    """A list's items as compiled code has them, in memory that lives until the call ends."""
    element = type_.element
    if isinstance(element, ListType):
        rows = np.array([_buffer(inner, element, table) for inner in raw], np.int64).reshape(len(raw), 2)
    else:
        assert isinstance(element, TensorType)
        shape = np.shape(raw[0]) if len(raw) else [dim if isinstance(dim, int) else 0 for dim in element.shape]
        rows = np.empty((len(raw), *shape), element.dtype.numpy)
        for index, item in enumerate(raw):
            rows[index] = item
    table.kept.append(rows)
    return rows


def _buffer(raw: Any, type_: ListType, table: Table) -> tuple[int, int]:
    """The words of a list in a list, whose buffer is full, so that it moves before it grows."""
    buffer = np.array([_rows(raw, type_, table).ctypes.data, len(raw), len(raw)], np.int64)
    table.kept.append(buffer)
    return buffer.ctypes.data, len(raw)


def fill_sizes(attr: Any, sizes: dict[str, int]) -> Any:
    """An attribute with its symbolic sizes filled in."""
    if isinstance(attr, SymbolicDim):
        return evaluate(attr, sizes)
    if isinstance(attr, tuple) and not hasattr(attr, "_fields"):
        return tuple([fill_sizes(item, sizes) for item in attr])
    if type(attr).__name__ == "Slice":
        return type(attr)(*[fill_sizes(getattr(attr, name), sizes) for name in ("start", "stop", "step")])
    return attr


def collect(operands: list[Any], sizes: dict[str, int]) -> list[Any]:
    """Leaves results with the present call, for its caller to take."""
    running.tables[-1].results = operands
    return []


def given_lists(operands: list[Any], sizes: dict[str, int]) -> list[Any]:
    """The present call's arguments that are lists."""
    return running.tables[-1].lists


def caught_by(classes: tuple[type[BaseException], ...]) -> Callable[..., list[Any]]:
    """The host's part of a handler: the 1-based place of the class that fits what made the call fail."""

    def find(operands: list[Any], sizes: dict[str, int]) -> list[Any]:
        table = running.tables[-1]
        assert table.error is not None
        (error, _), table.error = table.error, None
        if not isinstance(error, Exception):
            raise error
        return [caught(error, classes)]

    return find


def dispatcher(sites: Sequence[Site]) -> Callable[[int, int, int], int]:
    """The function through which compiled code calls the host; 0 where all is well."""

    def call(number: int, words: int, answers: int) -> int:
        try:
            with np.errstate(all="ignore"):
                sites[number].run(_words(words), _words(answers))
        except (Failure, AutoGraphError) as error:
            running.tables[-1].error = (error, None)
            return 1
        except BaseException as error:
            running.tables[-1].error = (error, sites[number].location)
            return 1
        return 0

    return call


def _words(address: int) -> Any:
    return (ctypes.c_int64 * 4096).from_address(address)
