"""`subject`: what `match` takes apart."""

from __future__ import annotations

from typing import Any

from autograph.errors import StagingError
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.staging.choice import Chosen
from autograph.staging.forms import parts_of
from autograph.staging.growing_dict import may_be_absent
from autograph.staging.objects import held_attributes, is_object
from autograph.staging.unbound import Maybe, bound

_DEPTH = 4  # as far as patterns reach


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
    _refuse_uncertain(known, 0)
    return known


def _refuse_uncertain(value: Any, depth: int) -> None:
    """Refuses objects of which tensors decide what attributes they have: patterns would take them for all there."""
    held = held_attributes(value) if is_object(value) else None
    if held is not None and any(map(may_be_absent, held.values())):
        name = next(name for name, part in held.items() if may_be_absent(part))
        refuse(
            StagingError,
            f"match takes a {type(value).__name__} apart of which '{name}' is there on some paths only",
            f"ask first: if hasattr(obj, '{name}')",
        )
    for part in (parts_of(value) or []) if depth < _DEPTH else []:
        _refuse_uncertain(part, depth + 1)
