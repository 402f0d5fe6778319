"""Counters: integers that a loop moves by steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.ops.number_limits import wrapping_op
from autograph.runtime.ir import Value
from autograph.runtime.structure_ops import cast_op, cond_op, constant_op, while_op
from autograph.runtime.types import TensorType
from autograph.transforms.ranges import Range, fits, is_integer, widest

_STEP = 2**8  # a counter that starts within 2**62 and moves by no more a trip stays within 64 bits for years
_FAR = Range(-(2**62), 2**62)


@dataclass(frozen=True)
class Move:
    """Bounds of what a loop's value gains in a trip, None where there are none; whether single steps are small."""

    low: int | None
    high: int | None
    small: bool

    @property
    def step(self) -> int | None:
        """The gain, if that is always the same."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True)
class Counter:
    """A value of a loop that moves by steps."""

    start: Range
    move: Move
    param: Value

    @property
    def step(self) -> int | None:
        """What it gains in each trip, if that is always the same."""
        return self.move.step

    @property
    def _limits(self) -> Range:
        """What it stays within in any case."""
        limits = widest(self.param)
        return _FAR if self.move.small and fits(self.start, _FAR) and fits(_FAR, limits) else limits

    def before(self) -> Range:
        """What it may be when the test is made."""
        low, high = self.move.low, self.move.high
        limits = self._limits
        return Range(
            self.start.low if low is not None and low >= 0 else limits.low,
            self.start.high if high is not None and high <= 0 else limits.high,
        )

    def after(self, inside: Range) -> Range | None:
        """What it is after a trip, by what it is before; None where it might wrap."""
        low, high = self.move.low, self.move.high
        limits = self._limits
        over = Range(
            limits.low if low is None else inside.low + low, limits.high if high is None else inside.high + high
        )
        if fits(over, limits):
            return over
        checked = isinstance(self.param.type, TensorType) and self.param.type.weak  # the check that stops it stays
        if not checked and limits == widest(self.param):
            return None
        return Range(
            limits.low if not fits(Range(over.low, limits.high), limits) else over.low,
            limits.high if not fits(Range(limits.low, over.high), limits) else over.high,
        )


def move_of(value: Value, param: Value) -> Move | None:
    """How a loop's value moves in a trip."""
    value = source_of(value)
    node = value.node
    if value is param:
        return Move(0, 0, True)
    if node is None or not is_integer(value):
        return None
    if node.op is cond_op:
        place = node.outputs.index(value)
        return _one_of([move_of(region.results[place], param) for region in node.regions])
    if node.op is while_op:
        place = node.outputs.index(value)
        body = node.regions[1]
        return _often(move_of(body.results[place], body.params[place]), move_of(node.inputs[place], param))
    if node.op.name == "where":
        return _one_of([move_of(branch, param) for branch in node.inputs[1:]])
    name = node.attrs["op"] if node.op is wrapping_op else node.op.name
    if name not in ("add", "subtract") or value is not node.outputs[0]:
        return None
    x, y = node.inputs
    if name == "add" and constant_of(x) is not None:
        x, y = y, x
    step, before = constant_of(y), move_of(x, param)
    if step is None or before is None:
        return None
    step = step if name == "add" else -step
    low, high = before.low, before.high
    small = before.small and abs(step) <= _STEP
    return Move(None if low is None else low + step, None if high is None else high + step, small)


def _one_of(moves: Sequence[Move | None]) -> Move | None:
    known = [move for move in moves if move is not None]
    if len(known) < len(moves):
        return None
    lows, highs = [move.low for move in known], [move.high for move in known]
    return Move(
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
        all(move.small for move in known),
    )


def _often(move: Move | None, before: Move | None) -> Move | None:
    """Any number of moves after another one."""
    if move is None or before is None:
        return None
    up, down = move.high is None or move.high > 0, move.low is None or move.low < 0
    return Move(None if down else before.low, None if up else before.high, move.small and before.small)


def constant_of(value: Value) -> int | None:
    node = value.node
    constant = node is not None and node.op is constant_op and is_integer(value)
    return int(node.attrs["value"]) if constant and node is not None else None


def source_of(value: Value) -> Value:
    """What an integer is a cast of that keeps it."""
    while value.node is not None and value.node.op is cast_op and is_integer(value):
        inner = value.node.inputs[0]
        if not is_integer(inner) or not fits(widest(inner), widest(value)):
            break
        value = inner
    return value
