"""Decisions about persons: one row each, whatever came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import Connection, bindparam, func, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import DECISIONS
from gateway.domain.ids import Campaign, JobId, PersonId, StoreName

DecisionKey = NewType("DecisionKey", int)
"""The database's number of a decision."""


class Outcome(StrEnum):
    """What came of a decision."""

    SENT = "sent"
    """It went into the queue."""
    HELD = "held"
    """The person is one of those left alone."""
    SKIPPED = "skipped"
    """It could not be sent; the reason says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was decided for a person."""

    store: StoreName
    campaign: Campaign
    trigger: str
    person: PersonId
    arm: str
    """Empty where there was nothing to choose from."""
    probability: float
    candidates: Mapping[str, float]
    policy: str
    outcome: Outcome
    decided_at: datetime
    reason: str | None = None
    job: JobId | None = None
    template: str | None = None
    coupon: str | None = None
    products: Sequence[str] = ()


_NAMED = Prepared(
    select(DECISIONS).where(
        DECISIONS.c.store == bindparam("store"),
        DECISIONS.c.campaign == bindparam("campaign"),
        DECISIONS.c.trigger == bindparam("trigger"),
    )
)
_OF_JOB = Prepared(
    select(DECISIONS).where(
        DECISIONS.c.store == bindparam("store"), DECISIONS.c.job == bindparam("job")
    )
)
_OF_CAMPAIGN = Prepared(
    select(DECISIONS)
    .where(DECISIONS.c.store == bindparam("store"), DECISIONS.c.campaign == bindparam("campaign"))
    .order_by(DECISIONS.c.decided_at)
    .limit(bindparam("most"))
)
_INSERT = Prepared(insert(DECISIONS).returning(DECISIONS.c.key))
_SETTLE = Prepared(
    update(DECISIONS)
    .where(DECISIONS.c.key == bindparam("which"))
    .values(
        outcome=bindparam("outcome"),
        reason=bindparam("reason"),
        job=bindparam("job"),
        coupon=bindparam("coupon"),
    )
)
_FOUND = Prepared(
    update(DECISIONS)
    .where(DECISIONS.c.store == bindparam("of"), DECISIONS.c.job == bindparam("named"))
    .values(reason=bindparam("reason"))
)


def find_decision(
    connection: Connection, store: StoreName, campaign: Campaign, trigger: str
) -> Decision | None:
    """Return the decision of a trigger, if it was made."""
    named = {"store": store, "campaign": campaign, "trigger": trigger}
    row = _NAMED.first(connection, named)
    return None if row is None else _decision(row)


def decision_of_job(connection: Connection, store: StoreName, job: JobId) -> Decision | None:
    """Return the decision that a job follows from, if it follows from one."""
    row = _OF_JOB.first(connection, {"store": store, "job": job})
    return None if row is None else _decision(row)


def first_decision(connection: Connection, store: StoreName, campaign: Campaign) -> datetime | None:
    """Return when a flow or a campaign decided for the first time; UTC, None where it never did."""
    of_it = (DECISIONS.c.store == store, DECISIONS.c.campaign == campaign)
    first: datetime | None = connection.scalar(
        select(func.min(DECISIONS.c.decided_at)).where(*of_it)
    )
    return first


def decisions_of(
    connection: Connection, store: StoreName, campaign: Campaign, most: int
) -> list[Decision]:
    """Return the first decisions of a flow or a campaign, ``most`` at most."""
    named = {"store": store, "campaign": campaign, "most": most}
    return [_decision(row) for row in _OF_CAMPAIGN.all(connection, named)]


def write_decision(connection: Connection, decision: Decision) -> DecisionKey:
    """Write a decision down; return its key, which coupons and links refer to."""
    row = {
        "store": decision.store,
        "campaign": decision.campaign,
        "trigger": decision.trigger,
        "person": decision.person,
        "arm": decision.arm,
        "probability": decision.probability,
        "candidates": json.dumps(dict(decision.candidates)),
        "policy": decision.policy,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "job": decision.job,
        "template": decision.template,
        "coupon": decision.coupon,
        "products": json.dumps(list(decision.products)),
        "decided_at": decision.decided_at,
    }
    written = _INSERT.first(connection, row)
    assert written is not None  # noqa: S101 -- an insert of one row always gives one
    return DecisionKey(written.key)


def settle_decision(connection: Connection, key: DecisionKey, decision: Decision) -> None:
    """Write what came of a decision, in the transaction that it was made in."""
    _SETTLE.run(
        connection,
        {
            "which": key,
            "outcome": decision.outcome,
            "reason": decision.reason,
            "job": decision.job,
            "coupon": decision.coupon,
        },
    )


def note_refusal(connection: Connection, store: StoreName, job: JobId, reason: str) -> None:
    """Write why the message of a decision was not handed over after all."""
    _FOUND.run(connection, {"of": store, "named": job, "reason": reason})


def _decision(row: Any) -> Decision:
    return Decision(
        store=row.store,
        campaign=row.campaign,
        trigger=row.trigger,
        person=row.person,
        arm=row.arm,
        probability=row.probability,
        candidates=json.loads(row.candidates),
        policy=row.policy,
        outcome=Outcome(row.outcome),
        decided_at=row.decided_at,
        reason=row.reason,
        job=row.job,
        template=row.template,
        coupon=row.coupon,
        products=tuple(json.loads(row.products)),
    )
