"""Complex numbers as pairs of real ones, and back."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import add, multiply
from autograph.ops.complex_parts import imag, real
from autograph.ops.extents import shape_of
from autograph.ops.indexing import getitem
from autograph.ops.joining import stack
from autograph.runtime.dims import known_equal
from autograph.runtime.refusal import refuse


def view_as_complex(x: Any) -> Any:
    """Pairs of a real and an imaginary part as complex numbers.

    Args:
        x: real tensor [..., 2].

    Returns:
        Complex tensor [...].

    Raises:
        ShapeError: the last size is not 2.

    Example:
        >>> import autograph as ag
        >>> ag.ops.view_as_complex(ag.constant([[1.0, 2.0]])).numpy()
        array([1.+2.j], dtype=complex64)
    """
    shape = shape_of(x)
    if not shape or known_equal(shape[-1], 2) is not True:
        refuse(ShapeError, f"complex numbers of a tensor of shape {shape}", "give pairs: a last size of 2")
    first, second = [getitem(x, (Ellipsis, i)) for i in (0, 1)]
    return add(first, multiply(second, 1j))


def view_as_real(x: Any) -> Any:
    """Complex numbers as pairs of their real and imaginary parts.

    Args:
        x: complex tensor.

    Returns:
        Real tensor [..., 2].

    Example:
        >>> import autograph as ag
        >>> ag.ops.view_as_real(ag.constant([1 + 2j])).numpy()
        array([[1., 2.]], dtype=float32)
    """
    return stack([real(x), imag(x)], axis=-1)
