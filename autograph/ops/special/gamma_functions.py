"""The gamma function and its relatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import add, multiply, negative, subtract
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import exp, log
from autograph.ops.special.scipy_functions import scipy_function, scipy_op, special_type
from autograph.runtime.apply import apply
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor

# Steps of differences by their order, as parts of the way to the pole: as small as rounding lets them be.
SLOPE_STEPS = {1: 1e-3, 2: 4e-3}
LEAST_STEP = 1e-3


def _slope_op(name: str, pole: float, order: int, vjp: Any) -> Op:
    """A derivative of a special function in its first operand, by differences extrapolated to steps of 0.

    Args:
        name: of the function.
        pole: where the first operand begins; steps shrink towards it.
        order: 1 or 2.
        vjp: the gradient.
    """

    def kernel(xp: Any, x: Any, y: Any) -> Any:
        wide, other = np.asarray(x, np.float64), np.asarray(y, np.float64)
        step = SLOPE_STEPS[order] * np.maximum(wide - pole, LEAST_STEP)
        value = scipy_function(name)
        with np.errstate(all="ignore"):
            coarse, fine = [difference(lambda x: value(x, other), wide, h, order) for h in (step, step / 2)]
        return np.asarray((4 * fine - coarse) / 3, np.result_type(x, y, np.float32))

    fields: dict[str, Any] = {"kernel": kernel, "vjp": vjp, "promotes": True, "weakens": True}
    return Op(f"{name}_slope{'' if order == 1 else order}", kind=Kind.ELEMENTWISE, infer=special_type(name), **fields)


def difference(f: Any, x: Any, step: Any, order: int) -> Any:
    """The central difference of a function of an array."""
    high, low = f(x + step), f(x - step)
    return (high - low) / (2 * step) if order == 1 else (high - 2 * f(x) + low) / step**2


def _gammainc_slope_vjp(ct: Tensor, out: Tensor, a: Tensor, x: Tensor) -> tuple[Any, ...]:
    across = multiply(_density(a, x), subtract(log(x), digamma(a)))
    return multiply(ct, apply(gammainc_slope2_op, a, x)), multiply(ct, across)


def _zeta_slope_vjp(ct: Tensor, out: Tensor, x: Tensor, q: Tensor) -> tuple[Any, ...]:
    across = add(zeta(add(x, 1), q), multiply(x, apply(zeta_slope_op, add(x, 1), q)))
    return multiply(ct, apply(zeta_slope2_op, x, q)), negative(multiply(ct, across))


gammainc_slope_op = _slope_op("gammainc", 0.0, 1, _gammainc_slope_vjp)
zeta_slope_op = _slope_op("zeta", 1.0, 1, _zeta_slope_vjp)
gammainc_slope2_op = _slope_op("gammainc", 0.0, 2, NOT_DIFFERENTIABLE)
zeta_slope2_op = _slope_op("zeta", 1.0, 2, NOT_DIFFERENTIABLE)


def _density(a: Any, x: Any) -> Any:
    """The derivative of `gammainc` in x."""
    return exp(subtract(subtract(multiply(subtract(a, 1), log(x)), x), lgamma(a)))


def _zeta_vjp(ct: Tensor, out: Tensor, x: Tensor, q: Tensor) -> tuple[Any, ...]:
    return multiply(ct, apply(zeta_slope_op, x, q)), negative(multiply(ct, multiply(x, zeta(add(x, 1), q))))


def _gammainc_vjp(ct: Tensor, out: Tensor, a: Tensor, x: Tensor) -> tuple[Any, ...]:
    return multiply(ct, apply(gammainc_slope_op, a, x)), multiply(ct, _density(a, x))


def _gammaincc_vjp(ct: Tensor, out: Tensor, a: Tensor, x: Tensor) -> tuple[Any, ...]:
    return _gammainc_vjp(negative(ct), out, a, x)


lgamma_op = scipy_op("lgamma", lambda ct, out, x: (multiply(ct, digamma(x)),), "gammaln")
digamma_op = scipy_op("digamma", lambda ct, out, x: (multiply(ct, polygamma(1, x)),))
gamma_op = scipy_op("gamma", lambda ct, out, x: (multiply(ct, multiply(out, digamma(x))),))
zeta_op = scipy_op("zeta", _zeta_vjp)
gammainc_op = scipy_op("gammainc", _gammainc_vjp)
gammaincc_op = scipy_op("gammaincc", _gammaincc_vjp)


def lgamma(x: Any) -> Any:
    """The logarithm of the gamma function's size, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.lgamma(ag.constant([0.5, 10.0])).numpy()
        array([ 0.5723649, 12.801827 ], dtype=float32)
    """
    return apply(lgamma_op, x)


def digamma(x: Any) -> Any:
    """The derivative of `lgamma`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.digamma(ag.constant([0.5, 1.0])).numpy()
        array([-1.96351  , -0.5772157], dtype=float32)
    """
    return apply(digamma_op, x)


def gamma(x: Any) -> Any:
    """The gamma function, `(x - 1)!` for whole numbers, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.gamma(ag.constant([0.5, 5.0])).numpy()
        array([ 1.7724539, 24.       ], dtype=float32)
    """
    return apply(gamma_op, x)


def zeta(x: Any, q: Any) -> Any:
    """The Hurwitz zeta function, the sum of `(k + q)**-x` over k from 0 on, element by element.

    Args:
        x: tensor or number above 1; its gradient is right to about 8 digits.
        q: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.zeta(ag.constant([2.0, 4.0]), 1.0).numpy()
        array([1.644934 , 1.0823232], dtype=float32)
    """
    return apply(zeta_op, x, q)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of `digamma`, element by element.

    Args:
        n: how often, at least 0.
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: n is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.polygamma(1, ag.constant([1.0, 2.0])).numpy()
        array([1.644934  , 0.64493406], dtype=float32)
    """
    if n < 0:
        refuse(ShapeError, f"polygamma of order {n}", "use an order of at least 0")
    if n == 0:
        return digamma(x)
    return multiply(zeta(float(n + 1), as_tensor(x) * 1.0), float(math.factorial(n)) * (-1) ** (n + 1))


def gammainc(a: Any, x: Any) -> Any:
    """The regularised lower incomplete gamma function, element by element.

    Args:
        a: tensor or number, positive.
        x: tensor or number that broadcasts against a, not negative.

    Returns:
        A tensor of the broadcast shape. Its gradient in a is right to about 8 digits.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.gammainc(ag.constant([1.0, 2.0]), 1.0).numpy()
        array([0.63212055, 0.26424113], dtype=float32)
    """
    return apply(gammainc_op, a, x)


def gammaincc(a: Any, x: Any) -> Any:
    """`1 - gammainc(a, x)`, exact where that is small too, element by element.

    Args:
        a: tensor or number, positive.
        x: tensor or number that broadcasts against a, not negative.

    Returns:
        A tensor of the broadcast shape. Its gradient in a is right to about 8 digits.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.gammaincc(ag.constant([1.0, 2.0]), 1.0).numpy()
        array([0.36787945, 0.7357589 ], dtype=float32)
    """
    return apply(gammaincc_op, a, x)


def betaln(a: Any, b: Any) -> Any:
    """The logarithm of the beta function, element by element.

    Args:
        a: tensor or number, positive.
        b: tensor or number that broadcasts against a, positive.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.betaln(ag.constant([1.0, 2.0]), 3.0).numpy()
        array([-1.0986123, -2.4849067], dtype=float32)
    """
    return subtract(add(lgamma(a), lgamma(b)), lgamma(add(a, b)))


def beta(a: Any, b: Any) -> Any:
    """The beta function `gamma(a) * gamma(b) / gamma(a + b)`, element by element.

    Args:
        a: tensor or number, positive.
        b: tensor or number that broadcasts against a, positive.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.beta(ag.constant([1.0, 2.0]), 3.0).numpy()
        array([0.33333334, 0.08333334], dtype=float32)
    """
    return exp(betaln(a, b))
