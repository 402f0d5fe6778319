"""The convolution of channels-last tensors: one op, whose gradients are convolutions again.

Each output is a sum over a window of the input, which moves by `strides` and takes every `dilations`-th element.
`spread` puts zeros between the input's elements first, as the gradient of a strided convolution needs. With
`groups`, the first part of the output channels sees the first part of the input channels, and so on.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.axis_parts import flip
from autograph.ops.extents import shape_of
from autograph.ops.rules import elementwise
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

Padding = tuple[tuple[Dim, Dim], ...]

_dtype_rule = elementwise(np.multiply)


def spread_size(size: Any, step: int) -> Any:
    """The size after `step - 1` gaps between neighbours."""
    return size if step == 1 else (size - 1) * step + 1


def _infer(
    x: TensorType,
    kernel: TensorType,
    *,
    strides: tuple[int, ...],
    padding: Padding,
    dilations: tuple[int, ...],
    spread: tuple[int, ...],
    groups: int,
) -> TensorType:
    batch, *sizes, channels = x.shape
    *window, depth, filters = kernel.shape
    require_equal(
        channels,
        depth * groups,
        f"conv of {x} with a kernel {kernel} in {groups} groups: the numbers of channels differ",
        "the kernel's second to last size times the groups has to be the number of channels; check data_format",
    )
    if isinstance(filters, int) and filters % groups:
        refuse(
            ShapeError,
            f"conv of {x} with a kernel {kernel} in {groups} groups, which do not divide the {filters} filters",
            "give a multiple of the groups",
        )
    out = [
        (spread_size(size, gap) + low + high - spread_size(width, dilation)) // stride + 1
        for size, gap, (low, high), width, dilation, stride in zip(
            sizes, spread, padding, window, dilations, strides, strict=True
        )
    ]
    dtype = _dtype_rule(TensorType(x.dtype), TensorType(kernel.dtype)).dtype
    return TensorType(dtype, (batch, *out, filters))


def _kernel(
    xp: Any, x: Any, kernel: Any, *, strides: Any, padding: Any, dilations: Any, spread: Any, groups: int
) -> Any:
    if groups == 1 and max(spread, default=1) > 1 and max(strides) == 1:
        return _scattered(x, kernel, padding, dilations, spread)
    x = _padded(_spread(x, spread), padding)
    window = kernel.shape[:-2]
    rank = len(window)
    wide = [spread_size(width, dilation) for width, dilation in zip(window, dilations, strict=True)]
    if any(size < width for size, width in zip(x.shape[1:-1], wide, strict=True)):
        sizes = [max((s - w) // d + 1, 0) for s, w, d in zip(x.shape[1:-1], wide, strides, strict=True)]
        return np.zeros((x.shape[0], *sizes, kernel.shape[-1]), np.result_type(x, kernel))
    views: Any = np.lib.stride_tricks.sliding_window_view(x, wide, axis=tuple(range(1, rank + 1)))
    steps = tuple([slice(None, None, stride) for stride in strides])
    gaps = tuple([slice(None, None, dilation) for dilation in dilations])
    views = views[(slice(None), *steps, slice(None), *gaps)]
    made = _products(views, kernel) if groups == 1 else _grouped_products(views, kernel, groups)
    return made.astype(x.dtype, copy=False)  # of bfloat16, NumPy's product is float32


def _products(views: Any, kernel: Any) -> Any:
    """Windows [batch, *out, channels, *window] times a kernel, as one matrix product."""
    *window, channels, filters = kernel.shape
    rank = len(window)
    order = (*range(rank + 1), *range(rank + 2, 2 * rank + 2), rank + 1)
    places, taps = math.prod(views.shape[: rank + 1]), math.prod(window)
    columns = views.transpose(order).reshape(places, taps * channels)
    product = np.matmul(columns, kernel.reshape(taps * channels, filters))
    return product.reshape(*views.shape[: rank + 1], filters)


def _grouped_products(views: Any, kernel: Any, groups: int) -> Any:
    *window, depth, filters = kernel.shape
    rank, taps = len(window), math.prod(window)
    places = views.shape[: rank + 1]
    apart = views.reshape(*places, groups, depth, *window)
    order = (rank + 1, *range(rank + 1), *range(rank + 3, 2 * rank + 3), rank + 2)
    columns = apart.transpose(order).reshape(groups, math.prod(places), taps * depth)
    factors = np.moveaxis(kernel.reshape(taps * depth, groups, filters // groups), 1, 0)
    return np.moveaxis(np.matmul(columns, factors), 0, 1).reshape(*places, filters)


def _spread(x: Any, spread: tuple[int, ...]) -> Any:
    if all(step == 1 for step in spread):
        return x
    sizes = [spread_size(size, step) for size, step in zip(x.shape[1:-1], spread, strict=True)]
    out = np.zeros((x.shape[0], *sizes, x.shape[-1]), x.dtype)
    out[(slice(None), *[slice(None, None, step) for step in spread])] = x
    return out


def _padded(x: Any, padding: Any) -> Any:
    """The input with zeros around it; negative padding cuts."""
    if all(low == high == 0 for low, high in padding):
        return x
    cuts = [slice(max(-low, 0), size - max(-high, 0)) for size, (low, high) in zip(x.shape[1:-1], padding, strict=True)]
    x = x[(slice(None), *cuts)]
    return np.pad(x, [(0, 0), *[(max(low, 0), max(high, 0)) for low, high in padding], (0, 0)])


def _scattered(x: Any, kernel: Any, padding: Any, dilations: Any, spread: Any) -> Any:
    """A convolution of an input with gaps, without computing products with the zeros in them."""
    window, filters = kernel.shape[:-2], kernel.shape[-1]
    sizes = [
        spread_size(size, step) + low + high - spread_size(width, dilation) + 1
        for size, step, (low, high), width, dilation in zip(
            x.shape[1:-1], spread, padding, window, dilations, strict=True
        )
    ]
    out = np.zeros((x.shape[0], *[max(size, 0) for size in sizes], filters), np.result_type(x, kernel))
    for taps in itertools.product(*map(range, window)):
        taken, put = [], []
        for i, tap in enumerate(taps):
            # Element n of the input meets this tap at output n * spread + low - tap * dilation.
            offset = padding[i][0] - tap * dilations[i]
            first = max(-(offset // spread[i]), 0)
            last = min((sizes[i] - 1 - offset) // spread[i], x.shape[i + 1] - 1)
            taken.append(slice(first, max(last + 1, first)))
            put.append(slice(first * spread[i] + offset, max(last * spread[i] + offset + 1, 0), spread[i]))
            if last < first:
                break
        else:
            out[(slice(None), *put)] += np.matmul(x[(slice(None), *taken)], kernel[taps])
    return out


def _vjp(
    ct: Tensor,
    out: Tensor,
    x: Tensor,
    kernel: Tensor,
    *,
    strides: Any,
    padding: Any,
    dilations: Any,
    spread: Any,
    groups: int,
) -> tuple[Any, ...]:
    places = list(zip(shape_of(x)[1:-1], shape_of(kernel)[:-2], shape_of(out)[1:-1], strict=True))
    of_x, of_kernel = [], []
    for i, (size, width, made) in enumerate(places):
        low = padding[i][0]
        gapped, wide = spread_size(size, spread[i]), spread_size(width, dilations[i])
        sparse = spread_size(made, strides[i])
        of_x.append((wide - 1 - low, gapped + low - sparse))
        of_kernel.append((low, sparse - gapped + wide - 1 - low))
    first_last = (*range(1, len(places) + 1), 0, len(places) + 1)
    back: dict[str, Any] = {"strides": spread, "dilations": dilations, "spread": strides, "groups": groups}
    x_ct = apply(convolution_op, ct, _turned(kernel, groups), padding=tuple(of_x), **back)
    across: dict[str, Any] = {"strides": dilations, "dilations": strides, "spread": spread, "groups": groups}
    moved = permute_dims(ct, first_last)
    kernel_ct = apply(convolution_op, _batch_as_channels(x, groups), moved, padding=tuple(of_kernel), **across)
    return x_ct, permute_dims(kernel_ct, first_last)


def _turned(kernel: Tensor, groups: int) -> Any:
    """The kernel that leads back: reversed, with input and output channels of each group exchanged."""
    *window, depth, filters = shape_of(kernel)
    rank = len(window)
    back = flip(kernel, tuple(range(rank)))
    if groups == 1:
        return permute_dims(back, (*range(rank), rank + 1, rank))
    apart = reshape(back, (*window, depth, groups, filters // groups))
    return reshape(
        permute_dims(apart, (*range(rank), rank + 2, rank + 1, rank)), (*window, filters // groups, groups * depth)
    )


def _batch_as_channels(x: Tensor, groups: int) -> Any:
    """Channels of one group in the place of the batch, groups and batch in the place of channels."""
    batch, *sizes, channels = shape_of(x)
    rank = len(sizes)
    if groups == 1:
        return permute_dims(x, (rank + 1, *range(1, rank + 1), 0))
    apart = reshape(x, (batch, *sizes, groups, channels // groups))
    turned = permute_dims(apart, (rank + 2, *range(1, rank + 1), rank + 1, 0))
    return reshape(turned, (channels // groups, *sizes, groups * batch))


# x [batch, *sizes, channels], kernel [*window, channels / groups, filters] -> [batch, *out, filters]
convolution_op = Op("convolution", kind=Kind.CONTRACTION, infer=_infer, kernel=_kernel, vjp=_vjp, promotes=True)
