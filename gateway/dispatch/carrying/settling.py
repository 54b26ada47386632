"""What is written of a job at a carrier. Each function is one transaction's work.

A carrier knows messages, not parts: all parts of a job fare alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.carrier import Accepted, Carried, CarriedState
from gateway.db.carriages import (
    CarriageRecord,
    change_carriage,
    known_ids,
    open_carriage,
)
from gateway.db.jobs import JobRecord
from gateway.db.noting import note
from gateway.db.parts import change_part, read_job_with_parts
from gateway.dispatch.carrying.times import (
    FIRST_LOOK,
    IN_FLIGHT,
    LATE,
    SKEW,
    next_look,
)
from gateway.dispatch.progress import DoubtPolicy, report_due
from gateway.dispatch.telling import follow_parts
from gateway.domain.ids import CarriedId, JobKey, LineId
from gateway.domain.measures import UNKNOWN, Counted
from gateway.domain.states import PartState

NOT_OBTAINABLE: Final = 0x43
"""TP-Status of a number that nobody can be reached under (3GPP TS 23.040 clause 9.2.3.15), by which
`gateway.consent.deactivation` knows one that is nobody's."""

FINAL: Final = frozenset({CarriedState.DELIVERED, CarriedState.UNDELIVERED})

_OPEN: Final = frozenset({PartState.SENT, PartState.UNCONFIRMED})

_STATES: Final = {
    CarriedState.DELIVERED: PartState.DELIVERED,
    CarriedState.UNDELIVERED: PartState.UNDELIVERED,
}
"""What parts become; all else proves that the carrier has them."""


def intend_carriage(connection: Connection, job: JobKey, line: LineId, now: datetime) -> None:
    """Write, beside the intents of its parts, that a job is being handed to a carrier."""
    open_carriage(connection, job, line, now=now, look_at=now + IN_FLIGHT)


def settle_accepted(
    connection: Connection,
    job: JobRecord,
    accepted: Accepted,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Write what a carrier calls a job that it took; its parts are told to be sent already."""
    open_still = job.report and accepted.state not in FINAL
    change_carriage(
        connection,
        job.key,
        carried_id=accepted.id,
        look_at=now + FIRST_LOOK if open_still else None,
    )
    if accepted.state in FINAL:
        _move(connection, job.key, accepted.state, accepted.reason, policy=policy, now=now)


def settle_looks(
    connection: Connection,
    asked: Iterable[CarriageRecord],
    known: Mapping[CarriedId, Carried],
    listed: Sequence[Carried],
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> int:
    """Write what a carrier told of jobs; return how many have come to their end.

    Args:
        connection: the transaction.
        asked: the jobs that it was asked about.
        known: what it told, by the id that we know.
        listed: what it has of late, for those whose answer was lost.
        policy: what is done about parts in doubt.
        now: the current instant.
    """
    ended = 0
    for record in asked:
        if record.carried_id is None:
            carried = _recognise(connection, record, listed)
        else:
            carried = known.get(record.carried_id)
        ended += _settle(connection, record, carried, policy=policy, now=now)
    return ended


def _settle(
    connection: Connection,
    record: CarriageRecord,
    carried: Carried | None,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> bool:
    ended = carried is not None and carried.state in FINAL
    enough = ended or (carried is not None and not record.report)
    over = enough or now >= report_due(record.handed_at, record.expires_at)
    kept = change_carriage(
        connection,
        record.job_key,
        carried_id=record.carried_id if carried is None else carried.id,
        look_at=None if over else next_look(now, record.handed_at),
    )
    if not kept:  # its person was erased while the carrier was asked
        return False
    if carried is not None:
        status = NOT_OBTAINABLE if carried.nobody else None
        _move(
            connection,
            record.job_key,
            carried.state,
            carried.reason,
            status=status,
            policy=policy,
            now=now,
        )
    return ended


def _recognise(
    connection: Connection, record: CarriageRecord, listed: Sequence[Carried]
) -> Carried | None:
    """Return the message that a job whose answer was lost must be; None when it is not there.

    Of several it is the one that was taken nearest to the intent, and none that is another job's.
    """
    alike = [
        carried
        for carried in listed
        if carried.recipient == record.recipient
        and _words(carried.text) == _words(record.text)
        and record.handed_at - SKEW <= carried.created_at <= record.handed_at + LATE
    ]
    taken = known_ids(connection, [carried.id for carried in alike])
    free = [carried for carried in alike if carried.id not in taken]
    return min(free, key=lambda one: abs(one.created_at - record.handed_at), default=None)


def _words(text: str) -> list[str]:
    """Return a text without its white space, which providers trim."""
    return text.split()


def _move(
    connection: Connection,
    key: JobKey,
    state: CarriedState,
    reason: str | None,
    *,
    status: int | None = None,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Bring the parts of a job to where the carrier says they are.

    Args:
        connection: the transaction.
        key: the job.
        state: how far the message has come.
        reason: words for the status.
        status: the TP-Status that a network would have said it with, where there is one.
        policy: what is done about parts in doubt.
        now: the current instant.
    """
    job, parts = read_job_with_parts(connection, key)
    target = _STATES.get(state, PartState.SENT)
    moving = [part for part in parts if part.state in _OPEN and part.state is not target]
    for part in moving:
        settled = now if state in FINAL else None
        change_part(connection, part.key, state=target, status=status, settled_at=settled)
    if moving:
        follow_parts(connection, key, policy=policy, now=now, reason=reason)
        modem = job.modem or UNKNOWN
        note(connection, Counted.REPORTS, modem, target.value, by=len(moving))
