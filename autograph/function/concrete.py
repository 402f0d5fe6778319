"""A concrete function: one graph with what it takes from outside, compiled on its first call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import optree

from autograph.errors import SignatureError
from autograph.runtime.backend import Executable, get_backend
from autograph.runtime.context import Context, current, use
from autograph.runtime.failure import Failure, raise_failure
from autograph.runtime.ir import Graph
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable, to_array
from autograph.staging.codec import decode_host
from autograph.staging.forms import Form, Struct, parts_of, rebuild
from autograph.transforms.autodiff.linearize import call_with_gradient
from autograph.transforms.optimize import optimize


class ConcreteFunction:
    """One traced graph of a function, ready to run.

    Attributes:
        graph: the graph as traced.
        code: the generated Python source that was traced.
        captures: tensors from outside that the graph reads, at their values of each call.
        variables: variables that the graph reads or writes.
        structured_input_signature: the arguments' structure with a TensorSpec for each tensor.
        structured_outputs: the results' structure with a TensorSpec for each tensor.
    """

    def __init__(
        self,
        name: str,
        graph: Graph,
        code: str,
        captures: Sequence[Tensor],
        variables: Sequence[Variable],
        structured_input_signature: Any,
        result: Form,
        writebacks: Sequence[int],
        backend: str,
    ) -> None:
        self.name = name
        self.graph = graph
        self.code = code
        self.captures = tuple(captures)
        self.variables = tuple(variables)
        self.structured_input_signature = structured_input_signature
        self.backend = backend
        self._result = result
        self._writebacks = tuple(writebacks)

    @cached_property
    def optimized(self) -> Graph:
        """The graph after the optimisation passes."""
        return optimize(self.graph)

    @cached_property
    def _executable(self) -> Executable:
        return get_backend(self.backend).compile(self.optimized)

    @property
    def structured_outputs(self) -> Any:
        """The results' structure with a TensorSpec for each tensor."""
        types = iter(self.graph.results)
        specs = [TensorSpec(v.type.shape, v.type.dtype) if isinstance(v.type, TensorType) else v.type for v in types]
        return decode_specs(self._result, specs)

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
        given_tree: Any = (args, kwargs)
        leaves, _ = optree.tree_flatten(given_tree, none_is_leaf=True)
        specs, _ = optree.tree_flatten(self.structured_input_signature, none_is_leaf=True)
        tensors = [leaf for leaf in leaves if not isinstance(leaf, Variable)]
        wanted = [spec for spec in specs if isinstance(spec, TensorSpec)]
        given = []
        for leaf in tensors:
            if isinstance(leaf, Tensor):
                given.append(leaf)
            elif hasattr(leaf, "dtype"):
                given.append(Tensor(to_array(leaf)))
        if len(given) != len(wanted):
            refuse(
                SignatureError,
                f"{self.name} takes {len(wanted)} tensors, got {len(given)}",
                "see .structured_input_signature",
            )
        for spec, tensor in zip(wanted, given, strict=True):
            if spec.dtype is not tensor.dtype or len(spec.shape) != tensor.ndim:
                refuse(SignatureError, f"wanted {spec}, got {tensor.type}", "see .structured_input_signature")
        return self.run(given)

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Runs the graph on its tensor arguments, which fit it."""
        context = current()
        operands: list[Any] = [*tensors, *self.captures, *self.variables]
        if context is not None and context.tapes:
            outs = call_with_gradient(self.graph, operands, self._run_graph, self.backend)
        else:
            raws = self._run_graph(self._executable, [x if isinstance(x, Variable) else x._value for x in operands])
            outs = [Tensor(raw) for raw in raws]
        count = len(outs) - len(self._writebacks)
        for position, out in zip(self._writebacks, outs[count:], strict=True):
            tensors[position]._value = out._value
        return decode_host(self._result, iter(outs[:count]))

    @staticmethod
    def _run_graph(executable: Executable, raws: list[Any]) -> list[Any]:
        try:
            with use(_NO_CONTEXT):
                return executable(raws)
        except Failure as failure:
            signal = failure
        raise_failure(signal)


_NO_CONTEXT: Context | None = None


def decode_specs(form: Form, specs: list[Any]) -> Any:
    """The results' structure with a spec in the place of each tensor."""
    position = iter(specs)
    return _spec_tree(form, position)


def _spec_tree(form: Any, specs: Any) -> Any:
    parts = getattr(form, "parts", None)
    if isinstance(form, Struct) and parts_of(form.example) is not None and parts is not None:
        made = rebuild(form.example, [_spec_tree(part, specs) for part in parts])
        return list(made) if isinstance(made, list) else made
    slots = form.slot_types()
    if not slots:
        return getattr(form, "value", None)
    found = [next(specs) for _ in slots]
    return found[-1]
