"""The second derivative of every op: of its gradient, by reverse and by forward mode, against differences of it."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.ops.samples import SAMPLES
from tests.ops.test_registry import CASES, SYMMETRIC, differentiable, random_like, run
from tests.sampling import LONG

STEP = 1e-6
ONCE = {"ctc_posterior", "zeta_slope", "gammainc_slope"}  # derivatives whose gradients have none of their own
SINGULAR = "cofactor-2"  # third derivatives of determinants need an inverse
ALWAYS = ("prod-1", "segment_prod-1", "det-2")  # without a division by zero, or by a determinant of 0
ROWS = [
    case
    for case in CASES
    if differentiable(case)
    and case.values[0] not in ONCE
    and case.id != SINGULAR
    and (LONG or case.id.endswith("-0") or case.id in ALWAYS)
]


def direction(x, rng, symmetric):
    """A random direction; a Hermitian one for an op that reads one triangle."""
    d = rng.normal(size=x.shape)
    d = d + 1j * rng.normal(size=x.shape) if x.dtype.kind == "c" else d
    return (d + np.swapaxes(d, -1, -2).conj()) / 2 if symmetric else d


def paired(a, b):
    """The real part of the sum of products: a cotangent applied to a tangent."""
    return ag.ops.sum(ag.ops.real(a * b))


def slope_of(op, operands, attrs, places, directions):
    """From the float operands to the slope of a weighted sum of the results along some directions."""
    weights = [random_like(out) for out in run(op, operands, attrs)]

    def total(*moving):
        full = [ag.constant(x) for x in operands]
        for place, x in zip(places, moving, strict=True):
            full[place] = x
        outs = apply(op, *full, **attrs)
        outs = outs if isinstance(outs, tuple) else (outs,)
        parts = [paired(out, ag.constant(w)) for out, w in zip(outs, weights, strict=True) if w is not None]
        return sum(parts[1:], parts[0])

    def slope(*moving):
        grads = ag.grad(total, argnums=tuple(range(len(places))))(*moving)
        parts = [paired(grad, ag.constant(d)) for grad, d in zip(grads, directions, strict=True)]
        return sum(parts[1:], parts[0])

    return slope


@pytest.mark.parametrize(("name", "operands", "attrs"), ROWS)
def test_second_derivative(name, operands, attrs):
    op = all_ops()[name]
    if name == "cast" and attrs["dtype"] is ag.float32:
        attrs = {"dtype": ag.float64}
    if not any(out.dtype.is_inexact for out in run(op, operands, attrs)):
        pytest.skip("no float result")
    rng = np.random.default_rng(3)
    places = [i for i, x in enumerate(operands) if x.dtype.kind in "fc"]
    floats = [operands[i] for i in places]
    first, second = [[direction(x, rng, name in SYMMETRIC) for x in floats] for _ in range(2)]
    slope = slope_of(op, operands, attrs, places, first)
    ends = [float(slope(*[ag.constant(x + h * d) for x, d in zip(floats, second)])) for h in (STEP, -STEP)]
    wanted = (ends[0] - ends[1]) / (2 * STEP)
    given = [ag.constant(x) for x in floats]
    grads = ag.grad(slope, argnums=tuple(range(len(floats))))(*given)
    reverse = sum(float(paired(grad, ag.constant(d))) for grad, d in zip(grads, second, strict=True))
    forward = float(ag.jvp(slope, tuple(given), tuple(map(ag.constant, second)))[1])
    assert reverse == pytest.approx(wanted, rel=1e-4, abs=1e-6)
    assert forward == pytest.approx(wanted, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("name", sorted(ONCE))
def test_gradients_without_gradient_say_so(name):
    op = all_ops()[name]
    operands, attrs = SAMPLES[name][0]
    places = [i for i, x in enumerate(operands) if x.dtype.kind == "f"]
    floats = [operands[i] for i in places]
    slope = slope_of(op, operands, attrs, places, floats)
    with pytest.raises(ag.errors.GradientError, match="has no gradient"):
        ag.grad(slope)(*map(ag.constant, floats))


def test_products_with_several_zeros():
    x = ag.constant([0.0, 3.0, 0.0, 2.0], ag.float64)
    hessian = np.zeros((4, 4))
    hessian[0, 2] = hessian[2, 0] = 6
    whole = ag.constant([0, 0, 0, 0])
    for f in (ag.ops.prod, lambda x: ag.ops.segment_prod(x, whole, 1)[0], lambda x: ag.ops.cumulative_prod(x)[-1]):
        for mode in (f, ag.function(f)):
            np.testing.assert_array_equal(ag.jacobian(ag.grad(mode))(x).numpy(), hessian)
            assert ag.grad(mode)(x).numpy().tolist() == [0, 0, 0, 0]


def cubes(xs):
    found = []
    for x in xs:
        found.append(x * x * x)
    while len(found) > 2:
        found.append(found.pop() * found.pop())
    return found


def test_through_lists_that_grow():
    """Forward over reverse, whose zeros of lists have no tangent; eagerly and in a graph."""
    total = lambda x: sum(ag.function(cubes)(x)[1:], ag.constant(0.0, ag.float64))  # noqa: E731
    x = ag.constant([1.1, 0.9, 1.2, 0.8], ag.float64)
    d = ag.constant([0.3, -0.5, 0.7, 0.2], ag.float64)
    gradient = ag.grad(total)
    ends = [gradient(x + step * d).numpy() for step in (STEP, -STEP)]
    for along in (lambda x: ag.jvp(gradient, (x,), (d,))[1], lambda x: ag.hvp(total, (x,), (d,))):
        for found in (along(x), ag.function(along)(x)):
            np.testing.assert_allclose(found.numpy(), (ends[0] - ends[1]) / (2 * STEP), rtol=1e-6, atol=1e-8)
