"""The folder in which a gateway keeps its backups: which there are, and which are too old."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

SUFFIX: Final = ".shopbell.tar.gz"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(rf"(?P<node>.+)-(?P<at>\d{{8}}T\d{{6}}Z){re.escape(SUFFIX)}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A backup in the folder."""

    file: Path
    at: datetime
    """Up to when it knows what happened; UTC."""
    size: int
    """Octets."""


def name_of(node: str, at: datetime) -> str:
    """Return the name of a gateway's backup of an instant, by which it is found again."""
    return f"{node}-{at.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"


def backups_in(folder: Path, node: str) -> list[Kept]:
    """Return a gateway's backups, the newest last; none where there is no folder yet."""
    if not folder.is_dir():
        return []
    found = (_read(file, node) for file in folder.iterdir())
    return sorted((kept for kept in found if kept is not None), key=lambda kept: kept.at)


def outdated(backups: Sequence[Kept], now: datetime, keep: timedelta) -> list[Kept]:
    """Return which of them are to go: the newest never is."""
    return [kept for kept in backups[:-1] if now - kept.at > keep]


def _read(file: Path, node: str) -> Kept | None:
    named = _NAME.fullmatch(file.name)
    if named is None or named["node"] != node:
        return None
    try:
        at = datetime.strptime(named["at"], _STAMP).replace(tzinfo=UTC)
        return Kept(file=file, at=at, size=file.stat().st_size)
    except (ValueError, FileNotFoundError):  # no date, or gone meanwhile
        return None
