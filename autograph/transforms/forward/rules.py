"""Tangents of ops that are linear in operands, and of products: cheaper than what follows from their gradients.

An op that is linear in some operands together has as its tangent the op itself, of their tangents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograph.ops.arithmetic import add
from autograph.ops.contraction import matmul
from autograph.ops.lists import zeros_like_any
from autograph.runtime.apply import apply
from autograph.runtime.op import get_op

Rule = Callable[..., Any]

# The operands in which ops are linear together; ... means all. The others, such as indices, stay what they are.
_LINEAR: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("negative", "positive", "real", "imag", "conj", "sum", "cumulative_sum"), (0,)),
    **dict.fromkeys(("reshape", "permute_dims", "broadcast_to", "flip", "slice_axis", "pad_axis"), (0,)),
    **dict.fromkeys(("fft", "rfft", "irfft", "cast", "getitem"), (0,)),
    **dict.fromkeys(("concat", "list_from"), None),
    **dict.fromkeys(("index_add", "setitem"), (0, 1)),
    "where": (1, 2),
    **dict.fromkeys(("list_unappend", "list_pop", "list_get", "list_cast", "list_stack", "list_slice"), (0,)),
    **dict.fromkeys(("list_append", "list_concat", "list_spread", "list_add"), (0, 1)),
    **dict.fromkeys(("list_set", "list_add_at"), (0, 2)),
    "list_unstack": (0,),
    "list_single": (2,),
}


def _linear(name: str, places: tuple[int, ...] | None) -> Rule:
    def rule(tangents: Sequence[Any], out: Any, *inputs: Any, **attrs: Any) -> Any:
        wanted = range(len(inputs)) if places is None else places
        if all(tangents[place] is None for place in wanted):
            return None if not isinstance(out, tuple) else (None,) * len(out)
        moved = list(inputs)
        for place in wanted:
            moved[place] = tangents[place] if tangents[place] is not None else zeros_like_any(inputs[place])
        return apply(get_op(name), *moved, **attrs)

    return rule


def _matmul(tangents: Sequence[Any], out: Any, a: Any, b: Any) -> Any:
    first, second = tangents
    if first is None or second is None:
        return matmul(a, second) if first is None else matmul(first, b)
    return add(matmul(first, b), matmul(a, second))


RULES: dict[str, Rule] = {name: _linear(name, places) for name, places in _LINEAR.items()} | {"matmul": _matmul}
