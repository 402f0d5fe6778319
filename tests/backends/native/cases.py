"""Every op of the registry with operands of every dtype that it takes, ordinary ones and special ones."""

import warnings

import numpy as np

import autograph as ag
from autograph.errors import AutoGraphError
from autograph.runtime.apply import apply, infer_types
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import Kind, all_ops
from tests.ops.samples import SAMPLES

FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
COMPLEX = ["complex64", "complex128"]
DTYPES = ["bool", *INTEGERS, *FLOATS, *COMPLEX]
SPECIAL = {
    "f": [0.0, -0.0, np.nan, np.inf, -np.inf, 1e-40, -5e-324, 3e38, 1e300, 0.5, -1.5, 2.5, 1.0, -2.0, 1e-3],
    "i": [0, 1, -1, 2, -2, 3, 7, -7, "least", "most", 5, -5, 8, 63, -64],
    "u": [0, 1, 2, 3, 7, 8, 31, 63, 64, "most", 5, 100, 127, 128, 250],
    "b": [False, True, True, False],
}


def special(dtype, count, turn):
    """Numbers of a dtype at the limits of what it holds; two turns pair each value with each."""
    values = SPECIAL["f" if dtype.kind in "fcV" else dtype.kind]
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = [{"least": limits.min, "most": limits.max}.get(v, v) for v in values]
    size = len(values)
    row = [values[i % size] if turn == 0 else values[(i + turn * (i // size)) % size] for i in range(count)]
    with np.errstate(all="ignore"):
        return np.array(row).astype(dtype)


def cast(operands, dtype):
    """The operands of a sample in another dtype: those whose values are of the main kind."""
    kinds = "fc" if any(x.dtype.kind in "fc" for x in operands) else "iu"
    with np.errstate(all="ignore"):
        return [x.astype(dtype) if x.dtype.kind in kinds else x for x in operands]


def rows(name):
    """Label, operands and attributes of each case of an op."""
    for number, (operands, attrs) in enumerate(SAMPLES[name]):
        operands = [np.asarray(x) for x in operands]
        yield f"{number}", operands, attrs
        for dtype in [as_dtype(name).numpy for name in DTYPES] if operands else []:
            if dtype.kind != "c" and any(x.dtype.kind == "c" for x in operands):
                continue
            made = cast(operands, dtype)
            if not accepted(name, made, attrs):
                continue
            yield f"{number} {dtype.name}", made, attrs
            if all_ops()[name].kind is Kind.ELEMENTWISE:
                limits = [special(x.dtype, 225, turn) for turn, x in enumerate(made)]
                if accepted(name, limits, attrs):
                    yield f"{number} {dtype.name} special", limits, attrs


def accepted(name, operands, attrs):
    """Whether the op takes these operands and gives what its type says."""
    op = all_ops()[name]
    try:
        types, _ = infer_types(op, [ag.constant(x).type for x in operands], attrs)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of badly conditioned matrices
            outs = apply(op, *[ag.constant(x) for x in operands], **attrs)
    except (AutoGraphError, ArithmeticError, ValueError, TypeError):  # LinAlgError is a ValueError
        return False
    outs = outs if isinstance(outs, tuple) else (outs,)
    return all(out.dtype is type_.dtype for out, type_ in zip(outs, types, strict=True))
