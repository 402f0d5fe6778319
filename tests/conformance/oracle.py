"""Runs programs, and compares what they give with what plain Python gives on NumPy values."""

import copy
import dataclasses

import numpy as np

import autograph as ag


def outcome(run, args):
    """("value", result) or ("error", exception) of a run."""
    with np.errstate(all="ignore"):
        try:
            return "value", run(*args)
        except Exception as error:
            return "error", error


def plain_outcome(function, args):
    """What plain Python does; dividing integers by zero raises, as Python's own numbers and tensors do."""
    kind, result = outcome(function, copy.deepcopy(args))
    if kind == "value" and all(isinstance(a, np.integer) for a in args):
        with np.errstate(divide="raise"):
            try:
                function(*copy.deepcopy(args))
            except FloatingPointError:
                return "error", ZeroDivisionError()
    return kind, result


def tensors(args):
    """Arguments with tensors in place of NumPy values."""
    return [ag.constant(a) if isinstance(a, np.ndarray | np.generic) else a for a in args]


def is_number(value):
    return isinstance(value, np.ndarray | np.generic | int | float | complex)


def same(a, b):
    """Whether `a` is what plain Python gave as `b`: integers exactly, floats closely, structures part by part."""
    if isinstance(b, dict):
        return isinstance(a, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in b)
    if isinstance(b, tuple | list):
        return isinstance(a, type(b)) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if dataclasses.is_dataclass(b) and not isinstance(b, type):
        return type(a) is type(b) and same(vars(a), vars(b))
    if not is_number(b):
        return type(a) is type(b) and a == b
    if isinstance(b, np.ndarray) and b.dtype.kind in "iub" or isinstance(b, int):
        return bool(np.array_equal(np.asarray(a), b))
    return np.shape(a) == np.shape(b) and bool(np.allclose(np.asarray(a), b, rtol=1e-12, atol=1e-12, equal_nan=True))


def leaves(value):
    """The numbers, strings and None of a result, in order."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return leaves(vars(value))
    return [value]


def is_float(value):
    return isinstance(value, float) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f")
