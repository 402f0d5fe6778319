"""Arrays of other libraries among a call's arguments become tensors, of the same memory where that is possible."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import AutoGraphError, DTypeError
from autograph.ops.namespace import from_dlpack
from autograph.runtime.placement import adopted
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.variable import Variable

_OURS = (Tensor, Variable, np.ndarray, np.generic, *PYTHON_NUMBERS)


def with_tensors(leaves: list[Any]) -> list[Any]:
    """The leaves of a call's arguments, arrays of other libraries as tensors.

    Raises:
        DTypeError: an array cannot be a tensor.
        StagingError: JAX is tracing the array.
    """
    return [_tensor(leaf) if _is_foreign(leaf) else leaf for leaf in leaves]


def _is_foreign(leaf: Any) -> bool:
    return not isinstance(leaf, _OURS) and hasattr(leaf, "__dlpack__") and not isinstance(leaf, type)


def _tensor(leaf: Any) -> Tensor:
    made = adopted(leaf)
    if made is not None:
        return made
    try:
        found: Tensor = from_dlpack(leaf)
    except AutoGraphError:
        raise
    except Exception as error:  # whatever the other library has to say
        refuse(DTypeError, f"a {type(leaf).__name__} cannot be a tensor: {error}", "convert it to a NumPy array first")
    return found
