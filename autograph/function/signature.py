"""`input_signature`: the specs that a function's arguments have to match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograph.errors import SignatureError
from autograph.function.arguments import Arguments, flatten
from autograph.function.leaf_types import is_tensor_leaf, tensor_type
from autograph.runtime.dims import Dim, SymbolicDim, evaluate, solve, symbol, symbols_of
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import to_array


class InputSignature:
    """The specs that a function's arguments have to match.

    Args:
        specs: a TensorSpec, or a structure of them, for each argument.
    """

    def __init__(self, specs: Sequence[Any]) -> None:
        self.specs: tuple[Any, ...] = tuple(specs)
        tree: Any = self.specs
        self.leaves, self.structure = flatten(tree)
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
        given = arguments.structure.children()[0]
        if len(arguments.leaves) != len(self.leaves) or given != self.structure:
            refuse(
                SignatureError,
                f"the arguments ({', '.join(arguments.paths)}) have the structure {_text(given)}, "
                f"the input signature {_text(self.structure)}",
                "pass one argument for each spec, in its structure",
            )
        env: dict[str, int] = {}
        rows = zip(self.leaves, arguments.leaves, arguments.paths, strict=True)
        return [_matched(spec, leaf, path, index, env) for index, (spec, leaf, path) in enumerate(rows)]

    def convert(self, arguments: Arguments) -> None:
        """Makes numbers among the arguments tensors of the specs' dtypes."""
        if len(arguments.leaves) == len(self.leaves):
            arguments.leaves = [
                Tensor(to_array(leaf, spec.dtype)) if isinstance(leaf, PYTHON_NUMBERS) and not spec.shape else leaf
                for leaf, spec in zip(arguments.leaves, self.leaves, strict=True)
            ]


def _text(structure: Any) -> str:
    return str(structure).removeprefix("PyTreeSpec(").split(", NoneIsLeaf")[0]


def _matched(spec: TensorSpec, leaf: Any, path: str, index: int, env: dict[str, int]) -> TensorType:
    if not is_tensor_leaf(leaf):
        _mismatch(spec, path, f"a {type(leaf).__name__}")
    type_ = tensor_type(leaf)
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
    if any(name not in env for name in symbols_of(want)) or evaluate(want, env) != got:
        return None
    return want if all(value > 1 for value in env.values()) else got


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
            found.append(tensor_type(leaf) if is_tensor_leaf(leaf) else leaf)
    return found
