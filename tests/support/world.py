"""A queue on a real database with a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.app.listening import InTurn
from gateway.commerce.coupons import note_coupon
from gateway.commerce.gate import CommerceGate
from gateway.commerce.shop import CommerceDesk, Listener
from gateway.consent.answers import Voices
from gateway.consent.case import Rule
from gateway.consent.country import load_policies
from gateway.consent.gate import ConsentGate
from gateway.consent.identity import Identities
from gateway.consent.listening import KeywordListener, OptIns
from gateway.consent.permission import ConsentRules, Permission
from gateway.consent.rulebook import Rulebook, Stated
from gateway.consent.shop import ShopDesk
from gateway.consent.wording.rule import StoreWording
from gateway.db import Database
from gateway.db.events import TakenEvents
from gateway.db.jobs import JobRecord, find_job
from gateway.db.known_lines import KnownLines
from gateway.db.outbox import read_letters
from gateway.db.parts import PartRecord, read_parts
from gateway.db.spent import SpentJobs
from gateway.dispatch import (
    Admission,
    CancelRequest,
    ChangeRequest,
    Context,
    Dispatcher,
    DoubtPolicy,
    Entry,
    Fleet,
    InboundPlan,
    LinePlan,
    Timekeeper,
)
from gateway.dispatch.desk import Desk
from gateway.dispatch.events import Events
from gateway.dispatch.holding import Holding
from gateway.dispatch.listener import Listener as Hears
from gateway.dispatch.routing import CostRouter
from gateway.dispatch.tending import Tending
from gateway.dispatch.terms import FreeLines
from gateway.dispatch.unserved import Unserved
from gateway.dispatch.writing import NO_TEMPLATES, Writer
from gateway.domain.clock import ManualClock
from gateway.domain.consent import Action, Change, ConsentEvent, Method
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import JobRequest
from gateway.domain.purpose import Purpose
from gateway.meter import Tally

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACME = StoreName("acme")
KEYS = [b"k" * 32]
IDENTITIES = Identities(KEYS)
ACME_WORDING = StoreWording(brand="Acme", country="GB", help_contact="help@acme.example")
RECIPIENT = "+447700900123"


def request(job: str = "order-1", **fields: Any) -> JobRequest:
    """A well-formed request of the store acme."""
    values: dict[str, Any] = {
        "store": ACME,
        "id": JobId(job),
        "to": RECIPIENT,
        "text": "Your order has shipped.",
        "purpose": Purpose.TRANSACTIONAL,
    }
    return JobRequest(**(values | fields))


def change(action: Action = Action.GRANTED, *, number: str = RECIPIENT, **fields: Any) -> Change:
    """What a person changes with the store acme."""
    values: dict[str, Any] = {
        "store": ACME,
        "person": IDENTITIES.of(number),
        "purpose": "marketing",
        "action": action,
        "method": Method.FORM,
        "at": START,
    }
    return Change(event=ConsentEvent(**(values | fields)), number=number)


@dataclass
class World:
    """What a test of dispatch touches."""

    database: Database
    plans: dict[str, LinePlan] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    rules: tuple[Rule, ...] = ()
    """Of the gate, behind that of permission."""
    stores: dict[StoreName, StoreWording] = field(default_factory=lambda: {ACME: ACME_WORDING})
    stated: Stated | None = None
    """With it, all the rules of the gate hold; without it, the ledger's alone."""
    questions: Hears | None = None
    """Hears what no keyword is in."""
    writer: Writer = NO_TEMPLATES
    """Words jobs that come as a template."""
    listeners: Sequence[Listener] = ()
    """Told of what happens in the shop."""

    def __post_init__(self) -> None:
        voices = Voices(self)
        self.rulebook = None if self.stated is None else Rulebook(IDENTITIES, self.stated)
        alone = ConsentGate(IDENTITIES, [Permission(lambda _: ConsentRules()), *self.rules])
        self.gate = CommerceGate(alone if self.rulebook is None else self.rulebook.gate)
        keywords = KeywordListener(IDENTITIES, voices, load_policies())
        self.meter = Tally()
        self.database.tell(self.meter)
        self.context = Context(
            database=self.database,
            clock=self.clock,
            meter=self.meter,
            node="box-1",
            zone=UTC,
            gate=self.gate,
            lines=FreeLines() if self.rulebook is None else self.rulebook.lines,
            policy=DoubtPolicy(),
            spent=SpentJobs(KEYS),
            known=KnownLines(KEYS),
            opt_ins=OptIns(IDENTITIES, voices),
            inbound=InboundPlan(
                stores=tuple(self.stores),
                country="GB",
                listener=InTurn(list(filter(None, (keywords, self.questions)))),
            ),
        )
        self.router = CostRouter()
        self.desk = Desk(self.context, self.router)
        fleet = Fleet(plans=self.plans)
        self.holding = Holding(
            self.context.known,
            self.desk,
            self.router,
            node=self.context.node,
            wait=timedelta(minutes=10),
        )
        self.consents = ShopDesk(IDENTITIES)
        self.shop = CommerceDesk(self.consents, IDENTITIES, [note_coupon, *self.listeners])
        self.admission = Admission(
            database=self.database,
            clock=self.clock,
            countries={name: store.country for name, store in self.stores.items()},
            gate=self.context.gate,
            policy=self.context.policy,
            opt_ins=self.context.opt_ins,
            destinations=self.context.destinations,
            spent=self.context.spent,
            holding=self.holding,
            writer=self.writer,
            events=Events(self.shop, TakenEvents(KEYS)),
            queue_changed=self.context.queue_changed,
            outbox_changed=self.context.outbox_changed,
        )
        self.dispatcher = Dispatcher(self.context, fleet, self.desk)
        unserved = Unserved(fleet=fleet, router=self.router)
        self.timekeeper = Timekeeper(self.context, Tending(self.context, self.holding, unserved))

    async def admit(self, *entries: Entry) -> list[RejectedError | None]:
        """Admit entries in one batch."""
        return await self.admission.admit(entries)

    async def accept(self, job: str = "order-1", **fields: Any) -> None:
        """Admit a job that must be taken."""
        assert await self.admit(request(job, **fields)) == [None]

    async def allow(self, action: Action = Action.GRANTED, **fields: Any) -> None:
        """Let the person change what is allowed, as any door does."""
        assert await self.admit(
            ChangeRequest(
                store=ACME, id=JobId("c"), changes=(change(action, at=self.clock.now(), **fields),)
            )
        ) == [None]

    async def cancel(self, job: str = "order-1") -> RejectedError | None:
        """Take a job back."""
        [refused] = await self.admit(CancelRequest(store=ACME, id=JobId(job)))
        return refused

    async def advance(self, **by: float) -> None:
        """Let time pass, and what is due then happen."""
        self.clock.instant += timedelta(**by)
        await self.timekeeper.tick()

    async def job(self, job: str = "order-1") -> JobRecord:
        """Return a job as it stands."""
        found = await self.database.read(lambda c: find_job(c, ACME, JobId(job)))
        assert found is not None
        return found

    async def parts(self, job: str = "order-1") -> list[PartRecord]:
        """Return a job's parts as they stand."""
        key = (await self.job(job)).key
        return await self.database.read(lambda c: read_parts(c, key))

    async def said(self, kind: str = "status") -> list[dict[str, Any]]:
        """Return what the outbox holds of a kind, in order."""
        letters = await self.database.read(lambda c: read_letters(c, 0, 10_000))
        return [json.loads(letter.body) for letter in letters if letter.kind == kind]

    async def states(self, job: str = "order-1") -> list[str]:
        """Return the states that the store was told of a job, in order."""
        told = [status for status in await self.said() if status["id"] == job]
        assert [status["seq"] for status in told] == list(range(1, len(told) + 1))
        return [status["state"] for status in told]
