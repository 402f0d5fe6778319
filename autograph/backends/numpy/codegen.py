"""Writes a graph as Python source: values are local variables, regions are `if` and `while` statements.

func f(%n: ~i64[]) -> ~i64[]:            def f(v0):
  %0: ~i64[] = constant {value=0}            v1 = c0
  %1: ~i64[] = while(%0) …                   v2 = v1
                                             while True: …
"""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any

import numpy as np

from autograph.backends.numpy.attributes import attribute_source
from autograph.backends.numpy.emitters import EMITTERS, check_int, weak_python
from autograph.errors import AutoGraphError, SourceLine, UnsupportedOpError, message
from autograph.runtime.dims import SymbolicDim, is_symbol, solve, symbols_of
from autograph.runtime.failure import Failure, raise_at
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import Kind
from autograph.runtime.types import RefType, TensorType

_counter = 0


class Program:
    """A graph compiled to a Python function.

    Attributes:
        source: its text, for debugging.
    """

    def __init__(self, graph: Graph, programs: dict[Graph, Program] | None = None) -> None:
        self._programs = {} if programs is None else programs  # of the graphs that graphs call, which may call back
        self._programs[graph] = self
        self._callees: dict[str, Graph] = {}
        self.globals: dict[str, Any] = {
            "np": np,
            "Failure": Failure,
            "check_int": check_int,
            "bind_size": bind_size,
        }
        self._lines: list[str] = []
        self._locations: dict[int, SourceLine] = {}
        self._names: dict[Value, str] = {}
        self._bound: list[set[str]] = [set()]
        self._indent = 1
        self._node: Node | None = None
        self._write_graph(graph)
        self.source = "\n".join(self._lines) + "\n"
        self._file = _file_name(graph.name)
        linecache.cache[self._file] = (len(self.source), None, self._lines, self._file)
        weakref.finalize(self, linecache.cache.pop, self._file, None).atexit = False
        exec(self._compiled(graph), self.globals)
        # As a decorator, errstate costs half of what it does in a `with` statement.
        self._function: Callable[..., Any] = np.errstate(all="ignore")(self.globals["graph"])
        if programs is None:
            for program in self._programs.values():
                program.globals |= {
                    name: self._programs[callee].globals["graph"] for name, callee in program._callees.items()
                }

    def _compiled(self, graph: Graph) -> CodeType:
        """The program's code.

        Raises:
            UnsupportedOpError: Python does not take code that is nested as deeply as the graph.
        """
        try:
            return compile(self.source, self._file, "exec")
        except (SyntaxError, RecursionError, MemoryError):  # of correct text: its nesting is what Python refuses
            places = [node.location for node in graph.body.nodes if node.regions]
            raise UnsupportedOpError(
                message(
                    f"the branches and loops of {graph.name} are nested too deeply (each `elif` nests one more)",
                    places[0] if places else None,
                    "look values up in a tensor, or write the inner part so that it comes after the outer one",
                )
            ) from None

    def run(self, raws: Sequence[Any]) -> list[Any]:
        """Runs the graph; errors of kernels come out at the user's line."""
        try:
            found: list[Any] = self._function(*raws)
            return found
        except (Failure, AutoGraphError):
            raise
        except Exception as error:
            location = self._location_of(error)
            if location is None:
                raise
            raised = error.with_traceback(None)
        raise_at(raised, location)

    def _location_of(self, error: Exception) -> SourceLine | None:
        traceback, found = error.__traceback__, None
        programs = {program._file: program for program in self._programs.values()}
        while traceback is not None:
            program = programs.get(traceback.tb_frame.f_code.co_filename)
            if program is not None:
                found = program._locations.get(traceback.tb_lineno)
            traceback = traceback.tb_next
        return found

    # -- text -------------------------------------------------------------------------------------------

    def emit(self, line: str) -> None:
        """Writes a line at the present depth."""
        self._lines.append("    " * self._indent + line)
        if self._node is not None and self._node.location is not None:
            self._locations[len(self._lines)] = self._node.location

    def constant(self, value: Any, prefix: str = "c") -> str:
        """A name for a Python object that the source refers to."""
        name = f"{prefix}{len(self.globals)}"
        self.globals[name] = value
        return name

    def callee(self, graph: Graph) -> str:
        """A name for the function of a graph that this one calls."""
        if graph not in self._programs:
            Program(graph, self._programs)
        name = f"graph{len(self._callees)}_"
        self._callees[name] = graph
        return name

    def name(self, value: Value) -> str:
        """The local variable of a value."""
        found = self._names.get(value)
        if found is None:
            found = self._names[value] = f"v{len(self._names)}"
        return found

    def names(self, values: Sequence[Value]) -> str:
        """Local variables as the items of a tuple."""
        return ", ".join(self.name(value) for value in values)

    # -- graph ------------------------------------------------------------------------------------------

    def _write_graph(self, graph: Graph) -> None:
        self._lines.append(f"def graph({self.names(graph.params)}):")
        self._bind_all(graph.params)
        self.write_nodes(graph.body)
        results = self.names(graph.results)
        self.emit(f"return [{results}]")

    def write_nodes(self, region: Region) -> None:
        """Writes the nodes of a region at the present depth."""
        for node in region.nodes:
            outer, self._node = self._node, node
            emitter = EMITTERS.get(node.op.name)
            if emitter is not None:
                emitter(self, node)
            else:
                self._write_op(node)
            for output in node.outputs:
                self.bind(output)
            self._node = outer

    def _write_op(self, node: Node) -> None:
        attrs = [
            f"{key}={'()' if key == 'binds' else attribute_source(self, value)}" for key, value in node.attrs.items()
        ]
        weak = [out.type.weak if isinstance(out.type, TensorType) else False for out in node.outputs]
        if node.op.weakens and node.inputs and all(_is_weak(value) for value in node.inputs):
            self._write_weak(node, attrs)
            return
        kernel = self.constant(node.op.kernel, "k")
        arguments = ", ".join(["np", *[self.name(value) for value in node.inputs], *attrs])
        targets = self.names(node.outputs)
        if not node.outputs:
            self.emit(f"{kernel}({arguments})")
        else:
            self.emit(f"{targets} = {kernel}({arguments})")
        for output, is_weak in zip(node.outputs, weak, strict=True):
            if is_weak and node.op.kind is not Kind.LIST and node.op.name not in ("cast", "dimension"):
                self.emit(f"{self.name(output)} = np.asarray({self.name(output)}).item()")

    def _write_weak(self, node: Node, attrs: list[str]) -> None:
        """An op on Python numbers: Python's own operator, with integers kept within 64 bits."""
        (output,) = node.outputs
        text = weak_python(self, node, attrs)
        is_int = isinstance(output.type, TensorType) and output.type.dtype.is_integer
        self.emit(f"{self.name(output)} = check_int({text})" if is_int else f"{self.name(output)} = {text}")

    # -- symbolic sizes -----------------------------------------------------------------------------------

    def _bind_all(self, values: Sequence[Value]) -> None:
        """Binds sizes of parameters: symbols that stand alone first, since `k // 2` does not tell what k is."""
        for plain in (True, False):
            for value in values:
                self.bind(value, plain)

    def bind(self, value: Value, plain: bool = False) -> None:
        """Gives the sizes that a value's type mentions first their Python variables; `plain` only bare symbols."""
        type_ = value.type.value if isinstance(value.type, RefType) else value.type
        if not isinstance(type_, TensorType):
            return
        for axis, dim in enumerate(type_.shape):
            if not isinstance(dim, SymbolicDim):
                continue
            open_ = [name for name in symbols_of(dim) if not self._is_bound(name)]
            if len(open_) != 1 or (plain and not is_symbol(dim)):
                continue
            size = f"{self.name(value)}.shape[{axis}]"
            if is_symbol(dim):
                self.emit(f"{variable(open_[0])} = {size}")
            else:
                env = ", ".join(f"{name!r}: {variable(name)}" for name in symbols_of(dim) if self._is_bound(name))
                self.emit(f"{variable(open_[0])} = bind_size({self.constant(dim)}, {size}, {{{env}}})")
            self._bound[-1].add(open_[0])

    def _is_bound(self, name: str) -> bool:
        return any(name in scope for scope in self._bound)

    def nested(self, region: Region) -> None:
        """Writes a region one level deeper; sizes that it binds are its own."""
        self._indent += 1
        self._bound.append(set())
        self.write_nodes(region)

    def open_loop(self, params: Sequence[Value], values: str) -> None:
        """Goes one level deeper, where a loop's parameters take their values of this trip."""
        self._indent += 1
        self._bound.append(set())
        if values:
            self.emit(f"{self.names(params)} = {values}")
        self._bind_all(params)

    def leave(self) -> None:
        """Ends what `nested` began."""
        self._bound.pop()
        self._indent -= 1


def _is_weak(value: Value) -> bool:
    return isinstance(value.type, TensorType) and value.type.weak


def variable(symbol: str) -> str:
    """The Python variable of a symbolic size."""
    return f"size_{symbol}"


def bind_size(dim: SymbolicDim, size: int, env: dict[str, int]) -> int:
    """The one open symbol of `dim`, given the size that it came out as.

    Raises:
        ValueError: no size fits.
    """
    found = solve(dim, size, env)
    if found is None:
        raise ValueError(f"no size makes {dim} equal to {size}")
    return found[1]


def _file_name(name: str) -> str:
    global _counter
    _counter += 1
    return f"<autograph graph {name} {_counter}>"
