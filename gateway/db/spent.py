"""Names of jobs that are kept no more.

With the store, an id names a job for ever (CONTRACT.md section 4): the same job again must not be
sent again, also when all else of it is gone. What stays is a keyed fingerprint of the id and of
what was asked for: without the key nobody can try out which number, text or id it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.jobs import JobName, JobRecord
from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import SPENT_JOBS
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import PartCounts
from gateway.domain.states import JobState
from scoring.pseudonym import pseudonym


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What is still known of such a job."""

    digest: str
    state: JobState
    seq: int
    parts: PartCounts
    reason: str | None
    spent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SpentName:
    """Such a name, as it is kept where the database is not."""

    store: StoreName
    name: str
    """A fingerprint."""
    digest: str
    """A fingerprint."""
    seq: int
    """Of the last status."""
    parts: int


class SpentJobs:
    """Writes and finds the names.

    Args:
        keys: of the pseudonyms, the one in use first; see `gateway.db.key`.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def write(
        self, connection: Connection, jobs: Iterable[tuple[JobRecord, PartCounts]], now: datetime
    ) -> None:
        """Keep the names of jobs that are about to go, each with what became of its parts."""
        key = self._keys[0]
        rows = [
            {
                "store": job.store,
                "name": _name(key, job.store, job.id),
                "digest": _digest(key, job.digest),
                "state": job.state,
                "seq": job.seq,
                "total": parts.total,
                "sent": parts.sent,
                "delivered": parts.delivered,
                "reason": job.reason,
                "spent_at": now,
            }
            for job, parts in jobs
        ]
        connection.execute(_unless_known(connection), rows)

    def write_unseen(
        self,
        connection: Connection,
        names: Iterable[SpentName],
        state: JobState,
        reason: str,
        now: datetime,
    ) -> int:
        """Keep names of jobs that this database has never seen; return how many.

        Args:
            connection: the transaction.
            names: as another life of the database knew them.
            state: what is told of such a job when it comes again.
            reason: words for that.
            now: the instant of it.
        """
        rows = [
            {
                "store": name.store,
                "name": name.name,
                "digest": name.digest,
                "state": state,
                "seq": name.seq,
                "total": name.parts,
                "sent": 0,
                "delivered": 0,
                "reason": reason,
                "spent_at": now,
            }
            for name in names
        ]
        if rows:
            connection.execute(_unless_known(connection), rows)
        return len(rows)

    def names_of(self, store: StoreName, job: JobId) -> tuple[str, ...]:
        """Return the fingerprints of a job's name, that under the key in use first."""
        return tuple(_name(key, store, job) for key in self._keys)

    def digest_of(self, digest: bytes) -> str:
        """Return the fingerprint of what was asked for, under the key in use."""
        return _digest(self._keys[0], digest)

    def find(self, connection: Connection, jobs: Sequence[JobName]) -> dict[JobName, Spent]:
        """Return what is known of those of these jobs that are kept no more."""
        found: dict[JobName, Spent] = {}
        for store in dict.fromkeys(store for store, _ in jobs):
            names = {
                _name(key, store, job): job
                for whose, job in jobs
                if whose == store
                for key in self._keys
            }
            for lot in in_lots(list(names)):
                for row in _find(len(lot)).all(connection, {"store": store, **by_place(lot)}):
                    found[store, names[row.name]] = _spent(row)
        return found

    def is_same(self, spent: Spent, digest: bytes) -> bool:
        """Tell whether a job with this digest is the one that is gone."""
        return any(_digest(key, digest) == spent.digest for key in self._keys)


def _unless_known(connection: Connection) -> Any:
    """Return what writes names; one that is there already stays as it is.

    A restored copy may hold a job whose name another life of it has spent.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(SPENT_JOBS).on_conflict_do_nothing()


def _spent(row: Any) -> Spent:
    return Spent(
        digest=row.digest,
        state=JobState(row.state),
        seq=row.seq,
        parts=PartCounts(total=row.total, sent=row.sent, delivered=row.delivered),
        reason=row.reason,
        spent_at=row.spent_at,
    )


@cache
def _find(names: int) -> Prepared:
    return Prepared(
        select(SPENT_JOBS).where(
            SPENT_JOBS.c.store == bindparam("store"), one_of(SPENT_JOBS.c.name, names)
        )
    )


def _name(key: bytes, store: str, job: str) -> str:
    """Return the name: as the lake knows the job's messages."""
    return pseudonym(key, "message", f"{store}/{job}")


def _digest(key: bytes, digest: bytes) -> str:
    return pseudonym(key, "job", digest.hex())
