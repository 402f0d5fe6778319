"""Places boxes in layers, each below what it uses, and frames within their boxes."""

from __future__ import annotations

from collections import defaultdict

from autograph.cli.drawing import Box, Drawing, Frame

CHAR, LINE, PAD = 7.3, 16.0, 9.0
_ACROSS, _DOWN = 22.0, 34.0

_Uses = dict[Box, list[Box]]


def place(drawing: Drawing) -> None:
    """Gives all boxes and frames of a drawing their sizes and positions, in pixels from the top left corner."""
    uses: _Uses = defaultdict(list)
    for source, target in drawing.arrows:
        while target.frame is not source.frame:  # a value is used in its own region, or in one within a later box
            owner = target.frame.owner
            assert owner is not None
            target = owner
        if source not in uses[target]:
            uses[target].append(source)
    _frame(drawing.root, uses)
    _shift(drawing.root, PAD, PAD)


def _frame(frame: Frame, uses: _Uses) -> None:
    for box in frame.boxes:
        _size(box, uses)
    y = LINE + PAD
    for layer in _layers(frame, uses):
        _row(layer, uses)
        height = max(box.height for box in layer)
        for box in layer:
            box.y = y
        y += height + _DOWN
    left = min((box.x for box in frame.boxes), default=0.0)
    for box in frame.boxes:
        box.x += PAD - left
    right = max((box.x + box.width for box in frame.boxes), default=0.0)
    frame.width = max(right + PAD, len(frame.title) * CHAR + 2 * PAD)
    frame.height = y - _DOWN + PAD if frame.boxes else LINE + 2 * PAD


def _size(box: Box, uses: _Uses) -> None:
    box.width = max(len(line) for line in box.lines) * CHAR + 2 * PAD
    box.height = len(box.lines) * LINE + 2 * PAD - 4
    if not box.frames:
        return
    x, top = PAD, box.height
    for frame in box.frames:
        _frame(frame, uses)
        frame.x, frame.y = x, top
        x += frame.width + PAD
    box.width = max(box.width, x)
    box.height = top + max(frame.height for frame in box.frames) + PAD


def _layers(frame: Frame, uses: _Uses) -> list[list[Box]]:
    """The boxes by how many others lie above them; the graph's order has users after what they use."""
    depth: dict[Box, int] = {}
    for box in frame.boxes:
        depth[box] = max((depth[used] + 1 for used in uses[box]), default=0)
    last = max(depth.values(), default=0)
    for box in frame.boxes:
        if box.kind == "output":
            depth[box] = last if depth[box] == last else last + 1
    layers: dict[int, list[Box]] = defaultdict(list)
    for box in frame.boxes:
        layers[depth[box]].append(box)
    return [layers[key] for key in sorted(layers)]


def _row(layer: list[Box], uses: _Uses) -> None:
    """Puts a layer's boxes side by side, near the middle of what they use."""
    wanted = {box: _middle(uses[box], index) for index, box in enumerate(layer)}
    layer.sort(key=lambda box: wanted[box])
    edge = float("-inf")
    for box in layer:
        box.x = max(wanted[box] - box.width / 2, edge)
        edge = box.x + box.width + _ACROSS
    surplus = sum(box.x + box.width / 2 - wanted[box] for box in layer) / len(layer)
    for box in layer:
        box.x -= surplus


def _middle(used: list[Box], index: int) -> float:
    if not used:
        return index * 120.0
    return sum(box.x + box.width / 2 for box in used) / len(used)


def _shift(frame: Frame, dx: float, dy: float) -> None:
    """Makes positions within a frame positions on the page."""
    frame.x += dx
    frame.y += dy
    for box in frame.boxes:
        box.x += frame.x
        box.y += frame.y
        for inner in box.frames:
            _shift(inner, box.x, box.y)
