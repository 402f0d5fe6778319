"""Clocks in compiled code, for `profile`: each part of a unit is told apart, and the time in it added up.

A part is a loop over elements, or a call (of BLAS, of the host, of another graph), or a loop of the user's. Parts lie
in one another; at each border the time since the last one goes to the part that has been running, so that no time
counts twice. Only the thread that makes the call looks at the clock.
"""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from autograph.backends.native.builder import Builder
from autograph.backends.native.listing import Listing
from autograph.runtime.ir import Node

# Ops whose own code is worth a clock, whatever it is.
_CONTROL = {"while": "while", "call": "function", "try": "try"}
_NAMED = {"matmul": "product", "convolution": "convolution"}
# Calls that are worth a clock: of the host and of libraries, of threads, of memory.
_CALLS = re.compile(r"@ag_host\(|@ag_split\(|@ag_product_\w\(|inttoptr \(i64 \d+ to ptr\)\(|@llvm\.mem")
_MOST = 4096  # parts of a unit


@dataclass(frozen=True, slots=True)
class Part:
    """Code that has a clock.

    Attributes:
        kind: "loop", "product", "convolution", "library", "host", "copy", "while", "function" or "try".
        nodes: what it computes, the node that it was written for last.
        node: the node that it was written for.
    """

    kind: str
    nodes: tuple[Node, ...]
    node: Node


class Marks:
    """Writes the borders of parts, and holds what the clocks have said.

    Attributes:
        parts: the parts; the first row of `cells` is for what is in none.
        cells: for each part its ticks, and how often it began.
        state: when the last border was passed, and the part since then.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.cells = np.zeros((_MOST, 2), np.int64)
        self.state = np.zeros(2, np.int64)
        self._inner: list[int] = []  # for each part being written, how many calls those in it have

    @contextmanager
    def around(self, b: Builder, node: Node, listing: Listing) -> Iterator[None]:
        """Makes what is written for a node inside a `with` block a part, if it is worth that."""
        place, block, line = b.here(), len(b.blocks) - 1, b.here()[1]
        self._inner.append(0)
        with listing.writing(node) as written:
            yield
        lines = [*b.blocks[block][1][line:], *[line for _, lines in b.blocks[block + 1 :] for line in lines]]
        calls = [found for line in lines for found in _CALLS.findall(line)]
        own = len(calls) - self._inner.pop()
        if self._inner:
            self._inner[-1] += len(calls)
        if node.op.name in ("check", "fail") or not (own or written.loops or node.op.name in _CONTROL):
            return
        if len(self.parts) + 1 < _MOST:
            self.parts.append(Part(_kind(node, written.loops, calls), tuple(written.nodes), node))
            before = b.label("%part")
            b.insert(place, [f"{before} = call i64 @ag_begin(i64 {len(self.parts)})"])
            b.line(f"call void @ag_end(i64 {before})")

    def reset(self) -> None:
        """Begins a call."""
        self.state[:] = 0

    def text(self) -> str:
        """Defines `ag_begin`, which gives the part around the new one, and `ag_end`, which goes back to it."""
        reads, declared = _CLOCKS["ticks" if platform.machine() in ("x86_64", "AMD64") else "time"]
        values = {"state": self.state.ctypes.data, "cells": self.cells.ctypes.data, "clock": reads}
        return declared + _TEXT.format(**values)


def _kind(node: Node, loops: bool, calls: list[str]) -> str:
    name = node.op.name
    if name in _CONTROL or name in _NAMED:
        return {**_CONTROL, **_NAMED}[name]
    if any("@ag_host" in call for call in calls):
        return "host"
    if any("inttoptr" in call for call in calls):
        return "library"
    return "loop" if loops or any("@ag_split" in call for call in calls) else "copy"


# The processor's own count costs a few nanoseconds; elsewhere it may be forbidden.
_CLOCKS = {
    "ticks": ("call i64 @llvm.readcyclecounter()", "declare i64 @llvm.readcyclecounter()\n"),
    "time": (
        "call i64 @ag_nanoseconds()",
        f"""
declare i32 @clock_gettime(i32, ptr)

define internal i64 @ag_nanoseconds() {{
  %time = alloca [2 x i64], align 8
  call i32 @clock_gettime(i32 {time.CLOCK_MONOTONIC}, ptr %time)
  %seconds = load i64, ptr %time
  %rest_at = getelementptr i64, ptr %time, i64 1
  %rest = load i64, ptr %rest_at
  %scaled = mul i64 %seconds, 1000000000
  %now = add i64 %scaled, %rest
  ret i64 %now
}}
""",
    ),
}

_TEXT = """
define internal i64 @ag_begin(i64 %part) noinline nounwind {{
  %outer = call i64 @ag_border(i64 %part)
  %row = shl i64 %part, 4
  %cell = getelementptr i8, ptr inttoptr (i64 {cells} to ptr), i64 %row
  %count_at = getelementptr i64, ptr %cell, i64 1
  %count = load i64, ptr %count_at
  %more = add i64 %count, 1
  store i64 %more, ptr %count_at
  ret i64 %outer
}}

define internal void @ag_end(i64 %outer) noinline nounwind {{
  call i64 @ag_border(i64 %outer)
  ret void
}}

define internal i64 @ag_border(i64 %part) alwaysinline nounwind {{
  %now = {clock}
  %last = load i64, ptr inttoptr (i64 {state} to ptr)
  %part_at = getelementptr i64, ptr inttoptr (i64 {state} to ptr), i64 1
  %outer = load i64, ptr %part_at
  store i64 %part, ptr %part_at
  store i64 %now, ptr inttoptr (i64 {state} to ptr)
  %first = icmp eq i64 %last, 0
  %passed = sub i64 %now, %last
  %ticks = select i1 %first, i64 0, i64 %passed
  %row = shl i64 %outer, 4
  %cell = getelementptr i8, ptr inttoptr (i64 {cells} to ptr), i64 %row
  %before = load i64, ptr %cell
  %after = add i64 %before, %ticks
  store i64 %after, ptr %cell
  ret i64 %outer
}}
"""
