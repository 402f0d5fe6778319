"""The rules of the graph, executable: `verify` is run on every traced graph and between passes in tests."""

from __future__ import annotations

from typing import NoReturn

from autograph.errors import VerificationError, message
from autograph.runtime.apply import infer_types
from autograph.runtime.context import use
from autograph.runtime.dims import SymbolicDim, known_equal, symbols_of
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import Kind
from autograph.runtime.structure_ops import assign_op, call_op, cond_op, read_op, try_op, while_op
from autograph.runtime.types import ListType, RefType, TensorType, Type, type_symbols


def verify(graph: Graph) -> None:
    """Checks a graph.

    Raises:
        VerificationError: a value is used before its definition or outside its region, an op's types are not what
            its rule gives, a region does not fit its node, a symbolic size is not bound, or a reference is misused.
    """
    with use(None):
        scope: set[Value] = set()
        symbols: set[str] = set()
        for param in graph.params:
            scope.add(param)
            symbols |= type_symbols(param.type)
        _region(graph.body, scope, symbols)


def _region(region: Region, scope: set[Value], symbols: set[str]) -> None:
    scope, symbols = set(scope), set(symbols)
    for node in region.nodes:
        if node.region is not region:
            _fail(node, "it stands in another region than it says")
        for value in node.inputs:
            if value not in scope:
                _fail(node, f"its operand {value!r} is not defined before it")
        _node(node, scope, symbols)
        for output in node.outputs:
            scope.add(output)
            symbols |= type_symbols(output.type)
    for value in region.results:
        if value not in scope:
            raise VerificationError(message(f"a region yields {value!r}, which is not defined in it", None))


def _node(node: Node, scope: set[Value], symbols: set[str]) -> None:
    for value in node.inputs:
        if isinstance(value.type, RefType) and node.op not in (read_op, assign_op, call_op):
            _fail(node, "only read, assign and call take references")
    for key, attr in node.attrs.items():
        if key != "binds":
            _bound(node, attr, symbols)
    if node.op is cond_op:
        _cond(node)
    elif node.op is while_op:
        _while(node)
    elif node.op is try_op:
        _try(node)
    elif node.op is call_op:
        _call(node)
    elif node.op.kind is not Kind.CONTROL:
        _types(node)
    for region in node.regions:
        inner = scope | set(region.params)
        names = symbols.union(*[type_symbols(param.type) for param in region.params])
        _region(region, inner, names)


def _bound(node: Node, attr: object, symbols: set[str]) -> None:
    if isinstance(attr, SymbolicDim):
        missing = set(symbols_of(attr)) - symbols
        if missing:
            _fail(node, f"the size {attr} mentions {', '.join(sorted(missing))}, which nothing binds before")
    elif isinstance(attr, tuple):
        for item in attr:
            _bound(node, item, symbols)


def _cond(node: Node) -> None:
    if len(node.regions) != 2 or len(node.inputs) != 1:
        _fail(node, "cond has one operand and two regions")
    for region in node.regions:
        if region.params:
            _fail(node, "the regions of cond have no parameters")
        _fits(node, [value.type for value in region.results], [value.type for value in node.outputs], "yields")


def _try(node: Node) -> None:
    if len(node.regions) != 1 or node.inputs or node.regions[0].params:
        _fail(node, "try has no operands and one region without parameters")
    if not node.outputs or str(node.outputs[0].type) != "~i64[]":
        _fail(node, "the first output of try says what was caught")
    _fits(node, [v.type for v in node.regions[0].results], [v.type for v in node.outputs[1:]], "yields")


def _call(node: Node) -> None:
    callee = node.attrs["callee"]
    _fits(node, [value.type for value in node.inputs], [value.type for value in callee.params], "passes")
    if [_bare(value.type) for value in callee.results] != [_bare(value.type) for value in node.outputs]:
        _fail(node, f"it gives {len(node.outputs)} values of other types than {callee.name} does")


def _bare(type_: Type) -> object:
    """A type without its sizes, which each call has its own of."""
    return (type_.dtype, type_.weak, type_.rank) if isinstance(type_, TensorType) else type(type_)


def _while(node: Node) -> None:
    if len(node.regions) != 2:
        _fail(node, "while has two regions")
    test, body = node.regions
    carry = [param.type for param in body.params]
    if [param.type for param in test.params] != carry:
        _fail(node, "test and body take different carries")
    if len(test.results) != 1:
        _fail(node, "the test yields one bool")
    _fits(node, [value.type for value in node.inputs], carry, "starts with")
    _fits(node, [value.type for value in body.results], carry, "yields")
    _fits(node, carry, [value.type for value in node.outputs], "ends with")


def _fits(node: Node, given: list[Type], wanted: list[Type], verb: str) -> None:
    if len(given) != len(wanted):
        _fail(node, f"it {verb} {len(given)} values where {len(wanted)} belong")
    for have, want in zip(given, wanted, strict=True):
        if not fits(have, want):
            _fail(node, f"it {verb} a value of type {have} where {want} belongs")


def fits(have: Type, want: Type) -> bool:
    """Whether a value of one type may stand where another is wanted: equal, or with open sizes filled in."""
    if isinstance(have, ListType) and isinstance(want, ListType):
        return fits(have.element, want.element) or fits(want.element, have.element)
    if not isinstance(have, TensorType) or not isinstance(want, TensorType):
        return have == want
    if (have.dtype, have.weak, have.rank) != (want.dtype, want.weak, want.rank):
        return False
    return all(isinstance(b, SymbolicDim) or a == b for a, b in zip(have.shape, want.shape, strict=True))


def _types(node: Node) -> None:
    types, _ = infer_types(node.op, [value.type for value in node.inputs], node.attrs)
    if len(types) != len(node.outputs):
        _fail(node, f"it has {len(node.outputs)} outputs, its rule gives {len(types)}")
    for output, type_ in zip(node.outputs, types, strict=True):
        if not _same(output.type, type_):
            _fail(node, f"its output is {output.type}, its rule gives {type_}")


def _same(a: Type, b: Type) -> bool:
    if isinstance(a, ListType) and isinstance(b, ListType):
        return True  # elements may differ in size
    if isinstance(a, TensorType) and isinstance(b, TensorType):
        if (a.dtype, a.weak, a.rank) != (b.dtype, b.weak, b.rank):
            return False
        return all(known_equal(x, y) is not False for x, y in zip(a.shape, b.shape, strict=True))
    return a == b


def _fail(node: Node, what: str) -> NoReturn:
    raise VerificationError(message(f"bad graph: {node!r}: {what}", node.location))
