"""`ag.function`: the decorator and the cache behind it."""

from __future__ import annotations

import functools
import inspect
import itertools
import threading
import weakref
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType
from typing import Any, Generic, ParamSpec, TypeVar, overload

from autograph.backends.native.profile import Profile
from autograph.errors import SignatureError
from autograph.function.answers import MISS
from autograph.function.arguments import Arguments, bind
from autograph.function.cache import Cache, Entry
from autograph.function.concrete import ConcreteFunction
from autograph.function.config import settings
from autograph.function.creation import Creation
from autograph.function.explain import Explanation, History
from autograph.function.foreign_arrays import with_tensors
from autograph.function.leaf_types import LeafType, TensorLeaf, leaf_type
from autograph.function.profiling import profile_call
from autograph.function.short_path import ShortPath
from autograph.function.signature import InputSignature, specs_to_types
from autograph.function.static import static_parameters
from autograph.function.trace_store import TraceStore
from autograph.function.tracing import Traced, trace_function
from autograph.runtime.backend import get_backend
from autograph.runtime.context import current, current_trace, is_recording
from autograph.runtime.placement import current_device
from autograph.runtime.refusal import refuse
from autograph.runtime.spec import TensorSpec
from autograph.runtime.tracebacks import users_frames
from autograph.staging.calls import Namespace, call, do_not_convert, is_plain
from autograph.transpiler import to_code as transpiler_to_code

P = ParamSpec("P")
R = TypeVar("R")


class Function(Generic[P, R]):
    """A Python function that runs as graphs, one for each signature it is called with. Made by `ag.function`."""

    __slots__ = ("__dict__", "__weakref__", "_calls", "_short")  # what each call looks at is found sooner there

    _always_traced = False  # also where functions run eagerly

    def __init__(
        self,
        python_function: Any,
        input_signature: Sequence[Any] | None = None,
        autograph: bool = True,
        backend: str | None = None,
        reduce_retracing: bool = True,
    ) -> None:
        if not callable(python_function):
            refuse(SignatureError, f"ag.function takes a callable, not {python_function!r}", "decorate a function")
        if autograph and not isinstance(plain_function(python_function), FunctionType | type):
            refuse(
                SignatureError,
                f"ag.function takes a function written in Python, not {python_function!r}",
                "wrap it: ag.function(lambda x: f(x))",
            )
        functools.update_wrapper(self, python_function)
        self._python_function: Callable[P, R] = python_function
        self.input_signature = None if input_signature is None else InputSignature(input_signature)
        self.autograph = autograph
        self.backend = backend if backend is None else get_backend(backend).name
        self.reduce_retracing = reduce_retracing
        self._signature = inspect.signature(python_function)
        self._declared = static_parameters(python_function, self._signature)
        self._lock = threading.RLock()
        self._methods: dict[int, Method] = {}
        plain = plain_function(python_function) if autograph else None
        store = TraceStore(self.name, plain, lambda: settings.disk_cache)
        self._cache = Cache(self._trace, lambda: settings.cache_limit, self._roots, self._forget, store, self._declared)
        self._short = ShortPath(self._signature)
        self._calls = itertools.count(1)
        self._history = History(self.name)

    @property
    def python_function(self) -> Callable[P, R]:
        """The decorated function."""
        return self._python_function

    @property
    def name(self) -> str:
        """The function's name."""
        return getattr(self._python_function, "__name__", type(self._python_function).__name__)

    @property
    def trace_count(self) -> int:
        """How many graphs have been traced and are kept."""
        return len(self._cache.entries)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls the function, through the graph of the arguments' signature."""
        try:
            context = current()
            if context is None or (context.trace is None and not context.tapes):
                short = self._short
                mode = settings.mode if context is None else _mode_here()
                found: Any = MISS if kwargs else short.last(args, mode)
                if found is MISS:
                    found = short.find(args, kwargs, mode, self._calls)
                else:
                    next(self._calls)
                if found is not MISS:
                    return found  # type: ignore[no-any-return]
            return self._call(args, kwargs)
        except Exception as error:
            raise error.with_traceback(users_frames(error))  # noqa: B904 (the same exception)

    def _call(self, args: Any, kwargs: Any) -> R:
        """A call that is traced into another graph, watched by a tape, or not known yet."""
        if settings.eager and not self._always_traced and current_trace() is None:
            return self.python_function(*args, **kwargs)
        arguments = self._bound(args, kwargs)
        if current_trace() is not None:
            return self._inline(arguments, args, kwargs)
        entry = self._entry(arguments)
        result: R = entry.answer(arguments.leaves)
        if not is_recording():
            self._short.remember(args, kwargs, arguments.leaves, entry, _mode_here())
        return result

    def _bound(self, args: Any, kwargs: Any) -> Arguments:
        arguments = bind(self._signature, args, kwargs, self.name)
        arguments.leaves = with_tensors(arguments.leaves)
        if self.input_signature is not None:
            self.input_signature.convert(arguments)
        return arguments

    def _inline(self, arguments: Arguments, args: Any, kwargs: Any) -> R:
        """Inside another trace the function becomes part of that graph."""
        if self.input_signature is not None:
            self.input_signature.types(arguments)
            args, kwargs = arguments.structure.unflatten(arguments.leaves)
        if not self.autograph:
            return self.python_function(*args, **kwargs)
        result: R = call(self.python_function, *args, **kwargs)
        return result

    def _entry(self, arguments: Arguments) -> Entry:
        """The entry that answers a call, traced if need be."""
        number = next(self._calls)
        backend = settings.backend_of(self.backend)
        with self._lock:
            entry = self._cache.find(arguments, backend)
            if entry is None:
                fixed = None
                if self.input_signature is not None:
                    fixed = [TensorLeaf(type_) for type_ in self.input_signature.types(arguments)]
                entry, reasons = self._cache.add(arguments, backend, fixed, self.reduce_retracing)
                self._history.traced(entry, reasons, number)
            entry.used = number
        return entry

    def _roots(self) -> list[tuple[str, Any]]:
        """Objects that the function reads besides its arguments, with their names."""
        function: Any = self._python_function
        found: list[tuple[str, Any]] = []
        while isinstance(function, functools.partial):
            found += [(f"argument {i} of the partial", arg) for i, arg in enumerate(function.args)]
            found += [(f"argument {key!r} of the partial", arg) for key, arg in function.keywords.items()]
            function = function.func
        if inspect.ismethod(function):
            found.append(("self", function.__self__))
        elif not inspect.isfunction(function):
            found.append((self.name, function))
        return found

    def _forget(self) -> None:
        self._short.clear()

    def _trace(
        self, arguments: Arguments, types: Sequence[LeafType], backend: str, creation: Creation | None
    ) -> Traced:
        function = self.python_function
        if not self.autograph:
            function = do_not_convert(_unconverted(function))
        code = functools.partial(to_code, self._python_function) if self.autograph else ""
        return trace_function(function, self.name, code, arguments, types, backend, creation)

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
        general = specs_to_types(arguments.leaves, lambda i: f"d{i}")
        types = [
            TensorLeaf(type_) if isinstance(spec, TensorSpec) else leaf_type(spec)
            for spec, type_ in zip(arguments.leaves, general, strict=True)
        ]
        backend = settings.backend_of(self.backend)
        with self._lock:
            for entry in self._cache.entries:
                if entry.answers_types(arguments.structure, types, arguments.leaves, backend):
                    return entry.concrete
            entry, reasons = self._cache.add(arguments, backend, types, False)
            self._history.traced(entry, reasons, next(self._calls))
            return entry.concrete

    def explain(self) -> Explanation:
        """Why each graph was traced, what it cost, and what it is made of.

        Returns:
            An explanation: text when printed, a table in a notebook.

        Example:
            >>> import autograph as ag
            >>> @ag.function
            ... def double(x):
            ...     return x * 2
            >>> _ = double(ag.constant(1.0))
            >>> print(double.explain())  # doctest: +ELLIPSIS
            double: 1 trace
            1. first call ...
        """
        return self._history.explanation(self._cache.entries)

    def profile(self, *args: P.args, **kwargs: P.kwargs) -> Profile:
        """Where the time of a call goes: calls the native code for about half a second, with clocks in it.

        Variables stay as they are: the calls are made with copies. What the function prints or does in Python, it does
        in each of the calls.

        Args:
            *args: arguments of a call.
            **kwargs: keyword arguments.

        Returns:
            The time in each fused loop, product, convolution, call of Python or of a function, with your lines; a table
            when printed. Times of parts and of the rest add up to that of the call.

        Example:
            >>> import autograph as ag
            >>> @ag.function
            ... def scaled(x, w):
            ...     return ag.ops.tanh(x @ w)
            >>> print(scaled.profile(ag.ops.ones((64, 8)), ag.ops.ones((8, 8))))  # doctest: +ELLIPSIS
            scaled: ... a call of the compiled graph, ... with clocks in it (the quicker half of ... calls)
            <BLANKLINE>
              share      time   calls     bytes         rate  part
            ...
        """
        arguments = self._bound(args, kwargs)
        return profile_call(self.name, self._entry(arguments), arguments.leaves, 0.5)

    def clear_cache(self) -> None:
        """Forgets all graphs."""
        with self._lock:
            self._cache.clear()
            self._short.clear()

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        key = id(instance)
        method = self._methods.get(key)
        if method is None or method.instance() is not instance:
            method = Method(self, instance, functools.partial(self._methods.pop, key, None))
            self._methods[key] = method
        return MethodType(method, instance)  # keeps the object alive, which the method's cache does not

    def __copy__(self) -> Function[P, R]:
        return self

    def __deepcopy__(self, memo: Any) -> Function[P, R]:
        return self

    def __reduce__(self) -> Any:
        """Pickled by name, as plain functions are; callable objects by their own pickle."""
        name = getattr(self, "__qualname__", None)
        if name is not None and not isinstance(self, Method):
            return name
        specs = None if self.input_signature is None else self.input_signature.specs
        return Function, (self.python_function, specs, self.autograph, self.backend, self.reduce_retracing)

    def __repr__(self) -> str:
        return f"<ag.function {self.name}, {self.trace_count} trace{'s' * (self.trace_count != 1)}>"


class Method(Function[Any, Any]):
    """The function behind a bound method: a cache for one object, which it does not keep alive.

    Args:
        function: the decorated function of the class.
        instance: the object.
        gone: called when the object is.
    """

    def __init__(self, function: Function[Any, Any], instance: Any, gone: Callable[[], Any]) -> None:
        specs = None if function.input_signature is None else function.input_signature.specs
        unbound = function.python_function
        super().__init__(unbound, None, function.autograph, function.backend, function.reduce_retracing)
        self.input_signature = None if specs is None else InputSignature(specs)
        self._signature = inspect.signature(_bound_to(unbound, instance))
        self._short = ShortPath(self._signature)
        try:
            self.instance: Callable[[], Any] = weakref.ref(instance, lambda _: gone())
        except TypeError:  # such objects stay alive with the cache
            self.instance = lambda: instance

    def __call__(self, _self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return super().__call__(*args, **kwargs)

    @property
    def python_function(self) -> Callable[..., Any]:
        """The method, bound."""
        return _bound_to(self._python_function, self.instance())

    def _roots(self) -> list[tuple[str, Any]]:
        return [("self", self.instance())]


def _mode_here() -> str:
    """What decides, besides the arguments, how a call runs: settings, and the device of a `with` block."""
    device = current_device()
    return settings.mode if device is None else f"{settings.mode} on {device}"


def _bound_to(function: Any, instance: Any) -> Callable[..., Any]:
    bound: Callable[..., Any] = (
        function.__get__(instance) if hasattr(function, "__get__") else functools.partial(function, instance)
    )
    return bound


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
    python_function: Any = None,
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
        return lambda f: function(
            f,
            input_signature=input_signature,
            autograph=autograph,
            backend=backend,
            reduce_retracing=reduce_retracing,
        )
    if isinstance(python_function, staticmethod | classmethod):
        inner: Function[Any, Any] = Function(
            python_function.__func__, input_signature, autograph, backend, reduce_retracing
        )
        return type(python_function)(inner)
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
        elif not inspect.isfunction(f) and inspect.isfunction(getattr(type(f), "__call__", None)):
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
