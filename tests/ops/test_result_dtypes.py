"""What kernels give has the dtype that the op's type says."""

import warnings

import numpy as np
import pytest

import autograph as ag
from autograph.errors import AutoGraphError
from autograph.runtime.apply import apply, infer_types
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import all_ops
from tests.backends.native.cases import cast
from tests.ops.samples import SAMPLES

# Ops that only functions call which cast their operands, or refuse such dtypes.
CAST_BEFORE = {
    "random_advance", "cholesky", "positive_definite", "eigh", "svd", "qr", "solve", "inv", "det", "cofactor",
    "cofactor_slope", "slogdet", "pinv", "zeta_slope", "zeta_slope2", "gammainc_slope", "gammainc_slope2",
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32", "int8", "uint32"])
def test_results(dtype):
    for name in SAMPLES.keys() - CAST_BEFORE:
        for operands, attrs in SAMPLES[name]:
            operands = [np.asarray(x) for x in operands]
            if not operands or any(x.dtype.kind == "c" for x in operands):
                continue
            made = [ag.constant(x) for x in cast(operands, as_dtype(dtype).numpy)]
            try:
                types, _ = infer_types(all_ops()[name], [x.type for x in made], attrs)
                with np.errstate(all="ignore"), warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of values out of a function's domain
                    outs = apply(all_ops()[name], *made, **attrs)
            except (AutoGraphError, ZeroDivisionError):
                continue
            outs = outs if isinstance(outs, tuple) else (outs,)
            for out, type_ in zip(outs, types, strict=True):
                assert (out.dtype, out.shape) == (type_.dtype, type_.shape), name


def test_a_network_of_bfloat16_stays_that():
    x = ag.ops.astype(ag.ops.ones((2, 4, 4, 3)), ag.bfloat16)
    kernel = ag.ops.astype(ag.ops.ones((2, 2, 3, 5)), ag.bfloat16)
    y = ag.ops.nn.conv(x, kernel)
    z = ag.ops.reshape(y, (2, -1))
    assert (y.dtype, (z @ ag.ops.matrix_transpose(z)).dtype) == (ag.bfloat16, ag.bfloat16)
    low = ag.ops.segment_min(z[:, 0], ag.constant([0, 2]), 3)
    assert low.dtype is ag.bfloat16 and np.isposinf(low.numpy().astype(np.float32)).tolist() == [False, True, False]
