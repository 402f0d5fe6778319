"""What an op is: one declaration that serves tracing, every backend and differentiation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, Flag, auto
from types import MappingProxyType
from typing import Any

from autograph.runtime.types import Type


class Kind(Enum):
    """How an op treats its operands; backends and transforms work by kind where that is enough."""

    ELEMENTWISE = "elementwise"  # operands broadcast against each other; one output of the broadcast shape
    REDUCTION = "reduction"
    CONTRACTION = "contraction"
    SHAPE = "shape"  # moves elements without computing
    INDEXING = "indexing"
    CREATION = "creation"
    RANDOM = "random"
    LIST = "list"
    CONTROL = "control"  # has regions, or calls a graph
    EFFECT = "effect"


class Effect(Flag):
    """What running an op does besides computing its outputs."""

    NONE = 0
    FAIL = auto()  # may end the function with the user's exception
    PRINT = auto()
    READ = auto()  # of a variable
    WRITE = auto()
    HOST = auto()  # calls Python


class _NotDifferentiable:
    def __repr__(self) -> str:
        return "NOT_DIFFERENTIABLE"


NOT_DIFFERENTIABLE = _NotDifferentiable()

Infer = Callable[..., Type | tuple[Type, ...]]
Kernel = Callable[..., Any]
Vjp = Callable[..., tuple[Any, ...]]

_registry: dict[str, Op] = {}


class Op:
    """An operation that graphs record and backends run.

    Args:
        name: unique name, used in the text form.
        kind: how it treats its operands.
        infer: `infer(*input_types, **attrs)` gives the output type or a tuple of them, and raises the
            user's error for bad operands.
        kernel: `kernel(xp, *arrays, **attrs)`, the NumPy reference; None for control flow.
        vjp: `vjp(ct, out, *inputs, **attrs)` gives one cotangent (or None for zero) an input, computed with ops;
            for several outputs `ct` (entries may be None) and `out` are tuples. `NOT_DIFFERENTIABLE` says that
            there is none. Control flow has its rules in `autograph.transforms`.
        jvp: `jvp(tangents, out, *inputs, **attrs)`, the output's tangent; derived from `vjp` where absent.
        batch: batching rule; None where the op is not yet vectorised.
        effects: what it does besides computing.
        requires: `requires(*inputs, **attrs)` gives, computed with ops, the `Requirement`s of operands that may be bad
            at run time, in the order in which the kernel raises; for backends that have no exceptions.
        promotes: whether operands are cast to their common dtype first.
        python: the same operation on plain Python numbers, used while all operands are weak.
        weakens: whether all-weak operands give a weak output.
        dims: the same operation on symbolic sizes, where their algebra has it; of a comparison, True, False, or None
            where that depends on the sizes.
    """

    __slots__ = (
        "batch", "dims", "effects", "infer", "jvp", "kernel", "kind", "name", "promotes", "python", "requires", "vjp",
        "weakens",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        kind: Kind,
        infer: Infer,
        vjp: Vjp | _NotDifferentiable | None,
        kernel: Kernel | None = None,
        jvp: Callable[..., Any] | None = None,
        batch: Callable[..., Any] | None = None,
        effects: Effect = Effect.NONE,
        requires: Callable[..., Any] | None = None,
        promotes: bool = False,
        python: Callable[..., Any] | None = None,
        weakens: bool = False,
        dims: Callable[..., Any] | None = None,
    ) -> None:
        if name in _registry:
            raise ValueError(f"an op named {name!r} is declared already")
        if vjp is None and kind is not Kind.CONTROL:
            raise ValueError(f"op {name!r} declares no gradient: give vjp, or vjp=NOT_DIFFERENTIABLE")
        if kernel is None and kind is not Kind.CONTROL:
            raise ValueError(f"op {name!r} declares no kernel")
        self.name = name
        self.kind = kind
        self.infer = infer
        self.kernel = kernel
        self.vjp = vjp
        self.jvp = jvp
        self.batch = batch
        self.effects = effects
        self.requires = requires
        self.promotes = promotes
        self.python = python
        self.weakens = weakens or python is not None
        self.dims = dims
        _registry[name] = self

    def __repr__(self) -> str:
        return f"Op({self.name!r})"

    def __reduce__(self) -> tuple[Callable[[str], Op], tuple[str]]:
        return get_op, (self.name,)


def get_op(name: str) -> Op:
    """The op of that name.

    Raises:
        KeyError: no op has that name.
    """
    return _registry[name]


def all_ops() -> Mapping[str, Op]:
    """All declared ops by name (a read-only view)."""
    return MappingProxyType(_registry)
