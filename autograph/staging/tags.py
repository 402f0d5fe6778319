"""The tag beside a value that may be unbound or None."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.comparison import equal, not_equal
from autograph.runtime.dtypes import int8, int64
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

UNBOUND, NONE, VALUE = 0, 1, 2
TAG_TYPE = TensorType(int8, ())
INDEX_TYPE = TensorType(int64, ())


def tag_array(tag: int) -> Any:
    """A tag as a constant of the graph."""
    return np.asarray(tag, np.int8)


def tag_equals(tag: Tensor, wanted: int) -> Tensor:
    """Whether the tag is `wanted`, a bool scalar."""
    same: Tensor = equal(tag, tag_array(wanted))
    return same


def tag_differs(tag: Tensor, unwanted: int) -> Tensor:
    """Whether the tag is not `unwanted`, a bool scalar."""
    other: Tensor = not_equal(tag, tag_array(unwanted))
    return other
