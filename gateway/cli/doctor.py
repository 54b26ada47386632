"""``shopbell doctor``: what is wrong with the box and its surroundings, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from rich.padding import Padding
    from rich.text import Text

    from gateway.cli.checking import Checked
    from gateway.doctor.examination import Report
    from gateway.doctor.finding import Finding
    from gateway.settings import Settings

Active = Annotated[
    bool,
    typer.Option(
        "--active",
        help="Also try whether a store may publish as another, with its password beside the "
        "configuration.",
    ),
]

_MARKS: Final = {
    "ok": ("ok", "green"),
    "warning": ("warning", "yellow"),
    "wrong": ("WRONG", "bold red"),
}
_WIDTH: Final = 7
"""Of the column of marks."""


def doctor(config: Config = DEFAULT_CONFIG, active: Active = False, json: Json = False) -> None:
    """Say what is wrong with the box and its surroundings.

    And what to do. It changes nothing; 1 is returned when something is wrong.
    """
    from gateway.cli.logs import without_logging
    from gateway.doctor.finding import Level

    if sys.stdout.isatty():
        remark("looking, for twenty seconds at most ...")
    with without_logging():
        reports = run_async(_examine(config, active))
    if json:
        for report in reports:
            for finding in report.findings:
                print_json(_document(report, finding))
    else:
        _print(reports)
    if any(report.level is Level.WRONG for report in reports):
        raise typer.Exit(1)


async def _examine(config: Path, active: bool) -> list[Report]:
    import asyncio

    from gateway.cli.checking import check_configuration
    from gateway.doctor.configuration import ConfigurationFacts
    from gateway.doctor.examination import examine
    from gateway.doctor.running import RunningFacts, look
    from gateway.doctor.subjects import Case, subjects_of
    from gateway.domain.clock import SystemClock

    checked = await asyncio.to_thread(check_configuration, config, look=False)
    settings = checked.settings
    usable = settings if settings is not None and _usable(checked) else None
    case = Case(
        configuration=ConfigurationFacts(
            file=str(config),
            faults=tuple(map(str, checked.faults)),
            advice=checked.advice,
        ),
        settings=usable,
        running=RunningFacts(node="") if usable is None else await look(usable),
        clock=SystemClock(),
        rules=_rules(),
        store_passwords=_passwords(config, usable) if active and usable else None,
        **({} if usable is None else {"sysfs": usable.gateway.sysfs}),
    )
    return await examine(subjects_of(case))


def _usable(checked: Checked) -> bool:
    """Tell whether the faults, if any, are of texts alone."""
    from gateway.domain.errors import ContentError

    return all(isinstance(fault, ContentError) for fault in checked.faults)


def _rules() -> Path:
    from importlib.resources import files

    return Path(str(files("hardware").joinpath("udev", "76-shopbell.rules")))


def _passwords(config: Path, settings: Settings) -> Mapping[str, str]:
    """Return the passwords of stores that still lie where they are handed over."""
    from gateway.stores.keeping import handover_file

    found = {store.name: handover_file(config, store.name) for store in settings.store}
    return {name: file.read_text().strip() for name, file in found.items() if file.exists()}


def _document(report: Report, finding: Finding) -> dict[str, object]:
    return {
        "subject": report.subject,
        "key": finding.key,
        "level": finding.level.value,
        "what": finding.what,
        "remedy": finding.remedy or None,
    }


def _print(reports: Sequence[Report]) -> None:
    """Print the reports; elsewhere than on a terminal a finding is a line, for `grep`."""
    from rich.console import Console

    console = Console(highlight=False)
    for report in filter(lambda one: one.findings, reports):
        console.print(f"[bold]{report.subject}[/bold]")
        for finding in report.findings:
            if console.is_terminal:
                console.print(_row(finding))
            else:
                print_line(_line(finding))
    console.print(_verdict(reports))


def _line(finding: Finding) -> str:
    mark, _ = _MARKS[finding.level]
    what = f"  {mark:<{_WIDTH}} {finding.what}"
    return f"{what}\n{'':{_WIDTH + 3}}→ {finding.remedy}" if finding.remedy else what


def _row(finding: Finding) -> Padding:
    """Return a finding whose lines stay under their beginning, however narrow the terminal."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark, style = _MARKS[finding.level]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_WIDTH)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark, style=style), Text(finding.what))
    if finding.remedy:
        grid.add_row("", Text(f"→ {finding.remedy}", style="cyan"))
    return Padding(grid, (0, 0, 0, 2))


def _verdict(reports: Sequence[Report]) -> Text:
    from rich.text import Text

    levels = [finding.level.value for report in reports for finding in report.findings]
    counts = {level: levels.count(level) for level in _MARKS}
    if counts["wrong"]:
        said = f"{counts['wrong']} wrong, {counts['warning']} to look at, {counts['ok']} well"
        return Text(f"\n{said}", style="bold red")
    if counts["warning"]:
        said = f"nothing is wrong, {counts['warning']} to look at, {counts['ok']} well"
        return Text(f"\n{said}", style="bold yellow")
    return Text(f"\nall is well ({counts['ok']} things looked at)", style="bold green")
