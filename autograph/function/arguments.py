"""A call's arguments: in the order of the parameters, flattened to leaves."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import optree

from autograph.errors import SignatureError
from autograph.runtime.refusal import refuse

NAMESPACE = "autograph"
_dataclasses: set[type] = set()


class Arguments:
    """A call's arguments in order, flattened.

    Attributes:
        leaves: tensors, numbers and other objects.
        structure: how they make `(args, kwargs)`.
    """

    def __init__(self, tree: Any, names: Sequence[str]) -> None:
        self.leaves, self.structure = flatten(tree)
        self._names = names
        self._tree = tree

    @cached_property
    def _accessors(self) -> list[Any]:
        return optree.tree_flatten_with_accessor(self._tree, none_is_leaf=True, namespace=NAMESPACE)[0]

    @cached_property
    def paths(self) -> list[str]:
        """The place of each leaf in the user's words, such as "x" or "batch['image']"."""
        return [str(accessor[2:].codify(head)) for accessor, head in zip(self._accessors, self.parameters, strict=True)]

    @cached_property
    def parameters(self) -> list[str]:
        """The name of the parameter that each leaf belongs to."""
        return [_parameter(accessor, self._names) for accessor in self._accessors]


def bind(python_signature: inspect.Signature, args: Sequence[Any], kwargs: dict[str, Any], name: str) -> Arguments:
    """Puts a call's arguments in the order of the parameters, defaults filled in.

    Raises:
        SignatureError: the arguments do not fit the function's parameters, as in plain Python.
    """
    try:
        bound = python_signature.bind(*args, **kwargs)
    except TypeError as error:
        refuse(SignatureError, f"{name}() {error}", f"it takes {python_signature}")
    bound.apply_defaults()
    return Arguments((bound.args, bound.kwargs), list(python_signature.parameters))


def flatten(tree: Any) -> tuple[list[Any], optree.PyTreeSpec]:
    """Leaves and structure of arguments; dataclasses count as structures."""
    while True:
        leaves, structure = optree.tree_flatten(tree, none_is_leaf=True, namespace=NAMESPACE)
        new = {type(leaf) for leaf in leaves if _is_structure(type(leaf))}
        if not new:
            return leaves, structure
        for cls in new:
            _register(cls)


def _is_structure(cls: type) -> bool:
    return dataclasses.is_dataclass(cls) and cls not in _dataclasses and not hasattr(cls, "__autograph_spec__")


def _register(cls: type) -> None:
    names = tuple([field.name for field in dataclasses.fields(cls)])

    def parts(obj: Any) -> tuple[Any, Any, tuple[str, ...]]:
        known = [name for name in names if hasattr(obj, name)]
        return [getattr(obj, name) for name in known], tuple(known), tuple(known)

    def made(known: Any, values: Any) -> Any:
        obj: Any = object.__new__(cls)
        for name, value in zip(known, values, strict=True):
            object.__setattr__(obj, name, value)
        return obj

    _dataclasses.add(cls)
    optree.register_pytree_node(cls, parts, made, path_entry_type=optree.GetAttrEntry, namespace=NAMESPACE)


def _parameter(accessor: Any, names: Sequence[str]) -> str:
    if len(accessor) < 2:
        return "arguments"
    group, place = accessor[0].entry, accessor[1].entry
    return names[min(place, len(names) - 1)] if group == 0 and names else str(place)
