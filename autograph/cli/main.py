"""`autograph --help` tells what the command can do."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.syntax import Syntax

from autograph.cli.dot import to_dot
from autograph.cli.svg import to_svg
from autograph.cli.target import TargetError, load_target, names_of, parse_signature
from autograph.cli.views import VIEWS, graph_of
from autograph.errors import AutoGraphError

_HELP = """See what AutoGraph makes of a Python function.

\b
Examples:
  autograph dump train.py:fit                          the generated code
  autograph dump train.py:fit --show source            the function as written
  autograph dump pkg.model:Model.step --show ast       its syntax tree
  autograph dump train.py:step --show graph --signature "f32[?,784], i64[?]"
  autograph dump train.py:step --show optimized --format svg --signature "f32[8,784], i64[8]" > g.svg
  autograph dump train.py:step --show loops --signature "f32[?,784], i64[?]"       what each native loop computes
  autograph dump train.py:step --show asm --signature "f32[?,784], i64[?]"         machine code (llvm: before that)
  autograph dump train.py:step --show stablehlo --signature "f32[8,784], i64[8]"   its programs for XLA
  autograph dump train.py:step --profile --signature "f32[8,784], i64[8]"          time in each loop and call
"""


@click.group(help=_HELP)
@click.version_option(package_name="autograph")
def main() -> None:
    """The command's entry point."""


@main.command()
@click.argument("target", metavar="MODULE:FUNCTION | FILE.py:FUNCTION")
@click.option("--show", type=click.Choice(sorted(VIEWS)), default="code", show_default=True, help="What to print.")
@click.option(
    "--signature",
    default=None,
    help='Types of the arguments, such as "f32[?,784], i64[]": ? is any size, a name a size that must agree. Arguments '
    'that are no tensors are Python expressions of the module: "Model(0), f32[?,784], 0.1".',
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "dot", "svg"]),
    default="text",
    show_default=True,
    help="How to print a graph: svg is a picture, dot is for Graphviz.",
)
@click.option(
    "--profile",
    "show",
    flag_value="profile",
    help="Run it for half a second and print the time in each fused loop, product and call (as --show profile): with "
    "random floats, zeros for other dtypes, copies of variables.",
)
def dump(target: str, show: str, signature: str | None, form: str) -> None:
    """Print a function's source, syntax tree, generated code, graph or native code, or what its time goes into.

    TARGET names a function, also Class.method, in a module or a file. The graph views need --signature unless the
    function has an input signature or takes no tensors.
    """
    try:
        function = load_target(target)
        specs = None if signature is None else parse_signature(signature, names_of(function))
        if form != "text":
            if show not in ("graph", "optimized"):
                raise TargetError(f"--format {form} draws graphs: add --show graph or --show optimized")
            graph = graph_of(function, specs, show)
            click.echo(to_svg(graph) if form == "svg" else to_dot(graph))
            return
        _print(VIEWS[show](function, specs), show)
    except TargetError as error:
        click.echo(f"autograph: {error}", err=True)
        sys.exit(2)
    except AutoGraphError as error:  # of the function itself: with its line
        click.echo(f"autograph: {target}: {error}", err=True)
        sys.exit(2)


def _print(text: str, show: str) -> None:
    """Coloured in a terminal, plain in a pipe."""
    if not sys.stdout.isatty():
        click.echo(text)
        return
    lexer = {
        "source": "python",
        "code": "python",
        "ast": "python",
        "asm": "gas",
        "loops": "text",
        "profile": "text",
    }.get(show, "llvm")
    Console().print(Syntax(text, lexer, background_color="default", word_wrap=False))


if __name__ == "__main__":
    main()
