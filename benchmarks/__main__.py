"""The command: `python -m benchmarks --help`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import click
from rich.console import Console

from benchmarks.chart import chart
from benchmarks.contest import Options, as_json, contest
from benchmarks.contestants import CONTESTANTS, ON_DEVICES, OURS
from benchmarks.machine import machine
from benchmarks.row import COMPILES, RUNS, Row
from benchmarks.rows import ROWS
from benchmarks.table import Results, lines, table


def chosen_rows(context: click.Context, parameter: click.Parameter, value: str | None) -> list[Row] | None:
    """Rows by name, or by how their names begin; None where none are named."""
    if value is None:
        return None
    found = []
    for part in value.split(","):
        fitting = [row for name, row in ROWS.items() if name.startswith(part)]
        if not fitting:
            raise click.BadParameter(f"no row is called {part!r}; there are {', '.join(ROWS)}")
        found += fitting
    return found


def chosen_peers(context: click.Context, parameter: click.Parameter, value: str | None) -> list[str]:
    """Those named, all by default."""
    names = list(CONTESTANTS) if value is None else value.split(",")
    for name in names:
        if name not in CONTESTANTS:
            raise click.BadParameter(f"nobody is called {name!r}; there are {', '.join(CONTESTANTS)}")
    return list(dict.fromkeys(names))


def checked_device(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """The name of a device, which workers look for."""
    kind, _, number = value.partition(":")
    if kind not in ("cpu", "gpu") or not (number.isdigit() or value in ("cpu", "gpu")):
        raise click.BadParameter("write cpu, gpu or gpu:NUMBER")
    return kind if kind == "cpu" else f"gpu:{number or 0}"


def interpreters(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Pairs of a contestant and its interpreter."""
    pairs = [value.partition("=") for value in values]
    if any(name not in CONTESTANTS or not path for name, _, path in pairs):
        raise click.BadParameter("write CONTESTANT=PATH")
    return {name: path for name, _, path in pairs}


@click.command()
@click.option("--rows", callback=chosen_rows, help="Rows by name or beginning of a name, with commas.")
@click.option("--peers", callback=chosen_peers, help="Contestants beside AutoGraph, with commas; all by default.")
@click.option("--device", default="cpu", callback=checked_device, help="Where to compute: cpu (the default) or gpu:0.")
@click.option("--ours", type=click.Choice([OURS, ON_DEVICES]), help="Which of ours peers are compared with.")
@click.option("--repeats", default=15, show_default=True, help="Bursts of each contestant.")
@click.option("--processes", default=3, show_default=True, help="How often each contestant is started anew.")
@click.option("--seconds", default=0.1, show_default=True, help="How long a burst lasts.")
@click.option("--cores", default=0, show_default=True, help="How many cores workers may use; 0 for all (Linux).")
@click.option("--python", "pythons", multiple=True, callback=interpreters, help="CONTESTANT=PATH of its interpreter.")
@click.option("--tiny", is_flag=True, help="Small operands: shows that rows run, and times nothing of interest.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write the figures to this file.")
@click.option("--svg", "svg_path", type=click.Path(path_type=Path), help="Write a chart to this file.")
def main(
    rows: list[Row] | None,
    peers: list[str],
    device: str,
    ours: str | None,
    repeats: int,
    processes: int,
    seconds: float,
    cores: int,
    pythons: dict[str, str],
    tiny: bool,
    json_path: Path | None,
    svg_path: Path | None,
) -> None:
    """Times AutoGraph and its peers side by side, once their results agree."""
    if rows is None:
        rows = [row for row in ROWS.values() if device != "cpu" or not row.large]
    peers = taking_part(peers, device, ours)
    options = Options(peers, repeats, min(processes, repeats), seconds, pythons=pythons, tiny=tiny, device=device)
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])  # workers inherit it
    console, status = Console(), Console(stderr=True)
    console.width = max(console.width, 150 if not console.is_terminal else 0)
    about = machine(device)
    if json_path is None and device != "cpu":
        json_path = Path(__file__).parent / "results" / f"{file_name(about['device'])}.json"
    results: Results = {}
    with status.status("starting") as shown:
        for row in rows:
            results[row.name] = contest(row, options, shown.update)
            if json_path is not None:
                json_path.parent.mkdir(parents=True, exist_ok=True)
                made = {name: as_json(figures) for name, figures in results.items()}
                json_path.write_text(json.dumps({"machine": about, "rows": made}, indent=1) + "\n")
    found = lines(rows, results)
    console.print(table("a warm call", found[RUNS], peers))
    console.print(table("the first call beyond a warm one", found[COMPILES], peers))
    for name, text in _notes(results).items():
        console.print(f"left out: {name}: {text}", highlight=False)
    console.print(", ".join(f"{key} {value}" for key, value in {**about, **versions(results)}.items()), highlight=False)
    if svg_path is not None:
        svg_path.parent.mkdir(parents=True, exist_ok=True)
        svg_path.write_text(chart(found[RUNS], found[COMPILES], about))
    if any(figures[peers[0]].error is not None for figures in results.values()):
        raise click.ClickException("AutoGraph was left out of a row")


def taking_part(peers: list[str], device: str, ours: str | None) -> list[str]:
    """Who takes part, ours first; on devices those that can compute there."""
    first = ours or (OURS if device == "cpu" else ON_DEVICES)
    names = dict.fromkeys([first, *peers])
    if first == ON_DEVICES:
        names.pop(OURS, None)
    return [name for name in names if device == "cpu" or CONTESTANTS[name].on_devices]


def file_name(text: str) -> str:
    """A name as files have it.

    Example:
        >>> file_name("NVIDIA A100-SXM4-80GB")
        'nvidia-a100-sxm4-80gb'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _notes(results: Results) -> dict[str, str]:
    return {
        f"{CONTESTANTS[name].label} in {row}": own.error
        for row, figures in results.items()
        for name, own in figures.items()
        if own.error is not None
    }


def versions(results: Results) -> dict[str, str]:
    """The versions of all packages that took part."""
    found: dict[str, str] = {}
    for figures in results.values():
        for own in figures.values():
            found |= own.versions
    return found


if __name__ == "__main__":
    main()
