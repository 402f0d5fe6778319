"""Replaces `try` around ops by conditions on what the ops demand, once those demands are checks.

Before:
    func f(%x: ~i64[], %y: ~i64[]) -> ~i64[], ~i64[]:
      %0: ~i64[], %1: ~i64[] = try {catches=(class<builtins:ZeroDivisionError>,)}
        region0:
          %2: ~i64[] = constant {value=0}
          %3: ~bool[] = less %2, %y
          check %3 {site=error<builtins:ZeroDivisionError>('by zero',)}
          %4: ~i64[] = floor_divide %x, %y
          yield %4
      return %0, %1

After:
    func f(%x: ~i64[], %y: ~i64[]) -> ~i64[], ~i64[]:
      %0: ~i64[] = constant {value=0}
      %1: ~bool[] = less %0, %y
      %2: ~i64[], %3: ~i64[] = cond %1
        then:
          %4: ~i64[] = floor_divide %x, %y
          %5: ~i64[] = constant {value=0}
          yield %5, %4
        else:
          %6: ~i64[] = constant {value=1}
          %7: ~i64[] = undefined {type=type<~i64[]>}
          yield %6, %7
      return %2, %3
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograph.runtime.ir import Graph, Node, Region, Value, replace_uses, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, check_op, cond_op, constant_op, try_op, undefined_op
from autograph.runtime.types import Type


def open_tries(graph: Graph) -> None:
    """Replaces each `try` of ops whose demands are checks; what calls Python, or another graph, stays."""
    _open(graph.body)


def replace_later(nodes: Sequence[Node], given: Mapping[Value, Value]) -> None:
    """Makes uses of some values in nodes, and inside them, uses of others."""
    for node in nodes:
        node.inputs = [given.get(value, value) for value in node.inputs]
        for inner in node.regions:
            for old, new in given.items():
                replace_uses(inner, old, new)


def _open(region: Region) -> None:
    nodes, region.nodes = region.nodes, []
    for index, node in enumerate(nodes):
        for inner in node.regions:
            _open(inner)
        if node.op is not try_op or any(_is_open(inner) for inner in walk(node.regions[0])):
            region.append(node)
            continue
        (body,) = node.regions
        types = [output.type for output in node.outputs]
        values = _block(region, body.nodes, body.results, types, node.attrs["catches"])
        given = dict(zip(node.outputs, values, strict=True))
        replace_later(nodes[index + 1 :], given)
        region.results = [given.get(value, value) for value in region.results]


def _is_open(node: Node) -> bool:
    return bool(node.op.effects & Effect.HOST) or node.op is call_op


def _block(
    region: Region,
    nodes: Sequence[Node],
    results: Sequence[Value],
    types: Sequence[Type],
    catches: Sequence[type[BaseException]],
) -> list[Value]:
    """Appends the nodes of a `try`; what it gives: 0 and the results, or the place of the class that was caught."""
    for index, node in enumerate(nodes):
        places = [n for n, kind in enumerate(catches, 1) if node.op is check_op and _raises(node, kind)]
        if not places:
            region.append(node)
            continue
        then, orelse = Region(), Region()
        then.results = _block(then, nodes[index + 1 :], results, types, catches)
        orelse.results = [_constant(orelse, places[0]), *[_undefined(orelse, type_) for type_ in types[1:]]]
        return region.append(Node(cond_op, node.inputs[:1], {}, (then, orelse), types, node.location)).outputs
    return [_constant(region, 0), *results]


def _raises(check: Node, kind: type[BaseException]) -> bool:
    return issubclass(check.attrs["site"].exception, kind)


def _constant(region: Region, number: int) -> Value:
    type_ = constant_op.infer(value=number)
    return region.append(Node(constant_op, (), {"value": number}, (), (type_,), None)).outputs[0]  # type: ignore[arg-type]


def _undefined(region: Region, type_: Type) -> Value:
    return region.append(Node(undefined_op, (), {"type": type_}, (), (type_,), None)).outputs[0]
