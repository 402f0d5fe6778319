"""Moves a product down to the sum that it ends in, where the other summand is not known before.

For backends whose products add to what is there: the update of weights becomes part of the product that is their
gradient.

Before:
    func f(%x: f32[4, 2], %g: f32[4, 3], %weights: ref f32[2, 3], %rate: f32[]) -> ():
      %0: f32[2, 4] = permute_dims %x {axes=(1, 0,)}
      %1: f32[2, 3] = matmul %0, %g
      %2: f32[2, 3] = multiply %rate, %1
      %3: f32[2, 3] = read %weights
      %4: f32[2, 3] = subtract %3, %2
      assign %weights, %4
      return

After:
    func f(%x: f32[4, 2], %g: f32[4, 3], %weights: ref f32[2, 3], %rate: f32[]) -> ():
      %0: f32[2, 4] = permute_dims %x {axes=(1, 0,)}
      %1: f32[2, 3] = read %weights
      %2: f32[2, 3] = matmul %0, %g
      %3: f32[2, 3] = multiply %rate, %2
      %4: f32[2, 3] = subtract %1, %3
      assign %weights, %4
      return
"""

from __future__ import annotations

from autograph.runtime.ir import Graph, Node, Region, Value, users_in

Users = dict[Value, list[tuple[Region, Node | None]]]


def sink_products(graph: Graph) -> None:
    """Moves products, and what multiplies them by a number, to right before the sum that alone uses them."""
    _sink(graph.body, users_in(graph.body))


def _sink(region: Region, users: Users) -> None:
    moved: dict[Node, list[Node]] = {}
    for node in region.nodes:
        for inner in node.regions:
            _sink(inner, users)
        if node.op.name == "matmul":
            chain = _chain(region, node, users)
            if chain:
                *before, total = chain
                moved[total] = before
    if not moved:
        return
    gone = {node for nodes in moved.values() for node in nodes}
    nodes = [node for node in region.nodes if node not in gone]
    region.nodes = [each for node in nodes for each in [*moved.get(node, []), node]]


def _chain(region: Region, product: Node, users: Users) -> list[Node]:
    """A product, perhaps its multiple, and the sum that these end in; none where there is no such sum."""
    chain = [product]
    while len(chain) < 3:
        last = chain[-1].outputs[0]
        found = users.get(last, [])
        where, user = found[0] if len(found) == 1 else (None, None)
        if user is None or where is not region or user.outputs[0].type != last.type:
            return []
        chain.append(user)
        if user.op.name in ("add", "subtract"):
            return chain
        if user.op.name != "multiply":
            return []
    return []
