"""The database: sound, of this version, not grown out of its log, and with its keys."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.db.engine import SYNCHRONOUS, WAL_KEPT
from gateway.doctor.box import megabytes
from gateway.doctor.finding import Finding, warning, well, wrong

LOG_STUCK: Final = 8 * WAL_KEPT
"""Octets of a log that nobody empties: somebody reads for hours, or the disk takes nothing."""

SOUND: Final = "ok"
"""What SQLite says of a sound file."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseFacts:
    """What was seen of the database."""

    place: str
    """A file or a server, without a password."""
    exists: bool = True
    trouble: str = ""
    """Why it cannot be read; empty where it can."""
    revision: str | None = None
    """Of its schema; None where there are no tables."""
    known: tuple[str, ...] = ()
    """The revisions that this version knows, the newest last."""
    sound: str | None = SOUND
    """What SQLite said of the file; None: it is large, and was not looked through in time."""
    octets: int = 0
    log: int = 0
    """Octets of the write-ahead log."""
    process: int | None = None
    """Of the gateway that has it."""
    key: str = ""
    """The file of the keys."""
    key_mode: int | None = None
    """Its permissions; None: there is no such file."""


def judge(facts: DatabaseFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    if not facts.exists:
        yield well("database.none", f"there is none yet at {facts.place}; `shopbell run` makes it")
        return
    if facts.trouble:
        yield wrong(
            "database.unreadable",
            f"{facts.place} cannot be read: {facts.trouble}",
            "ask as the gateway's user or as root; a server has to run and take the login of "
            "[database]",
        )
    else:
        yield from _judge_file(facts)
        yield _judge_schema(facts)
    yield from _judge_key(facts)


def _judge_file(facts: DatabaseFacts) -> Iterator[Finding]:
    if facts.sound not in (SOUND, None):
        yield wrong(
            "database.damaged",
            f"{facts.place} is damaged: {facts.sound}",
            "stop the gateway, keep a copy of the file, and restore: `shopbell restore FILE`",
        )
    elif facts.octets:
        looked = "is sound" if facts.sound else "is large and was not looked through to its end"
        yield well(
            "database.sound",
            f"{facts.place} {looked}: {megabytes(facts.octets)}, synchronous {SYNCHRONOUS}",
        )
    if facts.log > LOG_STUCK:
        yield warning(
            "database.log",
            f"its log has grown to {megabytes(facts.log)} and is not emptied",
            "end whoever reads it for hours (`fuser -v` on the file names them), then start the "
            "gateway again",
        )


def _judge_schema(facts: DatabaseFacts) -> Finding:
    newest = facts.known[-1]
    said = f"its schema is {facts.revision}, and this version's {newest}"
    if facts.revision is not None and facts.revision > newest:
        return wrong(
            "database.newer",
            f"{said}: a newer Shopbell wrote it",
            "install that version again, or restore a backup of this one: `shopbell restore FILE`",
        )
    if facts.revision != newest:
        running = "restart the gateway" if facts.process is not None else "`shopbell migrate`"
        return warning(
            "database.older", said, f"{running}, which brings it up to date; see docs/upgrade.md"
        )
    return well("database.schema", f"its schema is this version's ({newest})")


def _judge_key(facts: DatabaseFacts) -> Iterator[Finding]:
    if facts.key_mode is None:
        yield wrong(
            "database.no_key",
            f"there is no {facts.key}, and without the keys the ledger of consent knows nobody",
            f"restore it from your backup to {facts.key}, for the gateway's user alone",
        )
    elif facts.key_mode & _OTHERS:
        yield wrong(
            "database.key_open",
            f"{facts.key} can be read by others than its owner (mode {facts.key_mode:04o})",
            f"`chmod 600 {facts.key}`",
        )
    else:
        yield well("database.key", f"{facts.key} is its owner's alone")
