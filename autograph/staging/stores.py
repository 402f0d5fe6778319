"""Stores into objects, announced to the journal first, and reads of structures by a tensor index."""

from __future__ import annotations

import contextlib
import inspect
import os
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from autograph.errors import StagingError
from autograph.ops.arithmetic import add
from autograph.ops.comparison import greater_equal, less
from autograph.ops.logic import logical_and
from autograph.ops.selection import where
from autograph.runtime.context import current_trace
from autograph.runtime.location import user_line
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.staging.attributes import held_value
from autograph.staging.choice import Chosen
from autograph.staging.conditional import switch
from autograph.staging.forms import has_identity, is_tensor_like
from autograph.staging.growing_dict import Dict, may_be_absent
from autograph.staging.growing_list import List
from autograph.staging.impure import refuse_impure
from autograph.staging.journal import Location
from autograph.staging.regions import active_trace, is_staged
from autograph.staging.stacks import Stack
from autograph.staging.stale import Stale
from autograph.staging.unbound import Maybe, bound, check
from autograph.staging.watching import refuse_change

_MOST_BRANCHES = 64  # one for each object that a tensor may choose


def touch(obj: Any) -> None:
    """Tells the journal that an object is about to change."""
    if isinstance(obj, Stale):
        obj.refuse_use()
    trace = current_trace()
    if trace is None or trace.journal is None:
        return
    if isinstance(obj, type):
        _refuse_class(obj, trace)
    if id(obj) in trace.journal.untracked:
        refuse_change(obj)
    if isinstance(obj, list | dict | Tensor) or _has_dict(obj):
        trace.touch(obj)


def touch_keys(obj: Any, *names: Any) -> None:
    """As `touch`, of a change of what keys a dict has: some new ones, or fewer where none is given."""
    touch(obj)
    trace = current_trace()
    if trace is not None and trace.journal is not None and isinstance(obj, dict):
        trace.journal.require_same_keys(obj, *names)


def touch_attribute(obj: Any, *names: Any) -> None:
    """As `touch`, of a change of an attribute; of one that goes where no name is given."""
    touch(obj)
    trace = current_trace()
    own = not any(hasattr(type(inspect.getattr_static(type(obj), name, None)), "__set__") for name in names)
    if trace is not None and trace.journal is not None and own and _has_dict(obj):
        trace.journal.require_same_keys(obj, *names)


def settle(obj: Any) -> None:
    """Tells the journal that an object has changed."""
    trace = current_trace()
    if trace is not None:
        trace.settle(obj)


def _has_dict(obj: Any) -> bool:
    return hasattr(obj, "__dict__") and not isinstance(obj, type | Variable)


def _refuse_class(cls: type, trace: Trace) -> None:
    """Refuses to change a class, which lasts longer than a call, unless the function made it."""
    if trace.journal.parent is not None or "<locals>" not in cls.__qualname__:
        refuse(
            StagingError,
            f"an attribute of the class {cls.__name__} is changed; that would happen when the function is traced, "
            "not at each call",
            "keep the value in an attribute of the object, or in an ag.Variable",
        )


def set_attr(obj: Any, name: str, value: Any) -> None:
    """`obj.name = value`."""
    if isinstance(obj, Maybe):
        obj = obj.require_value()
    if isinstance(obj, Chosen):
        obj.ag_map(lambda one: set_attr(one, name, value))
        return
    touch_attribute(obj, name)
    setattr(obj, name, value)
    settle(obj)
    _note_stored(value)


def del_attr(obj: Any, name: str) -> None:
    """`del obj.name`."""
    touch_attribute(obj)
    bound(held_value(obj, name))
    delattr(obj, name)
    settle(obj)


def set_item(obj: Any, key: Any, value: Any) -> None:
    """`obj[key] = value`; a tensor may index a list of tensors."""
    if isinstance(obj, Maybe):
        obj = obj.require_value()
    if isinstance(key, Chosen):
        switch([_storing(obj, value_of_key, value) for value_of_key in key.require_bound().ag_values], key.ag_index)
        return
    if isinstance(obj, Chosen):
        obj.ag_map(lambda one: set_item(one, key, value))
        return
    touch_keys(obj, key)
    if is_staged(key) and isinstance(obj, list) and not (isinstance(obj, List) and obj.graph is not None):
        _set_by_tensor(obj, key, value)
        return
    obj[key] = value
    settle(obj)
    _note_stored(value)


def _note_stored(value: Any) -> None:
    """Notes a list or a dict of plain Python: in `obj.items += ys` it has changed before it is stored."""
    trace = current_trace()
    if trace is not None and trace.journal is not None and type(value) in (list, dict):
        trace.journal.stored.append(Location(value, None, user_line()))


def _storing(obj: Any, key: Any, value: Any) -> Callable[[], None]:
    return lambda: set_item(obj, key, value)


def _deleting(obj: Any, key: Any) -> Callable[[], None]:
    return lambda: del_item(obj, key)


def _set_by_tensor(items: list[Any], index: Any, value: Any) -> None:
    if not items or not all(is_tensor_like(entry) for entry in [*items, value]):
        place = _place(items, index, "list assignment index out of range")
        switch([_storing(items, position, value) for position in range(len(items))], place)
        return
    stacked = Stack(items)
    stacked[index] = value
    for position in range(len(items)):
        items[position] = stacked[position]


def del_item(obj: Any, key: Any) -> None:
    """`del obj[key]`."""
    if isinstance(obj, Maybe):
        obj = obj.require_value()
    if isinstance(obj, Chosen):
        obj.ag_map(lambda one: del_item(one, key))
        return
    if isinstance(key, Chosen):
        switch([_deleting(obj, value) for value in key.require_bound().ag_values], key.ag_index)
        return
    touch_keys(obj)
    del obj[key]
    settle(obj)


def item(obj: Any, key: Any) -> Any:
    """`obj[key]`; a tensor of the graph may index a list or tuple whose items are alike."""
    if isinstance(obj, Maybe):
        obj = obj.require_value()
    if obj is os.environ:
        refuse_impure(os.environ.get)
    if isinstance(obj, defaultdict):
        touch(obj)  # which a missing key changes
    if isinstance(key, Chosen):
        return _item_by_choice(obj, key.require_bound())
    if isinstance(obj, Chosen):
        return obj.ag_map(lambda one: item(one, key))
    if not is_staged(key) or not isinstance(obj, list | tuple):
        return obj[key]
    if isinstance(obj, List) and obj.graph is not None:
        return obj[key]
    if obj and all(is_tensor_like(entry) for entry in obj):
        return _item_of_stack(obj, key)
    kind = "list" if isinstance(obj, list) else "tuple"
    return Chosen(list(obj), _place(obj, key, f"{kind} index out of range"))


def _item_of_stack(items: Any, index: Any) -> Any:
    found = Stack(items)[index]
    if found.type.shape:
        active_trace().journal.items.note_copied(items, found)
    return found


def _item_by_choice(obj: Any, key: Chosen) -> Any:
    """The item at one of several keys; an object among the items stays the object that it is."""
    if type(obj) in (dict, Dict, List, tuple) and not (isinstance(obj, List) and obj.graph is not None):
        with contextlib.suppress(LookupError):
            found = [dict.__getitem__(obj, value) if isinstance(obj, dict) else obj[value] for value in key.ag_values]
            if not any(map(may_be_absent, found)) and any(has_identity(one) for one in found):
                return Chosen(found, key.ag_index)
    return switch([_reading(obj, value) for value in key.ag_values], key.ag_index)


def _place(items: Any, index: Any, complaint: str) -> Any:
    """A position from the start, which Python's own error guards."""
    count = len(items)
    if count > _MOST_BRANCHES:
        refuse(
            StagingError,
            f"a list of {count} items that are not all tensors or numbers is indexed by a tensor",
            "keep tensors of one shape in it, or index it by a Python number",
        )
    if count == 0:
        raise IndexError(complaint)
    check(logical_and(greater_equal(index, -count), less(index, count)), IndexError, complaint)
    return where(less(index, 0), add(index, count), index)


def _reading(obj: Any, key: Any) -> Callable[[], Any]:
    return lambda: item(obj, key)
