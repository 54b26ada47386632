"""Makes of a copy what may go on: one transaction's work, before anything else is done with it.

What the diary says was handed over is in doubt, and is never repeated. What persons took back since
holds, and who was erased since is erased again. All else that waits is held until the operator says
what shall become of it: a diary can be lost with its disk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.backup.diary import Handed, Refused
from gateway.consent.identity import Identities
from gateway.db.attempts import count_attempts
from gateway.db.console.happened import numbers_in
from gateway.db.console.held import note_attempt, note_held, waiting_lots
from gateway.db.jobs import JobRecord, change_job
from gateway.db.parts import PartRecord, change_part, read_parts
from gateway.db.spent import SpentJobs, SpentName
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.progress import MAX_ATTEMPTS, DoubtPolicy
from gateway.dispatch.recovery import recover
from gateway.dispatch.restored.knowledge import Knowledge, Name
from gateway.dispatch.telling import counts_of, follow_parts, tell
from gateway.domain.consent import Change, ConsentEvent, Method
from gateway.domain.ids import LineId, PersonId
from gateway.domain.job import NEVER
from gateway.domain.states import WAITING, JobState, PartState, Stage

LOT: Final = 500
"""Jobs that are read at once."""

HANDED_REASON: Final = "it was handed over before the database was restored, to what end is lost"
HELD_REASON: Final = "the database was restored from a backup; the operator decides"
ACTOR: Final = "restore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What became of a copy."""

    handed: int = 0
    """Jobs that waited in it and were handed over since; they are in doubt."""
    spent: int = 0
    """Jobs that it never knew and that were handed over; their names are spent."""
    taken_back: int = 0
    """What persons took back since, erasures among it."""
    held: int = 0
    """Jobs that wait for the operator's word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settler:
    """Settles copies.

    Attributes:
        spent: makes and keeps fingerprints of jobs.
        identities: who a number is.
        policy: what is done about parts in doubt elsewhere; of a copy none is repeated.
        node: the gateway.
    """

    spent: SpentJobs
    identities: Identities
    policy: DoubtPolicy
    node: str

    def settle(self, connection: Connection, knowledge: Knowledge, now: datetime) -> Settled:
        """Do all of it; nobody may be at work on the database."""
        recover(connection, policy=self.policy, now=now)
        return self._apply(connection, knowledge, now, hold=True)

    def add(self, connection: Connection, knowledge: Knowledge, now: datetime) -> Settled:
        """Add what a diary knows to a copy that was settled without it; others may be at work."""
        return self._apply(connection, knowledge, now, hold=False)

    def _apply(
        self, connection: Connection, knowledge: Knowledge, now: datetime, *, hold: bool
    ) -> Settled:
        self._take_back(connection, knowledge.refused, now)
        handed, held = self._look_through(connection, knowledge.handed, now, hold=hold)
        unknown = [entry for name, entry in knowledge.handed.items() if name not in handed]
        spent = self.spent.write_unseen(
            connection, map(_name_of, unknown), JobState.UNCONFIRMED, HANDED_REASON, now
        )
        return Settled(
            handed=len(handed), spent=spent, taken_back=len(knowledge.refused), held=held
        )

    def _take_back(self, connection: Connection, refused: Sequence[Refused], now: datetime) -> None:
        numbers = self._numbers(connection, {one.person for one in refused})
        changes = [_change(one, numbers.get(one.person)) for one in refused]
        take_changes(connection, changes, policy=self.policy, now=now)

    def _numbers(
        self, connection: Connection, persons: Collection[PersonId]
    ) -> Mapping[PersonId, str]:
        """Return the numbers of persons that the copy knows: a diary names them by pseudonym."""
        if not persons:
            return {}
        return {
            person: number
            for number in numbers_in(connection)
            for person in self.identities.all_of(number)
            if person in persons
        }

    def _look_through(
        self,
        connection: Connection,
        handed: Mapping[Name, Handed],
        now: datetime,
        *,
        hold: bool,
    ) -> tuple[set[Name], int]:
        """Put in doubt what was handed over, and hold the rest; return which, and how many."""
        found: set[Name] = set()
        held = 0
        for lot in waiting_lots(connection, LOT):
            for job in lot:
                name = self._known_as(job, handed)
                if name is not None:
                    found.add(name)
                    self._doubt(connection, job, handed[name], now)
                elif hold:
                    held += self._hold(connection, job, now)
        return found, held

    def _known_as(self, job: JobRecord, handed: Mapping[Name, Handed]) -> Name | None:
        names = ((job.store, name) for name in self.spent.names_of(job.store, job.id))
        return next((name for name in names if name in handed), None)

    def _doubt(self, connection: Connection, job: JobRecord, entry: Handed, now: datetime) -> None:
        """Take all of a job for handed over: of a long message the last parts may be out too."""
        for part in read_parts(connection, job.key):
            if part.state is PartState.WAITING:
                values = {"line": entry.line, "handed_at": entry.at}
                change_part(connection, part.key, state=PartState.UNCONFIRMED, **values)
            if part.state in (PartState.WAITING, PartState.UNCONFIRMED):
                self._bar(connection, part, entry.line, entry.at)
        follow_parts(
            connection, job.key, policy=self.policy, now=now, reason=HANDED_REASON, release=True
        )

    def _hold(self, connection: Connection, job: JobRecord, now: datetime) -> bool:
        """Have a job wait for the operator; return whether it does. A doubt is never repeated."""
        parts = read_parts(connection, job.key)
        for part in parts:
            if part.state is PartState.UNCONFIRMED:
                self._bar(connection, part, part.line or LineId(""), part.handed_at or now)
        if not any(part.state is PartState.WAITING for part in parts):
            follow_parts(connection, job.key, policy=self.policy, now=now, release=True)
            return False
        note_held(connection, job)
        # So it falls due when it expires, and not before.
        change_job(connection, job.key, stage=Stage.SCHEDULED, not_before=job.expires_at)
        if job.state in WAITING and all(part.state is PartState.WAITING for part in parts):
            tell(
                connection,
                job,
                JobState.DEFERRED,
                counts_of(parts),
                now=now,
                reason=HELD_REASON,
                not_before=None if job.expires_at == NEVER else job.expires_at,
            )
        return True

    def _bar(self, connection: Connection, part: PartRecord, line: LineId, at: datetime) -> None:
        """Count so many attempts of a part in doubt that no policy repeats it."""
        for _ in range(count_attempts(connection, part.key), MAX_ATTEMPTS):
            note_attempt(connection, part.key, line, self.node, at, HANDED_REASON)


def _name_of(entry: Handed) -> SpentName:
    return SpentName(
        store=entry.store,
        name=entry.name,
        digest=entry.digest,
        seq=entry.seq + 1,
        parts=entry.parts,
    )


def _change(refused: Refused, number: str | None) -> Change:
    event = ConsentEvent(
        store=refused.store,
        person=refused.person,
        purpose=refused.purpose,
        action=refused.action,
        method=Method.OPERATOR,
        at=refused.at,
        actor=ACTOR,
    )
    return Change(event=event, number=number)
