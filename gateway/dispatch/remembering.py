"""What a message that went out says about its person: by which line it knows the store now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.db.holding import hold_others
from gateway.db.jobs import JobRecord
from gateway.db.known_lines import KnownLines
from gateway.domain.ids import LineId, is_carrier


def remember(
    connection: Connection, known: KnownLines, job: JobRecord, line: LineId, now: datetime
) -> None:
    """Write that a message went out, so that what comes next to the person goes out on that line.

    What only one line might send, such as the answer to a STOP and what the law leaves to a
    carrier, says nothing of the line that the store writes from.
    """
    if job.only_line is not None or is_carrier(line):
        return
    if known.note(connection, job.store, job.recipient, line, now):
        hold_others(connection, job, line)
