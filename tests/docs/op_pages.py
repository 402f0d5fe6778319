"""Builds docs/ops/: one page a family of ops, from their docstrings, whose examples the doctests run."""

import inspect
import re

import autograph as ag

# Page -> its title, what it says first, and the modules of `ag.ops` whose functions it shows, in order.
FAMILIES = {
    "elementwise": (
        "Element by element",
        "Operands broadcast against each other. Python numbers take the dtype of the tensors that they meet.",
        ("arithmetic", "special_cases", "powers", "exponential", "trigonometry", "angles", "floating", "rounding",
         "comparison", "logic", "selection", "exceptional", "c_functions", "complex_parts", "complex_pairs",
         "number_theory"),
    ),
    "creation": (
        "Making tensors",
        "Floats are float32 unless a dtype is given. Sizes may be those of other tensors, also open ones.",
        ("creation", "ranges", "grids", "diagonals", "window_functions"),
    ),
    "shapes": (
        "Shapes",
        "Functions that move elements without computing. Sizes may be open (symbolic): what cannot be decided while "
        "tracing is checked when the graph runs.",
        ("shape", "axes", "axis_parts", "broadcasting", "joining", "splitting", "manipulation", "padding", "extents",
         "elements"),
    ),
    "reductions": (
        "Reductions, statistics and scans",
        "Integers are summed in 64 bits; means, variances and quantiles of integers are float64.",
        ("reductions", "statistics", "averages", "quantiles", "nan_reductions", "scans", "integration"),
    ),
    "indexing": (
        "Indexing, gathering and scattering",
        "`x[key]` and `x[key] = value` follow NumPy's rules. Indices out of range raise IndexError, also in graphs.",
        ("indexing", "gathering", "scattering", "segments"),
    ),
    "sorting": (
        "Sorting, searching and counting",
        "Equal elements keep their order. In graphs, sizes that only data decides are symbols bound at run time.",
        ("sorting", "searching", "ranking", "sets", "histograms"),
    ),
    "products": (
        "Products and sums of products",
        "Products of matrices are also those of stacks of matrices.",
        ("contraction", "products", "einstein_sums", "correlation"),
    ),
    "signals": (
        "Frames of signals",
        "With the names and parameters of `keras.ops`; Fourier transforms are in [`ag.ops.fft`](fft.md).",
        ("sequences",),
    ),
    "dtypes": (
        "Dtypes, devices and exchange",
        "The rules by which dtypes meet are in `autograph/runtime/promotion.py`.",
        ("casts", "dtype_functions", "namespace"),
    ),
}  # fmt: skip

# Page -> a namespace of its own, and what it says first.
NAMESPACES = {
    "linalg": (
        "Linear algebra",
        "All functions take stacks of matrices, and have gradients, to second order where these exist.",
    ),
    "fft": ("Fourier transforms", "With the names of the array API standard; all have gradients."),
    "nn": (
        "Neural networks",
        "With the names and parameters of `keras.ops.nn`. Convolutions and pooling take one to three axes besides "
        "batch and channels, which come last unless `data_format` says otherwise.",
    ),
    "special": (
        "Special functions",
        "Most have the names of `scipy.special`, whose kernels compute them; all have gradients.",
    ),
    "random": (
        "Random numbers",
        "Functions draw from a default generator, whose state is a variable: staged loops draw new numbers every trip "
        "and every call. With `key=` the numbers are those of the key, the same each time. A `Generator` has the "
        "functions that draw as methods. See also [random.md](../random.md).",
    ),
    "image": (
        "Images",
        "With the names and parameters of `keras.ops.image`. Images are [height, width, channels] or a batch of such; "
        "gradients flow to images, coordinates and transforms.",
    ),
}

HEAD = """# {title}

{intro}

<!-- made from docstrings: AG_DOCS=write python -m pytest tests/docs -->
"""


def pages():
    """The text of each page below docs/ops, by its name."""
    made = {name: family_page(name) for name in FAMILIES}
    made |= {name: namespace_page(name) for name in NAMESPACES}
    made["README"] = index_page()
    return made


def functions(namespace):
    """The public functions of a namespace by name, aliases left out."""
    found = {name: getattr(namespace, name) for name in namespace.__all__}
    return {name: value for name, value in found.items() if inspect.isfunction(value) and value.__name__ == name}


def aliases(namespace):
    """Other names of functions, with the name that the page shows."""
    found = {name: getattr(namespace, name) for name in namespace.__all__}
    return {name: f.__name__ for name, f in found.items() if inspect.isfunction(f) and f.__name__ != name}


def family_of(function):
    """The page of a function of `ag.ops`, None for one that a namespace of its own shows."""
    module = function.__module__.removeprefix("autograph.ops.").split(".")[0]
    return next((page for page, (_, _, modules) in FAMILIES.items() if module in modules), None)


def family_page(page):
    title, intro, modules = FAMILIES[page]
    shown = {name: f for name, f in functions(ag.ops).items() if family_of(f) == page}
    order = sorted(shown, key=lambda name: (modules.index(shown[name].__module__.split(".")[-1]), name.lower()))
    others = {name: of for name, of in aliases(ag.ops).items() if of in shown}
    return page_text(title, intro, "ag.ops", {name: shown[name] for name in order}, others)


def path_of(page):
    return "ag.random" if page == "random" else f"ag.ops.{page}"


def namespace_of(page):
    return ag.random if page == "random" else getattr(ag.ops, page)


def namespace_page(page):
    title, intro = NAMESPACES[page]
    namespace = namespace_of(page)
    own = {n: f for n, f in functions(namespace).items() if f.__module__.startswith(f"autograph.ops.{page}.")}
    text = page_text(
        title,
        intro,
        path_of(page),
        dict(sorted(own.items())),
        aliases(namespace),
    )
    rest = sorted(set(functions(namespace)) - set(own))
    return text + (f"Also here: {', '.join(f'`{name}`' for name in rest)}.\n" if rest else "")


def page_text(title, intro, prefix, shown, others):
    parts = [HEAD.format(title=title, intro=intro)]
    parts += [entry(prefix, name, function) for name, function in shown.items()]
    if others:
        parts.append("## Other names\n")
        parts.append("\n".join(f"- `{name}` is `{of}`" for name, of in sorted(others.items())) + "\n")
    return "\n".join(parts)


def entry(prefix, name, function):
    """One function: how it is called, what it does, its arguments, and the example."""
    sections = split_docstring(inspect.getdoc(function))
    lines = [f"## {name}\n", f"`{prefix}.{name}({parameters(function)})`\n", *[f"{x}\n" for x in sections[""]]]
    if "Args" in sections:
        lines.append("\n".join(f"- {item}" for item in map(argument, sections["Args"])) + "\n")
    if "Returns" in sections:
        lines.append(f"Returns: {' '.join(sections['Returns'])}\n")
    for item in sections.get("Raises", []):
        lines.append(f"Raises {argument(item)}\n")
    if "Source" in sections:
        lines.append(f"Source: {' '.join(sections['Source'])}\n")
    if "Example" in sections:
        lines.append("```python\n" + "\n".join(sections["Example"]) + "\n```\n")
    return "\n".join(lines)


def argument(text):
    name, colon, rest = text.partition(": ")
    return f"`{name}`: {rest}" if colon else text


def parameters(function):
    parts, keyword_only = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only and "*" not in "".join(parts):
            parts.append("*")
        keyword_only = keyword_only or parameter.kind is parameter.KEYWORD_ONLY
        star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(f"{star}{parameter.name}{default}")
    return ", ".join(parts)


def split_docstring(text):
    """The docstring's first words under "", then its sections; items that go on in the next line are joined."""
    sections, name = {"": []}, ""
    for line in text.splitlines():
        head = re.fullmatch(r"(Args|Returns|Raises|Example):", line)
        source = re.match(r"Source: (.*)", line)
        if head or source:
            name = head[1] if head else "Source"
            sections[name] = [source[1]] if source else []
        elif name == "Example":
            sections[name] += [line.removeprefix("    ")] if line.strip() else []
        elif line.strip():
            goes_on = line.startswith("     ") if name in ("Args", "Raises") else bool(sections[name])
            sections[name][-1:] = (
                [*sections[name][-1:], line.strip()] if not goes_on else [f"{sections[name][-1]} {line.strip()}"]
            )
    return sections


def index_page():
    lines = ["# Ops\n", "Every public function, by the page that shows it.\n"]
    for page, (title, _, _) in FAMILIES.items():
        names = [name for name, f in functions(ag.ops).items() if family_of(f) == page]
        lines.append(index_line(page, title, names))
    for page, (title, _) in NAMESPACES.items():
        lines.append(index_line(page, f"{title} (`{path_of(page)}`)", list(functions(namespace_of(page)))))
    return "\n".join(lines)


def index_line(page, title, names):
    listed = ", ".join(f"[`{name}`]({page}.md#{name.lower()})" for name in sorted(names, key=str.lower))
    return f"## [{title}]({page}.md)\n\n{listed}\n"
