"""Registers with Python's operators, in which the functions of this package are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.backends.native.builder import Builder, float_text

Number = int | float


@dataclass(slots=True, frozen=True)
class Lane:
    """A register of one place of a vector; operators write instructions.

    Attributes:
        b: the text that they are written to.
        type: its LLVM type.
        text: its name, or a constant.
    """

    b: Builder
    type: str
    text: str

    @property
    def floating(self) -> bool:
        return self.type in ("float", "double")

    @property
    def wide(self) -> bool:
        """Whether it has 64 bits."""
        return self.type in ("double", "i64")

    def constant(self, value: Number) -> Lane:
        """A number in this register's type."""
        return Lane(self.b, self.type, float_text(value, self.type) if self.floating else str(int(value)))

    def _write(self, text: str, type_: str = "") -> Lane:
        return Lane(self.b, type_ or self.type, self.b.value(text))

    def _binary(self, floating: str, integer: str, x: Lane | Number, y: Lane | Number) -> Lane:
        x, y = [v if isinstance(v, Lane) else self.constant(v) for v in (x, y)]
        return self._write(f"{floating if self.floating else integer} {self.type} {x.text}, {y.text}")

    # -- arithmetic -------------------------------------------------------------------------------------

    def __add__(self, other: Lane | Number) -> Lane:
        return self._binary("fadd", "add", self, other)

    def __radd__(self, other: Number) -> Lane:
        return self._binary("fadd", "add", other, self)

    def __sub__(self, other: Lane | Number) -> Lane:
        return self._binary("fsub", "sub", self, other)

    def __rsub__(self, other: Number) -> Lane:
        return self._binary("fsub", "sub", other, self)

    def __mul__(self, other: Lane | Number) -> Lane:
        return self._binary("fmul", "mul", self, other)

    def __rmul__(self, other: Number) -> Lane:
        return self._binary("fmul", "mul", other, self)

    def __truediv__(self, other: Lane | Number) -> Lane:
        return self._binary("fdiv", "sdiv", self, other)

    def __rtruediv__(self, other: Number) -> Lane:
        return self._binary("fdiv", "sdiv", other, self)

    def __neg__(self) -> Lane:
        return self._write(f"fneg {self.type} {self.text}") if self.floating else 0 - self

    def __and__(self, other: Lane | Number) -> Lane:
        return self._binary("", "and", self, other)

    def __or__(self, other: Lane | Number) -> Lane:
        return self._binary("", "or", self, other)

    def __xor__(self, other: Lane | Number) -> Lane:
        return self._binary("", "xor", self, other)

    def __lshift__(self, count: int) -> Lane:
        return self._binary("", "shl", self, count)

    def __rshift__(self, count: int) -> Lane:
        """Shifts in the sign."""
        return self._binary("", "ashr", self, count)

    def shifted_down(self, count: int) -> Lane:
        """Shifts in zeros."""
        return self._binary("", "lshr", self, count)

    def fma(self, factor: Lane | Number, added: Lane | Number) -> Lane:
        """`self * factor + added`, rounded once."""
        return self._intrinsic("fma", self, factor, added)

    def _intrinsic(self, name: str, *operands: Lane | Number) -> Lane:
        texts = [(v if isinstance(v, Lane) else self.constant(v)).text for v in operands]
        listed = ", ".join(f"{self.type} {text}" for text in texts)
        return self._write(f"call {self.type} @llvm.{name}.{'f64' if self.wide else 'f32'}({listed})")

    def sqrt(self) -> Lane:
        return self._intrinsic("sqrt", self)

    def rint(self) -> Lane:
        """The nearest whole number, the even one of two."""
        return self._intrinsic("roundeven", self)

    def __abs__(self) -> Lane:
        return self._intrinsic("fabs", self)

    def signed_as(self, other: Lane) -> Lane:
        """This number with another's sign."""
        return self._intrinsic("copysign", self, other)

    def polynomial(self, coefficients: Sequence[float]) -> Lane:
        """The polynomial of these coefficients, lowest degree first, by Horner's rule."""
        *rest, total_ = coefficients
        total: Lane | float = total_
        for c in reversed(rest):
            total = self.fma(total, c)
        assert isinstance(total, Lane)
        return total

    # -- comparisons ------------------------------------------------------------------------------------

    def _compare(self, floating: str, integer: str, other: Lane | Number) -> Lane:
        text = (other if isinstance(other, Lane) else self.constant(other)).text
        how = f"fcmp {floating}" if self.floating else f"icmp {integer}"
        return self._write(f"{how} {self.type} {self.text}, {text}", "i1")

    def __lt__(self, other: Lane | Number) -> Lane:
        return self._compare("olt", "slt", other)

    def __le__(self, other: Lane | Number) -> Lane:
        return self._compare("ole", "sle", other)

    def __gt__(self, other: Lane | Number) -> Lane:
        return self._compare("ogt", "sgt", other)

    def __ge__(self, other: Lane | Number) -> Lane:
        return self._compare("oge", "sge", other)

    def equals(self, other: Lane | Number) -> Lane:
        return self._compare("oeq", "eq", other)

    def is_nan(self) -> Lane:
        return self._compare("uno", "", self)

    def select(self, x: Lane, y: Lane | Number) -> Lane:
        """x where this condition holds, else y."""
        other = (y if isinstance(y, Lane) else x.constant(y)).text
        return x._write(f"select i1 {self.text}, {x.type} {x.text}, {x.type} {other}")

    def below(self, most: Number) -> Lane:
        """The smaller of this and a constant; what is not a number stays."""
        return (self > most).select(self.constant(most), self)

    def above(self, least: Number) -> Lane:
        """The larger of this and a constant; what is not a number stays."""
        return (self < least).select(self.constant(least), self)

    # -- other types ------------------------------------------------------------------------------------

    def bits(self) -> Lane:
        """The bits of a float as an integer."""
        type_ = "i64" if self.wide else "i32"
        return self._write(f"bitcast {self.type} {self.text} to {type_}", type_)

    def float_of_bits(self) -> Lane:
        """The float that has these bits."""
        type_ = "double" if self.wide else "float"
        return self._write(f"bitcast {self.type} {self.text} to {type_}", type_)

    def to_float(self, type_: str) -> Lane:
        """An integer as a float."""
        return self._write(f"sitofp {self.type} {self.text} to {type_}", type_)

    def double(self) -> Lane:
        return self if self.wide else self._write(f"fpext float {self.text} to double", "double")

    def single(self) -> Lane:
        return self._write(f"fptrunc double {self.text} to float", "float") if self.wide else self

    def low(self) -> Lane:
        """The lower half of a long integer."""
        return self._write(f"trunc i64 {self.text} to i32", "i32")

    def entry(self, table: str) -> Lane:
        """The double at this place of a table."""
        place = self.b.value(f"getelementptr inbounds double, ptr @{table}, {self.type} {self.text}")
        return self._write(f"load double, ptr {place}", "double")
