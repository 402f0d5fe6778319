"""The ops that are more than a kernel call: control flow, variables, checks and constants."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograph.backends.numpy.attributes import attribute_source
from autograph.runtime.apply import weak_result
from autograph.runtime.failure import Failure
from autograph.runtime.ir import Node
from autograph.runtime.structure_ops import undefined_op
from autograph.runtime.types import Type

if TYPE_CHECKING:
    from autograph.backends.numpy.codegen import Program

_SIGNS: dict[Any, str] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.eq: "==",
    operator.ne: "!=",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
}
_INT64 = 2**63


def check_int(value: int) -> int:
    """The integer, if it fits in 64 bits.

    Raises:
        OverflowError: it does not.
    """
    if -_INT64 <= value < _INT64:
        return value
    raise OverflowError("an integer result does not fit in 64 bits; use floats")


def weak_python(program: Program, node: Node, attrs: list[str]) -> str:
    """An op on Python numbers as an expression."""
    sign = _SIGNS.get(node.op.python)
    if sign is not None:
        left, right = [program.name(value) for value in node.inputs]
        return f"{left} {sign} {right}"
    if node.op.python is not None:
        function = program.constant(node.op.python, "p")
        return f"{function}({', '.join([program.name(value) for value in node.inputs] + attrs)})"
    attributes = ", ".join(f"{a.split('=')[0]!r}: {a.split('=', 1)[1]}" for a in attrs)
    call = f"{program.constant(weak_result, 'w')}({program.constant(node.op, 'o')}, "
    return call + f"[{program.names(node.inputs)}], {{{attributes}}})"


def _cond(program: Program, node: Node) -> None:
    then, orelse = node.regions
    program.emit(f"if {program.name(node.inputs[0])}:")
    for region in (then, orelse):
        program.nested(region)
        results = program.names(region.results)
        program.emit(f"{program.names(node.outputs)} = {results}" if results else "pass")
        program.leave()
        if region is then:
            program.emit("else:")


def _while(program: Program, node: Node) -> None:
    test, body = node.regions
    outputs, inputs = program.names(node.outputs), program.names(node.inputs)
    if outputs:
        program.emit(f"{outputs} = {inputs}")
    program.emit("while True:")
    program.open_loop(test.params, outputs)
    program.write_nodes(test)
    program.emit(f"if not {program.name(test.results[0])}: break")
    if outputs:
        program.emit(f"{program.names(body.params)} = {outputs}")
    program.write_nodes(body)
    if outputs:
        program.emit(f"{outputs} = {program.names(body.results)}")
    program.leave()


def _try(program: Program, node: Node) -> None:
    code, *outputs = node.outputs
    (body,) = node.regions
    program.emit("try:")
    program.nested(body)
    program.emit(f"{program.names(node.outputs)} = {', '.join(['0', *map(program.name, body.results)])}")
    program.leave()
    program.emit("except Exception as error:")
    catch = program.constant(functools.partial(caught, classes=node.attrs["catches"]), "x")
    program.emit(f"    {program.name(code)} = {catch}(error)")
    for output in outputs:
        program.emit(f"    {program.name(output)} = {program.constant(placeholder(output.type))}")


def placeholder(type_: Type) -> Any:
    """A raw value that is never read."""
    assert undefined_op.kernel is not None
    return undefined_op.kernel(np, type=type_)


def caught(error: Exception, classes: tuple[type[BaseException], ...]) -> int:
    """The place, from 1, of the class that an exception is of.

    Raises:
        Exception: it itself, where no class fits.
    """
    raised = error.site.exception if isinstance(error, Failure) else type(error)
    for place, wanted in enumerate(classes):
        if issubclass(raised, wanted):
            return place + 1
    raise error


def _call(program: Program, node: Node) -> None:
    function = program.callee(node.attrs["callee"])
    targets = program.names(node.outputs)
    text = f"{function}({program.names(node.inputs)})"
    program.emit(f"{targets}{',' if len(node.outputs) == 1 else ''} = {text}" if targets else text)


def _read(program: Program, node: Node) -> None:
    program.emit(f"{program.name(node.outputs[0])} = {program.name(node.inputs[0])}._value")


def _assign(program: Program, node: Node) -> None:
    ref, value = node.inputs
    program.emit(f"{program.name(ref)}._value = {program.name(value)}")


def _check(program: Program, node: Node) -> None:
    ok, *payload = [program.name(value) for value in node.inputs]
    site = program.constant(node.attrs["site"], "s")
    program.emit(f"if not {ok}: raise Failure({site}, [{', '.join(payload)}])")


def _fail(program: Program, node: Node) -> None:
    site = program.constant(node.attrs["site"], "s")
    program.emit(f"raise Failure({site}, [{program.names(node.inputs)}])")


def _constant(program: Program, node: Node) -> None:
    program.emit(f"{program.name(node.outputs[0])} = {attribute_source(program, node.attrs['value'])}")


def _dimension(program: Program, node: Node) -> None:
    program.emit(f"{program.name(node.outputs[0])} = {attribute_source(program, node.attrs['dim'])}")


EMITTERS: dict[str, Callable[[Any, Node], None]] = {
    "cond": _cond,
    "while": _while,
    "try": _try,
    "call": _call,
    "read": _read,
    "assign": _assign,
    "check": _check,
    "fail": _fail,
    "constant": _constant,
    "dimension": _dimension,
}
