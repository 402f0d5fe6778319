"""Functions that work on vectors of a width that the processor has: of a matrix product, in pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.loops import Loops
from autograph.backends.native.module import Module
from autograph.backends.native.product_words import AT


@dataclass(frozen=True, slots=True)
class Shape:
    """The block of the result that stays in registers.

    Attributes:
        type: of the elements, in LLVM's words.
        lanes: elements of a vector.
        height: rows of a block; its columns are two vectors.
    """

    type: str
    lanes: int
    height: int

    @property
    def vector(self) -> str:
        return f"<{self.lanes} x {self.type}>"

    @property
    def letter(self) -> str:
        return "s" if self.type == "float" else "d"

    @property
    def width(self) -> int:
        return 2 * self.lanes


def shapes(features: Mapping[str, bool]) -> tuple[Shape, Shape]:
    """The blocks for float32 and float64 on a processor with these features."""
    if features.get("avx512f"):
        return Shape("float", 16, 8), Shape("double", 8, 8)
    if features.get("avx2") and features.get("fma"):
        return Shape("float", 8, 6), Shape("double", 4, 6)
    if features.get("neon") or features.get("asimd"):
        return Shape("float", 4, 8), Shape("double", 2, 8)
    return Shape("float", 4, 4), Shape("double", 2, 4)


class VectorFunction(Loops):
    """One function being written.

    Args:
        header: of its definition.
        shape: the block in registers.
    """

    def __init__(self, header: str, shape: Shape) -> None:
        super().__init__(Module(), Builder(header))
        self.shape = shape

    def vector(self, pointer: str, mask: str | None = None) -> str:
        """Reads a vector, zeros where the mask says no."""
        vector, lanes = self.shape.vector, self.shape.lanes
        if mask is None:
            return self.b.value(f"load {vector}, ptr {pointer}, align {alignment(self.shape)}")
        return self.b.value(
            f"call {vector} @llvm.masked.load.{suffix(self.shape)}.p0(ptr {pointer}, i32 {alignment(self.shape)}, "
            f"<{lanes} x i1> {mask}, {vector} zeroinitializer)"
        )

    def put(self, value: str, pointer: str, mask: str | None = None) -> None:
        """Writes a vector, where the mask says so."""
        vector, lanes, align = self.shape.vector, self.shape.lanes, alignment(self.shape)
        if mask is None:
            self.b.line(f"store {vector} {value}, ptr {pointer}, align {align}")
        else:
            self.b.line(
                f"call void @llvm.masked.store.{suffix(self.shape)}.p0({vector} {value}, ptr {pointer}, i32 {align}, "
                f"<{lanes} x i1> {mask})"
            )

    def splat(self, text: str, type_: str) -> str:
        """A vector of one number."""
        lanes = self.shape.lanes
        one = self.b.value(f"insertelement <{lanes} x {type_}> poison, {type_} {text}, i32 0")
        zeros = f"<{lanes} x i32> zeroinitializer"
        return self.b.value(f"shufflevector <{lanes} x {type_}> {one}, <{lanes} x {type_}> poison, {zeros}")

    def mask(self, count: Index, first: int) -> str:
        """Which lanes, the first of which is the element `first`, are before `count`."""
        lanes = self.shape.lanes
        steps = ", ".join(f"i64 {first + lane}" for lane in range(lanes))
        return self.b.value(f"icmp slt <{lanes} x i64> <{steps}>, {self.splat(str(count), 'i64')}")

    def at(self, pointer: str, index: Index) -> str:
        """The address of an element."""
        return self.b.at(self.shape.type, pointer, index)

    def word(self, name: str) -> str:
        """A word that tells the product."""
        return self.b.load("i64", self.b.at("i64", "%words", AT[name]))

    def address(self, name: str) -> str:
        return self.b.value(f"inttoptr i64 {self.word(name)} to ptr")

    def fetch(self, pointer: str, write: bool) -> None:
        """Asks for a cache line that is needed soon."""
        self.b.line(f"call void @llvm.prefetch.p0(ptr {pointer}, i32 {int(write)}, i32 3, i32 1)")

    def when(self, condition: str, then: Callable[[], None]) -> None:
        """Runs something or nothing."""
        self.b.either(condition, then, lambda: None)


def alignment(shape: Shape) -> int:
    """The bytes of an element, which addresses are multiples of."""
    return 4 if shape.type == "float" else 8


def suffix(shape: Shape) -> str:
    """What names of intrinsics end in."""
    return f"v{shape.lanes}f{32 if shape.type == 'float' else 64}"


def part_name(shape: Shape, what: str) -> str:
    """The name of one of the functions that make a product."""
    return f"@ag_product_{shape.letter}_{what}"


def declarations(shape: Shape) -> str:
    """What the functions use of others."""
    vector, ending, mask = shape.vector, suffix(shape), f"<{shape.lanes} x i1>"
    return (
        f"declare {vector} @llvm.masked.load.{ending}.p0(ptr, i32, {mask}, {vector})\n"
        f"declare void @llvm.masked.store.{ending}.p0({vector}, ptr, i32, {mask})\n"
        f"declare {vector} @llvm.fmuladd.{ending}({vector}, {vector}, {vector})\n"
        "declare i64 @llvm.smin.i64(i64, i64)\n"
        "declare i64 @llvm.smax.i64(i64, i64)\n"
        "declare void @llvm.prefetch.p0(ptr, i32, i32, i32)\n"
        "declare i64 @ag_threads()\n"
        "declare i64 @ag_split(ptr, ptr, i64, i64, ptr)"
    )
