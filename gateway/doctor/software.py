"""Python and SQLite: which there are, and what is known to be wrong with them."""

from __future__ import annotations

import platform
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from gateway.doctor.finding import Finding, warning, well

Version = tuple[int, int, int]

_LEAK_BEGINS: Final[Version] = (3, 7, 0)
_LEAK_MENDED: Final[Version] = (3, 51, 3)
_LEAK_BACKPORTS: Final[tuple[Version, ...]] = ((3, 44, 6), (3, 50, 7))
"""Releases of older series that have the correction, and each later one of the same series.

The WAL-reset bug: two connections that write or empty the log at once may damage the file
(sqlite.org, "The WAL reset bug"; RELIABILITY.md 0.7)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SoftwareFacts:
    """What runs here."""

    shopbell: str
    python: str
    sqlite: Version
    bits: int
    """Of a pointer."""
    writers: tuple[str, ...] = ()
    """Other programs that have the database's file open."""


def look(writers: tuple[str, ...] = ()) -> SoftwareFacts:
    """Look at what runs here."""
    major, minor, patch = sqlite3.sqlite_version_info
    return SoftwareFacts(
        shopbell=version("shopbell"),
        python=platform.python_version(),
        sqlite=(major, minor, patch),
        bits=struct.calcsize("P") * 8,
        writers=writers,
    )


def judge(facts: SoftwareFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    yield well("software.versions", f"Shopbell {facts.shopbell} on Python {facts.python}")
    yield _judge_sqlite(facts)
    if facts.bits < 64:
        yield warning(
            "software.bits",
            "the system is one of 32 bits, for which nothing here is tested or built",
            "install the 64-bit image of the same system",
        )


def has_reset_bug(sqlite: Version) -> bool:
    """Tell whether a SQLite may damage a file that two programs write at once."""
    if not _LEAK_BEGINS <= sqlite < _LEAK_MENDED:
        return False
    return not any(sqlite[:2] == fixed[:2] and sqlite >= fixed for fixed in _LEAK_BACKPORTS)


def _judge_sqlite(facts: SoftwareFacts) -> Finding:
    said = f"SQLite {'.'.join(map(str, facts.sqlite))}"
    if not has_reset_bug(facts.sqlite):
        return well("software.sqlite", said)
    if not facts.writers:
        return well(
            "software.sqlite",
            f"{said} has the WAL-reset bug, which needs two programs that write; here is one",
        )
    return warning(
        "software.sqlite",
        f"{said} has the WAL-reset bug, and {', '.join(facts.writers)} has the database open too",
        "let no other program write to the database: stop it, or copy with `shopbell backup`",
    )
