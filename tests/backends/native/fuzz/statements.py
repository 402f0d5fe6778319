"""Random statements: branches, loops, lists, handlers, variables and gradients, nested."""

import numpy as np

from autograph.runtime.dims import is_symbol
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.types import TensorType
from tests.backends.native.fuzz.expressions import Expressions
from tests.backends.native.fuzz.values import Var

# What may follow on a wanted op. Of complex numbers none that tells which part is NaN, which is free.
FOLLOWING = ["abs", "bitwise_invert", "exp", "logical_not", "negative"]


class Statements(Expressions):
    """Writes a program.

    Attributes:
        lines: its text.
        wants: pairs of an op and a dtype that are still to come.
        kept: what it returns in any case.
        variables: the initial values of its variables, by name.
    """

    def __init__(self, rng, wants):
        super().__init__(rng)
        self.wants = list(wants)
        self.lines, self.kept, self.variables = [], [], {}
        self.indent, self.count, self.loops = 1, 0, 0
        self.own = None  # in a function: the names that it may assign

    def name(self, kind="v"):
        self.count += 1
        return f"{kind}{self.count}"

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    def define(self, text, type_, exact, kind="v"):
        """Gives an expression a name."""
        var = Var(self.name(kind), type_, exact)
        self.line(f"{var.name} = {text}")
        self.scope.append(var)
        if self.own is not None:
            self.own.add(var.name)
        return var

    def block(self, depth):
        outer = list(self.scope)
        before = len(self.lines)
        for _ in range(self.rng.randint(1, 4)):
            self.statement(depth)
        if len(self.lines) == before:
            self.line("pass")
        self.scope = outer

    def statement(self, depth):
        if self.wants and self.own is None and self.rng.random() < 0.4:
            self.want(depth - 1)
            return
        kinds = ["let"] * 6 + ["change"] * 3 + ["check"] * (self.rng.random() < 0.3)
        if depth > 0:
            kinds += ["branch", "branch", "repeat", "each", "grow", "rows", "attempt", "variable"]
            kinds += ["gradient"] * (self.rng.random() < 0.15)
        getattr(self, "write_" + self.rng.choice(kinds))(depth - 1)

    def want(self, depth):
        """Writes what is wanted next."""
        name, dtype = self.wants.pop()
        op, _, kind = name.partition(" ")
        if kind:
            self.focus = dtype
            if not any(v.type.dtype.name == dtype for v in self.scope):
                self.fresh(as_dtype(dtype), self.rng.choice([(), (3,), (2, 3)]))
            getattr(self, f"write_{op}")(depth)
            self.focus = None
            return
        made = self.wanted(name, dtype)
        if made is not None:
            self.keep(self.define(*made))

    def keep(self, var):
        """Makes the program return a value, or what an op makes of it, so that no pass drops it."""
        if self.indent == 1:
            op = "negative" if var.type.dtype.is_complex else self.rng.choice(FOLLOWING)
            more = self.apply(op, [var]) if self.rng.random() < 0.4 else None
            self.kept.append(self.define(*more) if more is not None else var)
        elif not var.type.weak and all(isinstance(dim, int) or is_symbol(dim) for dim in var.type.shape):
            place = self.fresh(var.type.dtype, var.type.shape)
            place.exact = var.exact
            self.line(f"{place.name} = {var.name}")
            self.kept.append(place)

    def write_let(self, depth):
        self.define(*self.expression())

    def write_change(self, depth):
        for _ in range(30):
            text, type_, exact = self.expression()
            var = self.pick(lambda v: v.type == type_ and self.may_assign(v) and (exact or not v.exact))
            if var is not None:
                self.line(f"{var.name} = {text}")
                return

    def may_assign(self, var):
        return var.name in self.own if self.own is not None else var.name.startswith("v")

    def test(self):
        choices = ["n > 1", "n == 2", "op('equal', n, 0)"]
        var = self.pick(lambda v: v.exact and v.type.dtype.is_bool)
        if var is not None:
            axes = tuple(range(len(var.type.shape)))
            self.attrs.append({"axis": axes, "keepdims": False})
            text = f'op("{self.rng.choice(["any", "all"])}", {var.name}, **A[{len(self.attrs) - 1}])'
            choices += [text if axes else var.name] * 3
        return self.rng.choice(choices)

    def write_branch(self, depth):
        self.line(f"if {self.test()}:")
        self.nested(depth)
        if self.rng.random() < 0.7:
            self.line("else:")
            self.nested(depth)

    def nested(self, depth):
        self.indent += 1
        self.block(depth)
        self.indent -= 1

    def write_repeat(self, depth):
        self.loops += 1
        counter = f"k{self.loops}"
        self.line(f"{counter} = 0")
        self.line(f"while {counter} < {self.rng.choice(['n', 'n', '3'])}:")
        self.indent += 1
        self.line(f"{counter} += 1")
        self.block(depth)
        if self.rng.random() < 0.2:
            self.line(f"if {self.test()}:")
            self.line("    " + self.rng.choice(["break", "continue"]))
        self.indent -= 1

    def write_each(self, depth):
        x = self.pick(lambda v: v.type.shape)
        if x is None:
            return
        name = self.name("x")
        self.line(f"for {name} in {x.name}:")
        self.indent += 1
        outer = list(self.scope)
        self.scope.append(Var(name, TensorType(x.type.dtype, x.type.shape[1:]), x.exact))
        self.block(depth)
        self.scope = outer
        self.indent -= 1

    def write_grow(self, depth):
        """A list that a loop appends to and that is read afterwards."""
        x = self.pick(lambda v: not v.type.weak)
        self.loops += 1
        items, counter = self.name("l"), f"k{self.loops}"
        self.line(f"{items} = {self.rng.choice(['[]', f'[{x.name}]', f'[{x.name}]'])}")
        self.line(f"for {counter} in range(n):")
        self.indent += 1
        more = self.pick(lambda v: v.type == x.type and (v.exact or not x.exact))
        self.line(f"{items}.append({more.name})")
        if self.rng.random() < 0.3:
            self.line(f"{items}[{counter}] = {x.name}")
        self.block(depth)
        if self.rng.random() < 0.2:
            self.line(f"if len({items}) > 2:")
            self.line(f"    {items}.pop()")
        self.indent -= 1
        if self.rng.random() < 0.3:
            self.line(f"{items} = {items}[{self.rng.choice(['1:', ':-1', '::-1', '::2', ':'])}] + {items}")
        if self.rng.random() < 0.5 and not x.type.dtype.is_bool:
            self.read_back(items, x)
        kept = self.define(f"{items}[{self.rng.choice(['0', '-1', 'n', 'n // 2'])}]", x.type, x.exact)
        if self.indent == 1:
            self.kept.append(kept)
        if x.exact and not x.type.shape and self.rng.random() < 0.5:
            self.define(f"{items}.count({x.name}) + len({items})", TensorType(as_dtype("int64")), True)

    def write_rows(self, depth):
        """A list of lists, each of which a loop of its own appends to."""
        x = self.pick(lambda v: not v.type.weak)
        more = self.pick(lambda v: v.type == x.type and (v.exact or not x.exact))
        rows, row = self.name("l"), self.name("l")
        self.loops += 2
        outer, inner = f"k{self.loops - 1}", f"k{self.loops}"
        self.line(f"{rows} = []")
        self.line(f"for {outer} in range(n):")
        self.line(f"    {row} = [{x.name}]")
        self.line(f"    for {inner} in range({self.rng.choice(['n', outer, f'n - {outer}'])}):")
        self.line(f"        {row}.append({more.name})")
        self.indent += 1
        if self.rng.random() < 0.3:
            self.line(f"{row}[{outer}] = {x.name}")
        self.line(f"{rows}.append({row})")
        if self.rng.random() < 0.3:
            self.line(f"{rows}[{outer} // 2] = {row}[1:] + {row}")
        self.indent -= 1
        if self.rng.random() < 0.3:
            self.line(f"{rows} = {rows}[{self.rng.choice(['1:', '::-1', ':'])}] + {rows}")
        if self.rng.random() < 0.3:
            self.line(f"{row} = {rows}.pop()")
            self.define(f"{row}[0]", x.type, x.exact)
        kept = self.define(f"{rows}[{self.rng.choice(['0', '-1', 'n // 2'])}][-1]", x.type, x.exact)
        if self.indent == 1:
            self.kept.append(kept)

    def read_back(self, items, x):
        """The sum of a list's items, in a loop."""
        total, counter = self.define(x.name, x.type, x.exact), f"k{self.loops}"
        self.line(f"for {counter} in range(len({items})):")
        self.line(f'    {total.name} = op("add", {total.name}, {items}[{counter}])')
        if self.rng.random() < 0.3:
            self.define(f"ag.ops.stack({items})[-1]", x.type, x.exact)

    def write_check(self, depth):
        self.line(f"assert {self.test()}, 'checked'")

    def write_attempt(self, depth):
        self.line("try:")
        self.nested(depth)
        self.line(f"except {self.rng.choice(['AssertionError', '(ZeroDivisionError, IndexError)', 'Exception'])}:")
        self.nested(depth)

    def write_variable(self, depth):
        """A variable that is assigned and read."""
        var = self.pick(lambda v: v.type.shape in ((), (3,), (2, 3)) and not v.type.weak)
        if var is None or self.own is not None:
            return
        dtype = var.type.dtype
        target = f"W_{dtype.name}_{len(var.type.shape)}"
        self.variables[target] = np.zeros(var.type.shape, dtype.numpy)
        moves = ["assign"] if dtype.is_bool else ["assign", "assign_add", "assign_sub"]
        self.line(f"{target}.{self.rng.choice(moves)}({var.name})")
        kept = self.define(f"{target}.value()", TensorType(dtype, var.type.shape), not dtype.is_inexact, "w")
        if self.indent == 1:
            self.kept.append(kept)

    def write_gradient(self, depth):
        """The gradient of a function with statements of its own."""
        x = self.pick(lambda v: v.type.dtype.is_floating and v.type.dtype.bits >= 32 and not v.type.weak)
        if x is None or not x.type.dtype.is_floating or self.own is not None:
            return
        function, param = self.name("f"), Var(self.name("p"), x.type, False)
        self.line(f"def {function}({param.name}):")
        outer, self.scope = list(self.scope), [*self.scope, param]
        self.own = set()
        self.indent += 1
        for _ in range(self.rng.randint(1, 4)):
            self.statement(1)
        self.rng.choice([self.write_grow, self.write_rows])(0)
        floats = [v for v in self.scope if v.name in self.own and v.type.dtype.is_floating]
        sums = [self.total(v, x.type.dtype) for v in [*floats[-3:], param]]
        self.line(f"return {' + '.join(sums)}")
        self.indent -= 1
        self.own, self.scope = None, outer
        kept = self.define(f"ag.grad({function})({x.name})", x.type, False)
        if self.indent == 1:
            self.kept.append(kept)

    def total(self, var, dtype):
        """The sum of squares of a tensor's elements, in a dtype."""
        self.attrs += [{"axis": tuple(range(len(var.type.shape))), "keepdims": False}, {"dtype": dtype}]
        total = f'op("sum", {var.name} * {var.name}, **A[{len(self.attrs) - 2}])' if var.type.shape else var.name
        return f'op("cast", {total}, **A[{len(self.attrs) - 1}])'
