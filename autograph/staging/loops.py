"""`while` and `for` statements: `while_` and `for_`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograph.errors import StagingError
from autograph.ops.arithmetic import add, subtract
from autograph.ops.comparison import equal
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Region
from autograph.runtime.refusal import refuse
from autograph.staging.choice import Chosen
from autograph.staging.conditional import staged_if
from autograph.staging.generators import Generator, Taken, generator_of
from autograph.staging.growing_list import List
from autograph.staging.journal import Location
from autograph.staging.lazy import Lazy
from autograph.staging.logic import and_, not_
from autograph.staging.regions import (
    active_trace,
    condition,
    is_staged,
    name_list,
    named_locations,
    packed,
    predicate,
    trace_path,
    unpacked,
)
from autograph.staging.sequences import Sequence, as_staged_sequence
from autograph.staging.staged_loop import StagedLoop


def while_(
    test: Callable[..., Any],
    body: Callable[..., Any],
    carry: tuple[Any, ...] = (),
    names: str = "",
    until: Callable[..., Any] | None = None,
    cells: str = "",
    globals_: str = "",
) -> Any:
    """Runs a loop; it becomes a loop of the graph as soon as a tensor of the graph decides whether it goes on.

    Args:
        test: the condition, a function of the carry.
        body: one trip, a function of the carry that gives the new carry.
        carry: values at the start.
        names: their names, "a, b".
        until: whether a `break` or `return` has ended the loop, a function of the carry, asked before `test`.
        cells: names of closure variables that the loop assigns.
        globals_: names of globals that the loop assigns.

    Returns:
        The carry at the end.

    Raises:
        StagingError: a carried value changes its type in a way that cannot be reconciled.
    """
    labels = name_list(names)

    def go_on(*state: Any) -> Any:
        return condition(test(*state) if until is None else and_(not_(until(*state)), lambda: test(*state)))

    state = tuple(carry)
    while True:
        if _decided_by_graph(go_on, state):
            declared = named_locations([body, test], cells, globals_)
            ended = StagedLoop(lambda *now: predicate_of(go_on(*now)), body, state, labels, declared).run()
            return _asking_first(go_on, body, state, labels, declared) if ended is None else packed(ended)
        if not go_on(*state):
            return packed(state)
        state = unpacked(body(*state), len(labels))


def _decided_by_graph(go_on: Callable[..., Any], state: tuple[Any, ...]) -> bool:
    """Whether the condition is a tensor of the graph, found without leaving a trace of asking."""
    if current_trace() is None:
        return False
    return is_staged(trace_path(Region(), lambda: go_on(*state), (), (go_on, *state)).value)


def _asking_first(
    go_on: Callable[..., Any],
    body: Callable[..., Any],
    state: tuple[Any, ...],
    labels: list[str],
    declared: list[Location],
) -> Any:
    """A loop whose condition changes something: it is asked before the first trip and at the end of each."""

    def trip(_: Any, *now: Any) -> Any:
        new = unpacked(body(*now), len(labels))
        return packed((predicate_of(go_on(*new)), *new))

    first = predicate_of(go_on(*state))
    loop = StagedLoop(lambda going, *_: predicate_of(going), trip, (first, *state), ["going", *labels], declared)
    return packed(_ended(loop)[1:])


def _ended(loop: StagedLoop) -> tuple[Any, ...]:
    ended = loop.run()
    assert ended is not None, "a flag and a range change nothing"
    return ended


def predicate_of(value: Any) -> Any:
    """The truth of a loop condition as a bool scalar tensor, also where a later trip makes it a Python value."""
    trace = active_trace()
    return predicate(value) if is_staged(value) else trace.constant_tensor(bool(value))


def for_(
    iterable: Any,
    body: Callable[..., Any],
    carry: tuple[Any, ...] = (),
    names: str = "",
    until: Callable[..., Any] | None = None,
    cells: str = "",
    globals_: str = "",
) -> Any:
    """Runs a loop over items; over a tensor, a range of tensors or a list of the graph it becomes a loop of the graph.

    Args:
        iterable: what to go over; a tensor gives its rows.
        body: one trip, a function of the item and the carry that gives the new carry.
        carry: values at the start.
        names: their names, "a, b".
        until: whether a `break` or `return` has ended the loop, a function of the carry.
        cells: names of closure variables that the loop assigns.
        globals_: names of globals that the loop assigns.

    Returns:
        The carry at the end.

    Raises:
        StagingError: a carried value changes its type in a way that cannot be reconciled.
    """
    declared = named_locations([body], cells, globals_)
    return _for(iterable, body, tuple(carry), name_list(names), until, declared)


def _for(
    iterable: Any,
    body: Callable[..., Any],
    carry: tuple[Any, ...],
    labels: list[str],
    until: Callable[..., Any] | None,
    declared: list[Location],
) -> Any:
    if isinstance(iterable, Lazy):
        return _for(
            iterable.source(), _lazy_trip(iterable, body, labels, until, declared), carry, labels, until, declared
        )
    if isinstance(iterable, Chosen):
        return _over_chosen(iterable.require_bound(), 0, body, carry, labels, until, declared)
    sequence = as_staged_sequence(iterable)
    if sequence is not None:
        return _staged_for(sequence, body, carry, labels, until, declared)
    state = carry
    generator = generator_of(iterable) if current_trace() is not None else None
    if generator is not None:
        return _inlined_for(generator, body, state, labels, until, declared)
    items = _Items(iterable) if isinstance(iterable, List) else iterable
    for item in items:
        if isinstance(item, Sequence):  # a trip has made the rest of the list one of the graph
            return _staged_for(item, body, state, labels, until, declared)
        stop = False if until is None else until(*state)
        if not is_staged(stop):
            if stop:
                break
            state = unpacked(body(item, *state), len(labels))
            continue

        def skip(*now: Any) -> Any:
            return packed(now)

        def trip(*now: Any, item: Any = item) -> Any:
            return body(item, *now)

        state = unpacked(staged_if(stop, skip, trip, state, ", ".join(labels), declared), len(labels))
    return packed(state)


class _Items:
    """The items of a list of Python; once it has become one of the graph, the rest of them in one sequence."""

    def __init__(self, items: List) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        place = 0
        while self.items.graph is not None or place < len(self.items):
            if self.items.graph is not None:
                yield self._rest(place)
                return
            yield self.items[place]
            place += 1

    def _rest(self, start: int) -> Sequence:
        items = self.items
        return Sequence(lambda: subtract(items.length(), start), lambda index: items[add(index, start)], [items])


def _over_chosen(
    chosen: Chosen,
    place: int,
    body: Callable[..., Any],
    carry: tuple[Any, ...],
    labels: list[str],
    until: Callable[..., Any] | None,
    declared: list[Location],
) -> Any:
    """One loop for each of the values, of which that of the chosen one runs."""

    def this(*now: Any) -> Any:
        return _for(chosen.ag_values[place], body, now, labels, until, declared)

    def others(*now: Any) -> Any:
        return _over_chosen(chosen, place + 1, body, now, labels, until, declared)

    if place == len(chosen.ag_values) - 1:
        return this(*carry)
    return staged_if(equal(chosen.ag_index, place), this, others, carry, ", ".join(labels), declared)


def _inlined_for(
    generator: Generator,
    body: Callable[..., Any],
    carry: tuple[Any, ...],
    labels: list[str],
    until: Callable[..., Any] | None,
    declared: list[Location],
) -> Any:
    """The loop's body runs at each `yield` of the generator, which may stand in a loop or branch of the graph."""
    taken = Taken(labels, carry)

    def take(item: Any) -> Any:
        trace = active_trace()
        for location in declared:
            trace.touch(location.owner)
        new = unpacked(body(item, *taken.values()), len(labels))
        taken.put(new)
        return False if until is None else condition(until(*new))

    generator.run(take)
    return packed(taken.values())


def _lazy_trip(
    items: Lazy,
    body: Callable[..., Any],
    labels: list[str],
    until: Callable[..., Any] | None,
    declared: list[Location],
) -> Callable[..., Any]:
    """A trip over what a generator is made from: the body, with each item that the generator gives."""

    def take(item: Any, *state: Any) -> Any:
        made = items.element(item)
        return _for(made, body, state, labels, until, declared) if items.flat else body(made, *state)

    def trip(item: Any, *state: Any) -> Any:
        taken = condition(True if items.where is None else items.where(item))
        if not is_staged(taken):
            return take(item, *state) if taken else packed(state)

        def skip(*now: Any) -> Any:
            return packed(now)

        return staged_if(taken, lambda *now: take(item, *now), skip, state, ", ".join(labels), declared)

    return trip


def _staged_for(
    sequence: Sequence,
    body: Callable[..., Any],
    carry: tuple[Any, ...],
    labels: list[str],
    until: Callable[..., Any] | None,
    declared: list[Location],
) -> Any:
    length = sequence.length()

    def test(index: Any, *state: Any) -> Any:
        in_range = index < (sequence.length() if loop.changes(sequence.live) else length)
        if until is None:
            return predicate_of(in_range)
        return predicate_of(and_(not_(until(*state)), lambda: in_range))

    def trip(index: Any, *state: Any) -> Any:
        new = unpacked(body(sequence.item(index), *state), len(labels))
        return (index + 1, *new) if labels else index + 1

    loop = StagedLoop(test, trip, (0, *carry), ["index", *labels], declared)
    state = _ended(loop)[1:]
    if loop.changes(sequence.fixed):
        refuse(
            StagingError,
            "a list is changed while a staged loop goes over it together with other things",
            "go over a copy of it: list(ys)",
        )
    return packed(state)
