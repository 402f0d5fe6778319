"""`return`: one at the end of each path; inside a loop, a flag, the value, and a `break`.

Before:
    def f(xs, limit):
        for x in xs:
            if x > limit:
                return x
        print(limit)

After:
    def f(xs, limit):
        done, result = False, ag.no_value
        for x in xs:
            if x > limit:
                done, result = True, x
                break
        if done:
            return result
        else:
            print(limit)
            return None

Outside loops what follows a branch that returns moves into the other branch, so that the `if` as a whole returns.
"""

from __future__ import annotations

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.structure import (
    LOOPS,
    always_true,
    blocks_of,
    is_generator,
    leaves,
    own_breaks,
    statements_in,
)
from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import Flag, break_with, flag_of
from autograph.transpiler.converters.jumps import Block, Jump


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function, and those within it, with `return` only where it is the last thing on its path.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    for statement in statements_in(tree.body):
        if isinstance(statement, gast.FunctionDef) and not is_generator(statement.body):
            convert(statement, context)
    jump = _Return(context)
    if jump.held_by([statement for statement in tree.body if not isinstance(statement, gast.Return)]):
        if not leaves(tree.body, context):
            tree.body.append(build.at(gast.Return(build.constant(None)), tree.body[-1]))
        tree.body = jump.settle(tree.body, flagged=False)
    return tree


class _Return(Jump):
    kind = gast.Return
    word = "return"
    through_loops = True
    stays_native = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._flag: Flag | None = None

    @property
    def flag(self) -> Flag:
        if self._flag is None:
            names = self.context.names
            self._flag = Flag(names.fresh("done"), names.fresh("result"))
        return self._flag

    def flags_in(self, statement: gast.stmt) -> list[Flag]:
        return [self.flag]

    def leave(self, node: gast.stmt, flagged: bool) -> Block:
        if flagged:
            return [self.flag.set(node, node.value)]
        node.value = node.value or build.at(build.constant(None), node)
        return [node]

    def go_on(self, statement: gast.stmt, flags: list[Flag], rest: Block, flagged: bool) -> Block:
        if _ends_by_jumps_only(statement):
            rest = []
        if flagged:
            return super().go_on(statement, flags, rest, flagged)
        answer = build.at(gast.Return(build.load(str(self.flag.result))), statement)
        if not rest:
            return [answer]
        test = build.at(build.load(self.flag.name), rest[0])
        return [gast.copy_location(gast.If(test, [answer], rest), rest[0])]

    def lower_loop(self, loop: gast.For | gast.While) -> None:
        loop.body = self._in_loop(loop.body)

    def _in_loop(self, statements: Block) -> Block:
        done: Block = []
        for statement in statements:
            done.append(statement)
            if isinstance(statement, gast.Return):
                return [
                    *done[:-1],
                    self.flag.set(statement, statement.value),
                    break_with(self.flag, statement, is_set=True),
                ]
            if not self.held_by([statement]):
                continue
            if isinstance(statement, gast.Try) and self.held_by(statement.finalbody):
                self.refuse_finally(statement)
            if isinstance(statement, LOOPS):
                done += self._after_inner_loop(statement)
            for block in blocks_of(statement):
                block[:] = self._in_loop(block)
        return done

    def _after_inner_loop(self, loop: gast.For | gast.While) -> Block:
        leave = break_with(self.flag, loop, is_set=True)
        if isinstance(loop, gast.While) and always_true(loop.test) and not own_breaks(loop):
            return [leave]
        return [build.at(gast.If(build.load(self.flag.name), [leave], []), loop)]


def _ends_by_jumps_only(statement: gast.stmt) -> bool:
    """Whether a statement whose returns have become breaks is a loop that only these end."""
    breaks = own_breaks(statement)
    return (
        isinstance(statement, gast.While)
        and always_true(statement.test)
        and all(flag is not None and flag.result is not None for flag in map(flag_of, breaks))
    )
