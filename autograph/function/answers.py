"""Functions made for calls of one kind: each looks whether a call is of its kind, and runs the graph for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograph.function.cache import Entry
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.tensor import Tensor

ARRAYS = frozenset({np.ndarray, *[np.dtype(code).type for code in "?bhilqBHILQefdFD"]})

MISS = object()  # for calls of another kind, or when a guard tells of a change

# Takes leaves and the mode (see `call_key`); gives the call's result, or MISS.
Answer = Callable[[tuple[Any, ...], Any], Any]


def call_key(args: tuple[Any, ...], mode: Any, general: frozenset[int]) -> tuple[Any, ...]:
    """What calls with the same answer have in common.

    Args:
        args: the arguments' leaves.
        mode: what decides besides them: `settings.mode`, with the arguments' structure where they have one.
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
            if kind not in ARRAYS:  # a weak scalar
                continue
        if kind in ARRAYS:
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


def answer_for(entry: Entry, args: tuple[Any, ...], mode: Any, general: frozenset[int]) -> Answer:
    """A function that answers calls like this one by an entry's graph, while nothing is traced or taped.

    Args:
        entry: has answered the call.
        args: the leaves of the call's arguments.
        mode: as for `call_key`.
        general: as for `call_key`.
    """
    concrete = entry.concrete
    space: dict[str, Any] = {
        "MISS": MISS,
        "wanted": mode,
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
        f"    if mode != wanted or len(args) != {len(args)}:",
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
    elif kind is Tensor or kind in ARRAYS:
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
