"""Random words from counters (see `ops/random/bits.py`): each pair of words takes one counter of its own."""

from __future__ import annotations

from collections.abc import Sequence

from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.views import tensor_type
from autograph.ops.random.bits import PARITY, ROTATIONS
from autograph.runtime.dtypes import uint32
from autograph.runtime.ir import Node

# What two words cost, in additions.
_WEIGHT = 60


def _threefry(b: Builder, keys: Sequence[str], counters: Sequence[str]) -> list[str]:
    """Two random words: as `threefry` computes them."""

    def add(x: str, y: str | int) -> str:
        return b.value(f"add i32 {x}, {y}")

    def xor(x: str, y: str | int) -> str:
        return b.value(f"xor i32 {x}, {y}")

    schedule = [*keys, xor(xor(keys[0], keys[1]), PARITY)]
    x, y = [add(counter, key) for counter, key in zip(counters, keys, strict=True)]
    for group in range(5):
        for rotation in ROTATIONS[group % 2]:
            x = add(x, y)
            y = xor(b.value(f"call i32 @llvm.fshl.i32(i32 {y}, i32 {y}, i32 {rotation})"), x)
        x = add(x, schedule[(group + 1) % 3])
        y = add(add(y, schedule[(group + 2) % 3]), group + 1)
    return [x, y]


class _State:
    """The states in memory, each four words: a key and a counter of 64 bits."""

    def __init__(self, lower: Lowering, node: Node) -> None:
        self.lower = lower
        self.array = lower.array(node.inputs[0])

    def words(self, at: Sequence[Index], notes: str) -> list[str]:
        """The words of the state at some indices."""
        b = self.lower.b
        place = self.lower.linear([*at, 0], self.array.sizes)
        return [b.load("i32", b.at("i32", self.array.pointer, b.add(place, i)), notes) for i in range(4)]


def _later(b: Builder, words: Sequence[str], steps: Index) -> list[str]:
    """The counter of a state after some steps, as two words."""
    low, high = [b.value(f"zext i32 {word} to i64") for word in words[2:]]
    whole = b.value(f"or i64 {low}, {b.value(f'shl i64 {high}, 32')}")
    counter = b.value(f"add i64 {whole}, {steps}")
    upper = b.value(f"lshr i64 {counter}, 32")
    return [b.value(f"trunc i64 {part} to i32") for part in (counter, upper)]


@rule("random_bits")
def _bits(lower: Lowering, node: Node) -> bool:
    b, (output,) = lower.b, node.outputs
    type_ = tensor_type(output)
    *batch, size = sizes = lower.sizes(type_)
    if tensor_type(node.inputs[0]).dtype is not uint32:
        return False
    state = _State(lower, node)
    made = lower.fresh(output, type_, sizes)
    group, again = lower.module.parallel_loop()

    def write(at: Sequence[Index], pair: Index, count: int) -> None:
        words = state.words(at, group)
        found = _threefry(b, words[:2], _later(b, words, pair))
        first = lower.linear([*at, b.mul(pair, 2)], sizes)
        for i in range(count):
            b.store("i32", found[i], b.at("i32", made.pointer, b.add(first, i)), group)

    pairs, rest = b.divide(size, 2)
    if pairs != 0:
        lower.spread([*batch, pairs], _WEIGHT, lambda at: write(at[:-1], at[-1], 2), again)
    if rest != 0:  # one word of the last pair
        lower.nest([*batch, rest], lambda at: write(at[:-1], b.add(pairs, at[-1]), 1), again)
    return True


@rule("random_advance")
def _advance(lower: Lowering, node: Node) -> bool:
    b, (output,) = lower.b, node.outputs
    type_ = tensor_type(output)
    sizes = lower.sizes(type_)
    if type_.dtype is not uint32:
        return False
    state = _State(lower, node)
    steps = b.divide(b.add(lower.size(node.attrs["size"]), 1), 2)[0]
    made = lower.fresh(output, type_, sizes)

    def write(at: Sequence[Index]) -> None:
        words = state.words(at, "")
        place = lower.linear([*at, 0], sizes)
        for i, word in enumerate([*words[:2], *_later(b, words, steps)]):
            b.store("i32", word, b.at("i32", made.pointer, b.add(place, i)))

    lower.nest(sizes[:-1], write)
    return True
