"""The process's threads for large loops and products: they share work in pieces, and soon sleep when there is none.

`ag_split(task, words, count, workers, frame)` runs `task(words, from, to, worker)` for all pieces 0 … count - 1, in
whatever order. Pieces are cut by sizes alone, and each result is computed by one of them, so that results do not depend
on the number of threads. Where it is given a call's frame it looks at signals between pieces; it answers 1 where one of
them ended the work. While another call has the threads, a call runs its pieces itself. Threads hold no Python objects
and take no signals. A process that was forked starts its own.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import signal

from autograph.errors import message

MOST = 64
# How often a thread without work looks for some before it sleeps: some 50 µs, as much as it takes to wake one up.
PATIENCE = 1000
# What tells a processor that a loop only waits.
_PAUSES = {
    "x86_64": "@llvm.x86.sse2.pause()", "amd64": "@llvm.x86.sse2.pause()",
    "aarch64": "@llvm.aarch64.hint(i32 1)", "arm64": "@llvm.aarch64.hint(i32 1)",
}  # fmt: skip

# Words of the pool: `open` while threads may join a job, `inside` how many work on it.
_FIELDS = {
    "mutex": 0, "work": 128, "done": 256, "wanted": 384, "started": 392, "open": 400, "number": 408, "inside": 416,
    "task": 424, "words": 432, "count": 440, "next": 512, "workers": 576, "busy": 584,
}  # fmt: skip


def default_threads() -> int:
    """As many threads as the process may use cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST)


def pool_text() -> str:
    """Defines `ag_split`, `ag_threads`, `ag_pool_reset` and `ag_pool_size`."""
    pause = _PAUSES.get(platform.machine().lower())
    words = {
        "BLOCK": int(signal.SIG_BLOCK), "RESTORE": int(signal.SIG_SETMASK), "PATIENCE": PATIENCE,
        "PAUSE": f"call void {pause}" if pause else "",
    }  # fmt: skip
    text = _TEXT
    for word, meaning in words.items():
        text = text.replace(word, str(meaning))
    text = re.sub(r"@pool_(\w+)", lambda found: f"getelementptr (i8, ptr @pool, i64 {_FIELDS[found[1]]})", text)
    return (f"declare void {_declared(pause)}\n" if pause else "") + text


def _declared(call: str) -> str:
    return call.replace("i32 1", "i32")


class Pool:
    """The threads of this process.

    Args:
        resize: `ag_pool_size`.
        reset: `ag_pool_reset`.
    """

    def __init__(self, resize: int, reset: int) -> None:
        self._resize = ctypes.CFUNCTYPE(None, ctypes.c_int64)(resize)
        self._reset = ctypes.CFUNCTYPE(None)(reset)
        self.renew()

    def renew(self) -> None:
        """Begins anew: in a process that was forked there are no other threads."""
        self._reset()
        self._resize(wanted.count)


class Wanted:
    """How many threads there shall be, and the pool once there is one."""

    def __init__(self) -> None:
        self.count = default_threads()
        self.pool: Pool | None = None

    def set(self, count: int) -> None:
        """Changes the number."""
        self.count = count
        if self.pool is not None:
            self.pool._resize(count)

    def renew(self) -> None:
        """Called in a process that was forked."""
        if self.pool is not None:
            self.pool.renew()


wanted = Wanted()
os.register_at_fork(after_in_child=wanted.renew)


def set_threads(count: int) -> None:
    """Sets how many threads large loops and products of functions use; results do not depend on it.

    Args:
        count: from 1, for the calling thread alone, to 64; at first the number of cores that the process may use.

    Raises:
        ValueError: there cannot be so many.

    Example:
        >>> import autograph as ag
        >>> before = ag.config.threads()
        >>> ag.config.set_threads(1)
        >>> ag.config.threads()
        1
        >>> ag.config.set_threads(before)
    """
    if not 1 <= count <= MOST:
        raise ValueError(message(f"there cannot be {count} threads", None, f"give a number from 1 to {MOST}"))
    wanted.set(count)


def threads() -> int:
    """How many threads large loops and products of functions use."""
    return wanted.count


_TEXT = r"""
declare i32 @pthread_mutex_init(ptr, ptr)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_init(ptr, ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_broadcast(ptr)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_detach(ptr)
declare i32 @pthread_sigmask(i32, ptr, ptr)
declare i32 @sigfillset(ptr)

@pool = internal global [640 x i8] zeroinitializer, align 64

define void @ag_pool_reset() {
  call void @llvm.memset.p0.i64(ptr @pool, i8 0, i64 640, i1 false)
  call i32 @pthread_mutex_init(ptr @pool_mutex, ptr null)
  call i32 @pthread_cond_init(ptr @pool_work, ptr null)
  call i32 @pthread_cond_init(ptr @pool_done, ptr null)
  store i64 1, ptr @pool_wanted
  ret void
}

define void @ag_pool_size(i64 %count) {
  store atomic i64 %count, ptr @pool_wanted release, align 8
  ret void
}

define i64 @ag_threads() {
  %count = load atomic i64, ptr @pool_wanted acquire, align 8
  ret i64 %count
}

; Starts threads until there are enough; the caller has the pool for itself.
define internal void @ag_pool_start(i64 %count) noinline {
  %id = alloca ptr
  %all = alloca [128 x i8]
  %old = alloca [128 x i8]
  call i32 @sigfillset(ptr %all)
  call i32 @pthread_sigmask(i32 BLOCK, ptr %all, ptr %old)
  br label %again
again:
  %started = load i64, ptr @pool_started
  %next = add i64 %started, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %one, label %done
one:
  %argument = inttoptr i64 %next to ptr
  %failed = call i32 @pthread_create(ptr %id, ptr null, ptr @ag_worker, ptr %argument)
  %bad = icmp ne i32 %failed, 0
  br i1 %bad, label %done, label %made
made:
  %thread = load ptr, ptr %id
  call i32 @pthread_detach(ptr %thread)
  store i64 %next, ptr @pool_started
  br label %again
done:
  call i32 @pthread_sigmask(i32 RESTORE, ptr %old, ptr null)
  ret void
}

; Lets go of the mutex and looks at a word for a moment, until it is some value (or is not): whether it became so.
define internal i1 @ag_watch(ptr %word, i64 %value, i1 %is) noinline {
  call i32 @pthread_mutex_unlock(ptr @pool_mutex)
  br label %spin
spin:
  %times = phi i64 [0, %0], [%once_more, %spin]
  PAUSE
  %once_more = add i64 %times, 1
  %latest = load atomic i64, ptr %word monotonic, align 8
  %same = icmp eq i64 %latest, %value
  %reached = icmp eq i1 %same, %is
  %tired = icmp sge i64 %once_more, PATIENCE
  %stop = or i1 %reached, %tired
  br i1 %stop, label %done, label %spin
done:
  call i32 @pthread_mutex_lock(ptr @pool_mutex)
  ret i1 %reached
}

; A thread: waits for a job that it has not seen and may join, works on it, waits again.
define internal ptr @ag_worker(ptr %argument) {
  %me = ptrtoint ptr %argument to i64
  call i32 @pthread_mutex_lock(ptr @pool_mutex)
  br label %look
look:
  %seen = phi i64 [0, %0], [%seen, %sleep], [%seen, %watched], [%number, %leave]
  %watch = phi i1 [false, %0], [false, %sleep], [%newer, %watched], [true, %leave]
  %open = load i64, ptr @pool_open
  %number = load i64, ptr @pool_number
  %workers = load i64, ptr @pool_workers
  %is_open = icmp ne i64 %open, 0
  %is_new = icmp ne i64 %number, %seen
  %is_mine = icmp slt i64 %me, %workers
  %a = and i1 %is_open, %is_new
  %join = and i1 %a, %is_mine
  br i1 %join, label %enter, label %idle
idle:
  br i1 %watch, label %watched, label %sleep
watched:
  %newer = call i1 @ag_watch(ptr @pool_number, i64 %number, i1 false)
  br label %look
sleep:
  call i32 @pthread_cond_wait(ptr @pool_work, ptr @pool_mutex)
  br label %look
enter:
  %inside = load i64, ptr @pool_inside
  %one_more = add i64 %inside, 1
  store i64 %one_more, ptr @pool_inside
  call i32 @pthread_mutex_unlock(ptr @pool_mutex)
  call i64 @ag_pieces(i64 %me, ptr null)
  call i32 @pthread_mutex_lock(ptr @pool_mutex)
  %now = load i64, ptr @pool_inside
  %left = sub i64 %now, 1
  store i64 %left, ptr @pool_inside
  %last = icmp eq i64 %left, 0
  br i1 %last, label %tell, label %leave
tell:
  call i32 @pthread_cond_broadcast(ptr @pool_done)
  br label %leave
leave:
  br label %look
}

; Runs pieces while there are some; 1 where a signal ended that.
define internal i64 @ag_pieces(i64 %me, ptr %frame) {
  %task = load ptr, ptr @pool_task
  %words = load ptr, ptr @pool_words
  %count = load i64, ptr @pool_count
  %quiet = icmp eq ptr %frame, null
  br label %next
next:
  %piece = atomicrmw add ptr @pool_next, i64 1 acq_rel
  %more = icmp slt i64 %piece, %count
  br i1 %more, label %run, label %done
run:
  %after = add i64 %piece, 1
  call void %task(ptr %words, i64 %piece, i64 %after, i64 %me)
  br i1 %quiet, label %next, label %ask
ask:
  %good = call i64 @ag_look(ptr %frame)
  %fine = icmp ne i64 %good, 0
  br i1 %fine, label %next, label %stop
stop:
  store atomic i64 %count, ptr @pool_next release, align 8
  ret i64 1
done:
  ret i64 0
}

define i64 @ag_split(ptr %task, ptr %words, i64 %count, i64 %workers, ptr %frame) {
  %several = icmp sgt i64 %count, 1
  %may = icmp sgt i64 %workers, 1
  %both = and i1 %several, %may
  br i1 %both, label %try, label %alone
try:
  %busy = atomicrmw xchg ptr @pool_busy, i64 1 acquire
  %free = icmp eq i64 %busy, 0
  br i1 %free, label %share, label %alone
alone:
  %quiet = icmp eq ptr %frame, null
  br i1 %quiet, label %whole, label %first
whole:
  call void %task(ptr %words, i64 0, i64 %count, i64 0)
  ret i64 0
first:
  %any_piece = icmp sgt i64 %count, 0
  br i1 %any_piece, label %piece, label %over
piece:
  %from = phi i64 [0, %first], [%to, %ask]
  %to = add i64 %from, 1
  call void %task(ptr %words, i64 %from, i64 %to, i64 0)
  %left = icmp slt i64 %to, %count
  br i1 %left, label %ask, label %over
ask:
  %good = call i64 @ag_look(ptr %frame)
  %fine = icmp ne i64 %good, 0
  br i1 %fine, label %piece, label %stopped
over:
  ret i64 0
stopped:
  ret i64 1
share:
  %started = load i64, ptr @pool_started
  %there = add i64 %started, 1
  %fewer = icmp slt i64 %there, %workers
  br i1 %fewer, label %start, label %give
start:
  call void @ag_pool_start(i64 %workers)
  br label %give
give:
  call i32 @pthread_mutex_lock(ptr @pool_mutex)
  store ptr %task, ptr @pool_task
  store ptr %words, ptr @pool_words
  store i64 %count, ptr @pool_count
  store i64 %workers, ptr @pool_workers
  store atomic i64 0, ptr @pool_next release, align 8
  %number = load i64, ptr @pool_number
  %another = add i64 %number, 1
  store i64 %another, ptr @pool_number
  store i64 1, ptr @pool_open
  call i32 @pthread_cond_broadcast(ptr @pool_work)
  call i32 @pthread_mutex_unlock(ptr @pool_mutex)
  %ended = call i64 @ag_pieces(i64 0, ptr %frame)
  call i32 @pthread_mutex_lock(ptr @pool_mutex)
  store i64 0, ptr @pool_open
  %at_work = load i64, ptr @pool_inside
  %any = icmp ne i64 %at_work, 0
  br i1 %any, label %watch, label %look
watch:
  call i1 @ag_watch(ptr @pool_inside, i64 0, i1 true)
  br label %look
look:
  %inside = load i64, ptr @pool_inside
  %none = icmp eq i64 %inside, 0
  br i1 %none, label %done, label %wait
wait:
  call i32 @pthread_cond_wait(ptr @pool_done, ptr @pool_mutex)
  br label %look
done:
  call i32 @pthread_mutex_unlock(ptr @pool_mutex)
  store atomic i64 0, ptr @pool_busy release, align 8
  ret i64 %ended
}
"""
