"""Images with or without a batch, channels first or last, in one form."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.nn.windows import FIRST, LAST
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.dtypes import float32
from autograph.runtime.refusal import refuse


class Batch:
    """Images as [batch, height, width, channels], and the way back to the user's form.

    Args:
        images: what the user gave.
        data_format: where its channels are.
        what: the function, for messages.

    Raises:
        ShapeError: they do not have three or four dimensions.
        ValueError: there is no such format.
    """

    def __init__(self, images: Any, data_format: str | None, what: str) -> None:
        if data_format not in (None, LAST, FIRST):
            raise ValueError(f"data_format is {data_format!r}, and has to be '{LAST}' or '{FIRST}'")
        x = as_tensor(images)
        if x.ndim not in (3, 4):
            refuse(ShapeError, f"{what} of {x.type}", "give [height, width, channels], or a batch of such")
        self.is_single = x.ndim == 3
        self.is_first = data_format == FIRST
        if self.is_single:
            x = reshape(x, (1, *x.type.shape))
        self.images = permute_dims(x, (0, 2, 3, 1)) if self.is_first else x

    def back(self, images: Any) -> Any:
        """Images in the user's form."""
        out = permute_dims(images, (0, 3, 1, 2)) if self.is_first else images
        return reshape(out, out.type.shape[1:]) if self.is_single else out


def floats(images: Any) -> Any:
    """Images to compute with: integers as float32."""
    return images if images.dtype.is_inexact else astype(images, float32)
