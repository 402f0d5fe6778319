"""`x[key]` and writing at a key: keys become formulas for the indices of elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.values import Array, Lazy, Scalar
from autograph.backends.native.views import At, moves_natively, tensor_type
from autograph.ops.keys import Hole, Key, Part, Slice, expanded, indexed_shape
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.sizes import broadcast
from autograph.runtime.types import TensorType

_ALL = Slice(None, None, None)


class Places:
    """Where the elements at a key lie in the tensor.

    Args:
        lower: the function being written.
        x: the tensor's type.
        key: the key; no mask.
        holes: the index tensors.
    """

    def __init__(self, lower: Lowering, x: TensorType, key: Key, holes: Sequence[Value]) -> None:
        self.lower = lower
        self.parts = [part for part in expanded(key, x.rank) if part is not None]
        self.news = [part is None for part in expanded(key, x.rank)]
        self.sizes = lower.sizes(x)
        self.holes = list(holes)
        self.advanced: tuple[Dim, ...] = broadcast(*[tensor_type(hole).shape for hole in holes]) if holes else ()
        self.starts = [
            _start(lower, part, size) if isinstance(part, Slice) else 0
            for part, size in zip(self.parts, self.sizes, strict=True)
        ]
        self.first = self._first_advanced(key, x.rank)

    def _first_advanced(self, key: Key, rank: int) -> int:
        """The output axis at which the axes of index tensors stand (0 where they are apart in the key)."""
        if not self.holes:
            return 0
        axis, place, last = 0, -1, -2
        for position, part in enumerate(expanded(key, rank)):
            if part is None or isinstance(part, Slice):
                axis += 1
                continue
            if place >= 0 and position != last + 1:
                return 0
            place = axis if place < 0 else place
            last = position
        return place

    def indices(self, at: At) -> At:
        """The indices in the tensor of the element at some indices of the result."""
        b, count = self.lower.b, len(self.advanced)
        advanced = at[self.first : self.first + count]
        basic = iter([*at[: self.first], *at[self.first + count :]] if self.holes else at)
        found: list[Index] = []
        parts, holes = iter(zip(self.parts, self.sizes, self.starts, strict=True)), iter(self.holes)
        for new in self.news:
            if new:
                next(basic)
                continue
            part, size, start = next(parts)
            if isinstance(part, Slice):
                step = 1 if part.step is None else part.step
                found.append(b.add(start, b.mul(next(basic), step)))
            elif isinstance(part, Hole):
                found.append(self._hole(next(holes), advanced, size))
            else:
                assert isinstance(part, int)
                found.append(part if part >= 0 else b.add(size, part))
        return found

    def _hole(self, hole: Value, advanced: At, size: Index) -> Index:
        b, shape = self.lower.b, tensor_type(hole).shape
        skipped = len(self.advanced) - len(shape)
        pairs = zip(advanced[skipped:], shape, self.advanced[skipped:], strict=True)
        at: list[Index] = [0 if dim == 1 and wanted != 1 else index for index, dim, wanted in pairs]
        index = convert(b, tensor_type(hole).dtype, int64, self.lower.element(hole, at))
        if tensor_type(hole).dtype.kind == "uint":
            return index
        below = b.value(f"icmp slt i64 {index}, 0")
        return b.value(f"select i1 {below}, i64 {b.value(f'add i64 {index}, {size}')}, i64 {index}")


def _start(lower: Lowering, part: Slice, size: Index) -> Index:
    """The first index of a slice, as `slice.indices` gives it."""
    b, forward = lower.b, part.step is None or part.step > 0
    low: Index = 0 if forward else -1
    high = size if forward else b.sub(size, 1)
    if part.start is None:
        return low if forward else high
    start = lower.size(part.start)
    if isinstance(start, int) and start < 0:
        start = b.add(size, start)
    return b.extremum("max", b.extremum("min", start, high), low)


def _has_mask(key: Key) -> bool:
    return any(isinstance(part, Hole) and part.mask for part in key)


@rule("getitem")
def _getitem(lower: Lowering, node: Node) -> bool:
    x, *holes = node.inputs
    (output,), key = node.outputs, node.attrs["key"]
    type_ = tensor_type(output)
    if _has_mask(key) or not moves_natively(x) or not all(map(moves_natively, holes)):
        return False
    if not tensor_type(x).shape:
        return False
    places = Places(lower, tensor_type(x), key, holes)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, lower.element(x, places.indices([])))
        return True
    if _is_run(places.parts, holes) and not any(places.news) and isinstance(lower.values[x], Array):
        return _run(lower, node, places)
    weight = lower.weight(x) + sum(lower.weight(hole) + 1 for hole in holes)
    sizes = lower.sizes(type_)
    lower.values[output] = Lazy(type_.dtype, sizes, lambda at: lower.element(x, places.indices(at)), None, weight)
    return True


def _is_run(parts: Sequence[Part], holes: Sequence[Value]) -> bool:
    """Whether a key takes one run of elements: numbers, then a slice of step 1, then whole axes."""
    rest = list(parts)
    while rest and (isinstance(rest[0], int | Hole)):
        rest.pop(0)
    if any(tensor_type(hole).shape for hole in holes):
        return False
    if rest and isinstance(rest[0], Slice) and rest[0].step in (None, 1):
        rest.pop(0)
    return all(part == _ALL for part in rest)


def _run(lower: Lowering, node: Node, places: Places) -> bool:
    source = lower.values[node.inputs[0]]
    type_ = tensor_type(node.outputs[0])
    assert isinstance(source, Array)
    first = places.indices([0] * len(type_.shape))
    pointer = lower.b.at(layout.memory(type_.dtype), source.pointer, lower.linear(first, source.sizes))
    lower.values[node.outputs[0]] = Array(type_.dtype, pointer, lower.sizes(type_))
    return True


def _write(lower: Lowering, node: Node, put: Callable[[str, str], str]) -> bool:
    x, value, *holes = node.inputs
    (output,), key = node.outputs, node.attrs["key"]
    type_ = tensor_type(output)
    if _has_mask(key) or not all(map(moves_natively, node.inputs)) or not type_.shape:
        return False
    b, dtype = lower.b, type_.dtype
    if not isinstance(lower.values[value], Scalar):
        lower.array(value)
    places = Places(lower, type_, key, holes)
    source = lower.values[x]
    made = lower.fresh(output, type_, lower.sizes(type_))
    if isinstance(source, Lazy):
        lower.fill(source, made.pointer)
    else:
        assert isinstance(source, Array)
        b.copy(made.pointer, source.pointer, lower.bytes(dtype, made.sizes))
    shape = indexed_shape(type_.shape, key, [tensor_type(hole).shape for hole in holes], ())
    given = tensor_type(value)

    def write(at: At) -> None:
        place = b.at(layout.memory(dtype), made.pointer, lower.linear(places.indices(at), made.sizes))
        item = convert(b, given.dtype, dtype, lower.element(value, _given_indices(at, given.shape, shape)))
        layout.store(b, dtype, put(place, item), place)

    lower.nest([lower.size(dim) for dim in shape], write)
    return True


def _given_indices(at: At, given: Sequence[Dim], shape: Sequence[Dim]) -> At:
    """The indices of the value that is written at some indices of its place."""
    extra = len(given) - len(shape)
    if extra > 0:  # leading axes of size 1
        return [0] * extra + list(_given_indices(at, given[extra:], shape))
    pairs = zip(at[-extra:] if extra else at, given, shape[-extra:] if extra else shape, strict=True)
    return [0 if dim == 1 and wanted != 1 else index for index, dim, wanted in pairs]


@rule("setitem")
def _setitem(lower: Lowering, node: Node) -> bool:
    return _write(lower, node, lambda place, item: item)


@rule("index_add")
def _index_add(lower: Lowering, node: Node) -> bool:
    dtype = tensor_type(node.outputs[0]).dtype
    if not layout.in_register(dtype) or dtype.is_bool:
        return False
    sign = "fadd" if dtype.is_floating else "add"

    def put(place: str, item: str) -> str:
        return lower.b.value(f"{sign} {layout.register(dtype)} {layout.load(lower.b, dtype, place)}, {item}")

    return _write(lower, node, put)


ELEMENT_USERS |= {"getitem", "setitem", "index_add"}
