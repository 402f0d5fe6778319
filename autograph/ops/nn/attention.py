"""Attention."""

from __future__ import annotations

from typing import Any

from autograph.errors import DTypeError, ShapeError
from autograph.ops.contraction import matmul
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import sqrt
from autograph.ops.extents import size_number
from autograph.ops.manipulation import repeat
from autograph.ops.nn.softmaxes import softmax
from autograph.ops.ranges import arange
from autograph.ops.selection import where
from autograph.ops.shape import expand_dims, matrix_transpose, permute_dims
from autograph.ops.trigonometry import tanh
from autograph.runtime.dims import known_equal
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor


def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: Any = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Any:
    """The mean of values, weighted by the softmax of the products of queries and keys.

    Args:
        query: tensor [batch, t, heads, size].
        key: tensor [batch, s, key heads, size]; each serves as many query heads as there are more of those.
        value: tensor [batch, s, key heads, size].
        bias: tensor that broadcasts to [batch, heads, t, s], added to the products.
        mask: bool tensor that broadcasts to [batch, heads, t, s]; where it is False nothing is taken.
        scale: factor of the products; one over the root of the size by default.
        is_causal: whether a query sees only keys up to its own place.
        flash_attention: without meaning: backends choose how to compute.
        attn_logits_soft_cap: what products are kept below, by a tanh.

    Returns:
        Tensor [batch, t, heads, size].

    Raises:
        DTypeError: numbers are complex.
        ShapeError: ranks or sizes do not fit.

    Source: Vaswani et al., Attention Is All You Need, 2017.

    Example:
        >>> import autograph as ag
        >>> x = ag.ops.ones((1, 2, 1, 4))
        >>> ag.ops.nn.dot_product_attention(x, x, x * 3.0, is_causal=True).numpy()[0, :, 0, 0]
        array([3., 3.], dtype=float32)
    """
    queries, keys, values = as_tensor(query), as_tensor(key), as_tensor(value)
    for name, x in (("query", queries), ("key", keys), ("value", values)):
        if x.ndim != 4:
            refuse(ShapeError, f"the {name} of dot_product_attention is {x.type}", "give [batch, length, heads, size]")
        if x.dtype.is_complex:
            refuse(DTypeError, f"the {name} of dot_product_attention is {x.type}", "give real numbers")
    what = f"dot_product_attention of a query {queries.type}, a key {keys.type} and a value {values.type}"
    for one, other, axes in ((queries, keys, (0, 3)), (keys, values, (0, 1, 2))):
        for axis in axes:
            pair = one.type.shape[axis], other.type.shape[axis]
            if axis or 1 not in pair:
                require_equal(*pair, f"{what}: sizes along axis {axis} differ", "check the sizes")
    heads, shared = queries.type.shape[2], keys.type.shape[2]
    if known_equal(heads, shared) is False:
        keys, values = [_for_heads(x, heads, shared) for x in (keys, values)]
    factor = 1 / sqrt(size_number(queries.type.shape[3]) * 1.0) if scale is None else scale
    q, k, v = [permute_dims(x, (0, 2, 1, 3)) for x in (queries, keys, values)]
    products = matmul(q * factor, matrix_transpose(k))
    if attn_logits_soft_cap is not None:
        products = tanh(products / attn_logits_soft_cap) * attn_logits_soft_cap
    if bias is not None:
        products = products + bias
    allowed = _allowed(products, mask, is_causal)
    if allowed is not None:
        products = where(allowed, products, _FAR[products.dtype.bits])
    return permute_dims(matmul(softmax(products), v), (0, 2, 1, 3))


# Below every product, and finite, so that a row without anything allowed gives a mean rather than NaN.
_FAR = {16: -6e4, 32: -1e30, 64: -1e300}


def _allowed(products: Tensor, mask: Any, is_causal: bool) -> Any:
    allowed = None if mask is None else as_tensor(mask)
    if not is_causal:
        return allowed
    rows, columns = products.type.shape[-2:]
    causal = arange(columns) <= expand_dims(arange(rows), 1)
    return causal if allowed is None else allowed & causal


def _for_heads(x: Tensor, heads: Any, shared: Any) -> Any:
    if not isinstance(heads, int) or not isinstance(shared, int) or heads % shared:
        refuse(ShapeError, f"{heads} query heads share {shared} key heads", "give a multiple of them")
    return repeat(x, heads // shared, axis=2)
