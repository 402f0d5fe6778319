"""Long calls hear of signals, such as Ctrl-C, and let other Python threads run.

Loops of unknown length and calls of graphs count down. At zero they ask `ag_poll`, which looks at the clock and says
after how many trips to ask again: about a millisecond's worth. A call that has run for some milliseconds lets handlers
of signals run, and releases Python's lock; it takes the lock back now and then to let handlers run again. In the frame
lie the thread's state while the lock is released, how many trips there are between polls, the times of the last one and
of the last look at signals, and the count of calls. Long loops over elements, and work that threads share, ask
`ag_look` between their pieces, which does the same without counting.
"""

from __future__ import annotations

import time

from autograph.backends.native import layout, python_api
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.support import FRAME_POINTERS, NO_MEMORY
from autograph.runtime.ir import Region

_START = 4096  # as in `ag_enter`
_HEAVY = 256  # what a trip counts that works on arrays
_MILLISECOND = 1_000_000


def poll_trip(lower: Lowering, body: Region) -> None:
    """Counts a trip of a loop."""
    if lower.trips is None:
        lower.trips = lower.b.stack("i64")
        lower.b.allocas.append(f"  store i64 {_START}, ptr {lower.trips}")
    light = all(layout.is_register(value.type) for node in body.nodes for value in node.outputs)
    _count_down(lower, lower.trips, 1 if light else _HEAVY)


def poll_call(lower: Lowering) -> None:
    """Counts a call of a graph, over all calls in progress."""
    _count_down(lower, lower.b.at("i8", "%frame", FRAME_POINTERS["calls"]), 1)


def _count_down(lower: Lowering, place: str, weight: int) -> None:
    b = lower.b
    lower.module.polls = True
    left = b.value(f"sub i64 {b.load('i64', place)}, {weight}")
    b.store("i64", left, place)
    ask, go_on = b.label("ask"), b.label("on")
    b.branch(b.value(f"icmp sle i64 {left}, 0"), ask, go_on, ", !prof !2")
    b.open_block(ask)
    trips = b.value(f"call i64 @ag_poll(ptr %frame) {NO_MEMORY}")
    b.store("i64", trips, place)
    lower.fail_if(b.value(f"icmp eq i64 {trips}, 0"))
    b.jump(go_on)
    b.open_block(go_on)


def poll_text() -> str:
    """Defines `ag_poll` and `ag_look`."""
    return _POLL.format(
        clock=time.CLOCK_MONOTONIC,
        second=1000 * _MILLISECOND,
        short=_MILLISECOND,
        long=20 * _MILLISECOND,
        soon=5 * _MILLISECOND,
        late=50 * _MILLISECOND,
        check=python_api.python("PyErr_CheckSignals"),
        save=python_api.python("PyEval_SaveThread"),
        restore=python_api.python("PyEval_RestoreThread"),
    )


_POLL = f"""
declare i32 @clock_gettime(i32, ptr)

; How many trips to make before asking again; 0 where a handler of a signal has raised an exception.
define i64 @ag_poll(ptr %frame) {{{{
  %now = call i64 @ag_now()
  %trips_at = getelementptr i8, ptr %frame, i64 {FRAME_POINTERS["trips"]}
  %last_at = getelementptr i8, ptr %frame, i64 {FRAME_POINTERS["last"]}
  %trips = load i64, ptr %trips_at
  %known = load i64, ptr %last_at
  %begins = icmp eq i64 %known, 0
  %last = select i1 %begins, i64 %now, i64 %known
  store i64 %now, ptr %last_at
  %elapsed = sub i64 %now, %last
  %short = icmp slt i64 %elapsed, {{short}}
  %long = icmp sgt i64 %elapsed, {{long}}
  %more = shl i64 %trips, 1
  %most = call i64 @llvm.smin.i64(i64 %more, i64 {1 << 20})
  %fewer = sdiv i64 %trips, 4
  %least = call i64 @llvm.smax.i64(i64 %fewer, i64 1)
  %slower = select i1 %long, i64 %least, i64 %trips
  %next = select i1 %short, i64 %most, i64 %slower
  store i64 %next, ptr %trips_at
  %good = call i64 @ag_look_at(ptr %frame, i64 %now)
  %fine = icmp ne i64 %good, 0
  %answer = select i1 %fine, i64 %next, i64 0
  ret i64 %answer
}}}}

; 0 where a handler of a signal has raised an exception.
define i64 @ag_look(ptr %frame) {{{{
  %now = call i64 @ag_now()
  %good = call i64 @ag_look_at(ptr %frame, i64 %now)
  ret i64 %good
}}}}

define internal i64 @ag_now() {{{{
  %time = alloca [2 x i64], align 8
  call i32 @clock_gettime(i32 {{clock}}, ptr %time)
  %seconds = load i64, ptr %time
  %rest_at = getelementptr i64, ptr %time, i64 1
  %rest = load i64, ptr %rest_at
  %scaled = mul i64 %seconds, {{second}}
  %now = add i64 %scaled, %rest
  ret i64 %now
}}}}

define internal i64 @ag_look_at(ptr %frame, i64 %now) {{{{
  %checked_at = getelementptr i8, ptr %frame, i64 {FRAME_POINTERS["checked"]}
  %released_at = getelementptr i8, ptr %frame, i64 {FRAME_POINTERS["released"]}
  %known = load i64, ptr %checked_at
  %begins = icmp eq i64 %known, 0
  br i1 %begins, label %begin, label %look
begin:
  store i64 %now, ptr %checked_at
  br label %look
look:
  %checked = phi i64 [%known, %0], [%now, %begin]
  %state = load ptr, ptr %released_at
  %held = icmp eq ptr %state, null
  %wait = select i1 %held, i64 {{soon}}, i64 {{late}}
  %since = sub i64 %now, %checked
  %due = icmp sgt i64 %since, %wait
  br i1 %due, label %look_up, label %done
look_up:
  store i64 %now, ptr %checked_at
  br i1 %held, label %ask, label %take
take:
  call void inttoptr (i64 {{restore}} to ptr)(ptr %state)
  store ptr null, ptr %released_at
  br label %ask
ask:
  %bad = call i32 inttoptr (i64 {{check}} to ptr)()
  %raised = icmp ne i32 %bad, 0
  br i1 %raised, label %fail, label %release
release:
  %saved = call ptr inttoptr (i64 {{save}} to ptr)()
  store ptr %saved, ptr %released_at
  br label %done
fail:
  call void @ag_note(ptr %frame)
  ret i64 0
done:
  ret i64 1
}}}}
"""
