"""Campaigns of a shop, over a real queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from support.deciding import LONDON, Deciding
from support.known import put_person
from support.world import ACME, IDENTITIES, change

from gateway.commerce.campaigns import Campaigns, campaign_of
from gateway.commerce.campaigns.dealing import Dealer
from gateway.commerce.campaigns.engine import CampaignEngine
from gateway.commerce.campaigns.launching import Launched, Launcher
from gateway.commerce.campaigns.parsing import parse_campaign
from gateway.commerce.campaigns.preparing import Prepared
from gateway.commerce.campaigns.scheduling import Scheduler
from gateway.commerce.campaigns.stopping import STEERS, may_go
from gateway.commerce.content import ShopContent
from gateway.commerce.coupons import Pool
from gateway.commerce.segments import Segment
from gateway.commerce.templates import Library, parse_template
from gateway.db.commerce.campaign_members import count_members
from gateway.db.commerce.campaigns import CampaignRecord, CampaignState, find_campaign
from gateway.db.commerce.decisions import Decision, decisions_of
from gateway.db.tables import JOBS
from gateway.dispatch import ChangeRequest
from gateway.domain.ids import JobId, PersonId

SALE = 'segment = "all"\ntemplate = "hello"\nholdout = 0\n'
SPRING = "spring"


def number(which: int) -> str:
    """The number of a person."""
    return f"+447700{900000 + which}"


@dataclass
class Campaigning:
    """What a test of campaigns touches."""

    deciding: Deciding
    persons: list[PersonId] = field(default_factory=list)
    """Of the one segment."""
    hours_of: Callable[..., Any] = lambda *_: None
    pools: dict[str, Pool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.deciding.world
        world.gate.conditions["campaign"] = may_go
        dealer = Dealer(self.deciding.decider, world.context.gate)
        self.launcher = self.another_launcher()
        self.engine = self.another_engine(dealer)

    def another_launcher(self, per_hour: float = 100.0) -> Launcher:
        """What launches, where the lines send so many messages in an hour."""
        world = self.deciding.world
        return Launcher(
            database=world.database,
            clock=world.clock,
            members=self._members,
            scheduler=Scheduler(hours_of=lambda *a: self.hours_of(*a), per_hour=per_hour),
            decider=self.deciding.decider,
            identities=IDENTITIES,
            admission=world.admission,
        )

    def another_engine(self, dealer: Dealer | None = None) -> CampaignEngine:
        """The engine of another gateway on the same database, or of the next run."""
        world = self.deciding.world
        return CampaignEngine(
            database=world.database,
            clock=world.clock,
            dealer=dealer or Dealer(self.deciding.decider, world.context.gate),
            admission=world.admission,
            policy=world.context.policy,
        )

    def _members(
        self, connection: Connection, prepared: Prepared, now: datetime
    ) -> Iterator[PersonId]:
        yield from sorted(self.persons)

    def content(self, text: str = SALE, name: str = SPRING) -> ShopContent:
        """What the shop's folder says."""
        hello = parse_template("Hello!", name="hello", language="en")
        return ShopContent(
            store=ACME,
            zone=LONDON,
            country="GB",
            library=Library([hello]),
            segments={"all": Segment.parse("orders >= 0", name="all")},
            pools=self.pools,
            campaigns=Campaigns(specs={name: parse_campaign(name, text, LONDON)}),
        )

    async def know(self, count: int, first: int = 0, *, members: bool = True) -> None:
        """Let the store know persons who allow marketing."""
        numbers = [number(which) for which in range(first, first + count)]
        at = self.deciding.world.clock.now()

        def put(connection: Connection) -> None:
            for one in numbers:
                put_person(connection, ACME, IDENTITIES.of(one), one, at, first_name="Ada")

        await self.deciding.world.database.write(put)
        changes = tuple(change(number=one, person=IDENTITIES.of(one), at=at) for one in numbers)
        entry = ChangeRequest(store=ACME, id=JobId("consents"), changes=changes)
        assert await self.deciding.world.admit(entry) == [None]
        if members:
            self.persons += [IDENTITIES.of(one) for one in numbers]

    async def launch(self, text: str = SALE, name: str = SPRING) -> Launched:
        """Launch a campaign whose file has this text."""
        return await self.launcher.launch(self.content(text, name), name)

    async def steer(self, word: str, name: str = SPRING) -> CampaignState:
        """Pause, resume, stop or approve."""
        world = self.deciding.world
        now = world.clock.now()
        state = await world.database.write(lambda c: STEERS[word](c, ACME, name, now))
        world.admission.notify()
        return state

    async def record(self, name: str = SPRING) -> CampaignRecord:
        """Return a campaign as it stands."""
        found = await self.deciding.world.database.read(lambda c: find_campaign(c, ACME, name))
        assert found is not None
        return found

    async def decisions(self, name: str = SPRING) -> list[Decision]:
        """Return the decisions of a campaign."""
        campaign = campaign_of(name)
        return await self.deciding.world.database.read(
            lambda c: decisions_of(c, ACME, campaign, 10_000)
        )

    async def outcomes(self, name: str = SPRING) -> Counter[tuple[str, str | None]]:
        """Count decisions by outcome and reason."""
        return Counter((str(one.outcome), one.reason) for one in await self.decisions(name))

    async def states(self) -> Counter[str]:
        """Count the jobs by state."""
        query = select(JOBS.c.state, func.count()).group_by(JOBS.c.state)
        rows = await self.deciding.world.database.read(lambda c: c.execute(query).all())
        return Counter({str(state): jobs for state, jobs in rows})

    async def left(self, name: str = SPRING) -> int:
        """Return for how many nothing is decided yet."""
        key = (await self.record(name)).key
        return await self.deciding.world.database.read(lambda c: count_members(c, key))
