"""`Stale`: what an object holds after another, which is the same object on some paths only, has changed."""

from __future__ import annotations

from typing import Any, NoReturn

from autograph.errors import SourceLine, StagingError, message
from autograph.runtime.location import user_line


class Stale:
    """Stands for contents that no one graph value can tell; every use of it is refused.

    Args:
        kind: the type of the object that changed, in the user's words.
        line: the line that changed it; None where it is not known.
        of_item: whether what changed may be an item of a list, rather than the same object.
    """

    __slots__ = ("kind", "line", "of_item")

    kind: str
    line: SourceLine | None
    of_item: bool

    def __init__(self, kind: str, line: SourceLine | None, of_item: bool = False) -> None:
        self.kind = kind
        self.line = line
        self.of_item = of_item

    def refuse_use(self, location: SourceLine | None = None) -> NoReturn:
        """Raises the refusal, at the line under way unless another is given."""
        where = "" if self.line is None else f" (line {self.line.line} changes it)"
        if self.of_item:
            changed = f"a {self.kind} that may be an item of a list which the graph keeps was changed{where}"
            hint = (
                "change it before it is appended, append a copy (list(y), dict(y)), or assign another one: ys[i] = ..."
            )
            raise StagingError(message(changed, location or user_line(), hint))
        raise StagingError(
            message(
                f"this {self.kind} and another one are the same object on some paths only{where}",
                location or user_line(),
                "give each name an object of its own: list(ys), dict(d), dataclasses.replace(p), t + 0",
            )
        )

    def __repr__(self) -> str:
        return f"<stale {self.kind}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and not name.startswith("__autograph"):
            raise AttributeError(name)
        self.refuse_use()


def _refuse(name: str) -> None:
    def method(self: Stale, *args: Any) -> Any:
        self.refuse_use()

    method.__name__ = name
    setattr(Stale, name, method)


_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "divmod")
_UNARY = ("neg", "pos", "abs", "invert", "bool", "float", "int", "index", "len", "iter", "call", "str", "format")
_OTHER = ("lt", "le", "gt", "ge", "eq", "ne", "getitem", "setitem", "contains")
for _name in (*_BINARY, *["r" + name for name in _BINARY], *_UNARY, *_OTHER):
    _refuse(f"__{_name}__")
Stale.__hash__ = object.__hash__  # type: ignore[method-assign]
