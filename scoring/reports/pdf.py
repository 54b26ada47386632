"""A page printed by Chromium, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from scoring.errors import ScoringError

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS: Final = 120
DRAWING: Final = 10_000
"""Milliseconds of the page's own clock in which its figures are drawn."""


def find_browser() -> str:
    """Return the path of a Chromium.

    Raises
    ------
    ScoringError
        There is none.
    """
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise ScoringError("a PDF needs Chromium, which is not there; on Debian: apt install chromium")


def print_pdf(page: Path, out: Path) -> None:
    """Print a page.

    Raises
    ------
    ScoringError
        There is no Chromium, or it failed; its last words are told.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="shopbell-") as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--virtual-time-budget={DRAWING}",
            f"--print-to-pdf={out.resolve()}",
            # Chromium refuses its sandbox to root; the page loads nothing and is our own.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            page.resolve().as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    if done.returncode or not out.is_file():
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["without a word"]
        raise ScoringError(f"{browser} did not print {out}: {words[-1]}")
