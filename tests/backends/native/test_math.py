"""Elementary functions of native code: errors in units of the last place, special values, and vectors without calls."""

import math
import re
from fractions import Fraction

import llvmlite.binding as llvm
import numpy as np
import pytest
import scipy.special

import autograph as ag
from autograph.backends.native.math.library import FORMULAS, definitions
from tests.sampling import LONG

# Functions of one operand: NumPy's function, and the most units of the last place that float32 and float64 may be off.
UNARY = {
    "exp": (np.exp, 1.1, 1.1), "exp2": (np.exp2, 1.1, 1.2), "cbrt": (np.cbrt, 0.6, 0.9),
    "expm1": (np.expm1, 0.6, 1.5), "tanh": (np.tanh, 1.6, 1.2),
    "sinh": (np.sinh, 0.6, 2.0), "cosh": (np.cosh, 0.6, 1.6),
    "log": (np.log, 1.0, 1.0), "log2": (np.log2, 0.6, 1.0), "log10": (np.log10, 0.6, 1.0),
    "log1p": (np.log1p, 1.7, 1.6),
    "sin": (np.sin, 1.7, 1.0), "cos": (np.cos, 1.7, 1.0), "tan": (np.tan, 0.6, 2.5),
    "asin": (np.arcsin, 0.6, 1.0), "acos": (np.arccos, 0.6, 1.0), "atan": (np.arctan, 0.6, 2.0),
    "asinh": (np.arcsinh, 0.6, 2.5), "acosh": (np.arccosh, 0.6, 2.5), "atanh": (np.arctanh, 0.6, 2.5),
}  # fmt: skip
BINARY = {
    "pow": (np.power, 0.6, 1.5), "atan2": (np.arctan2, 0.6, 2.0), "hypot": (np.hypot, 0.6, 1.2),
    "logaddexp": (np.logaddexp, 0.6, 1.5), "logaddexp2": (np.logaddexp2, 0.6, 2.0),
}  # fmt: skip
EXHAUSTIVE = ("exp", "log", "tanh")
DTYPES = ("float32", "float64")
CASES = [pytest.param(name, dtype, id=f"{name}-{dtype}") for name in UNARY for dtype in DTYPES]
PAIRS = [pytest.param(name, dtype, id=f"{name}-{dtype}") for name in BINARY for dtype in DTYPES]

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


def same_special(got, wanted):
    """Whether zeros, infinities and what is not a number are where they should be, zeros with their signs."""
    np.testing.assert_array_equal(np.isnan(got), np.isnan(wanted))
    edge = np.isinf(wanted) | (wanted == 0)
    np.testing.assert_array_equal(got[edge], wanted[edge])
    np.testing.assert_array_equal(np.signbit(got)[edge], np.signbit(wanted)[edge])


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_special_values(name, dtype):
    x = special(getattr(np, dtype))
    with np.errstate(all="ignore"):
        wanted = UNARY[name][0](x)
    got, _ = native(getattr(ag.ops, name), x)
    same_special(got, wanted)


def pairs(name, dtype, count=100_000):
    """Pairs of all exponents, and of usual numbers; sums of exponentials without those whose logarithm is near 0."""
    rng = np.random.default_rng(3)
    with np.errstate(all="ignore"):
        x, y = samples(dtype, count), rng.permutation(samples(dtype, count))
        usual = np.exp(rng.uniform(-30, 30, count)).astype(dtype), rng.uniform(-20, 20, count).astype(dtype)
        steep = rng.uniform(0.5, 2, count).astype(dtype), rng.uniform(-700, 700, count).astype(dtype)
        x, y = [np.concatenate(parts) for parts in zip((x, y), usual, steep)]
        if name.startswith("logaddexp"):
            keep = ~(np.abs(BINARY[name][0](x, y)) < 1)
            x, y = x[keep], y[keep]
    return x, y


@pytest.mark.parametrize(("name", "dtype"), PAIRS)
def test_error_of_two(name, dtype):
    function, *most = BINARY[name]
    dtype = getattr(np, dtype)
    x, y = pairs(name, dtype)
    with np.errstate(all="ignore"):
        exact = function(x.astype(wider(dtype)), y.astype(wider(dtype)))
    got, _ = native(getattr(ag.ops, name), x, y)
    off = errors(got, exact)
    worst = np.argmax(off)
    assert off[worst] <= most[dtype is np.float64], (x[worst], y[worst], got[worst], exact[worst], off[worst])


@pytest.mark.parametrize(("name", "dtype"), PAIRS)
def test_special_values_of_two(name, dtype):
    dtype = getattr(np, dtype)
    whole = np.array([*range(-7, 8), 2.0**23 + 1, -(2.0**23) - 1, 2.0**24, 2.0**53 - 1, 2.0**53])
    x, y = [a.ravel() for a in np.meshgrid(*[np.concatenate([special(dtype), whole.astype(dtype)])] * 2)]
    with np.errstate(all="ignore"):
        wanted = BINARY[name][0](x, y)
        if (
            name in ("hypot", "logaddexp", "logaddexp2") and dtype is np.float32
        ):  # NumPy's are infinite, or 0, a little too early
            wanted = BINARY[name][0](x.astype(float), y.astype(float)).astype(dtype)
    got, _ = native(getattr(ag.ops, name), x, y)
    same_special(got, wanted)


# Angles closest to a multiple of a quarter turn, for their size, and sin, cos and tan of them to 40 digits.
HARD = {
    "float32": [
        (
            "0x1.f37c8a0000000p+95",
            "0.9999999999999999986962592493336683820323",
            "-0.000000001614769798247621187603565467748621939554",
            "-619283318.9506138681165936835664235720973",
        ),
        (
            "0x1.fffffe0000000p+127",
            "-0.5218765233336585405515053570198067229357",
            "0.8530210398303041580517914676921611073531",
            "-0.6117979498342480611624959783438320776229",
        ),
        (
            "0x1.93e5940000000p+99",
            "-0.7911634385219836677961193799721653178749",
            "-0.6116047854178966194370438767763954718016",
            "1.293586082688019546625992638545637275062",
        ),
        (
            "0x1.921fb60000000p+1",
            "-0.000000087422780003724745258421660673840642336",
            "-0.9999999999999961786287682101651132709776",
            "0.00000008742278000372507933331817000049318164915",
        ),
        (
            "0x1.88b2e40000000p+23",
            "0.08422592986028843604008907659610970524951",
            "-0.996446683339941561969892358918639906617",
            "-0.08452627849387345584789267991338746004041",
        ),
        (
            "0x1.4f8ef40000000p+42",
            "-0.7133123268223565179945486248149514656976",
            "0.7008462915670422822415194444458449212033",
            "-1.017787117382673268820738223822660444194",
        ),
    ],
    "float64": [
        (
            "0x1.6ac5b262ca1ffp+849",
            "0.9999999999999999999999999999999999998902",
            "-4.687165924254627611122582801963884398778e-19",
            "-2133485385753703843.674852663344474982752",
        ),
        (
            "0x1.fffffffffffffp+1023",
            "0.004961954789184061790502671197074705750765",
            "-0.9999876894265599374648700663069343951406",
            "-0.004962015874444894900500884336163230418557",
        ),
        (
            "0x1.0f0cf064dd592p+73",
            "-0.8522008497671888017727058937530293682618",
            "0.5232147853951389454975944733847094921409",
            "-1.628778225606898878549375936939548513545",
        ),
        (
            "0x1.921fb54442d18p+1",
            "1.224646799147353177226065932274997997083e-16",
            "-0.9999999999999999999999999999999925012011",
            "-1.224646799147353177226065932275007180463e-16",
        ),
        (
            "0x1.6ac5b262ca1ffp+849",
            "0.9999999999999999999999999999999999998902",
            "-4.687165924254627611122582801963884398778e-19",
            "-2133485385753703843.674852663344474982752",
        ),
        (
            "0x1.0000000000000p+60",
            "-0.8306492176372546505752817955815103010762",
            "-0.5567960822766417036833989719013960287255",
            "1.49183739627059770088751748063615297305",
        ),
    ],
}


@pytest.mark.parametrize("dtype", DTYPES)
def test_hard_angles(dtype):
    x = np.array([float.fromhex(angle) for angle, *_ in HARD[dtype]], dtype)
    for place, name in enumerate(("sin", "cos", "tan")):
        got, _ = native(getattr(ag.ops, name), x)
        for value, (_, *exact) in zip(got, HARD[dtype]):
            unit = Fraction(float(np.spacing(value)))
            assert abs(Fraction(float(value)) - Fraction(exact[place])) <= 2 * abs(unit)


@pytest.mark.parametrize(("name", "most"), [("erf", 1.3), ("erfc", 0.6), ("ndtr", 0.6)])
def test_error_functions(name, most):
    x = samples(np.float32)
    got, _ = native(getattr(ag.ops.special, name), x)
    with np.errstate(all="ignore"):
        exact = getattr(scipy.special, name)(x.astype(float))
        assert errors(got, exact).max() <= most
        same_special(got, exact.astype(np.float32))


@pytest.mark.parametrize(("name", "most"), [("erf", 1.5), ("erfc", 5)])
def test_error_functions_of_float64(name, most):
    x = samples(np.float64, 5000)
    wanted = np.array([getattr(math, name)(v) for v in x])
    got, _ = native(getattr(ag.ops.special, name), x)
    apart = np.abs(got - wanted)
    assert (apart[np.isfinite(wanted)] <= most * np.spacing(np.abs(wanted[np.isfinite(wanted)]))).all()
    same_special(got, wanted)


def test_normal_mass_of_float64():
    x = np.random.default_rng(2).uniform(-37, 9, 5000)
    got, _ = native(ag.ops.special.ndtr, x)
    np.testing.assert_allclose(got, scipy.special.ndtr(x), rtol=1e-12)  # SciPy's rounds the square of x
    assert native(ag.ops.special.ndtr, np.array([-np.inf, -39.0, 0.0, 9.0, np.inf]))[0].tolist() == [0, 0, 0.5, 1, 1]


@pytest.mark.parametrize("dtype", DTYPES)
def test_neighbours(dtype):
    x, y = [a.ravel() for a in np.meshgrid(*[special(getattr(np, dtype))] * 2)]
    got, _ = native(ag.ops.nextafter, x, y)
    with np.errstate(all="ignore"):
        wanted = np.nextafter(x, y)
    np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(np.signbit(got)[~np.isnan(got)], np.signbit(wanted)[~np.isnan(got)])


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_loops_run_in_vectors(name, dtype):
    _, assembly = native(getattr(ag.ops, name), np.ones(1000, dtype))
    assert not re.search(rf"\b{name}f?\b", assembly)
    if re.search(r"[xyz]mm\d", assembly):  # of x86: a product of whole vectors, not of one number
        assert re.search(rf"\b(v?mul|vfm\w+)p{'s' if dtype == 'float32' else 'd'}\b|\bv?mulpd\b", assembly)


LOOP = """
define void @loop({pointers}, ptr noalias %out, i64 %n) {{
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%j, %loop]
  {loads}
  %y = call {type} @{name}({operands})
  %to = getelementptr inbounds {type}, ptr %out, i64 %i
  store {type} %y, ptr %to
  %j = add nuw nsw i64 %i, 1
  %more = icmp slt i64 %j, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}}
"""


def loop_over(name, type_, count):
    """A unit with one loop over a function."""
    places = range(count)
    text = LOOP.format(
        name=name,
        type=type_,
        pointers=", ".join(f"ptr noalias %p{i}" for i in places),
        operands=", ".join(f"{type_} %x{i}" for i in places),
        loads="\n  ".join(
            f"%a{i} = getelementptr inbounds {type_}, ptr %p{i}, i64 %i\n  %x{i} = load {type_}, ptr %a{i}"
            for i in places
        ),
    )
    return definitions(text) + "\n\n" + text


@pytest.mark.parametrize(
    ("triple", "processor"),
    [
        ("x86_64-unknown-linux-gnu", "haswell"),
        ("x86_64-unknown-linux-gnu", "skylake-avx512"),
        ("aarch64-unknown-linux-gnu", "neoverse-n1"),
    ],
)
def test_loops_run_in_vectors_on_other_processors(triple, processor):
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=processor, opt=3)
    assert len(FORMULAS) > 40
    for name, (_, type_, count) in FORMULAS.items():
        module = llvm.parse_assembly(f'target triple = "{triple}"\n' + loop_over(name, type_, count))
        passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
        passes.getModulePassManager().run(module, passes)
        assert re.search(rf"<\d+ x {type_}>", str(module)), name
        assert not re.search(r"^\s+(call|bl)\w*\s", machine.emit_assembly(module), re.MULTILINE), name


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
        got = compiled(ag.constant(x)).numpy()
        with np.errstate(all="ignore"):
            rest = ~(np.abs(got - exact) <= np.abs(np.spacing(got)) * 0.5)  # the others are off by one unit at most
        off = errors(got[rest], exact[rest])
        assert off.max(initial=0) <= most, (x[rest][np.argmax(off)], off.max())
