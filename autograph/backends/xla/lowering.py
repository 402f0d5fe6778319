"""A part of a graph as a function that JAX traces: one call for each op, with sizes filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.attributes import with_sizes
from autograph.backends.xla.callbacks import called_back
from autograph.backends.xla.fills import filled
from autograph.backends.xla.list_bounds import largest
from autograph.backends.xla.padding import Fill, PaddingError, described
from autograph.backends.xla.rules import HOSTED, RULES, STRUCTURAL
from autograph.backends.xla.slots import Slots, empty, resized
from autograph.runtime.dims import Dim, evaluate, symbols_of
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.types import ListType, TensorType, Type, type_symbols


class Lowering:
    """One trace of a part of a graph.

    Attributes:
        sizes: the sizes that symbols stand for, padded ones included.
        true_sizes: the same, but what padded ones are without the padding: numbers that the program is given.
        is_padded: whether there are such.
        trips: how many trips loops make, where that is a number now: it does not follow from a padded size.
        overflow: a bit for each kind of list that has outgrown its buffer; None where no list grows.
        called_back: the nodes for which the program calls the host.

    Args:
        sizes: see above.
        kinds: for each list value, which kind of list it is: those that meet share a capacity.
        capacities: of each kind.
        bounds: of kinds that never have more items, which are their capacities.
        trips: how many trips loops make, where that is known.
        true_sizes: of the padded sizes.
        fills: what ops need of the padding of their operands.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        kinds: Mapping[Value, int],
        capacities: Sequence[int],
        bounds: Mapping[int, Dim],
        trips: Mapping[Node, Dim],
        true_sizes: Mapping[str, Any] = MappingProxyType({}),
        fills: Mapping[Node, Sequence[Fill]] = MappingProxyType({}),
    ) -> None:
        self.sizes = sizes
        self.true_sizes = {**sizes, **true_sizes}
        self._fills = fills
        self.trips = {
            node: evaluate(count, sizes)
            for node, count in trips.items()
            if not any(name in true_sizes for name in symbols_of(count))
        }
        self.is_padded = bool(true_sizes)
        self.overflow: Any = jnp.zeros((), jnp.int64) if len(bounds) < len(capacities) else None
        self.called_back: set[Node] = set()
        self._values: dict[Value, Any] = {}
        self._kinds = kinds
        self._bounded = set(bounds)
        self._capacities = list(capacities)
        for kind, bound in bounds.items():
            self._capacities[kind] = max(largest(bound, sizes, true_sizes), 1)

    # -- values -----------------------------------------------------------------------------------------

    def value(self, value: Value) -> Any:
        """What a value of the graph is in the trace."""
        return self._values[value]

    def values(self, values: Sequence[Value]) -> list[Any]:
        """What some values of the graph are."""
        return [self._values[value] for value in values]

    def bind(self, values: Sequence[Value], given: Sequence[Any]) -> None:
        """Sets values, in the dtypes of their types."""
        for value, raw in zip(values, given, strict=True):
            self._values[value] = self.fitted(raw, value)

    def give(self, node: Node, made: Sequence[Any]) -> None:
        """Sets the outputs of a node."""
        self.bind(node.outputs, made)

    def fitted(self, raw: Any, value: Value) -> Any:
        """A raw value in the form of a value's type."""
        if isinstance(value.type, ListType):
            assert isinstance(raw, Slots)
            return resized(raw, self._capacities[self._kinds[value]])
        assert isinstance(value.type, TensorType)
        array = jnp.asarray(raw)
        wanted = value.type.dtype.numpy
        return array if array.dtype == wanted else self.cast(array, value.type.dtype)

    @staticmethod
    def cast(array: Any, dtype: DType) -> Any:
        """An array in a dtype, as the cast op does it."""
        return RULES["cast"](array, dtype=dtype)

    def shape(self, type_: TensorType) -> tuple[int, ...]:
        """A shape with sizes filled in."""
        return tuple([evaluate(dim, self.sizes) for dim in type_.shape])

    def nothing(self, value: Value) -> Any:
        """A placeholder that is never read."""
        if isinstance(value.type, ListType):
            return self.empty_list(value)
        assert isinstance(value.type, TensorType)
        return jnp.zeros(self.shape(value.type), value.type.dtype.numpy)

    # -- lists ------------------------------------------------------------------------------------------

    def empty_list(self, value: Value) -> Slots:
        """A list without items, in a buffer of its kind's capacity."""
        assert isinstance(value.type, ListType) and isinstance(value.type.element, TensorType)
        element = value.type.element
        return empty(self._capacities[self._kinds[value]], self.shape(element), element.dtype.numpy)

    def may_outgrow(self, value: Value) -> bool:
        """Whether a list can have more items than its buffer has room for."""
        return self._kinds[value] not in self._bounded

    def demand(self, value: Value, fits: Any) -> None:
        """Notes that a list has outgrown its buffer unless it fits."""
        if not self.may_outgrow(value):
            return
        bit = np.int64(1) << np.int64(self._kinds[value])
        self.overflow = self.overflow | jnp.where(fits, np.int64(0), bit)

    # -- nodes ------------------------------------------------------------------------------------------

    def block(self, nodes: Sequence[Node]) -> None:
        """Traces nodes in order."""
        for node in nodes:
            special = STRUCTURAL.get(node.op.name)
            if special is not None:
                special(self, node)
                continue
            attrs = {key: with_sizes(value, self.sizes) for key, value in node.attrs.items() if key != "binds"}
            function = RULES.get(node.op.name)
            with jax.named_scope(_scope(node)):
                made = self._computed(node, function, self._operands(node), attrs)
            self.give(node, made if type(made) is tuple else (made,))

    def _operands(self, node: Node) -> list[Any]:
        """What a node takes, with its padding as the node needs it."""
        operands = self.values(node.inputs)
        for fill in self._fills.get(node, ()):
            type_ = node.inputs[fill.operand].type
            assert isinstance(type_, TensorType)
            operands[fill.operand] = filled(operands[fill.operand], fill, type_.shape, self.true_sizes)
        return operands

    def _computed(self, node: Node, function: Any, operands: list[Any], attrs: Mapping[str, Any]) -> Any:
        if function is None:
            return self._called_back(node, operands, attrs)
        type_ = node.outputs[0].type
        if node.op.promotes and isinstance(type_, TensorType) and type_.dtype.is_inexact:
            operands = [x if jnp.issubdtype(x.dtype, jnp.inexact) else self.cast(x, type_.dtype) for x in operands]
        try:
            hosted = HOSTED[node.op.name](*operands) if node.op.name in HOSTED else ()
            if hosted:
                return self._by_platform(node, function, operands, attrs, hosted)
            made = function(*operands, **attrs)
            return self._called_back(node, operands, attrs) if made is NotImplemented else made
        except (ValueError, IndexError, TypeError, ZeroDivisionError):
            if self.is_padded:
                raise PaddingError(described(node)) from None
            # Sizes that a check excludes, as they are known now, or no elements where some are demanded: never run.
            if not _is_open(node) and (node.op.requires is None or all(operand.size for operand in operands)):
                raise
            return tuple([self.nothing(output) for output in node.outputs])

    def _by_platform(
        self, node: Node, function: Any, operands: Sequence[Any], attrs: Mapping[str, Any], hosted: Sequence[str]
    ) -> Any:
        """An op that some platforms have no program for: there its reference kernel. The compiler chooses."""

        def ruled(*xs: Any) -> tuple[Any, ...]:
            made = function(*xs, **attrs)
            outs = made if type(made) is tuple else (made,)
            return tuple([self.fitted(out, value) for out, value in zip(outs, node.outputs, strict=True)])

        if {"gpu": "cuda"}.get(jax.default_backend(), jax.default_backend()) in hosted:
            self.called_back.add(node)
        called = dict.fromkeys(hosted, lambda *xs: self._on_host(node, xs, attrs))
        return lax.platform_dependent(*operands, **called, default=ruled)

    def _called_back(self, node: Node, operands: Sequence[Any], attrs: Mapping[str, Any]) -> tuple[Any, ...]:
        self.called_back.add(node)
        return self._on_host(node, operands, attrs)

    def _on_host(self, node: Node, operands: Sequence[Any], attrs: Mapping[str, Any]) -> tuple[Any, ...]:
        """An op without a rule: its reference kernel, called back from the device's program."""
        assert node.op.kernel is not None
        kernel, types = node.op.kernel, [value.type for value in node.outputs]
        weak = [isinstance(value.type, TensorType) and value.type.weak for value in node.inputs]
        shapes = [self._spec(type_) for type_ in types]

        def call(*arrays: Any) -> tuple[Any, ...]:
            found = kernel(np, *[x.item() if is_weak else x for x, is_weak in zip(arrays, weak)], **attrs)
            return found if type(found) is tuple else (found,)

        return called_back(call, shapes, operands)

    def _spec(self, type_: Type) -> Any:
        assert isinstance(type_, TensorType)
        return jax.ShapeDtypeStruct(self.shape(type_), type_.dtype.numpy)  # type: ignore[no-untyped-call]

    @contextmanager
    def region(self, region: Region, given: Sequence[Any], overflow: Any) -> Iterator[None]:
        """Traces a region inside a function that JAX traces: the flag is the function's own meanwhile."""
        outer, self.overflow = self.overflow, overflow
        self.bind(region.params, given)
        self.block(region.nodes)
        yield
        self.overflow = outer


def _is_open(node: Node) -> bool:
    """Whether the types of a node leave sizes open, which the graph then checks."""
    return any(type_symbols(value.type) for value in (*node.inputs, *node.outputs))


def _scope(node: Node) -> str:
    """What profilers call an op: its name and the user's line."""
    return node.op.name if node.location is None else f"{node.op.name}:{node.location.line}"
