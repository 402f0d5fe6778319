"""A call of a function with clocks in its native code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.backends.native.executable import Program
from autograph.backends.native.profile import Profile, profile
from autograph.function.cache import Entry
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable


def profile_call(name: str, entry: Entry, leaves: Sequence[Any], seconds: float) -> Profile:
    """Runs an entry's graph on a call's leaves for a while, on copies of the variables."""
    concrete = entry.concrete
    raws = [leaf._value if isinstance(leaf, Tensor) else leaf for leaf in [leaves[i] for i in concrete.inputs]]
    raws += [tensor._value for tensor in concrete.captures]
    copies: dict[int, Variable] = {}
    for variable in entry.references(leaves):
        if id(variable) not in copies:
            copies[id(variable)] = Variable(np.array(variable.numpy()), dtype=variable.dtype)
        raws.append(copies[id(variable)])
    plain = concrete.executable if concrete.backend == "native" else Program(concrete.optimized)
    try:
        return profile(name, concrete.optimized, plain, raws, seconds)
    except Failure as failure:
        signal = failure
    raise_failure(signal)
