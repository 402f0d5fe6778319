"""First and second derivatives of every op that takes complex numbers, at complex operands, against differences."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.op import NOT_DIFFERENTIABLE, all_ops
from tests.ops.samples import SAMPLES
from tests.ops.test_registry import CASES, SYMMETRIC, random_like, run
from tests.sampling import LONG
from tests.transforms.test_second_order import direction, paired, slope_of

STEP = 1e-6
REAL = set(
    """
atan2 bessel_j0 bessel_j1 cbrt ceil copysign ctc_loss ctc_posterior digamma erf erfc erfinv exp1 expi floor
floor_divide gamma gammainc gammaincc hypot i0 i0e i1 i1e lgamma log_ndtr logaddexp logaddexp2 ndtr ndtri remainder
signbit trunc zeta
""".split()
)
# Rows of what only functions call that refuse complex numbers, of phases that are free, and of one triangle.
ELSEWHERE = {
    "cast",
    "gammainc_slope",
    "poisson_quantile",
    "rfft",
    "stop_gradient",
    "svd",
    "zeros_of",
    "zeta_slope",
    *SYMMETRIC,
}
TAKEN = [
    case
    for case in CASES
    if any(x.dtype.kind == "f" for x in case.values[1])
    and all_ops()[case.values[0]].vjp is not NOT_DIFFERENTIABLE
    and case.values[0] not in REAL | ELSEWHERE
    and (LONG or case.id.endswith("-0"))
]


def made_complex(operands):
    rng = np.random.default_rng(5)
    return [x + 1j * (0.3 + 0.4 * rng.random(x.shape)) if x.dtype.kind == "f" else x for x in operands]


@pytest.mark.parametrize("name", sorted(REAL))
def test_functions_of_real_numbers_say_so(name):
    operands, attrs = SAMPLES[name][-1]
    with pytest.raises(ag.errors.DTypeError):
        run(all_ops()[name], made_complex(operands), attrs)


@pytest.mark.parametrize(("name", "operands", "attrs"), TAKEN)
def test_derivatives(name, operands, attrs):
    op, given = all_ops()[name], made_complex(operands)
    outs = run(op, given, attrs)
    if not any(out.dtype.is_inexact for out in outs):
        pytest.skip("no float result")
    rng = np.random.default_rng(3)
    places = [i for i, x in enumerate(given) if x.dtype.kind == "c"]
    numbers = [given[i] for i in places]
    first, second = [[direction(x, rng, False) for x in numbers] for _ in range(2)]
    weights = [random_like(out) for out in outs]

    def total(step):
        moved = list(given)
        for place, d in zip(places, first, strict=True):
            moved[place] = given[place] + step * d
        parts = zip(run(op, moved, attrs), weights, strict=True)
        return sum(float(np.sum(w * out.numpy()).real) for out, w in parts if w is not None)

    slope = slope_of(op, given, attrs, places, first)
    tensors = [ag.constant(x) for x in numbers]
    assert float(slope(*tensors)) == pytest.approx((total(STEP) - total(-STEP)) / (2 * STEP), rel=1e-5, abs=1e-6)
    ends = [float(slope(*[ag.constant(x + h * d) for x, d in zip(numbers, second)])) for h in (STEP, -STEP)]
    wanted = (ends[0] - ends[1]) / (2 * STEP)
    grads = ag.grad(slope, argnums=tuple(range(len(numbers))))(*tensors)
    reverse = sum(float(paired(grad, ag.constant(d))) for grad, d in zip(grads, second, strict=True))
    forward = float(ag.jvp(slope, tuple(tensors), tuple(map(ag.constant, second)))[1])
    assert reverse == pytest.approx(wanted, rel=1e-4, abs=1e-6)
    assert forward == pytest.approx(wanted, rel=1e-4, abs=1e-6)


def test_directions_turn():
    """`sign` of a complex number is its direction, and has a slope across it; at 0 there is none."""
    z = ag.constant([3 + 4j, 0j], ag.complex128)
    found = ag.grad(lambda z: ag.ops.real(ag.ops.sign(z))[0])(z).numpy()
    np.testing.assert_allclose(found, [(1 - 0.6 * (0.6 - 0.8j)) / 5, 0])
    np.testing.assert_array_equal(ag.grad(lambda z: ag.ops.sum(ag.ops.abs(z)))(z).numpy(), [0.6 - 0.8j, 0])
