"""Elementary functions of native code: errors in units of the last place, special values, and vectors without calls."""

import os
import re

import numpy as np
import pytest

import autograph as ag

LONG = os.environ.get("AG_FUZZ") == "long"

# Functions of one operand: NumPy's function, and the most units of the last place that float32 and float64 may be off.
UNARY = {
    "exp": (np.exp, 1.1, 1.1), "expm1": (np.expm1, 0.6, 1.5), "tanh": (np.tanh, 1.6, 1.2),
    "sinh": (np.sinh, 0.6, 2.0), "cosh": (np.cosh, 0.6, 1.6),
    "log": (np.log, 1.0, 1.0), "log2": (np.log2, 0.6, 1.0), "log10": (np.log10, 0.6, 1.0),
}  # fmt: skip
EXHAUSTIVE = ("exp", "log", "tanh")
CASES = [pytest.param(name, dtype, id=f"{name}-{dtype}") for name in UNARY for dtype in ("float32", "float64")]

SPECIAL = [
    0.0, 1.0, 0.5, 2.0, np.inf, np.nan, 1e-45, 1e-40, 1.1754944e-38, 3.4028235e38, 5e-324, 2.2250738585072014e-308,
    1e-310, 1.7976931348623157e308, 88.72283, 88.72284, 87.33655, 103.27893, 103.97208, 103.97209, 709.782712893384,
    709.7827128933841, 708.3964185322641, 745.1332191019411, 745.1332191019412, 1e-7, 1e-8, 1e-16, 9.0, 18.0, 20.0,
    0.6, 0.41421354, 1 / 3, np.sqrt(0.5), np.sqrt(2.0), np.pi / 4, np.pi / 2, np.pi, 2 * np.pi, 1e5, 1e10, 1e22, 1e30,
]  # fmt: skip


def native(function, *arrays):
    """What native code gives, and that code's assembly."""
    concrete = ag.function(function, backend="native").get_concrete_function(*map(ag.constant, arrays))
    out = concrete(*map(ag.constant, arrays)).numpy()
    assert not concrete.fallbacks
    return out, concrete.executable.compiled.assembly


def special(dtype):
    """Special values of both signs and their neighbours."""
    with np.errstate(all="ignore"):
        some = np.array([*SPECIAL, *[-x for x in SPECIAL]]).astype(dtype)
        return np.concatenate([some, np.nextafter(some, dtype(np.inf)), np.nextafter(some, dtype(-np.inf))])


def samples(dtype, count=200_000):
    """Numbers of all exponents, and more of the usual ones."""
    rng = np.random.default_rng(7)
    bits = np.finfo(dtype).bits
    anything = rng.integers(0, 2**bits - 1, count, dtype=f"uint{bits}").view(dtype)
    usual = rng.normal(size=count) * np.exp(rng.uniform(-3, 5, count))
    return np.concatenate([anything, usual.astype(dtype), rng.uniform(-2, 2, count).astype(dtype), special(dtype)])


def errors(got, exact):
    """By how many units of the last place results are off exact ones in a wider dtype; infinity for another kind."""
    info = np.finfo(got.dtype)
    with np.errstate(all="ignore"):
        rounded = exact.astype(got.dtype)
        _, exponent = np.frexp(np.maximum(np.abs(exact), exact.dtype.type(info.smallest_normal)))
        unit = np.ldexp(exact.dtype.type(1), exponent - 1 - info.nmant)
        # The number after the largest stands for infinity.
        far = np.ldexp(exact.dtype.type(1), info.maxexp)
        finite = np.where(np.isinf(got), np.copysign(far, got), got.astype(exact.dtype))
        off = np.abs(finite - np.clip(exact, -far, far)) / unit
    same = (got == rounded) | (np.isnan(got) & np.isnan(rounded))
    return np.where(same & ~np.isfinite(off), 0, np.where(np.isnan(off), np.inf, off)).astype(float)


def wider(dtype):
    if dtype is np.float32:
        return np.float64
    if np.finfo(np.longdouble).nmant < 63:
        pytest.skip("no dtype here is wider than float64")
    return np.longdouble


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_error(name, dtype):
    function, *most = UNARY[name]
    dtype = getattr(np, dtype)
    x = samples(dtype)
    with np.errstate(all="ignore"):
        exact = function(x.astype(wider(dtype)))
    got, _ = native(getattr(ag.ops, name), x)
    off = errors(got, exact)
    worst = np.argmax(off)
    assert off[worst] <= most[dtype is np.float64], (x[worst], got[worst], exact[worst], off[worst])
    number = ~np.isnan(exact)
    np.testing.assert_array_equal(np.signbit(got)[number], np.signbit(exact)[number])


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_special_values(name, dtype):
    x = special(getattr(np, dtype))
    with np.errstate(all="ignore"):
        wanted = UNARY[name][0](x)
    got, _ = native(getattr(ag.ops, name), x)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(wanted))
    edge = np.isnan(wanted) | np.isinf(wanted) | (wanted == 0)
    np.testing.assert_array_equal(got[edge], wanted[edge])
    np.testing.assert_array_equal(
        np.signbit(got)[edge & ~np.isnan(wanted)], np.signbit(wanted)[edge & ~np.isnan(wanted)]
    )


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_loops_run_in_vectors(name, dtype):
    _, assembly = native(getattr(ag.ops, name), np.ones(1000, dtype))
    assert not re.search(rf"\b{name}f?\b", assembly)
    if re.search(r"[xyz]mm\d", assembly):  # of x86: a product of whole vectors, not of one number
        assert re.search(rf"\b(v?mul|vfm\w+)p{'s' if dtype == 'float32' else 'd'}\b|\bv?mulpd\b", assembly)


def test_only_used_functions_are_in_a_unit():
    concrete = ag.function(ag.ops.exp, backend="native").get_concrete_function(ag.constant(np.ones(3, np.float32)))
    assert re.findall(r"define internal \w+ @(math\.[\w.]+)", concrete.executable.compiled.text) == ["math.exp.f32"]


def test_numbers_are_what_python_gives():
    @ag.function(backend="native")
    def f(x, n):
        total = x
        for i in range(n):
            total = total + ag.ops.exp(i * 0.1)
        return total

    assert f(ag.constant(np.float64(0)), ag.constant(3)).numpy() == np.exp(0.0) + np.exp(0.1) + np.exp(0.2)


@pytest.mark.skipif(not LONG, reason="only with AG_FUZZ=long")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", EXHAUSTIVE)
def test_every_float32(name):
    function, most, _ = UNARY[name]
    compiled = ag.function(getattr(ag.ops, name), backend="native")
    for start in range(0, 2**32, 2**24):
        x = np.arange(start, start + 2**24, dtype=np.uint32).view(np.float32)
        with np.errstate(all="ignore"):
            exact = function(x.astype(np.float64))
        off = errors(compiled(ag.constant(x)).numpy(), exact)
        assert off.max() <= most, (x[np.argmax(off)], off.max())
