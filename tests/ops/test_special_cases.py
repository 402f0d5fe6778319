"""Special cases of the array API standard's text that NumPy does not keep, on both backends."""

import itertools

import numpy as np
import pytest

import autograph as ag

inf, nan = np.inf, np.nan
# The sign of a zero is compared where it is written; `0` stands for either.
EXPM1 = [
    ((0.0, 0.0), (0.0, 0.0)), ((-0.0, 0.0), (0.0, 0.0)), ((inf, 0.0), (inf, 0.0)), ((-inf, inf), (-1, 0)),
    ((inf, inf), (inf, nan)), ((-inf, nan), (-1, 0)), ((inf, nan), (inf, nan)), ((nan, 0.0), (nan, 0.0)),
    ((2.0, inf), (nan, nan)), ((2.0, nan), (nan, nan)), ((nan, 1.0), (nan, nan)), ((nan, nan), (nan, nan)),
    ((inf, 1.0), (inf, inf)), ((-inf, 1.0), (-1, 0)), ((inf, -0.0), (inf, -0.0)),
]  # fmt: skip
TANH = [
    ((inf, 1.0), (1, 0.0)), ((inf, 2.0), (1, 0.0)), ((inf, -2.0), (1, -0.0)), ((-inf, 2.0), (-1, 0.0)),
    ((inf, inf), (1, 0)), ((inf, nan), (1, 0)), ((nan, 0.0), (nan, 0.0)), ((0.0, inf), (0.0, nan)),
    ((1.0, inf), (nan, nan)),
]  # fmt: skip


def staged(f, backend):
    return ag.function(f, backend=backend, autograph=False)


def same(got, wanted):
    np.testing.assert_array_equal(got, wanted)
    if isinstance(wanted, float) and wanted == 0:
        assert np.signbit(got) == np.signbit(wanted)


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize(("name", "rows"), [("expm1", EXPM1), ("tanh", TANH)])
def test_complex_numbers(name, rows, backend):
    x = ag.constant(np.array([complex(*z) for z, _ in rows]))
    f = getattr(ag.ops, name)
    with np.errstate(all="ignore"):
        for out in (f(x).numpy(), staged(f, backend)(x).numpy()):
            for got, (_, (real, imag)) in zip(out, rows, strict=True):
                same(got.real, real)
                same(got.imag, imag)


ENDS = [
    ((inf, 2.0), inf), ((inf, -2.0), -inf), ((-inf, 2.0), -inf), ((-inf, -2.0), inf), ((2.0, inf), 0.0),
    ((2.0, -inf), -0.0), ((-2.0, inf), -0.0), ((-2.0, -inf), 0.0), ((0.0, -inf), -0.0), ((-0.0, inf), -0.0),
    ((inf, 0.0), inf), ((inf, -0.0), -inf), ((inf, inf), nan), ((nan, inf), nan), ((inf, nan), nan), ((7.0, 2.0), 3.0),
]  # fmt: skip


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_quotients_rounded_down(backend):
    x, y = [ag.constant(np.array(column)) for column in zip(*[pair for pair, _ in ENDS], strict=True)]
    with np.errstate(all="ignore"):
        for f in (ag.ops.floor_divide, staged(ag.ops.floor_divide, backend)):
            for got, (_, wanted) in zip(f(x, y).numpy(), ENDS, strict=True):
                same(got, wanted)
        python = [a // b if b else np.floor_divide(a, b) for (a, b), _ in ENDS]
        np.testing.assert_array_equal((x // y).numpy(), python)
        np.testing.assert_array_equal(staged(lambda x, y: x // y, backend)(x, y).numpy(), python)
        assert ag.grad(lambda x: ag.ops.sum(ag.ops.floor_divide(x, 0.0)))(ag.constant([1.0])).numpy().tolist() == [0]


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_roots_as_powers(backend):
    x = np.array([-inf, -0.0, 0.0, 4.0, inf])
    wanted = [inf, 0.0, 0.0, 2.0, inf]
    for y, compile_ in itertools.product((0.5, np.array(0.5), np.full(5, 0.5)), (lambda f: f, staged)):
        power = compile_(lambda x, y: x**y, backend) if compile_ is staged else (lambda x, y: x**y)
        for got, right in zip(power(ag.constant(x), y if type(y) is float else ag.constant(y)).numpy(), wanted):
            same(got, right)


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_floats_are_divided_by_an_integer_zero(backend):
    x = ag.constant(np.array([3.0, -1.0, 0.0]))
    with np.errstate(all="ignore"):
        for f, wanted in ((lambda x: x % 0, [nan, nan, nan]), (lambda x: x // 0, [inf, -inf, nan])):
            for out in (f(x), staged(f, backend)(x)):
                np.testing.assert_array_equal(out, wanted)
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero"):
        ag.constant(np.array([3])) % 0
