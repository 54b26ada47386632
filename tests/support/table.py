"""The table of docs/modems.md: every kind of stick and every fault, as measured in one session.

Rows are kept as they are measured, by whichever worker; who keeps the last one writes the table.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from support.scenarios import rows

from hardware.simulator.personality import names

DOCUMENT = Path(__file__).parents[2] / "docs" / "modems.md"
BEGIN, END = "<!-- matrix:begin -->", "<!-- matrix:end -->"

_HEADING = f"# Modems\n\n## What comes of every fault on every kind of stick\n\n{BEGIN}\n{END}\n"


class Table:
    """The rows measured in this session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def keep(self, title: str, cells: dict[str, str]) -> None:
        """Keep a row; with the last one the document is written.

        Raises:
            AssertionError: on a machine that checks (``CI=true``), the document lacks some.
        """
        path = self._folder / f"{rows().index(title)}.json"
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(cells))
        fresh.replace(path)
        measured = [self._folder / f"{at}.json" for at in range(len(rows()))]
        if all(each.exists() for each in measured):
            self._publish([json.loads(each.read_text()) for each in measured])

    def _publish(self, measured: list[dict[str, str]]) -> None:
        text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else _HEADING
        head, _, rest = text.partition(BEGIN)
        _, _, tail = rest.partition(END)
        whole = f"{head}{BEGIN}\n{render(measured)}{END}{tail}"
        if os.environ.get("CI") == "true":
            assert _frame(whole) == _frame(text), (
                f"{DOCUMENT} lacks a fault or a stick; run the tests and commit what they wrote"
            )
        elif whole != text:
            DOCUMENT.write_text(whole, encoding="utf-8")


def _frame(document: str) -> list[str]:
    """The faults and the sticks of a table. Its cells depend on a machine's pace now and then:
    whether a report came before nobody waited for it any more."""
    lines = document.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    return lines[:1] + [line.split("|")[1].strip() for line in lines]


def render(measured: list[dict[str, str]]) -> str:
    """The table in Markdown: a row for each fault, a column for each kind of stick."""
    head = ["fault", *names()]
    lines = [head, ["---"] * len(head)]
    lines += [
        [title, *(cells[name] for name in names())]
        for title, cells in zip(rows(), measured, strict=True)
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
