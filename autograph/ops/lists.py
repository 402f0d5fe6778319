"""Lists of the graph: made, grown, shrunk, read and written, each op giving a new list value.

They carry what a loop appends, and what a loop's gradient has to remember. The cotangent of a list is a list of
cotangents.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.index_bounds import in_list, not_empty
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim, SymbolicDim, data_symbols, is_symbol, substitute, symbols_of
from autograph.runtime.dtypes import int64
from autograph.runtime.op import Effect, Kind, Op, get_op
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import ListType, TensorType, Type, is_inexact, type_symbols
from autograph.runtime.vector import Vector


def _op(name: str, infer: Any, kernel: Any, vjp: Any, requires: Any = None) -> Op:
    effects = Effect.NONE if requires is None else Effect.FAIL
    return Op(name, kind=Kind.LIST, infer=infer, kernel=kernel, vjp=vjp, effects=effects, requires=requires)


def index_of(raw: Any) -> int:
    """An index operand as an int."""
    return int(np.asarray(raw))


def zeros(item: Any) -> Any:
    """Zeros like a raw value."""
    if isinstance(item, Vector):
        return Vector([zeros(inner) for inner in item])
    return type(item)(0) if type(item) in PYTHON_NUMBERS else np.zeros_like(item)


def added(a: Any, b: Any) -> Any:
    """The sum of two raw values, item by item for lists."""
    if isinstance(a, Vector):
        return Vector([added(x, y) for x, y in zip(a, b, strict=True)])
    return a + b


def _sizes_of_each(element: Type) -> list[SymbolicDim]:
    """The sizes that are another one in each element: those that data decides, as far as others do not tell them."""
    if not isinstance(element, TensorType):
        return []
    dims = dict.fromkeys(dim for dim in element.shape if isinstance(dim, SymbolicDim) and data_symbols(dim))
    told = {name for dim in dims if is_symbol(dim) for name in symbols_of(dim)}
    return [dim for dim in dims if is_symbol(dim) or not data_symbols(dim) <= told]


def _taken(element: Type, binds: tuple[SymbolicDim, ...]) -> Type:
    """The type of one element, whose own sizes get symbols of their own."""
    if not binds:
        return element
    assert isinstance(element, TensorType)
    own: dict[Dim, Dim] = dict(zip(_sizes_of_each(element), binds, strict=True))
    names = {symbols_of(dim)[0]: size for dim, size in own.items() if is_symbol(dim)}
    return element.with_shape(tuple([own[dim] if dim in own else substitute(dim, names) for dim in element.shape]))


def _binds(items: Any) -> dict[str, Any]:
    element, trace = _element(items), current_trace()
    if element is None or trace is None:
        return {}
    sizes = _sizes_of_each(element)
    return {"binds": tuple([trace.fresh_symbol() for _ in sizes])} if sizes else {}


def _pop_vjp(cts: Any, outs: Any, items: Tensor, *, binds: Any = ()) -> tuple[Any, ...]:
    rest_ct, item_ct = cts
    rest, item = outs
    rest_ct = list_zeros_like(rest) if rest_ct is None else rest_ct
    return (list_append(rest_ct, zeros_like_any(item) if item_ct is None else item_ct),)


def zeros_like_any(value: Tensor) -> Any:
    """Zeros like a tensor, or a list of zeros like a list."""
    node_type = getattr(value.held, "type", None)
    if isinstance(node_type, ListType) or isinstance(value.held, Vector):
        return list_zeros_like(value)
    if isinstance(node_type, TensorType) and _is_sized(node_type):
        return _zeros_of_type(node_type)
    return apply(zeros_of_op, value)


def _of_old_size(items: Any, index: Any, item: Any) -> Any:
    """What an item takes the place of, or the item where all have one size, so that the gradient keeps no list."""
    element = _element(items)
    if isinstance(element, TensorType) and not _sizes_of_each(element):
        return item
    return list_get(items, index)


def _is_sized(type_: TensorType) -> bool:
    """Whether a type of the graph says all of a tensor's sizes, in terms of those of the graph's parameters."""
    trace = current_trace()
    if trace is None:
        return False
    return type_symbols(type_) <= {name for param in trace.graph.params for name in type_symbols(param.type)}


def _zeros_of_type(type_: TensorType) -> Any:
    """Zeros that need no value, so that a gradient keeps none for them."""
    trace = current_trace()
    assert trace is not None
    if type_.weak:
        return trace.constant_tensor(type_.dtype.numpy.type(0).item())
    return apply(get_op("full"), shape=type_.shape, value=0, dtype=type_.dtype)


zeros_of_op = Op(
    "zeros_of",
    kind=Kind.ELEMENTWISE,
    infer=lambda x: x,
    kernel=lambda xp, x: zeros(x),
    vjp=lambda ct, out, x: (None,),
    weakens=True,
)

list_new_op = _op(
    "list_new", lambda *, element: ListType(element), lambda xp, *, element: Vector(), lambda ct, out, *, element: ()
)
list_append_op: Op = _op(
    "list_append",
    lambda items, item: items,
    lambda xp, items, item: items.append(item),
    lambda ct, out, items, item: apply(list_unappend_op, ct, **_binds(ct)),
)
# Takes back an append: of a list that is known to have an item, so it cannot fail.
list_unappend_op: Op = _op(
    "list_unappend",
    lambda items, *, binds=(): (items, _taken(items.element, binds)),
    lambda xp, items, *, binds=(): items.pop(),
    _pop_vjp,
)
list_pop_op = _op(
    "list_pop",
    lambda items, *, binds=(): (items, _taken(items.element, binds)),
    lambda xp, items, *, binds=(): items.pop(),
    _pop_vjp,
    not_empty(IndexError, "pop from empty list"),
)
list_get_op = _op(
    "list_get",
    lambda items, index, *, binds=(): _taken(items.element, binds),
    lambda xp, items, index, *, binds=(): items[index_of(index)],
    lambda ct, out, items, index, *, binds=(): (_single(items, index, ct), None),
    in_list("list index out of range"),
)
list_set_op = _op(
    "list_set",
    lambda items, index, item: items,
    lambda xp, items, index, item: items.replace(index_of(index), item),
    lambda ct, out, items, index, item: (
        list_set(ct, index, zeros_like_any(_of_old_size(items, index, item))),
        None,
        list_get(ct, index),
    ),
    in_list("list assignment index out of range"),
)
list_len_op = _op(
    "list_len",
    lambda items: TensorType(int64, (), True),
    lambda xp, items: len(items),
    lambda ct, out, items: (None,),
)
list_from_op = _op(
    "list_from",
    lambda *items, element: ListType(element),
    lambda xp, *items, element: Vector(items),
    lambda ct, out, *items, element: tuple(list_get(ct, index) for index in range(len(items))),
)
list_zeros_like_op = _op(
    "list_zeros_like", lambda items: items, lambda xp, items: zeros(items), lambda ct, out, items: (None,)
)


def _cast_items(xp: Any, items: Any, *, element: Type) -> Vector:
    if isinstance(element, ListType):
        return Vector([_cast_items(xp, inner, element=element.element) for inner in items])
    assert isinstance(element, TensorType) and cast_op.kernel is not None
    return Vector([cast_op.kernel(xp, item, dtype=element.dtype, weak=element.weak) for item in items])


def _cast_vjp(ct: Any, out: Any, items: Tensor, *, element: Type) -> tuple[Any, ...]:
    source = _element(items)
    assert source is not None
    return (list_cast(ct, source) if is_inexact(source) and is_inexact(element) else None,)


# A list with its items cast; the types of its elements may differ from those of `items` in sizes as well.
list_cast_op = _op("list_cast", lambda items, *, element: ListType(element), _cast_items, _cast_vjp)


def _stack_type(items: ListType, *, binds: tuple[SymbolicDim, ...]) -> Type:
    element = items.element
    assert isinstance(element, TensorType)
    return TensorType(element.dtype, (binds[0], *element.shape))


def _stack_kernel(xp: Any, items: Vector, *, binds: Any) -> Any:
    return np.stack([np.asarray(item) for item in items])


def _unstack_kernel(xp: Any, stacked: Any, like: Vector) -> Vector:
    weak = [type(item) in PYTHON_NUMBERS for item in like]
    return Vector([row.item() if number else row for row, number in zip(stacked, weak, strict=True)])


list_stack_op: Op = _op(
    "list_stack",
    _stack_type,
    _stack_kernel,
    lambda ct, out, items, *, binds: (apply(list_unstack_op, ct, items),),
    not_empty(ValueError, "need at least one array to stack"),
)
# The rows of a tensor as a list, with elements as another list has them.
list_unstack_op: Op = _op(
    "list_unstack",
    lambda stacked, like: like,
    _unstack_kernel,
    lambda ct, out, stacked, like: (list_stack(ct), None),
)


def list_append(items: Any, item: Any) -> Any:
    """The list with one more item."""
    element = _element(items)
    if element is not None and isinstance(element, TensorType):
        item = _as_element(item, element)
    return apply(list_append_op, items, item)


def _element(items: Any) -> Type | None:
    type_ = getattr(items.held, "type", None)
    return type_.element if isinstance(type_, ListType) else None


def _as_element(item: Any, element: TensorType) -> Any:
    """An item in the dtype of the list's elements (numbers take it)."""
    trace = current_trace()
    if trace is None:
        return item
    return Tensor(trace.cast(trace.value(item), element.dtype, element.weak))


def list_cast(items: Any, element: Type) -> Any:
    """The list with its items cast to another type."""
    return apply(list_cast_op, items, element=element)


def list_pop(items: Any) -> Any:
    """The list without its last item, and that item."""
    return apply(list_pop_op, items, **_binds(items))


def list_get(items: Any, index: Any) -> Any:
    """The item at an index."""
    return apply(list_get_op, items, index, **_binds(items))


def list_set(items: Any, index: Any, item: Any) -> Any:
    """The list with another item at an index."""
    element = _element(items)
    if element is not None and isinstance(element, TensorType):
        item = _as_element(item, element)
    return apply(list_set_op, items, index, item)


def _single(items: Any, index: Any, item: Any) -> Any:
    """Zeros like a list's items, but for one item."""
    element = _element(items)
    if isinstance(element, TensorType):
        item = _as_element(item, element)
    return apply(get_op("list_single"), items, index, item)


def list_len(items: Any) -> Any:
    """The number of items, an integer scalar."""
    return apply(list_len_op, items)


def list_zeros_like(items: Any) -> Any:
    """A list of zeros with the shapes of a list's items."""
    return apply(list_zeros_like_op, items)


def list_stack(items: Any) -> Any:
    """The items along a new first axis, whose size is known at run time."""
    trace = current_trace()
    binds = () if trace is None else (trace.fresh_symbol(),)
    return apply(list_stack_op, items, binds=binds)
