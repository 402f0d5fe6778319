"""The one call of Python from compiled code, and what a handler of a signal raises meanwhile."""

from __future__ import annotations

from autograph.backends.native import python_api
from autograph.backends.native.support import FRAME_POINTERS


def host_text() -> str:
    """Defines `ag_host`, which calls the unit's function with `(number, words, answers)`, and what it needs.

    That function gives 0 where all is well.
    """
    names = (
        "PyGILState_Ensure", "PyGILState_Release", "PyObject_CallFunction", "PyLong_AsLongLong", "Py_DecRef",
        "PyErr_Fetch", "PyErr_NormalizeException",
    )  # fmt: skip
    return _TEXT.format(**FRAME_POINTERS, **{name: python_api.python(name) for name in names})


_TEXT = """
@three_numbers = private constant [4 x i8] c"LLL\\00"

define i32 @ag_host(ptr %frame, i64 %number, ptr %words, ptr %answers) {{
  %state = call i32 inttoptr (i64 {PyGILState_Ensure} to ptr)()
  %words_i = ptrtoint ptr %words to i64
  %answers_i = ptrtoint ptr %answers to i64
  %unit_at = getelementptr i8, ptr %frame, i64 {unit}
  %unit = load ptr, ptr %unit_at
  %function_at = getelementptr i8, ptr %unit, i64 8
  %function = load ptr, ptr %function_at
  %made = call ptr (ptr, ptr, ...) inttoptr (i64 {PyObject_CallFunction} to ptr)(ptr %function, ptr @three_numbers,
    i64 %number, i64 %words_i, i64 %answers_i)
  %none = icmp eq ptr %made, null
  br i1 %none, label %bad, label %good
bad:
  call void @ag_note(ptr %frame)
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

; Takes Python's present exception; the call's entry raises it again.
define internal void @ag_note(ptr %frame) noinline cold {{
  %type = alloca ptr
  %value = alloca ptr
  %traceback = alloca ptr
  call void inttoptr (i64 {PyErr_Fetch} to ptr)(ptr %type, ptr %value, ptr %traceback)
  call void inttoptr (i64 {PyErr_NormalizeException} to ptr)(ptr %type, ptr %value, ptr %traceback)
  %exception = load ptr, ptr %value
  %raised_at = getelementptr i8, ptr %frame, i64 {raised}
  %old = load ptr, ptr %raised_at
  store ptr %exception, ptr %raised_at
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
"""
