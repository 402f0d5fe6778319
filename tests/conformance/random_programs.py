"""Writes random small programs: nested control flow over integers, with features that each program draws."""

from dataclasses import dataclass, field

NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Feature:
    """What one language feature adds to a program.

    Attributes:
        setup: lines at the start.
        statements: templates of statements, lines separated by newlines; `{v}` is an integer, `{t}` a test,
            `{n}` a name, `{block}` and `{other}` are blocks.
        values: templates of integer values.
        tests: templates of tests.
        result: what the program returns besides, if anything.
    """

    setup: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    result: str = ""


BASE = Feature(
    statements=("{n} = {v}", "{n} += {v}", "{n} -= {v}", "ys.append({v})", "if {t}:\n    {block}"),
    values=("({v} + {v})", "({v} - {v})", "({v} * {v}) % 97", "max({v}, {v})", "({v} if {t} else {v})"),
    tests=(
        "{v} < {v}",
        "{v} <= {v}",
        "{v} == {v}",
        "{v} != {v}",
        "{v} > {v}",
        "not {t}",
        "({t} and x > 0)",
        "0 < {v} < 3",
    ),
    result="ys",
)

FEATURES = {
    "floats": Feature(
        ("p = 0", "q = 1.5"),
        ("p = {v} * 0.5", "p += 0.25", "q = p - q / 2", "p = {v}", "if {t}:\n    p = q", "q = min(p, q, {v})"),
        ("round(p)", "int(q)", "round(p / 2 + q) % 7"),
        ("p > {v}", "q <= p"),
        "(p, q)",
    ),
    "none": Feature(
        ("m = None",),
        ("m = {v}", "if m is None:\n    m = {v}\nelse:\n    {block}", "if m is not None:\n    {n} = m", "m = None"),
        ("(0 if m is None else m)", "({v} if m is not None else 5)"),
        ("m is None", "(m is not None and m > {v})"),
        "m",
    ),
    "tuples": Feature(
        ("t = (0, x)",),
        ("t = ({v}, t[0])", "a, b = b, a", "t = t[1], {v}", "{n}, c = t", "(a, b), c = t, {v}"),
        ("t[0]", "t[1]", "sum(t)"),
        ("t[0] > {v}", "t == (0, {v})", "{v} in t"),
        "t",
    ),
    "dicts": Feature(
        ("d = {'u': 0, 'v': n}",),
        ("d['u'] = {v}", "d['v'] += {v}", "d = {'u': {v}, 'v': d['u']}", "for key in d:\n    d[key] += 1"),
        ("d['u']", "d['v']", "sum(d.values())", "d.get('u')"),
        ("d['u'] > {v}",),
        "d",
    ),
    "items": Feature(
        ("zs = [0, x, 2]",),
        (
            "zs[0] = {v}",
            "zs[{v} % 3] = {v}",
            "zs[-1] += {v}",
            "zs = [z + {v} for z in zs]",
            "for z in zs:\n    {n} = z\n    {block}",
            "{n}, *rest = zs\n{n} += len(rest)",
            "for j, z in enumerate(zs):\n    {n} += j * z",
        ),
        ("zs[0]", "zs[{v} % 3]", "len(zs)", "sum(zs)", "max(zs)"),
        ("{v} in zs", "{v} not in (1, {v})", "any(z > {v} for z in zs)"),
        "zs",
    ),
    "closure": Feature(
        ("s = 0", "def bump(by):", "    nonlocal s", "    if by > 1:", "        s += by", "    return s + 1"),
        ("bump({v})", "{n} = bump({v})", "s = {v}"),
        ("bump({v})", "s"),
        ("bump(1) > {v}",),
        "s",
    ),
    "functions": Feature(
        (
            "def pick(u, v=2, *more):",
            "    if u > v:",
            "        return u",
            "    for w in more:",
            "        if w > u:",
            "            return w",
            "    return v",
        ),
        ("{n} = pick({v}, {v})", "{n} = (lambda u: u + {n})({v})"),
        ("pick({v})", "pick({v}, 1, {v}, 3)"),
    ),
    "raises": Feature(
        (),
        (
            "if {t}:\n    raise ValueError(f'bad {{n}} of {x:3d}')",
            "if {t}:\n    raise KeyError({n})",
            "assert {t}, f'<{{n}:>4}>'",
            "try:\n    {block}\nfinally:\n    {n} += 1",
        ),
    ),
    "late": Feature(
        (),
        (
            "if {t}:\n    late = {v}\n{n} += 1",
            "if {t}:\n    late = {v}\nelse:\n    {block}\n    late = 1\n{n} = late",
            "if {t}:\n    {n} = late",
        ),
    ),
    "operands": Feature(
        (),
        ("{n} = ({v} or {v})", "if ({v} and {v}):\n    {block}"),
        (
            "({v} or {v})",
            "({v} and {v})",
            "abs({v})",
            "min({v}, {v}, 4)",
            "divmod({v}, 3)[0]",
            "divmod({v}, -4)[1]",
            "pow({v} % 5, 2)",
            "({v} // 2)",
            "-{v}",
            "({v} % -3)",
            "({v} & 3)",
            "({v} ^ 1)",
            "({v} >> 1)",
            "int({t})",
        ),
        ("{v}", "({t} or {t})", "bool({v})", "({t}) == ({t})", "{v} < {v} <= {v}"),
    ),
    "walrus": Feature(
        ("w = 0",),
        ("if (w := {v}) > 0:\n    {block}", "{n} = (w := {v}) + w", "h = 0\nwhile (h := h + 1) < 3:\n    {block}"),
        ("w", "(w := {v})"),
        ("(w := {v}) != w - 1", "(w > 0 and (w := w - 1) > 0)"),
        "w",
    ),
    "match": Feature(
        (),
        (
            "match {v}:\n    case 0:\n        {block}\n    case 1 | 2:\n        {other}\n    case _:\n        {n} = 1",
            "match {v}:\n    case -1:\n        {block}\n    case v if v > {v}:\n        {n} = v",
            "match ({v}, {v}):\n    case (0, v):\n        {n} = v\n    case (u, v) if u == v:\n        {block}",
        ),
    ),
    "else": Feature(
        (),
        (
            "for i in range(n):\n    {block}\n    if {t}:\n        break\nelse:\n    {other}",
            "k = 0\nwhile k < n:\n    k += 1\n    if {t}:\n        break\n    {block}\nelse:\n    {other}",
            "for v in xs:\n    if {t}:\n        continue\n    {block}\nelse:\n    {n} = 3",
        ),
    ),
    "state": Feature(
        ("box = Box(x)",),
        ("box.v = {v}", "box.v += {v}", "box.add({v})", "box = Box({v})", "{n} = box.add({v}).v"),
        ("box.v",),
        ("box.v > {v}",),
        "box.v",
    ),
    "lists": Feature(
        ("ws = []",),
        (
            "ws.append(({v}, {v}))",
            "if ys:\n    {n} = ys.pop()",
            "ys.extend([{v}, {v}])",
            "for y in ys:\n    {n} = y",
            "if len(ys) > 1:\n    ys[0] = {v}",
            "ys = [y + 1 for y in ys if y > {v}]",
            "ys = ys[:2]",
            "ys = [{v}] + ys",
            "ys += [{v}]",
            "ys.insert(0, {v})",
            "ws = ys",
        ),
        ("len(ys)", "(ys[-1] if ys else 0)", "sum(ys)", "len(ws)"),
        ("len(ys) > {v}", "{v} in ys", "ys", "not ws"),
        "ws",
    ),
}


@dataclass
class Writer:
    """Writes a program with the choices that `choose` makes among options."""

    choose: object
    features: list[Feature] = field(default_factory=lambda: [BASE])
    loops: int = 0

    def of(self, kind):
        return self.choose([option for feature in self.features for option in getattr(feature, kind)])

    def value(self, depth):
        if depth <= 0 or self.choose([True, False]):
            return self.choose([*NAMES, "x", "1", "2", "-3"])
        return self.fill(self.of("values"), depth - 1)

    def test(self, depth):
        return self.fill(self.of("tests"), depth - 1) if depth > 0 else f"{self.value(1)} > {self.value(0)}"

    def fill(self, template, depth):
        """A template with its holes filled by values and tests."""
        for hole, write in (("{t}", self.test), ("{v}", self.value)):
            while hole in template:
                template = template.replace(hole, write(depth), 1)
        return template.replace("{n}", self.choose(NAMES))

    def block(self, depth, in_loop):
        lines = []
        for _ in range(self.choose([1, 2, 3])):
            lines += self.statement(depth, in_loop)
        return lines

    def statement(self, depth, in_loop):
        kinds = ["template"] * 5 + ["escape"] * in_loop
        if depth > 0:
            kinds += ["branch", "while", "for", "return"]
        return getattr(self, "write_" + self.choose(kinds))(depth - 1, in_loop)

    def write_template(self, depth, in_loop):
        templates = [t for f in self.features for t in f.statements if depth > 0 or "{block}" not in t]
        lines = []
        for line in self.fill(self.choose(templates), 2).split("\n"):
            body = line.lstrip()
            if body in ("{block}", "{other}"):
                lines += [line[: -len(body)] + inner for inner in self.block(depth - 1, in_loop)]
            else:
                lines.append(line)
        return lines

    def write_escape(self, depth, in_loop):
        return [f"if {self.test(1)}:", f"    {self.choose(['break', 'continue'])}"]

    def write_return(self, depth, in_loop):
        return [f"if {self.test(1)}:", f"    return {self.value(2)}, {self.results()}"]

    def write_branch(self, depth, in_loop):
        lines = [f"if {self.test(2)}:", *indented(self.block(depth, in_loop))]
        if self.choose([True, False]):
            lines += ["else:", *indented(self.block(depth, in_loop))]
        return lines

    def write_while(self, depth, in_loop):
        self.loops += 1
        name = f"k{self.loops}"
        body = [f"{name} += 1", *self.block(depth, True)]
        return [f"{name} = 0", f"while {name} < {self.choose(['3', 'n'])}:", *indented(body)]

    def write_for(self, depth, in_loop):
        self.loops += 1
        name = f"i{self.loops}"
        body = [f"{self.choose(NAMES)} = {name}", *self.block(depth, True)]
        return [f"for {name} in {self.choose(['xs', 'range(n)', 'range(2)'])}:", *indented(body)]

    def results(self):
        return ", ".join(f.result for f in self.features if f.result)


class Box:
    """An object whose attribute programs change."""

    def __init__(self, v):
        self.v = v

    def add(self, by):
        if by > 0:
            self.v += by
        return self


def indented(lines):
    """Lines one level deeper."""
    return ["    " + line for line in lines]


def write_program(choose):
    """The text of a function `program(x, n, xs)`; `choose` takes one of a list of options."""
    writer = Writer(choose)
    for _ in range(choose([0, 1, 2, 3])):
        feature = FEATURES[choose(list(FEATURES))]
        if feature not in writer.features:
            writer.features.append(feature)
    setup = [line for feature in writer.features for line in feature.setup]
    lines = ["a, b, c = 0, 1, x", "ys = []", *setup, *writer.block(3, False), *writer.block(2, False)]
    lines.append(f"return a + b - c, {writer.results()}")
    return "\n".join(["def program(x, n, xs):", *indented(lines)]) + "\n"
