"""Printing: tables for people, JSON for programs, remarks beside both."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.domain.job import format_instant

if TYPE_CHECKING:
    from rich.table import Table

PIPE_WIDTH: Final = 200
"""Columns of a table that goes elsewhere than to a terminal, so that little is cut off."""


def print_line(text: str) -> None:
    """Print a line at once, though stdout may be a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON object as a line."""
    print_line(json.dumps(document, ensure_ascii=False, default=_plain))


def remark(text: str) -> None:
    """Say something beside the result, on stderr."""
    sys.stderr.write(f"{text}\n")


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or wide enough."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(table)


def new_table(*columns: str) -> Table:
    """Return a table with these columns, without lines around it."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def local_time(instant: datetime) -> str:
    """Return an instant as a clock on this machine's wall shows it."""
    return instant.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _plain(value: object) -> str:
    return format_instant(value) if isinstance(value, datetime) else str(value)
