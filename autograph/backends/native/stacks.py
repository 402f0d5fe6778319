"""How far a thread's stack reaches, so that deep recursion ends with an error before it does."""

from __future__ import annotations

import ctypes
import sys

# What the deepest call, and a call of Python from it, may need below the limit.
_ROOM = 512 * 1024


def stack_limit() -> int:
    """The least address that compiled calls may reach on the present thread's stack; 0 where it is not known."""
    found = _bounds()
    if found is None:
        return 0
    least, size = found
    return least + min(_ROOM, size // 2)


def _bounds() -> tuple[int, int] | None:
    """The stack's lowest address and its size."""
    library = ctypes.CDLL(None)
    own = library.pthread_self
    own.restype = ctypes.c_void_p
    if sys.platform == "darwin":
        address, length = library.pthread_get_stackaddr_np, library.pthread_get_stacksize_np
        for function in (address, length):
            function.restype, function.argtypes = ctypes.c_size_t, [ctypes.c_void_p]
        size = int(length(own()))
        return int(address(own())) - size, size
    if not hasattr(library, "pthread_getattr_np"):
        return None
    attributes = ctypes.create_string_buffer(256)
    if library.pthread_getattr_np(ctypes.c_void_p(own()), attributes) != 0:
        return None
    least, extent = ctypes.c_void_p(), ctypes.c_size_t()
    library.pthread_attr_getstack(attributes, ctypes.byref(least), ctypes.byref(extent))
    library.pthread_attr_destroy(attributes)
    return int(least.value or 0), int(extent.value)
