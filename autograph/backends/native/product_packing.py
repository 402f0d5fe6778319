"""Columns of a matrix side by side: the panels that the product kernel multiplies with."""

from __future__ import annotations

from autograph.backends.native.builder import Index
from autograph.backends.native.vectors import Shape, VectorFunction, part_name

# How many rows of a panel are asked for before they are packed.
AHEAD = 16


def pack_text(shape: Shape) -> str:
    """Copies a part of `y`, so many rows and columns from an address on, side by side into a panel of some width."""
    parameters = "ptr %y, i64 %lead, i64 %count, i64 %columns, i64 %width, ptr %panel"
    f = VectorFunction(f"define internal void {part_name(shape, 'pack')}({parameters}) noinline nounwind", shape)
    b = f.b
    masks = [f.mask("%columns", v * shape.lanes) for v in range(2)]
    wide = b.value(f"icmp sgt i64 %width, {shape.lanes}")

    def row(index: Index) -> None:
        source, target = f.at("%y", b.mul(index, "%lead")), f.at("%panel", b.mul(index, "%width"))
        for v in range(2):
            f.fetch(f.at("%y", b.add(b.mul(b.add(index, AHEAD), "%lead"), v * shape.lanes)), False)
        f.put(f.vector(source, masks[0]), target)
        f.when(wide, lambda: f.put(f.vector(f.at(source, shape.lanes), masks[1]), f.at(target, shape.lanes)))

    f.loop("%count", row)
    b.line("ret void")
    return b.text()


def pack_turned_text(shape: Shape) -> str:
    """The same of a transposed `y`, in squares: rows of it become lanes of the panel."""
    parameters = "ptr %y, i64 %lead, i64 %count, i64 %columns, i64 %width, ptr %panel"
    f = VectorFunction(f"define internal void {part_name(shape, 'pack_turned')}({parameters}) noinline nounwind", shape)
    b, lanes, vector = f.b, shape.lanes, shape.vector

    def square(low: Index, first: Index) -> None:
        inside = f.mask(b.sub("%count", low), 0)
        rows = []
        for i in range(lanes):
            column = b.add(first, i)
            there = f.splat(b.value(f"icmp slt i64 {column}, %columns"), "i1")
            mask = b.value(f"and <{lanes} x i1> {inside}, {there}")
            rows.append(f.vector(f.at("%y", b.add(b.mul(column, "%lead"), low)), mask))
        for i, made in enumerate(_transposed(f, rows, vector)):
            f.put(made, f.at("%panel", b.add(b.mul(b.add(low, i), "%width"), first)))

    def block(number: Index) -> None:
        low = b.mul(number, lanes)
        f.loop(b.divide("%width", lanes)[0], lambda part: square(low, b.mul(part, lanes)))

    f.loop(b.divide_up("%count", lanes), block)
    b.line("ret void")
    return b.text()


def _transposed(f: VectorFunction, rows: list[str], vector: str) -> list[str]:
    """The transpose of as many vectors as they have lanes: blocks of 1, 2, 4, … lanes change places."""
    lanes, distance = len(rows), 1
    while distance < lanes:
        for i in range(lanes):
            if i & distance:
                continue
            pair = f"{vector} {rows[i]}, {vector} {rows[i + distance]}"
            low = [lane if not lane & distance else lanes + lane - distance for lane in range(lanes)]
            high = [lane + distance if not lane & distance else lanes + lane for lane in range(lanes)]
            rows[i], rows[i + distance] = [
                f.b.value(f"shufflevector {pair}, <{lanes} x i32> <{', '.join(f'i32 {x}' for x in chosen)}>")
                for chosen in (low, high)
            ]
        distance *= 2
    return rows
