"""The dict that converted code makes: which keys it has may be for the graph to decide, and so may be their order.

    counts = {}
    for x in xs:                    # in a staged loop
        counts[name] = counts.get(name, 0) + 1

An entry whose presence the graph decides is a value that may be unbound (`Maybe`, `Chosen`). Keys that a staged block
puts in have a stamp beside them, a number that says when that was; keys without one were there before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import optree

from autograph.errors import GraphTensorError
from autograph.ops.casts import astype
from autograph.ops.comparison import not_equal
from autograph.ops.indexing import getitem
from autograph.ops.joining import stack
from autograph.ops.reductions import sum as sum_of
from autograph.ops.selection import where
from autograph.ops.sorting import argsort
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import is_shown
from autograph.staging.choice import Chosen, choose, selected
from autograph.staging.stale import Stale
from autograph.staging.tags import UNBOUND, VALUE, tag_differs, tag_equals
from autograph.staging.unbound import Maybe, Unbound, bound

_ABSENT = object()
_LAST = 2**62  # after the stamps of all keys that are there


@dataclass(frozen=True, slots=True)
class Stamp:
    """The key beside a key: when a staged block put that in. `Stamp(Stamp)` is when the next one will be."""

    key: Any


CLOCK = Stamp(Stamp)
_MARK = Stamp(Stale)  # beside entries that are stale: so is what keys there are


class Dict(dict):  # type: ignore[type-arg]
    """A dict whose changes staging sees."""

    __slots__ = ("__weakref__",)
    __hash__ = None

    def __init__(self, items: Any = ()) -> None:
        super().__init__()
        dict.update(self, _raw(items) if isinstance(items, Dict) else items)
        trace = current_trace()
        if trace is not None and trace.journal is not None:
            trace.journal.note_created(self)

    # -- what it holds ------------------------------------------------------------------------------------

    @property
    def is_staged(self) -> bool:
        """Whether the graph decides which keys there are, or in what order."""
        self.require_fresh()
        return any(
            may_be_absent(value) or (isinstance(key, Stamp) and type(value) is not int)
            for key, value in dict.items(self)
        )

    def spoil(self, stale: Stale) -> None:
        """Makes what it holds stale."""
        dict.update(self, dict.fromkeys([*dict.keys(self), _MARK], stale))

    def require_fresh(self) -> None:
        """Refuses the use of a dict whose contents are stale."""
        if _MARK in dict.keys(self):
            dict.__getitem__(self, _MARK).refuse_use()

    def plain_keys(self) -> list[Any]:
        """The keys that there may be: in their order, unless that is for the graph to decide."""
        self.require_fresh()
        found = [key for key in dict.keys(self) if not isinstance(key, Stamp)]
        stamps = [dict.get(self, Stamp(key), -1) for key in found]
        if not all(type(stamp) is int for stamp in stamps):
            return found
        return [found[place] for place in sorted(range(len(found)), key=stamps.__getitem__)]

    def _present(self, key: Any) -> Any:
        self.require_fresh()
        return present(dict.get(self, key, _ABSENT))

    # -- changes ------------------------------------------------------------------------------------------

    def _touch(self) -> bool:
        """Announces a change; whether it happens in a staged block, to a dict from outside."""
        trace = current_trace()
        if trace is None:
            return False
        trace.touch(self)
        return trace.journal is not None and trace.journal.is_shared(self)

    def _settle(self) -> None:
        trace = current_trace()
        if trace is not None:
            trace.settle(self)

    def __setitem__(self, key: Any, value: Any) -> None:
        shared, there = self._touch(), self._present(key)
        if there is not True and (shared or CLOCK in dict.keys(self)):
            now = _number(dict.get(self, CLOCK, 0), 0)
            before = _number(dict.get(self, Stamp(key), -1), -1)
            dict.__setitem__(self, Stamp(key), now if there is False else where(there, before, now))
            dict.__setitem__(self, CLOCK, now + 1)
        dict.__setitem__(self, key, value)
        self._settle()

    def __delitem__(self, key: Any) -> None:
        self[key]  # which there has to be
        self._touch()
        dict.__delitem__(self, key)
        dict.pop(self, Stamp(key), None)
        self._settle()

    def pop(self, key: Any, *default: Any) -> Any:
        """Removes an entry and gives its value."""
        if isinstance(key, Chosen):
            return _by_key(key, lambda one: self.pop(one, *default))
        value = self.get(key, *default) if default else self[key]
        self._touch()
        dict.pop(self, key, None)
        dict.pop(self, Stamp(key), None)
        self._settle()
        return value

    def popitem(self) -> tuple[Any, Any]:
        """Removes the last entry and gives it."""
        if self.is_staged:
            self._refuse("popitem()")
        if not self.plain_keys():
            raise KeyError("popitem(): dictionary is empty")
        key = self.plain_keys()[-1]
        return key, self.pop(key)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value at a key, which gets one if it has none."""
        if isinstance(key, Chosen):
            return _by_key(key, lambda one: self.setdefault(one, default))
        if self._present(key) is not True:
            self[key] = self.get(key, default)
        return self[key]

    def update(self, items: Any = (), /, **named: Any) -> None:
        """Takes over other entries."""
        for key, value in dict(items, **named).items():
            self[key] = value

    def clear(self) -> None:
        """Removes all entries."""
        for key in self.plain_keys():
            self.pop(key, None)

    def __ior__(self, other: Any) -> Dict:
        self.update(other)
        return self

    # -- questions ----------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        self.require_fresh()
        return bound(dict.__getitem__(self, key))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value at a key, or another one if there is none."""
        if isinstance(key, Chosen):
            return key.ag_map(lambda one: self.get(one, default))
        there = self._present(key)
        if isinstance(there, bool):
            return dict.get(self, key, default)
        entry = dict.__getitem__(self, key)
        return selected([lambda: default, lambda: bare(entry)], astype(there, int64))

    def has(self, key: Any) -> Any:
        """Whether there is a key: a bool, or a tensor."""
        return self._present(key)

    def length(self) -> Any:
        """How many entries there are: an int, or a tensor."""
        there = [self._present(key) for key in self.plain_keys()]
        unsure = [astype(one, int64) for one in there if isinstance(one, Tensor)]
        certain = sum(one is True for one in there)
        return certain + sum_of(stack(unsure)) if unsure else certain

    def entry(self, place: Any) -> tuple[Any, Any]:
        """The key and the value at a place among the present keys, which a tensor gives."""
        keys = self.plain_keys()
        stamps = [
            where(self._present(key), _number(dict.get(self, Stamp(key), -1), -1), np.int64(_LAST)) for key in keys
        ]
        found = getitem(argsort(stack(stamps)), place)
        return choose(keys, found), choose([bare(dict.__getitem__(self, key)) for key in keys], found)

    def __contains__(self, key: Any) -> bool:
        return bool(self._present(key))

    def __len__(self) -> int:
        self._python("len()")
        return len(self.plain_keys())

    def __iter__(self) -> Iterator[Any]:
        self._python("iteration")
        return iter(self.plain_keys())

    def __reversed__(self) -> Iterator[Any]:
        self._python("reversed()")
        return iter(self.plain_keys()[::-1])

    def keys(self) -> Any:
        """Its keys."""
        return self._view(0) if self._is_odd() else dict.keys(self)

    def values(self) -> Any:
        """Its values."""
        return self._view(1) if self._is_odd() else dict.values(self)

    def items(self) -> Any:
        """Its entries."""
        return self._view(None) if self._is_odd() else dict.items(self)

    def _is_odd(self) -> bool:
        return CLOCK in dict.keys(self) or self.is_staged

    def _view(self, part: int | None) -> Any:
        if self.is_staged:
            return _entries(self, part)
        pairs = [(key, dict.__getitem__(self, key)) for key in self.plain_keys()]
        return pairs if part is None else [pair[part] for pair in pairs]

    def copy(self) -> Dict:
        """A dict of the same entries."""
        return Dict(self)

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, dict):
            return NotImplemented
        made = Dict(self)
        made.update(other)
        return made

    def __ror__(self, other: Any) -> Any:
        return Dict(other) | self

    def __eq__(self, other: Any) -> Any:
        self._python("==")
        return dict(self.items()) == other

    def __ne__(self, other: Any) -> Any:
        return not self == other

    def __repr__(self) -> str:
        if not is_shown():
            return repr({key: value for key, value in dict.items(self) if not isinstance(key, Stamp)})
        self._python("text")
        return repr(dict(self.items()))

    def __reduce__(self) -> Any:
        return dict, (dict(self.items()),)

    def _python(self, what: str) -> None:
        if self.is_staged:
            self._refuse(what)

    def _refuse(self, what: str) -> NoReturn:
        refuse(
            GraphTensorError,
            f"{what} of a dict of which tensors decide what keys it has, or their order, by code that is not converted",
            "loop over its items with a for statement, or ask for single keys: d.get(key)",
        )


def _by_key(key: Chosen, change: Callable[[Any], Any]) -> Any:
    """What a change gives, which is made for the chosen key only."""
    chosen = key.require_bound()
    return selected([functools.partial(change, one) for one in chosen.ag_values], chosen.ag_index)


def may_be_absent(value: Any) -> bool:
    """Whether an entry is there on some paths only."""
    if isinstance(value, Maybe):
        return UNBOUND in value.ag_kinds
    return isinstance(value, Chosen) and any(isinstance(one, Unbound) for one in value.ag_values)


def present(value: Any) -> Any:
    """Whether an entry is there: a bool, or a tensor."""
    if value is _ABSENT or not may_be_absent(value):
        return value is not _ABSENT
    if isinstance(value, Maybe):
        return tag_differs(value.ag_tag, UNBOUND)
    place = next(place for place, one in enumerate(value.ag_values) if isinstance(one, Unbound))
    return not_equal(value.ag_index, np.int64(place))


def bare(value: Any) -> Any:
    """An entry's value, where it is known to be there."""
    if not may_be_absent(value):
        return value
    if isinstance(value, Chosen):
        other = next(one for one in value.ag_values if not isinstance(one, Unbound))
        return Chosen([other if isinstance(one, Unbound) else one for one in value.ag_values], value.ag_index)
    kinds = value.ag_kinds - {UNBOUND}
    return value.ag_value if kinds == {VALUE} else Maybe(value.ag_tag, value.ag_value, kinds, value.ag_name)


def bare_entry(items: Dict, key: Any) -> Any:
    """The value at a key that is known to be there."""
    return bare(dict.__getitem__(items, key))


def _number(value: Any, default: int) -> Any:
    """A stamp, or another number where there is none."""
    if isinstance(value, Maybe):
        return where(tag_equals(value.ag_tag, VALUE), value.ag_value, default)
    return value


def _raw(items: Dict) -> Iterable[tuple[Any, Any]]:
    return list(dict.items(items))


# Set by the module of sequences, which needs this one: what a loop over the entries goes over.
_entries: Callable[[Dict, int | None], Any]


def set_entries(entries: Callable[[Dict, int | None], Any]) -> None:
    """Announces how to loop over entries whose number the graph computes."""
    global _entries
    _entries = entries


def _flattened(items: Any) -> tuple[list[Any], tuple[Any, ...]]:
    return [dict.__getitem__(items, key) for key in items], tuple(items)


Dict.__name__ = "dict"  # in what Python says of it

optree.register_pytree_node(
    Dict,
    _flattened,
    lambda keys, values: Dict(zip(keys, values, strict=True)),  # type: ignore[call-overload]
    path_entry_type=optree.MappingEntry,
    namespace=optree.registry.__GLOBAL_NAMESPACE,
)
