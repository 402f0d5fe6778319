"""Random words from a counter: the same key and counter give the same words on every backend.

Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (Threefry-2x32, 20 rounds), 2011.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import uint32
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.types import TensorType

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA


def threefry(key: Any, counters: Any, xp: Any = np) -> Any:
    """Threefry-2x32 of 64-bit counters: two words of 32 random bits each.

    Args:
        key: uint32 array [2, ...].
        counters: uint32 array [2, ...] of a shape that the key's broadcasts to.
        xp: the module whose arrays these are.

    Returns:
        uint32 array [2, ...].
    """
    k0, k1 = xp.asarray(key[0], np.uint32), xp.asarray(key[1], np.uint32)
    keys = (k0, k1, k0 ^ k1 ^ np.uint32(PARITY))
    with np.errstate(over="ignore"):
        x0, x1 = counters[0] + keys[0], counters[1] + keys[1]
        for group in range(5):
            for rotation in ROTATIONS[group % 2]:
                x0 = x0 + x1
                x1 = ((x1 << np.uint32(rotation)) | (x1 >> np.uint32(32 - rotation))) ^ x0
            x0 = x0 + keys[(group + 1) % 3]
            x1 = x1 + keys[(group + 2) % 3] + np.uint32(group + 1)
    return xp.stack([x0, x1])


def _counter(state: Any) -> Any:
    return state[..., 2].astype(np.uint64) | (state[..., 3].astype(np.uint64) << np.uint64(32))


def _halves(counter: Any) -> list[Any]:
    return [(counter & np.uint64(0xFFFFFFFF)).astype(np.uint32), (counter >> np.uint64(32)).astype(np.uint32)]


def _bits_type(state: TensorType, *, size: Dim) -> TensorType:
    return TensorType(uint32, (*state.shape[:-1], size))


def _bits_kernel(xp: Any, state: Any, *, size: int) -> Any:
    pairs = (size + 1) // 2
    counters = _counter(state)[..., None] + xp.arange(pairs, dtype=np.uint64)
    words = threefry((state[..., 0, None], state[..., 1, None]), xp.stack(_halves(counters)), xp)
    return xp.array(xp.moveaxis(words, 0, -1).reshape(*state.shape[:-1], 2 * pairs)[..., :size])


def _advance_kernel(xp: Any, state: Any, *, size: int) -> Any:
    counter = _counter(state) + np.uint64((size + 1) // 2)
    return xp.stack([state[..., 0], state[..., 1], *_halves(counter)], -1)


# Random words for states (key, counter): uint32[..., 4] to uint32[..., size]; a counter serves two words.
random_bits_op = Op("random_bits", kind=Kind.RANDOM, infer=_bits_type, kernel=_bits_kernel, vjp=NOT_DIFFERENTIABLE)

# The states after so many words.
random_advance_op = Op(
    "random_advance",
    kind=Kind.RANDOM,
    infer=lambda state, *, size: state,
    kernel=_advance_kernel,
    vjp=NOT_DIFFERENTIABLE,
)
