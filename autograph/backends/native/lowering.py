"""Writes the LLVM function of a graph: walks its regions, keeps what each value is, and puts values where they go.

Elements are computed where they are used: a node that only one other needs stays a formula (`Lazy`), which that
other's loop contains. What is needed more than once, or in another region, or by a library, is put into memory.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial

from autograph.backends.native import layout
from autograph.backends.native.arena import Arena
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.kernels import outline_loops
from autograph.backends.native.list_sizes import are_alike, open_sizes
from autograph.backends.native.loops import Loops
from autograph.backends.native.module import Module
from autograph.backends.native.register_bits import bits_of, from_bits
from autograph.backends.native.support import NO_MEMORY
from autograph.backends.native.values import Array, Handle, Items, Lazy, Native, Scalar, Slot
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.dims.polynomial import Atom, Polynomial
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Graph, Node, Region, Value, users_in, walk
from autograph.runtime.op import Kind
from autograph.runtime.types import ListType, RefType, TensorType, Type

# What a formula may cost, in additions, before it is put into memory rather than computed twice.
CHEAP = 2

Rule = Callable[["Lowering", Node], bool]
RULES: dict[str, Rule] = {}
OTHERWISE: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Registers how ops are written; a rule gives False, having written nothing, where the host has to run the op."""

    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def otherwise(*names: str) -> Callable[[Rule], Rule]:
    """Registers how ops are written where their first rule gives False."""

    def register(function: Rule) -> Rule:
        OTHERWISE.update(dict.fromkeys(names, function))
        return function

    return register


class Lowering(Loops):
    """The state of writing one function.

    Attributes:
        b: the text.
        module: the unit that the function belongs to.
        symbols: sizes that are known here, by symbol.
        targets: memory that values are to be written to, given when asked for.
        fail: the block that ends the function with a failure.
    """

    def __init__(self, module: Module, graph: Graph, header: str) -> None:
        super().__init__(module, Builder(header))
        self.graph = graph
        self.values: dict[Value, Native] = {}
        self.symbols: ChainMap[str, Index] = ChainMap()
        self.targets: dict[Value, Callable[[], str]] = {}
        self.fail = "failed"
        self.trips: str | None = None  # where loops count down to the next look at signals
        self.allocates = False  # whether memory is taken whose size only the running function knows
        self._arena = Arena(self.b.label("%pool"))
        self._start = self.b.here()
        self._users = users_in(graph.body)
        # Types of items that some list changes in place.
        changing = [node.outputs[0].type for node in walk(graph.body) if node.op.name in ("list_set", "list_add_at")]
        self._changed = {type_.element for type_ in changing if isinstance(type_, ListType)}
        self._written: set[Node] = set()  # nodes whose work an earlier one does
        self._overwritable: set[Value] = set()  # values whose memory nothing else reads
        self._late: dict[Value, Node] = {}  # nodes that only a failure needs, by what they give

    # -- signals ----------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ends the function where a handler of a signal has raised an exception."""
        self.module.polls = True
        self.fail_if(self.b.value(f"icmp eq i64 {self.b.value(f'call i64 @ag_look(ptr %frame) {NO_MEMORY}')}, 0"))

    def stopping(self) -> Callable[[str], None] | None:
        """What ends the function if threads stop since a signal has come; None where that cannot be done."""
        return None if self.in_loop or self.b.is_inner else self.fail_if

    # -- uses -------------------------------------------------------------------------------------------

    def users(self, value: Value) -> list[tuple[Region, Node | None]]:
        """Where a value is used: regions, and nodes (None for a region's result)."""
        return self._users.get(value, [])

    # -- regions ----------------------------------------------------------------------------------------

    def write(self, region: Region) -> None:
        """Writes a region's nodes here."""
        self._find_late(region)
        for node in region.nodes:
            if node not in self._written and (not node.outputs or node.outputs[0] not in self._late):
                self._write_node(region, node)

    def _write_node(self, region: Region, node: Node) -> None:
        name = node.op.name
        rules = [table[name] for table in (RULES, OTHERWISE) if name in table]
        with self._part(node):
            if not any(written(self, node) for written in rules):
                RULES["*"](self, node)
        for output in node.outputs:
            self.bind(output)
            self._settle(region, output)

    def _part(self, node: Node | None) -> AbstractContextManager[object]:
        """Notes what is written for a node; a part with a clock where the unit has clocks."""
        module = self.module
        if module.marks is None or node is None or self.in_loop or self.b.is_inner:
            return module.listing.writing(node)
        return module.marks.around(self.b, node, module.listing)

    def _find_late(self, region: Region) -> None:
        """Finds the nodes whose values only messages of failures show: they run where a check has failed."""
        for node in reversed(region.nodes):
            users = [user for output in node.outputs for user in self.users(output)]
            if node.op.effects or node.regions or not users:
                continue
            if all(where is region and user is not None and self._is_late(user, node) for where, user in users):
                self._late.update(dict.fromkeys(node.outputs, node))

    def _is_late(self, user: Node, node: Node) -> bool:
        if user.op.name == "check":
            return user.inputs[0] not in node.outputs
        return bool(user.outputs) and user.outputs[0] in self._late

    def skip(self, node: Node) -> None:
        """Lets a later node, whose work is done before, not be written any more."""
        self._written.add(node)

    def only_user(self, value: Value) -> Node | None:
        """The node that alone uses a value, in the same region, if there is such."""
        users = self.users(value)
        same = len(users) == 1 and value.node is not None and users[0][0] is value.node.region
        return users[0][1] if same else None

    def replace(self, value: Value, made: Array) -> None:
        """Gives a value in memory that only it reads from now on."""
        self.values[value] = made
        self._overwritable.add(value)

    def may_overwrite(self, value: Value, node: Node) -> bool:
        """Whether a node, the only user of a value in memory, may put its output there."""
        wanted_elsewhere = any(output in self.targets for output in node.outputs)
        alone = len(self.users(value)) == 1 and value.node is not None and value.node.region is node.region
        return value in self._overwritable and alone and not wanted_elsewhere

    def write_late(self, values: Sequence[Value]) -> None:
        """Writes, where a check has failed, the nodes that give the values of its message."""
        for value in values:
            node = self._late.get(value)
            if node is not None and value not in self.values:
                self.write_late(node.inputs)
                assert node.region is not None
                self._write_node(node.region, node)

    def scoped(self, region: Region) -> None:
        """Writes a region whose sizes are its own."""
        self.symbols = self.symbols.new_child()
        self.write(region)

    def leave(self) -> None:
        """Ends what `scoped` began."""
        self.symbols = self.symbols.parents

    def _settle(self, region: Region, output: Value) -> None:
        """Puts a formula into memory unless its users are better off computing it."""
        native = self.values.get(output)
        if not isinstance(native, Lazy) or self._stays(region, output, native):
            return
        if (flags := self._flags(output)) is not None:
            self.array(flags)
            native.weight = 1
            if self._stays(region, output, native):
                return
        self.array(output)

    def _flags(self, output: Value) -> Value | None:
        """The formula of bools that numbers are made from: in memory they take a fraction of the place."""
        node = output.node
        if node is None or node.op.name != "cast" or not isinstance(self.values[node.inputs[0]], Lazy):
            return None
        type_ = node.inputs[0].type
        return node.inputs[0] if isinstance(type_, TensorType) and type_.dtype.is_bool else None

    def _stays(self, region: Region, output: Value, native: Lazy) -> bool:
        users = self.users(output)
        if any(where is not region for where, _ in users):
            return False
        if native.weight == 0:
            return True
        if not all(node is None or node.op.name in ELEMENT_USERS for _, node in users):
            return False
        if len(users) > 1:
            return native.weight <= CHEAP
        return all(node is None or not _repeats(output, node) for _, node in users)

    # -- sizes ------------------------------------------------------------------------------------------

    def size(self, dim: int | SymbolicDim) -> Index:
        """A size as a number or register."""
        return dim if isinstance(dim, int) else self._polynomial(dim.polynomial)

    def sizes(self, type_: Type) -> list[Index]:
        """A tensor's sizes."""
        assert isinstance(type_, TensorType)
        return [self.size(dim) for dim in type_.shape]

    def _polynomial(self, p: Polynomial) -> Index:
        total: Index = 0
        for monomial, factor in p.terms:
            term: Index = factor
            for atom in monomial:
                term = self.b.mul(term, self._atom(atom))
            total = self.b.add(total, term)
        return total

    def _atom(self, atom: Atom) -> Index:
        if atom.kind == "symbol":
            return self.symbols[atom.name]
        first, *rest = [self._polynomial(arg) for arg in atom.args]
        for other in rest:
            first = (
                self.b.floor_div(first, other) if atom.kind == "floordiv" else self.b.extremum(atom.kind, first, other)
            )
        return first

    def knows(self, type_: Type) -> bool:
        """Whether all of a tensor's sizes can be computed here."""
        assert isinstance(type_, TensorType)
        return all(name in self.symbols for dim in type_.shape for name in symbols_of(dim))

    def bind(self, value: Value) -> None:
        """Takes sizes that are new here from a value whose type mentions them."""
        native = self.values.get(value)
        if isinstance(native, Array | Lazy) and isinstance(value.type, TensorType):
            for dim, size in zip(value.type.shape, native.sizes, strict=True):
                if is_symbol(dim) and symbols_of(dim)[0] not in self.symbols:
                    self.symbols[symbols_of(dim)[0]] = size

    # -- values -----------------------------------------------------------------------------------------

    def scalar(self, value: Value) -> str:
        """The register of a scalar."""
        native = self.values[value]
        assert isinstance(native, Scalar), value
        return native.text

    def array(self, value: Value) -> Array:
        """A tensor in memory; puts it there first if it is a formula."""
        native = self.values[value]
        if isinstance(native, Scalar):
            pointer = self.allocate(layout.item_bytes(native.dtype))
            layout.store(self.b, native.dtype, native.text, pointer)
            return Array(native.dtype, pointer, [])
        if isinstance(native, Lazy):
            made = Array(native.dtype, self.place(value, native), native.sizes)
            with self._part(value.node):
                self.fill(native, made.pointer)
            self.values[value] = made
            return made
        assert isinstance(native, Array), (value, native)
        return native

    def place(self, value: Value, native: Array | Lazy) -> str:
        """Memory for a value: where it is wanted, or fresh."""
        target = self.targets.pop(value, None)
        return target() if target is not None else self.allocate(self.bytes(native.dtype, native.sizes))

    def bytes(self, dtype: DType, sizes: Sequence[Index]) -> Index:
        """The number of bytes of so many elements."""
        return self.b.mul(self.b.product(list(sizes)), layout.item_bytes(dtype))

    def allocate(self, size: Index) -> str:
        """Memory that lives until the trip of the loop, or the call, ends.

        All memory of known size is one piece, taken when the function begins: in each trip of a loop a value has the
        same place, since what outlives a trip is copied.
        """
        if isinstance(size, int):
            return self._arena.take(self.b, size)
        self.allocates = True
        return self.b.value(f"call ptr @ag_alloc(ptr %frame, i64 {size})")

    def text(self) -> str:
        """The function's text, when all is written."""
        arena = self._arena
        arena.plan(self.b)
        if arena.bytes:
            self.b.insert(self._start, [f"{arena.pool} = call ptr @ag_alloc(ptr %frame, i64 {arena.bytes})"])
            self.module.arenas.append(arena.bytes)
        outline_loops(self.module, self.b, self.outermost)
        return self.b.text()

    def fresh(self, value: Value, type_: TensorType, sizes: Sequence[Index]) -> Array:
        """Memory for an output; the output's value from now on."""
        made = Array(type_.dtype, "", sizes)
        made.pointer = self.place(value, made)
        self.values[value] = made
        self._overwritable.add(value)
        return made

    def zero(self, array: Array) -> None:
        """Makes all elements zero."""
        size = self.bytes(array.dtype, array.sizes)
        self.b.line(f"call void @llvm.memset.p0.i64(ptr {array.pointer}, i8 0, i64 {size}, i1 false)")

    def element(self, value: Value, indices: Sequence[Index]) -> str:
        """The element of a tensor (or the scalar) at some indices."""
        native = self.values[value]
        if isinstance(native, Scalar):
            return native.text
        if isinstance(native, Lazy):
            self.module.listing.uses(value.node)
            return native.element(indices)
        assert isinstance(native, Array)
        return self.flat_element(value, self.linear(indices, native.sizes))

    def flat_element(self, value: Value, index: Index) -> str:
        """The element of a tensor (or the scalar) by its place in row-major order."""
        native = self.values[value]
        if isinstance(native, Scalar):
            return native.text
        if isinstance(native, Lazy):
            assert native.flat is not None
            self.module.listing.uses(value.node)
            return native.flat(index)
        assert isinstance(native, Array)
        place = index if native.sizes else 0
        return layout.load(self.b, native.dtype, self.b.at(layout.memory(native.dtype), native.pointer, place))

    def has_flat(self, value: Value) -> bool:
        """Whether elements can be had by their place in row-major order."""
        native = self.values[value]
        return not isinstance(native, Lazy) or native.flat is not None

    def weight(self, value: Value) -> int:
        """What an element costs to compute."""
        native = self.values[value]
        return native.weight if isinstance(native, Lazy) else 0

    def linear(self, indices: Sequence[Index], sizes: Sequence[Index]) -> Index:
        """The place in row-major order of some indices."""
        total: Index = 0
        for index, size in zip(indices, sizes, strict=True):
            total = self.b.add(self.b.mul(total, size), index)
        return total

    # -- loops ------------------------------------------------------------------------------------------

    def fill(self, native: Lazy, pointer: str) -> None:
        """Computes all elements of a formula into memory."""
        b, dtype = self.b, native.dtype
        group, again = self.module.parallel_loop()

        def put(place: Index, value: str) -> None:
            layout.store(b, dtype, value, b.at(layout.memory(dtype), pointer, place), group)

        if native.flat is not None:
            flat = native.flat
            self.spread([b.product(list(native.sizes))], native.weight, lambda at: put(at[0], flat(at[0])), again)
        else:
            element, sizes = native.element, native.sizes
            spread = self.spread if native.across is None else partial(self.tile, native.across)
            spread(sizes, native.weight, lambda at: put(self.linear(at, sizes), element(at)), again)

    # -- words ------------------------------------------------------------------------------------------

    def changes_items(self, element: TensorType) -> bool:
        """Whether some list with items of a type may be changed in place."""
        return element.strong() in {type_.strong() for type_ in self._changed if isinstance(type_, TensorType)}

    def word_count(self, type_: Type) -> int:
        """How many words describe a value to another function or to the host."""
        if layout.is_register(type_):
            return 1
        if isinstance(type_, TensorType):
            return 1 + len(type_.shape)
        return 2 + len(open_sizes(type_)) if isinstance(type_, ListType) and self.is_native_list(type_) else 1

    def is_native_list(self, type_: ListType) -> bool:
        """Whether native code handles a list itself: all its tensors take the same number of bytes."""
        return are_alike(type_) and (self.module.sized_lists or not open_sizes(type_))

    def to_words(self, value: Value, words: str, at: int) -> int:
        """Describes a value in words; gives the index after them."""
        native = self.in_words(value)
        sizes = open_sizes(value.type) if isinstance(native, Items) and isinstance(value.type, ListType) else []
        for text in (*self.word_texts(native), *map(self.size, sizes)):
            self.b.store("i64", text, self.b.at("i64", words, at))
            at += 1
        return at

    def in_words(self, value: Value) -> Native:
        """A value in a form that words can describe: formulas, and numbers that fit in no word, are put into memory."""
        native = self.values[value]
        unfit = isinstance(native, Scalar) and not layout.is_register(value.type)
        return self.array(value) if unfit or isinstance(native, Lazy) else native

    def word_texts(self, native: Native) -> list[Index]:
        """The words that describe a value."""
        b = self.b
        if isinstance(native, Scalar):
            return [bits_of(b, native)]
        if isinstance(native, Array):
            return [b.value(f"ptrtoint ptr {native.pointer} to i64"), *native.sizes]
        if isinstance(native, Items):
            return [b.value(f"ptrtoint ptr {native.buffer} to i64"), native.length]
        assert isinstance(native, Handle | Slot)
        return [native.text] if isinstance(native, Handle) else [b.value(f"ptrtoint ptr {native.pointer} to i64")]

    def from_words(self, value: Value, words: str, at: int) -> int:
        """Takes a value from words; gives the index after them."""
        native, at = self.read_words(value.type, words, at)
        self.values[value] = native
        self.bind(value)
        return at

    def read_words(self, type_: Type, words: str, at: int) -> tuple[Native, int]:
        """The value that words describe, and the index after them."""
        b = self.b

        def word(offset: int) -> str:
            return b.load("i64", b.at("i64", words, at + offset))

        if isinstance(type_, RefType):
            return Slot(b.value(f"inttoptr i64 {word(0)} to ptr")), at + 1
        if isinstance(type_, ListType):
            if not self.is_native_list(type_):
                return Handle(word(0)), at + 1
            items = Items(b.value(f"inttoptr i64 {word(0)} to ptr"), word(1), self.element_bytes(type_))
            return items, at + self.word_count(type_)
        if layout.is_register(type_):
            return Scalar(type_.dtype, from_bits(b, type_.dtype, word(0))), at + 1
        sizes = [dim if isinstance(dim, int) else word(1 + axis) for axis, dim in enumerate(type_.shape)]
        return Array(type_.dtype, b.value(f"inttoptr i64 {word(0)} to ptr"), sizes), at + 1 + len(sizes)

    def element_bytes(self, type_: ListType) -> Index:
        """The bytes of a list's element; of a list, those of the two words that describe it."""
        if isinstance(type_.element, ListType):
            return 16
        assert isinstance(type_.element, TensorType)
        return self.bytes(type_.element.dtype, self.sizes(type_.element))

    def words(self, types: Sequence[Type]) -> str:
        """A place for the words of some values."""
        return self.b.stack("i64", max(1, sum(map(self.word_count, types))))

    def fail_if(self, condition: str) -> None:
        """Ends the function where a call says that it failed."""
        after = self.b.label("good")
        self.b.branch(condition, self.fail, after, ", !prof !2")
        self.b.open_block(after)


# Ops that take their operands element by element.
ELEMENT_USERS: set[str] = set()


def _repeats(operand: Value, node: Node) -> bool:
    """Whether a node uses elements of its operand more than once each."""
    made = node.outputs[0].type if node.outputs else None
    if node.op.kind is Kind.REDUCTION or not isinstance(made, TensorType) or not isinstance(operand.type, TensorType):
        return False
    return (
        node.op.kind in (Kind.ELEMENTWISE, Kind.SHAPE)
        and made.shape != operand.type.shape
        and _grows(operand.type.shape, made.shape)
    )


def _grows(inner: Sequence[int | SymbolicDim], outer: Sequence[int | SymbolicDim]) -> bool:
    padded = (1,) * (len(outer) - len(inner)) + tuple(inner)
    return len(inner) > len(outer) or any(a == 1 and b != 1 for a, b in zip(padded, outer, strict=True))
