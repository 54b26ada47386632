"""A gateway with everything it is made of, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog

from gateway.app.alarms import AlarmService
from gateway.app.backups import Backups, source_of
from gateway.app.campaign_desks import campaign_desks
from gateway.app.carriers import carriers_of
from gateway.app.commerce import Commerce
from gateway.app.console import ConsoleService, OnLink, no_link
from gateway.app.coupons import CouponStock
from gateway.app.desks import PeopleDesks
from gateway.app.law import keys_of, make_rules, stated
from gateway.app.links import LinkService
from gateway.app.neighbours import Neighbours, claims_of
from gateway.app.parts import (
    line_plans,
    line_routes,
    line_tags,
    plan_of_found,
    shared_limits,
    stick_settings,
    store_countries,
    store_names,
)
from gateway.app.persons import make_person_desk, periods_of
from gateway.app.queue import make_admission, make_context, make_shop_desk, texts_of, trace_folder
from gateway.app.routing import make_holding, make_router, make_tending
from gateway.app.watchdog import Pulse
from gateway.app.watching import watch
from gateway.consent.deactivation import Deactivation
from gateway.consent.identity import Identities
from gateway.control import ControlServer, Operation, socket_path
from gateway.control.consents import ConsentDesk
from gateway.control.coupons import CouponDesk
from gateway.control.desk import Desk
from gateway.control.events import EventDesk
from gateway.control.jobs import JobDesk
from gateway.control.permits import PermitDesk
from gateway.control.reloading import ReloadDesk
from gateway.control.scores import ScoreDesk
from gateway.control.texts import TextDesk
from gateway.control.watching import WatchDesk
from gateway.db import Database
from gateway.db.notes import DatabaseNotebook
from gateway.dispatch import (
    ChangeRequest,
    Dispatcher,
    Fleet,
    Housekeeping,
    Timekeeper,
)
from gateway.dispatch.carrying import Carriers
from gateway.dispatch.desk import Desk as LineDesk
from gateway.dispatch.nodes import Node, on_duty
from gateway.domain.consent import Change
from gateway.domain.errors import ConfigurationError
from gateway.domain.ids import JobId, ModemName
from gateway.meter import Tally
from gateway.modem import ModemSettings as StickSettings
from gateway.modem import ModemState, Notes, Opener, Rack, Supervisor
from gateway.modem.shelves import Shelves
from gateway.mqtt import MqttBridge, MqttSettings
from gateway.settings import Changes, Settings, compare, load

log = structlog.get_logger(__name__)

BROKER_PATIENCE: Final = 5.0
"""Seconds that readiness waits for the broker; one on the same box answers in milliseconds."""

FLUSH_LIMIT: Final = 5.0
"""Seconds that stopping waits for the broker to take the last statuses; they are in the outbox
and go out at the next start otherwise."""


class Gateway:
    """A gateway with everything it is made of."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        path: Path | None = None,
        node: Node | None = None,
    ) -> None:
        """Make a gateway that `run` brings to life.

        Args:
            settings: what to run.
            database: where the queue is.
            path: the file they came from, read again by whoever asks.
            node: it among the others on its database; None where there can be none.
        """
        self._settings = settings
        self._path = path
        self._database = database
        self._rules = make_rules(settings)
        commerce = self._commerce = Commerce(settings, self._rules.gate)
        claims = claims_of(node)
        self._meter = Tally()
        self._context = make_context(
            settings, database, self._rules, claims, commerce.gate, commerce.questions, self._meter
        )
        fleet = Fleet(plans=line_plans(settings), found=plan_of_found(settings))
        self._router = make_router(settings)
        desk = self._line_desk = LineDesk(self._context, self._router)
        holding = make_holding(settings, self._context, self._router, desk)
        self._dispatcher = Dispatcher(self._context, fleet, desk)
        self._carriers = Carriers(
            carriers_of(settings, self._context.clock), fleet, self._context, desk
        )
        self._shop = make_shop_desk(settings, commerce.listeners)
        self._admission = make_admission(
            settings, self._context, self._shop, holding, commerce.writer
        )
        self._works = commerce.put_to_work(self._context, self._admission)
        self._notes = Notes(DatabaseNotebook(database, self._context.clock))
        self._traces = trace_folder(settings, self._context)
        self._rack = Rack(
            [stick_settings(modem, settings) for modem in settings.modem], self._supervisor
        )
        self._context.vitals.signals = self._signal
        self._bridge = MqttBridge(
            MqttSettings.of(settings),
            admission=self._admission,
            database=database,
            outbox_changed=self._context.outbox_changed,
            clock=self._context.clock,
            claims=self._context.claims,
            capacity=self._capacity,
            meter=self._meter,
        )
        self._neighbours = Neighbours(
            settings, self._context, self._admission, node, self._rules.lines.refresh
        )
        tending = make_tending(self._context, holding, fleet, self._router)
        self._timekeeper = Timekeeper(self._context, tending)
        self._desk = Desk(
            self._admission, self._dispatcher, self._rack, self._carriers, self._rules.lines
        )
        self._campaigns = campaign_desks(
            lambda: self._settings,
            self._desk.modems,
            context=self._context,
            make=partial(
                commerce.campaign_desk, self._rules, self._context, self._admission, self._works
            ),
        )
        self._scores = ScoreDesk(database, self._context.clock)
        shelves = Shelves(lambda: self._rack.supervisors)
        self._persons = make_person_desk(settings, self._context, shelves)
        self._housekeeping = Housekeeping(self._context, periods_of(settings))
        self._permits = PermitDesk(
            database, self._context.clock, self._rules.lines, self._context.queue_changed
        )
        self._deactivation = Deactivation(database, Identities(keys_of(settings)), self._deactivate)
        self._consents = ConsentDesk(self._context, self._admission)
        self._links = LinkService(settings, self._context, self._admission)
        self._coupons = CouponStock(settings, database)
        self._console = ConsoleService(lambda: self._settings, self._context, self._meter)
        self._backups = Backups(lambda: self._settings, self._context, source_of(settings, path))
        self._alarms = AlarmService(
            settings,
            self._context,
            desk,
            self._rack,
            self._carriers,
            lambda: self._bridge.connected,
            self._backups.desk.operations()["backups"],
        )

    def _supervisor(self, modem: StickSettings, opener: Opener) -> Supervisor:
        return Supervisor(
            modem,
            sink=self._dispatcher,
            serve=self._dispatcher.serve,
            opener=self._traced(modem.name, opener),
            notes=self._notes,
        )

    def _traced(self, modem: str, opener: Opener) -> Opener:
        """Return what opens a modem's port; with traces on, one that records."""
        return opener if self._traces is None else self._traces.recording(modem, opener)

    async def _deactivate(self, change: Change) -> None:
        """Write that a number is nobody's, for a store that there still is."""
        store = change.event.store
        if store in self._admission.countries:
            entry = ChangeRequest(store=store, id=JobId("deactivation"), changes=(change,))
            await self._admission.admit([entry])

    def _signal(self, modem: ModemName) -> int | None:
        """Return a modem's signal in dBm."""
        supervisors = self._rack.supervisors
        return next((one.signal_dbm for one in supervisors if one.name == modem), None)

    def _capacity(self) -> Mapping[str, object]:
        """What the presence tells of this box."""
        states = [supervisor.status.state for supervisor in self._rack.supervisors]
        return {"modems": len(states), "ready": states.count(ModemState.READY)}

    def pulse(self) -> Pulse:
        """Return what tells whether it goes on; where the loop stands still, nobody can ask."""
        return Pulse(writer=self._database.busy_for(), desk=self._line_desk.busy_for())

    def summary(self) -> str:
        """Return how it stands, in a line for the service manager."""
        capacity = self._capacity()
        return f"{capacity['ready']} of {capacity['modems']} modems ready"

    def _operations(self) -> Mapping[str, Operation]:
        """Return what commands, pages and programs may ask this gateway, by name."""
        desks = (
            self._alarms.desk,
            self._console,
            CouponDesk(self._database),
            self._desk,
            self._scores,
            self._permits,
            self._persons,
            self._consents,
            PeopleDesks(
                lambda: self._settings,
                self._context,
                self._admission,
                self._persons,
                self._consents,
            ),
            EventDesk(self._admission),
            JobDesk(self._admission, self._database),
            ReloadDesk(self.reload),
            TextDesk(self._rules.wording.counts),
            WatchDesk(self._bridge),
            *self._campaigns,
            self._backups.desk,
        )
        return {name: do for one in desks for name, do in one.operations().items()}

    async def run(
        self, stop: asyncio.Event, on_ready: Callable[[], None], on_link: OnLink = no_link
    ) -> None:
        """Run until ``stop`` is set, then finish what is at a line and end.

        What an earlier run left open is settled before any line is at work.
        """
        context = self._context
        await self._dispatcher.recover()
        await self._carriers.disown()
        operations = self._operations()
        path = socket_path(self._settings.database.beside)
        commands = self._console.audited(operations, self._persons)
        async with ControlServer(path, commands), asyncio.TaskGroup() as tasks:
            readiness = tasks.create_task(self._say_ready(on_ready, on_link), name="readiness")
            running: list[asyncio.Task[Any]] = [
                tasks.create_task(self._database.watch(), name="database"),
                *self._at_duty(tasks),
                tasks.create_task(
                    context.vitals.run(context.database, context.clock), name="vitals"
                ),
                # Who is cut off from the database can take nothing in, and another is its heir.
                tasks.create_task(
                    on_duty(context.claims, f"broker of {context.node}", self._bridge.run),
                    name="mqtt",
                ),
                tasks.create_task(self._rack.run(), name="modems"),
                tasks.create_task(self._carriers.run(), name="carriers"),
                tasks.create_task(self._links.run(), name="links"),
                tasks.create_task(self._alarms.run(), name="alarms"),
                tasks.create_task(self._backups.run(), name="backups"),
                tasks.create_task(self._console.run(operations), name="console"),
                tasks.create_task(watch(self._meter, context, operations), name="watch"),
                tasks.create_task(asyncio.to_thread(self._rules.warm), name="calendars"),
                *(
                    tasks.create_task(work, name=name)
                    for name, work in self._neighbours.work(self._line_desk.look).items()
                ),
            ]
            await stop.wait()
            readiness.cancel()
            await self._finish(running)
        await self._neighbours.leave()

    def _at_duty(self, tasks: asyncio.TaskGroup) -> Iterator[asyncio.Task[None]]:
        """Start what one gateway does for all on its database."""
        duties: Mapping[str, Callable[[], Awaitable[object]]] = {
            "timekeeper": self._timekeeper.run,
            "erasures": self._persons.eraser.run,
            "retention": self._persons.retention.run,
            "housekeeping": self._housekeeping.run,
            "deactivation": self._deactivation.run,
            "coupons": self._coupons.run,
            **self._backups.waiting(self._works.duties()),
        }
        for name, work in duties.items():
            yield tasks.create_task(on_duty(self._context.claims, name, work), name=name)

    async def _say_ready(self, on_ready: Callable[[], None], on_link: OnLink) -> None:
        """Say it when stores are heard, or when the broker is not there to wait for.

        A job published before our first subscription would be nobody's; a broker that is down at
        the start keeps nobody from sending what is queued.
        """
        try:
            async with asyncio.timeout(BROKER_PATIENCE):
                await self._bridge.wait_joined()
        except TimeoutError:
            log.warning("ready_without_broker", waited_seconds=BROKER_PATIENCE)
        on_ready()
        log.info("ready", node=self._context.node, modems=len(self._rack.supervisors))
        await self._console.greet(on_link)

    async def _finish(self, running: Iterable[asyncio.Task[Any]]) -> None:
        """Stop taking, let the lines finish, publish what they said, then end the rest."""
        grace = self._settings.gateway.grace
        log.info("stopping", grace_seconds=grace)
        self._bridge.stop_intake()
        drained = await asyncio.gather(self._dispatcher.drain(grace), self._carriers.drain(grace))
        if not all(drained):
            log.warning("stopped_before_lines_finished", grace_seconds=grace)
        await asyncio.gather(self._links.stop(), self._console.stop())
        await self._bridge.flush(FLUSH_LIMIT)
        for task in running:
            task.cancel()

    def reload(self) -> Changes:
        """Take up what may change while running from the configuration file, and name the rest.

        Raises:
            ConfigurationError: the file is wrong, or there is none; nothing changes.
        """
        if self._path is None:
            raise ConfigurationError("this gateway was started without a configuration file")
        changes = compare(self._settings, load(self._path))
        texts = texts_of(changes.settings)
        self._settings = changes.settings
        self._shop.consents.texts = texts
        self._commerce.take_up(changes.settings)
        self._admission.countries = store_countries(changes.settings)
        self._rules.take_up(stated(changes.settings))
        self._links.take_up(changes.settings)
        self._alarms.take_up(changes.settings)
        self._coupons.take_up(changes.settings)
        self._context.destinations.routes = line_routes(changes.settings)
        self._router.tags = line_tags(changes.settings)
        self._context.inbound.stores = store_names(changes.settings)
        self._context.shared.limits = shared_limits(changes.settings)
        self._dispatcher.fleet.plans = line_plans(changes.settings)
        self._dispatcher.fleet.found = plan_of_found(changes.settings)
        self._persons.retention.periods = periods_of(changes.settings)
        self._housekeeping.periods = periods_of(changes.settings)
        self._context.queue_changed.notify()
        log.info("configuration_read_again", taken=changes.taken, left=changes.refused)
        return changes
