"""What the host does between device programs: branches and loops around them, ops of unknown size, effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograph.backends.numpy.codegen import bind_size
from autograph.backends.numpy.emitters import caught, placeholder
from autograph.backends.xla.attributes import with_sizes
from autograph.backends.xla.plan import Block, HostStep, Segment
from autograph.backends.xla.segments import CompiledSegment
from autograph.backends.xla.slots import Slots, to_vector
from autograph.backends.xla.transfers import Transfers
from autograph.errors import AutoGraphError
from autograph.runtime.apply import run_kernel
from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.failure import Failure, raise_at
from autograph.runtime.ir import Graph, Node, Value
from autograph.runtime.op import Kind
from autograph.runtime.types import ListType, RefType, TensorType, Type

Run = Callable[[Graph, Sequence[Any]], Sequence[Any]]


class Host:
    """One run of a planned graph.

    Args:
        compiled: the device programs of its segments.
        call: runs another graph, which this one calls.
        transfers: counts what the host takes from the device.
    """

    def __init__(self, compiled: Mapping[int, CompiledSegment], call: Run, transfers: Transfers) -> None:
        self.values: dict[Value, Any] = {}
        self.sizes: dict[str, int] = {}
        self._compiled = compiled
        self._call = call
        self.transfers = transfers

    def bind(self, values: Sequence[Value], raws: Sequence[Any]) -> None:
        """Sets values, and the sizes that their types tell first: symbols that stand alone before others."""
        for value, raw in zip(values, raws, strict=True):
            self.values[value] = raw
        for plain in (True, False):
            for value, raw in zip(values, raws, strict=True):
                self._bind_sizes(value.type, raw, plain)

    def _bind_sizes(self, type_: Type, raw: Any, plain: bool) -> None:
        held = type_.value if isinstance(type_, RefType) else type_
        if not isinstance(held, TensorType) or not held.shape:
            return
        for dim, size in zip(held.shape, raw.shape):
            if not isinstance(dim, SymbolicDim):
                continue
            if is_symbol(dim):
                self.sizes.setdefault(symbols_of(dim)[0], size)
            elif not plain:
                open_ = [name for name in symbols_of(dim) if name not in self.sizes]
                if len(open_) == 1:
                    self.sizes[open_[0]] = bind_size(dim, size, self.sizes)

    def region(self, block: Block, raws: Sequence[Any] = ()) -> list[Any]:
        """Runs a region for values of its parameters; its results. Sizes that it binds are its own."""
        outer = self.sizes
        self.sizes = dict(outer)
        self.bind(block.region.params, raws)
        self.block(block)
        self.sizes = outer
        return [self.values[value] for value in block.region.results]

    def block(self, block: Block) -> None:
        """Runs the steps of a region whose parameters are bound."""
        for step in block.steps:
            if isinstance(step, Segment):
                raws = [self.values[value] for value in step.inputs]
                for raw in raws:
                    self.transfers.send(raw)
                for value, raw in zip(step.outputs, self._compiled[id(step)](raws, self.sizes), strict=True):
                    self.values[value] = raw
            else:
                self._step(step)

    def raw(self, value: Value) -> Any:
        """A value as the host's kernels take it."""
        raw = self.values[value] = to_raw(self.transfers.fetch(self.values[value]), value.type)
        return raw

    def _step(self, step: HostStep) -> None:
        special = _STEPS.get(step.node.op.name)
        if special is not None:
            special(self, step)
            return
        node = step.node
        attrs = {key: () if key == "binds" else with_sizes(value, self.sizes) for key, value in node.attrs.items()}
        operands = [self.raw(value) for value in node.inputs]
        try:
            out = _computed(node, operands, attrs)
        except (Failure, AutoGraphError):
            raise
        except Exception as error:
            # A check has failed before it, in gradients of lists that of the forward pass: its results are never used.
            if node.op.requires is not None or node.op.kind is Kind.LIST:
                self.give(node, [placeholder(output.type) for output in node.outputs])
                return
            if node.location is None:
                raise
            raised = error.with_traceback(None)
        else:
            self.give(node, out if type(out) is tuple else (out,))
            return
        raise_at(raised, node.location)

    def give(self, node: Node, outs: Sequence[Any]) -> None:
        """Sets the outputs of a node that the host has run."""
        self.bind(
            node.outputs, [_weakened(out, value.type, node) for out, value in zip(outs, node.outputs, strict=True)]
        )


def to_raw(value: Any, type_: Type) -> Any:
    """A device's value on the host: an array, a Python number or a list of them."""
    if isinstance(type_, ListType):
        element = type_.element
        return to_vector(value, isinstance(element, TensorType) and element.weak) if type(value) is Slots else value
    if isinstance(type_, TensorType) and type_.weak:
        return value.item() if hasattr(value, "item") else value
    return value if isinstance(value, np.ndarray | np.generic) else np.asarray(value)


def _computed(node: Node, operands: list[Any], attrs: dict[str, Any]) -> Any:
    """What the reference kernel gives; Python's own operation for Python numbers."""
    if node.op.kind is Kind.LIST:
        assert node.op.kernel is not None
        return node.op.kernel(np, *operands, **attrs)
    return run_kernel(node.op, operands, attrs)


def _weakened(raw: Any, type_: Type, node: Node) -> Any:
    if isinstance(type_, TensorType) and type_.weak and node.op.kind is not Kind.LIST and hasattr(raw, "item"):
        return raw.item()
    return raw


def _truth(host: Host, value: Value) -> bool:
    return bool(np.asarray(host.transfers.fetch(host.values[value])))


def _cond(host: Host, step: HostStep) -> None:
    block = step.blocks[0 if _truth(host, step.node.inputs[0]) else 1]
    host.bind(step.node.outputs, host.region(block))


def _while(host: Host, step: HostStep) -> None:
    test, body = step.blocks
    carried = [host.values[value] for value in step.node.inputs]
    while bool(np.asarray(host.transfers.fetch(host.region(test, carried)[0]))):
        carried = host.region(body, carried)
    host.bind(step.node.outputs, carried)


def _try(host: Host, step: HostStep) -> None:
    code, *outputs = step.node.outputs
    sizes = host.sizes
    try:
        found = [0, *host.region(step.blocks[0])]
    except Exception as error:
        host.sizes = sizes
        place = caught(error, step.node.attrs["catches"])
        found = [place, *[placeholder(output.type) for output in outputs]]
    host.bind([code, *outputs], found)


def _callee(host: Host, step: HostStep) -> None:
    raws = [value if isinstance(key.type, RefType) else to_raw(value, key.type) for key, value in _inputs(host, step)]
    host.bind(step.node.outputs, host._call(step.node.attrs["callee"], raws))


def _inputs(host: Host, step: HostStep) -> list[tuple[Value, Any]]:
    return [(value, host.values[value]) for value in step.node.inputs]


def _read(host: Host, step: HostStep) -> None:
    host.bind(step.node.outputs, [host.values[step.node.inputs[0]]._value])


def _assign(host: Host, step: HostStep) -> None:
    reference, value = step.node.inputs
    host.values[reference]._value = host.raw(value)


def _check(host: Host, step: HostStep) -> None:
    ok, *payload = step.node.inputs
    if not _truth(host, ok):
        raise Failure(step.node.attrs["site"], [host.raw(value) for value in payload])


_STEPS: dict[str, Callable[[Host, HostStep], None]] = {
    "cond": _cond,
    "while": _while,
    "try": _try,
    "call": _callee,
    "read": _read,
    "assign": _assign,
    "check": _check,
}
