"""`vmap` and `vectorized_map`: a function of one lane, run for all lanes at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograph.function.function import Function
from autograph.runtime.context import current_trace
from autograph.transforms.vectorize.vmap import vectorized


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """A function that does for all lanes at once what a function does for one.

    Each op is run once for all lanes; ops without a batching rule, and branches or loops whose lists would get
    different lengths, run in a loop over the lanes, marked `lane_by_lane` in the graph. Under a predicate that differs
    from lane to lane both branches run, each if a lane takes it, and a loop runs until all lanes are done. Where lanes
    fail, the first that does raises.

    Args:
        f: gives a tensor, or a structure of tensors, from the arguments of one lane. It may read variables, not assign
            them.
        in_axes: the axis along which an argument's lanes lie, None for an argument that is one for all lanes; or a
            tuple of these, one an argument, each a prefix of the argument's structure.
        out_axes: the same for the results.

    Returns:
        A function of the arguments of all lanes; it is compiled when it is called outside a staged function.

    Raises:
        StagingError: f assigns a variable, or the axes do not fit the arguments.
        ShapeError: the arguments have different numbers of lanes.

    Example:
        >>> import autograph as ag
        >>> dot = ag.vmap(lambda x, y: x @ y, in_axes=(0, None))
        >>> dot(ag.constant([[1.0, 2.0], [3.0, 4.0]]), ag.constant([1.0, 1.0])).numpy()
        array([3., 7.], dtype=float32)

    Source: Frostig, Johnson, Leary, Compiling machine learning programs via high-level tracing, 2018.
    """

    def staged(*args: Any) -> Any:
        trace = current_trace()
        assert trace is not None
        return vectorized(trace, f, args, in_axes, out_axes)

    staged.__name__ = getattr(f, "__name__", "vectorized")
    compiled: list[Function[Any, Any]] = []

    def run(*args: Any) -> Any:
        if current_trace() is not None:
            return staged(*args)
        if not compiled:
            compiled.append(_Lanes(staged, autograph=False))
        return compiled[0](*args)

    functools.update_wrapper(run, f, updated=())
    vars(run).pop("__wrapped__")  # it takes the arguments as they are, without f's defaults
    return run


class _Lanes(Function[Any, Any]):
    """All lanes at once are a transformation of the graph, so that there has to be one."""

    _always_traced = True


def vectorized_map(f: Callable[[Any], Any], elems: Any, in_axes: Any = 0, out_axes: Any = 0) -> Any:
    """Applies a function to each element of tensors along an axis, all at once.

    Args:
        f: gives a tensor, or a structure of tensors, from one element.
        elems: a tensor, or a structure of tensors.
        in_axes: the axis of the elements, or a prefix of the structure of `elems` with axes; None for what is one for
            all elements.
        out_axes: the axis of the elements in the results.

    Returns:
        What f gives for all elements.

    Raises:
        StagingError: f assigns a variable, or the axes do not fit.
        ShapeError: the tensors have different numbers of elements.

    Example:
        >>> import autograph as ag
        >>> ag.vectorized_map(lambda x: x * x, ag.constant([1.0, 2.0])).numpy()
        array([1., 4.], dtype=float32)
    """
    if current_trace() is not None or not isinstance(f, FunctionType):
        return vmap(f, (in_axes,), out_axes)(elems)
    known = vars(f).setdefault("__autograph_vectorized__", {})
    key = repr((in_axes, out_axes))
    if key not in known:
        known[key] = vmap(f, (in_axes,), out_axes)
    return known[key](elems)
