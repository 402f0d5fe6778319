"""Makes typeguard accept at once what an annotation of plain classes accepts; all else goes its own, slower way.

Half of the suite's time would pass in typeguard otherwise. Nothing that it refuses is accepted here.
"""

from __future__ import annotations

import functools
import inspect
import types
import typing
from typing import Any

from typeguard import _checkers, _functions, checker_lookup_functions

typeguards = _checkers.check_type_internal
_classes: dict[Any, tuple[type, ...]] = {}


def _classes_of(annotation: Any) -> tuple[type, ...]:
    """Classes whose instances an annotation accepts whatever they hold."""
    if annotation is Any:
        return (object,)
    if annotation is None:
        return (type(None),)
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return tuple([class_ for member in typing.get_args(annotation) for class_ in _classes_of(member)])
    if not inspect.isclass(annotation) or typing.get_origin(annotation) is not None:
        return ()
    special = getattr(annotation, "_is_protocol", False) or typing.is_typeddict(annotation)
    return () if special or issubclass(annotation, tuple) else (annotation,)


def install() -> None:
    """Puts the short way before typeguard's own."""
    of_origin = functools.cache(lambda origin: _checkers.builtin_checker_lookup(origin, (), ()))
    place = checker_lookup_functions.index(_checkers.builtin_checker_lookup)
    checker_lookup_functions[place] = lambda origin, args, extras: of_origin(origin)

    def quick(value: Any, annotation: Any, memo: Any) -> None:
        try:
            classes = _classes[annotation]
        except KeyError:
            classes = _classes[annotation] = _classes_of(annotation)
        except TypeError:  # annotations that cannot be keys
            classes = ()
        if not isinstance(value, classes):
            typeguards(value, annotation, memo)

    quick.__code__ = quick.__code__.replace(co_filename=_checkers.__file__)  # a line of a library's, not of the user's
    _checkers.check_type_internal = _functions.check_type_internal = quick
