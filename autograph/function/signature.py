"""Arguments of a call: which are tensors of the graph, which are part of the cache key, and what a signature wants."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
import optree

from autograph.errors import SignatureError
from autograph.runtime.dims import Dim, SymbolicDim, evaluate, solve, symbol
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.types import TensorType
from autograph.runtime.variable import to_array


class Arguments:
    """A call's arguments in order, flattened.

    Attributes:
        leaves: tensors, numbers and other objects.
        structure: how they make `(args, kwargs)`.
        paths: the place of each leaf in the user's words, such as "x" or "batch['image']".
    """

    __slots__ = ("leaves", "paths", "structure")

    def __init__(self, leaves: list[Any], structure: optree.PyTreeSpec, paths: list[str]) -> None:
        self.leaves = leaves
        self.structure = structure
        self.paths = paths


def bind(python_signature: inspect.Signature, args: Sequence[Any], kwargs: dict[str, Any], name: str) -> Arguments:
    """Puts a call's arguments in the order of the parameters, defaults filled in.

    Raises:
        TypeError: the arguments do not fit the function's parameters, as in plain Python.
    """
    try:
        bound = python_signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}() {error}") from None
    bound.apply_defaults()
    tree: Any = (bound.args, bound.kwargs)
    paths, leaves, structure = optree.tree_flatten_with_path(tree, none_is_leaf=True)
    names = list(python_signature.parameters)
    return Arguments(leaves, structure, [_path_text(path, names) for path in paths])


def _path_text(path: Any, names: list[str]) -> str:
    group, *rest = path
    if not rest:
        return "arguments"
    head = names[min(rest[0], len(names) - 1)] if group == 0 else str(rest[0])
    return head + "".join(f"[{entry!r}]" for entry in rest[1:])


def is_tensor_leaf(leaf: Any) -> bool:
    """Whether an argument becomes an input of the graph."""
    return isinstance(leaf, Tensor | np.ndarray | np.generic)


def cache_key(arguments: Arguments) -> tuple[Any, ...]:
    """What two calls have in common that can share a concrete function."""
    return arguments.structure, *[_leaf_key(leaf) for leaf in arguments.leaves]


def _leaf_key(leaf: Any) -> Any:
    if isinstance(leaf, Tensor):
        return leaf.type
    if isinstance(leaf, np.ndarray | np.generic):
        return raw_type(leaf)
    if isinstance(leaf, PYTHON_NUMBERS):
        return type(leaf), repr(leaf)  # 1, 1.0 and True are equal, 0.0 and -0.0 too: their texts are not
    if leaf is None or isinstance(leaf, str | bytes):
        return leaf
    try:
        return weakref.ref(leaf)
    except TypeError:
        return id(leaf), type(leaf)


def leaf_type(leaf: Any) -> TensorType:
    """The graph type of a tensor argument."""
    return leaf.type if isinstance(leaf, Tensor) else raw_type(leaf)


class InputSignature:
    """The specs that a function's arguments have to match.

    Args:
        specs: a TensorSpec, or a structure of them, for each argument.
    """

    def __init__(self, specs: Sequence[Any]) -> None:
        self.specs: tuple[Any, ...] = tuple(specs)
        tree: Any = self.specs
        self.leaves, self.structure = optree.tree_flatten(tree, none_is_leaf=True)
        for leaf in self.leaves:
            if not isinstance(leaf, TensorSpec):
                refuse(
                    SignatureError,
                    f"input_signature holds {leaf!r}, which is not a TensorSpec",
                    "write for example input_signature=[ag.TensorSpec([None, 3], ag.float32)]",
                )

    def types(self, arguments: Arguments) -> list[TensorType]:
        """The graph types of the arguments: the specs' with symbols for open sizes (0 and 1 stay numbers).

        Raises:
            SignatureError: an argument does not match its spec.
        """
        if len(arguments.leaves) != len(self.leaves):
            refuse(
                SignatureError,
                f"input_signature has {len(self.leaves)} tensors, the call {len(arguments.leaves)} "
                f"({', '.join(arguments.paths)})",
                "pass one argument for each spec",
            )
        env: dict[str, int] = {}
        rows = zip(self.leaves, arguments.leaves, arguments.paths, strict=True)
        return [_matched(spec, leaf, path, index, env) for index, (spec, leaf, path) in enumerate(rows)]

    def convert(self, arguments: Arguments) -> Arguments:
        """The arguments with numbers and lists of numbers made tensors of the specs' dtypes."""
        if len(arguments.leaves) != len(self.leaves):
            return arguments
        leaves = [
            Tensor(to_array(leaf, spec.dtype)) if isinstance(leaf, PYTHON_NUMBERS) and not spec.shape else leaf
            for leaf, spec in zip(arguments.leaves, self.leaves, strict=True)
        ]
        return Arguments(leaves, arguments.structure, arguments.paths)


def _matched(spec: TensorSpec, leaf: Any, path: str, index: int, env: dict[str, int]) -> TensorType:
    if not is_tensor_leaf(leaf):
        _mismatch(spec, path, f"a {type(leaf).__name__}")
    type_ = leaf_type(leaf)
    if type_.dtype is not spec.dtype or type_.rank != len(spec.shape):
        _mismatch(spec, path, f"a tensor {type_}")
    shape: list[Dim] = []
    for axis, (want, got) in enumerate(zip(spec.shape, type_.shape, strict=True)):
        dim = _matched_dim(want, got, f"d{index}_{axis}", env)
        if dim is None:
            _mismatch(spec, path, f"a tensor {type_}" + _sizes_text(env))
        shape.append(dim)
    return TensorType(spec.dtype, tuple(shape))


def _sizes_text(env: dict[str, int]) -> str:
    return f", where {', '.join(f'{name} = {size}' for name, size in env.items())}" if env else ""


def _matched_dim(want: Dim | None, got: Dim, name: str, env: dict[str, int]) -> Dim | None:
    if isinstance(got, SymbolicDim):
        return got if want is None or want == got else None
    if want is None:
        return symbol(name) if got > 1 else got
    if isinstance(want, int):
        return want if want == got else None
    found = solve(want, got, env)
    if found is not None and found[0] not in env:
        env[found[0]] = found[1]
    size = _size(want, env)
    if size != got:
        return None
    return want if all(value > 1 for value in env.values()) else got


def _size(dim: SymbolicDim, env: dict[str, int]) -> int | None:
    try:
        return evaluate(dim, env)
    except KeyError:
        return None


def _mismatch(spec: TensorSpec, path: str, got: str) -> NoReturn:
    refuse(
        SignatureError,
        f"argument '{path}' does not match the input signature: wanted {spec}, got {got}",
        "pass a tensor of that dtype and shape (ag.ops.astype casts, ag.ops.reshape reshapes), or widen the signature",
    )


def specs_to_types(leaves: Sequence[Any], names: Callable[[int], str]) -> list[Any]:
    """Specs as graph types, every open size a symbol; other leaves as they are."""
    found: list[Any] = []
    for index, leaf in enumerate(leaves):
        if isinstance(leaf, TensorSpec):
            dims = [symbol(f"{names(index)}{axis}") if dim is None else dim for axis, dim in enumerate(leaf.shape)]
            found.append(TensorType(leaf.dtype, tuple(dims)))
        else:
            found.append(leaf_type(leaf) if is_tensor_leaf(leaf) else leaf)
    return found
