"""Named places in the way of a message at which a test may end the process.

A kill there is the only honest way to see what a crash at that very moment leaves behind. Unarmed,
a failpoint costs one comparison. Armed by the environment (see `gateway.settings`), never by a
configuration file.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum


class Failpoint(StrEnum):
    """The moments at which losing the process is worth a test (RELIABILITY.md, table A)."""

    JOB_RECEIVED = "job_received"
    JOB_COMMITTED = "job_committed"
    JOB_ACKNOWLEDGED = "job_acknowledged"
    JOB_CLAIMED = "job_claimed"
    PDU_WRITTEN = "pdu_written"
    INTENT_COMMITTED = "intent_committed"
    CTRL_Z_WRITTEN = "ctrl_z_written"
    SUBMIT_ANSWERED = "submit_answered"
    PART_SETTLED = "part_settled"
    """Between the parts of a long message."""
    REPORT_RECEIVED = "report_received"
    REPORT_COMMITTED = "report_committed"
    MESSAGE_RECEIVED = "message_received"
    MESSAGE_COMMITTED = "message_committed"
    FLOW_DUE = "flow_due"
    FLOW_SPREAD = "flow_spread"
    """Between two lots of those whom something concerns."""
    FLOW_DECIDED = "flow_decided"
    BACKUP_COPIED = "backup_copied"
    BACKUP_WRITTEN = "backup_written"
    """Whole, and under no name that anybody looks for."""
    RESTORE_STAGED = "restore_staged"
    RESTORE_DECIDED = "restore_decided"
    """From here on the new database is in force."""
    RESTORE_ASIDE = "restore_aside"
    """Between the old database and the new one."""
    RESTORE_PLACED = "restore_placed"
    EPOCH_BEGUN = "epoch_begun"
    """What a copy must not forget is in it."""
    MIGRATION_DONE = "migration_done"
    """All but its commit."""


_armed: dict[Failpoint, int] = {}


def arm(spec: str) -> None:
    """Arm from ``name`` or ``name@N``: the process is killed the N-th time it comes there.

    Raises:
        ValueError: there is no failpoint of that name, or N is no positive number.
    """
    name, _, count = spec.partition("@")
    _armed[Failpoint(name)] = max(1, int(count or 1))


def reach(point: Failpoint) -> None:
    """Say that the process has come to ``point``; it ends here when the point is armed."""
    if not _armed or point not in _armed:
        return
    _armed[point] -= 1
    if _armed[point] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
