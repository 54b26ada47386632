"""One connected modem, ready to send: `gateway.modem.Modem` over a link.

Owns two tasks for the time of the connection: the inbox, which takes what comes in to the sink, and
the watch, which looks after registration, signal and announcements.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog

from gateway.at import SimState, Stored
from gateway.domain.errors import LinkLostError, NotSentError, OutcomeUnknownError
from gateway.domain.failures import VendorCodes, says_full
from gateway.domain.ids import LineId, ModemName
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem.alarms import Alarms
from gateway.modem.link import limits
from gateway.modem.link.link import Link
from gateway.modem.link.notices import tells_sim_gone
from gateway.modem.link.trouble import Trouble
from gateway.modem.memory import Memory
from gateway.modem.menu.ussd import Menus, UssdAnswer, UssdRequest
from gateway.modem.modem import Identity, Intent, Submitted
from gateway.modem.receive.announcer import Announcer
from gateway.modem.receive.inbox import Inbox
from gateway.modem.receive.mailbox import Forget, Mailbox, Order
from gateway.modem.receive.sink import ModemSink
from gateway.modem.send.faults import IN_A_ROW, Faults
from gateway.modem.send.manner import Manner
from gateway.modem.send.references import References
from gateway.modem.send.submit import submit
from gateway.modem.settings import ModemSettings
from gateway.modem.start.centre import restore_service_centre
from gateway.modem.start.radio import Reading
from gateway.modem.start.sim import ask_lock
from gateway.modem.start.start import Setup
from gateway.modem.watch import Watch
from gateway.sms import EncodedPdu

log = structlog.get_logger(__name__)

_LOCKED: Final = frozenset({SimState.PIN, SimState.PUK, SimState.ABSENT})

LONGEST_WAIT: Final = 30.0
"""Seconds that a message waits at most for a telephone that rings."""

FORGET_WITHIN: Final = 120.0
"""Seconds to look through all storages of a modem, place by place where it cannot list."""

SMSC_UNKNOWN: Final = (ResultKind.CMS, 330)
"""The modem has no service centre to send to."""


class Driver:
    """Implements `gateway.modem.Modem`; see there for what is not said here.

    Attributes:
        useful: the network took a message from it.
    """

    def __init__(
        self,
        link: Link,
        mailbox: Mailbox,
        setup: Setup,
        settings: ModemSettings,
        sink: ModemSink,
        observe: Callable[[Reading], None],
        memory: Memory,
    ) -> None:
        self.useful = False
        self._manner = Manner(setup.profile, patience=settings.submit_timeout)
        self._faults = Faults()
        self._references = References(usable=setup.experience.learned.references)
        self._alarms = memory.alarms
        self._link = link
        self._setup = setup
        self._settings = settings
        self._mailbox = mailbox
        announcer = Announcer(link, setup)
        self._inbox = Inbox(link, mailbox, setup, settings, memory, sink, announcer)
        self._watch = Watch(link, mailbox, setup, observe, memory, announcer)
        self._menus = Menus(link, setup.profile.ussd, setup.experience)
        self._balance = memory.balance

    @property
    def name(self) -> ModemName:
        """Its name in the configuration."""
        return self._settings.name

    @property
    def identity(self) -> Identity:
        """Who the stick says it is."""
        return self._setup.identity

    @property
    def line(self) -> LineId:
        """The SIM in it."""
        return self._setup.line

    @property
    def operator(self) -> str | None:
        """The network that it was in when it came up."""
        return self._setup.operator

    @property
    def home(self) -> str | None:
        """The mobile country code of the SIM's own network."""
        return self._setup.home

    @property
    def codes(self) -> VendorCodes:
        """What its vendor means by a code."""
        return self._manner.codes

    @property
    def alarms(self) -> Alarms:
        """Where is shown what a person has to look at."""
        return self._alarms

    @property
    def lost(self) -> bool:
        """True once the link is gone."""
        return self._link.lost

    async def wait_lost(self) -> None:
        """Return when the link is gone."""
        await self._link.wait_lost()

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        """Hand one PDU to the network."""
        services = self._setup.services
        with suppress(LinkLostError):  # The submit itself says it better.
            if await services.settle():
                self._faults.forget()
            await self._remember()
            await self._let_pass()
        try:
            submitted = await submit(self._link, pdu, intent, self._manner)
        except (NotSentError, OutcomeUnknownError) as error:
            await self._learn(error)
            raise
        services.worked()
        self._manner.worked()
        self._faults.forget()
        self.useful = True
        if self._balance is not None:
            self._balance.sent()
        return Submitted(reference=self._references.take(submitted.reference))

    async def _remember(self) -> None:
        """Keep what the last message taught, before the next: its outcome waits for nothing."""
        experience, usable = self._setup.experience, self._references.usable
        if experience.learned.references != usable:
            await experience.keep(replace(experience.learned, references=usable))

    async def _let_pass(self) -> None:
        """Leave the radio to what comes in, for a moment (MODEMS.md 2.11)."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST_WAIT
        while (until := min(self._link.occupied_until, latest)) > loop.time():
            await asyncio.sleep(until - loop.time())
            self._link.check()

    async def _learn(self, error: NotSentError | OutcomeUnknownError) -> None:
        """Do what a refusal asks for; a modem that refuses all by itself is given up."""
        self._setup.services.refused(error.result)
        self._manner.refused(error.result)
        self._make_room(error.result)
        await self._heal(error.result)
        await self._look_at_sim(error.result)
        if isinstance(error, OutcomeUnknownError):
            self._link.stirred.set()  # It may have restarted without a word (MODEMS.md 5.13).
        if self._faults.note(error) and not self._link.lost:
            self._link.abort(f"{IN_A_ROW} messages in a row failed: {error}", Trouble.REFUSING)

    async def ussd(self, request: UssdRequest) -> UssdAnswer:
        """Ask the network's menus; see `Menus.ask`."""
        return await self._menus.ask(request)

    async def forget(self, is_meant: Callable[[Stored], bool]) -> int:
        """Read what came in and delete what is stored of somebody; return how many were deleted.

        Raises:
            ModemError: it could not be looked through.
        """
        letter = Forget(is_meant=is_meant, deleted=asyncio.get_running_loop().create_future())
        self._mailbox.put(letter)
        async with asyncio.timeout(FORGET_WITHIN):
            return await letter.deleted

    async def run(self) -> None:
        """Work until the link is lost and everything that was read is handed over."""
        self._link.in_service = True
        self._mailbox.put(Order.SWEEP)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._inbox.run(), name=f"inbox-{self.name}")
                tasks.create_task(self._watch.run(), name=f"watch-{self.name}")
                balance = tasks.create_task(self._watch_balance(), name=f"balance-{self.name}")
                await self._link.wait_lost()
                self._mailbox.close()
                balance.cancel()
        finally:
            await self._hand_over_the_rest()

    async def _watch_balance(self) -> None:
        if self._balance is not None:
            await self._balance.run(self.line, self.ussd)

    async def _hand_over_the_rest(self) -> None:
        """Finish what was already read when the gateway stops: nobody else has it."""
        self._mailbox.close()
        try:
            async with asyncio.timeout(limits.DRAIN_AT_END):
                await self._inbox.run()
        except TimeoutError:
            log.error("unsolicited_lost_at_end", modem=self.name, left=len(self._mailbox))

    async def _heal(self, result: FinalResult | None) -> None:
        """Give the modem its service centre back when it has lost it; the queue tries again."""
        known = self._setup.service_centre
        if result is None or (result.kind, result.code) != SMSC_UNKNOWN or not known:
            return
        try:
            await restore_service_centre(self._link, known)
        except LinkLostError:
            log.info("service_centre_not_restored", modem=self.name)

    async def _look_at_sim(self, result: FinalResult | None) -> None:
        """Have a SIM brought up that is locked or gone; a bare ERROR does not say so, it does."""
        gone = tells_sim_gone(result)
        try:
            if result is not None and result.kind is ResultKind.ERROR:
                gone = await ask_lock(self._link) in _LOCKED
        except LinkLostError:
            return
        if gone and not self._link.lost:
            self._link.abort("the SIM has to be brought up again")

    def _make_room(self, result: FinalResult | None) -> None:
        """Look through the storages of a modem that says that one is full (MODEMS.md 4.11)."""
        if says_full(result):
            self._mailbox.put(Order.SWEEP)
