"""`TruthOnly`: the result of `and` or `or` whose operands no one type can hold, but of which the truth is known."""

from __future__ import annotations

from typing import Any, NoReturn

from autograph.errors import StagingError
from autograph.runtime.tensor import Tensor


class TruthOnly:
    """Serves as a condition; any other use raises what is wrong with the operands.

    Attributes:
        truth: bool scalar tensor.
        error: why there is no value.
    """

    __slots__ = ("error", "truth")

    def __init__(self, truth: Tensor, error: StagingError) -> None:
        self.truth = truth
        self.error = error

    def refuse(self, *_: Any) -> NoReturn:
        """Raises why there is no value."""
        raise self.error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self.error


for _name in (
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "getitem",
    "iter",
    "len",
):
    setattr(TruthOnly, f"__{_name}__", TruthOnly.refuse)
for _name in ("bool", "str", "format", "call", "hash"):
    setattr(TruthOnly, f"__{_name}__", TruthOnly.refuse)
