"""The path of a call from flat positional arguments to the backend.

A call whose arguments have dtypes, shapes, numbers and objects that have been seen before is looked up by these; then
only the guards are checked. Everything else goes through `Cache.find`, which puts the call down here.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.function.cache import Entry
from autograph.function.leaf_types import NumberInput
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.tensor import Tensor

_MOST_KEYS = 1024
_ARRAYS = frozenset({np.ndarray, *[np.dtype(code).type for code in "?bhilqBHILQefdFD"]})

# What checks the guards (None: nothing has changed), and what runs the graph on the arguments.
Known = tuple[Entry, Callable[[], int | None], Callable[[tuple[Any, ...]], Any]]


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
        raw = arg
        if kind is Tensor:
            raw = arg._value
            kind = type(raw)
            if kind not in _ARRAYS:  # a weak scalar
                key.append(Tensor)
                key.append(kind)
                continue
        if kind in _ARRAYS or kind is DeviceTensor:
            if kind is DeviceTensor:
                raw = arg.array
            key.append(raw.dtype)
            key.append(raw.shape)
        elif kind is int or kind is float:
            key.append(kind)
            key.append(None if arg and place in general else repr(arg))  # zeros keep traces of their own
        elif kind is bool or kind is str or arg is None:
            key.append(kind)
            key.append(arg)
        else:
            key.append(id(arg))
    return tuple(key)


def direct(entry: Entry) -> Callable[[tuple[Any, ...]], Any]:
    """A function that runs an entry's graph on the arguments of a flat call, while nothing is traced or taped."""
    concrete = entry.concrete
    supplied = dict(entry.supplied)
    space: dict[str, Any] = {
        "Tensor": Tensor,
        "Failure": Failure,
        "raise_failure": raise_failure,
        "execute": concrete.run_to_tensors if concrete.takes_devices else concrete.executable,
        "DeviceTensor": DeviceTensor,
        "decoded": concrete.decoded,
        "require_apart": concrete.require_apart,
    }
    held = "(a{0}._value if type(a{0}) is Tensor or type(a{0}) is DeviceTensor else a{0})"
    raw = "a{0}" if concrete.takes_devices else held
    raws = [raw.format(i) for i in concrete.inputs]
    for place, tensor in enumerate(concrete.captures):
        raws.append(f"c{place}" if concrete.takes_devices else f"c{place}._value")
        space[f"c{place}"] = tensor
    for place, variable in enumerate(concrete.variables):
        raws.append(f"a{supplied[place]}" if place in supplied else f"v{place}")
        space[f"v{place}"] = variable
    if concrete.takes_devices:
        result = "found[0]" if concrete.single else "decoded(found, args)"
    else:
        result = "Tensor(found[0])" if concrete.single else "decoded([Tensor(raw) for raw in found], args)"
    lines = [
        "def answer(args):",
        *([f"    {''.join(f'a{i}, ' for i in range(len(entry.types)))}= args"] if entry.types else []),
        *(["    require_apart(args)"] if concrete.writebacks else []),
        "    try:",
        f"        found = execute([{', '.join(raws)}])",
        "    except Failure as failure:",
        "        signal = failure",
        "    else:",
        f"        return {result}",
        "    raise_failure(signal)",
    ]
    exec(compile("\n".join(lines), "<autograph call>", "exec"), space)
    made: Callable[[tuple[Any, ...]], Any] = space["answer"]
    return made


class ShortPath:
    """Entries by what the calls that they have answered were called with.

    Attributes:
        known: by `call_key`.
        general: the places whose numbers are inputs of graphs.
    """

    def __init__(self) -> None:
        self.known: dict[Any, Known] = {}
        self.general: frozenset[int] = frozenset()
        self._alive: dict[int, Any] = {}

    def clear(self) -> None:
        """Forgets all calls."""
        self.known.clear()
        self._alive.clear()

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
        if not literal and all(self._keep(arg) for arg in args):
            self.known[call_key(args, mode, general)] = (entry, entry.guards.check, direct(entry))

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
