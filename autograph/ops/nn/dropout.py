"""Elements left out at random."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.creation import as_tensor
from autograph.ops.extents import dims_of_shape
from autograph.ops.random.generators import stream_of_seed
from autograph.ops.selection import where
from autograph.runtime.refusal import refuse


def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """Elements set to 0 at random, the others divided by how likely they stay.

    Args:
        inputs: tensor.
        rate: how likely an element is set to 0, from 0 to less than 1.
        noise_shape: sizes that broadcast to the shape of inputs, where elements share their fate; that shape by
            default.
        seed: an `ag.random.Generator`, or a key or an int, with which the same elements stay each time; the default
            generator where left out.

    Returns:
        A tensor of the shape of inputs.

    Raises:
        ShapeError: there is no such rate, or the noise does not broadcast.

    Source: Srivastava et al., Dropout, 2014.

    Example:
        >>> import autograph as ag
        >>> ag.random.set_seed(1)
        >>> ag.ops.nn.dropout(ag.ops.ones((4,)), 0.5).shape
        (4,)
    """
    if not 0 <= rate < 1:
        refuse(ShapeError, f"dropout at a rate of {rate}", "give a rate from 0 to less than 1")
    x = as_tensor(inputs)
    if not rate:
        return x
    shape = x.type.shape if noise_shape is None else dims_of_shape(noise_shape)
    kept = stream_of_seed(seed).uniform(shape) >= rate
    return where(broadcast_to(kept, x.type.shape), x / (1 - rate), 0)
