"""A person at a real Chromium: what is shown, what it complains of, and who it would shut out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSER: Final = "chromium"
PATIENCE: Final = 15_000
"""Milliseconds for whatever a page has to show; machines are shared."""

GRAVE: Final = frozenset({"serious", "critical"})


@contextmanager
def chromium() -> Iterator[Browser]:
    """Keep a browser; the test is skipped where there is none."""
    path = shutil.which(BROWSER)
    if path is None:
        pytest.skip(f"no {BROWSER}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody with a browser of their own: their cookies, their tabs, and what went wrong."""

    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)
    """What the browser said of pages: errors, warnings, broken policies, requests to elsewhere."""

    def open(self, path: str = "/") -> Page:
        """Open a page of the console in a new tab."""
        tab = self.context.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.on("console", self._hear)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda asked: self._note_request(asked.url))
        tab.on("dialog", self._refuse_dialog)
        tab.goto(f"{self.base}{path}")
        return tab

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {url}")

    def _refuse_dialog(self, dialog: Any) -> None:
        """Note a dialog: the console opens none, and a script that got in would."""
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def person_at(browser: Browser, base: str, **options: Any) -> Iterator[Person]:
    """Keep a person with a browser profile of their own.

    Args:
        browser: of `chromium`.
        base: the console's address, without a slash at its end.
        options: of the profile, such as ``color_scheme`` and ``viewport``.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    yield Person(context, base)
    context.close()


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds serious on a page: the rule, and where it is broken."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + ", ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:5])
        for one in found
        if one["impact"] in GRAVE
    ]


def overflows(page: Page) -> bool:
    """Whether a page is wider than its window, so that one has to scroll sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


def layout_shift(page: Page) -> float:
    """Return how much of a page moved while nobody touched it; 0 is not at all (web.dev/cls)."""
    shift: float = page.evaluate(
        """() => new Promise((tell) => {
            let sum = 0;
            new PerformanceObserver((list) => {
                for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
            }).observe({type: 'layout-shift', buffered: true});
            setTimeout(() => tell(sum), 300);
        })"""
    )
    return shift


def first_paint(page: Page) -> float:
    """Return the milliseconds from asking for a page to the first thing seen."""
    seen: float = page.evaluate(
        """() => new Promise((tell) => {
            new PerformanceObserver((list) => {
                for (const one of list.getEntriesByName('first-contentful-paint'))
                    tell(one.startTime);
            }).observe({type: 'paint', buffered: true});
        })"""
    )
    return seen
