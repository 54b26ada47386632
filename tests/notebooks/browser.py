"""A page opened in a real Chromium: what is drawn, and what it complains of.

``python -m tests.notebooks.browser`` takes the screenshots in ``docs/images``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbformat import NotebookNode
from playwright.sync_api import ConsoleMessage, sync_playwright

from scoring.reports.page import page

BROWSER = "chromium"
DRAWN = ".figure .main-svg"
MILLISECONDS = 30_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a person with a browser gets."""

    title: str
    figures: int
    complaints: list[str]
    code: bool
    """Whether anything of the notebook's code is on the page."""


def look(node: NotebookNode, folder: Path, picture: Path | None = None) -> Seen:
    """Write a notebook's page and open it; the test is skipped where there is no Chromium."""
    path = shutil.which(BROWSER)
    if path is None:
        pytest.skip(f"no {BROWSER}")
    file = folder / "report.html"
    made_at = datetime(2026, 11, 26, 9, tzinfo=UTC)
    file.write_text(page(node, made_at=made_at, source="the demo lake"))
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1000, "height": 1200})
        tab.on("console", heard)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda asked: complaints.append(asked.url) if _far(asked.url) else None)
        tab.goto(file.as_uri())
        places = tab.locator(".figure").count()
        for place in range(places):
            tab.locator(".figure").nth(place).locator(".main-svg").first.wait_for(
                timeout=MILLISECONDS
            )
        seen = Seen(
            title=tab.title(),
            figures=places,
            complaints=complaints,
            code="import " in tab.inner_text("main"),
        )
        if picture is not None:
            tab.screenshot(path=picture, full_page=True)
        browser.close()
    return seen


def _far(url: str) -> bool:
    """Tell whether something is fetched from elsewhere than the page."""
    return not url.startswith(("file:", "data:", "blob:"))


def main() -> None:
    """Write ``docs/images/report-NAME.png`` of each report, on the demo lake."""
    from scoring.reports import execute, reports

    wanted = sys.argv[1:] or list(reports())
    images = Path(__file__).parents[2] / "docs" / "images"
    images.mkdir(exist_ok=True)
    for name in wanted:
        with tempfile.TemporaryDirectory() as place:
            look(execute(reports()[name]), Path(place), images / f"report-{name}.png")


if __name__ == "__main__":
    main()
