"""Finds changes of Python objects that nothing announces: in a staged block they would happen while it is traced.

Lists, dicts, tensors, attributes and cells are state, which the journal follows (`journal`). What it cannot follow is
looked at before and after a block is traced: sets, deques, arrays, iterators, objects with slots, and lists and dicts
that C code changes. NumPy arrays are read-only meanwhile.
"""

from __future__ import annotations

import array
import contextlib
import functools
import itertools
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from types import BuiltinFunctionType, CellType, FunctionType, GeneratorType, MethodType, ModuleType, SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from autograph.errors import StagingError, message
from autograph.runtime.location import user_line
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.choice import Chosen
from autograph.staging.failures import error_location
from autograph.staging.growing_list import List
from autograph.staging.objects import is_object
from autograph.staging.unbound import Maybe

_MOST_NODES = 20_000
_LEAVES = (str, bytes, bool, int, float, complex, type(None), type, ModuleType, Tensor, Variable, np.generic)
UNTRACKED = (set, deque, bytearray, array.array, np.ndarray)
_ITERABLES: tuple[Any, ...] = ([], (), "", range(0), {}, set(), {}.values(), {}.items(), range(2**70))
_ITERATORS = tuple(
    [type(iter(example)) for example in _ITERABLES]
    + [type(reversed([])), zip, map, filter, enumerate, GeneratorType]
    + [one for one in vars(itertools).values() if isinstance(one, type) and hasattr(one, "__next__")]
)
_HINTS: tuple[tuple[Any, str], ...] = (
    (np.ndarray, "make it a tensor: ag.constant(a)"),
    (set, "use a list or a tensor, or change it outside the block"),
    ((deque, bytearray, array.array), "use a list"),
    (_ITERATORS, "take the items before the block: items = list(...)"),
    ((list, dict), "use its own methods: ys.append(y), d[key] = value"),
    (SimpleNamespace, "set its attributes in converted code"),
    (object, "keep what changes in attributes of an object without __slots__, or in a list or a dict"),
)


def refuse_change(obj: Any) -> NoReturn:
    """Refuses a change of an object that no graph can keep as state."""
    what, hint = _words(obj)
    refuse(StagingError, what, hint)


def _words(obj: Any) -> tuple[str, str]:
    kind = "list" if isinstance(obj, List) else type(obj).__name__
    hint = next(text for kinds, text in _HINTS if isinstance(obj, kinds))
    verb = "advanced" if isinstance(obj, _ITERATORS) else "changed"
    return f"a {kind} from outside is {verb} in a staged block, which would happen when it is traced", hint


class Watch:
    """What a block can reach, as it was before.

    Args:
        sources: values that the block takes, and its functions.
        tracked: whether to look at lists and dicts too, which code that is not converted may change.

    Attributes:
        untracked: what no graph can keep as state, by id.
        objects: the objects of the user's classes.
        cells: the variables that functions share, by id; None where not all are known.
    """

    def __init__(self, sources: Sequence[Any], tracked: bool = True) -> None:
        self.untracked: dict[int, Any] = {}
        self._before: list[tuple[Any, Any]] = []
        self._followed: dict[int, tuple[Any, Any]] = {}  # lists and dicts that are not looked at
        self._frozen: list[np.ndarray[Any, Any]] = []
        self.objects: list[Any] = []
        self.cells: dict[int, CellType] | None = {}
        reached = list(_reached(sources))
        if len(reached) >= _MOST_NODES:
            self.cells = None  # there are others
        for obj in reached:
            if isinstance(obj, FunctionType) and self.cells is not None:
                self.cells.update({id(cell): cell for cell in obj.__closure__ or ()})
            if is_object(obj):
                self.objects.append(obj)
            if isinstance(obj, (*UNTRACKED, *_ITERATORS)):
                self.untracked[id(obj)] = obj
            if isinstance(obj, np.ndarray):
                if obj.flags.writeable:
                    obj.flags.writeable = False
                    self._frozen.append(obj)
            elif (state := _state(obj)) is None:
                continue
            elif tracked or not isinstance(obj, list | dict):
                self._before.append((obj, state))
            else:
                self._followed[id(obj)] = (obj, state)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Refuses writes into arrays at their line."""
        try:
            yield
        except ValueError as error:
            if self._frozen and "read-only" in str(error):
                what, hint = _words(self._frozen[0])
                raise StagingError(message(what, error_location(error), hint)) from None
            raise
        finally:
            # Arrays before their views, which cannot be written while those cannot.
            for one in sorted(self._frozen, key=_depth):
                with contextlib.suppress(ValueError):  # a constant of the graph holds its memory now
                    one.flags.writeable = True

    def has_changed(self, obj: list[Any] | dict[Any, Any]) -> bool:
        """Whether a list or dict that `compare` does not look at is not as it was, once the journal has undone its."""
        found, before = self._followed.get(id(obj), (None, None))
        return found is obj and not _same(_state(obj), before)

    def compare(self) -> None:
        """Refuses what has changed, once the journal has undone what it knows of.

        Raises:
            StagingError: an object is not as it was.
        """
        for obj, before in self._before:
            if not _same(_state(obj), before):
                what, hint = _words(obj)
                raise StagingError(message(what, user_line(), hint))


def globals_of(function: Any) -> list[Any]:
    """What a function's code mentions of its module."""
    plain = getattr(function, "__func__", function)
    if not isinstance(plain, FunctionType):
        return []
    names = [name for name in plain.__code__.co_names if name in plain.__globals__]
    return [plain.__globals__[name] for name in names]


def _reached(sources: Sequence[Any]) -> Iterator[Any]:
    """The objects that values and functions lead to."""
    waiting, seen = list(sources), set[int]()
    while waiting and len(seen) < _MOST_NODES:
        obj = waiting.pop()
        if isinstance(obj, _LEAVES) or id(obj) in seen:
            continue
        seen.add(id(obj))
        yield obj
        waiting.extend(_parts(obj))


def _parts(obj: Any) -> list[Any]:
    if isinstance(obj, list | tuple | set | frozenset | deque):
        return list(list.__iter__(obj)) if isinstance(obj, list) else list(obj)
    if isinstance(obj, dict):
        return list(dict.values(obj))
    if isinstance(obj, FunctionType):
        return [*_cells(obj), *(obj.__defaults__ or ())]
    if isinstance(obj, MethodType | BuiltinFunctionType):
        return [obj.__self__]
    if isinstance(obj, functools.partial):
        return [obj.func, *obj.args, *obj.keywords.values()]
    if isinstance(obj, Maybe):
        return [obj.ag_value]
    if isinstance(obj, Chosen):
        return list(obj.ag_values)
    if is_object(obj) or isinstance(obj, SimpleNamespace):
        return [*vars(obj).values(), *_slots(obj).values()]
    return list(_slots(obj).values())


def _cells(function: FunctionType) -> list[Any]:
    found = []
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty cell
            found.append(cell.cell_contents)
    return found


def _slots(obj: Any) -> dict[str, Any]:
    """What an object of a user's class with `__slots__` holds."""
    return {name: getattr(obj, name) for name in _slot_names(type(obj)) if hasattr(obj, name)}


def _slot_names(cls: type) -> list[str]:
    if cls.__module__.partition(".")[0] in ("autograph", "builtins", "numpy"):
        return []
    names = [name for base in cls.__mro__ for name in _names(vars(base).get("__slots__", ()))]
    return [name for name in names if not name.startswith("__")]


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _state(obj: Any) -> Any:
    """What to compare of an object; None for one that nothing changes unseen."""
    if isinstance(obj, list):
        return list(list.__iter__(obj))
    if isinstance(obj, dict):
        return [part for pair in dict.items(obj) for part in pair]
    if isinstance(obj, set):
        return frozenset(obj)
    if isinstance(obj, deque):
        return list(obj)
    if isinstance(obj, bytearray | array.array):
        return bytes(obj)
    if isinstance(obj, _ITERATORS):
        return _progress(obj)
    if isinstance(obj, SimpleNamespace) or is_object(obj):
        return [part for pair in (vars(obj) | _slots(obj)).items() for part in pair]
    return [part for pair in _slots(obj).items() for part in pair] if _slot_names(type(obj)) else None


def _progress(iterator: Any) -> Any:
    """How far an iterator has gone."""
    if isinstance(iterator, GeneratorType):
        return None if iterator.gi_frame is None else iterator.gi_frame.f_lasti
    if hasattr(iterator, "__length_hint__"):
        return iterator.__length_hint__()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return _token(iterator.__reduce__()[1:])
        except TypeError:
            return repr(iterator)


def _token(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(map(_token, part))
    if isinstance(part, _ITERATORS):
        return _progress(part)
    return part if isinstance(part, int | str) else id(part)


def _same(now: Any, before: Any) -> bool:
    if isinstance(now, list) and isinstance(before, list):
        return len(now) == len(before) and all(a is b for a, b in zip(now, before, strict=True))
    return bool(now == before)


def _depth(array: np.ndarray[Any, Any]) -> int:
    """How many arrays an array is a view of, one of another."""
    depth = 0
    while isinstance(array.base, np.ndarray):
        array, depth = array.base, depth + 1
    return depth
