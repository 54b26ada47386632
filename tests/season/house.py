"""The gateway, put together as `gateway.app` does it, on the world's clock and without threads."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from looptime import LoopTimeEventLoop
from shop import Click, Reply, Told
from sqlalchemy import Connection
from support.inline import make_file
from support.timed import LoopClock

import gateway.dispatch.desk.desk as line_desk
from gateway.app.campaigns import make_asker
from gateway.app.commerce import Commerce
from gateway.app.forecasting import forecast
from gateway.app.law import keys_of, make_rules
from gateway.app.parts import line_plans
from gateway.app.queue import make_admission, make_context, make_shop_desk
from gateway.app.routing import make_holding, make_router, make_tending
from gateway.commerce.campaigns.document import Looked
from gateway.commerce.campaigns.outlook import look_out
from gateway.commerce.campaigns.preparing import prepare
from gateway.commerce.links.leaving import Leaving
from gateway.consent.identity import Identities
from gateway.db.scores import put_scores
from gateway.dispatch import Dispatcher, Fleet, Timekeeper, holding, vitals
from gateway.dispatch.entries import Entry, Refusal
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.question import Question
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.score import HOURS, BestHours, Score
from gateway.mqtt.events import parse_event
from gateway.settings import load
from gateway.web.links import LinkSite, Recorder
from season.browser import fetch
from season.database import SeasonDatabase
from season.network import Network, NetworkModem

STORE: Final = StoreName("acme")

CONFIGURATION: Final = """\
[gateway]
node = "box-1"
country = "GB"
currency = "GBP"
timezone = "Europe/London"

[database]
url = "sqlite:///shopbell.db"

[mqtt]
url = "mqtt://127.0.0.1:1883"

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
brand = "Acme"
help_contact = "help@acme.example"
currency = "GBP"
shop_dir = "shop"
answers = ["order-status"]

[links]
url = "https://s.example"
"""

MODEM: Final = """
[[modem]]
name = "m{place}"
port = "/dev/ttyNONE{place}"
rate = "{rate}"
jitter = false
tariff_permits_bulk = "yes"
cost = 0.04
"""


class House:
    """A gateway at work.

    Attributes:
        network: the other end of its modems.
        rejected: what it refused: the event's id and the code, and how often.
        fetched: how often the links answered with each status.
    """

    def __init__(self, folder: Path, database: SeasonDatabase, clock: LoopClock) -> None:
        settings = self.settings = load(folder / "shopbell.toml")
        self.shop_dir = folder / "shop"
        self.database, self.clock = database, clock
        self.network = Network(clock.now)
        self.rejected: Counter[tuple[str, str]] = Counter()
        rules = make_rules(settings)
        commerce = self.commerce = Commerce(settings, rules.gate)
        context = replace(
            make_context(
                settings, database, rules, gate=commerce.gate, questions=commerce.questions
            ),
            clock=clock,
        )
        fleet, router = Fleet(plans=line_plans(settings)), make_router(settings)
        desk = line_desk.Desk(context, router)
        holding = make_holding(settings, context, router, desk)
        self.dispatcher = Dispatcher(context, fleet, desk)
        heard = make_shop_desk(settings, commerce.listeners)
        self.admission = make_admission(settings, context, heard, holding, commerce.writer)
        self.works = commerce.put_to_work(context, self.admission)
        self._campaigns = commerce.campaign_desk(
            rules, context, self.admission, self.works, self._foresee
        )
        self.recorder = Recorder(database, context.outbox_changed)
        leaving = Leaving(database, self.admission, Identities(keys_of(settings)), clock)
        self.site = LinkSite(
            database,
            clock,
            note=self.recorder.note,
            leave=leaving.leave,
            brands={STORE: "Acme"},
        )
        self.fetched: Counter[int] = Counter()
        tending = make_tending(context, holding, fleet, router)
        self.timekeeper = Timekeeper(context, tending)
        self.modems = {
            f"m{place}": NetworkModem(place, self.network, lambda: self.dispatcher)
            for place in range(len(settings.modem))
        }

    async def tick(self) -> None:
        """Do what is due."""
        await self.timekeeper.tick()
        await self.works.flows.tick()
        await self.tick_campaigns()
        await self.recorder.flush()

    async def tick_campaigns(self) -> None:
        """Have campaigns go on: they keep little ahead of the lines, and are looked after often."""
        await self.works.campaigns.tick()

    async def launch(self, name: str, *, even_if_late: bool = False) -> None:
        """Launch a campaign of the shop's folder, as the marketer would.

        It is forecast first whether all would have a sale in time, unless that does not matter;
        of what is no sale the forecast, which takes a while, is left out.

        Raises:
            RejectedError: it cannot be launched.
        """
        content = self.commerce.take_up(self.settings)[STORE]
        sale = prepare(content, name, self.clock.now()).spec.sale_ends is not None
        await self._campaigns.launch(STORE, name, looked=even_if_late or not sale)

    async def _foresee(self, store: StoreName, name: str) -> Looked:
        now, content = self.clock.now(), self.commerce.take_up(self.settings)[store]
        prepared = prepare(content, name, now)
        asker = make_asker(self.settings, self.settings.store[0], content)
        outlook = await self.database.read(
            lambda c: look_out(c, prepared, asker, partial(self._forecast, now=now), now)
        )
        return Looked(store=store, spec=prepared.spec, outlook=outlook, currency=None)

    def _forecast(
        self, connection: Connection, questions: Sequence[Question], now: datetime
    ) -> Forecast:
        return forecast(connection, self.settings, questions, None, now)

    async def steer(self, name: str, word: str) -> None:
        """Pause, resume or stop it."""
        await self._campaigns.steer(STORE, name, word)

    async def hear(self, acts: Sequence[Told]) -> dict[str, str]:
        """Take what the shop published, in one batch, as the feed does; return what is refused."""
        answers = await self.admission.admit([_entry(act) for act in acts])
        refused = {
            act.event["id"]: error.code
            for act, error in zip(acts, answers, strict=True)
            if error is not None
        }
        self.rejected.update(refused.items())
        return refused

    async def answer(self, reply: Reply) -> None:
        """Have a person write to the line that wrote to them last."""
        self.modems[self.network.lines[reply.number]].sim.text(reply.number, reply.text)

    async def fetch(self, click: Click) -> None:
        """Have a link fetched from the site of the links."""
        self.fetched[await fetch(self.site, click)] += 1

    async def score(self, told: Mapping[str, tuple[float, int]]) -> None:
        """Bring in the scores of a model.

        Args:
            told: by number, how likely it is that the person orders no more, and the hour of their
                day at which they answer most.
        """
        now, identities = self.clock.now(), Identities(keys_of(self.settings))
        scores = [_score(identities.of(number), *said, now) for number, said in told.items()]
        await self.database.write(lambda connection: put_scores(connection, scores, now))

    async def serve(self, tasks: asyncio.TaskGroup) -> None:
        """Put the lines to work."""
        await self.dispatcher.recover()
        for modem in self.modems.values():
            tasks.create_task(self.dispatcher.serve(modem), name=f"serve-{modem.name}")

    @asynccontextmanager
    async def running(self, work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
        """Have something at work beside, inside the `async with`."""
        task = asyncio.create_task(work, name="beside")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def close(self) -> None:
        """Pull the modems out."""
        for modem in self.modems.values():
            modem.lose()


def _entry(act: Told) -> Entry:
    try:
        return parse_event(STORE, json.dumps(act.event).encode())
    except RejectedError as error:
        return Refusal(store=STORE, error=error)


def _score(person: PersonId, risk: float, best: int, now: datetime) -> Score:
    return Score(
        store=STORE,
        person_id=person,
        churn=risk,
        value=None,
        value_low=None,
        value_high=None,
        next_order_at=None,
        hours=tuple(0.3 if hour % 24 == best else 0.05 for hour in range(HOURS)),
        best_hours=BestHours.PERSONAL,
        buy_again=(),
        new_for_you=(),
        uplift=None,
        horizon_days=90,
        model_id="season",
        made_at=now,
    )


def furnish(folder: Path, *, modems: int = 4, rate: str = "20/min") -> None:
    """Write the configuration of a house, and make its database."""
    lines = [MODEM.format(place=place, rate=rate) for place in range(modems)]
    (folder / "shopbell.toml").write_text(CONFIGURATION + "".join(lines))
    (folder / "shop").mkdir(exist_ok=True)
    key = folder / "shopbell.db.key"
    key.write_text(f"{b'k'.hex() * 32}\n")  # the same each time: the same persons in the same arms
    key.chmod(0o600)
    make_file(folder / "shopbell.db")


@asynccontextmanager
async def opened(folder: Path, start: datetime, *, plugged: bool = True) -> AsyncIterator[House]:
    """Have a gateway at work inside the `async with`, from an instant of the world on.

    What it does at its end is no part of the season: its modems are pulled out.
    """
    database = SeasonDatabase(folder / "shopbell.db")
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LoopTimeEventLoop)
    loop.setup_looptime(noop_cycles=2)  # by default it idles through forty before each jump
    clock = LoopClock(start - timedelta(seconds=loop.time()))
    with pytest.MonkeyPatch.context() as patch:
        # Nothing changes in the queue unasked: to look each minute is most of a quiet night's work,
        # and to look each second for a line that another may stand in for is most of a day's.
        patch.setattr(line_desk, "LONGEST_IDLE", 3600.0)
        patch.setattr(line_desk, "LOOK_EVERY", 20.0)
        patch.setattr(holding, "LOOK_EVERY", 60.0)
        patch.setattr(vitals, "JUDGED_FOR", 3600.0)  # no line of these does badly
        house = House(folder, database, clock)
        async with asyncio.TaskGroup() as tasks:
            if plugged:
                await house.serve(tasks)
            try:
                yield house
            finally:
                await house.close()
    await database.close()
