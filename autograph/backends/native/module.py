"""One compiled unit: the functions of a graph and of those it calls, and the Python objects they refer to."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.backends.native import math
from autograph.backends.native.listing import Listing
from autograph.backends.native.marks import Marks
from autograph.backends.native.support import INLINE
from autograph.runtime.ir import Graph


class Module:
    """Collects text, constants and calls of the host.

    Attributes:
        sites: what the numbers of calls of the host stand for.
        kept: objects whose memory the code reads.
        fallbacks: how many nodes of each op the host runs.
        arenas: the bytes of the memory that each function plans ahead.
        polls: whether loops or calls look at signals.
        calls: whether graphs call graphs, which may run out of stack.
        sized_lists: whether native code handles lists of tensors whose sizes only the running function knows.
        marks: clocks that the code contains; None, ordinarily, for none.
    """

    def __init__(self, marks: Marks | None = None) -> None:
        self.marks = marks
        self.sites: list[Any] = []
        self.kept: list[Any] = []
        self.fallbacks: dict[str, int] = {}
        self.functions: dict[Graph, str] = {}
        self.listing = Listing()
        self.arenas: list[int] = []
        self.polls = False
        self.calls = False
        self.sized_lists = False
        self._texts: list[str] = []
        self._kernels: dict[str, str] = {}
        self._shared: set[str] = set()
        self._declared: dict[str, str] = {}
        self._notes: list[str] = []

    def add(self, text: str) -> None:
        """Adds a function's definition."""
        self._texts.append(text)

    def kernel(self, key: str, text: str) -> str:
        """Defines a function, unless one like it is defined; gives its name.

        Args:
            key: tells functions that do the same.
            text: its parameters and body.
        """
        name = self._kernels.get(key)
        if name is None:
            name = self._kernels[key] = f"loop{len(self._kernels) + 1}"
            self.add(f"define internal void @{name}{text}")
        return name

    def shared(self, name: str, text: str) -> str:
        """Defines a function that several places may call, once; gives its name."""
        if name not in self._shared:
            self._shared.add(name)
            self.add(text)
        return name

    def declare(self, name: str, declaration: str) -> str:
        """Declares an outside function once; gives its name."""
        self._declared[name] = declaration
        return name

    def constant(self, array: np.ndarray[Any, Any]) -> str:
        """A pointer to an array's elements, which the module keeps alive."""
        array = np.ascontiguousarray(array)
        self.kept.append(array)
        return f"inttoptr (i64 {array.ctypes.data} to ptr)"

    def site(self, made: Any) -> int:
        """The number of a call of the host."""
        self.sites.append(made)
        return len(self.sites) - 1

    def number(self) -> int:
        """A number that names of functions may end in."""
        return len(self._texts)

    def note(self, text: str) -> str:
        """A node of metadata; gives its name."""
        name = f"!{len(self._notes) + 10}"
        self._notes.append(f"{name} = {text}")
        return name

    def parallel_loop(self) -> tuple[str, str]:
        """Notes for accesses that no trip of a loop shares with another, and for that loop's jump back."""
        group = self.note("distinct !{}")
        accesses = self.note(f'!{{!"llvm.loop.parallel_accesses", {group}}}')
        name = f"!{len(self._notes) + 10}"
        self.note(f"distinct !{{{name}, {accesses}}}")
        return f", !llvm.access.group {group}", f", !llvm.loop {name}"

    def text(self) -> str:
        """The whole unit."""
        written = "\n\n".join([*self._declared.values(), *self._texts])
        return "\n\n".join([INLINE, math.definitions(written), written, "\n".join(self._notes)]) + "\n"
