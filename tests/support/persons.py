"""Persons who write, and what a world made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from support.deliver import concat, deliver
from support.serving import served, until
from support.world import ACME, IDENTITIES, RECIPIENT, World, request

from gateway.db.consent import events_of
from gateway.db.jobs import JobRecord, record_of
from gateway.db.tables import JOBS
from gateway.dispatch import ChangeRequest
from gateway.domain.consent import Action, ConsentEvent, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, LineId, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.states import Stage
from gateway.modem import FakeModem

LINE = LineId("8944100000000000001")
BELA = StoreName("bela")
BOOKS = StoreName("books")
GERMAN = "+4915112345678"
AMERICAN = "+12025550123"


@dataclass(frozen=True)
class Person:
    """Somebody with a phone."""

    world: World
    number: str = RECIPIENT
    line: LineId = LINE

    async def writes(self, text: str, **fields: Any) -> None:
        """Let the person write; it comes in a second later."""
        self.world.clock.instant = self.world.clock.instant.replace(
            second=(self.world.clock.instant.second + 1) % 60
        )
        fields = {"sender": self.number, "at": self.world.clock.now()} | fields
        await self.world.dispatcher.message(self.line, deliver(text, **fields), None)

    async def writes_in_parts(self, *texts: str, **fields: Any) -> None:
        for place, text in enumerate(texts, 1):
            await self.writes(text, header=concat(place, len(texts)), **fields)

    async def history(self, store: StoreName = ACME) -> list[ConsentEvent]:
        """Return what the ledger holds of the person."""
        persons = IDENTITIES.all_of(self.number)
        found = await self.world.database.read(lambda c: events_of(c, store, persons))
        return [one.event for one in found]

    async def said(self, store: StoreName = ACME) -> list[tuple[str, str]]:
        """Return the same as actions and purposes."""
        return [(event.action.value, event.purpose) for event in await self.history(store)]

    async def answers(self) -> list[str]:
        """Return the texts of what we wrote to the person by ourselves, in order."""
        return [job.text for job in await own_jobs(self.world) if job.recipient == self.number]

    async def is_sent(
        self, job: str = "job-1", store: StoreName = ACME, line: LineId = LINE, **fields: Any
    ) -> None:
        """Let a store send the person a message on a line."""
        [refused] = await self.world.admit(request(job, store=store, to=self.number, **fields))
        assert refused is None
        await send_waiting(self.world, line)

    async def may_be_advertised_to(self, job: str, store: StoreName = ACME, **fields: Any) -> bool:
        """Tell whether a marketing job to the person is taken."""
        fields = {"to": self.number, "purpose": Purpose.MARKETING} | fields
        [refused] = await self.world.admit(request(job, store=store, **fields))
        return refused is None

    async def changes(
        self, action: Action = Action.GRANTED, store: StoreName = ACME, **fields: Any
    ) -> RejectedError | None:
        """Let a store tell of a change."""
        change = change_of(self, action, store, **fields)
        [refused] = await self.world.admit(
            ChangeRequest(store=store, id=JobId("c"), changes=(change,))
        )
        return refused


def change_of(person: Person, action: Action, store: StoreName, **fields: Any) -> Any:
    from support.world import change

    return change(
        action,
        number=person.number,
        store=store,
        **({"at": person.world.clock.now()} | fields),
    )


async def own_jobs(world: World) -> list[JobRecord]:
    """Return what the gateway wrote by itself, in order."""
    own = select(JOBS).where(JOBS.c.scope.in_([Scope.REPLY, Scope.OPT_IN])).order_by(JOBS.c.key)
    return await world.database.read(lambda c: [record_of(row) for row in c.execute(own)])


async def send_waiting(world: World, line: LineId = LINE) -> None:
    """Let a line send all that is ready."""

    async def idle() -> bool:
        busy = select(JOBS.c.key).where(JOBS.c.stage.in_([Stage.READY, Stage.CLAIMED]))
        return await world.database.read(lambda c: c.execute(busy).first()) is None

    async with served(world, FakeModem(f"m-{line[-4:]}", line)):
        await until(idle)
