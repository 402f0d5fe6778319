"""Turns recursion into a loop with a stack of frames, for devices whose programs cannot call themselves.

What lies between calls becomes a block (`frame_blocks`). The loop runs one block a trip: a number says which is next.
A call keeps what is needed after it on stacks, one a value, and the number of the block that goes on; a return takes
them back. That is how machines do it, here with lists for memory (Reynolds 1972, "Definitional interpreters").

Before:
    func f(%n: i64[]) -> i64[]:
      %0: i64[] = call %n {callee=graph<sum>}
      return %0

    func sum(%0: i64[]) -> i64[]:
      %1: ~i64[] = constant {value=0}
      %2: bool[] = greater %0, %1
      %3: i64[] = cond %2
        then:
          %4: ~i64[] = constant {value=1}
          %5: i64[] = subtract %0, %4
          %6: i64[] = call %5 {callee=graph<sum>}
          %7: i64[] = add %0, %6
          yield %7
        else:
          yield %0
      return %3

After, in outline:
    while next block >= 0:
      block 0: if %0 > 0: keep %0 and "block 1", %0 := %0 - 1, go to block 0; else: result := %0, go to the block kept
      block 1: %0 := the one kept; result := %0 + result, go to the block kept
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from autograph.errors import SourceLine
from autograph.runtime.dtypes import bool_, int64
from autograph.runtime.failure import ErrorSite
from autograph.runtime.ir import Graph, Node, Region, Value, clone_node, free_values, walk
from autograph.runtime.op import Op, get_op
from autograph.runtime.structure_ops import (
    CALL_DEPTH,
    call_op,
    check_op,
    cond_op,
    constant_op,
    try_op,
    undefined_op,
    while_op,
)  # fmt: skip
from autograph.runtime.types import ListType, TensorType, Type, type_symbols
from autograph.transforms.passes.frame_blocks import Blocks, Call, Jump, NotFlat, Return, Run, is_constant
from autograph.transforms.passes.open_tries import replace_later
from autograph.transforms.passes.specialised import callee_sizes, callees, specialised

# From so many calls on, which would be a loop each, the whole graph becomes one.
_MANY = 3

# Blocks times values of the state; compiling takes time in proportion at least.
_LARGE = 6000

_LEFT = -1  # the block after the last return
_NEXT, _KEPT = 0, 1  # places in the loop's state
_NUMBER = TensorType(int64, (), True)

Way = Callable[[Region], list[Value]]


def flatten_calls(graph: Graph) -> int:
    """Replaces calls of graphs: by what is called, or by loops where that calls itself.

    A call stays as it is where sizes change with the depth or depend on data, inside a `try`, where a list would have
    to be kept in a frame, and where the loop would be too large to compile: a graph from which recursion is entered at
    dozens of places.

    Returns:
        The number of loops.
    """
    known = {name for param in graph.params for name in type_symbols(param.type)}
    count = sum(node.op is call_op and _recurs(node.attrs["callee"]) for node in walk(graph.body))
    if count >= _MANY:
        return int(_as_one(graph, known))
    return _flatten(graph.body, known)


def _as_one(graph: Graph, known: set[str]) -> bool:
    """Makes the whole graph one loop, so that its calls share the blocks of what they call; whether that could be."""
    body, callee = Region(), Graph(graph.name, graph.body)
    given = [body.add_param(param.type, param.name) for param in graph.params]
    types = [result.type for result in graph.results]
    results = _machine(body, Node(call_op, given, {"callee": callee}, (), types, None), known)
    if results is None:
        return False
    body.results = results
    graph.body = body
    return True


def _flatten(region: Region, known: set[str]) -> int:
    nodes, region.nodes, loops = list(region.nodes), [], 0
    while nodes:
        node = nodes.pop(0)
        if node.op is not call_op:
            region.append(node)
            for inner in node.regions if node.op is not try_op else ():
                loops += _flatten(inner, known)
            continue
        if _recurs(node.attrs["callee"]):
            results = _machine(region, node, known)
            loops += results is not None
        else:
            results = _inlined(region, node, nodes)
        if results is None:
            region.append(node)
            continue
        given = dict(zip(node.outputs, results, strict=True))
        replace_later(nodes, given)
        region.results = [given.get(value, value) for value in region.results]
    return loops


def _recurs(graph: Graph) -> bool:
    """Whether a graph's calls lead in a circle."""
    calls = callees(graph)
    done: set[Graph] = set()
    while True:
        more = {caller for caller, called in calls.items() if caller not in done and done.issuperset(called)}
        if not more:
            return graph not in done
        done |= more


def _inlined(region: Region, call: Node, later: list[Node]) -> list[Value] | None:
    """Puts the callee's nodes before those that follow; what its results are then.

    Its operands are marked, so that what a gradient computes once more to save memory is not merged with the first.
    """
    sizes = callee_sizes(call)
    if sizes is None:
        return None
    body = specialised(call.attrs["callee"], sizes)
    given = {param: same_value(region, value) for param, value in zip(body.params, call.inputs, strict=True)}
    replace_later(body.nodes, given)
    later[:0] = body.nodes
    return [given.get(value, value) for value in body.results]


def same_value(region: Region, value: Value) -> Value:
    """A value once more, which is not known to be the same: simplification has left no other such nodes."""
    if not isinstance(value.type, TensorType):
        return value
    return region.append(Node(get_op("stop_gradient"), (value,), {}, (), (value.type,), None)).outputs[0]


def _machine(region: Region, call: Node, known: set[str]) -> list[Value] | None:
    try:
        blocks = Blocks.of(call)
        machine = _Machine(blocks, call.location)
    except NotFlat:
        return None
    if len(blocks.blocks) * len(machine.types) > _LARGE or not all(type_symbols(t) <= known for t in machine.types):
        return None
    return machine.write(region, call)


class _Machine:
    """The loop that runs blocks.

    Attributes:
        types: of its state: the next block and the stack of those to go on at; then a stack for each type of what calls
            keep, results of calls, and what blocks hand on. Values of a type take turns in a place.
    """

    def __init__(self, blocks: Blocks, location: SourceLine | None) -> None:
        self._blocks, self._location = blocks, location
        self.types: list[Type] = []
        self._pools: dict[tuple[str, Type], list[int]] = {}
        self._places("number", [_NUMBER])
        self._stack(_NUMBER)
        self._results = {
            callee: self._places("result", [result.type for result in function.body.results])
            for callee, function in blocks.functions.items()
        }
        self._registers = [self._in_registers(label) for label in range(len(blocks.blocks))]
        for call in blocks.returns.values():
            for value in blocks.saved(call):
                if not isinstance(value.type, TensorType):
                    raise NotFlat
                self._stack(value.type)

    def _places(self, pool: str, types: Sequence[Type]) -> list[int]:
        """Places in the state for some values, each used again for others of its type."""
        counts: Counter[Type] = Counter()
        found = []
        for type_ in types:
            places = self._pools.setdefault((pool, type_), [])
            if counts[type_] == len(places):
                places.append(len(self.types))
                self.types.append(type_)
            found.append(places[counts[type_]])
            counts[type_] += 1
        return found

    def _stack(self, type_: Type) -> int:
        """The place of the stack of a type: what calls keep leaves it in the order in which it came."""
        return self._places("stack", [ListType(type_)])[0]

    def _in_registers(self, label: int) -> dict[Value, int]:
        """The places of what a block needs that does not come from stacks, nor as a call's results."""
        call = self._blocks.returns.get(label)
        others = set() if call is None else {*self._blocks.saved(call), *call.outputs}
        values = [value for value in self._blocks.live[label] if value not in others]
        return dict(zip(values, self._places("register", [value.type for value in values]), strict=True))

    def write(self, region: Region, call: Node) -> list[Value]:
        """Appends the loop for a call; gives the call's results."""
        callee = call.attrs["callee"]
        first = [self._nothing(region, type_) for type_ in self.types]
        first[_KEPT] = self._append(region, first[_KEPT], self._number(region, _LEFT))
        self._enter(region, first, callee, call.inputs)
        test, body = Region(self.types), Region(self.types)
        test.results = [self._compare(test, "greater_equal", test.params[_NEXT], 0)]
        body.results = self._dispatch(body, 0, len(self._blocks.blocks), list(body.params))
        loop = self._node(region, while_op, first, {}, self.types, (test, body))
        return [loop[place] for place in self._results[callee]]

    # -- nodes ------------------------------------------------------------------------------------------

    def _node(
        self,
        region: Region,
        op: Op,
        inputs: Sequence[Value],
        attrs: Mapping[str, Any],
        types: Sequence[Type],
        regions: Sequence[Region] = (),
    ) -> list[Value]:
        return region.append(Node(op, inputs, attrs, regions, types, self._location)).outputs

    def _nothing(self, region: Region, type_: Type) -> Value:
        if isinstance(type_, ListType):
            return self._node(region, get_op("list_new"), (), {"element": type_.element}, (type_,))[0]
        return self._node(region, undefined_op, (), {"type": type_}, (type_,))[0]

    def _number(self, region: Region, number: int) -> Value:
        return self._node(region, constant_op, (), {"value": number}, (_NUMBER,))[0]

    def _compare(self, region: Region, name: str, value: Value, number: int) -> Value:
        operands = (value, self._number(region, number))
        return self._node(region, get_op(name), operands, {}, (TensorType(bool_, (), True),))[0]

    def _append(self, region: Region, items: Value, item: Value) -> Value:
        return self._node(region, get_op("list_append"), (items, item), {}, (items.type,))[0]

    def _take(self, region: Region, state: list[Value], place: int) -> Value:
        """Takes the last item from a stack of the state."""
        stack = state[place]
        assert isinstance(stack.type, ListType)
        types = (stack.type, stack.type.element)
        state[place], item = self._node(region, get_op("list_unappend"), (stack,), {"binds": ()}, types)
        return item

    def _enter(self, region: Region, state: list[Value], callee: Graph, operands: Sequence[Value]) -> None:
        function = self._blocks.functions[callee]
        state[_NEXT] = self._number(region, function.entry)
        for param, operand in zip(function.body.params, operands, strict=True):
            if param in self._registers[function.entry]:
                state[self._registers[function.entry][param]] = operand

    # -- the body: each way gives the state after it ----------------------------------------------------

    def _dispatch(self, region: Region, low: int, high: int, state: list[Value]) -> list[Value]:
        """Runs the block among some whose number is next."""
        if high - low == 1:
            return self._block(region, low, state)
        middle = (low + high) // 2
        pred = self._compare(region, "less", state[_NEXT], middle)
        sides = [(low, middle), (middle, high)]
        ways = [partial(self._dispatch, low=side[0], high=side[1], state=list(state)) for side in sides]
        return self._choice(region, pred, ways, state)

    def _choice(self, region: Region, pred: Value, ways: Sequence[Way], state: list[Value]) -> list[Value]:
        regions = [Region() for _ in ways]
        ends = [way(inner) for way, inner in zip(ways, regions, strict=True)]
        changed = [place for place, old in enumerate(state) if any(end[place] is not old for end in ends)]
        for inner, end in zip(regions, ends, strict=True):
            inner.results = [end[place] for place in changed]
        outs = self._node(region, cond_op, (pred,), {}, [self.types[place] for place in changed], regions)
        after = list(state)
        for place, out in zip(changed, outs, strict=True):
            after[place] = out
        return after

    def _block(self, region: Region, label: int, state: list[Value]) -> list[Value]:
        env = {value: state[place] for value, place in self._registers[label].items()}
        call = self._blocks.returns.get(label)
        if call is not None:
            env |= zip(call.outputs, [state[place] for place in self._results[call.callee]], strict=True)
            for value in reversed(self._blocks.saved(call)):
                env[value] = self._take(region, state, self._stack(value.type))
        return self._run(region, self._blocks.blocks[label], env, state)

    def _run(self, region: Region, run: Run, env: dict[Value, Value], state: list[Value]) -> list[Value]:
        for node in run.nodes:
            self._values(region, [*node.inputs, *free_values(*node.regions)], env)
            region.append(clone_node(node, env))
        end = run.end
        if isinstance(end, Jump):
            state[_NEXT] = self._number(region, end.label)
            wanted = self._registers[end.label]
            given = self._values(region, [end.given.get(value, value) for value in wanted], env)
            for place, value in zip(wanted.values(), given, strict=True):
                state[place] = value
        elif isinstance(end, Call):
            self._call(region, end, env, state)
        elif isinstance(end, Return):
            state[_NEXT] = self._take(region, state, _KEPT)
            for place, value in zip(self._results[end.callee], self._values(region, end.results, env), strict=True):
                state[place] = value
        else:
            (pred,) = self._values(region, [end.pred], env)
            runs = (end.then, end.orelse)
            ways = [partial(self._run, run=way, env=dict(env), state=list(state)) for way in runs]
            return self._choice(region, pred, ways, state)
        return state

    @staticmethod
    def _values(region: Region, values: Sequence[Value], env: dict[Value, Value]) -> list[Value]:
        """What values of a block are in the loop; constants are made where they are needed."""
        for value in values:
            if value not in env and is_constant(value):
                assert value.node is not None
                region.append(clone_node(value.node, env))
        return [env[value] for value in values]

    def _call(self, region: Region, call: Call, env: dict[Value, Value], state: list[Value]) -> None:
        depth = self._node(region, get_op("list_len"), (state[_KEPT],), {}, (_NUMBER,))[0]
        site = ErrorSite(RecursionError, ("maximum recursion depth exceeded",), call.location)
        self._node(region, check_op, (self._compare(region, "less", depth, CALL_DEPTH),), {"site": site}, ())
        saved = self._blocks.saved(call)
        for value, kept in zip(saved, self._values(region, saved, env), strict=True):
            place = self._stack(value.type)
            state[place] = self._append(region, state[place], kept)
        state[_KEPT] = self._append(region, state[_KEPT], self._number(region, call.then))
        self._enter(region, state, call.callee, self._values(region, call.operands, env))
