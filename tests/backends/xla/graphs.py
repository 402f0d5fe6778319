"""Runs random programs on XLA and on the numpy backend, in a process of its own: `python -m … first count`.

What differs in the documented way is alike here: NumPy takes subnormal numbers for zero, too, the compiler is asked
for code that does not fuse a product with a sum, so that equal operands have equal results, complex numbers are
finite, and so are the operands of convolutions, since XLA does not multiply padding by infinite weights.
"""

import contextlib
import os
import sys
import warnings

import numpy as np

from autograph.runtime.backend import register_backend
from autograph.runtime.op import Kind, all_ops
from tests.backends.native import both
from tests.backends.native.fuzz.program import write_program
from tests.backends.native.fuzz.worker import run
from tests.backends.xla.test_ops import CANCELLING, ULPS, normal

NAME = "numpy and xla"
COMPLEX_ULP = 128  # of the norm: `log` of numbers near 1 errs most
# What moves bits, those of subnormal numbers too.
MOVES = {
    "abs", "broadcast_to", "concat", "conj", "constant", "copysign", "flip", "full", "getitem", "imag", "negative",
    "nextafter", "pad_axis", "permute_dims", "positive", "real", "reshape", "setitem", "slice_axis", "stop_gradient",
    "undefined", "view", "where",
}  # fmt: skip
_WITHOUT = {Kind.LIST, Kind.CONTROL, Kind.EFFECT, Kind.RANDOM}


def flush(x):
    """Zeros for subnormal numbers, of whatever kind."""
    if isinstance(x, tuple):
        return tuple(map(flush, x))
    if type(x) in (float, complex):
        return normal(x).item()
    return normal(x)[()] if isinstance(x, np.ndarray | np.generic) else x


def flushing(function):
    """A kernel that takes subnormal numbers for zero, and gives zero for them."""
    return function and (lambda *operands, **attrs: flush(function(*map(flush, operands), **attrs)))


@contextlib.contextmanager
def as_xla_sees_it():
    """Makes the kernels of ops that compute flush subnormal numbers."""
    ops = [op for name, op in all_ops().items() if op.kind not in _WITHOUT and name not in MOVES]
    before = [(op.kernel, op.python) for op in ops]
    for op, (kernel, python) in zip(ops, before, strict=True):
        op.kernel, op.python = flushing(kernel), flushing(python)
    try:
        yield
    finally:
        for op, (kernel, python) in zip(ops, before, strict=True):
            op.kernel, op.python = kernel, python


def program_of(seed):
    """The program of a seed, with such inputs."""
    program = write_program(seed)
    all_finite = '"convolution"' in program.text
    program.rows = [[finite(x) if all_finite or both.is_complex(x) else flush(x) for x in row] for row in program.rows]
    return program


def finite(x):
    """Ones for numbers that are infinite or none."""
    array = np.asarray(flush(x))
    return np.where(np.isfinite(array), array, np.ones_like(array)) if both.is_float(array.dtype) else x


def main(first, number):
    # Not where this module is imported: collecting doctests does so, too.
    os.environ["XLA_FLAGS"] = "--xla_cpu_max_isa=AVX --xla_backend_optimization_level=0"
    warnings.simplefilter("ignore")
    both.INEXACT.add("divide")  # a quotient by one number may be a product with its reciprocal
    near = both.near
    both.near = lambda x, y, others: near(normal(x), normal(y), [normal(other) for other in others])
    rounding = both.Rounding({**both.TAILS, **ULPS}, COMPLEX_ULP, frozenset(CANCELLING))
    register_backend(both.Both(NAME, "xla", rounding, as_xla_sees_it))
    for seed in range(first, first + number):
        print("seed", seed, flush=True)
        kind, text = run(seed, NAME, program_of(seed))
        print(kind, repr(text), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
