"""The backups: is one made, and how old is the newest?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.backup.folder import backups_in
from gateway.doctor.finding import Finding, warning, well, wrong

LATE: Final = 2
"""Times the time between two; one that waits for a quiet moment is late and not overdue."""

_ELSEWHERE: Final = "and copy the newest to another place now and then"


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupFacts:
    """What was seen of the backups."""

    now: datetime
    server: bool
    """Whether the database is a server's, which has its own."""
    folder: str | None
    """Where they go; None: none is made."""
    every: timedelta
    newest: datetime | None = None
    same_disk: bool = False
    """Whether they lie on the disk of the database."""


def look(
    database: Path | None, folder: Path | None, node: str, every: timedelta, now: datetime
) -> BackupFacts:
    """Look at the folder of the backups.

    Args:
        database: its file; None where it is a server's.
        folder: where a gateway's backups go.
        node: the gateway.
        every: how much time there is between two.
        now: aware.
    """
    kept = [] if folder is None else backups_in(folder, node)
    return BackupFacts(
        now=now,
        server=database is None,
        folder=None if folder is None else str(folder),
        every=every,
        newest=kept[-1].at if kept else None,
        same_disk=_device(folder) == _device(None if database is None else database.parent),
    )


def judge(facts: BackupFacts) -> Iterator[Finding]:
    """Tell what is wrong with them."""
    if facts.server:
        yield well(
            "backups.server", "the database is a server's: its own programs back it up, not we"
        )
    elif facts.folder is None:
        yield warning(
            "backups.nobody",
            "no backup is made: with the disk go the queue, and who said no",
            "write `dir` into [backup], best on another disk; now: `shopbell backup FILE`",
        )
    elif facts.newest is None:
        yield warning(
            "backups.none",
            f"there is no backup in {facts.folder} yet",
            "a running gateway makes one within the hour; at once: `shopbell backup FILE`",
        )
    else:
        yield _judge_age(facts, facts.newest)


def _judge_age(facts: BackupFacts, newest: datetime) -> Finding:
    said = f"the newest backup is of {newest:%Y-%m-%d %H:%M} UTC"
    if facts.now - newest > LATE * facts.every:
        return wrong(
            "backups.old",
            f"{said}, and there should be one every {facts.every}",
            "`journalctl -u shopbell -g backup` tells why; by hand: `shopbell backup FILE`",
        )
    if facts.same_disk:
        return well("backups.newest", f"{said}, on the disk of the database; {_ELSEWHERE}")
    return well("backups.newest", said)


def _device(folder: Path | None) -> int | None:
    return folder.stat().st_dev if folder is not None and folder.exists() else None
