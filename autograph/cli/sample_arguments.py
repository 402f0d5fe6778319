"""Arguments of a signature, for running what it describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.cli.target import TargetError
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import Tensor


def sample_arguments(specs: Sequence[Any]) -> list[Any]:
    """Tensors for specs: floats between 0 and 1, zeros of other dtypes; what is no spec stays as it is.

    Raises:
        TargetError: a size is open.
    """
    rng = np.random.default_rng(0)
    return [_sample(rng, spec) if isinstance(spec, TensorSpec) else spec for spec in specs]


def _sample(rng: np.random.Generator, spec: TensorSpec) -> Tensor:
    shape = spec.shape
    sizes = [dim for dim in shape if isinstance(dim, int)]
    if len(sizes) < len(shape):
        raise TargetError(f"a profile needs sizes: write numbers in place of ? and names in {spec}")
    values = rng.random(sizes) if spec.dtype.is_inexact else np.zeros(sizes)
    return Tensor(np.asarray(values).astype(spec.dtype.numpy))
