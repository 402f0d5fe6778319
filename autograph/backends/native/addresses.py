"""Addresses of this process in LLVM IR become symbols, so that the machine code is the same in every process."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"inttoptr \(i64 (\d+) to ptr\)")


def with_symbols(text: str) -> tuple[str, dict[str, int]]:
    """The text with a symbol for each address, in the order of first use, and the addresses by symbol.

    Example:
        >>> text, addresses = with_symbols("call void inttoptr (i64 4096 to ptr)()")
        >>> print(text)
        %unknown = type opaque
        @address0 = external global %unknown
        call void @address0()
        >>> addresses
        {'address0': 4096}
    """
    symbols: dict[int, str] = {}
    body = _ADDRESS.sub(lambda found: "@" + symbols.setdefault(int(found[1]), f"address{len(symbols)}"), text)
    # Of unknown size: LLVM must not conclude anything from the extent of what lies there.
    head = ["%unknown = type opaque", *[f"@{name} = external global %unknown" for name in symbols.values()]]
    return "\n".join([*head, body]), {name: address for address, name in symbols.items()}
