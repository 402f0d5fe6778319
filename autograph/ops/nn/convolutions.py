"""Convolutions of one to three axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.axis_parts import flip
from autograph.ops.creation import as_tensor
from autograph.ops.demands import demand_at_least
from autograph.ops.nn.convolution_op import convolution_op, spread_size
from autograph.ops.nn.windows import as_given, channels_last, paddings, per_axis, spatial_rank
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, max_dim
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def _convolved(
    x: Any, kernel: Any, strides: Any, padding: Any, dilation_rate: Any, groups: int | None, what: str
) -> Any:
    """A convolution of channels-last tensors; without a number of groups, channels decide it."""
    rank = spatial_rank(x, what)
    shape, window = x.type.shape, kernel.type.shape[:-2]
    if kernel.ndim != rank + 2:
        refuse(
            ShapeError,
            f"{what} of {x.type} with a kernel {kernel.type}, which has {kernel.ndim} dimensions",
            f"give a kernel of {rank} sizes, input channels and filters",
        )
    if 0 in window:
        refuse(ShapeError, f"{what} of {x.type} with a kernel {kernel.type} of size 0", "give a window of at least 1")
    if groups is None:
        groups = _groups(shape[-1], kernel.type.shape[-2])
    steps, gaps = per_axis(strides, rank, "strides"), per_axis(dilation_rate, rank, "dilation_rate")
    wide = [spread_size(width, gap) for width, gap in zip(window, gaps, strict=True)]
    around = paddings(padding, shape[1:-1], wide, steps)
    for size, reach, (low, high) in zip(shape[1:-1], wide, around, strict=True):
        text = f"{what} of {x.type}: windows of {reach} are larger than an axis of {size + low + high} elements"
        demand_at_least(size + low + high, reach, text, "use padding='same', or smaller windows")
    return apply(
        convolution_op,
        x,
        kernel,
        strides=steps,
        padding=around,
        dilations=gaps,
        spread=(1,) * rank,
        groups=groups,
    )


def _groups(channels: Any, depth: Any) -> int:
    """How often the kernel's channels go into the input's; where that is unclear, the op says so."""
    known = isinstance(channels, int) and isinstance(depth, int)
    return int(channels // depth) if known and depth and channels % depth == 0 else 1


def conv(
    inputs: Any,
    kernel: Any,
    strides: int | Sequence[int] = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """The convolution (in the field's sense: without reversing the kernel) of one to three axes.

    Args:
        inputs: tensor [batch, *sizes, channels].
        kernel: tensor [*window, channels / groups, filters]; its channels decide the number of groups.
        strides: how far windows move: a number, or one for each axis.
        padding: "valid" for windows inside the input only; "same" for zeros around it, so that there are as many
            outputs as strides fit in; or how many zeros: a number, one for each axis, or a pair (before, after) for
            each.
        data_format: "channels_last" for [batch, *sizes, channels], the default, or "channels_first" for [batch,
            channels, *sizes].
        dilation_rate: how far apart the elements are that a window takes: a number, or one for each axis.

    Returns:
        Tensor [batch, *sizes, filters].

    Raises:
        ShapeError: ranks or numbers of channels do not fit.
        ValueError: there is no such padding or format.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [2.0], [3.0]]])
        >>> ag.ops.nn.conv(x, ag.ops.ones((2, 1, 1))).numpy()[0, :, 0]
        array([3., 5.], dtype=float32)
    """
    x = channels_last(as_tensor(inputs), data_format)
    return as_given(_convolved(x, as_tensor(kernel), strides, padding, dilation_rate, None, "conv"), data_format)


def depthwise_conv(
    inputs: Any,
    kernel: Any,
    strides: int | Sequence[int] = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """A convolution of each channel with kernels of its own.

    Args:
        inputs: tensor [batch, *sizes, channels].
        kernel: tensor [*window, channels, multiplier].
        strides: how far windows move: a number, or one for each axis.
        padding: "valid" for windows inside the input only; "same" for zeros around it, so that there are as many
            outputs as strides fit in; or how many zeros: a number, one for each axis, or a pair (before, after) for
            each.
        data_format: "channels_last" for [batch, *sizes, channels], the default, or "channels_first" for [batch,
            channels, *sizes].
        dilation_rate: how far apart the elements are that a window takes: a number, or one for each axis.

    Returns:
        Tensor [batch, *sizes, channels * multiplier].

    Raises:
        ShapeError: ranks or numbers of channels do not fit.
        ValueError: there is no such padding or format.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0, 10.0], [2.0, 20.0]]])
        >>> ag.ops.nn.depthwise_conv(x, ag.ops.ones((2, 2, 1))).numpy()
        array([[[ 3., 30.]]], dtype=float32)
    """
    x, factors = channels_last(as_tensor(inputs), data_format), as_tensor(kernel)
    _require_kernel(x, factors, "depthwise_conv", "channels and a multiplier")
    *window, depth, multiplier = factors.type.shape
    what = f"depthwise_conv of {x.type} with a kernel {factors.type}: the numbers of channels differ"
    require_equal(x.type.shape[-1], depth, what, "check data_format")
    if not isinstance(depth, int):
        refuse(ShapeError, f"depthwise_conv over '{depth}' channels, known at run time only", "give a fixed number")
    apart = reshape(factors, (*window, 1, depth * multiplier))
    return as_given(_convolved(x, apart, strides, padding, dilation_rate, depth, "depthwise_conv"), data_format)


def separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: int | Sequence[int] = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """A `depthwise_conv`, then a convolution with windows of one element.

    Args:
        inputs: tensor [batch, *sizes, channels].
        depthwise_kernel: tensor [*window, channels, multiplier].
        pointwise_kernel: tensor [*ones, channels * multiplier, filters].
        strides: how far windows move: a number, or one for each axis.
        padding: "valid" for windows inside the input only; "same" for zeros around it, so that there are as many
            outputs as strides fit in; or how many zeros: a number, one for each axis, or a pair (before, after) for
            each.
        data_format: "channels_last" for [batch, *sizes, channels], the default, or "channels_first" for [batch,
            channels, *sizes].
        dilation_rate: how far apart the elements are that a window takes: a number, or one for each axis.

    Returns:
        Tensor [batch, *sizes, filters].

    Raises:
        ShapeError: ranks or numbers of channels do not fit.
        ValueError: there is no such padding or format.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0, 10.0], [2.0, 20.0]]])
        >>> ag.ops.nn.separable_conv(x, ag.ops.ones((2, 2, 1)), ag.ops.ones((1, 2, 1))).numpy()
        array([[[33.]]], dtype=float32)
    """
    x = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(x, pointwise_kernel, data_format=data_format)


def conv_transpose(
    inputs: Any,
    kernel: Any,
    strides: int | Sequence[int] = 1,
    padding: str = "valid",
    output_padding: int | Sequence[int] | None = None,
    data_format: str | None = None,
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """The transposed convolution: what the gradient of a `conv` with that kernel does to its output.

    Args:
        inputs: tensor [batch, *sizes, channels].
        kernel: tensor [*window, filters, channels].
        strides: how far windows move in the result: a number, or one for each axis.
        padding: "valid" or "same", that of the convolution.
        output_padding: how many elements the result is longer than it has to be; by default so many that it is
            strides times the input with "same", and at least that with "valid".
        data_format: "channels_last", the default, or "channels_first".
        dilation_rate: how far apart the elements are that a window takes.

    Returns:
        Tensor [batch, *sizes, filters].

    Raises:
        ShapeError: ranks or numbers of channels do not fit.
        ValueError: there is no such padding or format.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [2.0]]])
        >>> ag.ops.nn.conv_transpose(x, ag.ops.ones((2, 1, 1)), strides=2).numpy()[0, :, 0]
        array([1., 1., 2., 2.], dtype=float32)
    """
    x, factors = channels_last(as_tensor(inputs), data_format), as_tensor(kernel)
    rank = spatial_rank(x, "conv_transpose")
    steps, gaps = per_axis(strides, rank, "strides"), per_axis(dilation_rate, rank, "dilation_rate")
    extra = (None,) * rank if output_padding is None else per_axis(output_padding, rank, "output_padding", 0)
    _require_kernel(x, factors, "conv_transpose", "filters and input channels")
    wide = [spread_size(width, gap) for width, gap in zip(factors.type.shape[:-2], gaps, strict=True)]
    around = [
        _transposed_padding(size, width, step, padding, more)
        for size, width, step, more in zip(x.type.shape[1:-1], wide, steps, extra, strict=True)
    ]
    back = permute_dims(flip(factors, tuple(range(rank))), (*range(rank), rank + 1, rank))
    out = apply(
        convolution_op, x, back, strides=(1,) * rank, padding=tuple(around), dilations=gaps, spread=steps, groups=1
    )
    return as_given(out, data_format)


def _require_kernel(x: Any, kernel: Any, what: str, last: str) -> None:
    """Refuses a kernel of another rank than its input, or without elements along an axis."""
    rank = spatial_rank(x, what)
    if kernel.ndim != rank + 2:
        refuse(ShapeError, f"{what} of {x.type} with a kernel {kernel.type}", f"give a kernel of {rank} sizes, {last}")
    if 0 in kernel.type.shape[:rank]:
        refuse(ShapeError, f"{what} of {x.type} with a kernel {kernel.type} of size 0", "give a window of at least 1")


def _transposed_padding(size: Dim, width: Dim, step: int, padding: Any, more: int | None) -> tuple[Dim, Dim]:
    """Padding of the input with gaps, from the size that the result has and the padding of the convolution."""
    if not isinstance(padding, str) or padding.lower() not in ("valid", "same"):
        raise ValueError(f"padding is {padding!r}, and has to be 'valid' or 'same'")
    reach = (size - 1) * step + width
    if padding.lower() == "valid":
        made = reach + (max_dim(step - width, 0) if more is None else more)
        low: Dim = 0
    else:
        made = size * step if more is None else (size - 1) * step + width % 2 + more
        low = max_dim(reach - made, 0) // 2
    before = width - 1 - low
    return before, made - spread_size(size, step) - before + width - 1
