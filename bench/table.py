"""The results for people: one table, and how they stand to what is to be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.figures import Distribution
from bench.gateway import PROGRAM
from bench.machine import Machine
from bench.run import Run

WIDTH = 110
"""Columns where there is no terminal, so that a log shows whole lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """Something to be reached on a full queue."""

    words: str
    modems: int
    least_per_second: float | None = None
    most_median_ms: float | None = None

    def verdict(self, run: Run) -> str:
        """Say how a run stands to it."""
        if self.least_per_second is not None:
            reached, value = run.per_second >= self.least_per_second, f"{run.per_second:.0f}/s"
        else:
            median = run.interval.median_ms if run.interval else float("inf")
            reached, value = median <= (self.most_median_ms or 0), f"{median:.1f} ms"
        return f"{'reached' if reached else 'MISSED'}: {self.words}: {value}"


AIMS = (
    Aim(words="at most 10 ms a message on one line, median", modems=1, most_median_ms=10),
    Aim(words="at least 100 messages/s on one line", modems=1, least_per_second=100),
    Aim(words="at least 400 messages/s over 64 lines", modems=64, least_per_second=400),
)


def show(machine: Machine, runs: Sequence[Run]) -> None:
    """Print everything."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(_describe(machine), highlight=False)
    console.print(_table(runs))
    for line in [*_told(runs), *verdicts(runs)]:
        console.print(line, highlight=False)


def verdicts(runs: Iterable[Run]) -> list[str]:
    """Say of each aim that was measured whether it is reached."""
    measured = {run.modems: run for run in runs if run.intake_per_second is not None}
    return [aim.verdict(measured[aim.modems]) for aim in AIMS if aim.modems in measured]


def _describe(machine: Machine) -> str:
    programs = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    return (
        f"{machine.at}, {machine.commit}: {machine.cores} cores of {machine.processor}, "
        f"Linux {machine.kernel}, load {machine.load:.1f}, "
        f"fsync {_span(machine.fsync)} ms (median / p99)\n{programs}"
    )


def _table(runs: Sequence[Run]) -> Table:
    table = Table(caption="interval: between two messages on the same line, median / p99")
    table.add_column("program")
    table.add_column("setting")
    for heading in (
        *("modems", "messages", "messages/s", "interval ms"),
        *("CPU s/1000", "intake/s"),
    ):
        table.add_column(heading, justify="right")
    for run in runs:
        table.add_row(*_cells(run))
    return table


def _cells(run: Run) -> list[str]:
    return [
        run.program,
        run.setting,
        str(run.modems),
        str(run.messages),
        f"{run.per_second:.1f}",
        _span(run.interval),
        "" if run.cpu_per_1000 is None else f"{run.cpu_per_1000:.2f}",
        "" if run.intake_per_second is None else f"{run.intake_per_second:.0f}",
    ]


def _told(runs: Iterable[Run]) -> list[str]:
    return [
        f"{PROGRAM}, {run.setting} over {run.modems} modems, from the publication to: "
        + "; ".join(f"{state} {_span(spread)} ms" for state, spread in run.told.items())
        for run in runs
        if run.told
    ]


def _span(spread: Distribution | None) -> str:
    return "" if spread is None else f"{spread.median_ms:.1f} / {spread.p99_ms:.1f}"
