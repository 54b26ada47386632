"""Watching a prepaid SIM's balance: asking now and then, and sounding the alarm when it runs out.

What the network says may hold numbers of persons, so that nothing of it is logged but the amount.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import structlog

from gateway.domain.alarms import AlarmKind
from gateway.domain.balance import Balance, BalancePattern
from gateway.domain.clock import Clock
from gateway.domain.errors import ModemError
from gateway.domain.ids import LineId, ModemName
from gateway.modem.alarms import Alarms
from gateway.modem.menu.ussd import UssdAnswer, UssdRequest

log = structlog.get_logger(__name__)

FIRST: Final = (30.0, 120.0)
"""Seconds from coming into service to the first question: not in the way of what waits to be sent,
and not of all modems at once."""

JITTER: Final = 0.05
"""Part of the interval by which modems are kept from asking in step."""

AGAIN: Final = 3600.0
"""Seconds to the next question after one without an answer, and between any two: networks count
them, and some take money for them."""

PARTS: Final = 100
"""Parts sent after which it is asked before its time; they cost a few units of any money."""

Ask = Callable[[UssdRequest], Awaitable[UssdAnswer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class BalancePlan:
    """How a modem's SIM is asked."""

    request: UssdRequest
    pattern: BalancePattern
    unit: str = ""
    minimum: Decimal | None = None
    """Below it a person is called; None: nobody is."""
    every: float = 86_400.0
    """Seconds between two questions."""


class BalanceWatch:
    """What is known of the balance at one modem; outlives its connections."""

    def __init__(self, modem: ModemName, plan: BalancePlan, alarms: Alarms, clock: Clock) -> None:
        self._modem = modem
        self._plan = plan
        self._alarms = alarms
        self._clock = clock
        self._last: Balance | None = None
        self._line: LineId | None = None
        self._asked: float | None = None
        self._due = 0.0
        self._sent = 0
        self._spent = asyncio.Event()
        self._unreadable = False

    @property
    def last(self) -> Balance | None:
        """What was told last; None before it was."""
        return self._last

    def sent(self) -> None:
        """Count a part that was sent."""
        self._sent += 1
        recent = self._asked is not None and self._now() - self._asked < AGAIN
        if self._sent >= PARTS and not recent:
            self._spent.set()

    async def run(self, line: LineId, ask: Ask) -> None:
        """Ask about a SIM in service, now and then, until cancelled."""
        if line != self._line:
            self._forget(line)
        self._due = max(self._due, self._now() + random.uniform(*FIRST))  # noqa: S311
        while True:
            await self._wait()
            await self._look(ask)

    def _forget(self, line: LineId) -> None:
        """Forget what was known of another SIM than this one."""
        self._line, self._last, self._asked, self._due = line, None, None, 0.0
        self._unreadable = False
        self._alarms.clear(AlarmKind.BALANCE_LOW)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout_at(self._due):
                await self._spent.wait()
        except TimeoutError:
            return

    async def _look(self, ask: Ask) -> None:
        self._asked, self._sent = self._now(), 0
        self._spent.clear()
        self._due = self._asked + AGAIN
        try:
            answer = await ask(self._plan.request)
        except ModemError as error:
            log.warning("balance_not_told", modem=self._modem, error=str(error))
            return
        self._due = self._asked + self._plan.every * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        amount = self._plan.pattern.find(answer.text)
        if amount is None:
            self._give_up(answer)
        else:
            self._take(amount)

    def _give_up(self, answer: UssdAnswer) -> None:
        """Say once that the text cannot be read, and nothing of what it says."""
        if not self._unreadable:
            self._unreadable = True
            log.warning(
                "balance_unreadable",
                modem=self._modem,
                characters=len(answer.text),
                remedy=f"look at it with shopbell modem ussd {self._modem}, mend balance_pattern",
            )

    def _take(self, amount: Decimal) -> None:
        plan = self._plan
        self._unreadable = False
        self._last = Balance(amount=amount, unit=plan.unit, at=self._clock.now())
        log.info("balance", modem=self._modem, amount=str(amount), unit=plan.unit)
        if plan.minimum is not None and amount < plan.minimum:
            self._alarms.sound(AlarmKind.BALANCE_LOW, _low(amount, plan))
        else:
            self._alarms.clear(AlarmKind.BALANCE_LOW)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _low(amount: Decimal, plan: BalancePlan) -> str:
    has, least = (f"{number} {plan.unit}".rstrip() for number in (amount, plan.minimum))
    return f"the SIM has {has} left, less than {least}: top it up"
