"""The LLVM function of a graph: `i32 f(frame, operands' words, results' words)`, 0 where all went well."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.assignments import assigned_in, assigned_in_node
from autograph.backends.native.host import Site
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.module import Module
from autograph.backends.native.polling import poll_call
from autograph.backends.native.support import FRAME_POINTERS
from autograph.backends.native.values import Array, Slot
from autograph.runtime.ir import Graph, Node, Value
from autograph.runtime.structure_ops import CALL_DEPTH
from autograph.runtime.types import ListType, RefType, TensorType, Type, type_symbols


def write_function(module: Module, graph: Graph) -> str:
    """Writes a graph that others call; gives its function's name."""
    name = f"graph{len(module.functions)}"
    module.functions[graph] = name
    # Put into its only caller it would make one long function again.
    header = f"define internal i32 @{name}(ptr %frame, ptr %in, ptr %out) noinline"
    lower = Lowering(module, graph, header)
    at, places = 0, []
    for param in graph.params:
        places.append((isinstance(param.type, ListType), at, param))
        at += lower.word_count(param.type)
    for _, start, param in sorted(places, key=lambda place: place[:2]):  # tensors first: they tell lists' sizes
        lower.from_words(param, "%in", start)
    lower.write(graph.body)
    at = 0
    for result in graph.results:
        at = lower.to_words(result, "%out", at)
    lower.b.line("ret i32 0")
    lower.b.open_block(lower.fail)
    lower.b.line("ret i32 1")
    module.add(lower.text())
    return name


class Main:
    """The function of the whole graph, whose variables' values and sized results have places given by the caller.

    Attributes:
        placed: for each result (and each variable, after them), whether the caller gives the memory.
        assigned: the variables that the graph may assign.
    """

    def __init__(self, module: Module, graph: Graph) -> None:
        module.functions[graph] = "main"
        self.graph = graph
        lower = self._lower = Lowering(module, graph, "define internal i32 @main(ptr %frame, ptr %in, ptr %out)")
        self.assigned = [value for value in assigned_in([graph.body]) if value in set(graph.ref_params)]
        self._read_parameters()
        known = {name for param in graph.params for name in type_symbols(param.type)}
        self.placed = [self._is_placed(value, known) for value in graph.results]
        self._aim()
        lower.write(graph.body)
        self._finish()
        module.add(lower.text())

    def _read_parameters(self) -> None:
        lower, at = self._lower, 0
        for param in self.graph.params:
            if not isinstance(param.type, RefType):
                at = lower.from_words(param, "%in", at)
                continue
            # A slot of its own, so that LLVM can keep scalars in registers.
            words = lower.words([param.type.value])
            for place in range(lower.word_count(param.type.value)):
                word = lower.b.load("i64", lower.b.at("i64", "%in", at + place))
                lower.b.store("i64", word, lower.b.at("i64", words, place))
            native, at = lower.read_words(param.type.value, "%in", at)
            lower.values[param] = Slot(words)
            if isinstance(native, Array) and isinstance(param.type.value, TensorType):
                for dim, size in zip(param.type.value.shape, native.sizes, strict=True):
                    assert isinstance(dim, int) or size is not None

    def _is_placed(self, value: Value, known: set[str]) -> bool:
        type_ = value.type
        return isinstance(type_, TensorType) and not layout.is_register(type_) and type_symbols(type_) <= known

    def _aim(self) -> None:
        """Lets results be computed in the caller's memory."""
        lower, at = self._lower, 0
        for result, placed in zip(self.graph.results, self.placed, strict=True):
            if placed and result.node is not None and result not in lower.targets:
                place = at

                def target(place: int = place) -> str:
                    b = lower.b
                    return b.value(f"inttoptr i64 {b.load('i64', b.at('i64', '%out', place))} to ptr")

                lower.targets[result] = target
            at += lower.word_count(result.type)
        for param in self.assigned:
            self._aim_variable(param, at)
            at += lower.word_count(_held(param))

    def _aim_variable(self, param: Value, at: int) -> None:
        """Lets the value that a variable has in the end be computed in the memory of its new array."""
        lower, type_ = self._lower, _held(param)
        if not isinstance(type_, TensorType) or layout.is_register(type_):
            return
        last = [node for node in self.graph.body.nodes if param in assigned_in_node(node)][-1]
        if last.op.name != "assign" or last.inputs[1].node is None or last.inputs[1] in lower.targets:
            return
        if last.inputs[1].region is self.graph.body:
            b = lower.b
            lower.targets[last.inputs[1]] = lambda: b.value(
                f"inttoptr i64 {b.load('i64', b.at('i64', '%out', at))} to ptr"
            )

    def _finish(self) -> None:
        lower, b, at = self._lower, self._lower.b, 0
        for result, placed in zip(self.graph.results, self.placed, strict=True):
            if not placed:
                at = lower.to_words(result, "%out", at)
                continue
            made = lower.array(result)
            target = b.value(f"inttoptr i64 {b.load('i64', b.at('i64', '%out', at))} to ptr")
            lower.b.copy_unless_there(target, made.pointer, lower.bytes(made.dtype, made.sizes))
            for axis, text in enumerate(made.sizes):
                b.store("i64", text, b.at("i64", "%out", at + 1 + axis))
            at += lower.word_count(result.type)
        self._leave(at, 0)
        b.open_block(lower.fail)
        self._leave(at, 1)

    def _leave(self, at: int, code: int) -> None:
        """Shows the caller the variables' values and ends the function."""
        lower, b = self._lower, self._lower.b
        for param in self.assigned:
            slot = lower.values[param]
            assert isinstance(slot, Slot) and isinstance(param.type, RefType)
            held = param.type.value
            if isinstance(held, TensorType) and not layout.is_register(held):
                native, _ = lower.read_words(held, slot.pointer, 0)
                assert isinstance(native, Array)
                target = b.value(f"inttoptr i64 {b.load('i64', b.at('i64', '%out', at))} to ptr")
                lower.b.copy_unless_there(target, native.pointer, lower.bytes(held.dtype, native.sizes))
            else:
                word = b.load("i64", slot.pointer)
                b.store("i64", word, b.at("i64", "%out", at))
            at += lower.word_count(held)
        b.line(f"ret i32 {code}")


def _held(param: Value) -> Type:
    return param.type.value if isinstance(param.type, RefType) else param.type


@rule("call")
def _call(lower: Lowering, node: Node) -> bool:
    b, module = lower.b, lower.module
    callee = node.attrs["callee"]
    name = module.functions.get(callee) or write_function(module, callee)
    words = lower.words([value.type for value in node.inputs])
    answers = lower.words([value.type for value in node.outputs])
    at = 0
    for value in node.inputs:
        at = lower.to_words(value, words, at)
    depth_at = b.at("i8", "%frame", FRAME_POINTERS["depth"])
    depth = b.load("i64", depth_at)
    b.store("i64", b.add(depth, 1), depth_at)
    deep, good = b.label("deep"), b.label("good")
    below = b.value(f"icmp ult ptr {answers}, {b.load('ptr', b.at('i8', '%frame', FRAME_POINTERS['stack']))}")
    many = b.value(f"icmp sgt i64 {depth}, {CALL_DEPTH}")
    b.branch(b.value(f"or i1 {many}, {below}"), deep, good, ", !prof !2")
    b.open_block(deep)
    number = module.site(Site(_too_deep, [], [], [], [], node.location))
    b.value(f"call i32 @ag_host(ptr %frame, i64 {number}, ptr {words}, ptr {words})")
    b.jump(lower.fail)
    b.open_block(good)
    poll_call(lower)
    module.calls = True
    code = b.value(f"call i32 @{name}(ptr %frame, ptr {words}, ptr {answers})")
    b.store("i64", depth, depth_at)
    lower.allocates = True
    lower.fail_if(b.value(f"icmp ne i32 {code}, 0"))
    at = 0
    for output in node.outputs:
        at = lower.from_words(output, answers, at)
    return True


def _too_deep(operands: object, sizes: object) -> list[object]:
    raise RecursionError("maximum recursion depth exceeded")
