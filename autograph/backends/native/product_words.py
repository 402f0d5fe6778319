"""How a matrix product is told to its kernel: one word after another."""

from __future__ import annotations

# The words that tell a product, by name.
#   x, y, out: addresses
#   x_lead, y_lead, out_lead: distances of rows, in elements
#   x_turned, y_turned: 1 where the transpose is meant
#   rows, columns, inner: sizes; `inner` is that of one segment
#   segments, segment_step: the products of a row come in segments so far apart in `x` (1 where they are in one piece)
#   line, line_jump, lines, image_jump: after so many rows `x` goes on farther by a jump, after so many lines by another
#   added, added_lead: the address of what the sums are added to, 0 for nothing, and the distance of its rows
#   alpha: the bits of a double
WORDS = (
    "x", "y", "out", "x_lead", "y_lead", "out_lead", "x_turned", "y_turned", "rows", "columns", "inner", "segments",
    "segment_step", "line", "line_jump", "lines", "image_jump", "added", "added_lead", "alpha",
)  # fmt: skip
AT = {name: place for place, name in enumerate(WORDS)}
