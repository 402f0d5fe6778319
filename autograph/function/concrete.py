"""A concrete function: one graph with what it takes from outside, compiled on its first call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograph.errors import SignatureError, StagingError
from autograph.function.arguments import flatten
from autograph.function.leaf_types import LeafType, Literal
from autograph.runtime.backend import Executable, get_backend
from autograph.runtime.context import Context, current, use
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.ir import Graph
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable
from autograph.staging.codec import decode_host
from autograph.staging.forms import Form, Slot, Struct, parts_of, rebuild
from autograph.transforms.linearize import call_with_gradient
from autograph.transforms.optimize import optimize


class ConcreteFunction:
    """One traced graph of a function, ready to run.

    Attributes:
        captures: tensors from outside that the graph reads, at their values of each call.
        variables: variables that the graph reads or writes.
        structured_input_signature: the arguments' structure with a TensorSpec for each tensor.
        inputs: the positions of the argument leaves that the graph takes.
        result: how the graph's results make the function's.
        writebacks: the positions of argument leaves that the graph's last results go back to.
        numbers: the results that the caller gets as Python numbers.
        single: whether the result is one tensor.
        compile_seconds: the time that compiling took, None before the first call.
    """

    def __init__(
        self,
        *,
        name: str,
        graph: Graph | Callable[[], Graph],
        code: str | Callable[[], str],
        inputs: Sequence[int],
        captures: Sequence[Tensor],
        variables: Sequence[Variable],
        structured_input_signature: Any,
        result: Form,
        writebacks: Sequence[int],
        numbers: set[int],
        backend: str,
    ) -> None:
        self.name = name
        self._graph = graph
        self._code = code
        self.captures = tuple(captures)
        self.variables = tuple(variables)
        self.structured_input_signature = structured_input_signature
        self.backend = backend
        self.compile_seconds: float | None = None
        self.inputs = tuple(inputs)
        self.result = result
        self.single = isinstance(result, Slot) and not writebacks and not numbers
        self.writebacks = tuple(writebacks)
        self.numbers = numbers

    @cached_property
    def code(self) -> str:
        """The generated Python source that was traced."""
        return self._code if isinstance(self._code, str) else self._code()

    @cached_property
    def graph(self) -> Graph:
        """The graph as traced."""
        return self._graph if isinstance(self._graph, Graph) else self._graph()

    @cached_property
    def optimized(self) -> Graph:
        """The graph after the optimisation passes."""
        return optimize(self.graph)

    @property
    def fallbacks(self) -> dict[str, int]:
        """How many nodes of each op another backend runs in place of this one; none before the first call."""
        compiled = vars(self).get("executable")
        return dict(getattr(compiled, "fallbacks", {}))

    @property
    def notes(self) -> list[str]:
        """How the backend runs the graph, line by line; none before the first call."""
        found: Callable[[], list[str]] | None = getattr(vars(self).get("executable"), "notes", None)
        return [] if found is None else found()

    def computes_same(self, other: ConcreteFunction) -> bool:
        """Whether another trace gives the same graph on the same outer tensors and variables."""
        return (
            str(self.optimized) == str(other.optimized)
            and list(map(id, self.variables)) == list(map(id, other.variables))
            and list(map(id, self.captures)) == list(map(id, other.captures))
        )

    @cached_property
    def executable(self) -> Executable:
        """The graph, compiled."""
        start = time.perf_counter()
        executable = get_backend(self.backend).compile(self.optimized)
        self.compile_seconds = time.perf_counter() - start
        return executable

    @cached_property
    def takes_devices(self) -> bool:
        """Whether the backend takes tensors that live on devices, and gives such."""
        return hasattr(self.executable, "to_tensors")

    @cached_property
    def run_to_tensors(self) -> Callable[[Sequence[Any]], list[Tensor]]:
        """The compiled graph, giving its results as tensors, which stay on the backend's device if it has one."""
        execute = self.executable
        found: Callable[[Sequence[Any]], list[Tensor]] | None = getattr(execute, "to_tensors", None)
        return found or (lambda raws: [Tensor(raw) for raw in execute(raws)])

    @property
    def structured_outputs(self) -> Any:
        """The results' structure with a TensorSpec for each tensor."""
        types = iter(self.graph.results)
        specs = [TensorSpec(v.type.shape, v.type.dtype) if isinstance(v.type, TensorType) else v.type for v in types]
        return decode_specs(self.result, specs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the graph.

        Args:
            *args: arguments as the function takes them.
            **kwargs: keyword arguments.

        Returns:
            The results in the function's structure.

        Raises:
            SignatureError: a tensor does not match the signature.
        """
        leaves, structure = flatten((args, kwargs))
        specs, wanted = flatten(self.structured_input_signature)
        if structure != wanted:
            tensors = [spec for spec in specs if isinstance(spec, TensorSpec)]
            leaves = self._of_tensors(leaves, tensors, len(specs))
        for i in self.inputs:
            spec, leaf = specs[i], leaves[i]
            type_ = None if not _is_number_like(leaf) else leaf.type if isinstance(leaf, Tensor) else raw_type(leaf)
            if type_ is None or spec.dtype is not type_.dtype or not _fits(spec.shape, type_.shape):
                refuse(
                    SignatureError,
                    f"wanted {spec}, got {repr(leaf) if type_ is None else f'a tensor {type_}'}",
                    "see .structured_input_signature",
                )
        return self.run(leaves)

    def _of_tensors(self, leaves: list[Any], wanted: list[TensorSpec], count: int) -> list[Any]:
        """The leaves where only the tensors among the arguments were passed."""
        given = [leaf for leaf in leaves if _is_number_like(leaf)]
        if len(given) != len(wanted):
            refuse(
                SignatureError,
                f"{self.name} takes {len(wanted)} tensors, got {len(given)}",
                "see .structured_input_signature",
            )
        placed: list[Any] = [None] * count
        for i, leaf in zip(self.inputs, given, strict=True):
            placed[i] = leaf
        return placed

    def run(self, leaves: Sequence[Any], variables: Sequence[Variable] | None = None) -> Any:
        """Runs the graph on argument leaves that fit it, with other variables than the traced ones if given."""
        context = current()
        if self.writebacks:
            self.require_apart(leaves)
        references = self.variables if variables is None else variables
        if context is not None and context.tapes:
            tensors = [leaf if isinstance(leaf, Tensor) else Tensor(leaf) for leaf in [leaves[i] for i in self.inputs]]
            operands = [*tensors, *self.captures, *references]
            outs = call_with_gradient(self.graph, operands, self._run_graph, self.backend)
            return self.decoded(outs, leaves)
        run = self.run_to_tensors
        raws = [*[leaves[i] for i in self.inputs], *self.captures]
        if not self.takes_devices:
            raws = [leaf._value if isinstance(leaf, Tensor) else leaf for leaf in raws]
        raws += references
        found = self._run_graph(run, raws) if context is not None else self._run_plain(run, raws)
        return found[0] if self.single else self.decoded(found, leaves)

    def require_apart(self, leaves: Sequence[Any]) -> None:
        """Refuses an argument that the function writes to and that is another argument as well: the graph takes two.

        Raises:
            StagingError: there is one.
        """
        for position in self.writebacks:
            for other in self.inputs:
                if other != position and _is_shared(leaves[position], leaves[other]):
                    refuse(
                        StagingError,
                        f"{self.name} writes to an argument that is passed twice, or shares memory with another",
                        "pass a copy of one",
                    )

    def decoded(self, outs: list[Any], leaves: Sequence[Any]) -> Any:
        """The results in the function's structure; what the graph has written to arguments goes back to them."""
        count = len(outs) - len(self.writebacks)
        for position, out in zip(self.writebacks, outs[count:], strict=True):
            leaf = leaves[position]
            if isinstance(leaf, Tensor):
                leaf.take(out)
            else:
                np.copyto(leaf, out._value)  # a NumPy array is the caller's own, as in plain Python
        results = [out._value if i in self.numbers else out for i, out in enumerate(outs[:count])]
        return decode_host(self.result, iter(results))

    @staticmethod
    def _run_plain(executable: Executable, raws: list[Any]) -> list[Any]:
        try:
            return executable(raws)
        except Failure as failure:
            signal = failure
        raise_failure(signal)

    @staticmethod
    def _run_graph(executable: Executable, raws: list[Any]) -> list[Any]:
        try:
            with use(_NO_CONTEXT):
                return executable(raws)
        except Failure as failure:
            signal = failure
        raise_failure(signal)


def argument_spec(leaf: Any, type_: LeafType) -> Any:
    """An argument as `structured_input_signature` shows it; objects are not kept alive for it."""
    if type_.input is not None:
        return TensorSpec(type_.input.shape, type_.input.dtype)
    return leaf if isinstance(type_, Literal) else type_


_NO_CONTEXT: Context | None = None


def _is_number_like(leaf: Any) -> bool:
    return isinstance(leaf, (Tensor, np.ndarray, np.generic, *PYTHON_NUMBERS))


def _fits(wanted: Sequence[Any], shape: Sequence[Any]) -> bool:
    pairs = zip(wanted, shape, strict=False)
    return len(wanted) == len(shape) and all(not isinstance(want, int) or want == size for want, size in pairs)


def decode_specs(form: Form, specs: list[Any]) -> Any:
    """The results' structure with a spec in the place of each tensor."""
    position = iter(specs)
    return _spec_tree(form, position)


def _spec_tree(form: Any, specs: Any) -> Any:
    parts = getattr(form, "parts", None)
    if isinstance(form, Struct) and parts_of(form.example) is not None and parts is not None:
        made = rebuild(form.example, [_spec_tree(part, specs) for part in parts], form.keys)
        return list(made) if isinstance(made, list) else made
    slots = form.slot_types()
    if not slots:
        return getattr(form, "value", None)
    found = [next(specs) for _ in slots]
    return found[-1]


def _is_shared(a: Any, b: Any) -> bool:
    """Whether writing to one argument changes the other."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.shares_memory(a, b)
    return a is b and isinstance(a, Tensor)
