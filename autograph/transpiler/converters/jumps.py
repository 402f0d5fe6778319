"""Takes one kind of jump out of a block: what follows a jump moves into the branch that does not jump.

    if a:                    if a:
        <jump>      becomes      <what the jump becomes>
    rest                     else:
                                 rest

Where no branch surely jumps, a flag remembers whether one did:

    if a:                    flag = False
        if b:                if a:
            <jump>               if b:
    rest            becomes          flag = True
                             if not flag:
                                 rest
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NoReturn

import gast

from autograph.transpiler.analysis.structure import leaves, statements_in
from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import Flag, none_of
from autograph.transpiler.managers import stays

Block = list[gast.stmt]


class Jump(ABC):
    """A kind of jump, and what becomes of it. `flagged` code is followed by a test of the flag."""

    kind: type[gast.AST]
    word: str
    through_loops = False
    stays_native = False  # whether the jump itself may stay, in `with` and `try` too, where no flag is needed

    def __init__(self, context: Context) -> None:
        self.context = context

    def held_by(self, statements: Sequence[gast.stmt]) -> bool:
        """Whether a block holds such a jump out of it."""
        if not statements:
            return False
        inside = statements_in(statements, through_loops=self.through_loops)
        return any(isinstance(statement, self.kind) for statement in inside)

    @abstractmethod
    def leave(self, node: gast.stmt, flagged: bool) -> Block:
        """What stands in the place of the jump."""

    @abstractmethod
    def flags_in(self, statement: gast.stmt) -> list[Flag]:
        """The flags that the jumps in a statement set."""

    def go_on(self, statement: gast.stmt, flags: list[Flag], rest: Block, flagged: bool) -> Block:
        """`rest`, run only if no flag of `statement` is set."""
        return [gast.copy_location(gast.If(none_of(flags, rest[0]), rest, []), rest[0])] if rest else []

    def lower_loop(self, loop: gast.For | gast.While) -> None:
        """Rewrites the jumps out of an inner loop in place; only for jumps that go through loops."""
        raise AssertionError(f"{self.word} does not leave inner loops")

    def settle(self, statements: Sequence[gast.stmt], flagged: bool) -> Block:
        """A block without these jumps.

        Args:
            statements: the block.
            flagged: whether code that follows the block tests the flag.

        Returns:
            The new block.
        """
        done: Block = []
        for place, statement in enumerate(statements):
            rest = list(statements[place + 1 :])
            if isinstance(statement, self.kind):
                return [*done, *self.leave(statement, flagged)]
            if not self.held_by([statement]):
                done.append(statement)
                if leaves([statement], self.context):
                    return done
                continue
            if isinstance(statement, gast.If) and self._moves(statement, rest):
                return [*done, *self._descend(statement, flagged)]
            if not self._needs_flag(statement, rest, flagged):
                done += self._descend(statement, flagged)
                continue
            flags = self.flags_in(statement)
            if not flagged:
                done += [flag.clear(self.context, statement) for flag in flags]
            done += self._descend(statement, True)
            return [*done, *self.go_on(statement, flags, self.settle(rest, flagged), flagged)]
        return done

    def _moves(self, statement: gast.If, rest: Block) -> bool:
        """Moves what follows an `if` into a branch of it, if that says the same."""
        if leaves(statement.body, self.context):
            statement.orelse = [*statement.orelse, *rest]
        elif leaves(statement.orelse, self.context):
            statement.body = [*statement.body, *rest]
        elif _is_short(rest):
            statement.orelse = [*statement.orelse, *copy.deepcopy(rest)]
            statement.body = [*statement.body, *rest]
        else:
            return False
        return True

    def _needs_flag(self, statement: gast.stmt, rest: Block, flagged: bool) -> bool:
        if isinstance(statement, gast.For | gast.While):
            return True
        if self.stays_native and not flagged and isinstance(statement, gast.With | gast.Try):
            return not self._stays(statement)
        dodges = isinstance(statement, gast.Try) and statement.orelse and self._may_skip_else(statement)
        return bool(rest) or bool(dodges)

    def _stays(self, statement: gast.stmt) -> bool:
        """Whether the jumps in a statement may stay, as Python's own way out of `with` and `try`."""
        if not self.held_by([statement]):
            return True
        match statement:
            case gast.With(body=body) if stays(statement, self.context):
                return self._may_stay_in(body)
            case gast.With() | gast.Try():  # becomes functions, which return if all do
                return leaves([statement], self.context)
        return False

    def _may_stay_in(self, block: Block) -> bool:
        return leaves(block, self.context) or all(self._stays(statement) for statement in block)

    def _may_skip_else(self, statement: gast.Try) -> bool:
        return self.held_by(statement.body) and not leaves(statement.body, self.context)

    def _descend(self, statement: gast.stmt, flagged: bool) -> Block:
        if isinstance(statement, gast.For | gast.While):
            self.lower_loop(statement)
        elif isinstance(statement, gast.Try):
            self._descend_try(statement, flagged)
        elif isinstance(statement, gast.If):
            statement.body = self.settle(statement.body, flagged)
            statement.orelse = self.settle(statement.orelse, flagged)
            return _tidy(statement)
        elif isinstance(statement, gast.With):
            statement.body = self.settle(statement.body, flagged) or [nothing(statement)]
        else:
            what = f"`{self.word}` inside `{type(statement).__name__.lower()}` cannot be converted"
            self.context.fail(statement, what, "write the choice as `if` and `elif`")
        return [statement]

    def _descend_try(self, statement: gast.Try, flagged: bool) -> None:
        native = self.stays_native and not flagged
        if self.held_by(statement.finalbody) and not native:
            self.refuse_finally(statement)
        flags = self.flags_in(statement) if flagged and self.held_by(statement.body) else []
        ends = leaves(statement.body, self.context)
        guarded = bool(statement.orelse) and not native and self._may_skip_else(statement)
        statement.body = self.settle(statement.body, flagged) or [nothing(statement)]
        statement.orelse = [] if ends else self.settle(statement.orelse, flagged)
        if guarded:
            statement.orelse = self.go_on(statement, flags, statement.orelse, True)
        for handler in statement.handlers:  # an exception overtakes the jump
            undone = [flag.clear(self.context, handler) for flag in flags]
            handler.body = [*undone, *self.settle(handler.body, flagged)] or [nothing(handler)]
        if native:
            statement.finalbody = self.settle(statement.finalbody, flagged)

    def refuse_finally(self, statement: gast.Try) -> NoReturn:
        """Refuses a jump inside `finally` that would swallow an exception."""
        what = f"`{self.word}` inside `finally` cannot be converted"
        self.context.fail(statement.finalbody[0], what, f"move the `{self.word}` after the `try` statement")


def nothing(origin: gast.AST) -> gast.stmt:
    """`pass`."""
    return gast.copy_location(gast.Pass(), origin)


def _is_short(rest: Block) -> bool:
    """Whether code is short enough to stand in both branches rather than behind a flag."""
    match rest:
        case []:
            return False
        case [gast.Return(value=None | gast.Constant() | gast.Name())]:
            return True
    return False


def _tidy(statement: gast.If) -> Block:
    """An `if` whose body has become empty, turned round or left out."""
    if statement.body:
        return [statement]
    if statement.orelse:
        negated = gast.copy_location(gast.UnaryOp(gast.Not(), statement.test), statement.test)
        statement.test, statement.body, statement.orelse = negated, statement.orelse, []
        return [statement]
    if isinstance(statement.test, gast.Name):
        return []
    return [gast.copy_location(gast.Expr(statement.test), statement)]
