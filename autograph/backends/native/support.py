"""The few functions that compiled graphs share, in LLVM IR: memory of a call, and buffers of lists that grow.

A call's memory is a frame: `{cursor, end, chunk, heap, depth, first chunk}`, lists of blocks that wait by size, and
chunks chained in the order in which they were needed. Allocating moves the cursor; a loop sets it back after each trip;
the chunks stay with the frame for later calls. What has to outlive a trip and grows lies on the heap, chained to the
frame; when the call ends, it waits there for later calls.

A unit (a compiled graph) has two words: a frame that an earlier call left, and the Python function that is its host.
"""

# The frame's words by name; `polling.py` says what those after `depth` are for. `raised`: what a handler of a signal
# has raised.
FRAME_POINTERS = {
    "cursor": 0, "end": 8, "chunk": 16, "heap": 24, "depth": 32, "stack": 48, "released": 56, "trips": 576, "last": 584,
    "checked": 592, "calls": 600, "unit": 608, "raised": 616,
}  # fmt: skip

# What asking about signals changes: not the elements of arrays.
NO_MEMORY = "memory(argmem: readwrite, inaccessiblemem: readwrite) nounwind"

# What each unit has of its own: the quick paths, which become part of its functions.
INLINE = r"""
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare ptr @ag_enter(ptr) nounwind
declare void @ag_leave(ptr) nounwind
declare ptr @ag_grow(ptr, i64) nounwind
declare ptr @ag_heap(ptr, i64) nounwind
declare ptr @ag_list_new(ptr, i64, i64) nounwind
declare ptr @ag_list_copy(ptr, ptr, i64, i64) nounwind
declare ptr @ag_list_room(ptr, ptr, i64, i64) nounwind
declare i32 @ag_host(ptr, i64, ptr, ptr) nounwind
declare i64 @ag_poll(ptr) cold nounwind
declare i64 @ag_look(ptr) nounwind

define internal noalias ptr @ag_alloc(ptr %frame, i64 %bytes) alwaysinline {
  %padded = add i64 %bytes, 63
  %size = and i64 %padded, -64
  %p = load ptr, ptr %frame
  %next = getelementptr i8, ptr %p, i64 %size
  %end_at = getelementptr i8, ptr %frame, i64 8
  %end = load ptr, ptr %end_at
  %fits = icmp ule ptr %next, %end
  br i1 %fits, label %quick, label %slow, !prof !1
quick:
  store ptr %next, ptr %frame
  ret ptr %p
slow:
  %r = call ptr @ag_grow(ptr %frame, i64 %size)
  ret ptr %r
}

; A buffer with room for one more item after the first `length`: the list's own, grown if need be, or a copy where
; another list has grown from this one already.
define internal ptr @ag_list_more(ptr %frame, ptr %buffer, i64 %length, i64 %element) alwaysinline {
  %used_at = getelementptr i8, ptr %buffer, i64 8
  %capacity_at = getelementptr i8, ptr %buffer, i64 16
  %used = load i64, ptr %used_at
  %capacity = load i64, ptr %capacity_at
  %last = icmp eq i64 %used, %length
  %space = icmp ult i64 %length, %capacity
  %good = and i1 %last, %space
  br i1 %good, label %quick, label %slow, !prof !1
slow:
  %other = call ptr @ag_list_room(ptr %frame, ptr %buffer, i64 %length, i64 %element)
  br label %quick
quick:
  %result = phi ptr [%buffer, %0], [%other, %slow]
  %count = add i64 %length, 1
  %result_used_at = getelementptr i8, ptr %result, i64 8
  store i64 %count, ptr %result_used_at
  ret ptr %result
}

!1 = !{!"branch_weights", i32 2000, i32 1}
!2 = !{!"branch_weights", i32 1, i32 2000}
"""

# The slow paths, compiled once for all units.
MEMORY = r"""
declare ptr @malloc(i64)
declare void @free(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; The next chunk that is large enough, or a new one put before it. A chunk: {next, bytes} and, after 64 bytes, its data.
define ptr @ag_grow(ptr %frame, i64 %size) {
  %chunk_at = getelementptr i8, ptr %frame, i64 16
  %end_at = getelementptr i8, ptr %frame, i64 8
  %chunk = load ptr, ptr %chunk_at
  %next = load ptr, ptr %chunk
  %none = icmp eq ptr %next, null
  br i1 %none, label %new, label %look
look:
  %bytes_at = getelementptr i8, ptr %next, i64 8
  %has = load i64, ptr %bytes_at
  %enough = icmp uge i64 %has, %size
  br i1 %enough, label %use, label %new
new:
  %old_bytes_at = getelementptr i8, ptr %chunk, i64 8
  %old_bytes = load i64, ptr %old_bytes_at
  %double = mul i64 %old_bytes, 2
  %larger = icmp ugt i64 %double, %size
  %wanted = select i1 %larger, i64 %double, i64 %size
  %total = add i64 %wanted, 128
  %raw = call ptr @malloc(i64 %total)
  %raw_i = ptrtoint ptr %raw to i64
  %up = add i64 %raw_i, 63
  %aligned_i = and i64 %up, -64
  %made = inttoptr i64 %aligned_i to ptr
  store ptr %next, ptr %made
  %made_bytes_at = getelementptr i8, ptr %made, i64 8
  store i64 %wanted, ptr %made_bytes_at
  %made_raw_at = getelementptr i8, ptr %made, i64 16
  store ptr %raw, ptr %made_raw_at
  store ptr %made, ptr %chunk
  br label %use
use:
  %taken = phi ptr [%next, %look], [%made, %new]
  store ptr %taken, ptr %chunk_at
  %taken_bytes_at = getelementptr i8, ptr %taken, i64 8
  %taken_bytes = load i64, ptr %taken_bytes_at
  %data = getelementptr i8, ptr %taken, i64 64
  %limit = getelementptr i8, ptr %data, i64 %taken_bytes
  store ptr %limit, ptr %end_at
  %cursor = getelementptr i8, ptr %data, i64 %size
  store ptr %cursor, ptr %frame
  ret ptr %data
}

; A frame: one that an earlier call left, or a new one.
define ptr @ag_enter(ptr %unit) {
  %kept = atomicrmw xchg ptr %unit, ptr null acq_rel
  %none = icmp eq ptr %kept, null
  br i1 %none, label %new, label %done
new:
  %made = call ptr @malloc(i64 640)
  call void @llvm.memset.p0.i64(ptr %made, i8 0, i64 640, i1 false)
  %raw = call ptr @malloc(i64 65728)
  %raw_i = ptrtoint ptr %raw to i64
  %up = add i64 %raw_i, 63
  %aligned_i = and i64 %up, -64
  %chunk = inttoptr i64 %aligned_i to ptr
  store ptr null, ptr %chunk
  %bytes_at = getelementptr i8, ptr %chunk, i64 8
  store i64 65536, ptr %bytes_at
  %raw_at = getelementptr i8, ptr %chunk, i64 16
  store ptr %raw, ptr %raw_at
  %first_at = getelementptr i8, ptr %made, i64 40
  store ptr %chunk, ptr %first_at
  br label %done
done:
  %frame = phi ptr [%kept, %0], [%made, %new]
  %first_at2 = getelementptr i8, ptr %frame, i64 40
  %first = load ptr, ptr %first_at2
  %chunk_at = getelementptr i8, ptr %frame, i64 16
  store ptr %first, ptr %chunk_at
  %data = getelementptr i8, ptr %first, i64 64
  store ptr %data, ptr %frame
  %size_at = getelementptr i8, ptr %first, i64 8
  %size = load i64, ptr %size_at
  %limit = getelementptr i8, ptr %data, i64 %size
  %end_at = getelementptr i8, ptr %frame, i64 8
  store ptr %limit, ptr %end_at
  %depth_at = getelementptr i8, ptr %frame, i64 32
  store i64 0, ptr %depth_at
  %released_at = getelementptr i8, ptr %frame, i64 56
  store ptr null, ptr %released_at
  %trips_at = getelementptr i8, ptr %frame, i64 576
  store i64 4096, ptr %trips_at
  %checked_at = getelementptr i8, ptr %frame, i64 592
  store i64 0, ptr %checked_at
  %last_at = getelementptr i8, ptr %frame, i64 584
  store i64 0, ptr %last_at
  %calls_at = getelementptr i8, ptr %frame, i64 600
  store i64 4096, ptr %calls_at
  %unit_at = getelementptr i8, ptr %frame, i64 608
  store ptr %unit, ptr %unit_at
  %raised_at = getelementptr i8, ptr %frame, i64 616
  store ptr null, ptr %raised_at
  ret ptr %frame
}

; Ends a call: its blocks of the heap wait for later calls, as does the frame unless another one waits already.
define void @ag_leave(ptr %frame) {
  %heap_at = getelementptr i8, ptr %frame, i64 24
  %head = load ptr, ptr %heap_at
  store ptr null, ptr %heap_at
  br label %heap
heap:
  %block = phi ptr [%head, %0], [%following, %stored]
  %end = icmp eq ptr %block, null
  br i1 %end, label %keep, label %one
one:
  %following = load ptr, ptr %block
  %class_at = getelementptr i8, ptr %block, i64 8
  %class = load i64, ptr %class_at
  %huge = icmp ugt i64 %class, 26
  br i1 %huge, label %drop, label %wait
drop:
  call void @free(ptr %block)
  br label %stored
wait:
  %list_at = call ptr @ag_class(ptr %frame, i64 %class)
  %first = load ptr, ptr %list_at
  store ptr %first, ptr %block
  store ptr %block, ptr %list_at
  br label %stored
stored:
  br label %heap
keep:
  %unit_at = getelementptr i8, ptr %frame, i64 608
  %unit = load ptr, ptr %unit_at
  %other = atomicrmw xchg ptr %unit, ptr %frame acq_rel
  call void @ag_drop(ptr %other)
  ret void
}

define internal ptr @ag_class(ptr %frame, i64 %class) alwaysinline {
  %bytes = mul i64 %class, 8
  %from = add i64 %bytes, 64
  %at = getelementptr i8, ptr %frame, i64 %from
  ret ptr %at
}

define internal void @ag_drop(ptr %frame) {
  %none = icmp eq ptr %frame, null
  br i1 %none, label %done, label %some
some:
  %first_at = getelementptr i8, ptr %frame, i64 40
  %first = load ptr, ptr %first_at
  br label %class
class:
  %n = phi i64 [0, %some], [%n1, %emptied]
  %list_at = call ptr @ag_class(ptr %frame, i64 %n)
  %blocks = load ptr, ptr %list_at
  br label %blocks_left
blocks_left:
  %block = phi ptr [%blocks, %class], [%after, %free_block]
  %no_block = icmp eq ptr %block, null
  br i1 %no_block, label %emptied, label %free_block
free_block:
  %after = load ptr, ptr %block
  call void @free(ptr %block)
  br label %blocks_left
emptied:
  %n1 = add i64 %n, 1
  %all = icmp eq i64 %n1, 64
  br i1 %all, label %whole, label %class
whole:
  call void @free(ptr %frame)
  br label %chunks
chunks:
  %chunk = phi ptr [%first, %whole], [%next, %more]
  %end = icmp eq ptr %chunk, null
  br i1 %end, label %done, label %more
more:
  %next = load ptr, ptr %chunk
  %raw_at = getelementptr i8, ptr %chunk, i64 16
  %raw = load ptr, ptr %raw_at
  call void @free(ptr %raw)
  br label %chunks
done:
  ret void
}

; Frees what a unit keeps between calls.
define void @ag_close(ptr %unit) {
  %kept = atomicrmw xchg ptr %unit, ptr null acq_rel
  call void @ag_drop(ptr %kept)
  ret void
}

; Memory until the call's end: {previous, class, pad} and, after 32 bytes, the data; 2**class bytes in all.
define ptr @ag_heap(ptr %frame, i64 %bytes) {
  %total = add i64 %bytes, 31
  %zeros = call i64 @llvm.ctlz.i64(i64 %total, i1 false)
  %class = sub i64 64, %zeros
  %list_at = call ptr @ag_class(ptr %frame, i64 %class)
  %waiting = load ptr, ptr %list_at
  %none = icmp eq ptr %waiting, null
  br i1 %none, label %new, label %again
new:
  %size = shl i64 1, %class
  %made = call ptr @malloc(i64 %size)
  br label %done
again:
  %next = load ptr, ptr %waiting
  store ptr %next, ptr %list_at
  br label %done
done:
  %block = phi ptr [%made, %new], [%waiting, %again]
  %heap_at = getelementptr i8, ptr %frame, i64 24
  %head = load ptr, ptr %heap_at
  store ptr %head, ptr %block
  %class_at = getelementptr i8, ptr %block, i64 8
  store i64 %class, ptr %class_at
  store ptr %block, ptr %heap_at
  %data = getelementptr i8, ptr %block, i64 32
  ret ptr %data
}

; A list's buffer: {data, used, capacity}. Lists that grew from one another share it.
define ptr @ag_list_new(ptr %frame, i64 %capacity, i64 %element) {
  %buffer = call ptr @ag_heap(ptr %frame, i64 24)
  %bytes = mul i64 %capacity, %element
  %data = call ptr @ag_heap(ptr %frame, i64 %bytes)
  store ptr %data, ptr %buffer
  %used_at = getelementptr i8, ptr %buffer, i64 8
  store i64 0, ptr %used_at
  %capacity_at = getelementptr i8, ptr %buffer, i64 16
  store i64 %capacity, ptr %capacity_at
  ret ptr %buffer
}

; A list's own buffer with its items, so that they can be changed.
define ptr @ag_list_copy(ptr %frame, ptr %buffer, i64 %length, i64 %element) {
  %room = add i64 %length, 4
  %made = call ptr @ag_list_new(ptr %frame, i64 %room, i64 %element)
  %used_at = getelementptr i8, ptr %made, i64 8
  store i64 %length, ptr %used_at
  %target = load ptr, ptr %made
  %source = load ptr, ptr %buffer
  %bytes = mul i64 %length, %element
  call void @llvm.memcpy.p0.p0.i64(ptr %target, ptr %source, i64 %bytes, i1 false)
  ret ptr %made
}

define ptr @ag_list_room(ptr %frame, ptr %buffer, i64 %length, i64 %element) {
  %used_at = getelementptr i8, ptr %buffer, i64 8
  %used = load i64, ptr %used_at
  %last = icmp eq i64 %used, %length
  %double = mul i64 %length, 2
  %capacity = add i64 %double, 8
  br i1 %last, label %grow, label %copy
grow:
  %bytes = mul i64 %capacity, %element
  %data = call ptr @ag_heap(ptr %frame, i64 %bytes)
  %old = load ptr, ptr %buffer
  %old_bytes = mul i64 %length, %element
  call void @llvm.memcpy.p0.p0.i64(ptr %data, ptr %old, i64 %old_bytes, i1 false)
  store ptr %data, ptr %buffer
  %capacity_at = getelementptr i8, ptr %buffer, i64 16
  store i64 %capacity, ptr %capacity_at
  ret ptr %buffer
copy:
  %made = call ptr @ag_list_new(ptr %frame, i64 %capacity, i64 %element)
  %target = load ptr, ptr %made
  %source = load ptr, ptr %buffer
  %count = mul i64 %length, %element
  call void @llvm.memcpy.p0.p0.i64(ptr %target, ptr %source, i64 %count, i1 false)
  ret ptr %made
}
"""
