"""Traces one path of a staged block: a branch, a loop's body or its test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import CellType, FunctionType
from typing import Any

import numpy as np

from autograph.ops.comparison import not_equal
from autograph.ops.logic import logical_and, logical_not
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Region
from autograph.runtime.tensor import Tensor, refuse_ambiguous
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.staging.choice import Chosen
from autograph.staging.failures import Diverge, is_users_exception, record_failure
from autograph.staging.forms import DIVERGED
from autograph.staging.growing_dict import Dict
from autograph.staging.growing_list import List
from autograph.staging.journal import Journal, Location, stale_of
from autograph.staging.objects import is_object
from autograph.staging.paths import Path
from autograph.staging.tags import NONE
from autograph.staging.truth import TruthOnly
from autograph.staging.unbound import Maybe
from autograph.staging.watching import Watch


def active_trace() -> Trace:
    """The trace under way."""
    trace = current_trace()
    assert trace is not None
    return trace


def trace_path(
    region: Region,
    run: Callable[[], Any],
    locations: Iterable[Location] = (),
    sources: Sequence[Any] = (),
    is_trip: bool = False,
) -> Path:
    """Runs `run` with its ops recorded into `region`; changes to Python objects are noted and undone.

    Args:
        region: the region.
        run: gives the path's value.
        locations: places whose changes are of interest in any case.
        sources: values that the path takes, and its functions.
        is_trip: whether the path runs once a trip of a loop.
    """
    trace = active_trace()
    journal = Journal(region, trace.journal, is_trip)
    for location in locations:
        if isinstance(location.owner, CellType):
            journal.cells.note_name(location.owner, location.name)
        journal.keep(location.owner)
    path = Path(region)
    watch = Watch(sources)
    journal.untracked, journal.cells.reached = watch.untracked, watch.cells
    trace.journal = journal
    try:
        with watch.watching(), trace.inside(region):
            path.value = guarded(run)
    finally:
        trace.journal = None  # undoing is no change
        path.links = journal.items.links()
        path.writes = journal.finish()
        path.spoiled, path.touched = journal.spoiled, journal.touched
        path.aliases = journal.aliases
        trace.journal = journal.parent
    watch.compare()
    return path


def guarded(run: Callable[[], Any]) -> Any:
    """What `run` gives; an exception of the user's is recorded as a failure, and gives DIVERGED."""
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


def condition(value: Any) -> Any:
    """What decides the truth of a value: the length of a list of the graph, a table of what is chosen, or itself."""
    if isinstance(value, np.generic) and (trace := current_trace()) is not None:
        trace.reads_elements = True
    if isinstance(value, Chosen):
        return value.ag_truth() if value.ag_plain else value.ag_map(_truth)
    if isinstance(value, TruthOnly):
        return value.truth
    if (isinstance(value, List) and value.graph is not None) or (isinstance(value, Dict) and value.is_staged):
        return value.length()
    if hasattr(type(value), "__autograph_truth__"):
        return value.__autograph_truth__()
    for truth in _truth_of_object if is_object(value) else ():
        return truth(value)
    return value


def _truth(value: Any) -> Any:
    test = condition(value)
    return predicate(test) if is_staged(test) else bool(test)


# Calls convert the methods of the user's classes, and need what needs this module: they announce themselves here.
_truth_of_object: list[Callable[[Any], Any]] = []


def set_truth_of_object(truth: Callable[[Any], Any]) -> None:
    """Sets what tells the truth of an object of the user's, by its `__bool__` or `__len__`."""
    _truth_of_object[:] = [truth]


def predicate(value: Any) -> Tensor:
    """A bool scalar tensor with the truth of a staged value.

    Raises:
        ShapeError: the value has more than one element.
    """
    if isinstance(value, Maybe):
        if NONE in value.ag_kinds:
            test = condition(value.ag_value)
            some: Tensor = logical_not(value.is_none())
            inner = predicate(test) if is_staged(test) else bool(test)
            both: Tensor = logical_and(some, inner)
            return both
        value = condition(value.require_value())
        if not is_staged(value):
            return active_trace().constant_tensor(bool(value))
    if isinstance(value, Variable):
        value = value.value()
    if value.type.shape:
        refuse_ambiguous(value.type)
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


def apply_spoils(paths: Iterable[Path]) -> None:
    """Makes stale what paths have made so."""
    journal = active_trace().journal
    for path in paths:
        for obj, stale in path.spoiled:
            journal.spoil(obj, stale)


def note_moved(location: Location, contents: list[Any]) -> None:
    """Tells what a list of Python that may become one of the graph holds, one entry a path."""
    if isinstance(location.owner, List) and all(isinstance(items, list) for items in contents):
        active_trace().journal.items.note_moved(location.owner, contents)


def apply_writes(pairs: Iterable[tuple[Location, Any]]) -> None:
    """Puts the results of a block where they belong, as changes of the block around."""
    trace, written = active_trace(), list(pairs)
    for location, value in written:
        if isinstance(location.owner, list):  # whose contents are no list of their own
            trace.journal.items.holders.pop(id(value), None)
    for location, _ in written:
        trace.journal.touch(location.owner, location.line)
    stale = [(location.owner, stale_of(location.owner)) for location, _ in written]
    for location, value in written:
        location.set(value)
    for owner, found in stale:
        if found is not None:
            trace.journal.spoil(owner, found)
