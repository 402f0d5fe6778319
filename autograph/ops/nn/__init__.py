"""Neural-network functions, with the names of `keras.ops.nn`."""

from autograph.ops.grids import one_hot
from autograph.ops.nn.attention import dot_product_attention
from autograph.ops.nn.convolutions import conv, conv_transpose, depthwise_conv, separable_conv
from autograph.ops.nn.ctc import ctc_decode, ctc_loss
from autograph.ops.nn.dropout import dropout
from autograph.ops.nn.encodings import depth_to_space, multi_hot, polar, space_to_depth
from autograph.ops.nn.folding import fold, unfold
from autograph.ops.nn.gates import gelu, glu, hard_silu, mish, silu
from autograph.ops.nn.losses import binary_crossentropy, categorical_crossentropy, psnr, sparse_categorical_crossentropy
from autograph.ops.nn.normalization import (
    batch_normalization,
    group_normalization,
    layer_normalization,
    moments,
    normalize,
    rms_normalization,
)  # fmt: skip
from autograph.ops.nn.pooling import adaptive_average_pool, adaptive_max_pool, average_pool, max_pool
from autograph.ops.nn.rectifiers import (
    celu,
    elu,
    hard_shrink,
    leaky_relu,
    relu,
    relu6,
    selu,
    soft_shrink,
    sparse_plus,
    tanh_shrink,
    threshold,
)  # fmt: skip
from autograph.ops.nn.sigmoids import (
    hard_sigmoid,
    hard_tanh,
    log_sigmoid,
    sigmoid,
    softplus,
    softsign,
    sparse_sigmoid,
    squareplus,
)  # fmt: skip
from autograph.ops.nn.softmaxes import log_softmax, softmax, sparsemax
from autograph.ops.trigonometry import tanh

hard_swish = hard_silu
swish = silu

__all__ = [
    "adaptive_average_pool", "adaptive_max_pool", "average_pool", "batch_normalization", "binary_crossentropy",
    "categorical_crossentropy", "celu", "conv", "conv_transpose", "ctc_decode", "ctc_loss", "depth_to_space",
    "depthwise_conv", "dot_product_attention", "dropout", "elu", "fold", "gelu", "glu", "group_normalization",
    "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "layer_normalization", "leaky_relu",
    "log_sigmoid", "log_softmax", "max_pool", "mish", "moments", "multi_hot", "normalize", "one_hot", "polar", "psnr",
    "relu", "relu6", "rms_normalization", "selu", "separable_conv", "sigmoid", "silu", "soft_shrink", "softmax",
    "softplus", "softsign", "space_to_depth", "sparse_categorical_crossentropy", "sparse_plus", "sparse_sigmoid",
    "sparsemax", "squareplus", "swish", "tanh", "tanh_shrink", "threshold", "unfold",
]  # fmt: skip
