"""Keeping one modem in service: connect, bring up, serve, and again when it is lost.

A supervisor ends by cancellation, or when it is retired. Whatever its modem does stays with it: a
missing port is waited for and said once, a modem that fails climbs the recovery ladder
(`gateway.modem.recover.recovery`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import structlog

from gateway.at import Stored
from gateway.domain.alarms import AlarmKind
from gateway.domain.clock import Clock, SystemClock
from gateway.domain.errors import LinkLostError, ModemError
from gateway.domain.ids import ModemName
from gateway.modem.alarms import Alarms
from gateway.modem.driver import Driver
from gateway.modem.known.notebook import Notes
from gateway.modem.link.link import Link
from gateway.modem.link.trouble import Trouble
from gateway.modem.memory import Memory
from gateway.modem.menu.balance import BalanceWatch
from gateway.modem.menu.ussd import UssdAnswer, UssdError, UssdRequest
from gateway.modem.modem import Modem
from gateway.modem.port.transport import Opener, PortMissingError, PortTakenError, open_port
from gateway.modem.receive.mailbox import Mailbox
from gateway.modem.receive.sink import ModemSink
from gateway.modem.recover.recovery import Step
from gateway.modem.recover.rescue import Rescue
from gateway.modem.rung import Rung
from gateway.modem.settings import ModemSettings
from gateway.modem.start.radio import Reading
from gateway.modem.start.start import Setup, bring_up
from gateway.modem.status import ModemState, ModemStatus

log = structlog.get_logger(__name__)

MISSING_PAUSE: Final = 0.25
"""Seconds between two looks for a missing port; one `stat` each."""

SERVE_GRACE: Final = 10.0
"""Seconds in which the one who serves records its outcomes after the link was lost."""

Serve = Callable[[Modem], Awaitable[None]]
"""Works with a modem; returns after `Modem.wait_lost`."""


class Supervisor:
    """Keeps one modem in service."""

    def __init__(
        self,
        settings: ModemSettings,
        sink: ModemSink,
        serve: Serve,
        *,
        clock: Clock | None = None,
        opener: Opener = open_port,
        notes: Notes | None = None,
    ) -> None:
        self._settings = settings
        self._sink = sink
        self._serve = serve
        self._clock = clock or SystemClock()
        self._opener = opener
        alarms = Alarms(settings.name, self._clock)
        self._memory = Memory(
            alarms=alarms, notes=notes or Notes(), balance=_balance(settings, alarms, self._clock)
        )
        self._mailbox = Mailbox(settings.name)
        self._driver: Driver | None = None
        self._retired = False
        self._rescue = Rescue(settings, self._memory.alarms, self._opened)
        self._link = self._new_link()
        self._status = ModemStatus(
            name=settings.name,
            port=settings.port,
            state=ModemState.STARTING,
            since=self._clock.now(),
        )

    @property
    def name(self) -> ModemName:
        """The modem's name in the configuration."""
        return self._settings.name

    @property
    def signal_dbm(self) -> int | None:
        """How strong its signal is, as of `status`, without all else of it."""
        return self._status.signal_dbm

    @property
    def status(self) -> ModemStatus:
        """How the modem stands now."""
        watch = self._memory.balance
        return replace(
            self._status,
            alarms=self._memory.alarms.active,
            balance=None if watch is None else watch.last,
            recovery=self._rescue.rung,
            recoveries=self._rescue.counts,
        )

    async def ussd(self, request: UssdRequest) -> UssdAnswer:
        """Ask the network's menus over this modem, beside what it sends.

        Raises:
            UssdError: there is no answer, or the modem is not in service.
            LinkLostError: the modem was lost meanwhile.
        """
        if self._driver is None:
            raise UssdError(f"{self._settings.name} is not in service: {self._status.state}")
        return await self._driver.ussd(request)

    async def forget(self, is_meant: Callable[[Stored], bool]) -> int:
        """Delete what is stored of somebody; return how many messages were.

        Raises:
            ModemError: it is not in service, or could not be looked through.
        """
        if self._driver is None:
            raise ModemError(f"{self._settings.name} is not in service: {self._status.state}")
        try:
            return await self._driver.forget(is_meant)
        except TimeoutError:
            raise ModemError(f"{self._settings.name} was not looked through in time") from None

    async def run(self) -> None:
        """Keep the modem in service until cancelled or retired."""
        step = Step(rung=None, pause=0.0)
        try:
            while not self._retired:
                await asyncio.sleep(step.pause)
                step = await self._attempt(step.rung)
        finally:
            self._enter(ModemState.STOPPED)

    def retire(self, reason: str) -> None:
        """Give the modem up for good; whoever uses it first records how it ended.

        Between two attempts to bring it up that takes as long as the pause.
        """
        self._retired = True
        self._link.abort(reason)

    async def _attempt(self, rung: Rung | None) -> Step:
        """Take a rung, connect and serve until it ends; return what to do next."""
        try:
            if rung is not None:
                await self._rescue.take(rung)
            await self._connect()
        except PortMissingError:
            self._enter(ModemState.MISSING)
            return self._rescue.miss(pause=MISSING_PAUSE)
        except PortTakenError as error:
            self._memory.alarms.sound(AlarmKind.PORT_TAKEN, str(error))
            self._fail(str(error))
            return self._rescue.fail(Trouble.AWAY, str(error))
        except ModemError as error:
            self._fail(str(error))
            trouble = self._link.trouble if isinstance(error, LinkLostError) else Trouble.START
            return self._rescue.fail(trouble, str(error))
        except Exception as error:
            log.exception("modem_broken", modem=self._settings.name)
            self._fail(str(error))
        return self._rescue.fail(Trouble.AWAY, "the gateway's own fault")

    async def _connect(self) -> None:
        try:
            async with self._opened() as link:
                await self._in_service(link, await self._bring_up(link))
        finally:
            self._memory.notes.release(self._settings.name)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Link]:
        """Open the port, and close it in the end; what it says meanwhile is kept."""
        self._mailbox.open()
        link = self._link = self._new_link()
        try:
            link.trouble = Trouble.UNOPENED
            await self._opener(self._settings.port, link, baudrate=self._settings.baudrate)
            link.trouble = Trouble.AWAY
            self._memory.alarms.clear(AlarmKind.PORT_TAKEN)
            await self._rescue.locate(link)
            yield link
        finally:
            await link.close()

    def _new_link(self) -> Link:
        return Link(self._settings.name, self._mailbox.hear)

    async def _bring_up(self, link: Link) -> Setup:
        async with self._rescue.trial() as limit:

            def tell(state: ModemState) -> None:
                if state in _WAITING_FOR_A_PERSON:
                    limit.reschedule(None)
                self._enter(state)

            return await bring_up(link, self._settings, self._memory, tell)

    async def _in_service(self, link: Link, setup: Setup) -> None:
        self._rescue.prove(setup)
        self._note(setup)
        begun = asyncio.get_running_loop().time()
        driver = Driver(
            link, self._mailbox, setup, self._settings, self._sink, self._observe, self._memory
        )
        self._driver = driver
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(driver.run(), name=f"driver-{driver.name}")
                await self._serve_until_lost(driver, link)
        finally:
            self._driver = None
            if link.restarted:
                self._memory.alarms.sound(AlarmKind.RESTARTED, _RESTARTED)
            useful = driver.useful or link.trouble is not Trouble.REFUSING
            self._rescue.serve(asyncio.get_running_loop().time() - begun, useful=useful)
        link.check()

    async def _serve_until_lost(self, driver: Driver, link: Link) -> None:
        """Let the modem be used; give whoever uses it time to write down how it ended."""
        async with asyncio.TaskGroup() as tasks:
            lost = tasks.create_task(driver.wait_lost(), name=f"lost-{driver.name}")
            serving = tasks.create_task(self._guarded(driver), name=f"serve-{driver.name}")
            await asyncio.wait({lost, serving}, return_when=asyncio.FIRST_COMPLETED)
            link.abort("nobody uses the modem any more")
            _, late = await asyncio.wait({serving}, timeout=SERVE_GRACE)
            for task in late:
                log.error("serve_cut_off", modem=driver.name, after=SERVE_GRACE)
                task.cancel()

    async def _guarded(self, driver: Driver) -> None:
        """Use the modem; a fault in that costs this connection and not the process."""
        try:
            await self._serve(driver)
        except Exception:
            log.exception("serve_failed", modem=driver.name)

    def _note(self, setup: Setup) -> None:
        self._status = replace(
            self._status,
            identity=setup.identity,
            line=setup.line,
            operator=setup.operator,
            last_error=None,
        )
        self._observe(setup.reading)
        self._enter(ModemState.READY)
        log.info(
            "modem_ready",
            modem=self._settings.name,
            manufacturer=setup.identity.manufacturer,
            model=setup.identity.model,
            line=setup.line,
            announces=setup.indications.command,
        )

    def _observe(self, reading: Reading) -> None:
        self._status = replace(
            self._status, registration=reading.registration, signal_dbm=reading.signal_dbm
        )

    def _enter(self, state: ModemState) -> None:
        if state is self._status.state:
            return
        self._status = replace(self._status, state=state, since=self._clock.now())
        level = log.warning if state in _SAID_LOUDLY else log.info
        level("modem_state", modem=self._settings.name, state=state.value, port=self._settings.port)

    def _fail(self, error: str) -> None:
        self._status = replace(self._status, last_error=error)
        self._enter(ModemState.FAILED)
        log.warning("modem_failed", modem=self._settings.name, error=error)


def _balance(settings: ModemSettings, alarms: Alarms, clock: Clock) -> BalanceWatch | None:
    plan = settings.balance
    return None if plan is None else BalanceWatch(settings.name, plan, alarms, clock)


_RESTARTED: Final = (
    "the modem lost its power in service: give it a hub with a supply of its own, "
    "or a shorter cable"
)

_WAITING_FOR_A_PERSON: Final = frozenset({ModemState.PIN_REQUIRED, ModemState.PUK_REQUIRED})
"""It lives; how long it takes until it can send is not its own fault."""

_SAID_LOUDLY: Final = frozenset(
    {
        ModemState.MISSING,
        ModemState.NO_SIM,
        ModemState.PIN_REQUIRED,
        ModemState.PUK_REQUIRED,
        ModemState.NO_SERVICE,
        ModemState.NOT_REGISTERED,
    }
)
