"""The ops that graphs themselves are made of: constants, sizes, casts, variables, checks, prints and control flow.

Control flow has no kernel: each backend lowers its regions. Its gradients are in `autograph.transforms`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import DType, int64
from autograph.runtime.failure import ErrorSite, Failure, Template
from autograph.runtime.op import NOT_DIFFERENTIABLE, Effect, Kind, Op, get_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.types import RefType, TensorType, Type
from autograph.runtime.vector import Vector


def _cast_kernel(xp: Any, x: Any, *, dtype: DType, weak: bool = False) -> Any:
    array = np.asarray(x).astype(dtype.numpy, copy=False)
    return array.item() if weak else array


def _cast_vjp(ct: Tensor, out: Tensor, x: Tensor, *, dtype: DType, weak: bool = False) -> tuple[Any, ...]:
    source = x.type
    if not (source.dtype.is_inexact and dtype.is_inexact):
        return (None,)
    if ct.dtype.is_complex and not source.dtype.is_complex:
        ct = apply(get_op("real"), ct)
    return (apply(cast_op, ct, dtype=source.dtype, weak=source.weak),)


def _check_kernel(xp: Any, ok: Any, *payload: Any, site: ErrorSite) -> tuple[()]:
    if not bool(ok):
        raise Failure(site, payload)
    return ()


def _fail_kernel(xp: Any, *payload: Any, site: ErrorSite) -> tuple[()]:
    raise Failure(site, payload)


def _check_dims_kernel(xp: Any, *, left: Any, right: Any, site: ErrorSite) -> tuple[()]:
    if left != right:
        raise Failure(site, (left, right))
    return ()


def _print_kernel(xp: Any, *payload: Any, template: Template, end: str = "\n", stderr: bool = False) -> tuple[()]:
    stream = sys.stderr if stderr else sys.stdout
    stream.write(template.fill(payload) + end)
    return ()


def _undefined_kernel(xp: Any, *, type: Type) -> Any:
    if not isinstance(type, TensorType):
        return Vector()
    if type.weak:
        return type.dtype.numpy.type(0).item()
    shape = tuple(dim if isinstance(dim, int) else 0 for dim in type.shape)
    return np.zeros(shape, type.dtype.numpy)


def _read_type(ref: RefType) -> Type:
    return ref.value


def _no_vjp(ct: Any, out: Any, *inputs: Any, **attrs: Any) -> tuple[None, ...]:
    return (None,) * len(inputs)


constant_op = Op(
    "constant",
    kind=Kind.CREATION,
    infer=lambda *, value: raw_type(value),
    kernel=lambda xp, *, value: value,
    vjp=_no_vjp,
)

# The size of a dimension as a number; its algebra goes on in shapes computed from it.
dimension_op = Op(
    "dimension",
    kind=Kind.CREATION,
    infer=lambda *, dim: TensorType(int64, (), True),
    kernel=lambda xp, *, dim: dim,
    vjp=_no_vjp,
)

# A placeholder that is never read: what a loop or branch carries before a name is bound.
undefined_op = Op(
    "undefined",
    kind=Kind.CREATION,
    infer=lambda *, type: type,
    kernel=_undefined_kernel,
    vjp=_no_vjp,
)

cast_op = Op(
    "cast",
    kind=Kind.ELEMENTWISE,
    infer=lambda x, *, dtype, weak=False: TensorType(dtype, x.shape, weak),
    kernel=_cast_kernel,
    vjp=_cast_vjp,
)

read_op = Op(
    "read",
    kind=Kind.EFFECT,
    infer=_read_type,
    kernel=lambda xp, ref: ref,
    vjp=NOT_DIFFERENTIABLE,  # differentiation treats variables as cells
    effects=Effect.READ,
)

assign_op = Op(
    "assign",
    kind=Kind.EFFECT,
    infer=lambda ref, value: (),
    kernel=lambda xp, ref, value: (),
    vjp=NOT_DIFFERENTIABLE,
    effects=Effect.WRITE,
)

check_op = Op(
    "check",
    kind=Kind.EFFECT,
    infer=lambda ok, *payload, site: (),
    kernel=_check_kernel,
    vjp=_no_vjp,
    effects=Effect.FAIL,
)

fail_op = Op(
    "fail",
    kind=Kind.EFFECT,
    infer=lambda *payload, site: (),
    kernel=_fail_kernel,
    vjp=_no_vjp,
    effects=Effect.FAIL,
)

check_dims_op = Op(
    "check_dims",
    kind=Kind.EFFECT,
    infer=lambda *, left, right, site: (),
    kernel=_check_dims_kernel,
    vjp=_no_vjp,
    effects=Effect.FAIL,
)

print_op = Op(
    "print",
    kind=Kind.EFFECT,
    infer=lambda *payload, template, end="\n", stderr=False: (),
    kernel=_print_kernel,
    vjp=_no_vjp,
    effects=Effect.PRINT,
)


def _no_infer(*types: Any, **attrs: Any) -> Any:
    raise AssertionError("control flow is recorded with its output types")


# cond(pred) {then} {else}: regions without parameters; while(*init) {test} {body}: both take the carry.
cond_op = Op("cond", kind=Kind.CONTROL, infer=_no_infer, vjp=None)
while_op = Op("while", kind=Kind.CONTROL, infer=_no_infer, vjp=None)
# try() {body} {catches = exception classes}: 0 and the body's results, or the 1-based place of the class that fits the
# exception, and placeholders.
try_op = Op("try", kind=Kind.CONTROL, infer=_no_infer, vjp=None)
# How deeply graphs may call one another, as Python limits its own calls.
CALL_DEPTH = 900

# call(*arguments) {callee = Graph}
call_op = Op("call", kind=Kind.CONTROL, infer=_no_infer, vjp=None, effects=Effect.FAIL)


def is_python_number(raw: Any) -> bool:
    """Whether a raw value is a Python number, thus weak."""
    return type(raw) in PYTHON_NUMBERS


def known_dim(tensor: Tensor) -> Dim | None:
    """The symbolic size that a graph scalar stands for, when it came from a shape."""
    node = getattr(tensor._value, "node", None)
    if node is None or node.op is not dimension_op:
        return None
    dim: Dim = node.attrs["dim"]
    return dim


def dims_of(values: Sequence[Any]) -> list[Any]:
    """Symbolic sizes (or plain ints) of values, None where a value is neither."""
    return [known_dim(x) if isinstance(x, Tensor) else x if type(x) is int else None for x in values]
