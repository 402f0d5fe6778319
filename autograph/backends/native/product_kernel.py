"""Matrix products of floats in machine code: small blocks of the result in registers, one column panel after another.

`ag_product_s(words)` (float32) and `ag_product_d(words)` (float64) compute `out = alpha x y (+ added)`. A panel is as
many columns of `y` as two vectors hold; it is packed so that it lies side by side, unless few rows use it. Each element
is the sum of its products in order, in runs of `RUN` products: it does not depend on how the rows and columns are
shared between threads.

The scheme is that of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS 34(3), 2008),
without packed rows: the processors meant here read each row where it lies as fast as from a packed block.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograph.backends.native.builder import Index
from autograph.backends.native.product_packing import pack_text, pack_turned_text
from autograph.backends.native.vectors import Shape, VectorFunction, declarations, part_name, shapes, suffix

# The products of one run: a panel's part of so many rows stays in the first cache. A panel of one vector has twice as
# many.
RUN = 256
# From how many rows on a panel is packed rather than read where it lies.
PACKED_ROWS = 65
# How many products a product has at least that threads share, and how many pieces each thread gets.
LEAST_PRODUCTS = 1 << 20
PIECES = 8


def _block(shape: Shape, turned: bool, vectors: int) -> str:
    """Sums the products of a block of rows with a panel, for all segments of a run, and writes them to `tile`.

    `x`: where the block's rows begin, a pointer for each; of a transposed `x` the first element of the first one.
    """
    kind = "columns" if turned else "rows"
    parameters = "ptr %x, i64 %lead, ptr %y, i64 %y_step, i64 %segments, i64 %inner, i64 %segment_step, ptr %tile"
    f = VectorFunction(
        f"define internal void {part_name(shape, f'{kind}{vectors}')}({parameters}) noinline nounwind", shape
    )
    b = f.b
    sums = [[b.stack(shape.vector) for _ in range(vectors)] for _ in range(shape.height)]
    for row in sums:
        for place in row:
            b.store(shape.vector, "zeroinitializer", place)
    panel = b.stack("ptr")
    b.store("ptr", "%y", panel)

    def segment(number: Index) -> None:
        offset = b.mul(number, "%segment_step")
        if turned:
            start = f.at("%x", offset)
            column = b.stack("ptr")
            b.store("ptr", start, column)
        else:
            starts = [f.at(b.load("ptr", b.at("ptr", "%x", i)), offset) for i in range(shape.height)]

        def step(index: Index) -> None:
            y = b.load("ptr", panel)
            right = [f.vector(f.at(y, v * shape.lanes)) for v in range(vectors)]
            at = b.load("ptr", column) if turned else ""
            for i, row in enumerate(sums):
                item = b.load(shape.type, f.at(at, i) if turned else f.at(starts[i], index))
                left = f.splat(item, shape.type)
                for place, other in zip(row, right, strict=True):
                    vector = shape.vector
                    arguments = f"{vector} {left}, {vector} {other}, {vector} {b.load(vector, place)}"
                    b.store(vector, b.value(f"call {vector} @llvm.fmuladd.{suffix(shape)}({arguments})"), place)
            b.store("ptr", f.at(y, "%y_step"), panel)
            if turned:
                b.store("ptr", f.at(at, "%lead"), column)

        f.loop("%inner", step)

    f.loop("%segments", segment)
    for i, row in enumerate(sums):
        for v, place in enumerate(row):
            f.put(b.load(shape.vector, place), f.at("%tile", (2 * i + v) * shape.lanes))
    b.line("ret void")
    return b.text()


def _finish(shape: Shape) -> str:
    """Puts a block of sums into the result: times alpha, added to what is there."""
    parameters = "ptr %words, ptr %tile, i64 %row, i64 %column, i64 %rows, i64 %columns, i64 %first"
    f = VectorFunction(f"define internal void {part_name(shape, 'finish')}({parameters}) noinline nounwind", shape)
    b, vector = f.b, shape.vector
    alpha = b.value(f"bitcast i64 {f.word('alpha')} to double")
    if shape.type == "float":
        alpha = b.value(f"fptrunc double {alpha} to float")
    factor = f.splat(alpha, shape.type)
    lead, out, added = f.word("out_lead"), f.address("out"), f.address("added")
    start = f.at(out, b.add(b.mul("%row", lead), "%column"))
    # The first run adds to what is given, the others to what the last one has left.
    begins = b.value("icmp ne i64 %first, 0")
    adds = b.value(f"or i1 {b.value(f'icmp ne ptr {added}, null')}, {b.value(f'xor i1 {begins}, true')}")
    before_lead = b.value(f"select i1 {begins}, i64 {f.word('added_lead')}, i64 {lead}")
    given = f.at(added, b.add(b.mul("%row", before_lead), "%column"))
    before = b.value(f"select i1 {begins}, ptr {given}, ptr {start}")
    masks = [f.mask("%columns", v * shape.lanes) for v in range(2)]
    made = b.stack(vector)

    def row(index: Index) -> None:
        for v, mask in enumerate(masks):
            place = f.at(start, b.add(b.mul(index, lead), v * shape.lanes))
            sums = f.vector(f.at("%tile", b.add(b.mul(index, shape.width), v * shape.lanes)))
            b.store(vector, b.value(f"fmul {vector} {sums}, {factor}"), made)

            def add(v: int = v, mask: str = mask) -> None:
                more = f.vector(f.at(before, b.add(b.mul(index, before_lead), v * shape.lanes)), mask)
                b.store(vector, b.value(f"fadd {vector} {b.load(vector, made)}, {more}"), made)

            f.when(adds, add)
            f.put(b.load(vector, made), place, mask)

    f.loop("%rows", row)
    b.line("ret void")
    return b.text()


class _Part:
    """Writes the function that computes some rows and panels of a product."""

    def __init__(self, shape: Shape) -> None:
        header = (
            f"define internal void {part_name(shape, 'part')}(ptr %words, i64 %low, i64 %high, i64 %panel, i64 %end)"
        )
        f = self.f = VectorFunction(f"{header} noinline nounwind", shape)
        b = self.b = f.b
        self.shape = shape
        self.packed = b.stack(shape.type, RUN * shape.width)
        self.tile = b.stack(shape.type, shape.height * shape.width)
        self.starts = b.stack("ptr", shape.height)
        self.x, self.y = f.address("x"), f.address("y")
        self.x_lead, self.y_lead = f.word("x_lead"), f.word("y_lead")
        self.x_turned, self.y_turned = [b.value(f"icmp ne i64 {f.word(name)}, 0") for name in ("x_turned", "y_turned")]
        self.columns, self.inner = f.word("columns"), f.word("inner")
        self.segments, self.segment_step = f.word("segments"), f.word("segment_step")
        f.loop(b.sub("%end", "%panel"), lambda index: self._panel(b.add("%panel", index)))
        b.line("ret void")

    def _cut(self, longest: Index) -> None:
        """How products of an element are cut into runs: several segments each, or a part of one."""
        b = self.b
        self.per_run = b.extremum("max", b.divide(longest, b.extremum("max", self.inner, 1))[0], 1)
        pieces = b.extremum("max", b.divide_up(self.inner, longest), 1)
        self.length = b.divide_up(self.inner, pieces)
        self.pieces = b.extremum("max", b.divide_up(self.inner, b.extremum("max", self.length, 1)), 1)
        self.groups = b.extremum("max", b.divide_up(self.segments, self.per_run), 1)
        self.runs = b.mul(self.groups, self.pieces)

    def _panel(self, panel: Index) -> None:
        b = self.b
        column = b.mul(panel, self.shape.width)
        columns = b.extremum("min", b.sub(self.columns, column), self.shape.width)
        narrow = b.value(f"icmp sle i64 {columns}, {self.shape.lanes}")
        width = b.value(f"select i1 {narrow}, i64 {self.shape.lanes}, i64 {self.shape.width}")
        self._cut(b.value(f"select i1 {narrow}, i64 {2 * RUN}, i64 {RUN}"))
        self.f.loop(self.runs, lambda run: self._run(run, column, columns, width, narrow))

    def _run(self, run: Index, column: Index, columns: Index, width: Index, narrow: str) -> None:
        b, f = self.b, self.f
        group, piece = b.divide(run, self.pieces)
        segment = b.mul(group, self.per_run)
        segments = b.extremum("min", self.per_run, b.sub(self.segments, segment))
        low = b.mul(piece, self.length)
        inner = b.extremum("min", self.length, b.sub(self.inner, low))
        row = b.add(b.mul(segment, self.inner), low)
        count = b.mul(segments, inner)
        panel, step = b.stack("ptr"), b.stack("i64")
        b.store("ptr", self.packed, panel)
        b.store("i64", width, step)
        straight = f.at(self.y, b.add(b.mul(row, self.y_lead), column))

        def pack_turned() -> None:
            source = f.at(self.y, b.add(b.mul(column, self.y_lead), row))
            arguments = f"ptr {source}, i64 {self.y_lead}, i64 {count}, i64 {columns}, i64 {width}, ptr {self.packed}"
            b.line(f"call void {part_name(self.shape, 'pack_turned')}({arguments})")

        def pack() -> None:
            arguments = f"ptr {straight}, i64 {self.y_lead}, i64 {count}, i64 {columns}, i64 {width}, ptr {self.packed}"
            b.line(f"call void {part_name(self.shape, 'pack')}({arguments})")

        def as_it_lies() -> None:
            b.store("ptr", straight, panel)
            b.store("i64", self.y_lead, step)

        whole = b.value(f"icmp eq i64 {columns}, {width}")
        few = b.value(f"icmp slt i64 {b.sub('%high', '%low')}, {PACKED_ROWS}")
        lies = b.value(f"and i1 {whole}, {few}")
        b.either(self.y_turned, pack_turned, lambda: b.either(lies, as_it_lies, pack))
        place = b.add(b.mul(segment, self.segment_step), b.mul(low, b.value(
            f"select i1 {self.x_turned}, i64 {self.x_lead}, i64 1")))  # fmt: skip
        source = f.at(self.x, place)
        first = b.value(f"zext i1 {b.value(f'icmp eq i64 {run}, 0')} to i64")
        y, y_step = b.load("ptr", panel), b.load("i64", step)
        tail = f"ptr {y}, i64 {y_step}, i64 {segments}, i64 {inner}, i64 {self.segment_step}, ptr {self.tile}"

        def block(number: Index) -> None:
            top = b.add("%low", b.mul(number, self.shape.height))
            rows = b.extremum("min", b.sub("%high", top), self.shape.height)
            self._fetch(top, column)

            def call(kind: str, x: str) -> None:
                one, two = [
                    lambda n=n: b.line(
                        f"call void {part_name(self.shape, f'{kind}{n}')}(ptr {x}, i64 {self.x_lead}, {tail})"
                    )
                    for n in (1, 2)
                ]
                b.either(narrow, one, two)

            def by_rows() -> None:
                self._find_rows(source, top, rows)
                call("rows", self.starts)

            b.either(self.x_turned, lambda: call("columns", f.at(source, top)), by_rows)
            arguments = f"i64 {top}, i64 {column}, i64 {rows}, i64 {columns}, i64 {first}"
            b.line(f"call void {part_name(self.shape, 'finish')}(ptr %words, ptr {self.tile}, {arguments})")

        f.loop(b.divide_up(b.sub("%high", "%low"), self.shape.height), block)

    def _fetch(self, top: Index, column: Index) -> None:
        """Asks for the part of the result that a block is about to change, and for what is added to it."""
        f, b = self.f, self.b

        def ask(start: str, step: str, write: bool) -> None:
            for row in range(self.shape.height):
                line = b.add(b.mul(b.add(top, row), step), column)
                for v in range(2):
                    f.fetch(f.at(start, b.add(line, v * self.shape.lanes)), write)

        ask(f.address("out"), f.word("out_lead"), True)
        added = f.address("added")
        f.when(b.value(f"icmp ne ptr {added}, null"), lambda: ask(added, f.word("added_lead"), False))

    def _find_rows(self, source: str, top: Index, rows: Index) -> None:
        """Where the rows of a block begin; those after the last one are the last one again."""
        b, f = self.b, self.f
        line, jump, lines, image_jump = [f.word(name) for name in ("line", "line_jump", "lines", "image_jump")]
        whole, within = b.divide(top, line)
        image, of_image = b.divide(whole, lines)
        offset, in_line, in_image = b.stack("i64"), b.stack("i64"), b.stack("i64")
        jumps = b.add(b.mul(whole, jump), b.mul(image, image_jump))
        b.store("i64", b.add(b.mul(top, self.x_lead), jumps), offset)
        b.store("i64", within, in_line)
        b.store("i64", of_image, in_image)

        def find(index: Index) -> None:
            b.store("ptr", f.at(source, b.load("i64", offset)), b.at("ptr", self.starts, index))
            more = b.value(f"icmp slt i64 {b.add(index, 1)}, {rows}")

            def advance() -> None:
                b.store("i64", b.add(b.load("i64", offset), self.x_lead), offset)
                after = b.add(b.load("i64", in_line), 1)
                b.store("i64", after, in_line)
                f.when(b.value(f"icmp eq i64 {after}, {line}"), next_line)

            def next_line() -> None:
                b.store("i64", 0, in_line)
                b.store("i64", b.add(b.load("i64", offset), jump), offset)
                after = b.add(b.load("i64", in_image), 1)
                b.store("i64", after, in_image)
                f.when(b.value(f"icmp eq i64 {after}, {lines}"), next_image)

            def next_image() -> None:
                b.store("i64", 0, in_image)
                b.store("i64", b.add(b.load("i64", offset), image_jump), offset)

            f.when(more, advance)

        f.loop(self.shape.height, find)


def _part(shape: Shape) -> str:
    """Computes some rows and panels of a product."""
    return _Part(shape).b.text()


def _whole(shape: Shape) -> str:
    """Shares a product between threads, in groups of rows and of panels."""
    f = VectorFunction(f"define void @ag_product_{shape.letter}(ptr %words) nounwind", shape)
    b = f.b
    rows, columns = f.word("rows"), f.word("columns")
    panels, blocks = b.divide_up(columns, shape.width), b.divide_up(rows, shape.height)
    work = b.product([rows, columns, f.word("inner"), f.word("segments")])
    threads = b.value("call i64 @ag_threads()")
    alone = b.value(f"icmp slt i64 {work}, {LEAST_PRODUCTS}")
    single = b.value(f"icmp eq i64 {threads}, 1")

    def share() -> None:
        wanted = b.mul(threads, PIECES)
        tall = b.value(f"icmp sge i64 {rows}, {b.mul(columns, 4)}")
        # Each group of rows packs its panels anew: long ones do where there are many, else few groups.
        least = b.value(f"select i1 {tall}, i64 16, i64 4")
        most = b.extremum("max", b.divide(blocks, least)[0], 1)
        first = b.extremum("min", most, wanted)
        by_rows = b.divide_up(wanted, first)
        by_panels = b.extremum("min", panels, wanted)
        second = b.extremum("min", most, b.divide_up(wanted, by_panels))
        groups = [
            b.value(f"select i1 {tall}, i64 {first}, i64 {second}"),
            b.value(f"select i1 {tall}, i64 {b.extremum('min', by_rows, panels)}, i64 {by_panels}"),
        ]
        lengths = [b.divide_up(size, count) for size, count in zip((blocks, panels), groups, strict=True)]
        counts = [b.divide_up(size, length) for size, length in zip((blocks, panels), lengths, strict=True)]
        told = b.stack("i64", 4)
        b.store("ptr", "%words", told)
        for place, text in enumerate((*lengths, counts[1])):
            b.store("i64", text, b.at("i64", told, place + 1))
        count = b.mul(*counts)
        task = part_name(shape, "pieces")
        b.value(f"call i64 @ag_split(ptr {task}, ptr {told}, i64 {count}, i64 {threads}, ptr null)")

    def run() -> None:
        b.line(f"call void {part_name(shape, 'part')}(ptr %words, i64 0, i64 {rows}, i64 0, i64 {panels})")

    b.either(b.value(f"or i1 {alone}, {single}"), run, share)
    b.line("ret void")
    return b.text()


def _pieces(shape: Shape) -> str:
    """A task of the pool: some groups of rows and panels."""
    header = f"define internal void {part_name(shape, 'pieces')}(ptr %told, i64 %from, i64 %to, i64 %worker) nounwind"
    f = VectorFunction(header, shape)
    b = f.b
    b.line("%words = load ptr, ptr %told")
    rows, columns = f.word("rows"), f.word("columns")
    panels = b.divide_up(columns, shape.width)
    blocks, wide, across = [b.load("i64", b.at("i64", "%told", place)) for place in (1, 2, 3)]
    height = b.mul(blocks, shape.height)

    def piece(number: Index) -> None:
        down, along = b.divide(b.add("%from", number), across)
        low, panel = b.mul(down, height), b.mul(along, wide)
        high, end = b.extremum("min", b.add(low, height), rows), b.extremum("min", b.add(panel, wide), panels)
        arguments = f"i64 {low}, i64 {high}, i64 {panel}, i64 {end}"
        b.line(f"call void {part_name(shape, 'part')}(ptr %words, {arguments})")

    f.loop(b.sub("%to", "%from"), piece)
    b.line("ret void")
    return b.text()


def product_text(features: Mapping[str, bool], letter: str) -> str:
    """Defines `ag_product_s` or `ag_product_d` for a processor with these features."""
    (shape,) = [shape for shape in shapes(features) if shape.letter == letter]
    blocks = [_block(shape, turned, vectors) for turned in (False, True) for vectors in (1, 2)]
    others = [
        _finish(shape),
        pack_text(shape),
        pack_turned_text(shape),
        _Part(shape).b.text(),
        _pieces(shape),
        _whole(shape),
    ]
    return "\n\n".join([declarations(shape), *blocks, *others])
