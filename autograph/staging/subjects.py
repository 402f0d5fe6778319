"""`subject`: what `match` takes apart."""

from __future__ import annotations

from typing import Any

from autograph.errors import StagingError
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.staging.choice import Chosen
from autograph.staging.unbound import Maybe, bound


def subject(value: Any) -> Any:
    """What `match` takes apart.

    Raises:
        StagingError: only the running graph knows whether it is None, or of which structure it is.
    """
    known = bound(value)
    if isinstance(known, Maybe) and not isinstance(known.ag_value, Tensor):
        refuse(
            StagingError,
            f"match takes '{known.ag_name}' apart, which is None on some paths",
            f"ask first: if {known.ag_name} is not None: a, b = {known.ag_name}",
        )
    if isinstance(known, Chosen) and not known.ag_plain:
        refuse(
            StagingError,
            "match takes a value apart whose structure a tensor decides",
            "ask with len() or isinstance(), or match in the branch that makes the value",
        )
    return known
