"""Ops that the host runs: its kernel, called from inside the native function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.backends.native.builder import Index
from autograph.backends.native.host import Site, fill_sizes
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.values import Items
from autograph.backends.numpy.emitters import check_int
from autograph.errors import SourceLine
from autograph.runtime.apply import weak_result
from autograph.runtime.dims import SymbolicDim, symbols_of
from autograph.runtime.failure import Failure
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import Kind
from autograph.runtime.types import ListType, TensorType, Type

# Ops that are calls of the host by what they are, not for want of native code.
HOST_BY_NATURE = {"py_function", "print"}


@rule("*")
def _on_host(lower: Lowering, node: Node) -> bool:
    if node.op.name not in HOST_BY_NATURE:
        lower.module.fallbacks[node.op.name] = lower.module.fallbacks.get(node.op.name, 0) + 1
    call_host(lower, kernel_of(node), node.inputs, node.outputs, _symbols(node.attrs), node.location)
    return True


@rule("check")
def _check(lower: Lowering, node: Node) -> bool:
    ok, *payload = node.inputs
    b = lower.b
    bad, good = b.label("bad"), b.label("good")
    b.branch(lower.scalar(ok), good, bad, ", !prof !1")
    b.open_block(bad)
    before = dict(lower.values)  # what is computed, or put into memory, here is not there elsewhere
    lower.write_late(payload)
    _raise(lower, node, payload)
    lower.values = before
    b.open_block(good)
    return True


@rule("fail")
def _fail(lower: Lowering, node: Node) -> bool:
    _raise(lower, node, node.inputs)
    lower.b.open_block(lower.b.label("after"))  # never reached
    return True


@rule("check_dims")
def _check_dims(lower: Lowering, node: Node) -> bool:
    left, right = [lower.size(node.attrs[side]) for side in ("left", "right")]
    if left != right:
        fail_as_host(lower, node, lower.b.value(f"icmp ne i64 {left}, {right}"))
    return True


def _raise(lower: Lowering, node: Node, payload: Sequence[Value]) -> None:
    error_site = node.attrs["site"]

    def fail(operands: list[Any], sizes: dict[str, int]) -> Sequence[Any]:
        raise Failure(error_site, operands)

    site = Site(fail, [value.type for value in payload], [], [], [_native(lower, value.type) for value in payload])
    words = lower.words([value.type for value in payload])
    at = 0
    for value in payload:
        at = lower.to_words(value, words, at)
    number = lower.module.site(site)
    lower.b.value(f"call i32 @ag_host(ptr %frame, i64 {number}, ptr {words}, ptr {words})")
    lower.b.jump(lower.fail)


def fail_as_host(lower: Lowering, node: Node, condition: str) -> None:
    """Ends the function with the error that the node's kernel raises, where a condition holds."""
    b, kernel = lower.b, kernel_of(node)
    bad, good = b.label("bad"), b.label("good")

    def fail(operands: list[Any], sizes: dict[str, int]) -> Sequence[Any]:
        kernel(operands, sizes)
        raise AssertionError(f"native code saw {node.op.name} fail, and NumPy did not")

    b.branch(condition, bad, good, ", !prof !2")
    b.open_block(bad)
    before = dict(lower.values)
    call_host(lower, fail, node.inputs, [], _symbols(node.attrs), node.location)
    lower.values = before
    b.jump(lower.fail)
    b.open_block(good)


def kernel_of(node: Node) -> Callable[[list[Any], dict[str, int]], Sequence[Any]]:
    """The node's NumPy kernel as a function of its operands and of the sizes."""
    op, attrs = node.op, {key: () if key == "binds" else value for key, value in node.attrs.items()}
    weak_inputs = all(isinstance(value.type, TensorType) and value.type.weak for value in node.inputs)
    single = len(node.outputs) == 1
    numbers = [
        isinstance(value.type, TensorType) and value.type.weak and op.kind is not Kind.LIST for value in node.outputs
    ]
    integer = single and isinstance(node.outputs[0].type, TensorType) and node.outputs[0].type.dtype.is_integer

    def run(operands: list[Any], sizes: dict[str, int]) -> Sequence[Any]:
        filled = {key: fill_sizes(value, sizes) for key, value in attrs.items()}
        if op.weakens and node.inputs and weak_inputs:
            made = op.python(*operands, **filled) if op.python is not None else weak_result(op, operands, filled)
            return [check_int(made) if integer else made]
        assert op.kernel is not None
        made = op.kernel(np, *operands, **filled)
        found = [made] if single else list(made)
        return [np.asarray(raw).item() if number else raw for raw, number in zip(found, numbers, strict=True)]

    return run


def call_host(
    lower: Lowering,
    function: Callable[[list[Any], dict[str, int]], Sequence[Any]],
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    symbols: Sequence[str] = (),
    location: SourceLine | None = None,
) -> None:
    """Writes a call of the host; its answers become the outputs."""
    b = lower.b
    types = [value.type for value in (*inputs, *outputs)]
    site = Site(
        function, types[: len(inputs)], types[len(inputs) :], symbols, [_native(lower, t) for t in types], location
    )
    words = b.stack("i64", max(1, sum(map(lower.word_count, types[: len(inputs)])) + len(symbols)))
    answers = lower.words(types[len(inputs) :])
    at = 0
    for value in inputs:
        at = lower.to_words(value, words, at)
    for place, name in enumerate(symbols):
        size: Index = lower.symbols[name]
        b.store("i64", size, b.at("i64", words, at + place))
    code = b.value(f"call i32 @ag_host(ptr %frame, i64 {lower.module.site(site)}, ptr {words}, ptr {answers})")
    lower.fail_if(b.value(f"icmp ne i32 {code}, 0"))
    at = 0
    for output in outputs:
        at = lower.from_words(output, answers, at)
        native = lower.values[output]
        if isinstance(native, Items):  # rows in the host's memory become a list of its own
            buffer = b.value(f"call ptr @ag_list_new(ptr %frame, i64 {native.length}, i64 {native.element_bytes})")
            b.copy(b.load("ptr", buffer), native.buffer, b.mul(native.length, native.element_bytes))
            b.store("i64", native.length, b.at("i64", buffer, 1))
            lower.values[output] = Items(buffer, native.length, native.element_bytes)


def _native(lower: Lowering, type_: Type) -> bool:
    return isinstance(type_, ListType) and lower.is_native_list(type_)


def _symbols(attrs: dict[str, Any]) -> list[str]:
    found: dict[str, None] = {}

    def visit(attr: Any) -> None:
        if isinstance(attr, SymbolicDim):
            found.update(dict.fromkeys(symbols_of(attr)))
        elif isinstance(attr, tuple):
            for item in attr:
                visit(item)
        elif type(attr).__name__ == "Slice":
            visit((attr.start, attr.stop, attr.step))

    for key, value in attrs.items():
        if key != "binds":
            visit(value)
    return list(found)
