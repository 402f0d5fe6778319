"""TensorSpec: what a function expects of an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.runtime.dims import Dim, SymbolicDim, parse_dim, shape_text
from autograph.runtime.dtypes import DType, as_dtype, float32
from autograph.runtime.refusal import refuse


class TensorSpec:
    """Shape and dtype of a tensor argument.

    Args:
        shape: one entry a dimension: an int, None for any size, or a symbol's name (`"b"`); equal names must be
            equal sizes.
        dtype: element type; float32 by default.
        name: what to call the argument in the graph.

    Raises:
        ShapeError: an entry is none of these.

    Example:
        >>> import autograph as ag
        >>> ag.TensorSpec(["b", 784], ag.float32)
        TensorSpec([b, 784], float32)
    """

    __slots__ = ("dtype", "name", "shape")

    def __init__(self, shape: Sequence[Any] = (), dtype: Any = float32, name: str = "") -> None:
        self.shape: tuple[Dim | None, ...] = tuple([_entry(entry) for entry in shape])
        self.dtype: DType = as_dtype(dtype)
        self.name = name

    def __repr__(self) -> str:
        dims = ", ".join("?" if dim is None else str(dim) for dim in self.shape)
        name = f", name={self.name!r}" if self.name else ""
        return f"TensorSpec([{dims}], {self.dtype.name}{name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and (self.shape, self.dtype) == (other.shape, other.dtype)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))


def _entry(entry: Any) -> Dim | None:
    if isinstance(entry, str):
        return parse_dim(entry)
    if entry is None or isinstance(entry, SymbolicDim):
        return entry
    if isinstance(entry, int) and not isinstance(entry, bool) and entry >= 0:
        return entry
    refuse(
        ShapeError,
        f"{entry!r} is not a size in a TensorSpec's shape",
        "use an int of at least 0, None for any size, or a symbol's name such as 'b'",
    )


def spec_text(shape: Sequence[Dim]) -> str:
    """A shape for messages."""
    return shape_text(tuple(shape))
