"""Calls of converted code: user functions are converted, builtins get their tensor forms, libraries run as they are."""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import functools
import inspect
from collections.abc import Callable
from inspect import CO_GENERATOR
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, TypeVar

from autograph.runtime.context import current_trace
from autograph.runtime.location import is_internal, is_library
from autograph.runtime.text import showing
from autograph.staging.builtin_forms import FORMS
from autograph.staging.choice import Chosen, chosen_call
from autograph.staging.class_methods import prepare, set_method_call
from autograph.staging.failures import Diverge
from autograph.staging.forms import DIVERGED
from autograph.staging.generators import Generator, set_iterated
from autograph.staging.growing_list import List
from autograph.staging.impure import alternative, refuse_impure
from autograph.staging.objects import is_object
from autograph.staging.outer_stores import announcing
from autograph.staging.recursion import entered
from autograph.staging.regions import guarded, set_truth_of_object
from autograph.staging.stores import touch, touch_keys
from autograph.staging.texts import READERS, formatted, require_unread, text
from autograph.staging.watching import UNTRACKED
from autograph.transforms.user_functions import set_call
from autograph.transpiler import convert, is_generated, is_within_generated

F = TypeVar("F", bound=Callable[..., Any])

_MUTATORS = frozenset(
    {
        "append",
        "extend",
        "pop",
        "insert",
        "remove",
        "clear",
        "sort",
        "reverse",
        "update",
        "setdefault",
        "add",
        "discard",
        "popitem",
        *("appendleft", "extendleft", "popleft", "rotate", "fill", "put", "resize", "partition", "frombytes"),
    }
)
_METHODS: dict[Any, str] = {
    **{builtins.len: "__len__", builtins.bool: "__bool__", builtins.abs: "__abs__"},
    **{builtins.int: "__int__", builtins.float: "__float__", builtins.round: "__round__"},
}
_TAKE_FUNCTIONS = frozenset(
    {builtins.map, builtins.filter, builtins.max, builtins.min, builtins.sorted, functools.reduce}
)
_DO_NOT_CONVERT = "__autograph_do_not_convert__"


class Namespace:
    """What generated code sees as `ag`: the top package, which hands itself over when it is imported."""

    module: ModuleType


def do_not_convert(function: F) -> F:
    """Marks a function to be called as it is from converted code.

    Args:
        function: the function; it must not ask graph tensors for Python values.

    Returns:
        The same function.

    Example:
        >>> import autograph as ag
        >>> @ag.do_not_convert
        ... def log_size(x):
        ...     return len(x.shape)
    """
    setattr(function, _DO_NOT_CONVERT, True)
    return function


def call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)` as converted code calls it."""
    if isinstance(function, Chosen):
        return chosen_call(function, args, kwargs, call)
    form = FORMS.get(function) if _hashable(function) else None
    if _asks_chosen(function, form, args):
        place = next(i for i, arg in enumerate(args) if isinstance(arg, Chosen))
        return args[place].ag_map(lambda one: call(function, *args[:place], one, *args[place + 1 :], **kwargs))
    if form is not None and len(args) == 1 and function in _METHODS and is_object(args[0]):
        method = getattr(type(args[0]), _METHODS[function], None)
        if isinstance(method, FunctionType):
            return converted(method)(args[0])
        if function is builtins.bool:
            return form(truth_of_object(args[0]))
    if form is not None and function in _TAKE_FUNCTIONS:
        return form(*map(_callable, args), **{name: _callable(arg) for name, arg in kwargs.items()})
    if form is not None:
        return form(*args, **kwargs)
    refuse_impure(function)
    if isinstance(function, MethodType) and isinstance(function.__func__, FunctionType):
        function, args = function.__func__, (function.__self__, *args)
    if isinstance(function, FunctionType):
        run = converted(function)
        ours = run is not function or is_generated(function.__code__)
        if ours:
            return entered(function, run, args, kwargs)
        if not is_internal(function.__code__.co_filename):
            require_unread(function, (*args, *kwargs.values()))
        return run(*args, **kwargs)
    if isinstance(function, BuiltinFunctionType):
        if function.__name__ in _MUTATORS and isinstance(function.__self__, (list, dict, *UNTRACKED)):
            (touch_keys if isinstance(function.__self__, dict) else touch)(function.__self__)
        if function.__name__ in ("index", "count") and isinstance(function.__self__, tuple):
            return getattr(List(function.__self__), function.__name__)(*args)  # where tensors may decide
        require_unread(function, (*args, *kwargs.values()))
        if isinstance(function.__self__, str) and function.__name__ == "format":
            return formatted(function.__self__, args, kwargs)
        return text(function(*args, **kwargs))
    if isinstance(function, functools.partial):
        return call(function.func, *function.args, *args, **{**function.keywords, **kwargs})
    if isinstance(function, type):
        return _construct(function, args, kwargs)
    method = getattr(type(function), "__call__", None)
    if isinstance(method, FunctionType) and should_convert(method):
        return converted(method)(function, *args, **kwargs)
    return function(*args, **kwargs)


_OF_ANY = (builtins.print, builtins.isinstance, builtins.type, builtins.bool, builtins.repr)


def _asks_chosen(function: Any, form: Any, args: tuple[Any, ...]) -> bool:
    """Whether a builtin is asked about one of several values, and gives an answer for each."""
    if not any(isinstance(arg, Chosen) for arg in args):
        return False
    if form is not None:
        return function not in _OF_ANY
    owner = getattr(function, "__self__", None) if isinstance(function, BuiltinFunctionType) else None
    return isinstance(owner, str | bytes | dict | tuple | set | frozenset) and function.__name__ not in _MUTATORS


set_call(call, guarded, DIVERGED, Diverge)


def truth_of_object(value: Any) -> Any:
    """The truth of an object of the user's: what its `__bool__` or `__len__` gives."""
    for name in ("__bool__", "__len__"):
        method = getattr(type(value), name, None)
        if isinstance(method, FunctionType):
            return converted(method)(value)
    return value


set_truth_of_object(truth_of_object)


def _callable(argument: Any) -> Any:
    """An argument that a builtin calls, made ready for that."""
    if isinstance(argument, FunctionType):
        return converted(argument)
    ours = isinstance(argument, MethodType) or (_hashable(argument) and argument in FORMS)
    return functools.partial(call, argument) if ours else argument


def _hashable(function: Any) -> bool:
    return isinstance(function, BuiltinFunctionType | type) and type(function).__hash__ is not None


def _construct(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Makes an instance with a converted `__init__`, and tells the journal that the block made it."""
    prepare(cls)
    init = cls.__init__  # type: ignore[misc]
    if type(cls).__call__ is not type.__call__ or not isinstance(init, FunctionType) or not should_convert(init):
        if cls not in (str, list, tuple, dict):
            require_unread(cls, (*args, *kwargs.values()))
        with showing() if cls is str else contextlib.nullcontext():
            made = text(cls(*args, **kwargs))
        _with_own_lists(made)
    else:
        plain_new: Any = object.__new__
        made = object.__new__(cls) if cls.__new__ is plain_new else cls.__new__(cls, *args, **kwargs)
        _note_created(made)
        converted(init)(made, *args, **kwargs)
    _note_created(made)
    return made


def _with_own_lists(made: Any) -> None:
    """Lets the lists that `field(default_factory=list)` has made grow in staged loops."""
    if dataclasses.is_dataclass(made) and not isinstance(made, type):
        for field in dataclasses.fields(made):
            value = getattr(made, field.name, None)
            if field.default_factory is list and type(value) is list and not value:
                object.__setattr__(made, field.name, List())


def _note_created(obj: Any) -> None:
    trace = current_trace()
    if trace is not None and trace.journal is not None:
        trace.journal.note_created(obj)


def converted(function: FunctionType) -> Callable[..., Any]:
    """The function to call from converted code: the converted one for user code, itself for libraries."""
    if not should_convert(function):
        return announcing(function, function) if is_generated(function.__code__) else function
    is_generator = function.__code__.co_flags & CO_GENERATOR
    trace = current_trace()
    if is_generator and trace is None:
        return function
    if trace is not None and not is_within_generated(function.__code__):
        trace.entered.append(function)
    if is_generator:
        return functools.partial(_generator, function)
    return announcing(function, convert(function, namespace=Namespace.module, is_plain=is_plain))


def inlined(function: FunctionType, catching: bool) -> Callable[..., Any]:
    """A user's generator as a function that takes a callback first, which gets each item and says whether to stop.

    Args:
        function: the generator.
        catching: whether exceptions of the callback may reach the generator's handlers.
    """
    inline = "with" if catching else "loop"
    return announcing(function, convert(function, namespace=Namespace.module, is_plain=is_plain, inline=inline))


def _generator(function: FunctionType, *args: Any, **kwargs: Any) -> Generator:
    def run(take: Callable[[Any], Any]) -> None:
        inlined(function, catching=False)(take, *args, **kwargs)

    return Generator(function.__name__, run, lambda: function(*args, **kwargs))


def refuse_generator(function: Any) -> None:
    """Refuses to trace a generator by itself.

    Raises:
        ConversionError: the function is one; at its `yield`.
    """
    if isinstance(function, FunctionType) and function.__code__.co_flags & CO_GENERATOR and should_convert(function):
        convert(function, namespace=Namespace.module, is_plain=is_plain)


def iterated(iterable: Any) -> Any:
    """What a loop goes over: of objects whose `__iter__` is a generator of the user's, that generator."""
    method = getattr(type(iterable), "__iter__", None)
    if isinstance(method, FunctionType) and method.__code__.co_flags & CO_GENERATOR and should_convert(method):
        return converted(method)(iterable)
    return iterable


set_iterated(iterated)
set_method_call(call, lambda function: should_convert(function))


_OF_DATACLASSES = frozenset({"__init__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__"})


def should_convert(function: FunctionType) -> bool:
    """Whether a function is user code that is not converted yet."""
    code = function.__code__
    if getattr(function, _DO_NOT_CONVERT, False) or is_generated(code):
        return False
    file = code.co_filename
    if is_internal(file) or (file == "<string>" and "__create_fn__" in function.__qualname__):
        return False
    if file == "<string>" and (function.__name__ in _OF_DATACLASSES or dataclasses.is_dataclass(_owner(function))):
        return False
    return not is_library(file)


def _owner(function: FunctionType) -> Any:
    name = function.__qualname__.rpartition(".")[0]
    return function.__globals__.get(name)


def is_plain(obj: Any) -> bool:
    """Whether a call of `obj` can stay as it is: library code without a tensor form of its own, and exceptions."""
    if alternative(obj) is not None:
        return False
    if isinstance(obj, type):
        return issubclass(obj, BaseException) and not isinstance(obj.__init__, FunctionType)
    if isinstance(obj, FunctionType | BuiltinFunctionType) and (obj.__module__ or "").partition(".")[0] in READERS:
        return False
    if isinstance(obj, FunctionType):
        return is_internal(obj.__code__.co_filename) or is_library(obj.__code__.co_filename)
    if isinstance(obj, BuiltinFunctionType):
        return obj not in FORMS and inspect.getmodule(obj) is not None and obj.__module__ not in (None, "builtins")
    return type(obj).__module__.startswith(("autograph.", "numpy"))
