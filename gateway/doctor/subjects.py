"""What is examined on a box: each subject with what it is looked at by, put together once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from gateway.consent.country import load_policies
from gateway.db.lock import running_gateway
from gateway.doctor import (
    alarms,
    backups,
    box,
    broker,
    clock,
    configuration,
    database,
    disk,
    knocking,
    modem_manager,
    modems,
    policy,
    ports,
    reading,
    running,
    software,
    stick,
    usb,
    web,
)
from gateway.doctor.account import account_of, parent_of
from gateway.doctor.examination import LONGEST, Subject, apart
from gateway.doctor.finding import Finding
from gateway.domain.clock import Clock
from gateway.domain.ids import AUTO_PORT
from gateway.modem.port.refusal import holders
from gateway.modem.status import ModemState
from gateway.mqtt.settings import MqttSettings
from gateway.settings import Settings

F = TypeVar("F")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The box that is examined."""

    configuration: configuration.ConfigurationFacts
    settings: Settings | None
    """None where the configuration is of no use."""
    running: running.RunningFacts
    clock: Clock
    rules: Path
    """The udev rules of this version."""
    store_passwords: Mapping[str, str] | None = None
    """To try whether a store may publish as another; None: it is not tried."""
    sysfs: Path = Path("/sys")


def subjects_of(case: Case) -> list[Subject]:
    """Return what is examined; without a configuration, the box alone."""
    return [*_house(case), *_box(case), *_hardware(case), *_surroundings(case)]


def _house(case: Case) -> Iterator[Subject]:
    yield _told("configuration", lambda: configuration.judge(case.configuration))
    if case.settings is not None:
        yield _told("gateway", lambda: running.judge(case.running))


def _box(case: Case) -> Iterator[Subject]:
    settings = case.settings
    folders = (Path.cwd(),) if settings is None else (settings.database.beside.parent,)
    file = None if settings is None else settings.database.file
    zone = "UTC" if settings is None else settings.gateway.zone.key
    written = [] if file is None else [file, file.with_name(f"{file.name}-wal")]
    yield _seen("software", lambda: software.look(_writers(case)), software.judge)
    yield _seen("box", partial(box.look, folders), box.judge)
    yield _seen("clock", lambda: clock.look(case.clock.now(), written, zone), clock.judge)
    yield _seen("disk", partial(disk.look, folders[0]), disk.judge)
    if settings is not None:
        yield _seen("database", partial(reading.look, settings.database), database.judge)
        look = partial(
            backups.look,
            settings.database.file,
            settings.backup.dir,
            settings.gateway.node,
            settings.backup.every,
            case.clock.now(),
        )
        yield _seen("backups", look, backups.judge)


def _hardware(case: Case) -> Iterator[Subject]:
    settings = case.settings
    yield _seen("usb", partial(usb.look, case.sysfs), usb.judge)
    named = [] if settings is None else [(str(one.name), one.port) for one in settings.modem]
    here = any(port == AUTO_PORT or port.startswith("/dev/") for _, port in named)
    look = partial(modem_manager.look, sticks=here, source=case.rules)
    yield _seen("modemmanager", look, modem_manager.judge)
    if settings is not None:
        process = _process(settings)
        yield _seen("ports", lambda: _ports(settings, named, process), ports.judge)
        yield Subject(name="modems", look=partial(_modems, case, settings), limit=LONGEST)


def _surroundings(case: Case) -> Iterator[Subject]:
    settings = case.settings
    if settings is None:
        return
    passwords = None if case.store_passwords is None else dict(case.store_passwords)
    knock = partial(knocking.look, MqttSettings.of(settings), case.clock.now(), passwords)
    yield _seen("broker", knock, broker.judge, limit=LONGEST)
    yield Subject(name="web", look=partial(_web, case, settings))
    yield _told("alarms", lambda: alarms.judge(_alarms(case, settings)))
    yield _told("policy", lambda: policy.judge(_policy(settings), load_policies()))


def _told(name: str, judge: Callable[[], Iterable[Finding]]) -> Subject:
    """Return a subject of which all is known."""

    async def look() -> Iterable[Finding]:
        return judge()

    return Subject(name=name, look=look)


def _seen(
    name: str, look: Callable[[], F], judge: Callable[[F], Iterable[Finding]], **limit: float
) -> Subject:
    """Return a subject that is looked at in a thread, and judged."""

    async def examine() -> Iterable[Finding]:
        return judge(await apart(look))

    return Subject(name=name, look=examine, **limit)


async def _modems(case: Case, settings: Settings) -> Iterable[Finding]:
    """Take the gateway's word for the modems; none runs: ask them."""
    if case.running.modems is not None:
        return modems.judge([modems.read(one) for one in case.running.modems])
    if case.running.runs:
        return []  # it has the ports, and `gateway` says that it does not answer
    named = [(one.name, one.port) for one in settings.modem]
    facts = await stick.look(named, settings.gateway.sysfs)
    there = [one for one in facts if one.state is not ModemState.MISSING]  # else `ports` says it
    return modems.judge(there) if there or not named else []


async def _web(case: Case, settings: Settings) -> Iterable[Finding]:
    found: list[Finding] = []
    runs = case.running.runs
    if (console := settings.console) is not None:
        url = None if console.url is None else str(console.url)
        found += web.judge(await web.look("[console]", console.listen, url, running=runs))
    links = settings.links
    url = None if links.url is None else str(links.url)
    facts = await web.look("[links]", links.listen, url, running=runs, private=False)
    return [*found, *web.judge(facts)]


def _ports(
    settings: Settings, named: list[tuple[str, str]], process: Callable[[], int | None]
) -> list[ports.PortFacts]:
    place = settings.database.beside
    pid = process()
    account = account_of(pid, (settings.database.key_path, place, place.parent))
    return ports.look(named, account, pid, settings.gateway.sysfs)


def _process(settings: Settings) -> Callable[[], int | None]:
    return lambda: running_gateway(settings.database.url)


def _writers(case: Case) -> tuple[str, ...]:
    """Return the other programs that have the database open.

    The gateway's console, a process of its own, only reads it, and so do we.
    """
    file = None if case.settings is None else case.settings.database.file
    if file is None or case.settings is None:
        return ()
    ours = {_process(case.settings)(), os.getpid()}
    return tuple(
        f"{name} (PID {pid})"
        for pid, name in holders(str(file))
        if ours.isdisjoint({pid, parent_of(pid)})
    )


def _alarms(case: Case, settings: Settings) -> alarms.AlarmFacts:
    to = settings.alarms
    channels = {"SMS": to.sms_to, "e-mail": to.email_to, "webhook": to.webhook_url}
    told = {one["name"] for one in case.running.modems or ()}
    auto = any(one.port == AUTO_PORT for one in settings.modem)
    return alarms.AlarmFacts(
        channels=tuple(name for name, where in channels.items() if where),
        lines=None if auto else len(settings.modem) + len(settings.carrier),
        on=[one for one in case.running.alarms if one.get("subject") not in told],  # by `modems`
    )


def _policy(settings: Settings) -> policy.PolicyFacts:
    return policy.PolicyFacts(
        countries=tuple(settings.sim_countries or [settings.gateway.country]),
        for_others=settings.gateway.for_others,
        unknown_tariffs=tuple(
            one.name for one in settings.modem if one.tariff_permits_bulk == "unknown"
        ),
        without_texts=tuple(
            one.name for one in settings.store if one.shop_dir and not one.consent_texts
        ),
    )
