"""`if` statements and conditional expressions: `if_`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.errors import StagingError
from autograph.ops.arithmetic import subtract
from autograph.ops.comparison import equal
from autograph.runtime.ir import Region
from autograph.runtime.structure_ops import cond_op
from autograph.runtime.tensor import Tensor
from autograph.staging.choice import set_select
from autograph.staging.codec import decode, encode
from autograph.staging.failures import Diverge
from autograph.staging.forms import DIVERGED, Form, GraphListForm, form_of
from autograph.staging.joins import Join
from autograph.staging.journal import Location
from autograph.staging.paths import Path, note_join, shared_or_settled
from autograph.staging.regions import (
    active_trace,
    apply_spoils,
    apply_writes,
    condition,
    is_staged,
    name_list,
    named_locations,
    note_moved,
    packed,
    predicate,
    trace_path,
    unpacked,
)
from autograph.staging.truth import TruthOnly


def if_(
    test: Any,
    then: Callable[..., Any],
    orelse: Callable[..., Any] | None,
    carry: tuple[Any, ...] = (),
    names: str | None = None,
    cells: str = "",
    globals_: str = "",
) -> Any:
    """Runs one of two branches; builds both into the graph when a tensor of it decides.

    Args:
        test: the condition; a scalar tensor or any Python value.
        then: the branch for a true condition, a function of `carry`.
        orelse: the other branch; None does nothing.
        carry: values handed to the branches.
        names: names of the results, "a, b"; None when the branches give the value of an expression.
        cells: names of closure variables that the branches assign.
        globals_: names of globals that the branches assign.

    Returns:
        What the branch that ran gives.

    Raises:
        StagingError: the branches give values that no one type or structure can hold.
    """
    test = condition(test)
    if not is_staged(test):
        branch = then if test else orelse
        return None if branch is None else branch(*carry)
    return staged_if(test, then, orelse, carry, names, named_locations([then, orelse], cells, globals_))


def staged_if(
    test: Any,
    then: Callable[..., Any],
    orelse: Callable[..., Any] | None,
    carry: tuple[Any, ...],
    names: str | None,
    declared: list[Location],
    operand: bool = False,
) -> Any:
    """As `if_` with a test that the graph computes.

    Args:
        test: the test.
        then: the branch for a true one.
        orelse: the other branch.
        carry: values handed to the branches.
        names: names of the results.
        declared: the cells and globals that the branches assign.
        operand: whether the result is that of `and` or `or`, of which often the truth alone is asked.
    """
    trace = active_trace()
    flag = trace.value(predicate(test))
    links = trace.journal.items.links()
    paths = [_traced(branch, carry, declared) for branch in (then, orelse)]
    if all(path.value is DIVERGED for path in paths):
        trace.record(cond_op, (flag,), {}, (), [path.region for path in paths])
        raise Diverge
    locations = {key: location for path in paths for key, (location, _) in path.writes.items()}
    merged = _merge(flag, paths, list(locations.values()), names, operand)
    for link in links:
        if all(path.value is DIVERGED or link in path.links for path in paths):
            link.keep()
    return merged


def switch(runs: Sequence[Callable[[], Any]], index: Tensor) -> Any:
    """Runs the one of several functions that an integer tensor says."""
    if len(runs) == 1:
        return runs[0]()
    return if_(equal(index, np.int64(0)), runs[0], lambda: switch(runs[1:], subtract(index, np.int64(1))))


set_select(switch)


def _traced(branch: Callable[..., Any] | None, carry: tuple[Any, ...], declared: list[Location]) -> Path:
    return trace_path(Region(), lambda: None if branch is None else branch(*carry), declared, (branch, *carry))


def _merge(flag: Any, paths: list[Path], locations: list[Location], names: str | None, operand: bool = False) -> Any:
    trace = active_trace()
    results = name_list(names)
    raw = [_row(path, len(results), names is None, locations) for path in paths]
    first, second = paths
    aligned = [shared_or_settled(a, b, first, second) for a, b in zip(raw[0], raw[1], strict=True)]
    rows = [[a for a, _ in aligned], [b for _, b in aligned]]
    labels = (results if names is not None else ["the result"]) + [location.name for location in locations]
    join = Join("the branches of this if")
    only_truth = None
    if operand:
        only_truth = _settle_operands(join, paths, rows)
    forms: list[Form] = [
        join(form_of(a), form_of(b), label) for a, b, label in zip(rows[0], rows[1], labels, strict=True)
    ]
    for location, form in zip(locations, forms[len(forms) - len(locations) :], strict=True):
        if isinstance(form, GraphListForm):
            note_moved(location, [path.value_at(location) for path in paths if path.value is not DIVERGED])
    for path, row in zip(paths, rows, strict=True):
        with trace.inside(path.region):
            path.region.results = [slot for value, form in zip(row, forms, strict=True) for slot in encode(value, form)]
    types = [type_ for form in forms for type_ in form.slot_types()]
    slots = iter(trace.record(cond_op, (flag,), {}, types, [path.region for path in paths]))
    values = [decode(form, slots) for form in forms]
    count = len(values) - len(locations)
    apply_writes(zip(locations, values[count:], strict=True))
    apply_spoils(paths)
    for made, *given in zip(values, *raw, strict=True):
        note_join(made, given, paths)
    if only_truth is not None:
        return TruthOnly(values[0], only_truth)
    return values[0] if names is None else packed(values[:count])


def _settle_operands(join: Join, paths: list[Path], rows: list[list[Any]]) -> StagingError | None:
    """Where no type holds both operands of `and` or `or`, what they have in common is their truth."""
    try:
        join(form_of(rows[0][0]), form_of(rows[1][0]), "the result")
        return None
    except StagingError as error:
        trace = active_trace()
        for path, row in zip(paths, rows, strict=True):
            if row[0] is not DIVERGED:
                with trace.inside(path.region):
                    test = condition(row[0])
                    row[0] = predicate(test) if is_staged(test) else trace.constant_tensor(np.asarray(bool(test)))
        return error


def _row(path: Path, count: int, bare: bool, locations: list[Location]) -> list[Any]:
    """All that a path gives, one entry a result and a location."""
    if path.value is DIVERGED:
        return [DIVERGED] * ((1 if bare else count) + len(locations))
    values = [path.value] if bare else list(unpacked(path.value, count))
    return values + [path.value_at(location) for location in locations]
