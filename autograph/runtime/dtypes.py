"""Element types of tensors.

Each type is one `DType` object, compared by identity. The objects carry the NumPy type that stores their
values and the short name that graph text uses (`f32`).
"""

from __future__ import annotations

import ml_dtypes
import numpy as np

from autograph import errors
from autograph.runtime.refusal import refuse


class DType:
    """An element type; the module's constants are its only instances.

    Example:
        >>> float32.short, float32.bits, float32.is_floating
        ('f32', 32, True)
        >>> np.zeros(2, dtype=float32)
        array([0., 0.], dtype=float32)
    """

    __slots__ = ("bits", "kind", "name", "numpy", "short")

    name: str
    short: str
    numpy: np.dtype
    kind: str
    bits: int

    def __init__(self, name: str, short: str, numpy: np.dtype, kind: str) -> None:
        self.name = name
        self.short = short
        self.numpy = numpy
        self.kind = kind
        self.bits = numpy.itemsize * 8

    @property
    def dtype(self) -> np.dtype:
        """The NumPy type; under this name NumPy's own `dtype=` arguments accept a DType."""
        return self.numpy

    @property
    def is_bool(self) -> bool:
        """Whether this is the type of truth values."""
        return self.kind == "bool"

    @property
    def is_integer(self) -> bool:
        """Whether this is a signed or unsigned integer type (bool is not)."""
        return self.kind == "int" or self.kind == "uint"

    @property
    def is_floating(self) -> bool:
        """Whether this is a real floating-point type."""
        return self.kind == "float"

    @property
    def is_complex(self) -> bool:
        """Whether this is a complex type."""
        return self.kind == "complex"

    @property
    def is_inexact(self) -> bool:
        """Whether this is a floating-point or complex type, the types that have gradients."""
        return self.kind == "float" or self.kind == "complex"

    def __repr__(self) -> str:
        return "ag.bool_" if self.kind == "bool" else f"ag.{self.name}"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return as_dtype, (self.name,)


bool_ = DType("bool", "bool", np.dtype(np.bool_), "bool")
int8 = DType("int8", "i8", np.dtype(np.int8), "int")
int16 = DType("int16", "i16", np.dtype(np.int16), "int")
int32 = DType("int32", "i32", np.dtype(np.int32), "int")
int64 = DType("int64", "i64", np.dtype(np.int64), "int")
uint8 = DType("uint8", "u8", np.dtype(np.uint8), "uint")
uint16 = DType("uint16", "u16", np.dtype(np.uint16), "uint")
uint32 = DType("uint32", "u32", np.dtype(np.uint32), "uint")
uint64 = DType("uint64", "u64", np.dtype(np.uint64), "uint")
float16 = DType("float16", "f16", np.dtype(np.float16), "float")
bfloat16 = DType("bfloat16", "bf16", np.dtype(ml_dtypes.bfloat16), "float")
float32 = DType("float32", "f32", np.dtype(np.float32), "float")
float64 = DType("float64", "f64", np.dtype(np.float64), "float")
complex64 = DType("complex64", "c64", np.dtype(np.complex64), "complex")
complex128 = DType("complex128", "c128", np.dtype(np.complex128), "complex")

ALL_DTYPES: tuple[DType, ...] = (
    *(bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64),
    *(float16, bfloat16, float32, float64, complex64, complex128),
)

DEFAULT_FLOAT = float32
DEFAULT_INT = int64

from_numpy: dict[np.dtype, DType] = {dtype.numpy: dtype for dtype in ALL_DTYPES}

_by_name: dict[str, DType] = {name: dtype for dtype in ALL_DTYPES for name in (dtype.name, dtype.short)}

_by_type: dict[type, DType] = {
    **{dtype.numpy.type: dtype for dtype in ALL_DTYPES},
    bool: bool_,
    int: int64,
    float: float64,
    complex: complex128,
}


def as_dtype(x: object) -> DType:
    """Return the DType that `x` names.

    Args:
        x: a DType, a NumPy dtype, a NumPy scalar type, one of Python's `bool`, `int`, `float`, `complex` (for
            bool, int64, float64, complex128, as in NumPy), or a full or short name.

    Raises:
        DTypeError: `x` names no supported type.

    Example:
        >>> as_dtype("f32"), as_dtype(np.int8), as_dtype(float)
        (ag.float32, ag.int8, ag.float64)
    """
    if isinstance(x, DType):
        return x
    found: DType | None = None
    if isinstance(x, str):
        found = _by_name.get(x)
    elif isinstance(x, np.dtype):
        found = from_numpy.get(x)
    elif isinstance(x, type):
        # NumPy keeps two C types of 64 bits apart as classes (`long` and `long long`) that are one dtype.
        found = _by_type.get(x) or (from_numpy.get(np.dtype(x)) if issubclass(x, np.generic) else None)
    if found is None:
        names = ", ".join(dtype.name for dtype in ALL_DTYPES)
        refuse(errors.DTypeError, f"{x!r} is not a supported dtype", f"use one of {names}")
    return found


def of_python_number(value: object) -> DType:
    """Return the dtype that a Python number has before it meets a tensor.

    Args:
        value: a Python number (NumPy scalars have a dtype of their own and are no Python numbers here).

    Raises:
        DTypeError: `value` is not a Python number.

    Example:
        >>> of_python_number(True), of_python_number(3), of_python_number(0.5)
        (ag.bool_, ag.int64, ag.float64)
    """
    found = _by_python_type.get(type(value))
    if found is not None:
        return found
    if not isinstance(value, np.generic):
        for python_type, dtype in _by_python_type.items():
            if isinstance(value, python_type):
                return dtype
    refuse(errors.DTypeError, f"{value!r} is not a Python number", "pass a bool, int, float or complex")


# Ordered so that the first match is the narrowest: every bool is also an int.
_by_python_type: dict[type, DType] = {bool: bool_, int: int64, float: float64, complex: complex128}
