"""`jvp`: a function's value and its derivative along a direction, in one forward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optree

from autograph.errors import GradientError
from autograph.ops.casts import astype
from autograph.ops.creation import asarray, zeros_like
from autograph.ops.lists import zeros_like_any
from autograph.runtime.context import Context, current_tapes, current_trace, use
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.transforms.autodiff.reverse import mark_active
from autograph.transforms.autodiff.variables import hoist_variables
from autograph.transforms.eager_log import EagerLog
from autograph.transforms.forward import control as _control
from autograph.transforms.forward.pusher import Forward
from autograph.transforms.own_handles import own_handle
from autograph.transforms.user_functions import call_function

RULES = (_control.forward_cond, _control.forward_try, _control.forward_while, _control.forward_call)


def jvp(f: Callable[..., Any], primals: Any, tangents: Any) -> tuple[Any, Any]:
    """A function's value and its derivative along a direction (a Jacobian-vector product), by forward mode.

    The cost is a small multiple of the function's own, and nothing is kept of a loop's trips.

    Args:
        f: gives a tensor, or a structure of tensors.
        primals: the arguments, a tuple or list; each a float tensor, a variable or a structure of them.
        tangents: the direction: a tangent for each primal, in its structure and shapes.

    Returns:
        What f gives, and its tangent in the same structure; zeros where it does not depend on the primals.

    Raises:
        GradientError: primals and tangents do not fit each other, or a primal is not of a float dtype.

    Example:
        >>> import autograph as ag
        >>> value, slope = ag.jvp(lambda x: x * x, (ag.constant(3.0),), (ag.constant(1.0),))
        >>> value.item(), slope.item()
        (9.0, 6.0)

    Source: Griewank and Walther, Evaluating Derivatives, 2nd edition, chapter 3 (forward mode).
    """
    if not isinstance(primals, tuple | list) or not isinstance(tangents, tuple | list):
        refuse(GradientError, "jvp takes tuples of primals and of tangents", "write jvp(f, (x,), (t,))")
    pytree: Any = tuple(primals)
    leaves, structure = optree.tree_flatten(pytree)
    given = [leaf if isinstance(leaf, Tensor | Variable) else asarray(leaf) for leaf in leaves]
    directions = _directions(given, tangents, structure)
    trace = current_trace()
    if trace is not None:
        return _in_graph(trace, f, given, directions, structure)
    return _eager(f, given, directions, structure)


def _directions(primals: list[Any], tangents: Any, structure: Any) -> list[Any]:
    pytree: Any = tuple(tangents)
    leaves, own = optree.tree_flatten(pytree)
    if own != structure:
        refuse(GradientError, f"the tangents are {own} for primals {structure}", "pass a tangent for each primal")
    found = []
    for primal, leaf in zip(primals, leaves, strict=True):
        tangent = leaf if isinstance(leaf, Tensor) else asarray(leaf)
        if not primal.dtype.is_inexact:
            refuse(
                GradientError,
                f"a primal of jvp has dtype {primal.dtype.name}",
                "derivatives exist for float tensors; write 1.0 instead of 1, or cast with ag.ops.astype",
            )
        if tangent.type.shape != primal.type.shape:
            refuse(
                GradientError,
                f"a tangent has shape {tangent.type.shape} for a primal of shape {primal.type.shape}",
                "pass tangents of the primals' shapes",
            )
        found.append(tangent if tangent.dtype is primal.dtype else astype(tangent, primal.dtype))
    return found


def _eager(f: Callable[..., Any], primals: list[Any], tangents: list[Any], structure: Any) -> tuple[Any, Any]:
    log = EagerLog()
    with use(Context(None, (*current_tapes(), log))):
        own = [own_handle(leaf) for leaf in primals]
        for leaf in own:
            log.watch(leaf)
        value = call_function(f, *structure.unflatten(own))
    forward = Forward(log.numbers.__getitem__, log.active)
    for leaf, tangent in zip(own, tangents, strict=True):
        forward.tangents[log.watched[id(leaf)]] = tangent
    forward.run(log.nodes)
    return value, optree.tree_map(lambda leaf: _tangent(leaf, log.known(leaf), forward), value)


def _in_graph(
    trace: Trace, f: Callable[..., Any], primals: list[Any], tangents: list[Any], structure: Any
) -> tuple[Any, Any]:
    own = [own_handle(leaf) for leaf in primals]
    directions = [trace.value(tangent) for tangent in tangents]
    region, start = trace.region, len(trace.region.nodes)
    value = call_function(f, *structure.unflatten(own))
    sources = [trace.variable(leaf) if isinstance(leaf, Variable) else trace.value(leaf) for leaf in own]
    hoist_variables(region.nodes[start:])
    active = set(sources)
    mark_active(region.nodes[start:], active)
    forward = Forward(Tensor, active)
    for source, tangent in zip(sources, directions, strict=True):
        forward.tangents[source] = Tensor(tangent)
    forward.run_region(trace, region, start)
    return value, optree.tree_map(lambda leaf: _tangent(leaf, _graph_value(trace, leaf), forward), value)


def _graph_value(trace: Trace, leaf: Any) -> Any:
    if isinstance(leaf, Variable):
        return trace.variable(leaf)
    return trace.value(leaf) if isinstance(leaf, Tensor) else None


def _tangent(leaf: Any, value: Any, forward: Forward) -> Any:
    """The tangent of a result of f."""
    found = None if value is None else forward.tangents.get(value)
    if found is not None:
        return found
    return zeros_like_any(leaf) if isinstance(leaf, Tensor) else zeros_like(leaf)
