"""Derivatives of functions beyond the gradient: Jacobians and Hessian-vector products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import optree

from autograph.ops.creation import asarray
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.transforms.forward.jvp import jvp
from autograph.transforms.gradients import grad
from autograph.transforms.own_handles import own_handle
from autograph.transforms.tape import GradientTape, require_floats
from autograph.transforms.user_functions import call_function


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that gives the Jacobian of a function, by reverse mode.

    In a staged function all rows are computed at once.

    Args:
        f: gives a float tensor.
        argnums: which arguments, float tensors or structures of them, to differentiate by.

    Returns:
        A function of the same arguments that gives, for each tensor to differentiate by, a tensor whose shape is that
        of the result, then that of the tensor.

    Example:
        >>> import autograph as ag
        >>> ag.jacobian(lambda x: x * x)(ag.constant([1.0, 2.0])).numpy()
        array([[2., 0.],
               [0., 4.]], dtype=float32)
    """
    single = isinstance(argnums, int)
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def run(*args: Any, **kwargs: Any) -> Any:
        given = list(args)
        with GradientTape() as tape:
            for place in places:
                given[place] = _own(args[place])
            wanted = [given[place] for place in places]
            tape.watch(wanted)
            value = call_function(f, *given, **kwargs)
        found = tape.jacobian(value, wanted, unconnected_gradients="zero")
        return found[0] if single else tuple(found)

    return run


def batch_jacobian(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that gives the Jacobian of each row of a result by the same row of the argument.

    Args:
        f: gives a float tensor [b, ...] from one [b, ...], row by row.

    Returns:
        A function of the same argument that gives a tensor [b, ...result, ...argument].

    Example:
        >>> import autograph as ag
        >>> ag.batch_jacobian(lambda x: x * x)(ag.constant([[1.0], [2.0]])).shape
        (2, 1, 1)
    """

    def run(x: Any) -> Any:
        with GradientTape() as tape:
            x = _own(x)
            tape.watch(x)
            value = call_function(f, x)
        return tape.batch_jacobian(value, x, unconnected_gradients="zero")

    return run


def hvp(f: Callable[..., Any], primals: Any, tangents: Any) -> Any:
    """The Hessian of a function times a vector, by forward mode over reverse mode.

    The Hessian itself is never made: the cost is a small multiple of the gradient's.

    Args:
        f: gives a float tensor, whose elements are summed.
        primals: the arguments, a tuple of float tensors or structures of them.
        tangents: the vector: a tensor for each of the primals' tensors.

    Returns:
        The product, in the structure of the primals; for one primal by itself.

    Example:
        >>> import autograph as ag
        >>> ag.hvp(lambda x: x * x * x, (ag.constant(2.0),), (ag.constant(1.0),)).item()
        12.0

    Source: Pearlmutter, Fast exact multiplication by the Hessian, 1994.
    """
    found = jvp(lambda *args: grad(f, tuple(range(len(args))))(*args), primals, tangents)[1]
    return found[0] if len(found) == 1 else found


def _own(arg: Any) -> Any:
    tensors = optree.tree_map(lambda leaf: leaf if isinstance(leaf, Tensor | Variable) else asarray(leaf), arg)
    require_floats(tensors, "watch")
    return optree.tree_map(own_handle, tensors)
