"""Makes many small matrix products in a loop one large product outside it.

A loop over the rows of a tensor multiplies each row by the same matrix: all rows are multiplied at once before it. A
loop that adds up products `a.T @ g` (the gradient of a loop with a matrix) keeps its operands, and multiplies them all
at once after it. For backends whose lists may be empty when they are stacked.

Before:
    func f(%xs: f32[5, 2, 3], %w: f32[3, 4]) -> f32[2, 4]:
      %0: ~i64[] = constant {value=0}
      %1: f32[2, 4] = full {shape=(2, 4,), value=0, dtype=dtype:float32}
      %2: ~i64[], %3: f32[2, 4] = while %0, %1
        test(%i: ~i64[], %h: f32[2, 4]):
          %4: ~i64[] = constant {value=5}
          %5: ~bool[] = less %i, %4
          yield %5
        body(%i_2: ~i64[], %h_2: f32[2, 4]):
          %6: f32[2, 3] = getitem %xs, %i_2 {key=(Hole(False,),), binds=()}
          %7: f32[2, 4] = matmul %6, %w
          %8: f32[2, 4] = multiply %7, %h_2
          %9: ~i64[] = constant {value=1}
          %10: ~i64[] = add %i_2, %9
          yield %10, %8
      return %3

After:
    func f(%xs: f32[5, 2, 3], %w: f32[3, 4]) -> f32[2, 4]:
      %0: ~i64[] = constant {value=0}
      %1: f32[2, 4] = full {shape=(2, 4,), value=0, dtype=dtype:float32}
      %2: f32[10, 3] = reshape %xs {shape=(10, 3,)}
      %3: f32[10, 4] = matmul %2, %w
      %4: f32[5, 2, 4] = reshape %3 {shape=(5, 2, 4,)}
      %5: ~i64[], %6: f32[2, 4] = while %0, %1
        test(%i: ~i64[], %h: f32[2, 4]):
          %7: ~i64[] = constant {value=5}
          %8: ~bool[] = less %i, %7
          yield %8
        body(%i_2: ~i64[], %h_2: f32[2, 4]):
          %9: f32[2, 3] = getitem %xs, %i_2 {key=(Hole(False,),), binds=()}
          %10: f32[2, 4] = getitem %4, %i_2 {key=(Hole(False,),), binds=()}
          %11: f32[2, 4] = multiply %10, %h_2
          %12: ~i64[] = constant {value=1}
          %13: ~i64[] = add %i_2, %12
          yield %13, %11
      return %6
"""

from __future__ import annotations

from autograph.ops.keys import Hole
from autograph.runtime.apply import apply
from autograph.runtime.dims import SymbolicDim
from autograph.runtime.ir import Graph, Node, Region, Value, replace_uses
from autograph.runtime.op import get_op
from autograph.runtime.structure_ops import constant_op, dimension_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.passes.open_tries import replace_later
from autograph.transforms.passes.rewriting import drop_carry, recording, uses

_TEST_OPS = {"constant", "dimension", "less"}


def hoist_products(graph: Graph) -> None:
    """Takes products out of loops where that gives the same sums, up to rounding."""
    with recording(graph) as trace:
        _region(trace, graph.body)


def _region(trace: Trace, region: Region) -> None:
    nodes, region.nodes = region.nodes, []
    for index, node in enumerate(nodes):
        for inner in node.regions:
            _region(trace, inner)
        trace.region = region
        start = len(region.nodes)
        later = _loop(trace, region, node) if node.op is while_op else {}
        if node.op is not while_op:
            region.append(node)
        for new in region.nodes[start:]:
            new.location = node.location
        if later:
            replace_later(nodes[index + 1 :], later)
            region.results = [later.get(value, value) for value in region.results]


def _loop(trace: Trace, region: Region, loop: Node) -> dict[Value, Value]:
    """Appends a loop with what is computed before and after it; gives what stands for its outputs later."""
    for product in [node for node in loop.regions[1].nodes if node.op.name == "matmul"]:
        row = product.inputs[0].node
        if row is not None and _takes_rows_in_order(loop, row) and _is_outside(loop, product.inputs[1]):
            _before(trace, loop, product, row)
    sums = [found for place in range(len(loop.outputs)) if (found := _sum_of_products(loop, place)) is not None]
    kept: dict[Value, int] = {}
    for _, left, right in sums:
        for value in (left, right):
            if value not in kept:
                kept[value] = _keep(trace, loop, value)
    region.append(loop)
    count = trace.fresh_symbol()  # of the trips
    stacks = {value: _stacked(trace, loop.outputs[place], count) for value, place in kept.items()}
    later = {}
    for place, left, right in sums:
        turned = apply(get_op("permute_dims"), stacks[left], axes=(1, 0))
        total = apply(get_op("matmul"), turned, stacks[right])
        later[loop.outputs[place]] = trace.value(apply(get_op("add"), total, Tensor(loop.inputs[place])))
    for place in sorted((place for place, _, _ in sums), reverse=True):
        drop_carry(loop, place)
    return later


# -- rows times a matrix -------------------------------------------------------------------------------------


def _is_outside(loop: Node, value: Value) -> bool:
    body = loop.regions[1]
    region = value.region if value.node is None else value.node.region
    return region is None or not body.encloses(region)


def _takes_rows_in_order(loop: Node, row: Node) -> bool:
    """Whether a node takes row `i` of a tensor in trip `i`, of all its rows and no others."""
    if row.op.name != "getitem" or row.attrs["key"] != (Hole(False),) or row.region is not loop.regions[1]:
        return False
    rows, index = row.inputs
    test, body = loop.regions
    if index not in body.params or not _is_outside(loop, rows):
        return False
    type_ = rows.type
    place = body.params.index(index)
    step, first = body.results[place].node, loop.inputs[place].node
    if not isinstance(type_, TensorType) or type_.rank != 3 or not type_.dtype.is_floating:
        return False
    counts = step is not None and step.op.name in ("add", "wrapping") and step.inputs[0] is index
    if not counts or step is None or not _is_number(step.inputs[1].node, 1) or not _is_number(first, 0):
        return False
    limit = test.results[0].node
    if limit is None or limit.op.name != "less" or limit.inputs[0] is not test.params[place]:
        return False
    return {node.op.name for node in test.nodes} <= _TEST_OPS and _is_size(limit.inputs[1].node, type_.shape[0])


def _is_number(node: Node | None, number: int) -> bool:
    return (
        node is not None
        and node.op is constant_op
        and type(node.attrs["value"]) is int
        and (node.attrs["value"] == number)
    )


def _is_size(node: Node | None, size: object) -> bool:
    if node is None:
        return False
    if node.op is dimension_op:
        return bool(node.attrs["dim"] == size)
    return node.op is constant_op and type(node.attrs["value"]) is int and bool(node.attrs["value"] == size)


def _before(trace: Trace, loop: Node, product: Node, row: Node) -> None:
    """Puts the product of all rows before the loop; its rows stand for the products of the rows."""
    rows, index = row.inputs
    matrix = product.inputs[1]
    assert isinstance(rows.type, TensorType) and isinstance(matrix.type, TensorType)
    count, height, width = rows.type.shape
    if matrix.type.rank != 2:
        return
    reshape = get_op("reshape")
    flat = apply(reshape, Tensor(rows), shape=(count * height, width))
    made = apply(get_op("matmul"), flat, Tensor(matrix))
    products = trace.value(apply(reshape, made, shape=(count, height, matrix.type.shape[1])))
    taken = Node(row.op, (products, index), row.attrs, (), [product.outputs[0].type], product.location)
    body = loop.regions[1]
    place = body.nodes.index(product)
    body.nodes.pop(place)
    body.insert(place, taken)
    replace_uses(body, product.outputs[0], taken.outputs[0])


# -- sums of products ----------------------------------------------------------------------------------------


def _sum_of_products(loop: Node, place: int) -> tuple[int, Value, Value] | None:
    """A carry that only adds up `a.T @ g`, with `a` taken from a list: its place, `a` and `g`."""
    body = loop.regions[1]
    total, param = body.results[place].node, body.params[place]
    if total is None or total.op.name != "add" or param not in total.inputs or total.region is not body:
        return None
    (term,) = [value for value in total.inputs if value is not param] or [param]
    product = term.node
    if product is None or product.op.name != "matmul" or product.region is not body or term.type != param.type:
        return None
    turned, right = product.inputs[0].node, product.inputs[1]
    if turned is None or turned.op.name != "permute_dims" or tuple(turned.attrs["axes"]) != (1, 0):
        return None
    left = turned.inputs[0]
    single = all(uses(body, value) == 1 for value in (param, term, total.outputs[0]))
    from_list = left.node is not None and left.node.op.name == "list_unappend" and left.node.region is body
    inside = right.node is not None and right.node.region is body
    if not (single and from_list and inside) or uses(loop.regions[0], loop.regions[0].params[place]):
        return None
    types = [left.type, right.type, param.type]
    sized = all(isinstance(t, TensorType) and t.rank == 2 and all(isinstance(d, int) for d in t.shape) for t in types)
    return (place, left, right) if sized else None


def _keep(trace: Trace, loop: Node, value: Value) -> int:
    """Makes a loop collect a value of each trip in a list; the list's place among its outputs."""
    test, body = loop.regions
    assert isinstance(value.type, TensorType)
    type_ = ListType(value.type)
    loop.inputs.append(trace.value(apply(get_op("list_new"), element=value.type)))
    test.add_param(type_)
    before = body.add_param(type_)
    body.results.append(body.append(Node(get_op("list_append"), (before, value), {}, (), [type_], None)).outputs[0])
    loop.add_output(type_)
    return len(loop.outputs) - 1


def _stacked(trace: Trace, items: Value, count: SymbolicDim) -> Tensor:
    """The rows of all items of a list of matrices, one after another."""
    assert isinstance(items.type, ListType) and isinstance(items.type.element, TensorType)
    height, width = items.type.element.shape
    stack = apply(get_op("list_stack"), Tensor(items), binds=(count,))
    found: Tensor = apply(get_op("reshape"), stack, shape=(count * height, width))
    return found
