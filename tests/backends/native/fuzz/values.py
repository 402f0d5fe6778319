"""What random programs compute with: dtypes, sizes, names with types, and numbers for their inputs."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from autograph.runtime.dims import SymbolicDim, symbols_of
from autograph.runtime.types import TensorType

NUMBERS = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "float32",
    "float64", "int64",
]  # fmt: skip
RARE = ["float16", "bfloat16", "complex64", "complex128"]
SIZES = [0, 1, 2, 3, 3, 4, 5, 17, 40]
OPEN = [2, 3, 4, 5, 17, 40]  # sizes 0 and 1 have traces of their own


@dataclass
class Var:
    """A name of the program.

    Attributes:
        name: its name.
        type: its type.
        exact: whether both backends give it the same bits.
        value: what an input always is; None for any numbers.
    """

    name: str
    type: TensorType
    exact: bool
    value: Any = None


def agree(shapes, op):
    """Whether open sizes that meet each other or a known size are the same ones, so that no check can fail."""
    if op == "matmul":
        return shapes[0][-1] == shapes[1][-2] and agree([shape[:-2] for shape in shapes], "")
    met = [{dim for dim in dims if dim != 1} for dims in zip_longest(*[shape[::-1] for shape in shapes], fillvalue=1)]
    return all(len(dims) < 2 for dims in met) or not any(isinstance(d, SymbolicDim) for dims in met for d in dims)


def is_known(type_):
    """Whether a type's sizes are those of the inputs."""
    return all(isinstance(dim, int) or all(name in ("a", "b") for name in symbols_of(dim)) for dim in type_.shape)


def volume(type_):
    """About how many elements a tensor has."""
    total = 1
    for dim in type_.shape:
        total *= dim if isinstance(dim, int) else 8
    return total


def array(rng, var, sizes):
    """An input: small numbers, or those at the limits of the dtype."""
    type_, dtype = var.type, var.type.dtype
    if var.value is not None:
        return var.value
    shape = tuple(dim if isinstance(dim, int) else sizes[symbols_of(dim)[0]] for dim in type_.shape)
    random_ = np.random.default_rng(rng.randrange(2**32))
    if dtype.is_bool:
        return random_.random(shape) < 0.5
    if dtype.is_integer:
        limits = np.iinfo(dtype.numpy)
        if rng.random() < 0.3:
            made = random_.integers(limits.min, limits.max, shape, dtype.numpy, endpoint=True)
        else:
            made = random_.integers(max(limits.min, -5), 6, shape)
        return np.asarray(made).astype(dtype.numpy)
    made = np.asarray(random_.normal(size=shape) * rng.choice([1, 1, 10]))
    if rng.random() < 0.3:
        pool = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, 1.0, -1.0, 0.5, 3e38, 1e-310])
        made = np.where(random_.random(shape) < 0.4, random_.choice(pool, shape), made)
    if dtype.is_complex:
        made = made + 1j * random_.normal(size=shape)
    with np.errstate(all="ignore"):
        return np.asarray(made).astype(dtype.numpy)
