"""The path of a call from flat positional arguments to the backend.

Each kind of call that has been answered has a function of its own, made for it: this looks whether the arguments have
the dtypes, shapes, numbers and objects of then, checks the guards, and runs the graph. The one that answered last is
asked first; others are looked up. Everything else goes through `Cache.find`, which puts the call down here.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograph.function.cache import Entry
from autograph.function.leaf_types import NumberInput
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.tensor import Tensor

_MOST_KEYS = 1024
_ARRAYS = frozenset({np.ndarray, *[np.dtype(code).type for code in "?bhilqBHILQefdFD"]})

MISS = object()  # for calls of another kind, or when a guard tells of a change

# Takes arguments and the mode (see `call_key`); gives the call's result, or MISS.
Answer = Callable[[tuple[Any, ...], str], Any]


def call_key(args: tuple[Any, ...], mode: str, general: frozenset[int]) -> tuple[Any, ...]:
    """What calls with the same answer have in common.

    Args:
        args: the arguments.
        mode: what decides besides them (`settings.mode`).
        general: the places whose numbers are inputs of graphs.
    """
    key: list[Any] = [mode]
    for place, arg in enumerate(args):
        kind = type(arg)
        key.append(kind)
        raw = arg
        if kind is Tensor:
            raw = arg._value
            kind = type(raw)
            key.append(kind)
            if kind not in _ARRAYS:  # a weak scalar
                continue
        if kind in _ARRAYS:
            key.append(raw.dtype)
            key.append(raw.shape)
        elif kind is DeviceTensor:
            key.append(arg.type)
        elif kind is int or kind is float:
            key.append(None if arg and place in general else repr(arg))  # zeros keep traces of their own
        elif kind is bool or kind is str or arg is None:
            key.append(arg)
        else:
            key.append(id(arg))
    return tuple(key)


def answer_for(entry: Entry, args: tuple[Any, ...], mode: str, general: frozenset[int]) -> Answer:
    """A function that answers calls like this one by an entry's graph, while nothing is traced or taped.

    Args:
        entry: has answered the call.
        args: the call's arguments, which are flat.
        mode: as for `call_key`.
        general: as for `call_key`.
    """
    concrete = entry.concrete
    space: dict[str, Any] = {
        "MISS": MISS,
        "Tensor": Tensor,
        "Failure": Failure,
        "raise_failure": raise_failure,
        "check": entry.guards.check,
        "execute": concrete.run_to_tensors if concrete.takes_devices else concrete.executable,
        "DeviceTensor": DeviceTensor,
        "decoded": concrete.decoded,
        "require_apart": concrete.require_apart,
    }
    tests = [test for i, arg in enumerate(args) for test in _tests(i, arg, i in general, space)]
    if concrete.takes_devices:
        result = "found[0]" if concrete.single else "decoded(found, args)"
    else:
        result = "Tensor(found[0])" if concrete.single else "decoded([Tensor(raw) for raw in found], args)"
    lines = [
        "def answer(args, mode):",
        f"    if mode != {mode!r} or len(args) != {len(args)}:",
        "        return MISS",
        *([f"    {''.join(f'a{i}, ' for i in range(len(args)))}= args"] if args else []),
        f"    if not ({' and '.join([*tests, 'check() is None'])}):",
        "        return MISS",
        *(["    require_apart(args)"] if concrete.writebacks else []),
        "    try:",
        f"        found = execute([{', '.join(_operands(entry, args, space))}])",
        "    except Failure as failure:",
        "        signal = failure",
        "    else:",
        f"        return {result}",
        "    raise_failure(signal)",
    ]
    exec(compile("\n".join(lines), "<autograph call>", "exec"), space)
    made: Answer = space["answer"]
    return made


def _operands(entry: Entry, args: tuple[Any, ...], space: dict[str, Any]) -> Iterator[str]:
    """Expressions for what the backend takes; `space` takes what they name."""
    concrete, supplied = entry.concrete, dict(entry.supplied)
    value = "" if concrete.takes_devices else "._value"
    for place in concrete.inputs:
        yield f"a{place}{value}" if type(args[place]) in (Tensor, DeviceTensor) else f"a{place}"
    for place, tensor in enumerate(concrete.captures):
        space[f"c{place}"] = tensor
        yield f"c{place}{value}"
    for place, variable in enumerate(concrete.variables):
        space[f"v{place}"] = variable
        yield f"a{supplied[place]}" if place in supplied else f"v{place}"


def _tests(place: int, arg: Any, general: bool, space: dict[str, Any]) -> Iterator[str]:
    """Expressions that are true where an argument is of the kind of another, as `call_key` tells kinds apart.

    Args:
        place: of the argument.
        arg: the other one.
        general: whether numbers there are inputs of graphs.
        space: takes what the expressions name.
    """
    name, kind = f"a{place}", type(arg)
    if kind is DeviceTensor:
        space[f"type{place}"] = arg.type
        yield f"type({name}) is DeviceTensor and ({name}._type or {name}.type) is type{place}"
    elif kind is Tensor or kind in _ARRAYS:
        raw, held = (arg._value, f"{name}._value") if kind is Tensor else (arg, name)
        space[f"kind{place}"] = type(raw)
        if kind is Tensor:
            yield f"type({name}) is Tensor"
        yield f"type(r{place} := {held}) is kind{place}"
        if hasattr(raw, "dtype"):
            space[f"dtype{place}"], space[f"shape{place}"] = raw.dtype, raw.shape
            yield f"((d{place} := r{place}.dtype) is dtype{place} or d{place} == dtype{place})"
            yield f"r{place}.shape == shape{place}"
    elif kind is int or kind is float:
        yield f"type({name}) is {kind.__name__}"
        yield name if arg and general else f"repr({name}) == {repr(arg)!r}"
    elif kind is bool or arg is None:
        yield f"{name} is {arg!r}"
    elif kind is str:
        yield f"type({name}) is str and {name} == {arg!r}"
    else:
        yield f"id({name}) == {id(arg)}"


def _nothing(args: tuple[Any, ...], mode: str) -> Any:
    return MISS


class ShortPath:
    """What answers calls of the kinds that have been answered.

    Attributes:
        known: by `call_key`, with the entry whose graph runs.
        last: what answered last.
        general: the places whose numbers are inputs of graphs.
    """

    __slots__ = ("__weakref__", "_alive", "general", "known", "last")

    def __init__(self) -> None:
        self.known: dict[Any, tuple[Entry, Answer]] = {}
        self.last: Answer = _nothing
        self.general: frozenset[int] = frozenset()
        self._alive: dict[int, Any] = {}

    def clear(self) -> None:
        """Forgets all calls."""
        self.known.clear()
        self.last = _nothing
        self._alive = {}

    def find(self, args: tuple[Any, ...], mode: str, calls: Iterator[int]) -> Any:
        """The result of a call that is not like the last one; MISS where no such call is known.

        Args:
            args: its arguments.
            mode: as for `call_key`.
            calls: numbers calls, so that what was not used for long can be told.
        """
        key = call_key(args, mode, self.general)
        known = self.known.get(key)
        if known is None:
            return MISS
        entry, answer = known
        found = answer(args, mode)
        if found is not MISS:
            entry.used = next(calls)
            self.last = answer
            if key not in self.known:  # an object has gone, and all have been forgotten
                self.last = _nothing
        return found

    def remember(self, args: tuple[Any, ...], leaves: list[Any], entry: Entry, mode: str) -> None:
        """Puts down which entry has answered a call, where the arguments are flat and all there."""
        if len(args) != len(leaves) or any(a is not b for a, b in zip(args, leaves, strict=True)):
            return
        general = self.general | {i for i, type_ in enumerate(entry.types) if isinstance(type_, NumberInput)}
        if general != self.general or len(self.known) >= _MOST_KEYS:
            self.clear()
            self.general = general
        # An entry that takes a number literally does not answer for all numbers of that place.
        literal = any(args[i] and not isinstance(entry.types[i], NumberInput) for i in general if _is_number(args[i]))
        alive = self._alive
        if not literal and all(self._keep(arg) for arg in args):
            answer = answer_for(entry, args, mode, general)
            self.known[call_key(args, mode, general)] = (entry, answer)
            self.last = answer
            if self._alive is not alive:  # an object has gone meanwhile
                self.clear()

    def _keep(self, arg: Any) -> bool:
        """Makes sure that an argument known by its `id` is forgotten when it goes."""
        if type(arg) in (Tensor, DeviceTensor, int, float, bool, str, type(None)) or type(arg) in _ARRAYS:
            return True
        if id(arg) not in self._alive:
            this = weakref.ref(self)

            def gone(_: Any) -> None:
                path = this()
                if path is not None:
                    path.clear()

            try:
                self._alive[id(arg)] = weakref.ref(arg, gone)
            except TypeError:
                return False
        return True


def _is_number(arg: Any) -> bool:
    return type(arg) is int or type(arg) is float
