"""Sums and other reductions of elements that share a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import DTypeError, GraphTensorError
from autograph.ops.arithmetic import divide, maximum, multiply, subtract
from autograph.ops.axis_parts import flip
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater_equal, less
from autograph.ops.creation import as_tensor, ones
from autograph.ops.extents import dims_of_shape, shape_of, size_number
from autograph.ops.gathering import take
from autograph.ops.logic import logical_and
from autograph.ops.ranges import arange
from autograph.ops.reductions import all as all_of
from autograph.ops.scans import recurrence_op, shifted
from autograph.ops.shape import reshape
from autograph.ops.sorting import argsort_op
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_OUTSIDE = "a segment's number is negative, or not less than the number of segments"


def _segment_type(data: TensorType, ids: TensorType, *, count: Dim) -> TensorType:
    require_equal(ids.shape[0], data.shape[0], f"segments {ids} of {data}: the numbers of elements differ")
    return data.with_shape((count, *data.shape[1:])).strong()


# The function of two elements that each op puts a segment's elements together with.
SEGMENT_UFUNCS = {
    "segment_sum": "add",
    "segment_prod": "multiply",
    "segment_max": "maximum",
    "segment_min": "minimum",
}


def empty_segment(name: str, dtype: Any) -> Any:
    """What a segment without elements gives, by the function's name and the dtype."""
    if name in ("add", "multiply"):
        return 0 if name == "add" else 1
    if dtype.kind == "b":
        return name == "minimum"
    if dtype.kind not in "iu":
        return -np.inf if name == "maximum" else np.inf
    limits = np.iinfo(dtype)
    return limits.min if name == "maximum" else limits.max


def _requires(data: Tensor, ids: Tensor, *, count: Dim) -> list[Requirement]:
    inside = logical_and(greater_equal(ids, 0), less(ids, size_number(count)))
    return [Requirement(all_of(inside), IndexError, (_OUTSIDE,))]


def _op(name: str, vjp: Callable[..., Any]) -> Op:
    ufunc = getattr(np, SEGMENT_UFUNCS[name])

    def kernel(xp: Any, data: Any, ids: Any, *, count: int) -> Any:
        numbers, values = np.asarray(ids), np.asarray(data)
        if numbers.size and (numbers.min() < 0 or numbers.max() >= count):
            raise IndexError(_OUTSIDE)
        out = np.full((count, *values.shape[1:]), empty_segment(ufunc.__name__, values.dtype), values.dtype)
        ufunc.at(out, numbers, values)
        return out

    return Op(
        name,
        kind=Kind.INDEXING,
        infer=_segment_type,
        kernel=kernel,
        vjp=vjp,
        effects=Effect.FAIL,
        requires=_requires,
    )


def _extreme_vjp(ct: Tensor, out: Tensor, data: Tensor, ids: Tensor, *, count: Dim) -> tuple[Any, ...]:
    hits = astype(equal(data, take(out, ids, 0)), ct.dtype)
    share = divide(ct, maximum(apply(segment_sum_op, hits, ids, count=count), 1))
    return multiply(hits, take(share, ids, 0)), None


def _prod_vjp(ct: Tensor, out: Tensor, data: Tensor, ids: Tensor, *, count: Dim) -> tuple[Any, ...]:
    # In order of segments, the product of the others is that of those before times that of those after.
    order = apply(argsort_op, ids, axis=0)
    rows, numbers = take(data, order, 0), take(ids, order, 0)
    before = _products_before(rows, numbers)
    after = flip(_products_before(flip(rows, 0), flip(numbers, 0)), 0)
    others = take(multiply(before, after), apply(argsort_op, order, axis=0), 0)
    return multiply(take(ct, ids, 0), others), None


def _products_before(rows: Any, numbers: Any) -> Any:
    """For each row the product of those before it that have its number, where equal numbers are neighbours."""
    same = logical_and(equal(numbers, shifted(numbers, 0)), less(0, arange(shape_of(numbers)[0])))
    same = astype(reshape(same, (-1, *[1] * (rows.ndim - 1))), rows.dtype)
    starts = broadcast_to(subtract(1, same), shape_of(rows))
    return apply(recurrence_op, multiply(same, shifted(rows, 0)), starts, axis=0)


segment_sum_op: Op = _op("segment_sum", lambda ct, out, data, ids, *, count: (take(ct, ids, 0), None))
segment_max_op = _op("segment_max", _extreme_vjp)
segment_min_op = _op("segment_min", _extreme_vjp)
segment_prod_op: Op = _op("segment_prod", _prod_vjp)


def _segments(op: Op, data: Any, segment_ids: Any, num_segments: Any) -> Any:
    data, ids = as_tensor(data), as_tensor(segment_ids)
    if not ids.dtype.is_integer or ids.ndim != 1 or not data.ndim:
        refuse(DTypeError, f"{op.name} of {data.type} by {ids.type}", "give data with a first axis, and integers [n]")
    if data.dtype.is_complex and op in (segment_max_op, segment_min_op):
        refuse(DTypeError, f"{op.name} of {data.type}", "complex numbers have no order; take real parts or sizes")
    return apply(op, data, ids, count=_count(ids, num_segments, op.name))


def _count(ids: Any, num_segments: Any, what: str) -> Dim:
    if num_segments is not None:
        return dims_of_shape(num_segments)[0]
    if ids.is_graph:
        refuse(GraphTensorError, f"{what} in a graph without a number of segments", "give num_segments")
    return int(ids.numpy().max(initial=-1)) + 1


def segment_sum(data: Any, segment_ids: Any, num_segments: Any = None, sorted: bool = False) -> Any:
    """The sums of the elements of each segment.

    Args:
        data: tensor [n, …].
        segment_ids: integer tensor [n], the number of the segment that each element belongs to.
        num_segments: how many segments; one more than the largest number by default, in graphs it has to be given.
        sorted: without meaning: numbers may come in any order.

    Returns:
        Tensor [num_segments, …]; a segment without elements gives 0.

    Raises:
        DTypeError: the numbers are no vector of integers.
        IndexError: a number is out of range.
        GraphTensorError: in a graph, num_segments is not given.

    Example:
        >>> import autograph as ag
        >>> ag.ops.segment_sum(ag.constant([1.0, 2.0, 3.0]), ag.constant([0, 0, 2])).numpy()
        array([3., 0., 3.], dtype=float32)
    """
    return _segments(segment_sum_op, data, segment_ids, num_segments)


def segment_prod(data: Any, segment_ids: Any, num_segments: Any = None, sorted: bool = False) -> Any:
    """The products of the elements of each segment.

    Args:
        data: tensor [n, …].
        segment_ids: integer tensor [n], the number of the segment that each element belongs to.
        num_segments: how many segments; one more than the largest number by default, in graphs it has to be given.
        sorted: without meaning: numbers may come in any order.

    Returns:
        Tensor [num_segments, …]; a segment without elements gives 1.

    Raises:
        DTypeError: the numbers are no vector of integers.
        IndexError: a number is out of range.
        GraphTensorError: in a graph, num_segments is not given.

    Example:
        >>> import autograph as ag
        >>> ag.ops.segment_prod(ag.constant([1.0, 2.0, 3.0]), ag.constant([0, 0, 2])).numpy()
        array([2., 1., 3.], dtype=float32)
    """
    return _segments(segment_prod_op, data, segment_ids, num_segments)


def segment_max(data: Any, segment_ids: Any, num_segments: Any = None, sorted: bool = False) -> Any:
    """The largest element of each segment.

    Args:
        data: tensor [n, …].
        segment_ids: integer tensor [n], the number of the segment that each element belongs to.
        num_segments: how many segments; one more than the largest number by default, in graphs it has to be given.
        sorted: without meaning: numbers may come in any order.

    Returns:
        Tensor [num_segments, …]; a segment without elements gives the least number.

    Raises:
        DTypeError: the numbers are no vector of integers.
        IndexError: a number is out of range.
        GraphTensorError: in a graph, num_segments is not given.

    Example:
        >>> import autograph as ag
        >>> ag.ops.segment_max(ag.constant([1.0, 2.0, 3.0]), ag.constant([0, 0, 2])).numpy()
        array([  2., -inf,   3.], dtype=float32)
    """
    return _segments(segment_max_op, data, segment_ids, num_segments)


def segment_min(data: Any, segment_ids: Any, num_segments: Any = None, sorted: bool = False) -> Any:
    """The smallest element of each segment.

    Args:
        data: tensor [n, …].
        segment_ids: integer tensor [n], the number of the segment that each element belongs to.
        num_segments: how many segments; one more than the largest number by default, in graphs it has to be given.
        sorted: without meaning: numbers may come in any order.

    Returns:
        Tensor [num_segments, …]; a segment without elements gives the largest number.

    Raises:
        DTypeError: the numbers are no vector of integers.
        IndexError: a number is out of range.
        GraphTensorError: in a graph, num_segments is not given.

    Example:
        >>> import autograph as ag
        >>> ag.ops.segment_min(ag.constant([1.0, 2.0, 3.0]), ag.constant([0, 0, 2])).numpy()
        array([ 1., inf,  3.], dtype=float32)
    """
    return _segments(segment_min_op, data, segment_ids, num_segments)


def segment_mean(data: Any, segment_ids: Any, num_segments: Any = None, sorted: bool = False) -> Any:
    """The means of the elements of each segment.

    Args:
        data: tensor [n, …].
        segment_ids: integer tensor [n], the number of the segment that each element belongs to.
        num_segments: how many segments; one more than the largest number by default, in graphs it has to be given.
        sorted: without meaning: numbers may come in any order.

    Returns:
        Tensor [num_segments, …]; a segment without elements gives 0.

    Raises:
        DTypeError: the numbers are no vector of integers.
        IndexError: a number is out of range.
        GraphTensorError: in a graph, num_segments is not given.

    Example:
        >>> import autograph as ag
        >>> ag.ops.segment_mean(ag.constant([1.0, 2.0, 3.0]), ag.constant([0, 0, 2])).numpy()
        array([1.5, 0. , 3. ], dtype=float32)
    """
    total = segment_sum(data, segment_ids, num_segments)
    ids = as_tensor(segment_ids)
    counts = segment_sum(ones((ids.type.shape[0],), int64), ids, total.type.shape[0])
    counts = astype(maximum(counts, 1), total.dtype if total.dtype.is_inexact else counts.dtype)
    return divide(total, reshape(counts, (-1, *[1] * (total.ndim - 1))))
