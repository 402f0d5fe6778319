"""JAX's devices by name, and eager ops on them: each is a small graph, compiled once for its operands' types."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from autograph.backends.xla.device_names import devices_by_name, name_of
from autograph.backends.xla.kept_copies import moved
from autograph.backends.xla.program import Program
from autograph.runtime.apply import apply as apply_op
from autograph.runtime.apply import operand_tensor, run_kernel
from autograph.runtime.context import Context, use
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.dtypes import bool_
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.ir import Graph
from autograph.runtime.op import Op
from autograph.runtime.placement import placed
from autograph.runtime.tensor import Tensor, raw_type
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType
from autograph.runtime.vector import Vector

_MOST = 4096  # graphs of single ops that are kept
_graphs: dict[Any, tuple[Program, bool]] = {}  # and whether the op gives one tensor


def names() -> list[str]:
    """The devices that are there, the preferred kind first."""
    return list(devices_by_name())


def device_of(array: Any) -> str:
    """The device that an array is on."""
    return ", ".join(sorted(map(name_of, array.devices())))


def put(array: Any, device: str) -> Any:
    """An array on a device."""
    return moved(array, devices_by_name()[device])


def copy(array: Any, like: Any) -> Any:
    """A copy of an array where another is."""
    return moved(array, like.sharding, may_alias=False)


def from_dlpack(array: Any, copy: bool | None) -> Any:
    """Another library's array on a device, as JAX's array of the same memory."""
    with jax.enable_x64(True):
        return jax.numpy.from_dlpack(array, copy=copy)


def apply(op: Op, operands: Sequence[Any], attrs: dict[str, Any]) -> Any:
    """An op on operands of which one lives on a device: run there, so that the results stay."""
    tensors = [x if isinstance(x, Tensor) else operand_tensor(x) for x in operands]
    raws = [x if type(x) is DeviceTensor else x._value for x in tensors]
    if any(type(raw) is Vector for raw in raws):
        return _on_host(op, raws, attrs, None)
    device: str | None = next(device_of(raw.array) for raw in raws if type(raw) is DeviceTensor)
    if device is not None and "," in device:  # over several: XLA keeps results where the operands are
        device = None
    if _is_unsized(op, raws):
        return _on_host(op, raws, attrs, device)
    types = tuple([raw.type if isinstance(raw, Tensor) else raw_type(raw) for raw in raws])
    key = (op.name, device, types, tuple(sorted((name, _frozen(value)) for name, value in attrs.items())))
    known = _graphs.get(key)
    if known is None:
        if len(_graphs) >= _MOST:
            _graphs.clear()
        graph, single = _graph(op, types, attrs)
        known = _graphs[key] = Program(graph, device=device), single
    program, single = known
    try:
        outs = program.to_tensors(raws)
    except Failure as failure:
        signal = failure
    else:
        return outs[0] if single else tuple(outs)
    raise_failure(signal)


def _is_unsized(op: Op, raws: Sequence[Any]) -> bool:
    """Whether data decides the size of an op's result."""
    if not _binds(op):
        return False
    return op.name != "getitem" or any(getattr(raw, "dtype", None) in (bool_, np.dtype(bool)) for raw in raws[1:])


@functools.cache
def _binds(op: Op) -> bool:
    """Whether an op can name sizes that data decides."""
    return "binds" in inspect.signature(op.infer).parameters


def _on_host(op: Op, raws: Sequence[Any], attrs: dict[str, Any], device: str | None) -> Any:
    made = run_kernel(op, [raw._value if type(raw) is DeviceTensor else raw for raw in raws], attrs)
    outs = [placed(Tensor(out), device) for out in (made if type(made) is tuple else (made,))]
    return tuple(outs) if type(made) is tuple else outs[0]


def _graph(op: Op, types: Sequence[TensorType], attrs: dict[str, Any]) -> tuple[Graph, bool]:
    trace = Trace(op.name)
    params = [Tensor(trace.graph.body.add_param(type_)) for type_ in types]
    with use(Context(trace)):
        made = apply_op(op, *params, **attrs)
    single = not isinstance(made, tuple)
    trace.graph.body.results = [trace.value(out) for out in ((made,) if single else made)]
    return trace.graph, single


def _frozen(value: Any) -> Any:
    """An attribute as part of a key."""
    try:
        hash(value)
    except TypeError:
        return value.tobytes() if isinstance(value, np.ndarray) else repr(value)
    return value
