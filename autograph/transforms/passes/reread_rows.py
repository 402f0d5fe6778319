"""Reads again what a loop has read, instead of keeping it in a list for the loop that takes the trips backwards.

The gradient of `for x in xs:` needs the row of each trip. It is still in `xs`, at a place that the trip's number tells;
so are the numbers of the trips themselves. For graphs whose checks are explicit: the index has been checked before.

Before:
    func f(%xs: f32[5], %w: f32[]) -> f32[]:
      %0: ~i64[] = constant {value=0}
      %1: i64[] = constant {value=array<i64>0}
      %2: list[f32[]] = list_new {element=type<f32[]>}
      %3: ~i64[], %4: i64[], %5: list[f32[]] = while %0, %1, %2
        test(%index: ~i64[], %6: i64[], %7: list[f32[]]):
          %8: ~i64[] = constant {value=5}
          %9: ~bool[] = less %index, %8
          yield %9
        body(%index_2: ~i64[], %10: i64[], %11: list[f32[]]):
          %12: f32[] = getitem %xs, %index_2 {key=(Hole(False,),), binds=()}
          %13: ~i64[] = constant {value=1}
          %14: ~i64[], %15: bool[] = wrapping %index_2, %13 {op='add'}
          %16: i64[] = constant {value=array<i64>1}
          %17: i64[] = add %10, %16
          %18: list[f32[]] = list_append %11, %12
          yield %14, %17, %18
      %19: f32[] = constant {value=array<f32>1.0}
      %20: i64[], %21: f32[], %22: list[f32[]] = while %4, %19, %5
        test(%23: i64[], %24: f32[], %25: list[f32[]]):
          %26: bool[] = greater %23, %1
          yield %26
        body(%27: i64[], %28: f32[], %29: list[f32[]]):
          %30: list[f32[]], %31: f32[] = list_unappend %29
          %32: f32[] = multiply %28, %31
          %33: i64[] = constant {value=array<i64>1}
          %34: i64[] = subtract %27, %33
          yield %34, %32, %30
      return %21

After:
    func f(%xs: f32[5], %w: f32[]) -> f32[]:
      %0: ~i64[] = constant {value=0}
      %1: i64[] = constant {value=array<i64>0}
      %2: ~i64[], %3: i64[] = while %0, %1
        test(%index: ~i64[], %4: i64[]):
          %5: ~i64[] = constant {value=5}
          %6: ~bool[] = less %index, %5
          yield %6
        body(%index_2: ~i64[], %7: i64[]):
          %8: f32[] = getitem %xs, %index_2 {key=(Hole(False,),), binds=()}
          %9: ~i64[] = constant {value=1}
          %10: ~i64[], %11: bool[] = wrapping %index_2, %9 {op='add'}
          %12: i64[] = constant {value=array<i64>1}
          %13: i64[] = add %7, %12
          yield %10, %13
      %14: f32[] = constant {value=array<f32>1.0}
      %15: i64[], %16: f32[] = while %3, %14
        test(%17: i64[], %18: f32[]):
          %19: bool[] = greater %17, %1
          yield %19
        body(%20: i64[], %21: f32[]):
          %22: i64[] = constant {value=array<i64>1}
          %23: i64[] = subtract %20, %22
          %24: i64[] = cast %0 {dtype=dtype:int64}
          %25: i64[] = constant {value=array<i64>1}
          %26: i64[] = multiply %23, %25
          %27: i64[] = add %24, %26
          %28: ~i64[] = cast %27 {dtype=dtype:int64, weak=True}
          %29: f32[] = getitem %xs, %28 {key=(Hole(False,),), binds=()}
          %30: f32[] = multiply %21, %29
          %31: i64[] = constant {value=array<i64>1}
          %32: i64[] = subtract %20, %31
          yield %32, %30
      return %16
"""

from __future__ import annotations

from dataclasses import dataclass

from autograph.ops.number_limits import wrapping_op
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, symbols_of
from autograph.runtime.ir import Graph, Node, Region, Value, replace_uses
from autograph.runtime.op import get_op
from autograph.runtime.structure_ops import cast_op, constant_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, TensorType, type_symbols
from autograph.transforms.counters import constant_of, move_of
from autograph.transforms.passes.rewriting import drop_carry, recording, uses
from autograph.transforms.ranges import is_integer

_MOST = 8  # nodes that are computed again
_CHEAP = {"add", "bitwise_and", "bitwise_right_shift", "cast", "floor_divide", "multiply", "remainder", "subtract"}


@dataclass(frozen=True)
class _Kept:
    """A list that one loop makes and another takes apart.

    Attributes:
        maker: the first loop, which appends in each trip.
        made: the list's place among what it carries.
        taker: the other one.
        taken: the place there.
        value: what is appended.
        pop: the node that takes it.
    """

    maker: Node
    made: int
    taker: Node
    taken: int
    value: Value
    pop: Node


def reread_rows(graph: Graph) -> None:
    """Removes lists whose items the loop that takes them can read again.

    Args:
        graph: rewritten in place; `make_checks_explicit` has been run on it.
    """
    with recording(graph) as trace:
        _region(trace, graph.body)


def _region(trace: Trace, region: Region) -> None:
    for node in list(region.nodes):
        for inner in node.regions:
            _region(trace, inner)
        if node.op is not while_op:
            continue
        for place in reversed(range(len(node.inputs))):
            kept = _kept_list(region, node, place)
            if kept is not None and (count := _trips_left(kept)) is not None:
                _read_again(trace, kept, count)


# -- lists that one loop fills and another one empties -------------------------------------------------------


def _kept_list(region: Region, taker: Node, taken: int) -> _Kept | None:
    items = taker.inputs[taken]
    maker = items.node
    if not isinstance(items.type, ListType) or maker is None or maker.op is not while_op or maker.region is not region:
        return None
    made = maker.outputs.index(items)
    append, pop = _only_user(maker, made, "list_append"), _only_user(taker, taken, "list_unappend")
    start = maker.inputs[made].node
    if append is None or pop is None or start is None or start.op.name != "list_new":
        return None
    if uses(region, items) != 1 or uses(region, taker.outputs[taken]):
        return None
    return _Kept(maker, made, taker, taken, append.inputs[1], pop)


def _only_user(loop: Node, place: int, name: str) -> Node | None:
    """What makes a list of a loop the next trip's, where the loop does nothing else with either and does it always."""
    test, body = loop.regions
    param, result = body.params[place], body.results[place]
    node = result.node
    if node is None or node.op.name != name or node.region is not body or node.inputs[0] is not param:
        return None
    alone = uses(body, param) == 1 and uses(body, result) == 1 and not uses(test, test.params[place])
    return node if alone else None


def _trips_left(kept: _Kept) -> Value | None:
    """What the second loop counts down from the trips of the first one to 1."""
    maker, body = kept.maker, kept.taker.regions[1]
    for value, result, param in zip(kept.taker.inputs, body.results, body.params, strict=True):
        if value.node is not maker or not is_integer(value) or _step(result, param) != -1:
            continue
        place = maker.outputs.index(value)
        if constant_of(maker.inputs[place]) == 0 and _step_of(maker, place) == 1:
            return param
    return None


def _step(result: Value, param: Value) -> int | None:
    move = move_of(result, param) if is_integer(param) else None
    return None if move is None else move.step


def _step_of(loop: Node, place: int) -> int | None:
    return _step(loop.regions[1].results[place], loop.regions[1].params[place])


# -- what can be read again ----------------------------------------------------------------------------------


def _chain(loop: Node, value: Value, found: dict[Node, None]) -> bool:
    """Whether a value of a loop's body follows from what is outside and from numbers that move evenly.

    Args:
        loop: the loop.
        value: what is asked for.
        found: the nodes by which it does so are added, in order.
    """
    body, node = loop.regions[1], value.node
    if node is None:
        return value.region is not body or _step_of(loop, body.params.index(value)) is not None
    if not body.encloses(node.region) or node in found:
        return True
    if node.region is not body or node.regions or len(found) >= _MOST or value is not node.outputs[0]:
        return False
    name = node.attrs["op"] if node.op is wrapping_op else node.op.name
    inputs = node.inputs
    if name == "getitem":
        if not _is_plain_read(body, node):
            return False
        inputs = inputs[1:]
    elif node.op is not constant_op and not (name in _CHEAP and is_integer(value)):
        return False
    if not all(_chain(loop, inner, found) for inner in inputs):
        return False
    found[node] = None
    return True


def _is_plain_read(body: Region, node: Node) -> bool:
    """Whether a node reads a tensor from outside at whole numbers, and its size is known there."""
    rows, *indices = node.inputs
    region = rows.region if rows.node is None else rows.node.region
    outside = region is None or not body.encloses(region)
    given = set(type_symbols(rows.type))
    mentioned = {name for dim in _dims(node.outputs[0]) for name in symbols_of(dim)}
    return outside and all(map(is_integer, indices)) and mentioned <= given and not node.attrs.get("binds")


def _dims(value: Value) -> tuple[Dim, ...]:
    return value.type.shape if isinstance(value.type, TensorType) else ()


# -- the change ----------------------------------------------------------------------------------------------


def _read_again(trace: Trace, kept: _Kept, count: Value) -> None:
    found: dict[Node, None] = {}
    if not _chain(kept.maker, kept.value, found):
        return
    body = kept.taker.regions[1]
    place = body.nodes.index(kept.pop)
    later = body.nodes[place + 1 :]
    del body.nodes[place:]
    trace.region = body
    start = len(body.nodes)
    mapping: dict[Value, Value] = {}
    trip = apply(get_op("subtract"), Tensor(count), 1)
    for value in {value: None for node in found for value in node.inputs} | {kept.value: None}:
        if value.node is None and value.region is kept.maker.regions[1]:
            mapping[value] = _at(trace, kept.maker, value, trip)
    for node in found:
        inputs = [mapping.get(value, value) for value in node.inputs]
        copy = body.append(Node(node.op, inputs, node.attrs, (), [out.type for out in node.outputs], node.location))
        mapping.update(zip(node.outputs, copy.outputs, strict=True))
    for made in body.nodes[start:]:
        made.location = kept.pop.location
    body.nodes += later
    replace_uses(body, kept.pop.outputs[1], mapping.get(kept.value, kept.value))
    append = kept.maker.regions[1].results[kept.made].node
    drop_carry(kept.taker, kept.taken)
    drop_carry(kept.maker, kept.made)
    kept.maker.regions[1].nodes = [node for node in kept.maker.regions[1].nodes if node is not append]


def _at(trace: Trace, loop: Node, param: Value, trip: Tensor) -> Value:
    """What a number that moves evenly was in a trip."""
    place = loop.regions[1].params.index(param)
    step = _step_of(loop, place)
    assert step is not None and isinstance(param.type, TensorType)
    first = apply(cast_op, Tensor(loop.inputs[place]), dtype=trip.dtype)
    found = apply(get_op("add"), first, apply(get_op("multiply"), trip, step))
    return trace.value(apply(cast_op, found, dtype=param.type.dtype, weak=param.type.weak))
