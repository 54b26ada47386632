"""``python -m bench.paint``: how soon is something seen of each page of the console?

From asking for a page to the first thing that a real Chromium paints (First Contentful Paint), on
the same machine as the gateway, which sends meanwhile.
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
        found = {path: list(paints(ada, path, given.times)) for path in PAGES}
    for path, times in found.items():
        told = {"page": path, "least_ms": min(times), "median_ms": median(times)}
        print(json.dumps(told))


def fill(house: House) -> None:
    """Have something waiting and something sent."""
    for number in range(200):
        house.store.submit(f"order-{number}", to=f"+447700900{number:03}")
    house.store.await_state("order-20", "sent")


def paints(person: Person, path: str, times: int) -> Iterator[float]:
    """Yield how long each look at a page takes; the first, with nothing kept, is left out."""
    for number in range(times + 1):
        page = person.open(path)
        page.wait_for_timeout(200)
        if number:
            yield first_paint(page)
        page.close()


if __name__ == "__main__":
    main()
