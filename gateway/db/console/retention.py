"""What is too old of who looked and acted.

What strangers tried, with their address, ends earlier than what was done: it proves nothing.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select

from gateway.db.console.audit import STRANGER
from gateway.db.retention import Step, drop, keys_by
from gateway.db.tables import AUDIT_ENTRIES
from gateway.domain.cutoffs import Cutoffs


def _entries(cutoffs: Cutoffs) -> Select[Any]:
    at = AUDIT_ENTRIES.c.at
    tried = and_(AUDIT_ENTRIES.c.actor == STRANGER, at < cutoffs.delivery)
    return select(AUDIT_ENTRIES.c.key).where(or_(at < cutoffs.evidence, tried))


ACCESS_STEPS: Final = (
    Step(
        name="entries of the audit log",
        before=attrgetter("evidence"),
        keep="evidence",
        find=keys_by(_entries),
        prune=drop(AUDIT_ENTRIES),
    ),
)
