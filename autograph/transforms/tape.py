"""GradientTape: watches ops, and differentiates what it has seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import optree

from autograph.errors import GradientError
from autograph.ops.casts import astype
from autograph.ops.creation import asarray, ones_like, zeros, zeros_like
from autograph.runtime.context import Context, current, current_trace, set_current
from autograph.runtime.dims import known_equal
from autograph.runtime.ir import Node, Region, Value, free_values, walk
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import read_op
from autograph.runtime.tensor import Tensor, refuse_leaked
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.transforms.autodiff.reverse import Reverse, is_differentiable, mark_active
from autograph.transforms.autodiff.variables import hoist_variables
from autograph.transforms.eager_log import EagerLog
from autograph.transforms.jacobian_rows import batch_jacobian_rows, jacobian_rows
from autograph.transforms.passes.thread_variables import assigned


class GradientTape:
    """Records the ops inside its `with` block for differentiation, eagerly or in a staged function.

    Args:
        persistent: whether `gradient` may be asked for more than once.
        watch_accessed_variables: whether trainable variables are watched when they are read.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant(3.0)
        >>> with ag.GradientTape() as tape:
        ...     tape.watch(x)
        ...     y = x * x
        >>> tape.gradient(y, x).item()
        6.0
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watch_variables = watch_accessed_variables
        self._recording = False
        self._used = False
        self._log: EagerLog | _GraphLog | None = None

    def __enter__(self) -> GradientTape:
        context = current()
        if context is not None and context.trace is not None:
            self._log = _GraphLog(context.trace)
        else:
            self._log = self._log if isinstance(self._log, EagerLog) else EagerLog()
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._recording:
            self._stop()

    def _start(self) -> None:
        self._recording = True
        if isinstance(self._log, _GraphLog):
            self._log.begin()
            return
        context = current()
        tapes = () if context is None else context.tapes
        set_current(Context(None, (*tapes, self)))

    def _stop(self) -> None:
        self._recording = False
        if isinstance(self._log, _GraphLog):
            self._log.end()
            return
        context = current()
        if context is not None:
            tapes = tuple([tape for tape in context.tapes if tape is not self])
            set_current(Context(None, tapes) if tapes else None)

    def record(self, op: Any, operands: Any, attrs: Any, outputs: Any) -> None:
        """Notes an eager op (called by `apply`)."""
        assert isinstance(self._log, EagerLog)
        if self._watch_variables:
            for operand in operands:
                if isinstance(operand, Variable) and operand.trainable:
                    self._log.watch(operand)
        self._log.record(op, operands, attrs, outputs)

    def watch(self, tensor: Any) -> None:
        """Makes gradients with respect to tensors possible.

        Args:
            tensor: a float tensor or variable, or a structure of them.

        Raises:
            GradientError: a tensor is not of a float dtype.
        """
        assert self._log is not None, "watch inside the tape's with block"
        require_floats(tensor, "watch")
        for leaf in optree.tree_leaves(tensor):
            if isinstance(leaf, Tensor) and leaf.is_graph and current_trace() is None:
                refuse_leaked(leaf._value)
            self._log.watch(leaf)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Pauses the tape inside a `with` block."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forgets all that was recorded."""
        self._used = False
        if isinstance(self._log, EagerLog):
            self._log = EagerLog()
        elif self._log is not None:
            self._log.intervals.clear()
            self._log.begin()

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: str = "none"
    ) -> Any:
        """The gradient of the sum of the targets with respect to the sources.

        Args:
            target: a float tensor, or a structure of them.
            sources: a tensor or variable, or a structure of them.
            output_gradients: cotangents of the targets; ones by default.
            unconnected_gradients: "none" or "zero", what a source gets that no target depends on.

        Returns:
            Gradients in the structure of the sources.

        Raises:
            GradientError: a target or source is not of a float dtype, or a tape that is not persistent is asked twice.
        """
        targets = optree.tree_leaves(target)
        leaves, structure = optree.tree_flatten(sources)
        log = self._asked(targets, leaves, unconnected_gradients)
        seeds = [None] * len(targets) if output_gradients is None else _seeds(targets, output_gradients)
        self._use()
        found = log.gradient(targets, seeds, leaves, self._watch_variables)
        if unconnected_gradients == "zero":
            found = [zeros_like(s) if ct is None else ct for s, ct in zip(leaves, found, strict=True)]
        return structure.unflatten(found)

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """The derivatives of each element of a target by each element of the sources.

        Args:
            target: a float tensor.
            sources: a tensor or variable, or a structure of them.
            unconnected_gradients: "none" or "zero", what a source gets that the target does not depend on.

        Returns:
            For each source a tensor whose shape is that of the target, then that of the source.

        Raises:
            GradientError: as for `gradient`.

        Example:
            >>> import autograph as ag
            >>> x = ag.constant([1.0, 2.0])
            >>> with ag.GradientTape() as tape:
            ...     tape.watch(x)
            ...     y = x * x
            >>> tape.jacobian(y, x).numpy()
            array([[2., 0.],
                   [0., 4.]], dtype=float32)
        """
        leaves, structure = optree.tree_flatten(sources)
        log = self._asked([target], leaves, unconnected_gradients)
        self._use()
        found = jacobian_rows(lambda ct: log.gradient([target], [ct], leaves, self._watch_variables), target, leaves)
        if unconnected_gradients == "zero":
            found = [
                zeros((*target.type.shape, *s.type.shape), dtype=target.dtype) if rows is None else rows
                for s, rows in zip(leaves, found, strict=True)
            ]
        return structure.unflatten(found)

    def batch_jacobian(self, target: Any, source: Any, unconnected_gradients: str = "none") -> Any:
        """The Jacobian of each row of a target by the same row of a source, whose rows do not depend on each other.

        Args:
            target: float tensor [b, ...].
            source: tensor or variable [b, ...].
            unconnected_gradients: "none" or "zero", what comes out if the target does not depend on the source.

        Returns:
            A tensor [b, ...target, ...source].

        Raises:
            GradientError: as for `gradient`, or the numbers of rows differ.

        Example:
            >>> import autograph as ag
            >>> x = ag.constant([[1.0, 2.0], [3.0, 4.0]])
            >>> with ag.GradientTape() as tape:
            ...     tape.watch(x)
            ...     y = ag.ops.sum(x * x, axis=1, keepdims=True)
            >>> tape.batch_jacobian(y, x).numpy()
            array([[[2., 4.]],
            <BLANKLINE>
                   [[6., 8.]]], dtype=float32)
        """
        log = self._asked([target], [source], unconnected_gradients)
        shapes = target.type.shape, source.type.shape
        if not all(shapes) or known_equal(shapes[0][0], shapes[1][0]) is False:
            refuse(
                GradientError,
                f"batch_jacobian of a target of shape {shapes[0]} by a source of shape {shapes[1]}",
                "both need the same number of rows",
            )
        self._use()
        found = batch_jacobian_rows(
            lambda ct: log.gradient([target], [ct], [source], self._watch_variables), target, source
        )
        if found is None and unconnected_gradients == "zero":
            return zeros((*shapes[0], *shapes[1][1:]), dtype=target.dtype)
        return found

    def _asked(self, targets: list[Any], sources: list[Any], unconnected: str) -> EagerLog | _GraphLog:
        """The log, if the tape may be asked."""
        log = self._log
        if log is None:
            refuse(GradientError, "the tape has recorded nothing", "compute the target inside `with tape:`")
        if self._used and not self._persistent:
            refuse(
                GradientError,
                "a tape that is not persistent gives one gradient",
                "make it with ag.GradientTape(persistent=True)",
            )
        if unconnected not in ("none", "zero"):
            refuse(GradientError, f"unconnected_gradients is {unconnected!r}", 'pass "none" or "zero"')
        _require_same_trace(log)
        for leaf in [*targets, *sources]:
            _require_float(leaf, "take a gradient of")
        return log

    def _use(self) -> None:
        self._used = True
        if self._recording and not self._persistent:
            self._stop()


def require_floats(value: Any, verb: str) -> None:
    """Refuses structures that hold anything but float tensors and variables.

    Raises:
        GradientError: a leaf is something else.
    """
    for leaf in optree.tree_leaves(value):
        _require_float(leaf, verb)


def _require_float(value: Any, verb: str) -> None:
    if not isinstance(value, Tensor | Variable):
        refuse(GradientError, f"cannot {verb} a {type(value).__name__}", "pass tensors and variables")
    if not value.dtype.is_inexact:
        refuse(
            GradientError,
            f"cannot {verb} a tensor of dtype {value.dtype.name}",
            "gradients exist for float tensors; write 1.0 instead of 1, or cast with ag.ops.astype",
        )


def _require_same_trace(log: EagerLog | _GraphLog) -> None:
    if current_trace() is not (log.trace if isinstance(log, _GraphLog) else None):
        refuse(
            GradientError,
            "a tape gives gradients where it was opened: outside compiled functions, or in the same one",
            "open the tape in the function that asks for the gradient",
        )


def _seeds(targets: list[Any], given: Any) -> list[Any]:
    seeds = [seed if isinstance(seed, Tensor) else asarray(seed) for seed in optree.tree_leaves(given)]
    if len(seeds) != len(targets):
        refuse(
            GradientError,
            f"output_gradients has {len(seeds)} tensors for {len(targets)} targets",
            "pass one for each target, in the targets' structure",
        )
    for seed, target in zip(seeds, targets, strict=True):
        if seed.type.shape != target.type.shape:
            refuse(
                GradientError,
                f"output_gradients has shape {seed.type.shape} for a target of shape {target.type.shape}",
                "pass a cotangent of the target's shape",
            )
    return [seed if seed.dtype is t.dtype else astype(seed, t.dtype) for seed, t in zip(seeds, targets, strict=True)]


class _GraphLog:
    """The part of a trace that a tape has seen: nodes of the region it was opened in, and of regions inside."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.region: Region = trace.region
        self.intervals: list[list[Node | None]] = []
        self._watched: dict[int, Value] = {}
        self._keep: list[Any] = []

    def begin(self) -> None:
        nodes = self.trace.region.nodes
        self.intervals.append([nodes[-1] if nodes else None, None])

    def end(self) -> None:
        nodes = self.trace.region.nodes
        self.intervals[-1][1] = nodes[-1] if nodes else None
        if self.intervals[-1][1] is self.intervals[-1][0]:
            self.intervals.pop()

    def watch(self, leaf: Any) -> None:
        self._keep.append(leaf)
        self._watched[id(leaf)] = self._value(leaf)

    def _value(self, leaf: Any) -> Value:
        return self.trace.variable(leaf) if isinstance(leaf, Variable) else self.trace.value(leaf)

    def _seen(self) -> list[Node]:
        """The nodes of the tape's region that it has seen, in program order."""
        nodes = self.region.nodes
        places = {node: i for i, node in enumerate(nodes)}
        found: list[Node] = []
        for start, end in self.intervals:
            first = places[start] + 1 if start is not None else 0
            last = places[end] + 1 if end is not None else len(nodes)
            found.extend(nodes[first:last])
        return found

    def _entered(self) -> list[Region]:
        """The regions between the tape's and the one that is being traced, this one included, outermost first."""
        chain: list[Region] = []
        region: Region | None = self.trace.region
        while region is not None and region is not self.region:
            chain.append(region)
            region = region.parent
        return chain[::-1]

    def gradient(self, targets: list[Any], seeds: list[Any], sources: list[Any], variables: bool) -> list[Any]:
        entered = self._entered()
        nodes = hoist_variables([*self._seen(), *[node for region in entered for node in region.nodes]])
        values = [self._watched.get(id(source)) or self._value(source) for source in sources]
        computed = {output for node in nodes for output in node.outputs}
        allowed = [
            value in computed
            or id(source) in self._watched
            or (isinstance(source, Variable) and variables and source.trainable)
            for source, value in zip(sources, values, strict=True)
        ]
        active = {value for value, ok in zip(values, allowed, strict=True) if ok}
        _refuse_earlier_trips(entered, nodes, [self._value(target) for target in targets], active)
        mark_active(nodes, active)
        reverse = Reverse(Tensor, active)
        for target, seed in zip(targets, seeds, strict=True):
            tensor = target.value() if isinstance(target, Variable) else target
            reverse.accumulate(self._value(target), ones_like(tensor) if seed is None else seed)
        reverse.run(nodes)
        return [reverse.cotangents.get(value) if ok else None for value, ok in zip(values, allowed, strict=True)]


def _refuse_earlier_trips(entered: list[Region], nodes: list[Node], targets: list[Value], sources: set[Value]) -> None:
    """Refuses a gradient inside a loop whose tape was opened outside, if it depends on what earlier trips computed."""
    loops = [region for region in entered if region.params]
    carried = {param for region in loops for param in region.params if is_differentiable(param.type)} - sources
    inside = {node for region in loops[:1] for node in walk(region)}
    written = set(assigned(nodes))
    needed = set(targets)
    for node in reversed(nodes):
        if needed.intersection(node.outputs) and not sources.issuperset(node.outputs):
            needed.update(node.inputs, free_values(*node.regions))
            if node.op is read_op and node in inside and node.inputs[0] in written:
                carried.add(node.inputs[0])
    if needed & carried:
        refuse(
            GradientError,
            "a gradient inside a staged loop depends on earlier trips, which a tape opened outside it cannot follow",
            "open the tape inside the loop, or ask for the gradient after the loop",
        )
