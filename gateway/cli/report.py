"""``shopbell report``: a notebook, run and told on one page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.extra import scoring_errors
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from collections.abc import Callable

LAKE_VARIABLE = "LAKE"
"""As the notebooks have it, so that both open the same lake."""

WithLake = Annotated[
    Path | None,
    typer.Option("--lake", metavar="DIR", help="The lake. [default: $LAKE, else the demo]"),
]


def report(
    name: Annotated[str, typer.Argument(help="delivery, campaigns, customers, churn, ...")],
    lake: WithLake = None,
    store: Annotated[str | None, typer.Option(metavar="NAME", help="Of a lake of several.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="Only this one.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="As 2026-01-31.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page. [default: NAME.html]")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it too; needs Chromium.")] = False,
    json: Json = False,
) -> None:
    """Write a page for the shop's owner: figures and words of a notebook, without its code."""
    folder = lake or _of_environment()
    if folder is None:
        remark("No lake is named (--lake DIR): this is the demo shop's.")
    parameters = {
        "LAKE": None if folder is None else str(folder.resolve()),
        "STORE": store,
        "CAMPAIGN": campaign,
        "SINCE": since,
    }
    with scoring_errors("notebooks"), _progress() as tell:
        from scoring.reports import write_report

        source = "the demo lake" if folder is None else f"the lake {folder}"
        done = write_report(name, out, parameters=parameters, source=source, pdf=pdf, tell=tell)
    if json:
        print_json(asdict(done))
        return
    print_line(f"{done.page}: {done.title}" + (f" (printed: {done.pdf})" if done.pdf else ""))


def _of_environment() -> Path | None:
    named = os.environ.get(LAKE_VARIABLE)
    return Path(named) if named else None


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Running the notebook", total=None)
        yield lambda done, count: bar.update(task, completed=done, total=count)
