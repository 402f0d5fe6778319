"""Gradients of functions: `grad`, `value_and_grad`, and `stop_gradient`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree

from autograph.errors import GradientError
from autograph.ops.creation import asarray
from autograph.ops.reductions import stop_op
from autograph.runtime.apply import apply
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.transforms.own_handles import own_handle
from autograph.transforms.tape import GradientTape, require_floats
from autograph.transforms.user_functions import call_function


def stop_gradient(x: Any) -> Any:
    """`x` itself, which no gradient goes through.

    Args:
        x: tensor.

    Returns:
        A tensor equal to x.

    Example:
        >>> import autograph as ag
        >>> ag.grad(lambda x: x * ag.stop_gradient(x))(ag.constant(3.0)).item()
        3.0
    """
    return apply(stop_op, x)


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Any, Any]]:
    """A function that gives a function's value and its gradient.

    Args:
        f: gives a float tensor; its elements are summed.
        argnums: which arguments to differentiate by.

    Returns:
        A function of the same arguments that gives (value, gradient).

    Example:
        >>> import autograph as ag
        >>> value, slope = ag.value_and_grad(lambda x: x * x)(ag.constant(3.0))
        >>> value.item(), slope.item()
        (9.0, 6.0)
    """
    single = isinstance(argnums, int)
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def run(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        given = list(args)
        for place in places:
            if not -len(given) <= place < len(given):
                refuse(GradientError, f"argnums names argument {place} of {len(given)}", "pass it by position")
            given[place] = optree.tree_map(
                lambda leaf: leaf if isinstance(leaf, Tensor | Variable) else asarray(leaf), given[place]
            )
        with GradientTape() as tape:
            for place in places:
                require_floats(given[place], "watch")
                given[place] = optree.tree_map(own_handle, given[place])
            wanted = [given[place] for place in places]
            tape.watch(wanted)
            value = call_function(f, *given, **kwargs)
        gradients = tape.gradient(value, wanted, unconnected_gradients="zero")
        return value, gradients[0] if single else tuple(gradients)

    return run


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that gives a function's gradient.

    Args:
        f: gives a float tensor; its elements are summed.
        argnums: which arguments to differentiate by.

    Returns:
        A function of the same arguments that gives the gradient.

    Example:
        >>> import autograph as ag
        >>> ag.grad(ag.grad(lambda x: x * x * x))(ag.constant(2.0)).item()
        12.0
    """
    both = value_and_grad(f, argnums)

    def run(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return run
