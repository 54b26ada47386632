"""A shop's past, made up at random and written straight into the tables."""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert

from gateway.db.tables import (
    ARCHIVED,
    CLICKS,
    CONSENT_EVENTS,
    COUPONS,
    DECISIONS,
    HOT,
    LANES,
    LINES,
    LINKS,
    ORDERS,
)

STORE = "acme"
BEGIN = datetime(2026, 10, 1, 8, tzinfo=UTC)
ARMS = {"holdout": 0.2, "plain": 0.4, "offer": 0.4}
MODEMS = {"8944000000000000001": "m0", "8944000000000000002": "m1"}
STATUSES = (*("placed",) * 8, "processing", "refunded", "cancelled", "failed")
"""Of orders; the last two are none."""
STATES = ("delivered", "delivered", "delivered", "sent", "undelivered", "failed", "expired")


def at(random: randomness.Random, begin: datetime, hours: float) -> datetime:
    """An instant at most so many hours later, to the millisecond."""
    return begin + timedelta(milliseconds=random.randint(1, int(hours * 3_600_000)))


@dataclass
class Past:
    """Rows of every table that a report reads."""

    connection: Connection
    persons: int
    seed: int = 1
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    key: int = 0

    def __post_init__(self) -> None:
        self.random = randomness.Random(self.seed)

    def write(self) -> None:
        """Make it up, and write it."""
        seen = BEGIN - timedelta(days=30)
        lines = [{"id": line, "modem": name, "seen_at": seen} for line, name in MODEMS.items()]
        self.connection.execute(insert(LINES), lines)
        self.connection.execute(insert(LANES), _LANE)
        for number in range(self.persons):
            self._person(f"person-{number}", f"+4477009{number:05}")

    def _next(self) -> int:
        self.key += 1
        return self.key

    def _insert(self, table: Any, **row: Any) -> None:
        self.connection.execute(insert(table), row)

    def _person(self, person: str, number: str) -> None:
        random = self.random
        for campaign in ("campaign.sale", "flow.cart"):
            if random.random() < 0.8:
                self._decision(person, number, campaign)
        for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
            self._order(person, None, at(random, BEGIN - timedelta(days=3), 24 * 30))
        if random.random() < 0.4:
            self._no(person, at(random, BEGIN, 24 * 20))

    def _decision(self, person: str, number: str, campaign: str) -> None:
        random, key = self.random, self._next()
        [arm] = random.choices(list(ARMS), list(ARMS.values()))
        barred = random.random() < 0.1
        decided_at = at(random, BEGIN, 24 * 12)
        outcome = "skipped" if barred else "held" if arm == "holdout" else "sent"
        job = f"{campaign}.{key}" if outcome == "sent" else None
        self._insert(
            DECISIONS,
            key=key,
            store=STORE,
            campaign=campaign,
            trigger=person,
            person=person,
            arm="" if barred else arm,
            probability=ARMS[arm],
            candidates="{}",
            policy="hash",
            outcome=outcome,
            reason="no_consent" if barred else None,
            job=job,
            products="[]",
            decided_at=decided_at,
        )
        if job is not None:
            self._message(key, person, number, campaign, job, decided_at)

    def _message(
        self, decision: int, person: str, number: str, campaign: str, job: str, begin: datetime
    ) -> None:
        random = self.random
        sheaf = random.choice((HOT, ARCHIVED))
        state = random.choice(STATES)
        sent_at = at(random, begin, 10)
        self._job(sheaf, decision, number, campaign, job, begin, state)
        for place in range(1, random.choice((1, 1, 2)) + 1):
            self._part(sheaf, decision, place, state, sent_at, number)
        if random.random() < 0.5:  # about when a touch ends
            self._order(person, None, at(random, sent_at, 24 * random.choice((2, 6))))
        if random.random() < 0.4:
            self._link(decision, person, campaign, job, sent_at)
        if random.random() < 0.1:
            self._coupon(decision, person, sent_at)

    def _job(
        self,
        sheaf: Any,
        key: int,
        number: str,
        campaign: str,
        job: str,
        begin: datetime,
        state: str,
    ) -> None:
        self._insert(
            sheaf.jobs,
            key=key,
            store=STORE,
            id=job,
            digest=b"d",
            recipient=number,
            text="Hello",
            purpose="marketing",
            urgency=2,
            report=True,
            accepted_at=begin,
            not_before=begin,
            state=state,
            stage="done",
            expires_at=begin + timedelta(days=9),
            seq=3,
            tries=0,
            lane=1,
            campaign=campaign,
        )

    def _part(
        self, sheaf: Any, job: int, place: int, state: str, sent_at: datetime, number: str
    ) -> None:
        random, key = self.random, self._next()
        line = random.choice(list(MODEMS))
        handed = state != "expired"
        self._insert(
            sheaf.parts,
            key=key,
            job_key=job,
            number=place,
            tail=number[-8:],
            state="waiting" if not handed else state,
            line=line if handed else None,
            handed_at=sent_at + timedelta(seconds=place) if handed else None,
            settled_at=at(random, sent_at, 20) if state == "delivered" else None,
        )
        for outcome in _outcomes(random, state) if handed else ():
            self._insert(
                sheaf.attempts,
                key=self._next(),
                part_key=key,
                node="box",
                line=line,
                modem=MODEMS[line],
                repeat=False,
                outcome=outcome,
                intended_at=sent_at,
            )

    def _link(self, decision: int, person: str, campaign: str, job: str, sent_at: datetime) -> None:
        random, token = self.random, f"t{decision}"
        shared = random.random() < 0.3
        self._insert(
            LINKS,
            token=token,
            store=STORE,
            url="https://shop.example/x",
            kind="page",
            level="aggregate" if shared else "individual",
            decision_key=None if shared else decision,
            job=None if shared else job,
            person=None if shared else person,
            campaign=campaign,
            created_at=sent_at,
            expires_at=sent_at + timedelta(days=90),
        )
        for _ in range(random.choice((0, 1, 2))):
            machine = random.random() < 0.3
            clicked_at = at(random, sent_at, 24 * 6)
            self._insert(CLICKS, token=token, store=STORE, at=clicked_at, machine=machine)

    def _coupon(self, decision: int, person: str, given_at: datetime) -> None:
        redeemed = self.random.random() < 0.6
        order = f"order-{self._next()}"
        redeemed_at = at(self.random, given_at, 24 * 12)
        self._insert(
            COUPONS,
            store=STORE,
            pool="save",
            code=f"SAVE-{decision}",
            person=person,
            decision_key=decision,
            kind="single",
            folded=f"save-{decision}",
            given_at=given_at,
            redeemed_at=redeemed_at if redeemed else None,
            order_id=order if redeemed else None,
        )
        if redeemed:
            buyer = person if self.random.random() < 0.7 else "somebody-else"
            self._order(buyer, order, redeemed_at)

    def _order(self, person: str, order: str | None, placed_at: datetime) -> None:
        random = self.random
        revenue = Decimal(random.randint(500, 20_000)) / 100
        back = random.choice((None, None, None, Decimal("3.33"), revenue + 5))
        self._insert(
            ORDERS,
            store=STORE,
            order_id=order or f"order-{self._next()}",
            person=person,
            placed_at=placed_at,
            status=random.choice(STATUSES),
            status_at=placed_at,
            total=revenue + 5,
            revenue=revenue,
            refunded=back,
            currency="EUR" if random.random() < 0.1 else "GBP",
            items=1,
            changed_at=placed_at,
        )

    def _no(self, person: str, said_at: datetime) -> None:
        random = self.random
        key = self._next()
        self._insert(
            CONSENT_EVENTS,
            store=STORE,
            person=person,
            at=said_at,
            recorded_at=said_at,
            purpose=random.choice(("marketing", "marketing.offers", "all", "tracking")),
            action=random.choice(("withdrawn", "objected", "granted")),
            digest=bytes(32),
            previous=key.to_bytes(32),
            hash=bytes(32),
        )


def _outcomes(random: randomness.Random, state: str) -> Iterator[str]:
    if state == "failed":
        yield "not_sent"
        return
    if random.random() < 0.1:
        yield "unknown"
    yield "sent"


_LANE = {
    "key": 1,
    "urgency": 2,
    "store": STORE,
    "campaign": "",
    "destination": "44",
    "network": "",
}
