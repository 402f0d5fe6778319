"""Questions about the shape of code: which jumps it holds, whether control can reach its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.managers import may_swallow

LOOPS = (gast.For, gast.While)
_SCOPES = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Lambda)


def statements_in(code: Sequence[gast.stmt], *, through_loops: bool = True) -> Iterator[gast.stmt]:
    """The statements of a block and of the blocks within it, without those of functions and classes.

    Args:
        code: the block.
        through_loops: whether to go into the bodies of loops, whose `break` and `continue` are their own.

    Yields:
        Outer statements before inner ones.
    """
    for statement in code:
        yield statement
        if isinstance(statement, _SCOPES):
            continue
        only_else = isinstance(statement, LOOPS) and not through_loops
        for block in [statement.orelse] if only_else else blocks_of(statement):
            yield from statements_in(block, through_loops=through_loops)


def blocks_of(statement: gast.AST) -> Iterator[list[gast.stmt]]:
    """The blocks of a compound statement, in order."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        block = getattr(statement, field, [])
        if field in ("handlers", "cases"):
            for part in block:
                yield part.body
        elif block:
            yield block


def own_breaks(statement: gast.stmt) -> list[gast.Break]:
    """The `break` statements that end this loop or, in another statement, the loop around it."""
    code = statement.body if isinstance(statement, LOOPS) else [statement]
    return [inner for inner in statements_in(code, through_loops=False) if isinstance(inner, gast.Break)]


def head_of(statement: gast.stmt) -> list[gast.AST]:
    """What a statement itself evaluates and binds, without the blocks in it."""
    match statement:
        case gast.If(test=test) | gast.While(test=test):
            return [test]
        case gast.For(target=target, iter=iterable):
            return [target, iterable]
        case gast.With(items=items):
            return list(items)
        case gast.Match(subject=subject, cases=cases):
            return [subject, *(case.pattern for case in cases)]
        case gast.Try(handlers=handlers):
            return [handler.name for handler in handlers if handler.name is not None]
    return [statement]


def always_true(test: gast.AST) -> bool:
    """Whether a test is a true literal, as in `while True`."""
    return isinstance(test, gast.Constant) and bool(test.value)


def leaves(statements: Sequence[gast.stmt], context: Context) -> bool:
    """Whether control never reaches the end of a block: every path returns, raises or jumps."""
    return any(_leaves(statement, context) for statement in statements)


def _leaves(statement: gast.stmt, context: Context) -> bool:
    match statement:
        case gast.Return() | gast.Raise() | gast.Break() | gast.Continue():
            return True
        case gast.If(body=body, orelse=orelse):
            return leaves(body, context) and leaves(orelse, context)
        case gast.With(body=body):
            return leaves(body, context) and not may_swallow(statement, context)
        case gast.While(test=test):
            return always_true(test) and not own_breaks(statement) and not getattr(statement, "ag_until", [])
        case gast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            main = leaves(body, context) or leaves(orelse, context)
            return leaves(finalbody, context) or (main and all(leaves(handler.body, context) for handler in handlers))
    return False


def is_generator(code: Sequence[gast.AST]) -> bool:
    """Whether code holds a `yield` of its own, not of a function in it.

    Example:
        >>> is_generator(gast.parse("x = yield"). body), is_generator(gast.parse("f = lambda: (yield)").body)
        (True, False)
    """
    for node in code:
        if isinstance(node, gast.Yield | gast.YieldFrom):
            return True
        if not isinstance(node, _SCOPES) and is_generator(list(gast.iter_child_nodes(node))):
            return True
    return False
