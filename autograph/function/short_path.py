"""The path of calls of known kinds to the backend.

Each kind of call that has been answered has a function of its own (`answers`). The one that answered last is asked
first; others are looked up. Everything else goes through `Cache.find`, which puts the call down here.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import optree

from autograph.function.answers import ARRAYS, MISS, Answer, answer_for, call_key
from autograph.function.arguments import NAMESPACE
from autograph.function.cache import Entry
from autograph.function.leaf_types import NumberInput
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.tensor import Tensor

_MOST_KEYS = 1024
_KEPT = frozenset({Tensor, DeviceTensor, int, float, bool, str, type(None), *ARRAYS})


def _nothing(args: tuple[Any, ...], mode: Any) -> Any:
    return MISS


class ShortPath:
    """What answers calls of the kinds that have been answered.

    Attributes:
        known: by `call_key`, with the entry whose graph runs.
        last: what answered last.
        general: the places whose numbers are inputs of graphs.
        nested: whether arguments have been structures of leaves.

    Args:
        signature: of the function.
    """

    __slots__ = ("__weakref__", "_alive", "_bind", "_signature", "general", "known", "last", "nested")

    def __init__(self, signature: inspect.Signature) -> None:
        self.known: dict[Any, tuple[Entry, Answer]] = {}
        self.last: Answer = _nothing
        self.general: frozenset[int] = frozenset()
        self.nested = False
        self._alive: dict[int, Any] = {}
        self._signature = signature
        self._bind: Callable[..., tuple[Any, ...]] | None = None

    def clear(self) -> None:
        """Forgets all calls."""
        self.known.clear()
        self.last = _nothing
        self._alive = {}

    def find(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], mode: str, calls: Iterator[int]) -> Any:
        """The result of a call whose arguments, as they stand, are not those of the last kind.

        Args:
            args: its arguments.
            kwargs: those by name.
            mode: `settings.mode`.
            calls: numbers calls, so that what was not used for long can be told.

        Returns:
            The result; MISS where no such call is known.
        """
        if not self.known:
            return MISS
        leaves, whole = self._leaves(args, kwargs, mode, self.nested)
        found = self.last(leaves, whole)
        if found is not MISS:
            next(calls)
            return found
        key = call_key(leaves, whole, self.general)
        known = self.known.get(key)
        if known is None:
            return MISS
        entry, answer = known
        found = answer(leaves, whole)
        if found is not MISS:
            entry.used = next(calls)
            self.last = answer
            if key not in self.known:  # an object has gone, and all have been forgotten
                self.last = _nothing
        return found

    def remember(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any], leaves: list[Any], entry: Entry, mode: str
    ) -> None:
        """Puts down which entry has answered a call, where its arguments give these leaves."""
        for nested in (self.nested, True):
            found, whole = self._leaves(args, kwargs, mode, nested)
            if _same(found, leaves):
                break
        else:
            return
        self.nested = nested
        general = self.general | {i for i, type_ in enumerate(entry.types) if isinstance(type_, NumberInput)}
        if general != self.general or len(self.known) >= _MOST_KEYS:
            self.clear()
            self.general = general
        # An entry that takes a number literally does not answer for all numbers of that place.
        pairs = [(found[i], entry.types[i]) for i in general if i < len(found)]
        literal = any(_is_number(leaf) and leaf and not isinstance(type_, NumberInput) for leaf, type_ in pairs)
        alive = self._alive
        if not literal and all(self._keep(leaf) for leaf in found):
            answer = answer_for(entry, found, whole, general)
            self.known[call_key(found, whole, general)] = (entry, answer)
            self.last = answer
            if self._alive is not alive:  # an object has gone meanwhile
                self.clear()

    def _leaves(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any], mode: str, nested: bool
    ) -> tuple[tuple[Any, ...], Any]:
        """A call's arguments in the order of the parameters, as leaves; the mode, with their structure if nested."""
        if self._bind is None:
            self._bind = binder(self._signature)
        try:
            values = self._bind(*args, **kwargs)
        except TypeError:  # the long path says what is wrong
            return (MISS,), MISS
        if not nested:
            return values, mode
        tree: Any = values
        leaves, structure = optree.tree_flatten(tree, none_is_leaf=True, namespace=NAMESPACE)
        return tuple(leaves), (mode, structure)

    def _keep(self, leaf: Any) -> bool:
        """Makes sure that an argument known by its `id` is forgotten when it goes."""
        if type(leaf) not in _KEPT and id(leaf) not in self._alive:
            this = weakref.ref(self)

            def gone(_: Any) -> None:
                path = this()
                if path is not None:
                    path.clear()

            try:
                self._alive[id(leaf)] = weakref.ref(leaf, gone)
            except TypeError:
                return False
        return True


def binder(signature: inspect.Signature) -> Callable[..., tuple[Any, ...]]:
    """A function that is called like another and gives its arguments, in the order of the parameters.

    Those that are passed by name alone come last, in the order of their names, as in `Arguments`.

    Example:
        >>> import inspect
        >>> from autograph.function.short_path import binder
        >>> binder(inspect.signature(lambda x, y=2, *, z, a: None))(1, z=3, a=4)
        (1, 2, 4, 3)
    """
    heads: list[str] = []
    values: list[str] = []
    named: list[str] = []
    space: dict[str, Any] = {}
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    for place, (name, parameter) in enumerate(signature.parameters.items()):
        kind = parameter.kind
        if kind is parameter.KEYWORD_ONLY and parameter.VAR_POSITIONAL not in kinds and not named:
            heads.append("*")
        if kind is parameter.VAR_KEYWORD:  # such calls take the long path
            continue
        (named if kind is parameter.KEYWORD_ONLY else values).append(name)
        heads.append(name)
        if kind is parameter.VAR_POSITIONAL:
            heads[-1] = values[-1] = f"*{name}"
        elif parameter.default is not parameter.empty:
            space[f"default{place}"] = parameter.default
            heads[-1] += f"=default{place}"
        if kind is parameter.POSITIONAL_ONLY and kinds[place + 1 : place + 2] != [kind]:
            heads.append("/")
    found = "".join([f"{value}, " for value in [*values, *sorted(named)]])
    exec(f"def bind({', '.join(heads)}): return ({found})", space)
    made: Callable[..., tuple[Any, ...]] = space["bind"]
    return made


def _same(found: tuple[Any, ...], leaves: list[Any]) -> bool:
    return len(found) == len(leaves) and all(a is b for a, b in zip(found, leaves, strict=True))


def _is_number(arg: Any) -> bool:
    return type(arg) is int or type(arg) is float
