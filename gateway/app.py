"""The composition root: opens everything, runs it in one task group, closes it in order.

It alone knows which broker, which modems and which database there are; what they do with each
other is decided in the layers below.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from gateway.consent.case import Rule
from gateway.consent.country import load_policies
from gateway.consent.gate import ConsentGate
from gateway.consent.identity import Identities
from gateway.consent.permission import ConsentRules, Permission
from gateway.consent.shop import ShopDesk
from gateway.consent.wording.rule import StoreWording, Wording
from gateway.control import ControlServer, socket_path
from gateway.control.desk import Desk
from gateway.control.reloading import ReloadDesk
from gateway.control.scores import ScoreDesk
from gateway.db import Database
from gateway.db.events import TakenEvents
from gateway.db.key import key_path, make_or_load_keys
from gateway.db.notes import DatabaseNotebook
from gateway.db.spent import SpentJobs
from gateway.dispatch import (
    Admission,
    Context,
    Dispatcher,
    DoubtPolicy,
    Fleet,
    InboundPlan,
    LinePlan,
    Timekeeper,
)
from gateway.dispatch.events import Events
from gateway.domain.clock import SystemClock
from gateway.domain.errors import ConfigurationError, RejectedError
from gateway.domain.ids import ModemName, StoreName
from gateway.modem import BalancePlan, ModemState, Notes, Opener, Rack, Supervisor, UssdRequest
from gateway.modem import ModemSettings as StickSettings
from gateway.modem.lone import lone_modem
from gateway.modem.trace.sheets import Folder as TraceFolder
from gateway.mqtt import MqttBridge
from gateway.mqtt import MqttSettings as BrokerSettings
from gateway.settings import Changes, ModemSettings, Settings, compare, load

log = structlog.get_logger(__name__)

BROKER_PATIENCE: Final = 5.0
"""Seconds that readiness waits for the broker; one on the same box answers in milliseconds."""

FLUSH_LIMIT: Final = 5.0
"""Seconds that stopping waits for the broker to take the last statuses; they are in the outbox
and go out at the next start otherwise."""


class Gateway:
    """A gateway with everything it is made of."""

    def __init__(self, settings: Settings, database: Database, path: Path | None = None) -> None:
        """Make a gateway that `run` brings to life.

        Args:
            settings: what to run.
            database: where the queue is.
            path: the file they came from, read again by whoever asks.
        """
        self._settings = settings
        self._path = path
        self._database = database
        self._wording = _wording(settings)
        self._context = _context(settings, database, self._wording)
        fleet = Fleet(plans=_plans(settings), found=_found(settings))
        self._dispatcher = Dispatcher(self._context, fleet)
        self._admission = _admission(settings, self._context)
        self._notes = Notes(DatabaseNotebook(database, self._context.clock))
        self._traces = _traces(settings, self._context)
        self._rack = Rack([_stick(modem, settings) for modem in settings.modem], self._supervisor)
        self._bridge = MqttBridge(
            _broker(settings),
            admission=self._admission,
            database=database,
            outbox_changed=self._context.outbox_changed,
            clock=self._context.clock,
            capacity=self._capacity,
        )
        self._timekeeper = Timekeeper(self._context)
        self._scores = ScoreDesk(database, self._context.clock)

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

    def _capacity(self) -> Mapping[str, object]:
        """What the presence tells of this box."""
        states = [supervisor.status.state for supervisor in self._rack.supervisors]
        return {"modems": len(states), "ready": states.count(ModemState.READY)}

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None]) -> None:
        """Run until ``stop`` is set, then finish what is at a modem and end.

        What an earlier run left open is settled before any line is at work.
        """
        await self._dispatcher.recover()
        desk = Desk(self._admission, self._dispatcher, self._rack)
        path = socket_path(self._settings.database.path)
        reloading = ReloadDesk(self.reload)
        operations = {
            **desk.operations(),
            **self._scores.operations(),
            **reloading.operations(),
        }
        async with ControlServer(path, operations), asyncio.TaskGroup() as tasks:
            readiness = tasks.create_task(self._say_ready(on_ready), name="readiness")
            running = [
                tasks.create_task(self._database.watch(), name="database"),
                tasks.create_task(self._timekeeper.run(), name="timekeeper"),
                tasks.create_task(self._bridge.run(), name="mqtt"),
                tasks.create_task(self._rack.run(), name="modems"),
            ]
            await stop.wait()
            readiness.cancel()
            await self._finish(running)

    async def _say_ready(self, on_ready: Callable[[], None]) -> None:
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

    async def _finish(self, running: list[asyncio.Task[None]]) -> None:
        """Stop taking, let the lines finish, publish what they said, then end the rest."""
        grace = self._settings.gateway.grace
        log.info("stopping", grace_seconds=grace)
        self._bridge.stop_intake()
        if not await self._dispatcher.drain(grace):
            log.warning("stopped_before_lines_finished", grace_seconds=grace)
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
        self._settings = changes.settings
        self._admission.countries = _countries(changes.settings)
        self._wording.stores = _voices(changes.settings)
        self._context.inbound.stores = _stores(changes.settings)
        self._dispatcher.fleet.plans = _plans(changes.settings)
        self._dispatcher.fleet.found = _found(changes.settings)
        self._context.queue_changed.notify()
        log.info("configuration_read_again", taken=changes.taken, left=changes.refused)
        return changes


async def run(
    settings: Settings, *, path: Path | None = None, on_ready: Callable[[], None] = lambda: None
) -> None:
    """Run a gateway until SIGTERM or SIGINT; a second one ends it at once.

    Args:
        settings: what to run.
        path: the file they came from, read again at SIGHUP.
        on_ready: called when jobs are taken.

    Raises:
        DatabaseInUseError: another gateway has the database.
        StorageError: the database cannot be opened.
    """
    async with Database.open(settings.database.url) as database:
        gateway = Gateway(settings, database, path)
        with _signals(gateway) as stop:
            await gateway.run(stop, on_ready)
    log.info("stopped")


@asynccontextmanager
async def offline_admission(settings: Settings) -> AsyncIterator[tuple[Admission, Database]]:
    """Open the queue of a gateway that does not run, to put a job into it.

    Raises:
        DatabaseInUseError: a gateway does run.
        StorageError: the database cannot be opened.
    """
    async with Database.open(settings.database.url) as database:
        context = _context(settings, database, _wording(settings))
        yield _admission(settings, context), database


@asynccontextmanager
async def offline_modem(settings: Settings, name: str) -> AsyncIterator[Supervisor]:
    """Open one modem of a gateway that does not run; what comes in is kept as the gateway would.

    Raises:
        RejectedError: the configuration has no such modem, or no port for it.
        DatabaseInUseError: a gateway does run.
        StorageError: the database cannot be opened.
        ModemError: it does not come into service.
    """
    modem = _configured(settings, name)
    async with Database.open(settings.database.url) as database:
        context = _context(settings, database, _wording(settings))
        notes = Notes(DatabaseNotebook(database, context.clock))
        sink = Dispatcher(context, Fleet(plans={}))
        async with lone_modem(_stick(modem, settings), sink, notes) as supervisor:
            yield supervisor


def _configured(settings: Settings, name: str) -> ModemSettings:
    named = {modem.name: modem for modem in settings.modem if not modem.auto}
    if name not in named:
        known = ", ".join(named) or "none"
        reason = f"no [[modem]] with a port of its own has the name {name!r}; there are: {known}"
        raise RejectedError("unknown_modem", reason, field="name")
    return named[ModemName(name)]


@contextmanager
def _signals(gateway: Gateway) -> Iterator[asyncio.Event]:
    """Translate signals: the first to stop drains, a second cancels, SIGHUP reads again."""
    loop, stop, this = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()

    def end() -> None:
        if stop.is_set() and this is not None:
            this.cancel()
        stop.set()

    handlers: dict[signal.Signals, Callable[[], None]] = {
        signal.SIGTERM: end,
        signal.SIGINT: end,
        signal.SIGHUP: lambda: _read_again(gateway),
    }
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    try:
        yield stop
    finally:
        for number in handlers:
            loop.remove_signal_handler(number)


def _read_again(gateway: Gateway) -> None:
    try:
        gateway.reload()
    except ConfigurationError as error:
        log.error("configuration_not_taken", error=str(error))


def _context(settings: Settings, database: Database, wording: Wording) -> Context:
    policy = DoubtPolicy(
        transactional_after=timedelta(seconds=settings.gateway.resend_unconfirmed_after)
    )
    return Context(
        database=database,
        clock=SystemClock(),
        node=settings.gateway.node,
        zone=settings.gateway.zone,
        gate=_gate(settings, wording),
        policy=policy,
        spent=SpentJobs(_keys(settings)),
        inbound=InboundPlan(
            policy=policy,
            stores=_stores(settings),
            country=settings.gateway.country,
            wait=timedelta(seconds=settings.gateway.inbound_wait),
        ),
    )


def _gate(settings: Settings, wording: Wording) -> ConsentGate:
    rules: tuple[Rule, ...] = (Permission(lambda _: ConsentRules()), wording)
    return ConsentGate(Identities(_keys(settings)), rules)


def _keys(settings: Settings) -> tuple[bytes, ...]:
    return make_or_load_keys(key_path(settings.database.path))


def _wording(settings: Settings) -> Wording:
    return Wording(policies=load_policies(), stores=_voices(settings))


def _voices(settings: Settings) -> Mapping[StoreName, StoreWording]:
    return {
        StoreName(store.name): StoreWording(
            brand=store.brand or store.name,
            country=store.country,
            mention=store.opt_out_mention,
            required=store.wording == "require",
        )
        for store in settings.store
    }


def _traces(settings: Settings, context: Context) -> TraceFolder | None:
    folder = settings.gateway.trace_dir
    return None if folder is None else TraceFolder(folder, context.clock)


def _stores(settings: Settings) -> tuple[StoreName, ...]:
    return tuple(StoreName(store.name) for store in settings.store)


def _admission(settings: Settings, context: Context) -> Admission:
    keys = _keys(settings)
    return Admission(
        database=context.database,
        clock=context.clock,
        countries=_countries(settings),
        gate=context.gate,
        spent=context.spent,
        policy=context.policy,
        events=Events(ShopDesk(Identities(keys)), TakenEvents(keys)),
        queue_changed=context.queue_changed,
        outbox_changed=context.outbox_changed,
    )


def _countries(settings: Settings) -> Mapping[StoreName, str]:
    return {StoreName(store.name): store.country for store in settings.store}


def _stick(modem: ModemSettings, settings: Settings) -> StickSettings:
    return StickSettings(
        name=ModemName(modem.name),
        port=modem.port,
        pin=modem.secret,
        submit_timeout=settings.gateway.submit_timeout,
        balance=_balance(modem),
        sysfs=settings.gateway.sysfs,
        usb_reset=modem.usb_reset,
        hang_up=modem.hang_up,
        power_command=modem.power_command or (),
    )


def _balance(modem: ModemSettings) -> BalancePlan | None:
    if modem.balance_request is None or modem.balance_pattern is None:
        return None
    return BalancePlan(
        request=UssdRequest(text=modem.balance_request),
        pattern=modem.balance_pattern,
        unit=modem.balance_unit,
        minimum=modem.balance_minimum,
        every=modem.balance_every,
    )


def _plans(settings: Settings) -> dict[str, LinePlan]:
    return {modem.name: _plan(modem) for modem in settings.modem}


def _found(settings: Settings) -> LinePlan:
    """Return the plan of the sticks that are found: that of the entry that stands for them."""
    return next((_plan(modem) for modem in settings.modem if modem.auto), LinePlan())


def _plan(modem: ModemSettings) -> LinePlan:
    return LinePlan(
        per_second=modem.rate.per_second,
        daily_limit=modem.daily_limit,
        routes=modem.routes,
    )


def _broker(settings: Settings) -> BrokerSettings:
    mqtt = settings.mqtt
    return BrokerSettings(
        host=mqtt.url.host,
        port=mqtt.url.port,
        tls=mqtt.url.tls,
        node=settings.gateway.node,
        ca_file=mqtt.ca_file,
        username=mqtt.username,
        password=mqtt.secret,
        protocol=mqtt.protocol,
    )
