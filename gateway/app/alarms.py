"""Alarms in a gateway: what is watched, who is told, and the lines' tests of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn

import structlog

from gateway.alarms.channels import Channel
from gateway.alarms.channels.mail import MailChannel, MailSettings
from gateway.alarms.channels.sms import SmsChannel
from gateway.alarms.channels.webhook import WebhookChannel
from gateway.alarms.due import TellingRules
from gateway.alarms.facts import LineFact
from gateway.alarms.gathering import Gathering, Sources
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.loop.plan import OwnLine
from gateway.alarms.loop.tester import LoopPlan, LoopTester
from gateway.alarms.storm import Storm
from gateway.alarms.teller import Teller
from gateway.alarms.watch import AlarmWatch
from gateway.control import Operation
from gateway.control.alarms import AlarmDesk
from gateway.db.console.alarms import drop_ended
from gateway.db.console.loop_tests import drop_tests
from gateway.dispatch import Context
from gateway.dispatch.carrying import Carriers
from gateway.dispatch.desk import Desk
from gateway.dispatch.nodes import on_duty
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId, ModemName
from gateway.modem import ModemState, Rack
from gateway.settings import AlarmSettings, MailServer, Settings

log = structlog.get_logger(__name__)

KEPT: Final = timedelta(days=400)
"""How long alarms and tests are kept: a season, and the one before it."""
DAY: Final = 86_400.0
"""Seconds between two looks for what is older."""


class AlarmService:
    """Watches a gateway, and has its operator told.

    Args:
        settings: what it goes by at first.
        context: the database and the time.
        lines: where lines are in service.
        rack: the modems.
        carriers: the carriers.
        broker: tells whether the broker is there.
        backups: answers ``backups``, as `gateway.control.backups` does.
    """

    def __init__(
        self,
        settings: Settings,
        context: Context,
        lines: Desk,
        rack: Rack,
        carriers: Carriers,
        broker: Callable[[], bool],
        backups: Operation,
    ) -> None:
        self._settings = settings
        self._context = context
        self._lines = lines
        self._rack = rack
        self._carriers = carriers
        self._broker = broker
        self._backups = backups
        self._loops = LoopTester(context=context, lines=self._own_lines, names=self._names)
        self._gathering = Gathering(context=context, sources=self._sources(), leading=False)
        alarms = settings.alarms
        self._watch = AlarmWatch(
            context=context,
            gathering=self._gathering,
            teller=Teller((), alarms.most_per_hour),
        )
        self.take_up(settings)
        self.desk = AlarmDesk(context.database, context.clock, self._watch.test)

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch.run(), name="alarm watch")
            tasks.create_task(self._loops.run(), name="loop tests")
            duty = on_duty(self._context.claims, "alarms", self._lead)
            tasks.create_task(duty, name="alarms")

    def take_up(self, settings: Settings) -> None:
        """Go by settings that were read again; what is on stays on."""
        self._settings, alarms, watch = settings, settings.alarms, self._watch
        watch.teller.channels = tuple(self._channels(alarms))
        if watch.teller.storm.most != alarms.most_per_hour:
            watch.teller.storm = Storm(alarms.most_per_hour)
        watch.limits = limits_of(alarms)
        watch.rules = TellingRules(
            repeat=alarms.repeat, quiet=alarms.quiet, zone=settings.gateway.zone
        )
        self._loops.plan = LoopPlan(every=alarms.loop_every, lost_after=alarms.loop_lost)

    async def _lead(self) -> NoReturn:
        """Do what one gateway does for all on its database."""
        self._gathering.leading = True
        try:
            while True:
                await self._forget()
                await asyncio.sleep(DAY)
        finally:
            self._gathering.leading = False

    async def _forget(self) -> None:
        before = self._context.now() - KEPT
        try:
            await self._context.database.write(
                lambda c: (drop_ended(c, before), drop_tests(c, before))
            )
        except StorageError as error:
            log.warning("alarms_not_forgotten", error=str(error))

    def _channels(self, alarms: AlarmSettings) -> Iterator[Channel]:
        clock, zone = self._context.clock, self._settings.gateway.zone
        if alarms.sms_to:
            yield SmsChannel(self._context, self._lines.offers, alarms.sms_to)
        if alarms.email_to and alarms.smtp_url is not None:
            yield MailChannel(_mail(alarms, alarms.smtp_url), zone)
        if alarms.webhook_url is not None:
            yield WebhookChannel(alarms.webhook_url, alarms.hook_secret, clock)

    def _sources(self) -> Sources:
        return Sources(
            lines=self._line_facts,
            offers=self._lines.offers,
            names=self._names,
            broker=lambda: None if self._broker() else _NO_BROKER,
            backup=self._backup,
            loops=self._loops.facts,
        )

    def _line_facts(self) -> Sequence[LineFact]:
        modems = [
            LineFact(
                name=status.name,
                ready=status.state in (ModemState.READY, ModemState.STOPPED),
                state=status.state.value.replace("_", " "),
                trouble=status.last_error,
                alarms=status.alarms,
            )
            for status in (supervisor.status for supervisor in self._rack.supervisors)
        ]
        carriers = [
            LineFact(name=one.name, ready=True, state=one.state, alarms=one.alarms)
            for one in self._carriers.statuses
        ]
        return [*modems, *carriers]

    def _names(self) -> Mapping[LineId, ModemName]:
        statuses = (supervisor.status for supervisor in self._rack.supervisors)
        return {one.line: one.name for one in statuses if one.line is not None}

    def _own_lines(self) -> list[OwnLine]:
        """Return the lines whose number is known, and that have nothing else to do."""
        numbers = {one.name: one.number for one in self._settings.modem if one.number}
        states = [offer.state for offer in self._lines.offers().values()]
        return [
            OwnLine(line=one.line, modem=one.modem, number=numbers[one.modem])
            for one in states
            if one.modem in numbers and not (one.stopped or one.resting or one.backlog)
        ]

    async def _backup(self) -> str | None:
        answer = await self._backups({})
        return backup_trouble(dict(answer)) if isinstance(answer, Mapping) else None


_NO_BROKER: Final = (
    "the MQTT broker is away or refuses us: no store reaches this gateway, and none is told "
    "anything; what was accepted goes out all the same"
)


def limits_of(alarms: AlarmSettings) -> AlarmLimits:
    """Return from when on something is wrong."""
    return AlarmLimits(
        line_down=alarms.line_down,
        urgent_wait=alarms.urgent_wait,
        reports_share=alarms.reports_share / 100,
        disk_free=alarms.disk_free * 1_000_000,
        disk_ahead=alarms.disk_ahead,
        broker_away=alarms.broker_away,
        loop_slow=alarms.loop_slow,
    )


def backup_trouble(backups: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the backups; None where none are made, or nothing is.

    Args:
        backups: the answer of the operation ``backups``.
    """
    if backups["dir"] is None:
        return None
    if backups["failure"]:
        return f"the last backup failed: {backups['failure']}"
    age, every = backups["age_seconds"], backups["every_seconds"]
    if age is None or age <= every * 2:
        return None
    newest: datetime = backups["newest"]["at"]
    return f"the newest backup is of {newest:%d %b %H:%M} UTC; is there room, and the disk there?"


def _mail(alarms: AlarmSettings, server: MailServer) -> MailSettings:
    return MailSettings(
        host=server.host,
        port=server.port,
        tls=server.tls,
        start_tls=not (server.tls or server.local),
        sender=alarms.email_from or "",
        recipients=alarms.email_to,
        username=server.username,
        password=alarms.mail_secret,
    )
