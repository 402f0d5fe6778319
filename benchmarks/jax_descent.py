"""Gradient descent as JAX's users write it: one jitted step, which takes the weights' memory for the new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any


def descent(
    loss_of: Callable[..., Any], arrays: Sequence[Any], operands: Sequence[Any], rate: float
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """A step that gives the loss once it is computed, and what gives the weights.

    Args:
        loss_of: the loss for weights and operands.
        arrays: the first weights.
        operands: of the loss, the same in each step.
        rate: by which gradients are subtracted.
    """
    import jax

    @partial(jax.jit, donate_argnums=0)
    def descend(weights: Any, *operands: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(weights, *operands)
        return [w - rate * g for w, g in zip(weights, gradients)], loss

    weights = list(map(jax.numpy.asarray, arrays))
    given = list(map(jax.numpy.asarray, operands))

    def step() -> Any:
        nonlocal weights
        weights, loss = descend(weights, *given)
        return loss.block_until_ready()

    return step, lambda: weights
