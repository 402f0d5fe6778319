"""`x[key]` and writing at a key: keys become formulas for the indices of elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.masked_indexing import has_mask, read_masked, write_masked
from autograph.backends.native.values import Array, Lazy, Scalar
from autograph.backends.native.views import At, tensor_type
from autograph.ops.keys import Hole, Key, Part, Slice, expanded, indexed_shape
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.sizes import broadcast
from autograph.runtime.types import TensorType
from autograph.transforms.passes.chain_parts import is_zeros

_ALL = Slice(None, None, None)
# What writing at an index costs, in additions: a place that is in no cache.
_SCATTERED = 16


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


@rule("getitem")
def _getitem(lower: Lowering, node: Node) -> bool:
    x, *holes = node.inputs
    (output,), key = node.outputs, node.attrs["key"]
    type_ = tensor_type(output)
    if not tensor_type(x).shape:
        return False
    if has_mask(key):
        return read_masked(lower, node)
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
    """Writes at a key; `put` gives what is stored, from what was there and what is given."""
    _, value, *holes = node.inputs
    (output,), key = node.outputs, node.attrs["key"]
    type_ = tensor_type(output)
    if not type_.shape:
        return False
    if has_mask(key):
        return write_masked(lower, node, lambda: _written(lower, node), put)
    b, dtype = lower.b, type_.dtype
    shape = indexed_shape(type_.shape, key, [tensor_type(hole).shape for hole in holes], ())
    given = tensor_type(value)
    if not isinstance(lower.values[value], Scalar) and (holes or given.shape != shape):
        lower.array(value)
    places = Places(lower, type_, key, holes)
    made = _written(lower, node)
    # Slices meet each place once, so that trips of the loop do not depend on each other.
    group, again = ("", "") if holes else lower.module.parallel_loop()

    def write(at: At) -> None:
        place = b.at(layout.memory(dtype), made.pointer, lower.linear(places.indices(at), made.sizes))
        item = convert(b, given.dtype, dtype, lower.element(value, _given_indices(at, given.shape, shape)))
        layout.store(b, dtype, put(layout.load(b, dtype, place), item), place, group)

    sizes = [lower.size(dim) for dim in shape]
    if holes:
        lower.sweep_all(sizes, lower.weight(value) + _SCATTERED, write)
    else:
        lower.spread(sizes, lower.weight(value), write, again)
    return True


def _written(lower: Lowering, node: Node) -> Array:
    """The tensor that is written into: the operand's memory, where nothing else reads it, or a copy."""
    x, (output,) = node.inputs[0], node.outputs
    type_, source = tensor_type(output), lower.values[x]
    if isinstance(source, Array) and lower.may_overwrite(x, node):
        lower.replace(output, source)
        return source
    made = lower.fresh(output, type_, lower.sizes(type_))
    if isinstance(source, Lazy):
        if not _is_covered(lower, node):
            lower.fill(source, made.pointer)
    else:
        assert isinstance(source, Array)
        lower.b.copy(made.pointer, source.pointer, lower.bytes(type_.dtype, made.sizes))
    return made


def _is_covered(lower: Lowering, node: Node) -> bool:
    """Whether additions to zeros, of which this is one, write each element exactly once."""
    chain = _chain(lower, node)
    shape = tensor_type(node.outputs[0]).shape
    keys = [expanded(each.attrs["key"], len(shape)) for each in chain]
    if not is_zeros(chain[0].inputs[0]) or any(len(key) != len(shape) for key in keys):
        return False
    axes = [axis for axis in range(len(shape)) if any(key[axis] != _ALL for key in keys)]
    return len(axes) == 1 and _covers([key[axes[0]] for key in keys], shape[axes[0]])


def _chain(lower: Lowering, node: Node) -> list[Node]:
    """Additions of parts, one after another, of which this is one."""
    chain = [node]
    while _continues(lower, chain[0].inputs[0].node, chain[0]):
        assert chain[0].inputs[0].node is not None
        chain.insert(0, chain[0].inputs[0].node)
    while (users := lower.users(chain[-1].outputs[0])) and _continues(lower, chain[-1], users[0][1]):
        assert users[0][1] is not None
        chain.append(users[0][1])
    return chain


def _write_together(lower: Lowering, node: Node) -> bool:
    """Writes all parts that together are a tensor in one loop, if this is the first of them and they are alike."""
    chain = _chain(lower, node)
    type_ = tensor_type(node.outputs[0])
    values = [each.inputs[1] for each in chain]
    shapes = {tensor_type(value).shape for value in values}
    known = all(value in lower.values for value in values)
    alike = len(shapes) == 1 and all(tensor_type(value).dtype is type_.dtype for value in values)
    if chain[0] is not node or len(chain) == 1 or not known or not alike or not _is_covered(lower, node):
        return False
    (shape,) = shapes
    if any(indexed_shape(type_.shape, each.attrs["key"], [], ()) != shape for each in chain):
        return False
    b, dtype = lower.b, type_.dtype
    made = lower.fresh(chain[-1].outputs[0], type_, lower.sizes(type_))
    for each in chain[1:]:
        lower.skip(each)
    places = [Places(lower, type_, each.attrs["key"], []) for each in chain]
    group, again = lower.module.parallel_loop()

    def write(at: At) -> None:
        items = [lower.element(value, at) for value in values]
        for item, place in zip(items, places, strict=True):
            target = b.at(layout.memory(dtype), made.pointer, lower.linear(place.indices(at), made.sizes))
            layout.store(b, dtype, item, target, group)

    lower.spread([lower.size(dim) for dim in shape], sum(map(lower.weight, values)), write, again)
    return True


def _continues(lower: Lowering, first: Node | None, then: Node | None) -> bool:
    """Whether a node is the only one to use another, and both add parts at slices."""
    if first is None or then is None or first.region is not then.region:
        return False
    alone = len(lower.users(first.outputs[0])) == 1 and first.outputs[0] is then.inputs[0]
    return alone and all(each.op.name == "index_add" and len(each.inputs) == 2 for each in (first, then))


def _covers(parts: Sequence[Part], size: Dim) -> bool:
    """Whether slices of an axis meet each of its elements exactly once."""
    found: list[int] = []
    for part in parts:
        known = isinstance(part, Slice) and all(dim is None or isinstance(dim, int) for dim in (part.start, part.stop))
        if not known or not isinstance(size, int):
            return False
        assert isinstance(part, Slice)
        found += range(size)[slice(part.start, part.stop, part.step)]
    return sorted(found) == list(range(size)) if isinstance(size, int) else False


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
    if not node.inputs[2:] and _write_together(lower, node):
        return True
    zero = layout.constant(0, dtype) if not node.inputs[2:] and _is_covered(lower, node) else None

    def put(before: str, item: str) -> str:
        before = before if zero is None else zero
        return EMIT["add"][0](lower.b, dtype, before, item)

    return _write(lower, node, put)


ELEMENT_USERS |= {"getitem", "setitem", "index_add"}
