"""Module: a base class that finds the variables of an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograph.runtime.variable import Variable


class Module:
    """Base class of objects that own variables.

    Variables are found in attributes, in modules among the attributes, and in lists, tuples and dicts of these,
    in the order of definition.

    Example:
        >>> import autograph as ag
        >>> class Scale(ag.Module):
        ...     def __init__(self):
        ...         self.factor = ag.Variable(2.0, name="factor")
        >>> [v.name for v in Scale().variables]
        ['factor']
    """

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All variables of this module and of the modules in it, each once."""
        return tuple(_variables(self, set()))

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """The variables that training changes."""
        return tuple(variable for variable in self.variables if variable.trainable)


def _variables(obj: Any, seen: set[int]) -> Iterator[Variable]:
    if not isinstance(obj, Variable | Module | list | tuple | dict) or id(obj) in seen:
        return
    seen.add(id(obj))
    if isinstance(obj, Variable):
        yield obj
    elif isinstance(obj, Module):
        yield from _variables(vars(obj), seen)
    else:
        for item in obj.values() if isinstance(obj, dict) else obj:
            yield from _variables(item, seen)
