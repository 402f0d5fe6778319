"""Every error type of the project, and the form of their messages.

A message says what happened, shows the user's line with a caret, and says what to do.
"""

from __future__ import annotations

import linecache
from dataclasses import dataclass


class AutoGraphError(Exception):
    """Base class of all errors of this project."""


class ConversionError(AutoGraphError, NotImplementedError):
    """A construct of the user's source cannot be converted."""


class SourceNotFoundError(AutoGraphError, OSError):
    """The source text of a function cannot be found."""


class StagingError(AutoGraphError, TypeError):
    """Branches or loop iterations of a staged block cannot be reconciled."""


class GraphTensorError(AutoGraphError, TypeError):
    """A value that only the running graph knows was asked for while tracing."""


class ImpureCallError(AutoGraphError, RuntimeError):
    """A call whose result or effect is of the moment (a clock, a file, host random numbers) stands in staged code."""


class TensorUseError(AutoGraphError, TypeError):
    """A tensor is used as what it cannot be: a key, an index, something to iterate over."""


class TensorIndexError(AutoGraphError, IndexError):
    """An index does not fit the tensor's dimensions."""


class ShapeError(AutoGraphError, ValueError):
    """Shapes, sizes or axes do not fit."""


class AxisError(ShapeError, IndexError):
    """A tensor does not have an axis that is named."""


class DTypeError(AutoGraphError, TypeError):
    """Element types do not fit."""


class DeviceError(AutoGraphError, ValueError):
    """A tensor is wanted on a device or stream that does not exist."""


class CopyError(AutoGraphError, ValueError):
    """A copy is needed where copies are forbidden."""


class SignatureError(AutoGraphError, TypeError):
    """Arguments do not match a function's signature."""


class CacheDirectoryError(AutoGraphError, PermissionError):
    """A directory cannot hold traces: it is not the user's own, or others can get at it."""


class RetraceWarning(UserWarning):
    """A function is traced again and again."""


class GradientError(AutoGraphError, ValueError):
    """A gradient that does not exist, or not in this way, was asked for."""


class NumericsError(AutoGraphError, FloatingPointError):
    """An op makes NaN, and `ag.config.check_numerics` asks to be told."""


class UnsupportedOpError(AutoGraphError, NotImplementedError):
    """A backend has no lowering for an op."""


class UnknownBackendError(AutoGraphError, ValueError):
    """No backend has that name."""


class MissingExtraError(AutoGraphError, ImportError):
    """A feature needs a package that is an extra of this one."""


class VerificationError(AutoGraphError, AssertionError):
    """A graph breaks a rule of the IR."""


class IRSyntaxError(AutoGraphError, ValueError):
    """Text is not a graph."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A place in the user's source: file, line from 1, function, and columns from 0 where known."""

    file: str
    line: int
    function: str = ""
    column: int | None = None
    end_column: int | None = None

    @property
    def text(self) -> str:
        """The line itself, empty when the source is not at hand."""
        return linecache.getline(self.file, self.line).rstrip("\n")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


# Errors about tracing itself: plain Python would not raise them, so no handler of the user's gets them.
OF_TRACING = (
    ConversionError,
    GraphTensorError,
    ImpureCallError,
    SourceNotFoundError,
    StagingError,
    UnsupportedOpError,
    VerificationError,
)


def message(what: str, at: SourceLine | None = None, hint: str | None = None) -> str:
    """The text of an error: what happened, the user's line with a caret, what to do.

    Example:
        >>> print(message("shapes do not fit", SourceLine("train.py", 3, "step"), "transpose one"))
        shapes do not fit
          File "train.py", line 3, in step
        transpose one
    """
    parts = [what]
    if at is not None:
        inside = f", in {at.function}" if at.function else ""
        parts.append(f'  File "{at.file}", line {at.line}{inside}')
        parts.extend(_quoted(at))
    if hint:
        parts.append(hint)
    return "\n".join(parts)


def _quoted(at: SourceLine) -> list[str]:
    text = at.text
    stripped = text.strip()
    if not stripped:
        return []
    lines = ["    " + stripped]
    indent = len(text) - len(text.lstrip())
    start = max((at.column if at.column is not None else indent) - indent, 0)
    # Columns count UTF-8 bytes; the caret has to stand under characters.
    encoded = text.encode()
    if at.column is not None:
        start = len(encoded[: at.column].decode(errors="ignore")) - indent
    end = len(stripped)
    if at.end_column is not None and at.column is not None:
        end = len(encoded[: at.end_column].decode(errors="ignore")) - indent
    lines.append("    " + " " * start + "^" * max(end - start, 1))
    return lines
