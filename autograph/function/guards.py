"""Guards: the Python values that a trace read from outside, checked at each call before its graph answers.

The functions that a trace entered say which names they read. From their globals, cells and defaults, and from
the objects among the arguments, the collection follows the attributes of those names, and the items of containers,
and notes what it finds: literals by value, other objects by identity, containers by their items.
"""

from __future__ import annotations

import re
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import is_
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograph.function.leaf_types import is_literal, same_literal
from autograph.function.reads import reads_of
from autograph.runtime.location import is_internal, is_library
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import ARRAY_CONSTANT_BYTES
from autograph.runtime.variable import Variable

MISSING = type("Missing", (), {"__repr__": lambda self: "nothing"})()
_SPACE = re.compile(r"c\d+(\(\))?\.__dict__")
_CONTAINERS = (list, tuple, deque, dict, set, frozenset)
_OPAQUE = (Tensor, Variable, np.ndarray, np.generic, FunctionType, BuiltinFunctionType, MethodType)


class Guards:
    """Checks of outer values.

    Attributes:
        objects: weak references to the objects that the checks go by; a trace is of no use without one of them.
        check: gives the position in `paths` of the first value that differs, None when all is as it was.
        paths: what each check looks at, in the user's words.
        functions: the user's functions that the checks are about.
    """

    def __init__(self) -> None:
        self.functions: tuple[FunctionType, ...] = ()
        self.whole_arrays = False
        self._start()

    def _start(self) -> None:
        self.paths: list[str] = []
        self.objects: list[weakref.ref[Any]] = []
        self._failed: list[str] = []
        self._fetch: list[str] = []
        self._was: list[Any] = []
        self._names: dict[str, Any] = {"M": MISSING, "same": same_literal, "same_items": _same_items, "is_": is_}
        self._by_id: dict[int, str] = {}
        self._seen: set[int] = set()
        self._getters: dict[int, FunctionType] = {}

    def compile(self) -> None:
        """Makes `check` from what has been noted."""
        lines: list[str] = []
        spaces: dict[str, str] = {}

        def space(found: re.Match[str]) -> str:
            """A local variable for the attributes of an object, which several checks look at."""
            if found[0] not in spaces:
                spaces[found[0]] = f"s{len(spaces)}"
                lines.append(f"        {spaces[found[0]]} = {found[0]}")
            return spaces[found[0]]

        for position, (fetch, failed) in enumerate(zip(self._fetch, self._failed, strict=True)):
            condition = _SPACE.sub(space, failed)
            if re.search(r"\bx\b", failed):
                lines.append(f"        x = {_SPACE.sub(space, fetch)}")
            lines.append(f"        if {condition}: return {position}")
        # A value that is gone altogether (an attribute, an item) differs, too.
        source = ["def check():", "    try:", *(lines or ["        pass"]), "    except Exception: return -1"]
        exec(compile("\n".join(source), "<autograph guards>", "exec"), self._names)
        self.check: Callable[[], int | None] = self._names["check"]

    def failures(self) -> list[int]:
        """The positions of all values that differ."""
        return [position for position in range(len(self.paths)) if self._has_failed(position)]

    def _has_failed(self, position: int) -> bool:
        try:
            self._names["x"] = eval(self._fetch[position], self._names)
            return bool(eval(self._failed[position], self._names))
        except Exception:
            return True

    def explain(self, position: int) -> str:
        """What changed, in the user's words."""
        if position < 0:
            return "an object that the trace has read is gone"
        try:
            value = eval(self._fetch[position], self._names)
        except Exception:  # the object is gone
            value = MISSING
        was, now = _text(self._was[position]), _text(value)
        return (
            f"{self.paths[position]} holds other values"
            if was == now
            else f"{self.paths[position]} was {was}, is {now}"
        )

    def conditions(self) -> list[str]:
        """The checks as text, in which names stand for `constants`."""
        return [" ".join(parts) for parts in zip(self.paths, self._fetch, self._failed, strict=True)]

    def constants(self) -> list[Any]:
        """The objects that the checks name, in the order in which they came."""
        return [self.named(name) for name in self._names if re.fullmatch(r"c\d+", name)]

    def name_of(self, obj: Any) -> str | None:
        """The name of an object in the checks."""
        return self._by_id.get(id(obj))

    def named(self, name: str) -> Any:
        """The object of a name."""
        found = self._names[name]
        return found() if isinstance(found, weakref.ref) else found

    def knows(self, identity: int) -> bool:
        """Whether the object of that `id` is among the values that are checked."""
        return identity in self._by_id

    # -- collection -------------------------------------------------------------------------------------

    def collect(
        self, functions: Iterable[FunctionType], arguments: Sequence[tuple[str, Any]], whole_arrays: bool = False
    ) -> None:
        """Notes what functions and the objects among arguments lead to.

        Args:
            functions: the user's functions that the trace entered.
            arguments: pairs of a path and an object.
            whole_arrays: whether what large arrays hold is compared; the graph takes them as they are at each call.
        """
        self.whole_arrays = whole_arrays
        functions = list(functions)
        nested = {code for function in functions for code in _nested(function.__code__)}
        known = {id(function): function for function in functions if function.__code__ not in nested}
        # Functions that the trace itself made are of no interest; those it found somewhere are.
        perhaps = {id(function): function for function in functions if function.__code__ in nested}
        while True:
            self._start()
            reads = [reads_of(function.__code__) for function in known.values()]
            self._attributes = frozenset().union(*[read.attributes for read in reads])
            self._asked = frozenset().union(*[read.asked for read in reads])
            for path, obj in arguments:
                if isinstance(obj, _CONTAINERS):
                    self._container(obj, self._name(obj), path)
                elif not is_literal(obj) and not isinstance(obj, _OPAQUE):
                    self._follow(obj, self._object(obj), path)
            for function in known.values():
                self._function(function)
            found = self._getters | {key: function for key, function in perhaps.items() if key in self._by_id}
            if found.keys() <= known.keys():
                break
            known.update(found)  # what the getters of properties read counts, too
        self.functions = tuple(known.values())

    def _function(self, function: FunctionType) -> None:
        space = function.__globals__
        name = self._name(space)
        for key in sorted(reads_of(function.__code__).globals):
            self._note(space.get(key, MISSING), f"{name}.get({key!r}, M)", f"global '{key}'")
        for key, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            value = _content(cell)
            self._names.setdefault("content", _content)
            self._note(value, f"content({self._name(cell)})", f"'{key}' of {function.__qualname__}")
        if function.__defaults__ or function.__kwdefaults__:
            owner = self._object(function)
            path = f"default of {function.__qualname__}"
            self._note(function.__defaults__, f"{owner}.__defaults__", path)
            self._note(function.__kwdefaults__, f"{owner}.__kwdefaults__", path)

    def _name(self, obj: Any) -> str:
        """A name in the checks for an object that they keep."""
        name = self._by_id.get(id(obj))
        if name is None:
            name = self._by_id[id(obj)] = f"c{len(self._names)}"
            self._names[name] = obj
        return name

    def _object(self, obj: Any) -> str:
        """An expression for an object that the checks do not keep alive, where it can be so."""
        if isinstance(obj, ModuleType | type):
            return self._name(obj)
        try:
            reference = weakref.ref(obj)
        except TypeError:
            return self._name(obj)
        known = id(obj) in self._by_id
        name = self._name(obj)
        if not known:
            self._names[name] = reference
            self.objects.append(reference)
        return f"{name}()"

    def _add(self, value: Any, fetch: str, path: str, failed: str) -> None:
        self._failed.append(failed)
        self.paths.append(path)
        self._fetch.append(fetch)
        self._was.append(value if is_literal(value) or value is MISSING else _text(value))

    def _note(self, value: Any, fetch: str, path: str) -> None:
        if value is MISSING:
            self._add(value, fetch, path, "x is not M")
        elif is_literal(value):
            name = self._name(value) if value is not None else "None"
            self._add(value, fetch, path, f"x is not {name} and not same(x, {name})")
        elif isinstance(value, np.ndarray) and self._is_compared(value):
            held = self._name(value.tobytes())
            self._add(value, fetch, path, f"x is not {self._object(value)} or x.tobytes() != {held}")
        elif isinstance(value, _CONTAINERS):
            self._container(value, fetch, path)
        elif isinstance(value, ModuleType | type):
            self._add(value, fetch, path, f"x is not {self._name(value)}")
            self._follow(value, self._name(value), path)
        else:
            self._add(value, fetch, path, f"x is None or x is not {self._object(value)}")
            if not isinstance(value, _OPAQUE):
                self._follow(value, self._object(value), path)

    def _is_compared(self, array: np.ndarray[Any, Any]) -> bool:
        return not array.dtype.hasobject and (self.whole_arrays or array.nbytes <= ARRAY_CONSTANT_BYTES)

    def _container(self, value: Any, fetch: str, path: str) -> None:
        if isinstance(value, set | frozenset):
            self._add(
                value, fetch, path, f"x.__class__ is not {self._name(type(value))} or x != {self._name(set(value))}"
            )
            return
        items = list(value.values()) if isinstance(value, dict) else list(value)
        failed = f"x.__class__ is not {self._name(type(value))} or len(x) != {len(items)}"
        if isinstance(value, dict):
            failed += f" or list(x) != {self._name(list(value))}"
        if all(is_literal(item) for item in items):
            kept = self._name(tuple(items))
            values = "x.values()" if isinstance(value, dict) else "x"
            failed += f" or not (all(map(is_, {values}, {kept})) or same_items({values}, {kept}))"
            self._add(value, fetch, path, failed)
            return
        self._add(value, fetch, path, failed)
        if id(value) in self._seen:  # a container that holds itself
            return
        self._seen.add(id(value))
        keys = list(value) if isinstance(value, dict) else range(len(items))
        for key, item in zip(keys, items, strict=True):
            self._note(item, f"{fetch}[{key if isinstance(key, int) else self._name(key)}]", f"{path}[{key!r}]")
        self._seen.discard(id(value))

    def _follow(self, obj: Any, name: str, path: str) -> None:
        """Notes the attributes of an object, class or module that the functions may have read."""
        if id(obj) in self._seen or (isinstance(obj, type | ModuleType) and _is_foreign(obj)):
            return
        self._seen.add(id(obj))
        instance = getattr(obj, "__dict__", None)
        if instance is not None:
            self._attributes_in(instance, name, path)
        for slot in _slots(type(obj)) & self._attributes if not isinstance(obj, type | ModuleType) else ():
            self._note(getattr(obj, slot, MISSING), f"getattr({name}, {slot!r}, M)", f"{path}.{slot}")
        if isinstance(obj, type | ModuleType):
            return
        for cls in type(obj).__mro__[:-1]:
            self._follow(cls, self._name(cls), cls.__name__)
        if instance is not None and (hidden := self._hidden(obj, instance)):
            names = self._name(hidden)
            found = f"', '.join(sorted({names}.intersection({name}.__dict__)))"
            path = f"attributes of {path} in place of its class's"
            self._add("", found, path, f"not {names}.isdisjoint({name}.__dict__)")

    def _hidden(self, obj: Any, instance: Any) -> frozenset[str]:
        """Attributes that the object does not have itself now, but that would be read if it got them."""
        inherited = self._attributes.intersection({key for cls in type(obj).__mro__[:-1] for key in vars(cls)})
        return (inherited | self._asked).difference(instance)

    def _attributes_in(self, space: Any, name: str, path: str) -> None:
        for key in sorted(self._attributes.intersection(space)):
            value = space[key]
            if isinstance(value, property) and isinstance(value.fget, FunctionType):
                if not is_library(value.fget.__code__.co_filename):
                    self._getters[id(value.fget)] = value.fget
                continue
            self._note(value, f"{name}.__dict__.get({key!r}, M)", f"{path}.{key}")


def _nested(code: CodeType) -> Iterator[CodeType]:
    """The code of the functions inside a function."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _same_items(items: Iterable[Any], known: Sequence[Any]) -> bool:
    return all(map(same_literal, items, known))


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def _is_foreign(obj: type | ModuleType) -> bool:
    """Whether a module or class is library code, whose values count as fixed."""
    module = obj if isinstance(obj, ModuleType) else sys.modules.get(obj.__module__)
    file = getattr(module, "__file__", None)
    if module is None or (file is None and getattr(module, "__spec__", None) is None):
        return False  # made by hand, or typed in
    return file is None or is_internal(file) or is_library(file)


def _slots(cls: type) -> set[str]:
    return {name for base in cls.__mro__ for name in _names(base.__dict__.get("__slots__", ()))}


def _names(slots: Any) -> Iterable[str]:
    return (slots,) if isinstance(slots, str) else slots


def _text(value: Any) -> str:
    if isinstance(value, str) and value.startswith("a "):
        return value
    text = repr(value) if is_literal(value) or value is MISSING else f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
