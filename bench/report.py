"""The results as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench.aims import BY_KEY, Figure, Row, rows, show
from bench.figures import Distribution
from bench.machine import Machine


def markdown(
    name: str, machine: Machine, figures: Sequence[Figure], command: str, *, quick: bool = False
) -> str:
    """Return the page of a run.

    Args:
        name: of the run, and of the picture beside it.
        machine: where it was measured.
        figures: everything that was seen.
        command: how it was started.
        quick: whether it was a smoke run.
    """
    table = list(rows(figures))
    parts = [
        f"# {name}",
        *(
            ["**A smoke run: it shows that the bench works, and its figures say nothing.**"]
            if quick
            else []
        ),
        *_machine(machine, command),
        "## What is to be reached",
        *_aims(row for row in table if row.measure.bound is not None),
        "## Beside it",
        *_others(row for row in table if row.measure.bound is None),
        *_growth(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _machine(machine: Machine, command: str) -> Iterator[str]:
    programs = ", ".join(f"{program} {version}" for program, version in machine.versions.items())
    yield (
        f"{machine.at}, commit {machine.commit}: {machine.cores} cores of {machine.processor}, "
        f"{machine.memory_gb:.0f} GB, Linux {machine.kernel}; load of the minute before "
        f"{machine.load:.1f}, after {machine.load_after:.1f}; fsync of a page "
        f"{span(machine.fsync)} ms (median / p99)."
    )
    yield f"{programs}."
    yield f"```\n{command}\n```"


def _aims(table: Iterable[Row]) -> Iterator[str]:
    lines = [
        "| | to reach | measured | | others in the same run, and how many times as good ours is |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    lines += [_line(row) for row in table]
    yield "\n".join(lines)


def _line(row: Row) -> str:
    verdict = f"**{row.verdict}**" if row.verdict == "MISSED" else row.verdict
    cells = (row.measure.words, row.measure.aim, _measured(row), verdict, _compared(row))
    return f"| {' | '.join(cells)} |"


def _measured(row: Row) -> str:
    if row.ours is None:
        return ""
    note = f" ({row.ours.note})" if row.ours.note else ""
    return f"{show(row.ours.value)} {row.measure.unit}{note}"


def _compared(row: Row) -> str:
    return "; ".join(
        f"{other.program} {show(other.value)} {row.measure.unit}"
        + (f", {other.note}" if other.note else "")
        + (f" (x {show(row.ratio(other))})" if row.ours else "")
        for other in row.others
    )


def _others(table: Iterable[Row]) -> Iterator[str]:
    lines = ["| | measured | others |", "| --- | ---: | --- |"]
    lines += [f"| {row.measure.words} | {_measured(row)} | {_compared(row)} |" for row in table]
    if len(lines) > 2:
        yield "\n".join(lines)


def _growth(figures: Iterable[Figure]) -> Iterator[str]:
    costs = sorted(
        ((figure.at, figure) for figure in figures if figure.at is not None), key=lambda it: it[0]
    )
    if not costs:
        return
    measure = BY_KEY["job-cost"]
    yield f"## {measure.words}"
    lines = ["| stored | measured | |", "| ---: | ---: | --- |"]
    lines += [
        f"| {stored:,} | {show(figure.value)} {measure.unit} | {figure.note} |"
        for stored, figure in costs
    ]
    yield "\n".join(lines)


def span(spread: Distribution | None) -> str:
    """Return median and p99."""
    return "" if spread is None else f"{spread.median_ms:.1f} / {spread.p99_ms:.1f}"
