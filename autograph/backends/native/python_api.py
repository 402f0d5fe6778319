"""What compiled code needs of Python and NumPy: addresses of C functions and types, and offsets in their objects."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
import numpy._core._multiarray_umath as _umath  # type: ignore[import-not-found]

from autograph.runtime.dtypes import DType

# Offsets in objects of CPython 3.11-3.13 and NumPy 2 on machines of 64 bits.
TYPE = 8  # PyObject.ob_type
NUMBER = 16  # the number in a float, and in a NumPy scalar
LIST_ITEMS = 24  # PyListObject.ob_item
ARRAY_DATA, ARRAY_DIMENSIONS, ARRAY_FLAGS = 16, 32, 64  # PyArrayObject_fields
CONTIGUOUS_ALIGNED = 0x1 | 0x100

# Places in NumPy's table of C functions; part of its binary interface.
_ARRAY_TYPE, _ARRAY_NEW = 2, 93


@cache
def python(name: str) -> int:
    """The address of one of Python's C functions."""
    address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
    assert address is not None
    return address


@cache
def _numpy_table() -> Any:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return (ctypes.c_void_p * 300).from_address(get(_umath._ARRAY_API, None))


def array_new() -> int:
    """The address of `PyArray_New`."""
    return int(_numpy_table()[_ARRAY_NEW])


def array_type() -> int:
    """The address of the type of arrays."""
    assert _numpy_table()[_ARRAY_TYPE] == id(np.ndarray)
    return id(np.ndarray)


def scalar_type(dtype: DType) -> int:
    """The address of the type of NumPy's scalars of a dtype."""
    return id(dtype.numpy.type)


class _MethodDef(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    ]


_ONE_OBJECT = 0x8  # METH_O


def builtin(address: int) -> tuple[Any, Any]:
    """A Python callable of one argument that runs C code, and what has to live as long as it."""
    definition = _MethodDef(b"autograph_graph", address, _ONE_OBJECT, None)
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    return new(ctypes.addressof(definition), None, None), definition


def function_address(function: Any) -> int:
    """The address of a C function that ctypes made."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return address
