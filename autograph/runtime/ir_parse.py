"""Reads the text form of graphs back: `same_graph(parse_graph(str(g)), g)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from autograph.errors import IRSyntaxError, SourceLine, message
from autograph.runtime.attribute_text import parse_attribute, split_top
from autograph.runtime.dims import Dim, parse_dim
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import get_op
from autograph.runtime.types import ListType, RefType, TensorType, Type

_HEAD = re.compile(r"func (?P<name>\w+)\((?P<params>.*)\) -> .*:$")
_LABEL = re.compile(r"(?P<label>\w+)(?:\((?P<params>.*)\))?:$")
_NODE = re.compile(
    r"(?:(?P<outputs>%.*?) = )?(?P<op>\w+)(?: (?P<inputs>%\w+(?:, %\w+)*))?(?: \{(?P<attrs>.*)\})?"
    r"(?:  # (?P<file>.*):(?P<line>\d+))?$"
)


def parse_type(text: str) -> Type:
    """The type that a text such as "f32[b, 784]", "~i64[]", "list[f32[]]" or "ref f32[2]" stands for.

    Raises:
        IRSyntaxError: it stands for none.
    """
    if text.startswith("ref "):
        inner = parse_type(text[4:])
        if isinstance(inner, RefType):
            _fail(f"{text!r} is a reference to a reference")
        return RefType(inner)
    if text.startswith("list[") and text.endswith("]"):
        return ListType(parse_type(text[5:-1]))
    match = re.fullmatch(r"(~?)(\w+)\[(.*)\]", text)
    if match is None:
        _fail(f"{text!r} is not a type")
    dims: list[Dim] = [parse_dim(part) for part in split_top(match[3])]
    return TensorType(as_dtype(match[2]), tuple(dims), bool(match[1]))


def parse_graph(text: str) -> Graph:
    """The graph that a text stands for.

    Args:
        text: what `str(graph)` gives.

    Returns:
        The graph.

    Raises:
        IRSyntaxError: the text is not of that form.
    """
    return _Parser(text).graph()


class _Parser:
    def __init__(self, text: str) -> None:
        self._lines = [line for line in text.splitlines() if line.strip()]
        self._at = 0
        self._values: dict[str, Value] = {}
        self._graphs: dict[str, Graph] = {}

    def graph(self) -> Graph:
        """The first graph; those that it calls follow."""
        first = self._one()
        while self._at < len(self._lines):
            self._one()
        return first

    def _one(self) -> Graph:
        match = _HEAD.match(self._lines[self._at]) if self._lines else None
        if match is None:
            _fail("a graph begins with 'func name(…) -> …:'")
        graph = self._called(match["name"])
        self._values = {}
        self._params(graph.body, match["params"])
        self._at += 1
        self._block(graph.body, 2, "return")
        return graph

    def _called(self, name: str) -> Graph:
        return self._graphs.setdefault(name, Graph(name))

    def _attrs(self, text: str | None) -> Mapping[str, Any]:
        pairs = [part.split("=", 1) for part in split_top(text or "")]
        return {
            key: self._called(value[6:-1]) if value.startswith("graph<") else parse_attribute(value, parse_type)
            for key, value in pairs
        }

    def _params(self, region: Region, text: str | None) -> None:
        for part in split_top(text or ""):
            name, type_ = part.split(": ", 1)
            self._define(name, region.add_param(parse_type(type_), _hint(name)))

    def _define(self, name: str, value: Value) -> None:
        if not name.startswith("%") or name in self._values:
            _fail(f"{name} is not a new value")
        self._values[name] = value

    def _use(self, text: str | None) -> list[Value]:
        names = split_top(text or "")
        for name in names:
            if name not in self._values:
                _fail(f"{name} is not defined")
        return [self._values[name] for name in names]

    def _block(self, region: Region, indent: int, end: str) -> None:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            depth = len(line) - len(line.lstrip())
            if depth != indent:
                _fail(f"unexpected indentation: {line!r}")
            text = line.strip()
            self._at += 1
            if text == end or text.startswith(end + " "):
                region.results = self._use(text[len(end) :].strip())
                return
            self._node(region, text, indent)
        _fail(f"a block does not end with {end!r}")

    def _node(self, region: Region, text: str, indent: int) -> None:
        match = _NODE.match(text)
        if match is None:
            _fail(f"not a node: {text!r}")
        outputs = [part.split(": ", 1) for part in split_top(match["outputs"] or "")]
        inputs = self._use(match["inputs"])
        regions = self._regions(indent)
        location = SourceLine(match["file"], int(match["line"])) if match["file"] else None
        try:
            op = get_op(match["op"])
        except KeyError:
            _fail(f"there is no op {match['op']!r}")
        node = Node(op, inputs, self._attrs(match["attrs"]), regions, [parse_type(t) for _, t in outputs], location)
        region.append(node)
        for (name, _), value in zip(outputs, node.outputs, strict=True):
            value.name = _hint(name)
            self._define(name, value)

    def _regions(self, indent: int) -> list[Region]:
        found: list[Region] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            match = _LABEL.match(line.strip())
            if match is None or len(line) - len(line.lstrip()) != indent + 2:
                break
            self._at += 1
            region = Region()
            self._params(region, match["params"])
            self._block(region, indent + 4, "yield")
            found.append(region)
        return found


def _hint(name: str) -> str:
    return "" if name[1:].isdigit() else name[1:]


def _fail(what: str) -> NoReturn:
    raise IRSyntaxError(message(what, None, "see autograph/runtime/ir_text.py for the form"))
