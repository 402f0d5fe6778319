"""List, set and dict comprehensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograph.errors import StagingError
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.staging.conditional import if_
from autograph.staging.growing_dict import Dict
from autograph.staging.growing_list import List
from autograph.staging.lazy import Lazy
from autograph.staging.loops import for_
from autograph.staging.regions import is_staged
from autograph.staging.sequences import unrolled


def list_of(
    element: Callable[[Any], Any], iterable: Any, where: Callable[[Any], Any] | None = None, flat: bool = False
) -> List:
    """`[element(x) for x in iterable if where(x)]`; `flat` joins the lists that `element` gives.

    Over a tensor it is a loop of the graph that grows a list.
    """
    made = List()

    def add(item: Any) -> None:
        value = element(item)
        if not flat:
            made.append(value)
        else:
            for_(value, made.append)

    def trip(item: Any) -> None:
        if where is None:
            add(item)
        else:
            if_(where(item), lambda: add(item), None)

    for_(iterable, trip)
    return made


def iter_of(
    element: Callable[[Any], Any], iterable: Any, where: Callable[[Any], Any] | None = None, flat: bool = False
) -> Iterable[Any]:
    """`(element(x) for x in iterable if where(x))`, as lazy as that."""
    return Lazy(element, iterable, where, flat)


def set_of(element: Callable[[Any], Any], iterable: Any, where: Callable[[Any], Any] | None = None) -> set[Any]:
    """`{element(x) for x in iterable if where(x)}`; of Python values only."""
    return {
        element(item) for item in _python_items(iterable, "set") if where is None or _python_bool(where(item), "set")
    }


def dict_of(
    entry: Callable[[Any], tuple[Any, Any]], iterable: Any, where: Callable[[Any], Any] | None = None
) -> dict[Any, Any]:
    """`{k: v for x in iterable if where(x)}` with `entry(x) = (k, v)`; over Python values only."""
    return dict_(
        entry(item) for item in _python_items(iterable, "dict") if where is None or _python_bool(where(item), "dict")
    )


def dict_(items: Any = (), /, **named: Any) -> dict[Any, Any]:
    """`dict(items)`, and the dict that a dict display makes; a dict that staged blocks may add keys to."""
    plain: Any = items if isinstance(items, dict) else dict(items)
    if current_trace() is None:
        return dict(plain, **named)
    made = Dict(plain)
    if named:
        made.update(named)
    return made


def _python_items(iterable: Any, kind: str) -> Any:
    items = unrolled(iterable)
    if items is None:
        refuse(
            StagingError,
            f"the graph decides how many items a {kind} comprehension goes over",
            "use a list comprehension",
        )
    return items


def _python_bool(value: Any, kind: str) -> bool:
    if is_staged(value):
        refuse(StagingError, f"a tensor decides what a {kind} expression takes", "use a list comprehension")
    return bool(value)
