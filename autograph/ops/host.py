"""Calls of Python functions that happen when the graph runs: `py_function` and `numpy_function`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import optree

from autograph.errors import DTypeError, ShapeError, message
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace, use
from autograph.runtime.dims import Dim, SymbolicDim, symbol
from autograph.runtime.host import HostFunction
from autograph.runtime.location import user_line
from autograph.runtime.op import NOT_DIFFERENTIABLE, Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType


def _kernel(xp: Any, *operands: Any, host: HostFunction, types: tuple[TensorType, ...], binds: Any = ()) -> Any:
    with use(None):  # ops inside run at once, unseen by tapes
        values = host.function(*operands)
    outs = tuple([_fitted(value, type_, host) for value, type_ in zip(values, types, strict=True)])
    return outs[0] if len(outs) == 1 else outs


def _fitted(value: Any, type_: TensorType, host: HostFunction) -> Any:
    """A value that the function gave, as its spec says."""
    array = np.asarray(value._value if isinstance(value, Tensor) else value)
    fits = array.ndim == type_.rank and all(
        isinstance(wanted, SymbolicDim) or wanted == size for wanted, size in zip(type_.shape, array.shape, strict=True)
    )
    if not fits:
        what = f"{host.path.rpartition(':')[2]} gave a value of shape {array.shape}, and Tout says {type_}"
        raise ShapeError(message(what, host.location, "give what Tout says, or pass another TensorSpec"))
    if array.dtype != type_.dtype.numpy and not np.can_cast(array.dtype, type_.dtype.numpy, "same_kind"):
        what = f"{host.path.rpartition(':')[2]} gave a value of dtype {array.dtype}, and Tout says {type_}"
        raise DTypeError(message(what, host.location, "give what Tout says, or pass another TensorSpec"))
    return array.astype(type_.dtype.numpy)


host_call_op = Op(
    "py_function",
    kind=Kind.EFFECT,
    infer=lambda *operands, host, types, binds=(): types[0] if len(types) == 1 else types,
    kernel=_kernel,
    vjp=NOT_DIFFERENTIABLE,
    effects=Effect.HOST,
)


def py_function(function: Callable[..., Any], *args: Any, Tout: Any = None) -> Any:  # noqa: N803 (TensorFlow's name)
    """Calls a Python function when the graph runs, in program order; at once outside of graphs.

    Args:
        function: any Python function; it gets tensors with their values in the place of tensors.
        *args: its arguments: tensors, and structures of them; other objects are passed as they are.
        Tout: a TensorSpec for what it gives, a structure of them, or None where the result is not used.

    Returns:
        Tensors in the structure of `Tout`. They have no gradient.

    Raises:
        ShapeError: the function gives another shape than `Tout` says (a DTypeError for its dtype).

    Example:
        >>> import autograph as ag
        >>> @ag.function
        ... def noted(x):
        ...     return ag.py_function(lambda v: v.item() ** 2, x, Tout=ag.TensorSpec([], ag.float64))
        >>> noted(ag.constant(3.0)).item()
        9.0
    """
    return _call(function, args, Tout, Tensor)


def numpy_function(function: Callable[..., Any], *args: Any, Tout: Any = None) -> Any:  # noqa: N803
    """As `py_function`, for a function of NumPy arrays.

    Args:
        function: any Python function; it gets NumPy arrays in the place of tensors.
        *args: its arguments: tensors, and structures of them; other objects are passed as they are.
        Tout: a TensorSpec for what it gives, a structure of them, or None where the result is not used.

    Returns:
        Tensors in the structure of `Tout`. They have no gradient.

    Raises:
        ShapeError: the function gives another shape than `Tout` says (a DTypeError for its dtype).

    Example:
        >>> import autograph as ag
        >>> import numpy as np
        >>> ag.numpy_function(np.median, ag.constant([1.0, 5.0, 2.0]), Tout=ag.TensorSpec([], ag.float32)).item()
        2.0
    """
    return _call(function, args, Tout, np.array)


def _call(function: Callable[..., Any], args: tuple[Any, ...], wanted: Any, wrap: Callable[[Any], Any]) -> Any:
    tree: Any = list(args)
    leaves, structure = optree.tree_flatten(tree, none_is_leaf=True)
    places = [i for i, leaf in enumerate(leaves) if _is_operand(leaf)]
    fixed = [None if i in set(places) else leaf for i, leaf in enumerate(leaves)]
    specs, result = optree.tree_flatten(wanted)
    for spec in specs:
        if not isinstance(spec, TensorSpec):
            what = f"Tout has {spec!r}, which is not a TensorSpec"
            refuse(DTypeError, what, "pass Tout=ag.TensorSpec(shape, dtype), or a structure of them")

    def run(*operands: Any) -> list[Any]:
        filled = list(fixed)
        for place, operand in zip(places, operands, strict=True):
            filled[place] = wrap(operand)
        given: Any = structure.unflatten(filled)
        value = function(*given)
        return list(result.flatten_up_to(value)) if specs else []

    name = f"{getattr(function, '__module__', None) or 'builtins'}:{getattr(function, '__qualname__', 'function')}"
    types = tuple([_type_of(spec) for spec in specs])
    sizes = tuple([dim for type_ in types for dim in type_.shape if isinstance(dim, SymbolicDim)])
    attrs: dict[str, Any] = {"host": HostFunction(run, name, user_line()), "types": types}
    if sizes:
        attrs["binds"] = sizes
    outs = apply(host_call_op, *[leaves[i] for i in places], **attrs)
    return result.unflatten((outs,) if len(specs) == 1 else outs)


def _is_operand(leaf: Any) -> bool:
    if isinstance(leaf, Tensor | np.ndarray | np.generic):
        return True
    return type(leaf) not in PYTHON_NUMBERS and hasattr(leaf, "__autograph_tensor__")


def _type_of(spec: TensorSpec) -> TensorType:
    trace = current_trace()
    dims: list[Dim] = []
    for position, dim in enumerate(spec.shape):
        if isinstance(dim, int):
            dims.append(dim)
        else:  # whatever size comes out, in each call anew
            dims.append(symbol(f"d{position}") if trace is None else trace.fresh_symbol())
    return TensorType(spec.dtype, tuple(dims))
