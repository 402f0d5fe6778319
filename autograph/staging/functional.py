"""Control flow as functions: `cond`, `while_loop`, `switch_case`, `scan`, `map_fn`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import optree

from autograph.errors import StagingError
from autograph.ops.joining import stack
from autograph.ops.lists import list_stack
from autograph.runtime.refusal import refuse
from autograph.staging.calls import call, converted
from autograph.staging.comprehensions import list_of
from autograph.staging.conditional import if_
from autograph.staging.growing_list import List
from autograph.staging.layouts import made
from autograph.staging.loops import for_, while_


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """Calls one of two functions.

    Args:
        pred: bool scalar.
        true_fn: called without arguments when `pred` is true.
        false_fn: called otherwise.

    Returns:
        What the called function gives.

    Example:
        >>> import autograph as ag
        >>> ag.cond(ag.constant(2.0) > 1, lambda: 1, lambda: 2)
        1
    """
    return if_(pred, lambda: call(true_fn), lambda: call(false_fn))


def while_loop(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Sequence[Any]) -> tuple[Any, ...]:
    """Repeats `body` while `cond` holds.

    Args:
        cond: gives a bool scalar from the loop variables.
        body: gives the new loop variables (a tuple, or the one value) from the loop variables.
        loop_vars: their values at the start.

    Returns:
        A tuple of the loop variables at the end.

    Example:
        >>> import autograph as ag
        >>> ag.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
        (3,)
    """
    names = ", ".join(f"loop_vars_{index}" for index in range(len(loop_vars)))

    def trip(*state: Any) -> Any:
        new = call(body, *state)
        if len(loop_vars) == 1 and isinstance(new, tuple | list) and len(new) == 1:
            return new[0]
        return tuple(new) if isinstance(new, list) else new

    result = while_(lambda *state: call(cond, *state), trip, tuple(loop_vars), names)
    return (result,) if len(loop_vars) == 1 else tuple(result or ())


def switch_case(
    branch_index: Any,
    branch_fns: Sequence[Callable[[], Any]] | Mapping[int, Callable[[], Any]],
    default: Callable[[], Any] | None = None,
) -> Any:
    """Calls the function of an index.

    Args:
        branch_index: integer scalar.
        branch_fns: functions without arguments, a sequence or a dict by index.
        default: called for any other index; the last function where absent.

    Returns:
        What the called function gives.

    Example:
        >>> import autograph as ag
        >>> ag.switch_case(1, [lambda: "a", lambda: "b"])
        'b'
    """
    table = dict(branch_fns) if isinstance(branch_fns, Mapping) else dict(enumerate(branch_fns))
    if not table:
        refuse(StagingError, "switch_case without branches", "give at least one function")
    items = list(table.items())
    last = default if default is not None else items.pop()[1]

    def choose(position: int) -> Any:
        if position == len(items):
            return call(last)
        index, function = items[position]
        return if_(branch_index == index, lambda: call(function), lambda: choose(position + 1))

    return choose(0)


def scan(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any) -> Any:
    """Runs `state = fn(state, row)` over the rows of tensors and stacks the states.

    Args:
        fn: gives the next state from the state and a row.
        elems: a tensor, or a structure of tensors with equal first sizes.
        initializer: the state before the first row.

    Returns:
        The states after each row, stacked along a new first axis, in the structure of the state.

    Example:
        >>> import autograph as ag
        >>> ag.scan(lambda total, x: total + x, ag.constant([1.0, 2.0, 3.0]), 0.0).numpy()
        array([1., 3., 6.], dtype=float32)
    """
    states = List()
    rows, structure = optree.tree_flatten(elems)

    def trip(index: Any, state: Any) -> Any:
        new = call(fn, state, structure.unflatten([row[index] for row in rows]))
        states.append(new)
        return new

    for_(call(range, rows[0].shape[0]), trip, (initializer,), "state")
    return _stacked(states)


def map_fn(fn: Callable[[Any], Any], elems: Any) -> Any:
    """Applies `fn` to each row of a tensor and stacks the results.

    Args:
        fn: gives a tensor, or a structure of tensors, from a row.
        elems: a tensor, or a structure of tensors with equal first sizes.

    Returns:
        The results stacked along a new first axis.

    Example:
        >>> import autograph as ag
        >>> ag.map_fn(lambda x: x * x, ag.constant([1.0, 2.0])).numpy()
        array([1., 4.], dtype=float32)
    """
    rows, structure = optree.tree_flatten(elems)
    count = call(range, rows[0].shape[0])
    return _stacked(list_of(lambda index: call(fn, structure.unflatten([row[index] for row in rows])), count))


def _stacked(states: List) -> Any:
    if states.graph is not None:
        return made(states.graph.structure, [list_stack(column) for column in states.graph.columns], List.of_rows)
    columns = [optree.tree_flatten(state) for state in states]
    structure = columns[0][1]
    return structure.unflatten([stack(list(leaves)) for leaves in zip(*[c[0] for c in columns], strict=True)])


def converted_callable(function: Any) -> Any:
    """A user's function converted, anything else as it is."""
    return converted(function) if isinstance(function, FunctionType) else function
