"""Arithmetic, element by element, with broadcasting."""

from __future__ import annotations

import builtins
import operator
from typing import Any

import numpy as np

from autograph.ops.number_limits import nonzero_divisor, power_limits
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply
from autograph.runtime.dims import max_dim, min_dim
from autograph.runtime.op import Effect, get_op
from autograph.runtime.tensor import Tensor


def _nonzero(kernel: np.ufunc) -> Any:
    """The kernel of an integer division: dividing integers by zero raises, as in Python."""

    def run(xp: Any, x: Any, y: Any) -> Any:
        if np.result_type(x, y).kind in "iub" and not np.all(y):
            raise ZeroDivisionError("integer division or modulo by zero")
        return kernel(x, y)

    return run


def _python_pow(x: Any, y: Any) -> Any:
    return x**y


def _pow_kernel(xp: Any, x: Any, y: Any) -> Any:
    """NumPy's power; where that takes a square root, the powers of -0.0 and minus infinity are not IEEE's."""
    dtype = np.result_type(x, y)
    roots = np.equal(y, 0.5)
    if dtype.kind != "f" or not roots.any():
        return np.power(x, y)
    base = np.asarray(x, dtype)
    base = np.where(roots & (np.isneginf(base) | (base == 0)), np.abs(base), base)
    return np.power(base, y)


def _divide_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return divide(ct, y), negative(divide(multiply(ct, out), y))


def _remainder_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return ct, negative(multiply(ct, floor_divide(x, y)))


def _pow_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    where, one = get_op("where"), cast_like(1.0, x)
    constant = apply(get_op("equal"), y, 0)  # x ** 0, whose slope is 0 at 0 too
    lower = apply(where, constant, cast_like(1.0, y), subtract(y, 1))
    from_base = multiply(ct, multiply(y, pow(x, lower)))
    # d/dy is out * log(x), 0 where x is 0 (Source: the limit for y > 0), and not a number below.
    if x.dtype.is_complex:
        logarithm = apply(get_op("log"), apply(where, apply(get_op("not_equal"), x, 0), x, one))
    else:
        known = apply(get_op("log"), apply(where, apply(get_op("greater"), x, 0), x, one))
        logarithm = apply(where, apply(get_op("less"), x, 0), cast_like(float("nan"), x), known)
    return from_base, multiply(ct, multiply(out, logarithm))


def _extremum_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    """Equal operands share the cotangent; selections, as each of them is computed where it is used."""
    wins = [apply(get_op("equal"), out, operand) for operand in (x, y)]
    select, half = get_op("where"), multiply(ct, 0.5)
    return tuple([apply(select, own, apply(select, other, half, ct), 0) for own, other in (wins, reversed(wins))])


def _sign_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    """Of a complex number, whose direction turns: what is across it, by its size, 0 at 0."""
    if not x.dtype.is_complex:
        return (None,)
    along = multiply(cast_like(apply(get_op("real"), multiply(ct, out)), x), _conjugate(out))
    size = cast_like(abs(x), x)
    zero = apply(get_op("equal"), size, 0)
    turned = divide(subtract(ct, along), apply(get_op("where"), zero, cast_like(1.0, x), size))
    return (apply(get_op("where"), zero, cast_like(0.0, x), turned),)


# Rules name ops of other families through the registry, because those families import this one.
def cast_like(x: Any, like: Tensor) -> Tensor:
    """`x` in the dtype of `like`."""
    out: Tensor = apply(get_op("cast"), x, dtype=like.dtype, weak=like.type.weak)
    return out


def _conjugate(x: Tensor) -> Any:
    return apply(get_op("conj"), x) if x.dtype.is_complex else x


add_op = ufunc_op("add", np.add, lambda ct, out, x, y: (ct, ct), python=operator.add, dims=operator.add)
subtract_op = ufunc_op(
    "subtract", np.subtract, lambda ct, out, x, y: (ct, negative(ct)), python=operator.sub, dims=operator.sub
)
multiply_op = ufunc_op(
    "multiply",
    np.multiply,
    lambda ct, out, x, y: (multiply(ct, y), multiply(ct, x)),
    python=operator.mul,
    dims=operator.mul,
)
divide_op = ufunc_op(
    "divide", np.true_divide, _divide_vjp, python=operator.truediv, requires=nonzero_divisor(operator.truediv)
)
floor_divide_op = ufunc_op(
    "floor_divide",
    np.floor_divide,
    lambda ct, out, x, y: (None, None),
    kernel=_nonzero(np.floor_divide),
    python=operator.floordiv,
    dims=operator.floordiv,
    requires=nonzero_divisor(operator.floordiv),
    effects=Effect.FAIL,
)
remainder_op = ufunc_op(
    "remainder",
    np.remainder,
    _remainder_vjp,
    kernel=_nonzero(np.remainder),
    python=operator.mod,
    dims=operator.mod,
    requires=nonzero_divisor(operator.mod),
    effects=Effect.FAIL,
)
pow_op = ufunc_op("pow", np.power, _pow_vjp, kernel=_pow_kernel, python=_python_pow, requires=power_limits)
maximum_op = ufunc_op("maximum", np.maximum, _extremum_vjp, python=builtins.max, dims=max_dim)
minimum_op = ufunc_op("minimum", np.minimum, _extremum_vjp, python=builtins.min, dims=min_dim)
negative_op = ufunc_op(
    "negative", np.negative, lambda ct, out, x: (negative(ct),), python=operator.neg, dims=operator.neg
)
positive_op = ufunc_op("positive", np.positive, lambda ct, out, x: (ct,), python=operator.pos)
abs_op = ufunc_op("abs", np.absolute, lambda ct, out, x: (multiply(ct, _conjugate(sign(x))),), python=builtins.abs)
sign_op = ufunc_op("sign", np.sign, _sign_vjp)


def add(x: Any, y: Any) -> Any:
    """`x + y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.add(ag.constant([1.0, 2.0]), 1).numpy()
        array([2., 3.], dtype=float32)
    """
    return apply(add_op, x, y)


def subtract(x: Any, y: Any) -> Any:
    """`x - y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.subtract(ag.constant([1.0, 2.0]), 1).numpy()
        array([0., 1.], dtype=float32)
    """
    return apply(subtract_op, x, y)


def multiply(x: Any, y: Any) -> Any:
    """`x * y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.multiply(ag.constant([1.0, 2.0]), 3).numpy()
        array([3., 6.], dtype=float32)
    """
    return apply(multiply_op, x, y)


def divide(x: Any, y: Any) -> Any:
    """`x / y`; integers give floats, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.divide(ag.constant([1.0, 2.0]), 2).numpy()
        array([0.5, 1. ], dtype=float32)
    """
    return apply(divide_op, x, y)


def floor_divide(x: Any, y: Any) -> Any:
    """`x // y`, with Python's answers where one of them is infinite."""
    return apply(floor_divide_op, x, y)


def remainder(x: Any, y: Any) -> Any:
    """`x % y with the sign of y`; integers modulo zero raise ZeroDivisionError, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.remainder(ag.constant([7, -7]), 3).numpy()
        array([1, 2])
    """
    return apply(remainder_op, x, y)


def pow(x: Any, y: Any) -> Any:
    """`x ** y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.pow(ag.constant([1.0, 2.0]), 2).numpy()
        array([1., 4.], dtype=float32)
    """
    return apply(pow_op, x, y)


def maximum(x: Any, y: Any) -> Any:
    """The larger of x and y; NaN if either is, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.maximum(ag.constant([1.0, 5.0]), 2).numpy()
        array([2., 5.], dtype=float32)
    """
    return apply(maximum_op, x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller of x and y; NaN if either is, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.minimum(ag.constant([1.0, 5.0]), 2).numpy()
        array([1., 2.], dtype=float32)
    """
    return apply(minimum_op, x, y)


def negative(x: Any) -> Any:
    """`-x`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.negative(ag.constant([1.0])).numpy()
        array([-1.], dtype=float32)
    """
    return apply(negative_op, x)


def positive(x: Any) -> Any:
    """`+x`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.positive(ag.constant([1.0])).numpy()
        array([1.], dtype=float32)
    """
    return apply(positive_op, x)


def abs(x: Any) -> Any:
    """The absolute value; the gradient at 0 is 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.abs(ag.constant([-1.0])).numpy()
        array([1.], dtype=float32)
    """
    return apply(abs_op, x)


def sign(x: Any) -> Any:
    """NumPy's sign; the function of that name is in `special_cases`."""
    return apply(sign_op, x)


def square(x: Any) -> Any:
    """`x * x`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.square(ag.constant([3.0])).numpy()
        array([9.], dtype=float32)
    """
    return apply(multiply_op, x, x)
