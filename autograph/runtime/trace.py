"""A trace: the graph under construction, and how values from outside come into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from autograph.errors import GraphTensorError, StagingError
from autograph.runtime.apply import infer_types, raw_operand
from autograph.runtime.dims import Dim, SymbolicDim, symbol
from autograph.runtime.dtypes import DType, float64, int64, of_python_number, uint64
from autograph.runtime.failure import Template
from autograph.runtime.ir import Graph, Node, Region, Value, walk
from autograph.runtime.location import user_line
from autograph.runtime.number_range import check_range, may_exceed
from autograph.runtime.op import Effect, Op
from autograph.runtime.promotion import fits, require_fit, result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import cast_op, constant_op, dimension_op, dims_of, known_dim
from autograph.runtime.tensor import PYTHON_NUMBERS, TRACED, Tensor, raw_type
from autograph.runtime.text import RunTimeText
from autograph.runtime.types import RefType, TensorType, Type

if TYPE_CHECKING:
    from autograph.runtime.variable import Variable

# NumPy arrays up to this size become constants of the graph (guards compare what they hold at each call); larger
# ones are inputs of it.
ARRAY_CONSTANT_BYTES = 4096

# Placeholders of run-time values in text, from Unicode's private use area, which users' text does not contain.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MAY_FAIL = Effect.FAIL | Effect.HOST


_COMPARISONS = frozenset({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"})


class Trace:
    """Records ops into a graph.

    Attributes:
        graph: the graph under construction.
        region: the region that ops are being recorded into.
        parent: the trace during which this one began, if any.
        captures: tensors from outside that the graph uses, with the parameters that stand for them.
        variables: variables that the graph reads or writes, with their reference parameters.
        journal: told of each object about to be mutated while a region is traced (staging sets it).
        entered: the user's functions that were called from outside code of the trace, whose globals and closures
            are older than it.
        creation: makes the initial values of variables that the traced function creates (None: refuses them).
        arrays: the NumPy arrays that ops were given, by `id`.
        reads_elements: whether NumPy scalars were met, which may be elements of arrays from outside.
        active: the calls of users' functions that are being traced.
        building: the function that calls itself whose graph this trace builds, if any.
        built: functions that call themselves whose graphs are built.
        before_failure: called before an op is recorded that may fail (staging sets it inside `try`).
        shown: objects of whose attributes the traced code has the whole dict.
        open_ends: how many blocks are under way after which a `finally` or an `__exit__` follows.
        saved: what gradients have made regions give out so far (differentiation sets it).
        number_marks: of numbers whose Python class their type does not tell, what does: the number that one was cast
            from, or what staging notes.
        number_classes: what staging has found of classes.
        mixed_items: the dtypes of lists of the graph whose items may be of several classes.
        tells_classes: whether blocks carry the classes of numbers; None where they never will.
        asks_classes: whether the trace has to start again, with that.
    """

    def __init__(self, name: str, parent: Trace | None = None) -> None:
        self.graph = Graph(name)
        self.region = self.graph.body
        self.parent = parent
        self.captures: dict[int, tuple[Tensor, Value]] = {}
        self.variables: dict[int, tuple[Variable, Value]] = {}
        self.journal: Any = None
        self.creation: Any = None
        self.saved: Any = None
        self.entered: list[Any] = []
        self.arrays: dict[int, np.ndarray[Any, Any]] = {}
        self.reads_elements = False
        self.shown: list[Any] = []
        self.open_ends = 0
        self.active: list[Any] = []
        self.building: list[Any] = []
        self.built: list[Any] = []
        self.before_failure: Callable[[Op, Mapping[str, Any]], None] | None = None
        self.number_marks: dict[Value, Any] = {}
        self.number_classes: dict[Value, Any] = {}
        self.mixed_items: set[DType] = set() if parent is None else parent.mixed_items
        self.tells_classes: bool | None = None if parent is None else parent.tells_classes
        self.asks_classes = False
        self._symbols = 0
        self._reached: list[Region] = []
        self._placeholders: list[tuple[Tensor, str]] = []

    def add_input(self, type_: Type, name: str = "") -> Tensor:
        """A tensor standing for the next argument."""
        return Tensor(self.graph.body.add_param(type_, name))

    @contextmanager
    def inside(self, region: Region) -> Iterator[Region]:
        """Records into `region`, which lies in the current one, inside a `with` block."""
        outer = self.region
        region.parent = outer
        self.region = region
        try:
            yield region
        finally:
            self.region = outer

    def record(
        self,
        op: Op,
        inputs: Sequence[Value],
        attrs: Mapping[str, Any],
        output_types: Sequence[Type],
        regions: Sequence[Region] = (),
    ) -> list[Value]:
        """Appends a node to the current region and gives its outputs."""
        if self.before_failure is not None and op.effects & _MAY_FAIL:
            self.before_failure(op, attrs)
        node = Node(op, inputs, attrs, regions, output_types, user_line())
        return self.region.append(node).outputs

    def apply(self, op: Op, operands: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
        """Records an op on operands of any kind; gives a tensor, or a tuple of them."""
        if op.dims is not None:
            size = self._fold_sizes(op, operands)
            if size is not None:
                return size
        values = [self.value(x) for x in operands]
        if op.promotes:
            values = self.promote(values, op.name in _COMPARISONS)
        types, single = infer_types(op, [value.type for value in values], attrs)
        outputs = self.record(op, values, attrs, types)
        return Tensor(outputs[0]) if single else tuple([Tensor(output) for output in outputs])

    def promote(self, values: Sequence[Value], compares: bool = False) -> list[Value]:
        """The values cast to their common dtype; numbers beyond it may only be compared.

        Raises:
            OverflowError: a Python number is not in the range of the integers that it meets.
        """
        types = [value.type for value in values if isinstance(value.type, TensorType)]
        dtype, weak = result_type(*[(type_.dtype, type_.weak) for type_ in types])
        for number in filter(None, map(_python_integer, values)):
            if compares and not fits(number, dtype):
                dtype = float64 if dtype is uint64 else int64
            require_fit(number, dtype)
        for value in values:
            if may_exceed(value, dtype):
                if compares:
                    dtype = float64 if dtype is uint64 else int64
                else:
                    check_range(self, value, dtype)
        return [self.cast(value, dtype, weak and not value.type.shape) for value in values]  # type: ignore[union-attr]

    def cast(self, value: Value, dtype: DType, weak: bool = False) -> Value:
        """The value in another dtype; constants are cast at once."""
        type_ = value.type
        assert isinstance(type_, TensorType)
        if type_.dtype is dtype and type_.weak == weak:
            return value
        if value.node is not None and value.node.op is constant_op and type_.weak:
            number = np.asarray(value.node.attrs["value"]).astype(dtype.numpy)
            made = self.constant(number.item() if weak else number)
        else:
            target = TensorType(dtype, type_.shape, weak)
            made = self.record(cast_op, (value,), {"dtype": dtype, "weak": weak}, (target,))[0]
        if type_.weak:
            self.number_marks[made] = value
        return made

    def size(self, dim: Dim) -> Any:
        """A dimension as the user sees it: an int, or a scalar tensor that keeps the symbol's algebra."""
        if isinstance(dim, int):
            return dim
        return Tensor(self.record(dimension_op, (), {"dim": dim}, (TensorType(int64, (), True),))[0])

    def _fold_sizes(self, op: Op, operands: Sequence[Any]) -> Any:
        if not any(isinstance(x, Tensor) and known_dim(x) is not None for x in operands):
            return None
        sizes = dims_of(operands)
        if any(size is None for size in sizes):
            return None
        assert op.dims is not None
        result = op.dims(*sizes)
        return result if isinstance(result, bool | None) else self.size(result)

    def constant(self, raw: Any) -> Value:
        """A constant of the graph: an array or a Python number."""
        if isinstance(raw, PYTHON_NUMBERS) and not isinstance(raw, np.generic):
            type_ = TensorType(of_python_number(raw), (), True)
        else:
            raw = np.array(raw)
            raw.flags.writeable = False
            type_ = raw_type(raw)
        return self.record(constant_op, (), {"value": raw}, (type_,))[0]

    def constant_tensor(self, raw: Any) -> Tensor:
        """A constant as a tensor."""
        return Tensor(self.constant(raw))

    def value(self, operand: Any) -> Value:
        """The graph value of an operand: a tensor (captured when it comes from outside), a number or an array."""
        if not isinstance(operand, Tensor):
            raw = raw_operand(operand)
            if type(raw) is Value:
                return raw
            if isinstance(raw, np.ndarray):
                self.arrays[id(raw)] = raw
                return self.capture_array(raw) if raw.nbytes > ARRAY_CONSTANT_BYTES else self.constant(raw)
            self.reads_elements = self.reads_elements or isinstance(raw, np.generic)
            return self.constant(raw)
        raw = operand._value
        if type(raw) is Value:
            if self._in_scope(raw):
                return raw
            if not any(around.graph.body.encloses(raw.region) for around in self._around()):
                refuse(
                    GraphTensorError,
                    f"a tensor ({raw.type}) is used outside the staged block or function that computes it",
                    "return it from the function, or carry it out of the block in a variable of the function",
                )
        return self.capture(operand)

    def _around(self) -> Iterator[Trace]:
        trace = self.parent
        while trace is not None:
            yield trace
            trace = trace.parent

    def _in_scope(self, value: Value) -> bool:
        region: Region | None = self.region
        while region is not None:
            if region is value.region:
                return True
            region = region.parent
        return any(reached.encloses(value.region) for reached in self._reached)

    @contextmanager
    def reaching(self, region: Region) -> Iterator[None]:
        """Lets ops use values of a region that is over; the caller makes them outputs of its node afterwards."""
        self._reached.append(region)
        try:
            yield
        finally:
            self._reached.pop()

    def capture(self, tensor: Tensor) -> Value:
        """The parameter that stands for a tensor from outside; each call of the graph passes its value then."""
        known = self.captures.get(id(tensor))
        if known is None:
            known = (tensor, self.graph.body.add_param(tensor.type, f"captured_{len(self.captures)}"))
            self.captures[id(tensor)] = known
        return known[1]

    def capture_array(self, array: np.ndarray[Any, Any]) -> Value:
        """The parameter that stands for a NumPy array, which may change in place between the graph's calls."""
        known = self.captures.get(id(array))
        if known is None:
            tensor = Tensor(array)
            known = (tensor, self.graph.body.add_param(tensor.type, f"captured_{len(self.captures)}"))
            self.captures[id(array)] = known
        return known[1]

    def variable(self, variable: Variable) -> Value:
        """The reference parameter of a variable."""
        known = self.variables.get(id(variable))
        if known is None:
            name = variable.name or f"variable_{len(self.variables)}"
            known = (variable, self.graph.body.add_param(RefType(variable.type), name))
            self.variables[id(variable)] = known
        return known[1]

    def initial_value(self, variable: Variable, value: Any, dtype: Any) -> np.ndarray[Any, Any]:
        """The array that a variable which the traced code creates starts with."""
        if self.creation is None:
            refuse(
                StagingError,
                "a Variable is created by a staged function, and not on its first call only",
                "create it outside the function (or in a Module's __init__), or once: "
                "if self.w is None: self.w = ag.Variable(...)",
            )
        found: np.ndarray[Any, Any] = self.creation.initial_value(self, variable, value, dtype)
        return found

    def fresh_symbol(self, prefix: str = "k", minimum: int = 0) -> SymbolicDim:
        """A new symbolic size: of a result whose size the data decides, or of what changes size in a loop."""
        self._symbols += 1
        return symbol(f"{prefix}{self._symbols}", minimum)

    def skip_symbols(self, graph: Graph) -> None:
        """Makes fresh symbols differ from all of a graph that is traced further."""
        self._symbols = max(self._symbols, 1000 * (1 + sum(1 for _ in walk(graph.body))))

    def symbols_after(self, other: Trace) -> None:
        """Makes fresh symbols differ from those that another trace has made."""
        self._symbols = max(self._symbols, other._symbols)

    def touch(self, obj: Any) -> None:
        """Tells that a Python object is about to be mutated by the traced code."""
        if self.journal is not None:
            self.journal.touch(obj)

    def settle(self, obj: Any) -> None:
        """Tells that a Python object has been mutated by the traced code."""
        if self.journal is not None:
            self.journal.settle(obj)

    def placeholder(self, tensor: Tensor, spec: str) -> str:
        """Text that stands for a tensor's run-time value until `template` takes it apart."""
        for number_text in _number_text:
            tensor, spec = number_text(self, tensor, spec)
        self._placeholders.append((tensor, spec))
        return RunTimeText(f"{_OPEN}{len(self._placeholders) - 1}{_CLOSE}")

    def formatted(self, text: str, spec: str) -> str | None:
        """A text with a width or the like, where it is that of one run-time value; None for others."""
        first, _, rest = str.partition(text, _CLOSE)
        if rest or not str.startswith(first, _OPEN) or not first[1:].isdigit():
            return None
        tensor, known = self._placeholders[int(first[1:])]
        conversion, _, format_ = known.partition(":") if known.startswith("!") else ("!s", "", known)
        return None if format_ else self.placeholder(tensor, f"{conversion}:{spec}")

    def described(self, text: str) -> str:
        """Text that says of what type run-time values are, in place of them."""
        template, tensors = self.template(text)
        kinds = [f"Tensor({tensor.type}{TRACED}" for tensor in tensors]
        return "".join(part for pair in zip(template.pieces, [*kinds, ""], strict=True) for part in pair)

    def template(self, text: str) -> tuple[Template, list[Tensor]]:
        """Splits text into its constant pieces and the tensors that it shows."""
        first, *rest = str.split(text, _OPEN)
        pieces, specs, tensors = [first], [], []
        for part in rest:
            index, _, piece = part.partition(_CLOSE)
            tensor, spec = self._placeholders[int(index)]
            tensors.append(tensor)
            specs.append(spec)
            pieces.append(piece)
        return Template(tuple(pieces), tuple(specs)), tensors


def _python_integer(value: Value) -> int | None:
    """The Python integer that a value is a constant for."""
    if value.node is None or value.node.op is not constant_op:
        return None
    number = value.node.attrs["value"]
    return number if type(number) is int else None


# What tells the classes of numbers is a layer above, which announces itself here.
_number_text: list[Callable[[Trace, Tensor, str], tuple[Tensor, str]]] = []


def set_number_text(number_text: Callable[[Trace, Tensor, str], tuple[Tensor, str]]) -> None:
    """Sets what says how to show a number of which the graph decides whether it is an int or a float."""
    _number_text[:] = [number_text]


def has_placeholder(text: str) -> bool:
    """Whether text shows a run-time value that is not known yet."""
    return str.__contains__(text, _OPEN)
