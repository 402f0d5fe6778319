"""Random numbers from a counter-based generator: the same seed or key gives the same numbers on every backend.

The functions draw from a default generator whose state is a variable, so a staged loop draws new numbers every trip
and every call; with `key=`, from the stream that the key begins.
"""

from autograph.ops.random.continuous import beta, exponential, gamma, gumbel, laplace, normal, truncated_normal, uniform
from autograph.ops.random.discrete import bernoulli, categorical, poisson, randint
from autograph.ops.random.generators import Generator, set_seed
from autograph.ops.random.keys import fold_in, key, split
from autograph.ops.random.orders import choice, permutation, shuffle

__all__ = [
    "Generator", "bernoulli", "beta", "categorical", "choice", "exponential", "fold_in", "gamma", "gumbel", "key",
    "laplace", "normal", "permutation", "poisson", "randint", "set_seed", "shuffle", "split", "truncated_normal",
    "uniform",
]  # fmt: skip
