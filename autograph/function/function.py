"""`ag.function`: the decorator and the cache behind it."""

from __future__ import annotations

import functools
import inspect
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar, overload

from autograph.errors import SignatureError
from autograph.function.concrete import ConcreteFunction
from autograph.function.config import settings
from autograph.function.signature import (
    Arguments,
    InputSignature,
    bind,
    cache_key,
    is_tensor_leaf,
    leaf_type,
    specs_to_types,
)
from autograph.function.tracing import trace_function
from autograph.runtime.backend import get_backend
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tensor import Tensor
from autograph.staging.calls import Namespace, call, do_not_convert, is_plain
from autograph.transpiler import to_code as transpiler_to_code

P = ParamSpec("P")
R = TypeVar("R")


class Function(Generic[P, R]):
    """A Python function that runs as graphs, one for each signature it is called with. Made by `ag.function`."""

    def __init__(
        self,
        python_function: Callable[P, R],
        input_signature: Sequence[Any] | None = None,
        autograph: bool = True,
        backend: str | None = None,
        reduce_retracing: bool = True,
    ) -> None:
        if not callable(python_function):
            refuse(SignatureError, f"ag.function takes a callable, not {python_function!r}", "decorate a function")
        functools.update_wrapper(self, python_function)
        self.python_function = python_function
        self.input_signature = None if input_signature is None else InputSignature(input_signature)
        self.autograph = autograph
        self.backend = backend if backend is None else get_backend(backend).name
        self.reduce_retracing = reduce_retracing
        self._signature = inspect.signature(python_function)
        self._cache: dict[Any, ConcreteFunction] = {}
        self._lock = threading.RLock()
        self._methods: weakref.WeakKeyDictionary[Any, Function[Any, Any]] = weakref.WeakKeyDictionary()

    @property
    def name(self) -> str:
        """The function's name."""
        return getattr(self.python_function, "__name__", type(self.python_function).__name__)

    @property
    def trace_count(self) -> int:
        """How many graphs have been traced."""
        return len(self._cache)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls the function, through the graph of the arguments' signature."""
        if settings.eager:
            return self.python_function(*args, **kwargs)
        arguments = self._bound(args, kwargs)
        if current_trace() is not None:
            return self._inline(arguments)
        concrete = self._concrete(arguments)
        tensors = [
            leaf if isinstance(leaf, Tensor) else Tensor(leaf) for leaf in arguments.leaves if is_tensor_leaf(leaf)
        ]
        result: R = concrete.run(tensors)
        return result

    def _bound(self, args: Any, kwargs: Any) -> Arguments:
        arguments = bind(self._signature, args, kwargs, self.name)
        return arguments if self.input_signature is None else self.input_signature.convert(arguments)

    def _inline(self, arguments: Arguments) -> R:
        """Inside another trace the function becomes part of that graph."""
        if self.input_signature is not None:
            self.input_signature.types(arguments)
        args, kwargs = arguments.structure.unflatten(arguments.leaves)
        if not self.autograph:
            return self.python_function(*args, **kwargs)
        result: R = call(self.python_function, *args, **kwargs)
        return result

    def _concrete(self, arguments: Arguments) -> ConcreteFunction:
        types = self._types(arguments)
        backend = self.backend or settings.backend
        key = (backend, cache_key(arguments) if self.input_signature is None else tuple(types))
        found = self._cache.get(key)
        if found is None:
            with self._lock:
                found = self._cache.get(key)
                if found is None:
                    found = self._cache[key] = self._trace(arguments, types, backend)
        return found

    def _types(self, arguments: Arguments) -> list[Any]:
        if self.input_signature is not None:
            return list(self.input_signature.types(arguments))
        return [leaf_type(leaf) if is_tensor_leaf(leaf) else None for leaf in arguments.leaves]

    def _trace(self, arguments: Arguments, types: Sequence[Any], backend: str) -> ConcreteFunction:
        function = self.python_function
        if not self.autograph:
            function = do_not_convert(_unconverted(function))
        code = to_code(self.python_function) if self.autograph else ""
        return trace_function(function, self.name, code, arguments, types, backend)

    def get_concrete_function(self, *specs: Any, **kwargs: Any) -> ConcreteFunction:
        """The concrete function for a signature, traced if need be.

        Args:
            *specs: for each argument a TensorSpec, a tensor, or a Python value that the trace takes literally; none
                where the function has an input signature.
            **kwargs: the same by name.

        Returns:
            The concrete function.

        Example:
            >>> import autograph as ag
            >>> @ag.function
            ... def double(x):
            ...     return x * 2
            >>> double.get_concrete_function(ag.TensorSpec([None], ag.float32)).structured_outputs
            TensorSpec([d00], float32)
        """
        if not specs and not kwargs and self.input_signature is not None:
            specs = self.input_signature.specs
        arguments = bind(self._signature, specs, kwargs, self.name)
        types = [
            t if isinstance(s, TensorSpec) or is_tensor_leaf(s) else None
            for s, t in zip(arguments.leaves, specs_to_types(arguments.leaves, lambda i: f"d{i}"), strict=True)
        ]
        key = (
            "specs",
            arguments.structure,
            *[t if t is not None else repr(s) for s, t in zip(arguments.leaves, types, strict=True)],
        )
        backend = self.backend or settings.backend
        with self._lock:
            if (backend, key) not in self._cache:
                self._cache[backend, key] = self._trace(arguments, types, backend)
            return self._cache[backend, key]

    def clear_cache(self) -> None:
        """Forgets all graphs."""
        with self._lock:
            self._cache.clear()

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        try:
            bound = self._methods.get(instance)
        except TypeError:  # an instance that cannot be referenced weakly gets a fresh cache each time
            return self._bind(instance)
        if bound is None:
            bound = self._methods[instance] = self._bind(weakref.proxy(instance))
        return bound

    def _bind(self, instance: Any) -> Function[Any, Any]:
        function = self.python_function
        method = function.__get__(instance) if hasattr(function, "__get__") else functools.partial(function, instance)
        specs = None if self.input_signature is None else self.input_signature.specs
        return Function(method, specs, self.autograph, self.backend, self.reduce_retracing)

    def __repr__(self) -> str:
        return f"<ag.function {self.name}, {self.trace_count} trace{'s' * (self.trace_count != 1)}>"


def _unconverted(function: Callable[..., Any]) -> Callable[..., Any]:
    def unconverted(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return unconverted


@overload
def function(python_function: Callable[P, R]) -> Function[P, R]: ...
@overload
def function(
    python_function: None = None,
    *,
    input_signature: Sequence[Any] | None = None,
    autograph: bool = True,
    backend: str | None = None,
    reduce_retracing: bool = True,
) -> Callable[[Callable[P, R]], Function[P, R]]: ...
def function(
    python_function: Callable[..., Any] | None = None,
    *,
    input_signature: Sequence[Any] | None = None,
    autograph: bool = True,
    backend: str | None = None,
    reduce_retracing: bool = True,
) -> Any:
    """Makes a Python function run as compiled graphs.

    Args:
        python_function: the function, when used as a bare decorator.
        input_signature: a TensorSpec, or a structure of them, for each argument; one graph then serves all calls.
        autograph: whether to convert the source, so that tensors can decide `if`, `while` and `for`.
        backend: the name of the backend to run on; by default that of `ag.config.set_backend`.
        reduce_retracing: whether sizes and numbers that change become inputs of the graph.

    Returns:
        A Function, called like the original.

    Raises:
        UnknownBackendError: there is no such backend.

    Example:
        >>> import autograph as ag
        >>> @ag.function
        ... def collatz(n):
        ...     steps = 0
        ...     while n != 1:
        ...         n = n // 2 if n % 2 == 0 else 3 * n + 1
        ...         steps += 1
        ...     return steps
        >>> collatz(ag.constant(6)).item()
        8
    """
    if python_function is None:
        return lambda f: Function(f, input_signature, autograph, backend, reduce_retracing)
    return Function(python_function, input_signature, autograph, backend, reduce_retracing)


def to_code(f: Any) -> str:
    """The generated source of a function, with the original lines as comments.

    Args:
        f: a function, method, lambda or `ag.function`.

    Returns:
        Python source text.

    Raises:
        ConversionError: the function uses a construct that cannot be converted.

    Example:
        >>> import autograph as ag
        >>> print(ag.to_code(lambda x: 1 if x > 0 else 2))  # doctest: +SKIP
    """
    python_function = plain_function(f)
    return transpiler_to_code(python_function, is_plain=is_plain, namespace=Namespace.module)


def plain_function(f: Any) -> Any:
    """The Python function behind a function object, method, partial or callable object."""
    while True:
        if isinstance(f, Function):
            f = f.python_function
        elif isinstance(f, functools.partial):
            f = f.func
        elif inspect.ismethod(f):
            f = f.__func__
        elif not inspect.isfunction(f) and hasattr(type(f), "__call__") and not isinstance(f, type):
            f = type(f).__call__
        else:
            return f


def to_graph(f: Any) -> Callable[..., Any]:
    """The converted Python function, which runs on tensors and on plain Python values.

    Args:
        f: a function, method, lambda or `ag.function`.

    Returns:
        A function of the same arguments.

    Example:
        >>> import autograph as ag
        >>> ag.to_graph(lambda x: -x if x < 0 else x)(-3)
        3
    """
    target = f.python_function if isinstance(f, Function) else f

    @functools.wraps(target)
    def run(*args: Any, **kwargs: Any) -> Any:
        return call(target, *args, **kwargs)

    return run
