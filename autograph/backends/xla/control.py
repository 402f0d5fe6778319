"""Branches, loops, constants and sizes on XLA."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
from jax import lax

from autograph.backends.xla.counted_loops import counted_loop
from autograph.backends.xla.fills import true_size
from autograph.backends.xla.rules import RULES, structural
from autograph.runtime.dims import evaluate
from autograph.runtime.ir import Node, Region, walk
from autograph.runtime.op import Kind
from autograph.runtime.types import ListType, TensorType

if TYPE_CHECKING:
    from autograph.backends.xla.lowering import Lowering

_FEW = 12  # ops
_SMALL = 1024  # elements
_GROWING = ("list_append", "list_concat", "list_from", "list_unstack")


def grows(lowering: Lowering, *regions: Region) -> bool:
    """Whether a list may outgrow its buffer in some regions."""
    nodes = [node for region in regions for node in walk(region) if node.op.name in _GROWING]
    return any(lowering.may_outgrow(out) for node in nodes for out in node.outputs if isinstance(out.type, ListType))


@structural("constant")
def _constant(lowering: Lowering, node: Node) -> None:
    value = node.attrs["value"]
    lowering.give(node, [jnp.asarray(value, node.outputs[0].type.dtype.numpy)])  # type: ignore[union-attr]


@structural("dimension")
def _dimension(lowering: Lowering, node: Node) -> None:
    dim = node.attrs["dim"]
    size = true_size(dim, lowering.true_sizes) if lowering.is_padded else evaluate(dim, lowering.sizes)
    lowering.give(node, [jnp.asarray(size, jnp.int64)])


@structural("undefined")
def _undefined(lowering: Lowering, node: Node) -> None:
    lowering.give(node, [lowering.nothing(node.outputs[0])])


def _is_cheap(lowering: Lowering, region: Region) -> bool:
    """Whether a branch costs less than a jump, on a GPU less than asking the device: little computed from others."""
    if not region.nodes and all(isinstance(value.type, TensorType) for value in region.results):
        return True
    if len(region.nodes) > _FEW:
        return False
    kinds, known = (Kind.ELEMENTWISE, Kind.CREATION), {*RULES, "constant", "undefined"}
    values = [*region.results, *[value for node in region.nodes for value in (*node.inputs, *node.outputs)]]
    return all(node.op.kind in kinds and node.op.name in known for node in region.nodes) and all(
        isinstance(value.type, TensorType) and math.prod(lowering.shape(value.type)) <= _SMALL for value in values
    )


def _truth(value: Any) -> Any:
    """A condition as XLA takes it."""
    number = jnp.reshape(value, ()) if value.ndim else value
    return number if number.dtype == bool else number != 0


def _select(lowering: Lowering, node: Node) -> None:
    """Computes both branches, which cannot fail, and takes the results of one."""
    pred = _truth(lowering.value(node.inputs[0]))
    found = []
    for region in node.regions:
        lowering.block(region.nodes)
        found.append([lowering.fitted(lowering.value(x), out) for x, out in zip(region.results, node.outputs)])
    lowering.give(node, [jnp.where(pred, a, b) for a, b in zip(*found, strict=True)])


@structural("cond")
def _cond(lowering: Lowering, node: Node) -> None:
    if all(_is_cheap(lowering, region) for region in node.regions):
        _select(lowering, node)
        return
    growing = grows(lowering, *node.regions)

    def branch(region: Region) -> Any:
        def run(overflow: Any) -> Any:
            with lowering.region(region, [], overflow if growing else lowering.overflow):
                results = lowering.values(region.results)
                outs = [lowering.fitted(raw, out) for raw, out in zip(results, node.outputs, strict=True)]
                return outs, lowering.overflow if growing else None

        return run

    pred = _truth(lowering.value(node.inputs[0]))
    outs, overflow = lax.cond(pred, *map(branch, node.regions), lowering.overflow)
    lowering.give(node, outs)
    if growing:
        lowering.overflow = overflow


@structural("while")
def _while(lowering: Lowering, node: Node) -> None:
    test, body = node.regions
    growing = grows(lowering, body)
    count = None if growing else lowering.trips.get(node)  # a list that outgrows its buffer ends the loop
    if count is not None:
        counted_loop(lowering, node, count)
        return

    def going_on(carry: Any) -> Any:
        values, overflow = carry
        with lowering.region(test, values, overflow if growing else lowering.overflow):
            pred = _truth(lowering.value(test.results[0]))
            return pred if lowering.overflow is None else pred & (lowering.overflow == 0)

    def trip(carry: Any) -> Any:
        values, overflow = carry
        with lowering.region(body, values, overflow if growing else lowering.overflow):
            results = lowering.values(body.results)
            outs = [lowering.fitted(raw, param) for raw, param in zip(results, test.params, strict=True)]
            return outs, lowering.overflow if growing else None

    first = [lowering.fitted(raw, p) for raw, p in zip(lowering.values(node.inputs), test.params, strict=True)]
    outs, overflow = lax.while_loop(going_on, trip, (first, lowering.overflow if growing else None))
    lowering.give(node, outs)
    if growing:
        lowering.overflow = overflow
