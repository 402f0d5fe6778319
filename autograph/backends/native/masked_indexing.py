"""`x[mask]` and writing at a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert, select, truth
from autograph.backends.native.builder import Index
from autograph.backends.native.host_ops import fail_as_host
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.masks import true_places
from autograph.backends.native.values import Array, Lazy
from autograph.backends.native.views import At, tensor_type
from autograph.ops.keys import Hole, Key
from autograph.runtime.dims import Dim, known_equal
from autograph.runtime.ir import Node, Value

# What writing a chosen element costs, in additions.
_WEIGHT = 8

Put = Callable[[str, str], str]


def has_mask(key: Key) -> bool:
    """Whether a key is a mask, perhaps behind and before whole axes."""
    return any(isinstance(part, Hole) and part.mask for part in key)


class _Masked:
    """Where the elements at a mask lie: the axes before those of the mask, the chosen places, the axes after them."""

    def __init__(self, lower: Lowering, x: Value, mask: Value, key: Key) -> None:
        self.lower, self.mask = lower, mask
        self.axis = next(place for place, part in enumerate(key) if isinstance(part, Hole))
        self.count = tensor_type(mask).rank
        sizes = lower.sizes(x.type)
        self.before, self.after = sizes[: self.axis], sizes[self.axis + self.count :]
        self._all = lower.b.product(sizes[self.axis : self.axis + self.count])
        self.shape = self._around(tensor_type(x).shape)

    def _around(self, sizes: Sequence[Dim]) -> list[Dim | None]:
        return [*sizes[: self.axis], None, *sizes[self.axis + self.count :]]

    def count_places(self) -> list[Index]:
        """Finds the chosen places; gives the sizes of what is chosen."""
        self._found, size = true_places(self.lower, self.mask)
        return [*self.before, size, *self.after]

    def place(self, at: At) -> Index:
        """The place in row-major order of a chosen element."""
        b, lower = self.lower.b, self.lower
        chosen = b.load("i64", b.at("i64", self._found, at[self.axis]))
        outer = b.add(b.mul(lower.linear(at[: self.axis], self.before), self._all), chosen)
        inner = lower.linear(at[self.axis + 1 :], self.after)
        return b.add(b.mul(outer, b.product(list(self.after))), inner)

    def fits(self, given: Sequence[Dim]) -> bool:
        """Whether a value's sizes fit for sure, but for the number of chosen elements."""
        pairs = zip(reversed(given), reversed(self.shape), strict=False)
        return len(given) <= len(self.shape) and all(
            wanted is None or dim == 1 or known_equal(dim, wanted) is True for dim, wanted in pairs
        )

    def is_alike(self, given: Sequence[Dim]) -> bool:
        """Whether a value is the same for all chosen places."""
        place = len(given) - (len(self.shape) - self.axis)
        return place < 0 or given[place] == 1


def read_masked(lower: Lowering, node: Node) -> bool:
    """Writes `x[mask]`."""
    (x, mask), (output,) = node.inputs, node.outputs
    masked = _Masked(lower, x, mask, node.attrs["key"])
    if not lower.has_flat(x):
        lower.array(x)
    sizes = masked.count_places()
    dtype, weight = tensor_type(output).dtype, lower.weight(x) + 1
    lower.values[output] = Lazy(dtype, sizes, lambda at: lower.flat_element(x, masked.place(at)), None, weight)
    return True


def write_masked(lower: Lowering, node: Node, target: Callable[[], Array], put: Put) -> bool:
    """Writes a value at a mask.

    Args:
        lower: the function being written.
        node: the node.
        target: gives the tensor that is written into.
        put: what is stored, from what was there and what is given.
    """
    x, value, mask = node.inputs
    masked = _Masked(lower, x, mask, node.attrs["key"])
    given = tensor_type(value).shape
    if not masked.fits(given):
        return False
    if masked.is_alike(given):
        _choose(lower, node, masked, put)
    else:
        _scatter(lower, node, masked, target, put)
    return True


def _item(lower: Lowering, node: Node, at: At) -> str:
    """The value's element for a chosen element at some indices."""
    value, dtype = node.inputs[1], tensor_type(node.outputs[0]).dtype
    shape = tensor_type(value).shape
    places = [0 if dim == 1 else index for dim, index in zip(shape, at[len(at) - len(shape) :], strict=True)]
    return convert(lower.b, tensor_type(value).dtype, dtype, lower.element(value, places))


def _choose(lower: Lowering, node: Node, masked: _Masked, put: Put) -> None:
    """Each element is the old one, or what is written."""
    x, value, mask = node.inputs
    b, type_ = lower.b, tensor_type(node.outputs[0])
    axis, count = masked.axis, masked.count
    for operand in (value, mask):
        if tensor_type(operand).shape and tensor_type(operand).shape != type_.shape:
            lower.array(operand)  # each element is used more than once

    def element(at: At) -> str:
        chosen = truth(b, tensor_type(mask).dtype, lower.element(mask, at[axis : axis + count]))
        before = lower.element(x, at)
        after = put(before, _item(lower, node, [*at[:axis], 0, *at[axis + count :]]))
        return select(b, chosen, layout.register(type_.dtype), after, before)

    weight = sum(map(lower.weight, (x, value, mask))) + 2
    lower.values[node.outputs[0]] = Lazy(type_.dtype, lower.sizes(type_), element, None, weight)


def _scatter(lower: Lowering, node: Node, masked: _Masked, target: Callable[[], Array], put: Put) -> None:
    b, value, dtype = lower.b, node.inputs[1], tensor_type(node.outputs[0]).dtype
    array = lower.array(value)
    sizes = masked.count_places()
    own = array.sizes[len(array.sizes) - len(sizes) + masked.axis]
    single = b.value(f"icmp eq i64 {own}, 1")
    fits = b.value(f"or i1 {single}, {b.value(f'icmp eq i64 {own}, {sizes[masked.axis]}')}")
    fail_as_host(lower, node, b.value(f"xor i1 {fits}, true"))
    made = target()

    def write(at: At) -> None:
        chosen = b.value(f"select i1 {single}, i64 0, i64 {at[masked.axis]}")
        item = _item(lower, node, [*at[: masked.axis], chosen, *at[masked.axis + 1 :]])
        place = b.at(layout.memory(dtype), made.pointer, masked.place(at))
        layout.store(b, dtype, put(layout.load(b, dtype, place), item), place)

    lower.sweep_all(sizes, _WEIGHT, write)
