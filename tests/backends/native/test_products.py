"""The product kernel against NumPy, for the vectors of several processors; and what products absorb."""

import ctypes
import itertools

import llvmlite.binding as llvm
import numpy as np
import pytest

import autograph as ag
from autograph.backends.native import engine
from autograph.backends.native.product_kernel import product_text
from autograph.backends.native.product_words import WORDS

FEATURES = {
    "512 bits": {"avx512f": True},
    "256 bits": {"avx2": True, "fma": True},
    "128 bits": {},
    "arm": {"neon": True},
}
POOL = """
define i64 @ag_threads() {
  ret i64 2
}
define void @ag_split(ptr %task, ptr %words, i64 %count, i64 %threads) {
  %half = sdiv i64 %count, 2
  call void %task(ptr %words, i64 %half, i64 %count, i64 1)
  call void %task(ptr %words, i64 0, i64 %half, i64 0)
  ret void
}
"""


def kernel(features, letter, request):
    """A product kernel for some processor, whose two threads run one after the other."""
    text = product_text(features, letter)
    kept = [line for line in text.splitlines() if not line.startswith(("declare i64 @ag_", "declare void @ag_"))]
    engine.target_machine()
    linker = llvm.create_lljit_compiler()
    parts = llvm.JITLibraryBuilder().add_ir("\n".join([*kept, POOL])).add_current_process()
    tracker = parts.export_symbol(f"ag_product_{letter}").link(linker, "products")
    request.addfinalizer(lambda: (tracker, linker))
    return ctypes.CFUNCTYPE(None, ctypes.c_void_p)(tracker[f"ag_product_{letter}"])


def words(x, y, out, x_turned, y_turned, alpha, adds):
    step = out.itemsize
    told = {
        "x": x.ctypes.data, "y": y.ctypes.data, "out": out.ctypes.data,
        "x_lead": x.strides[0] // step, "y_lead": y.strides[0] // step, "out_lead": out.strides[0] // step,
        "x_turned": x_turned, "y_turned": y_turned, "rows": out.shape[0], "columns": out.shape[1],
        "inner": x.shape[0] if x_turned else x.shape[1], "segments": 1, "segment_step": 0,
        "line": 1 << 40, "line_jump": 0, "lines": 1 << 40, "image_jump": 0,
        "added": out.ctypes.data if adds else 0, "added_lead": out.strides[0] // step,
        "alpha": np.float64(alpha).view(np.int64),
    }  # fmt: skip
    return np.array([told[name] for name in WORDS], np.int64)


def padded(draw, rows, columns, dtype):
    """A matrix whose rows lie farther apart than they are long."""
    return draw.normal(size=(rows, columns + 3)).astype(dtype)[:, :columns]


@pytest.mark.parametrize("processor", FEATURES)
@pytest.mark.parametrize(("letter", "dtype"), [("s", np.float32), ("d", np.float64)])
def test_kernel(processor, letter, dtype, request):
    run, draw = kernel(FEATURES[processor], letter, request), np.random.default_rng(0)
    sizes = itertools.product((1, 7, 9, 67), (1, 10, 17, 32, 70), (0, 1, 5, 300))
    for case, (rows, columns, inner) in enumerate([*sizes, (150, 140, 130), (600, 40, 90)]):
        x_turned, y_turned, adds = case % 2, case // 2 % 2, case // 3 % 2
        x = padded(draw, *((inner, rows) if x_turned else (rows, inner)), dtype)
        y = padded(draw, *((columns, inner) if y_turned else (inner, columns)), dtype)
        out, alpha = padded(draw, rows, columns, dtype), (1.0, -0.5)[case % 3 == 0]
        left, right = [matrix.T if turned else matrix for matrix, turned in ((x, x_turned), (y, y_turned))]
        wanted = alpha * (left.astype(np.float64) @ right.astype(np.float64)) + (out if adds else 0)
        beyond = out.base[:, columns:].copy()
        told = words(x, y, out, x_turned, y_turned, alpha, adds)
        run(told.ctypes.data)
        error = 8 * (inner + 1) * np.finfo(dtype).eps
        np.testing.assert_allclose(out, wanted, rtol=error, atol=error, err_msg=str((rows, columns, inner)))
        np.testing.assert_array_equal(out.base[:, columns:], beyond)


PROGRAMS = {
    "sum": lambda a, b, c, s: a @ b + c,
    "sum behind": lambda a, b, c, s: c + a @ b,
    "difference": lambda a, b, c, s: c - a @ b,
    "difference behind": lambda a, b, c, s: a @ b - c,
    "multiple": lambda a, b, c, s: s * (a @ b),
    "update": lambda a, b, c, s: c - s * (a @ b),
    "update of a formula": lambda a, b, c, s: (c * 2 + 1) - (a @ b) * s,
    "used twice": lambda a, b, c, s: (lambda p: p + c + p * s)(a @ b),
    "square": lambda a, b, c, s: (a @ b) * (a @ b),
    "two products": lambda a, b, c, s: a @ b + (a * 2) @ b,
    "summand needed later": lambda a, b, c, s: [c - s * (a @ b), c * 2],
    "turned": lambda a, b, c, s: (b.T @ a.T).T + c - (c.T @ a).T.T @ b * s if a.shape[0] == a.shape[1] else a @ b,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_products_absorb(name):
    program, draw = PROGRAMS[name], np.random.default_rng(0)
    for (rows, inner, columns), dtype in [
        ((3, 4, 5), "f4"),
        ((40, 40, 40), "f8"),
        ((33, 300, 70), "f4"),
        ((2, 0, 3), "f8"),
    ]:
        shapes = (rows, inner), (inner, columns), (rows, columns), ()
        values = [draw.normal(size=shape).astype(dtype) for shape in shapes]
        made, wanted = [np.asarray(r) for r in (ag.function(program, backend="native")(*values), program(*values))]
        np.testing.assert_allclose(made, wanted, rtol=1e-4 if dtype == "f4" else 1e-11, atol=1e-4)


def test_update_of_a_variable_keeps_what_was_read():
    draw = np.random.default_rng(0)
    x, g, start = [draw.normal(size=shape).astype(np.float32) for shape in ((6, 4), (6, 3), (4, 3))]
    weights = ag.Variable(start)

    @ag.function(backend="native")
    def step(x, g):
        before = weights.value()
        weights.assign_sub(0.5 * (x.T @ g))
        return before, weights + 0

    taken = weights.numpy()
    before, after = step(x, g)
    np.testing.assert_array_equal(before, start)
    np.testing.assert_array_equal(taken, start)
    np.testing.assert_allclose(after, start - 0.5 * (x.T @ g), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(weights.numpy(), after)
