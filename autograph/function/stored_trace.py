"""Traces as data for the disk cache: what of a trace can be written down, and how it is found again.

A trace refers to Python objects: functions, variables, captured tensors. It can be stored when each of them has a
name that leads to its like in another process: the functions by module and qualified name, the others by what the
guards read. What the guards saw is compared as text before a stored trace is used.
"""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from autograph.errors import SourceLine
from autograph.function.arguments import Arguments
from autograph.function.concrete import ConcreteFunction, argument_spec
from autograph.function.digests import NotStorable, describe, function_digest
from autograph.function.guards import Guards
from autograph.function.leaf_types import LeafType
from autograph.runtime.attribute_text import attribute_text, parse_attribute
from autograph.runtime.failure import ErrorSite
from autograph.runtime.ir import Graph, Node, walk
from autograph.runtime.ir_parse import parse_graph, parse_type
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable
from autograph.runtime.verify import verify
from autograph.staging.forms import Absent, Const, Form, Number, Optional, Slot, Struct

Content = dict[str, Any]


def stored(concrete: ConcreteFunction, guards: Guards, root: FunctionType, arguments: Arguments) -> Content:
    """A trace as data that JSON can hold.

    Args:
        concrete: the trace.
        guards: what it read from outside.
        root: the function that was traced.
        arguments: what it was traced with.

    Raises:
        NotStorable: it refers to something that has no name in another process.
    """
    leaves = {id(leaf): i for i, leaf in enumerate(arguments.leaves) if isinstance(leaf, Variable)}
    return {
        "functions": [_function_name(f) for f in guards.functions if f is not root],
        "saw": saw(guards),
        "whole_arrays": guards.whole_arrays,
        "graph": _graph_content(concrete.graph),
        "optimized": _graph_content(concrete.optimized),
        "code": concrete.code,
        "inputs": list(concrete.inputs),
        "captures": [_object_name(tensor, guards, {}) for tensor in concrete.captures],
        "variables": [_object_name(variable, guards, leaves) for variable in concrete.variables],
        "result": _form_content(concrete.result),
        "writebacks": list(concrete.writebacks),
        "numbers": sorted(concrete.numbers),
    }


def restored(
    content: Content,
    name: str,
    root: FunctionType,
    roots: Sequence[tuple[str, Any]],
    arguments: Arguments,
    types: Sequence[LeafType],
    backend: str,
) -> tuple[ConcreteFunction, Guards] | None:
    """The trace behind data, if all is as it was when it was stored.

    Args:
        content: what `stored` gave.
        name: the graph's name.
        root: the function of the call.
        roots: pairs of a path and an object that guards go by.
        arguments: the call's arguments.
        types: the types of their leaves.
        backend: the backend's name.
    """
    functions = [_function_named(*entry) for entry in content["functions"]]
    if any(function is None for function in functions):
        return None
    guards = Guards()
    guards.collect([root, *[f for f in functions if f is not None]], roots, content["whole_arrays"])
    if saw(guards) != content["saw"]:
        return None
    concrete = ConcreteFunction(
        name=name,
        graph=lambda: _graph(content["graph"]),
        code=content["code"],
        inputs=content["inputs"],
        captures=[_object_named(entry, guards, arguments) for entry in content["captures"]],
        variables=[_object_named(entry, guards, arguments) for entry in content["variables"]],
        structured_input_signature=arguments.structure.unflatten(list(map(argument_spec, arguments.leaves, types))),
        result=_form(content["result"]),
        writebacks=content["writebacks"],
        numbers=set(content["numbers"]),
        backend=backend,
    )
    concrete.optimized = _graph(content["optimized"])
    return concrete, guards


def saw(guards: Guards) -> list[str]:
    """What guards read, as text that is the same in another process."""
    return [*guards.conditions(), *[describe(obj) for obj in guards.constants()]]


# -- objects -------------------------------------------------------------------------------------------------


def _function_name(function: FunctionType) -> list[str]:
    entry = [function.__module__, function.__qualname__, function_digest(function)]
    if _function_named(*entry) is not function:
        raise NotStorable(function.__qualname__)
    return entry


def _function_named(module: str, path: str, digest: str) -> FunctionType | None:
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    for attribute in ("__func__", "fget", "python_function", "__wrapped__"):  # what decorators make of a function
        if not isinstance(found, FunctionType):
            found = getattr(found, attribute, found)
    return found if isinstance(found, FunctionType) and function_digest(found) == digest else None


def _object_name(obj: Any, guards: Guards, leaves: dict[int, int]) -> Any:
    if id(obj) in leaves and not guards.knows(id(obj)):
        return leaves[id(obj)]
    name = guards.name_of(obj)
    if name is not None:
        return name
    array = guards.name_of(obj._value) if isinstance(obj, Tensor) else None
    if array is None:
        raise NotStorable(repr(obj))
    return ["array", array]


def _object_named(entry: Any, guards: Guards, arguments: Arguments) -> Any:
    if isinstance(entry, list):  # a NumPy array that the graph reads at each call
        return Tensor(guards.named(entry[1]))
    return arguments.leaves[entry] if isinstance(entry, int) else guards.named(entry)


# -- graphs and forms ----------------------------------------------------------------------------------------


def _graph_content(graph: Graph) -> Content:
    text = str(graph)
    try:
        same = str(parse_graph(text)) == text
    except Exception:
        same = False
    if not same:
        raise NotStorable("a graph whose text does not read back")
    lines = [[_line_content(node.location), _line_content(_site(node).location)] for node in walk(graph.body)]
    return {"text": text, "lines": lines}


def _site(node: Node) -> ErrorSite:
    """Where a node's failure is; the text form of graphs does not say it."""
    site: ErrorSite = node.attrs.get("site", _NOWHERE)
    return site


_NOWHERE = ErrorSite(AssertionError)


def _line_content(line: SourceLine | None) -> list[Any] | None:
    return None if line is None else [line.file, line.line, line.function, line.column, line.end_column]


def _line(content: list[Any] | None) -> SourceLine | None:
    return None if content is None else SourceLine(*content)


def _graph(content: Content) -> Graph:
    graph = parse_graph(content["text"])
    for node, (line, failure) in zip(walk(graph.body), content["lines"], strict=True):
        node.location = _line(line)
        if "site" in node.attrs:
            node.attrs["site"] = dataclasses.replace(_site(node), location=_line(failure))
    verify(graph)
    return graph


def _form_content(form: Form) -> list[Any]:
    if type(form) is Form:
        return ["none"]
    if isinstance(form, Slot):
        return ["slot", str(form.type)]
    if isinstance(form, Number):
        return ["number", attribute_text(form.value)]
    if isinstance(form, Absent):
        return ["absent", form.kind, form.name]
    if isinstance(form, Optional):
        return ["optional", str(form.type), sorted(form.kinds), form.name]
    if isinstance(form, Const) and isinstance(form.value, str | bytes):
        return ["const", repr(form.value)]
    if isinstance(form, Struct):
        example, parts = form.example, [_form_content(part) for part in form.parts]
        if type(example) is dict and all(isinstance(key, str | int) for key in example):
            return ["dict", parts, [repr(key) for key in example]]
        if isinstance(example, list) or type(example) is tuple:
            return ["list" if isinstance(example, list) else "tuple", parts]
    raise NotStorable(f"a result of the form {form!r}")


def _form(content: list[Any]) -> Form:
    kind, *rest = content
    if kind == "none":
        return Form()
    if kind == "number":
        return Number(parse_attribute(rest[0], parse_type))
    if kind == "absent":
        return Absent(*rest)
    if kind == "const":
        return Const(ast.literal_eval(rest[0]))
    if kind in ("slot", "optional"):
        type_ = parse_type(rest[0])
        assert isinstance(type_, TensorType)
        return Slot(type_) if kind == "slot" else Optional(type_, frozenset(rest[1]), rest[2])
    parts = tuple([_form(part) for part in rest[0]])
    if kind == "dict":
        keys = tuple([ast.literal_eval(key) for key in rest[1]])
        return Struct(dict.fromkeys(keys), parts, keys)
    return Struct([None] * len(parts) if kind == "list" else (None,) * len(parts), parts)
