"""Calls of the product kernel: `out = alpha x y`, added to what is given, in one call."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from autograph.backends.native.blas import Matrix
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.module import Module
from autograph.backends.native.product_words import AT, WORDS
from autograph.runtime.dtypes import DType

_NEVER = 1 << 40
_ONE = struct.unpack("q", struct.pack("d", 1.0))[0]


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of `x` that do not lie at one distance, and products that do not: places and taps of a convolution.

    Attributes:
        segments: how many pieces the products of a row come in.
        segment_step: how far apart these are, in elements.
        line: rows after which there is a jump.
        line_jump: how far, besides the distance of rows.
        lines: lines after which there is another jump.
        image_jump: how far, besides the first.
    """

    segments: Index = 1
    segment_step: Index = 0
    line: Index = _NEVER
    line_jump: Index = 0
    lines: Index = _NEVER
    image_jump: Index = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of the sums of products.

    Attributes:
        alpha: the bits of the double that they are multiplied by first.
        added: what they are then added to, which may be where they go.
    """

    alpha: Index = _ONE
    added: Matrix | None = None


def multiply(
    module: Module,
    b: Builder,
    dtype: DType,
    x: Matrix,
    y: Matrix,
    out: Matrix,
    sizes: tuple[Index, ...],
    ending: Ending | None = None,
    lines: Lines | None = None,
) -> None:
    """Writes a product, which runs on several threads where it is large and no task of them runs it.

    Args:
        module: the unit.
        b: the text.
        dtype: of the elements, float32 or float64.
        x: rows × inner.
        y: inner × columns.
        out: rows × columns, not transposed; it shares no memory with the others.
        sizes: rows, columns, inner (of one segment).
        ending: what becomes of the sums.
        lines: how rows of `x` lie where they do not lie at one distance.
    """
    ending, lines = ending or Ending(), lines or Lines()
    rows, columns, inner = sizes
    letter = "s" if dtype.bits == 32 else "d"
    module.declare(f"ag_product_{letter}", f"declare void @ag_product_{letter}(ptr) nounwind")
    words = b.stack("i64", len(WORDS))
    told: dict[str, Index] = {
        "x": x.pointer, "y": y.pointer, "out": out.pointer,
        "x_lead": x.lead, "y_lead": y.lead, "out_lead": out.lead,
        "x_turned": int(x.transposed), "y_turned": int(y.transposed),
        "rows": rows, "columns": columns, "inner": inner,
        "segments": lines.segments, "segment_step": lines.segment_step,
        "line": lines.line, "line_jump": lines.line_jump, "lines": lines.lines, "image_jump": lines.image_jump,
        "added": ending.added.pointer if ending.added else 0, "added_lead": ending.added.lead if ending.added else 0,
        "alpha": ending.alpha,
    }  # fmt: skip
    for name, value in told.items():
        is_address = name in ("x", "y", "out", "added") and value != 0
        b.store("ptr" if is_address else "i64", value, b.at("i64", words, AT[name]))
    b.line(f"call void @ag_product_{letter}(ptr {words})")
