"""Which sizes programs are compiled for, where symbolic sizes are padded to few ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from autograph.errors import ShapeError
from autograph.runtime.refusal import refuse

POWERS = "powers_of_two"


class Buckets:
    """The setting.

    Attributes:
        sizes: ascending, or the powers of two; None where programs are compiled for each size.
    """

    def __init__(self) -> None:
        self.sizes: Sequence[int] | Literal["powers_of_two"] | None = None

    def round_up(self, size: int) -> int:
        """The size that a size is padded to; beyond the largest bucket, a multiple of that."""
        if self.sizes is None:
            return size
        if self.sizes == POWERS:
            return 1 << max(size - 1, 0).bit_length()
        place = bisect_left(self.sizes, size)
        largest = int(self.sizes[-1])
        return int(self.sizes[place]) if place < len(self.sizes) else -(-size // largest) * largest


buckets = Buckets()


def set_shape_buckets(sizes: Sequence[int] | Literal["powers_of_two"] | None) -> None:
    """Makes the xla backend compile for few sizes: symbolic ones are padded to the next, and results cut.

    Results are those of the size itself, but for the order in which sums are added up. A size is padded where each op
    of a program is known to keep padding apart from values (elementwise ops, reductions, products, batches of
    convolutions, lookups, most of what moves elements); `fn.explain()` says which sizes are, and what keeps others
    from it.

    Args:
        sizes: the sizes, such as `[16, 64, 256]` (above the largest, multiples of it), or "powers_of_two"; None to
            compile for each size that comes, as is the default.

    Raises:
        ShapeError: there are no sizes, or one is not a number of at least 2.

    Example:
        >>> import autograph as ag
        >>> ag.config.set_shape_buckets([32, 128, 512])
        >>> ag.config.set_shape_buckets(None)
    """
    if sizes is None or sizes == POWERS:
        buckets.sizes = sizes
        return
    if isinstance(sizes, str) or not sizes or any(type(size) is not int or size < 2 for size in sizes):
        refuse(ShapeError, f"{sizes!r} are no sizes to pad to", 'give ints of at least 2, "powers_of_two" or None')
    buckets.sizes = sorted(set(sizes))


def shape_buckets() -> Sequence[int] | Literal["powers_of_two"] | None:
    """The sizes that symbolic sizes are padded to on the xla backend, None for none."""
    return buckets.sizes
