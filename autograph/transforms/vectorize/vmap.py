"""Vectorises a function while a graph is traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optree

from autograph.errors import ShapeError, StagingError
from autograph.ops.creation import asarray
from autograph.ops.manipulation import moveaxis
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.ir import Graph, Node, Region, walk
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.structure_ops import call_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable
from autograph.transforms.user_functions import Ended, call_guarded
from autograph.transforms.vectorize import control as _control
from autograph.transforms.vectorize.batcher import Batcher

RULES = (_control.batch_cond, _control.batch_while)

Axes = Any  # an int, None, or a structure of them


def vectorized(trace: Trace, f: Callable[..., Any], args: tuple[Any, ...], in_axes: Axes, out_axes: Axes) -> Any:
    """Records a function of all lanes at once.

    Args:
        trace: the trace under way.
        f: the function of one lane.
        args: its arguments.
        in_axes: for each tensor of the arguments the axis of its lanes, or None where it is one for all; an int, or a
            prefix of the arguments' structure.
        out_axes: the same for the results.

    Returns:
        What f gives, of all lanes.
    """
    pytree: Any = args
    leaves, structure = optree.tree_flatten(pytree)
    axes = prefix_leaves(in_axes, args, "in_axes")
    inputs = [_lanes_first(leaf, axis) for leaf, axis in zip(leaves, axes, strict=True)]
    lanes = _lane_count([x for x, axis in zip(inputs, axes, strict=True) if axis is not None])
    region = Region()
    own = []
    for x, axis in zip(inputs, axes, strict=True):
        shared = Tensor(x._value) if isinstance(x, Tensor) else x
        own.append(shared if axis is None else Tensor(region.add_param(TensorType(x.dtype, x.type.shape[1:]))))
    with trace.inside(region):
        value: Any = call_guarded(f, *structure.unflatten(own))
        ended = Ended.is_given(value)
        value = () if ended else value
        results, result_structure = optree.tree_flatten(value)
        region.results = [trace.value(_result(result)) for result in results]
    _refuse_writes(inputs, own, axes)
    batcher = Batcher.of_region(trace, lanes, region, region.params)
    given = [trace.value(x) for x, axis in zip(inputs, axes, strict=True) if axis is not None]
    batcher.known.update(zip(region.params, given, strict=True))
    batcher.run(region.nodes)
    if ended:
        Ended.pass_on()
    targets = prefix_leaves(out_axes, value, "out_axes")
    outs = []
    for result, axis in zip(region.results, targets, strict=True):
        if axis is None and batcher.is_batched(result):
            refuse(StagingError, "a result with out_axes=None differs from lane to lane", "give the axis for its lanes")
        outs.append(Tensor(batcher.get(result)) if axis is None else _moved(Tensor(batcher.stacked(result)), axis))
    return result_structure.unflatten(outs)


def _refuse_writes(given: list[Any], own: list[Any], axes: list[int | None]) -> None:
    for x, handle, axis in zip(given, own, axes, strict=True):
        if axis is None and isinstance(x, Tensor) and handle._value is not x._value:
            refuse(
                StagingError,
                "a function that is vectorised writes into a tensor that is one for all lanes",
                "copy it first (x = x + 0), or give it an axis of lanes",
            )


def _result(result: Any) -> Any:
    if hasattr(result, "__autograph_tensor__"):
        return result.__autograph_tensor__()
    return result if isinstance(result, Tensor) else asarray(result)


def prefix_leaves(axes: Axes, value: Any, name: str) -> list[int | None]:
    """The axis of each leaf of a structure, from an int, None or a prefix of the structure."""
    if axes is None or isinstance(axes, int):
        return [axes] * len(optree.tree_leaves(value))
    if isinstance(axes, tuple | list) and isinstance(value, tuple | list) and len(axes) == len(value):
        return [leaf for a, v in zip(axes, value, strict=True) for leaf in prefix_leaves(a, v, name)]
    if isinstance(axes, dict) and isinstance(value, dict) and axes.keys() == value.keys():
        return [leaf for key in sorted(value) for leaf in prefix_leaves(axes[key], value[key], name)]
    refuse(StagingError, f"{name}={axes!r} does not fit the structure {optree.tree_structure(value)}", "give an int")


def _lanes_first(leaf: Any, axis: int | None) -> Any:
    if axis is None:
        return leaf
    if isinstance(leaf, Variable):
        leaf = leaf.value()
    x = leaf if isinstance(leaf, Tensor) else asarray(leaf)
    rank = len(x.type.shape)
    if not -rank <= axis < rank:
        refuse(
            ShapeError,
            f"there are no lanes along axis {axis} of a tensor of {rank} dimensions",
            "give in_axes=None for what is one for all lanes",
        )
    return moveaxis(x, axis, 0) if axis % rank else x


def _moved(x: Tensor, axis: int) -> Any:
    return moveaxis(x, 0, axis) if axis else x


def _lane_count(inputs: list[Any]) -> Dim:
    if not inputs:
        refuse(StagingError, "no argument has lanes: in_axes is None for all", "give the axis of at least one")
    first: Dim = inputs[0].type.shape[0]
    for x in inputs[1:]:
        size = x.type.shape[0]
        require_equal(first, size, "arguments with different numbers of lanes", "make the sizes of in_axes equal")
        first = size if isinstance(first, SymbolicDim) else first
    return first


def lane_by_lane(graph: Graph) -> dict[str, int]:
    """How many nodes of each op a graph runs lane by lane, since they have no batching rule for their operands."""
    found: dict[str, int] = {}
    seen: set[Graph] = set()

    def visit(region: Region) -> None:
        for node in walk(region):
            mark = node.attrs.get("lane_by_lane")
            if mark is not None:
                found[mark] = found.get(mark, 0) + 1
            _visit_callee(node)

    def _visit_callee(node: Node) -> None:
        callee = node.attrs.get("callee") if node.op is call_op else None
        if callee is not None and callee not in seen:
            seen.add(callee)
            visit(callee.body)

    visit(graph.body)
    return found
