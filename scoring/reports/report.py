"""A report: a notebook run with parameters, written as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scoring.reports.catalogue import find_report
from scoring.reports.execution import Tell, execute
from scoring.reports.page import page, title_of
from scoring.reports.pdf import find_browser, print_pdf


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was written.

    Attributes
    ----------
    title : str
    page : Path
    pdf : Path or None
    """

    title: str
    page: Path
    pdf: Path | None


def write_report(
    name: str,
    out: Path | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    source: str,
    pdf: bool = False,
    made_at: datetime | None = None,
    tell: Tell | None = None,
) -> Report:
    """Run a report's notebook and write its page.

    Parameters
    ----------
    name : str
        As `find_report` takes it.
    out : Path or None
        The page; None: ``NAME.html`` in the working directory. A PDF stands beside it.
    parameters : mapping of str to object, optional
        As `execute` takes them; those that are None are left as the notebook has them.
    source : str
        Told at the page's foot.
    pdf : bool
    made_at : datetime, optional
        Default: now, on the machine's clock.
    tell : callable, optional
        Is told of each cell.

    Raises
    ------
    ScoringError
        There is no such report or parameter, a cell failed, or no Chromium prints.
    """
    notebook = find_report(name)
    out = out or Path(f"{notebook.stem.partition('-')[2]}.html")
    if pdf:
        find_browser()
    given = {key: value for key, value in (parameters or {}).items() if value is not None}
    node = execute(notebook, given, tell=tell)
    made_at = made_at or datetime.now().astimezone()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(node, made_at=made_at, source=source), encoding="utf-8")
    printed = out.with_suffix(".pdf") if pdf else None
    if printed is not None:
        print_pdf(out, printed)
    return Report(title=title_of(node), page=out, pdf=printed)
