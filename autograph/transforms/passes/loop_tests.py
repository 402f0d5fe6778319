"""Moves a loop's test to the start of its body, so that only the body may fail.

Before:
    %1 = while(%0) {test(%n): %t yield %t} {body(%n): … yield %m}

After:
    %1, %2 = while(%0, true) {test(%n, %goes_on): yield %goes_on}
      {body(%n, %goes_on): %t cond(%t) {… yield %m, true} {yield %n, false}}
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograph.runtime.apply import infer_types
from autograph.runtime.ir import Node, Region, Value, replace_uses
from autograph.runtime.op import Op
from autograph.runtime.structure_ops import cond_op, constant_op
from autograph.runtime.types import TensorType, Type


def test_in_body(region: Region, node: Node) -> None:
    """Moves a loop's test to the start of its body, so that only the body may fail.

    while(%n) {test: t} {body: b} becomes while(%n, true) {test: %goes_on} {body: cond(t) {b, true} {%n, false}}.
    """
    test, body = node.regions
    flag = test.results[0].type
    for old, new in zip(test.params, body.params, strict=True):
        replace_uses(test, old, new)
    trip, leave = Region(), Region()
    move(body.nodes, trip)
    trip.results = [*body.results, flag_constant(trip, flag, True)]
    leave.results = [*body.params, flag_constant(leave, flag, False)]
    types = [*[param.type for param in body.params], flag]
    body.nodes = []
    move(test.nodes, body)
    step = body.append(Node(cond_op, test.results, {}, (trip, leave), types, node.location))
    body.results = list(step.outputs)
    test.nodes = []
    test.results = [test.add_param(flag)]
    body.add_param(flag)
    node.inputs.append(flag_constant(region, flag, True))
    node.add_output(flag)


def move(nodes: Sequence[Node], region: Region) -> None:
    for node in nodes:
        region.append(node)


def flag_constant(region: Region, type_: Type, value: bool) -> Value:
    weak = isinstance(type_, TensorType) and type_.weak
    return emit(region, constant_op, value=value if weak else np.asarray(value))


def emit(region: Region, op: Op, *inputs: Value, **attrs: object) -> Value:
    types, _ = infer_types(op, [value.type for value in inputs], attrs)
    return region.append(Node(op, inputs, attrs, (), types, None)).outputs[0]
