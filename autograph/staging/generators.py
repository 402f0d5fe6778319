"""Generators of the user's while a function is traced: loops run their bodies at each `yield`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograph.errors import GraphTensorError, StagingError, message
from autograph.runtime.context import current_trace
from autograph.runtime.location import user_line
from autograph.runtime.refusal import refuse
from autograph.staging.unbound import Unbound

_HINT = "loop over the generator with a for statement, or collect the items first: items = list(...)"


class Generator:
    """A generator that has not begun.

    Args:
        name: its function's name.
        run: runs it, handing each item to a callback that says whether to stop.
        native: makes Python's own generator.
    """

    def __init__(
        self, name: str, run: Callable[[Callable[[Any], Any]], None], native: Callable[[], Iterator[Any]]
    ) -> None:
        self.name = name
        self.run = run
        self._native = native
        self._begun: Any = None

    def __iter__(self) -> Generator:
        return self

    def __next__(self) -> Any:
        return self._step(next)

    def send(self, value: Any) -> Any:
        """As Python's own generators."""
        return self._step(lambda begun: begun.send(value))

    def close(self) -> None:
        """As Python's own generators."""
        if self._begun is not None:
            self._begun.close()

    @property
    def begun(self) -> bool:
        """Whether items have been taken already."""
        return self._begun is not None

    def _step(self, step: Callable[[Any], Any]) -> Any:
        trace = current_trace()
        if trace is not None and trace.journal is not None and trace.journal.parent is not None:
            what = f"the generator {self.name} is advanced inside a staged block, where its place cannot be kept"
            refuse(StagingError, what, _HINT)
        if self._begun is None:
            self._begun = self._native()
        try:
            return step(self._begun)
        except GraphTensorError:
            what = f"the generator {self.name} asks for the value of a tensor, and is used other than by a for loop"
            raise StagingError(message(what, user_line(), _HINT)) from None


# Calls know which generators are the user's, and need what needs this module: they announce themselves here.
_iterated: list[Callable[[Any], Any]] = []


def set_iterated(iterated: Callable[[Any], Any]) -> None:
    """Sets what finds the generator behind an object's `__iter__`."""
    _iterated[:] = [iterated]


def generator_of(iterable: Any) -> Generator | None:
    """The generator that a loop goes over and that nothing has taken an item of; None for all else."""
    for iterated in _iterated:
        iterable = iterated(iterable)
    return iterable if isinstance(iterable, Generator) and not iterable.begun else None


def enumerated(generator: Generator, start: Any) -> Generator:
    """`enumerate(generator, start)`."""

    def run(take: Callable[[Any], Any]) -> None:
        count = Taken(["index"], [start])

        def take_numbered(item: Any) -> Any:
            (index,) = count.values()
            count.put([index + 1])
            return take((index, item))

        generator.run(take_numbered)

    return Generator(generator.name, run, lambda: enumerate(generator, start))


class Taken:
    """What a loop's body or a block hands on from one `yield` to the next, as attributes, so that they are state.

    Args:
        names: names of the values.
        values: the values at the start.
    """

    __slots__ = ("__dict__", "_names")

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self._names = tuple(names)
        vars(self).update(zip(names, values, strict=True))
        trace = current_trace()
        if trace is not None and trace.journal is not None:
            trace.journal.note_created(self)

    def values(self) -> tuple[Any, ...]:
        """The present values, in order."""
        return tuple([vars(self).get(name, Unbound(name)) for name in self._names])

    def put(self, values: Sequence[Any]) -> None:
        """Changes the values."""
        trace = current_trace()
        if trace is not None:
            trace.touch(self)
        vars(self).update(zip(self._names, values, strict=True))
