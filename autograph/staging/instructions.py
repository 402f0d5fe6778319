"""Which instruction of the calling code runs an operator's method."""

from __future__ import annotations

import dis
import sys

_ADDS_IN_PLACE = next(
    (instruction.opcode, instruction.arg or 0)
    for instruction in dis.get_instructions(compile("a += b", "<example>", "exec"))
    if instruction.opname in ("BINARY_OP", "INPLACE_ADD")
)


def adds_in_place() -> bool:
    """Whether the method that asks runs for `a += b`, which `a` may answer by a change of itself, and not for `a + b`.

    Python tries `__radd__` of a subclass before a list's own `+=`.
    """
    frame = sys._getframe(2)
    code, place = frame.f_code.co_code, frame.f_lasti
    return (code[place], code[place + 1]) == _ADDS_IN_PLACE
