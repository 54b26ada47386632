"""``python -m bench.paint``: how soon is something seen of each page of the console?

From asking for a page to the first thing that a real Chromium paints (First Contentful Paint), on
the same machine as the gateway, which sends meanwhile: in a tab that is open, as for who works with
the console, and in one that is opened for it, for which Chromium begins a process.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.harness import House

from browser.conftest import open_console  # isort: skip -- a folder of the tests' harness
from support.browsing import Person, chromium, first_paint, person_at  # isort: skip

PAGES: Final = (
    *("/", "/modems", "/queue", "/failures", "/alarms"),
    *("/inbox", "/messages", "/campaigns", "/settings"),
)

REST: Final = 300
"""Milliseconds between two looks: the page before has drawn what it has to."""


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print milliseconds by page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args(words)
    with (
        TemporaryDirectory() as folder,
        open_console(Path(folder), modems=4, simulator=("--latency", "1")) as console,
        chromium() as browser,
        person_at(browser, console.base) as ada,
    ):
        console.sign_up(ada)
        fill(console.house)
        for path in PAGES:
            told = {"page": path}
            for tab, paints in TABS.items():
                times = list(paints(ada, path, given.times))
                told |= {f"{tab}_tab_least_ms": min(times), f"{tab}_tab_median_ms": median(times)}
            print(json.dumps(told), flush=True)


def fill(house: House) -> None:
    """Have something waiting and something sent."""
    for number in range(200):
        house.store.submit(f"order-{number}", to=f"+447700900{number:03}")
    house.store.await_state("order-20", "sent")


def in_open_tab(person: Person, path: str, times: int) -> Iterator[float]:
    """Yield how long each look at a page takes; the first, with nothing kept, is left out."""
    page = person.open(path)
    for _ in range(times):
        page.wait_for_timeout(REST)
        page.goto(f"{person.base}{path}")
        yield first_paint(page)
    page.close()


def in_new_tab(person: Person, path: str, times: int) -> Iterator[float]:
    """Yield how long each look at a page takes, in a tab of its own."""
    for _ in range(times):
        page = person.open(path)
        yield first_paint(page)
        page.wait_for_timeout(REST)
        page.close()


TABS: Final = {"open": in_open_tab, "new": in_new_tab}


if __name__ == "__main__":
    main()
