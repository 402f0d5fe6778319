"""Which symbolic sizes of a part of a graph may be padded, and what its ops need then.

Padding lies behind the values of an axis and may hold anything. An op may read it where what it makes of it is
padding again. Where it would mix padding with values, the padding of its operands is filled first, with what changes
nothing: zeros before a sum, the lowest number before a maximum. A size is padded only if that is known of each op that
meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograph.backends.xla.attributes import attribute_symbols
from autograph.backends.xla.plan import Segment
from autograph.ops.keys import Hole, Slice, expanded
from autograph.runtime.dims import Dim, SymbolicDim, substitute, symbols_of
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import Kind
from autograph.runtime.types import ListType, TensorType, Type


@dataclass(frozen=True)
class Fill:
    """What stands in the padding of an operand before an op reads it.

    Attributes:
        operand: its place.
        axes: its padded axes.
        content: "zero", "one", "lowest", "highest"; or "wrapped": the operand is an index into a padded axis of size
            `size`, and negative ones count from the end of the values.
        size: see above.
    """

    operand: int
    axes: tuple[int, ...]
    content: str
    size: Dim = 0


@dataclass
class Padding:
    """What may be padded in a segment.

    Attributes:
        symbols: the sizes.
        fills: what ops need.
        reasons: for each other size, what keeps it from being padded.
    """

    symbols: tuple[str, ...] = ()
    fills: dict[Node, list[Fill]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


class PaddingError(Exception):
    """A padded size meets one that is not, which the graph checks to be equal; the text says where."""


def described(node: Node) -> str:
    """A node, for the user."""
    return node.op.name if node.location is None else f"{node.op.name} at line {node.location.line}"


class _Unfit(Exception):
    def __init__(self, symbols: set[str], reason: str) -> None:
        self.symbols, self.reason = symbols, reason


def padding_of(segment: Segment) -> Padding:
    """The sizes of a segment that may be padded."""
    found = Padding()
    open_ = set(segment.symbols)
    while open_:
        check = _Check(open_)
        try:
            for value in (*segment.inputs, *segment.outputs):
                if isinstance(value.type, ListType) and check.mentioned(value.type.element):
                    raise _Unfit(check.mentioned(value.type.element), "a list that comes in or goes out")
            check.block(segment.nodes)
        except _Unfit as unfit:
            found.reasons |= dict.fromkeys(unfit.symbols, unfit.reason)
            open_ -= unfit.symbols
        else:
            found.symbols, found.fills = tuple(sorted(open_)), check.fills
            break
    return found


Rule = Callable[["_Check", Node], Sequence[Fill]]


class _Check:
    """Looks at all nodes with some sizes padded."""

    def __init__(self, symbols: set[str]) -> None:
        self.symbols = symbols
        self.fills: dict[Node, list[Fill]] = {}

    def mentioned(self, type_: Type) -> set[str]:
        """The padded sizes that a type mentions."""
        if isinstance(type_, ListType):
            return self.mentioned(type_.element)
        assert isinstance(type_, TensorType)
        return {name for dim in type_.shape for name in symbols_of(dim)} & self.symbols

    def axes(self, value: Value) -> tuple[int, ...]:
        """The padded axes of a value.

        Raises:
            _Unfit: a size is not a multiple of a padded one, so that padding would not lie behind the values.
        """
        if not isinstance(value.type, TensorType):
            return ()
        found = []
        for axis, dim in enumerate(value.type.shape):
            names = self.symbols.intersection(symbols_of(dim))
            if names and not is_multiple(dim, names):
                raise _Unfit(names, f"a size of {dim}")
            if names:
                found.append(axis)
        return tuple(found)

    def unfit(self, node: Node, dim: Dim = 1) -> _Unfit:
        """The error for a node that mixes padding with values: of a size, or of all that it meets."""
        if self.symbols.intersection(symbols_of(dim)):
            return _Unfit(self.symbols.intersection(symbols_of(dim)), described(node))
        values = [value for value in (*node.inputs, *node.outputs) if not isinstance(value.type, ListType)]
        names = {name for value in values for name in self.mentioned(value.type)}
        names |= {name for attr in node.attrs.values() for name in attribute_symbols(attr)} & self.symbols
        return _Unfit(names or set(self.symbols), described(node))

    def block(self, nodes: Sequence[Node]) -> None:
        """Looks at nodes and those inside them."""
        for node in nodes:
            for inner in node.regions:
                self.block(inner.nodes)
            padded = [self.axes(value) for value in (*node.inputs, *node.outputs)]
            named = any(attribute_symbols(attr) & self.symbols for attr in node.attrs.values())
            if not any(padded) and not named:
                continue
            rule = _RULES.get(node.op.name)
            if rule is None:
                if node.op.kind not in _FREE and node.op.name not in _KEEP:
                    raise self.unfit(node)
                continue
            fills = [fill for fill in rule(self, node) if fill.axes or fill.content == "wrapped"]
            if fills:
                self.fills[node] = fills


def size_of(value: Value, axis: int) -> Dim:
    """The size of a tensor along an axis."""
    assert isinstance(value.type, TensorType)
    return value.type.shape[axis]


def is_multiple(dim: Dim, names: set[str]) -> bool:
    """Whether a size is another size, or a number, times a single one of some symbols."""
    if len(names) != 1 or not isinstance(dim, SymbolicDim):
        return False
    (name,) = names
    one, two = substitute(dim, {name: 2}), substitute(dim, {name: 4})
    if name in symbols_of(one):
        return False
    return bool(two - one == one and substitute(dim, {name: 0}) == 0)


# -- ops --------------------------------------------------------------------------------------------------

# What each element is made of stands at the same place along each axis.
_FREE = (Kind.ELEMENTWISE, Kind.CONTROL)
_KEEP = {
    "constant", "undefined", "full", "iota", "arange", "permute_dims", "broadcast_to", "custom_gradient", "list_new",
    "list_append", "list_unappend", "list_pop", "list_get", "list_set", "list_len", "list_from", "list_zeros_like",
    "list_cast", "list_add", "list_single", "list_add_at", "list_concat", "list_slice", "list_spread", "dimension",
}  # fmt: skip


def _along(fill: str | None) -> Rule:
    """Ops that run along some axes: with what content of their padding they may, None if never."""

    def rule(check: _Check, node: Node) -> Sequence[Fill]:
        wanted = node.attrs.get("axes", node.attrs.get("axis"))
        along = set(wanted if isinstance(wanted, tuple) else (wanted,))
        axes = tuple([axis for axis in check.axes(node.inputs[0]) if axis in along])
        if axes and fill is None:
            raise check.unfit(node, size_of(node.inputs[0], axes[0]))
        return [] if fill in (None, "any") else [Fill(0, axes, str(fill))]

    return rule


def _matmul(check: _Check, node: Node) -> Sequence[Fill]:
    x, y = node.inputs
    assert isinstance(x.type, TensorType)
    assert isinstance(y.type, TensorType)
    inner = ((x.type.rank - 1,), (max(y.type.rank - 2, 0),))
    return [
        Fill(place, tuple([axis for axis in check.axes(value) if axis in axes]), "zero")
        for place, (value, axes) in enumerate(zip((x, y), inner, strict=True))
    ]


def _convolution(check: _Check, node: Node) -> Sequence[Fill]:
    x, kernel = node.inputs
    assert isinstance(x.type, TensorType)
    assert isinstance(kernel.type, TensorType)
    images, weights, rank = set(check.axes(x)), set(check.axes(kernel)), x.type.rank
    inside = range(1, rank - 1)
    if images.intersection(inside) or weights.intersection(range(rank - 2)):
        raise check.unfit(node)
    summed = images & {rank - 1} or weights & {rank - 2}
    if node.attrs["groups"] != 1 and (summed or weights):
        raise check.unfit(node)
    return [Fill(0, (rank - 1,), "zero"), Fill(1, (rank - 2,), "zero")] if summed else []


def _reshape(check: _Check, node: Node) -> Sequence[Fill]:
    """The padded axis stays one axis, with the same number of elements before it."""
    (x,), (out,) = node.inputs, node.outputs
    sides = []
    for value in (x, out):
        axes = check.axes(value)
        assert isinstance(value.type, TensorType)
        if len(axes) != 1:
            raise check.unfit(node)
        before: Dim = 1
        for dim in value.type.shape[: axes[0]]:
            before = before * dim
        sides.append(before)
    if sides[0] != sides[1]:
        raise check.unfit(node)
    return []


def _concat(check: _Check, node: Node) -> Sequence[Fill]:
    for value in node.inputs:
        if node.attrs["axis"] in check.axes(value):
            raise check.unfit(node, size_of(value, node.attrs["axis"]))
    return []


def _index(check: _Check, node: Node, first: int) -> list[Fill]:
    """Reads or writes whole padded axes, or at indices; those are operands from `first` on."""
    x = node.inputs[0]
    assert isinstance(x.type, TensorType)
    padded, parts = check.axes(x), expanded(node.attrs["key"], x.type.rank)
    fills, hole, axis = [], first, 0
    for part in parts:
        if part is None:
            continue
        if isinstance(part, Slice) and attribute_symbols(part) & check.symbols:
            raise check.unfit(node)
        if isinstance(part, Hole):
            if part.mask:
                raise check.unfit(node)
            if axis in padded:
                fills.append(Fill(hole, (), "wrapped", x.type.shape[axis]))
            hole += 1
        elif axis in padded and not (part == Slice(None, None, None) or (isinstance(part, int) and part >= 0)):
            raise check.unfit(node, size_of(x, axis))
        axis += 1
    return fills


def _getitem(check: _Check, node: Node) -> Sequence[Fill]:
    return _index(check, node, 1)


def _index_add(check: _Check, node: Node) -> Sequence[Fill]:
    return [*_index(check, node, 2), Fill(1, check.axes(node.inputs[1]), "zero")]


def _setitem(check: _Check, node: Node) -> Sequence[Fill]:
    """What is written holds no padding, so that none takes the place of a value."""
    holes = any(isinstance(part, Hole) for part in node.attrs["key"])
    if any(check.axes(value) for value in node.inputs[1 if holes else 2 :]):
        raise check.unfit(node)
    return _index(check, node, 2)


def _segment_sum(check: _Check, node: Node) -> Sequence[Fill]:
    return [Fill(0, check.axes(node.inputs[0]), "zero"), Fill(1, check.axes(node.inputs[1]), "zero")]


_RULES: dict[str, Rule] = {
    "sum": _along("zero"), "prod": _along("one"), "max": _along("lowest"), "min": _along("highest"),
    "any": _along("zero"), "all": _along("one"), "argmax": _along("lowest"), "argmin": _along("highest"),
    "cumulative_sum": _along("any"), "cumulative_prod": _along("any"), "recurrence": _along("any"),
    "flip": _along(None), "sort": _along(None), "argsort": _along(None), "slice_axis": _along(None),
    "pad_axis": _along(None), "fft": _along(None), "rfft": _along(None), "irfft": _along(None), "matmul": _matmul,
    "convolution": _convolution, "reshape": _reshape, "concat": _concat, "getitem": _getitem,
    "setitem": _setitem, "index_add": _index_add, "segment_sum": _segment_sum,
}  # fmt: skip
"""What each op needs that meets a padded size; ops that stand nowhere here are not padded."""
