"""`apply(op, …)`: the one way to run an op. It records into the graph being traced, or computes at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograph.errors import AutoGraphError, DTypeError, message
from autograph.runtime.context import Context, current
from autograph.runtime.dtypes import DType, from_numpy, int64
from autograph.runtime.ir import Value
from autograph.runtime.location import user_line
from autograph.runtime.numerics import check_results, watch
from autograph.runtime.op import Kind, Op, get_op
from autograph.runtime.promotion import result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type, refuse_leaked
from autograph.runtime.types import TensorType


class _DeviceOps:
    """How ops on tensors of devices run there; None until there are any."""

    run: Callable[..., Any] | None = None
    wanted: Callable[[Sequence[Any]], bool]
    place: Callable[[Any], Any] | None = None  # where new variables live
    copy: Callable[[Any, Any], Any]  # a value, copied to where another lives


device_ops = _DeviceOps()

_ARRAYS = (np.ndarray, np.generic)
_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1


def apply(op: Op, *operands: Any, **attrs: Any) -> Any:
    """Applies an op to tensors, variables, Python numbers or NumPy arrays.

    Returns:
        A Tensor, or a tuple of them for an op with several outputs (none gives an empty tuple).
    """
    context = current()
    if context is not None and (context.trace is not None or context.tapes):
        if context.trace is not None:
            return context.trace.apply(op, operands, attrs)
        return _eager_taped(context, op, operands, attrs)
    if device_ops.run is not None and device_ops.wanted(operands):
        return device_ops.run(op, operands, attrs)
    raws = [x._value if type(x) is Tensor else raw_operand(x) for x in operands]
    if op.promotes and not _same_dtype(raws):
        raws = _promoted(op, raws)
    out = run_kernel(op, raws, attrs)
    return tuple([Tensor(x) for x in out]) if type(out) is tuple else Tensor(out)


def run_kernel(op: Op, raws: Sequence[Any], attrs: dict[str, Any]) -> Any:
    """The op's reference kernel on raw values; Python's own operation while all are Python numbers."""
    if op.weakens and _all_numbers(raws):
        out = weak_result(op, raws, attrs)
    else:
        assert op.kernel is not None, f"{op.name} has no kernel"
        try:
            out = op.kernel(np, *raws, **attrs)
        except (ValueError, TypeError, IndexError) as error:
            if isinstance(error, AutoGraphError):
                raise
            _explain(op, raws, attrs)
            raise
    if watch.on:
        check_results(op.name, raws, out)
    return out


def _all_numbers(raws: Sequence[Any]) -> bool:
    return not raws or (type(raws[0]) in PYTHON_NUMBERS and all(type(raw) in PYTHON_NUMBERS for raw in raws))


def _explain(op: Op, raws: Sequence[Any], attrs: dict[str, Any]) -> None:
    """Says in the user's terms why a kernel fails, if that is about types."""
    try:
        op.infer(*[raw_type(raw) for raw in raws], **attrs)
    except AutoGraphError as error:
        raise error from None
    except IndexError:
        return  # the kernel's own words are as good


def weak_result(op: Op, raws: Sequence[Any], attrs: dict[str, Any]) -> Any:
    """An op on Python numbers gives a Python number; integers stay within 64 bits."""
    if op.python is not None:
        out = op.python(*raws, **attrs)
    else:
        assert op.kernel is not None, f"{op.name} has no kernel"
        out = op.kernel(np, *raws, **attrs)
        out = out.item() if isinstance(out, np.ndarray | np.generic) and out.ndim == 0 else out
    if type(out) is int and not _INT64_MIN <= out <= _INT64_MAX:
        raise OverflowError(
            message(f"the integer result of {op.name} does not fit in 64 bits", user_line(), "use floats")
        )
    return out


def _eager_taped(context: Context, op: Op, operands: Sequence[Any], attrs: dict[str, Any]) -> Any:
    tensors = [x if type(x) is Tensor else operand_tensor(x) for x in operands]
    if op.promotes and not _same_dtype([x.held for x in tensors]):
        dtype, weak = result_type(*[(x.dtype, x.type.weak) for x in tensors])
        tensors = [_cast(x, dtype, weak) for x in tensors]
    known = {id(x.held) for x in tensors}
    if device_ops.run is not None and device_ops.wanted(tensors):
        made = device_ops.run(op, tensors, attrs)
    else:
        out = run_kernel(op, [x._value for x in tensors], attrs)
        made = tuple([Tensor(x) for x in out]) if type(out) is tuple else Tensor(out)
    outputs = tuple([type(x)(unshared(x.held, known)) for x in (made if type(made) is tuple else (made,))])
    for tape in context.tapes:
        tape.record(op, tensors, attrs, outputs)
    return outputs if type(made) is tuple else outputs[0]


def operand_tensor(operand: Any) -> Tensor:
    """An operand as a tensor, on the device where it lives."""
    if isinstance(operand, Tensor):
        return operand
    if hasattr(operand, "__autograph_tensor__"):
        made: Tensor = operand.__autograph_tensor__()
        return made
    return Tensor(raw_operand(operand))


def unshared(raw: Any, known: set[int]) -> Any:
    """The raw value as an object of its own, if it is among the known ones; tapes tell values apart by their objects.

    Args:
        raw: an array, a Python number or a list.
        known: the `id`s of objects that stand for other values; gets that of the result.
    """
    if id(raw) in known and type(raw) not in PYTHON_NUMBERS:
        raw = raw.view() if isinstance(raw, np.ndarray) else raw.copy()
    known.add(id(raw))
    return raw


def _cast(x: Tensor, dtype: DType, weak: bool) -> Tensor:
    if x.type.dtype is dtype and x.type.weak == weak:
        return x
    # The cast op is declared with the structural ops, whose gradients need `apply`: hence by name.
    out: Tensor = apply(get_op("cast"), x, dtype=dtype, weak=weak)
    return out


def raw_operand(operand: Any) -> Any:
    """The raw value behind an operand that is not a Tensor."""
    if type(operand) in PYTHON_NUMBERS:
        return operand
    if isinstance(operand, _ARRAYS):
        if operand.dtype not in from_numpy:
            refuse(
                DTypeError, f"NumPy arrays of dtype {operand.dtype} cannot be tensors", "convert it to numbers first"
            )
        return operand
    if hasattr(operand, "__autograph_tensor__"):  # variables and users' own tensor-like objects
        return operand.__autograph_tensor__()._value
    if isinstance(operand, Tensor):
        return operand._value
    refuse(DTypeError, f"a {type(operand).__name__} is not a tensor", "pass a tensor, a number or a NumPy array")


def _same_dtype(raws: Sequence[Any]) -> bool:
    """Whether NumPy's own promotion gives our answer without casts: equal dtypes, or a float beside Python numbers."""
    if len(raws) != 2:
        return len(raws) < 2
    a, b = raws
    if type(a) is Value or type(b) is Value:
        refuse_leaked(a if type(a) is Value else b)
    a_python, b_python = type(a) in PYTHON_NUMBERS, type(b) in PYTHON_NUMBERS
    if not a_python and not b_python:
        return a.dtype is b.dtype or bool(a.dtype == b.dtype)
    if a_python and b_python:
        return True
    number, array = (a, b) if a_python else (b, a)
    kind = array.dtype.kind
    return (kind == "f" and type(number) in (float, int)) or (kind in "iu" and type(number) is int)


def _promoted(op: Op, raws: Sequence[Any]) -> list[Any]:
    """Operands cast to their common dtype; Python numbers among arrays become arrays of it."""
    types = [raw_type(raw) for raw in raws]
    dtype, weak = result_type(*[(type_.dtype, type_.weak) for type_ in types])
    if weak:
        return list(raws)
    return [np.asarray(raw).astype(dtype.numpy, copy=False) for raw in raws]


def infer_types(op: Op, types: Sequence[Any], attrs: Mapping[str, Any]) -> tuple[tuple[Any, ...], bool]:
    """The output types of an op for these operand types (weak bit included), and whether it gives one bare output."""
    out = op.infer(*types, **attrs)
    single = not isinstance(out, tuple)
    outs: tuple[Any, ...] = (out,) if not isinstance(out, tuple) else out
    if op.weakens and op.kind is Kind.ELEMENTWISE:
        weak = all(isinstance(type_, TensorType) and type_.weak for type_ in types)
        outs = tuple([_weakened(type_, weak) for type_ in outs])
    return outs, single


def _weakened(type_: TensorType, weak: bool) -> TensorType:
    """The type of a result, which is a Python number where all operands are; Python's integers have 64 bits here."""
    if not weak or type_.shape:
        return TensorType(type_.dtype, type_.shape)
    return TensorType(int64 if type_.dtype.is_integer else type_.dtype, (), True)
