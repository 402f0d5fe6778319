"""`custom_gradient`: a function whose gradient the user gives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import optree

from autograph.errors import GradientError
from autograph.ops.casts import astype
from autograph.ops.creation import asarray
from autograph.ops.lists import zeros_like_any
from autograph.runtime.apply import apply
from autograph.runtime.context import Context, current_tapes, current_trace, use
from autograph.runtime.ir import walk
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import call_op, read_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import RefType
from autograph.runtime.variable import Variable
from autograph.transforms.outlined import Outlined
from autograph.transforms.user_functions import call_function

Rule = Callable[..., Any]


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function with a gradient of its own.

    Args:
        f: gives `(result, grad)` from its arguments, where `grad(*cts)` gives the cotangents of the tensor arguments,
            in order (one by itself for one argument), from those of the results. If f reads trainable variables, grad
            takes them as `variables=` and gives `(cotangents of the arguments, cotangents of the variables)`.

    Returns:
        A function of f's arguments that gives the result.

    Raises:
        GradientError: f or grad gives something else, or f reads a variable that grad does not take.

    Example:
        >>> import autograph as ag
        >>> @ag.custom_gradient
        ... def clipped(x):
        ...     return x * 1, lambda ct: ag.ops.clip(ct, -1.0, 1.0)
        >>> ag.grad(lambda x: clipped(x) * 5)(ag.constant(2.0)).item()
        1.0
    """

    @functools.wraps(f)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        pytree: Any = args
        given = optree.tree_map(_as_tensor, pytree)
        sources = [leaf for leaf in optree.tree_leaves(given) if isinstance(leaf, Tensor) and leaf.dtype.is_inexact]
        trace = current_trace()
        made, variables = _run(trace, f, given, kwargs)
        if not isinstance(made, tuple) or len(made) != 2 or not callable(made[1]):
            refuse(GradientError, "a function with a custom gradient gives no gradient", "return (result, grad)")
        result, grad = made
        grad = _with_variables(grad, variables, len(sources))
        sources += [variable.value() for variable in variables]
        leaves, structure = optree.tree_flatten(result)
        outputs = [leaf if isinstance(leaf, Tensor) else asarray(leaf) for leaf in leaves]
        if trace is not None:
            outs = _in_graph(trace, outputs, sources, grad)
        elif current_tapes():
            outs = apply(_EagerCustom(grad, len(outputs)), *outputs, *sources)
        else:
            outs = tuple(outputs)
        return structure.unflatten(outs)

    return wrapper


def _as_tensor(leaf: Any) -> Any:
    if isinstance(leaf, Variable):
        return leaf.value()
    return asarray(leaf) if type(leaf) in (float, complex) else leaf


class _Reads:
    """Notes the trainable variables that eager ops read."""

    def __init__(self) -> None:
        self.variables: dict[int, Variable] = {}

    def record(self, op: Any, operands: Any, attrs: Any, outputs: Any) -> None:
        for operand in operands:
            if isinstance(operand, Variable) and operand.trainable:
                self.variables[id(operand)] = operand


def _run(trace: Trace | None, f: Rule, args: Any, kwargs: Any) -> tuple[Any, list[Variable]]:
    """What f gives, and the trainable variables that it reads."""
    if trace is None:
        reads = _Reads()
        with use(Context(None, (*current_tapes(), reads))):
            return call_function(f, *args, **kwargs), list(reads.variables.values())
    region, start = trace.region, len(trace.region.nodes)
    made = call_function(f, *args, **kwargs)
    nodes = [n for node in region.nodes[start:] for n in (node, *[m for r in node.regions for m in walk(r)])]
    references = {node.inputs[0] for node in nodes if node.op is read_op and isinstance(node.inputs[0].type, RefType)}
    return made, [v for v, ref in trace.variables.values() if ref in references and v.trainable]


def _with_variables(grad: Rule, variables: list[Variable], count: int) -> Rule:
    """The user's gradient as a function that gives a list: of the arguments, then of the variables."""
    takes = "variables" in inspect.signature(grad).parameters
    if variables and not takes:
        refuse(
            GradientError,
            f"a function with a custom gradient reads the variable {variables[0].name or 'without a name'}, "
            "which its grad does not take",
            "let grad take variables= and give (cotangents of the arguments, cotangents of the variables)",
        )

    def run(*cts: Any) -> list[Any]:
        found = call_function(grad, *cts, variables=variables) if variables else call_function(grad, *cts)
        own, extra = found if variables else (found, [])
        listed = list(own) if isinstance(own, tuple | list) else [own]
        if len(listed) != count or len(extra) != len(variables):
            refuse(
                GradientError,
                f"a custom gradient gives {len(listed)} and {len(extra)} cotangents for {count} tensors and "
                f"{len(variables)} variables",
                "give one for each float tensor among the arguments, None for no gradient",
            )
        return [*listed, *extra]

    return run


class _EagerCustom(Op):
    """The op that tapes record for one eager call; it is of this call, so it is not among the declared ops."""

    __slots__ = ("_grad", "_results")

    def __init__(self, grad: Rule, results: int) -> None:
        self.name = "custom_gradient"
        self.kind = Kind.INDEXING
        self.effects = Effect.NONE
        self.promotes = self.weakens = False
        self.jvp = self.python = self.dims = None
        self.kernel = lambda xp, *operands: tuple(operands[:results])
        self.vjp = self._cotangents
        self._grad = grad
        self._results = results

    def _cotangents(self, cts: Any, outs: Any, *operands: Any) -> tuple[Any, ...]:
        listed = cts if isinstance(cts, tuple) else (cts,)
        results = outs if isinstance(outs, tuple) else (outs,)
        given = [zeros_like_any(out) if ct is None else ct for ct, out in zip(listed, results, strict=True)]
        found = self._grad(*given)
        sources = operands[self._results :]
        return *[None] * self._results, *[_as_cotangent(ct, x) for ct, x in zip(found, sources, strict=True)]


def _as_cotangent(ct: Any, source: Any) -> Any:
    """A cotangent that a user's function gave, in the dtype of what it is of."""
    if ct is None:
        return None
    tensor = ct if isinstance(ct, Tensor) else asarray(ct)
    if tensor.type.shape != source.type.shape:
        refuse(
            GradientError,
            f"a custom gradient gives a cotangent of shape {tensor.type.shape} for a tensor of shape "
            f"{source.type.shape}",
            "give cotangents of the arguments' shapes",
        )
    return tensor if tensor.dtype is source.dtype else astype(tensor, source.dtype)


def _custom_vjp(cts: Any, outs: Any, *inputs: Any, callee: Any, results: int, sources: tuple[int, ...]) -> Any:
    trace = current_trace()
    assert trace is not None, "eager calls have an op of their own"
    listed = cts if isinstance(cts, tuple) else (cts,)
    given = [zeros_like_any(out) if ct is None else ct for ct, out in zip(listed, inputs, strict=False)]
    count = len(callee.params) - results
    operands = [*given, *inputs[results : results + count]]
    found = trace.record(
        call_op, [trace.value(x) for x in operands], {"callee": callee}, [value.type for value in callee.results]
    )
    cotangents: list[Any] = [None] * len(inputs)
    for place, ct in zip(sources, found, strict=True):
        cotangents[results + count + place] = Tensor(ct)
    return tuple(cotangents)


# The results of a function, what its gradient uses, and what it is differentiated by: gives the results. The callee is
# the gradient: from cotangents of the results, and what it uses, to those of the sources at the places in `sources`.
custom_gradient_op = Op(
    "custom_gradient",
    kind=Kind.INDEXING,
    infer=lambda *types, callee, results, sources: tuple(types[:results]) if results != 1 else types[0],
    kernel=lambda xp, *operands, callee, results, sources: tuple(operands[:results]) if results != 1 else operands[0],
    vjp=_custom_vjp,
)


def _in_graph(trace: Trace, outputs: Sequence[Any], sources: Sequence[Any], grad: Rule) -> tuple[Any, ...]:
    places: list[int] = []

    def run(cts: list[Tensor]) -> tuple[Any, list[Any]]:
        found = grad(*cts)
        kept = [_as_cotangent(ct, x) for ct, x in zip(found, sources, strict=True)]
        places.extend(i for i, ct in enumerate(kept) if ct is not None)
        return None, [ct for ct in kept if ct is not None]

    values = [trace.value(output) for output in outputs]
    outlined = Outlined(trace, "gradient", run, [value.type for value in values])
    if outlined.written:
        refuse(GradientError, "a custom gradient assigns a variable", "return cotangents only")
    outs = apply(
        custom_gradient_op,
        *outputs,
        *map(Tensor, outlined.operands(trace)),
        *sources,
        callee=outlined.graph,
        results=len(outputs),
        sources=tuple(places),
    )
    return outs if isinstance(outs, tuple) else (outs,)
