"""The one call of Python from compiled code, and what a handler of a signal raises meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import python_api


def host_text(function: Callable[[int, int, int], int]) -> str:
    """Defines `ag_host`, which calls `function(number, words, answers)`, and what it needs.

    Args:
        function: gives 0 where all is well. It is not kept alive.
    """
    names = (
        "PyGILState_Ensure", "PyGILState_Release", "PyObject_CallFunction", "PyLong_AsLongLong", "Py_DecRef",
        "PyErr_Fetch", "PyErr_NormalizeException",
    )  # fmt: skip
    return _TEXT.format(function=id(function), **{name: python_api.python(name) for name in names})


_TEXT = """
@three_numbers = private constant [4 x i8] c"LLL\\00"
; What a handler of a signal has raised; the call that finds it raises it again.
@raised = internal global ptr null

define internal i32 @ag_host(i64 %number, ptr %words, ptr %answers) noinline {{
  %state = call i32 inttoptr (i64 {PyGILState_Ensure} to ptr)()
  %words_i = ptrtoint ptr %words to i64
  %answers_i = ptrtoint ptr %answers to i64
  %function = inttoptr i64 {function} to ptr
  %made = call ptr (ptr, ptr, ...) inttoptr (i64 {PyObject_CallFunction} to ptr)(ptr %function, ptr @three_numbers,
    i64 %number, i64 %words_i, i64 %answers_i)
  %none = icmp eq ptr %made, null
  br i1 %none, label %bad, label %good
bad:
  call void @ag_note()
  br label %done
good:
  %answer = call i64 inttoptr (i64 {PyLong_AsLongLong} to ptr)(ptr %made)
  %short = trunc i64 %answer to i32
  call void inttoptr (i64 {Py_DecRef} to ptr)(ptr %made)
  br label %done
done:
  %code = phi i32 [1, %bad], [%short, %good]
  call void inttoptr (i64 {PyGILState_Release} to ptr)(i32 %state)
  ret i32 %code
}}

; Takes Python's present exception.
define internal void @ag_note() noinline cold {{
  %type = alloca ptr
  %value = alloca ptr
  %traceback = alloca ptr
  call void inttoptr (i64 {PyErr_Fetch} to ptr)(ptr %type, ptr %value, ptr %traceback)
  call void inttoptr (i64 {PyErr_NormalizeException} to ptr)(ptr %type, ptr %value, ptr %traceback)
  %exception = load ptr, ptr %value
  %old = atomicrmw xchg ptr @raised, ptr %exception acq_rel
  call void @ag_unref(ptr %old)
  %class = load ptr, ptr %type
  call void @ag_unref(ptr %class)
  %trace = load ptr, ptr %traceback
  call void @ag_unref(ptr %trace)
  ret void
}}

define internal void @ag_unref(ptr %object) {{
  %none = icmp eq ptr %object, null
  br i1 %none, label %done, label %some
some:
  call void inttoptr (i64 {Py_DecRef} to ptr)(ptr %object)
  br label %done
done:
  ret void
}}
!2 = !{{!"branch_weights", i32 1, i32 2000}}
"""
