"""The function that Python calls: takes a list of raw values apart, runs the graph and makes a list of its results.

It reads arrays where they lie in Python's objects. What it cannot take as it is (an array that is not contiguous, a
number of another type) it answers with None, for the caller to put right.
"""

from __future__ import annotations

from autograph.backends.native import layout, python_api
from autograph.backends.native.builder import Index
from autograph.backends.native.functions import Main
from autograph.backends.native.host import Site, collect, given_lists
from autograph.backends.native.host_ops import call_host
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.module import Module
from autograph.backends.native.register_bits import bits_of, from_bits
from autograph.backends.native.support import FRAME_POINTERS
from autograph.backends.native.values import Array, Scalar
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Graph
from autograph.runtime.types import ListType, RefType, TensorType, Type

# From how many elements of operands on other Python threads may run meanwhile.
MANY = 1 << 14


class Entry:
    """Writes the entry of a graph.

    Attributes:
        collected: the places of the results that the host makes.
        releases: whether other Python threads may run during a call without loops.
        variables: for each variable that may be assigned, its place among the parameters.
    """

    def __init__(self, module: Module, graph: Graph, main: Main) -> None:
        self.module, self.graph, self.main = module, graph, main
        self.lower = Lowering(module, graph, "define ptr @entry(ptr %self, ptr %args) noinline optnone")
        self.b = self.lower.b
        self.variables = [graph.params.index(value) for value in main.assigned]
        self.collected: list[int] = []
        self.releases = False
        self._in = self.lower.words([_held(value.type) for value in graph.params])
        self._out = self.lower.words([*[v.type for v in graph.results], *[_held(v.type) for v in main.assigned]])
        self._write()
        module.add(self.lower.text())

    def _write(self) -> None:
        b = self.b
        b.line("%frame = call ptr @ag_enter(ptr @unit)")
        self.lower.fail = "unfit"
        items = b.load("ptr", b.at("i8", "%args", python_api.LIST_ITEMS))
        lists = [param for param in self.graph.params if isinstance(param.type, ListType)]
        if lists:
            call_host(self.lower, given_lists, [], lists)
        at = 0
        for place, param in enumerate(self.graph.params):
            if isinstance(param.type, ListType):
                at = self.lower.to_words(param, self._in, at)
                continue
            item = b.load("ptr", b.at("ptr", items, place))
            at = self._take(item, _held(param.type), at)
        at = 0
        for param in self.graph.params:
            held = _held(param.type)
            if not isinstance(param.type, RefType):
                at = self.lower.from_words(param, self._in, at)
            else:
                at += self.lower.word_count(held)
        arrays = self._reserve()
        reserved = self._reserve_variables()
        self._limit_stack("%frame", items)
        self._release("%frame")
        code = b.value(f"call i32 @main(ptr %frame, ptr {self._in}, ptr {self._out})")
        self._restore("%frame")
        failed = b.value(f"icmp ne i32 {code}, 0")
        count = len(self.graph.results) + len(self.variables)
        made = self._call("ptr", "PyList_New", f"i64 {count + bool(self.variables)}")
        target = b.load("ptr", b.at("i8", made, python_api.LIST_ITEMS))
        self._variables(target, reserved)
        if self.variables:
            self._put(target, count, self._none())
        good, done, bad_end = b.label("good"), b.label("finished"), b.label("undo")
        b.branch(failed, bad_end, good)
        b.open_block(good)
        self._results(target, arrays)
        interrupted = b.label("interrupted")
        self._finish(done, interrupted) if self.collected else b.jump(done)
        b.open_block(bad_end)
        for place, _ in enumerate(self.graph.results):
            self._put(target, place, arrays[place] if arrays[place] else self._none())
        self._finish(done, interrupted)
        b.open_block(interrupted)
        raised = b.load("ptr", b.at("i8", "%frame", FRAME_POINTERS["raised"]))
        self._hand_over(raised, made, target, count, done, "%frame")
        b.open_block(done)
        b.line("call void @ag_leave(ptr %frame)")
        b.line(f"ret ptr {made}")
        b.open_block("unfit")
        b.line("call void @ag_leave(ptr %frame)")
        b.line(f"ret ptr {self._none()}")
        b.open_block("exhausted")  # there is no memory for a result, as NumPy has said
        b.line("call void @ag_leave(ptr %frame)")
        b.line("ret ptr null")

    def _finish(self, done: str, interrupted: str) -> None:
        """Ends the call well, unless a handler of a signal has raised an exception."""
        b = self.b
        raised = b.load("ptr", b.at("i8", "%frame", FRAME_POINTERS["raised"]))
        b.branch(b.value(f"icmp eq ptr {raised}, null"), done, interrupted, ", !prof !1")

    def _hand_over(self, raised: str, made: str, target: str, count: int, done: str, frame: str) -> None:
        """Raises what a handler of a signal raised; where variables have new values, leaves that to the caller."""
        b = self.b
        if self.variables:
            self._put(target, count, raised)  # None, which lies there, is never freed
            b.jump(done)
            return
        class_ = b.load("ptr", b.at("i8", raised, python_api.TYPE))
        self._call("void", "PyErr_SetObject", f"ptr {class_}, ptr {raised}")
        self._call("void", "Py_DecRef", f"ptr {raised}")
        self._call("void", "Py_DecRef", f"ptr {made}")
        b.line(f"call void @ag_leave(ptr {frame})")
        b.line("ret ptr null")

    def _limit_stack(self, frame: str, items: str) -> None:
        """Notes how far the stack reaches, which follows the operands where graphs call graphs."""
        b = self.b
        if self.module.calls:
            item = b.load("ptr", b.at("ptr", items, len(self.graph.params)))
            limit = self._call("i64", "PyLong_AsLongLong", f"ptr {item}")
            b.store("i64", limit, b.at("i8", frame, FRAME_POINTERS["stack"]))

    def _release(self, frame: str) -> None:
        """Lets other Python threads run while there is much to compute."""
        b = self.b
        total: Index = 0
        for param in self.graph.params:
            native = self.lower.values.get(param)
            if isinstance(native, Array):
                total = b.add(total, b.product(list(native.sizes)))
        if isinstance(total, int) and total < MANY:
            return
        self.releases = True
        much, little = b.label("much"), b.label("little")
        b.branch(b.value(f"icmp sge i64 {total}, {MANY}"), much, little)
        b.open_block(much)
        state = self._call("ptr", "PyEval_SaveThread", "")
        b.store("ptr", state, b.at("i8", frame, FRAME_POINTERS["released"]))
        b.jump(little)
        b.open_block(little)

    def _restore(self, frame: str) -> None:
        """Takes Python's lock back, if it was released meanwhile."""
        b = self.b
        state = b.load("ptr", b.at("i8", frame, FRAME_POINTERS["released"]))
        held, free = b.label("held"), b.label("free")
        b.branch(b.value(f"icmp eq ptr {state}, null"), held, free, ", !prof !1")
        b.open_block(free)
        self._call("void", "PyEval_RestoreThread", f"ptr {state}")
        b.jump(held)
        b.open_block(held)

    def _call(self, result: str, name: str, arguments: str) -> str:
        text = f"call {result} inttoptr (i64 {python_api.python(name)} to ptr)({arguments})"
        if result == "void":
            self.b.line(text)
            return ""
        return self.b.value(text)

    def _none(self) -> str:
        pointer = f"inttoptr (i64 {id(None)} to ptr)"
        self._call("void", "Py_IncRef", f"ptr {pointer}")
        return pointer

    def _put(self, target: str, place: int, item: str) -> None:
        self.b.store("ptr", item, self.b.at("ptr", target, place))

    # -- operands ---------------------------------------------------------------------------------------

    def _require(self, condition: str) -> None:
        after = self.b.label("fit")
        self.b.branch(condition, after, "unfit", ", !prof !1")
        self.b.open_block(after)

    def _is_type(self, item: str, address: int) -> str:
        b = self.b
        return b.value(
            f"icmp eq ptr {b.load('ptr', b.at('i8', item, python_api.TYPE))}, inttoptr (i64 {address} to ptr)"
        )

    def _take(self, item: str, type_: Type, at: int) -> int:
        """Describes an object in words; gives the index after them."""
        b = self.b
        assert isinstance(type_, TensorType)
        if type_.weak:
            text = self._weak(item, type_.dtype)
            b.store("i64", text, b.at("i64", self._in, at))
            return at + 1
        if layout.is_register(type_):
            b.store("i64", self._strong_scalar(item, type_.dtype), b.at("i64", self._in, at))
            return at + 1
        self._require(self._is_type(item, python_api.array_type()))
        self._require_plain(item)
        data = b.load("ptr", b.at("i8", item, python_api.ARRAY_DATA))
        b.store("i64", b.value(f"ptrtoint ptr {data} to i64"), b.at("i64", self._in, at))
        dimensions = b.load("ptr", b.at("i8", item, python_api.ARRAY_DIMENSIONS))
        for axis in range(len(type_.shape)):
            size = b.load("i64", b.at("i64", dimensions, axis))
            b.store("i64", size, b.at("i64", self._in, at + 1 + axis))
        return at + 1 + len(type_.shape)

    def _require_plain(self, item: str) -> None:
        b = self.b
        flags = b.load("i32", b.at("i8", item, python_api.ARRAY_FLAGS))
        masked = b.value(f"and i32 {flags}, {python_api.CONTIGUOUS_ALIGNED}")
        self._require(b.value(f"icmp eq i32 {masked}, {python_api.CONTIGUOUS_ALIGNED}"))

    def _weak(self, item: str, dtype: DType) -> str:
        b = self.b
        if dtype.is_bool:
            return b.value(f"zext i1 {b.value(f'icmp eq ptr {item}, inttoptr (i64 {id(True)} to ptr)')} to i64")
        if dtype.is_complex:  # its two doubles, where they lie
            return b.value(f"ptrtoint ptr {b.at('i8', item, python_api.NUMBER)} to i64")
        self._require(self._is_type(item, id(float) if dtype.is_floating else id(int)))
        if dtype.is_floating:
            return b.load("i64", b.at("i8", item, python_api.NUMBER))
        return self._call("i64", "PyLong_AsLongLong", f"ptr {item}")

    def _strong_scalar(self, item: str, dtype: DType) -> str:
        """A number from an array of no dimensions or from a NumPy scalar."""
        b = self.b
        slot = b.stack("ptr")
        array, other, both = b.label("array"), b.label("number"), b.label("either")
        b.branch(self._is_type(item, python_api.array_type()), array, other)
        b.open_block(other)
        self._require(self._is_type(item, python_api.scalar_type(dtype)))
        b.store("ptr", b.at("i8", item, python_api.NUMBER), slot)
        b.jump(both)
        b.open_block(array)
        self._require_plain(item)
        b.store("ptr", b.load("ptr", b.at("i8", item, python_api.ARRAY_DATA)), slot)
        b.jump(both)
        b.open_block(both)
        return bits_of(b, Scalar(dtype, layout.load(b, dtype, b.load("ptr", slot))))

    # -- results ----------------------------------------------------------------------------------------

    def _new_array(self, dtype: DType, rank: int, dimensions: str) -> str:
        b = self.b
        arguments = (
            f"ptr inttoptr (i64 {python_api.array_type()} to ptr), i32 {rank}, ptr {dimensions}, "
            f"i32 {dtype.numpy.num}, ptr null, ptr null, i32 0, i32 0, ptr null"
        )
        return b.value(f"call ptr inttoptr (i64 {python_api.array_new()} to ptr)({arguments})")

    def _reserve(self) -> list[str]:
        """Arrays for the results whose sizes the operands tell; an empty text for the others."""
        at, found = 0, []
        for result, placed in zip(self.graph.results, self.main.placed, strict=True):
            type_ = result.type
            if placed:
                assert isinstance(type_, TensorType)
                found.append(self._placed_array(type_, at))
            else:
                found.append("")
            at += self.lower.word_count(type_)
        return found

    def _reserve_variables(self) -> list[str]:
        """Arrays for the new values of variables; an empty text for numbers."""
        found = []
        at = sum(self.lower.word_count(result.type) for result in self.graph.results)
        for param in self.main.assigned:
            type_ = _held(param.type)
            assert isinstance(type_, TensorType)
            array = "" if layout.is_register(type_) else self._placed_array(type_, at)
            found.append(array)
            at += self.lower.word_count(type_)
        return found

    def _placed_array(self, type_: TensorType, at: int) -> str:
        """A new array, whose memory is put into the results' words."""
        b = self.b
        dimensions = b.stack("i64", max(1, type_.rank))
        for axis, size in enumerate(self.lower.sizes(type_)):
            # A size may be wrong where a check is going to fail.
            b.store("i64", b.extremum("max", size, 0), b.at("i64", dimensions, axis))
        array = self._new_array(type_.dtype, type_.rank, dimensions)
        there = b.label("there")
        b.branch(b.value(f"icmp eq ptr {array}, null"), "exhausted", there, ", !prof !2")
        b.open_block(there)
        data = b.load("ptr", b.at("i8", array, python_api.ARRAY_DATA))
        b.store("i64", b.value(f"ptrtoint ptr {data} to i64"), b.at("i64", self._out, at))
        return array

    def _results(self, target: str, arrays: list[str]) -> None:
        b, at = self.b, 0
        types, natives, first = [], [], []
        for place, result in enumerate(self.graph.results):
            type_ = result.type
            if arrays[place]:
                self._put(target, place, arrays[place])
            elif isinstance(type_, TensorType) and layout.is_register(type_):
                self._put(target, place, self._number(type_, b.load("i64", b.at("i64", self._out, at))))
            else:
                self.collected.append(place)
                types.append(type_)
                natives.append(isinstance(type_, ListType) and self.lower.is_native_list(type_))
                first.append(at)
                self._put(target, place, self._none())
            at += self.lower.word_count(type_)
        if types:
            words, filled = self.lower.words(types), 0
            for type_, start in zip(types, first, strict=True):
                for offset in range(self.lower.word_count(type_)):
                    word = b.load("i64", b.at("i64", self._out, start + offset))
                    b.store("i64", word, b.at("i64", words, filled))
                    filled += 1
            number = self.module.site(Site(collect, types, [], [], natives))
            b.value(f"call i32 @ag_host(ptr %frame, i64 {number}, ptr {words}, ptr {words})")

    def _number(self, type_: TensorType, word: str) -> str:
        b, dtype = self.b, type_.dtype
        if type_.weak:
            if dtype.is_bool:
                return self._call("ptr", "PyBool_FromLong", f"i64 {word}")
            if dtype.is_floating:
                return self._call("ptr", "PyFloat_FromDouble", f"double {b.value(f'bitcast i64 {word} to double')}")
            return self._call("ptr", "PyLong_FromLongLong", f"i64 {word}")
        array = self._new_array(dtype, 0, "null")
        data = b.load("ptr", b.at("i8", array, python_api.ARRAY_DATA))
        layout.store(b, dtype, from_bits(b, dtype, word), data)
        return array

    def _variables(self, target: str, reserved: list[str]) -> None:
        """The values that variables have now, also where the graph failed."""
        b = self.b
        at = sum(self.lower.word_count(result.type) for result in self.graph.results)
        for place, param in enumerate(self.main.assigned):
            type_ = _held(param.type)
            assert isinstance(type_, TensorType)
            word = b.load("i64", b.at("i64", self._out, at))
            if layout.is_register(type_):
                made = self._number(type_, word)
            else:
                made = reserved[place]
            self._put(target, len(self.graph.results) + place, made)
            at += self.lower.word_count(type_)


def _held(type_: Type) -> Type:
    return type_.value if isinstance(type_, RefType) else type_
