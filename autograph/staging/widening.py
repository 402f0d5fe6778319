"""The tensor type that takes values of two types: numbers promote, sizes that differ become symbols."""

from __future__ import annotations

from autograph.errors import StagingError
from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim, SymbolicDim, known_equal
from autograph.runtime.promotion import result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.types import TensorType


def wider(a: TensorType, b: TensorType, name: str, what: str, free: set[str], of_list: bool = False) -> TensorType:
    """The type that takes tensors of both types.

    Args:
        a: one type.
        b: the other.
        name: how messages call the value.
        what: where the types meet, such as "the branches of this if".
        free: symbolic sizes that stand for any size here already; gets the new ones.
        of_list: whether the values are elements of one list, where integers may stand among floats.
    """
    if a == b:
        return a
    if a.rank != b.rank:
        refuse(
            StagingError,
            f"'{name}' has different numbers of dimensions in {what}: {a} and {b}",
            f"give '{name}' one rank on both paths (ag.ops.reshape, ag.ops.expand_dims)",
        )
    if a.dtype is not b.dtype and not (a.weak or b.weak) and not (of_list and _is_number_of(a, b)):
        refuse(
            StagingError,
            f"'{name}' has different dtypes in {what}: {a} and {b}",
            f"cast one: ag.ops.astype({name if name.isidentifier() else '…'}, ag.{a.dtype.name})",
        )
    dtype, weak = result_type((a.dtype, a.weak), (b.dtype, b.weak))
    shape = tuple([_dim(x, y, free) for x, y in zip(a.shape, b.shape, strict=True)])
    return TensorType(dtype, shape, weak and not shape)


def _is_number_of(a: TensorType, b: TensorType) -> bool:
    """Whether one holds integers and the other floats that integers promote to."""
    wide = result_type((a.dtype, False), (b.dtype, False))[0]
    whole, real = (a, b) if a.dtype.is_integer else (b, a)
    return whole.dtype.is_integer and real.dtype.is_floating and wide is real.dtype


def _dim(a: Dim, b: Dim, free: set[str]) -> Dim:
    if known_equal(a, b) is True or (isinstance(a, SymbolicDim) and str(a).rstrip("?") in free):
        return a
    trace = current_trace()
    assert trace is not None
    fresh = trace.fresh_symbol()
    free.add(str(fresh).rstrip("?"))
    return fresh
