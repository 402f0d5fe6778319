"""Traces one path of a staged block: a branch, a loop's body or its test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import CellType, FunctionType
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.comparison import not_equal
from autograph.ops.logic import logical_and, logical_not
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Region
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.staging.failures import Diverge, is_users_exception, record_failure
from autograph.staging.forms import DIVERGED, Shared, has_identity, rebuild
from autograph.staging.journal import Journal, Location
from autograph.staging.tags import NONE
from autograph.staging.unbound import Maybe

Writes = dict[tuple[int, Any], tuple[Location, Any]]


@dataclass
class Path:
    """A traced path: its region, what it gives, and what it changed in Python objects (put back already)."""

    region: Region
    value: Any = None
    writes: Writes = field(default_factory=dict)

    def value_at(self, location: Location) -> Any:
        """What the path leaves at a location."""
        if self.value is DIVERGED:
            return DIVERGED
        written = self.writes.get(location.identity)
        return location.get() if written is None else written[1]

    def settled(self, value: Any) -> Any:
        """A value of the path with the changes that the path made in lists, which are put back by now."""
        written = self.writes.get((id(value), None)) if isinstance(value, list) else None
        if written is not None:
            return written[1]
        if type(value) is tuple or (isinstance(value, tuple) and hasattr(value, "_fields")):
            return rebuild(value, [self.settled(part) for part in value])
        return value


def shared_or_settled(
    a: Any, b: Any, settle_a: Callable[[Any], Any], settle_b: Callable[[Any], Any]
) -> tuple[Any, Any]:
    """Two paths' values: an object that both give is marked as shared, others get their content of the path."""
    if a is b and has_identity(a):
        return Shared(a), Shared(a)
    if isinstance(a, tuple) and type(a) is type(b) and len(a) == len(b):
        pairs = [shared_or_settled(x, y, settle_a, settle_b) for x, y in zip(a, b, strict=True)]
        return rebuild(a, [x for x, _ in pairs]), rebuild(b, [y for _, y in pairs])
    return settle_a(a), settle_b(b)


def active_trace() -> Trace:
    """The trace under way."""
    trace = current_trace()
    assert trace is not None
    return trace


def trace_path(region: Region, run: Callable[[], Any], locations: Iterable[Location] = ()) -> Path:
    """Runs `run` with its ops recorded into `region`; changes to Python objects are noted and undone."""
    trace = active_trace()
    journal = Journal(region, trace.journal)
    for location in locations:
        journal.touch(location.owner)
    path = Path(region)
    trace.journal = journal
    try:
        with trace.inside(region):
            path.value = _guarded(run)
    finally:
        trace.journal = None  # undoing is no change
        path.writes = journal.finish()
        trace.journal = journal.parent
    return path


def _guarded(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except Diverge:
        return DIVERGED
    except Exception as error:
        if not is_users_exception(error):
            raise
        record_failure(error)
        return DIVERGED


def is_staged(value: Any) -> bool:
    """Whether a value is decided by the graph under construction."""
    return isinstance(value, Tensor | Maybe | Variable) and current_trace() is not None


def predicate(value: Any) -> Tensor:
    """A bool scalar tensor with the truth of a staged value.

    Raises:
        ShapeError: the value has more than one element.
    """
    if isinstance(value, Maybe):
        if NONE in value.kinds:
            inner = predicate(value.value)
            some: Tensor = logical_and(logical_not(value.is_none()), inner)
            return some
        value = value.require_value()
    if isinstance(value, Variable):
        value = value.value()
    if value.type.shape:
        refuse(
            ShapeError,
            f"the truth of a tensor of shape {value.type} is ambiguous: a condition needs one element",
            "use ag.ops.any(...) or ag.ops.all(...), or compare scalars",
        )
    truth: Tensor = value if value.dtype.is_bool else not_equal(value, 0)
    return truth


def name_list(names: str | None) -> list[str]:
    """The names of "a, b"."""
    return [name.strip() for name in names.split(",") if name.strip()] if names else []


def packed(values: Sequence[Any]) -> Any:
    """Results as verbs give them: nothing, the one value, or a tuple."""
    return None if not values else values[0] if len(values) == 1 else tuple(values)


def unpacked(result: Any, count: int) -> tuple[Any, ...]:
    """The values of a body's result; the reverse of `packed`."""
    if count == 0:
        return ()
    return (result,) if count == 1 else tuple(result)


def named_locations(functions: Sequence[Any], cells: str, globals_: str) -> list[Location]:
    """The closure cells and globals that a block assigns, found through its functions."""
    found: list[Location] = []
    for name in name_list(cells):
        cell = _cell(functions, name)
        if cell is not None:
            found.append(Location(cell, name, None))
    for name in name_list(globals_):
        function = next(f for f in functions if isinstance(f, FunctionType))
        found.append(Location(function.__globals__, name, None))
    return found


def _cell(functions: Sequence[Any], name: str) -> CellType | None:
    for function in functions:
        if isinstance(function, FunctionType) and name in function.__code__.co_freevars:
            assert function.__closure__ is not None
            return function.__closure__[function.__code__.co_freevars.index(name)]
    return None


def apply_writes(pairs: Iterable[tuple[Location, Any]]) -> None:
    """Puts the results of a block where they belong, as changes of the block around."""
    trace = active_trace()
    for location, value in pairs:
        trace.touch(location.owner)
        location.set(value)
