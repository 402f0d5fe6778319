"""Makes tensors of given values: constants, zeros, ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import CopyError
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.devices import device_beside, on_device
from autograph.ops.extents import dims_of_shape, shape_of
from autograph.ops.joining import stack
from autograph.ops.rules import dtype_of
from autograph.runtime.apply import apply
from autograph.runtime.context import current, current_trace
from autograph.runtime.dtypes import DEFAULT_FLOAT, DType, as_dtype, complex64
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable, to_array

full_op = Op(
    "full",
    kind=Kind.CREATION,
    infer=lambda *, shape, value, dtype: TensorType(dtype, shape),
    kernel=lambda xp, *, shape, value, dtype: np.full(shape, value, dtype.numpy),
    vjp=lambda ct, out, **attrs: (),
)


@on_device
def constant(value: Any, dtype: Any = None, shape: Any = None) -> Tensor:
    """A tensor of given values, copied.

    Args:
        value: number, nested list of numbers or tensors, NumPy array or tensor. Python floats give float32, ints
            int64; arrays keep their dtype.
        dtype: the dtype, if another is wanted.
        shape: a shape to broadcast to.

    Returns:
        The tensor.

    Raises:
        DTypeError: the value is not made of numbers.

    Example:
        >>> import autograph as ag
        >>> ag.constant([1.0, 2.0])
        Tensor([1., 2.], shape=(2,), dtype=float32)
    """
    made = asarray(value, dtype)
    # Arrays may change later; the values of tensors do not, and tapes know them.
    shared = isinstance(made.held, np.ndarray | np.generic) and not _has_tensor(value)
    made = Tensor(np.array(made.held)) if shared else made.__copy__()
    made._kept = None
    return made if shape is None else broadcast_to(made, shape)


@on_device
def asarray(value: Any, dtype: Any = None, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor of given values, without a copy where that is safe.

    Args:
        value: as for `constant`; also objects with DLPack, `__array__` or the buffer protocol.
        dtype: the dtype, if another is wanted.
        device: the device; the default one where left out.
        copy: True for a copy always, False for an error instead of one.

    Returns:
        The tensor.

    Raises:
        CopyError: `copy` is False, and the values need one.
        DeviceError: there is no such device.

    Example:
        >>> import autograph as ag
        >>> ag.ops.asarray(3).dtype
        ag.int64
    """
    if isinstance(value, Variable):
        value = value.value()
    if not isinstance(value, Tensor):
        return _from_host(value, dtype, copy)
    if (dtype is None or as_dtype(dtype) is value.dtype) and not value.type.weak:
        return value.__copy__() if copy else value  # values never change: a handle of its own is a copy
    wanted = as_dtype(dtype) if dtype is not None else _strong(value.dtype)
    if copy is False:
        _refuse_copy(f"a tensor of {value.type} becomes {wanted.name}")
    cast: Tensor = astype(value, wanted)
    return cast


def as_tensor(x: Any) -> Any:
    """An operand as a tensor to compute with by operators; Python numbers stay weak."""
    if isinstance(x, Tensor):
        return x
    return Tensor(x) if type(x) in PYTHON_NUMBERS else asarray(x)


def _from_host(value: Any, dtype: Any, copy: bool | None) -> Tensor:
    """A tensor of what is no tensor: a number, a list, an array, a buffer."""
    if isinstance(value, list | tuple) and current() is not None and _has_tensor(value):
        made: Tensor = stack([asarray(item, dtype) for item in value])  # so that traces and tapes see it
        return made
    trace = current_trace()
    if trace is not None and isinstance(value, np.ndarray) and not value.dtype.hasobject:
        taken = Tensor(trace.value(value))  # the array of the time of the call, if it is a large one
        return taken if dtype is None else astype(taken, as_dtype(dtype))
    array = _host_array(value, dtype)
    source = value if isinstance(value, np.ndarray) else None
    if copy is False and (source is None or not np.shares_memory(array, source)) and array.size:
        _refuse_copy(f"a {type(value).__name__} becomes a tensor")
    if copy and source is not None and array is source:
        array = array.copy()
    # A view, so that a tape tells the tensor from others that were made of the same array.
    return Tensor(array.view()) if trace is None else trace.constant_tensor(array)


def _host_array(value: Any, dtype: Any) -> np.ndarray[Any, Any]:
    if isinstance(value, (*PYTHON_NUMBERS, list, tuple, np.ndarray, np.generic)) or hasattr(
        value, "__autograph_tensor__"
    ):
        return to_array(value, dtype)
    if hasattr(value, "__dlpack__"):
        return to_array(np.from_dlpack(value), dtype)
    if hasattr(value, "__array__"):
        return to_array(np.asarray(value), dtype)
    try:
        buffer = memoryview(value)
    except TypeError:
        return to_array(value, dtype)  # refused there
    return to_array(np.asarray(buffer), dtype)


def _refuse_copy(what: str) -> None:
    refuse(CopyError, f"{what}, which needs a copy, and copy=False forbids it", "leave copy out")


def _strong(dtype: DType) -> DType:
    return DEFAULT_FLOAT if dtype.is_floating else dtype


def _has_tensor(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_tensor(item) for item in value)
    return isinstance(value, Tensor | Variable)


@on_device
def full(shape: Any, fill_value: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor with one value everywhere.

    Args:
        shape: the sizes.
        fill_value: number or scalar tensor.
        dtype: the dtype; that of the value by default (float32 for a Python float).
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.full((2,), 7.0).numpy()
        array([7., 7.], dtype=float32)
    """
    if type(fill_value) not in PYTHON_NUMBERS:
        scalar = asarray(fill_value, dtype)
        return broadcast_to(scalar, shape)
    made = as_dtype(dtype) if dtype is not None else _default(fill_value)
    return apply(full_op, shape=dims_of_shape(shape), value=fill_value, dtype=made)


def _default(number: Any) -> DType:
    return {float: DEFAULT_FLOAT, complex: complex64}.get(type(number)) or dtype_of(number)


def empty(shape: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor whose values do not matter; they are zeros.

    Args:
        shape: the sizes.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.empty((2, 3)).shape
        (2, 3)
    """
    return zeros(shape, dtype, device=device)


def empty_like(x: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor with the shape of another whose values do not matter; they are zeros.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.empty_like(ag.constant([[1, 2]])).shape
        (1, 2)
    """
    return zeros_like(x, dtype, device=device)


def zeros(shape: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor of zeros.

    Args:
        shape: the sizes.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.zeros((2,)).numpy()
        array([0., 0.], dtype=float32)
    """
    return full(shape, 0, dtype or DEFAULT_FLOAT, device=device)


def ones(shape: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor of ones.

    Args:
        shape: the sizes.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ones((2,)).numpy()
        array([1., 1.], dtype=float32)
    """
    return full(shape, 1, dtype or DEFAULT_FLOAT, device=device)


def full_like(x: Any, fill_value: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """A tensor with the shape of another and one value everywhere.

    Args:
        x: tensor.
        fill_value: number.
        dtype: the dtype; that of x by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.full_like(ag.constant([1.0, 2.0]), 7).numpy()
        array([7., 7.], dtype=float32)
    """
    return full(shape_of(x), fill_value, dtype or dtype_of(x), device=device or device_beside(x))


def zeros_like(x: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """Zeros with the shape of a tensor.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.zeros_like(ag.constant([1.0, 2.0])).numpy()
        array([0., 0.], dtype=float32)
    """
    return full_like(x, 0, dtype, device=device)


def ones_like(x: Any, dtype: Any = None, *, device: Any = None) -> Any:
    """Ones with the shape of a tensor.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.
        device: the device; the default one where left out.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ones_like(ag.constant([3.0, 2.0])).numpy()
        array([1., 1.], dtype=float32)
    """
    return full_like(x, 1, dtype, device=device)
