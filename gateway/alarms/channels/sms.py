"""Alarms by SMS, from a line that they are not about.

The line is chosen here and no other may take the message, so that what is said of a line never
waits for it. Where one does not send it in time, the next one tries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

from gateway.alarms.channels.channel import ChannelError
from gateway.alarms.message import Message
from gateway.dispatch import Context
from gateway.dispatch.desk import Offer
from gateway.dispatch.housework import Came, Own, came_of, send_own
from gateway.domain.consent import Scope
from gateway.domain.errors import StorageError
from gateway.domain.ids import JobId, LineId
from gateway.domain.line_state import LineState

Offers = Callable[[], Mapping[LineId, Offer]]
"""Tells which lines are in service, and how they stand."""

PATIENCE: Final = timedelta(seconds=60)
"""How long a line may take to begin with it: it goes before all else, and its budget keeps room."""
ANSWER: Final = 200.0
"""Seconds more for the outcome of what was handed over: `[gateway] submit_timeout` and a bit."""
LOOK: Final = 1.0
"""Seconds between two looks at what came of it."""
LINES: Final = 3
"""Lines that try, before it is given up."""


class SmsChannel:
    """Sends a message to each number, over the best line that it is not about."""

    name = "sms"

    def __init__(self, context: Context, offers: Offers, numbers: Collection[str]) -> None:
        self._context = context
        self._offers = offers
        self._numbers = tuple(numbers)

    async def tell(self, message: Message) -> None:
        """Send a message to every number; one that gets it is enough. See the port."""
        told = await asyncio.gather(
            *(self._send(message, place, number) for place, number in enumerate(self._numbers))
        )
        failed = [reason for reason in told if reason is not None]
        if len(failed) == len(told):
            raise ChannelError("; ".join(sorted(set(failed))))

    async def _send(self, message: Message, place: int, number: str) -> str | None:
        """Send it to a number; return why it did not go, or None."""
        states = [offer.state for offer in self._offers().values()]
        lines = able(states, number, message.subjects)[:LINES]
        reason = "no line is in service that could send it"
        for line in lines:
            own = Own(
                id=JobId(f"{message.id}.{place}.{line.modem}"[:64]),
                to=number,
                text=message.short(),
                line=line.line,
                scope=Scope.ALARM,
                expires_at=self._context.now() + PATIENCE,
            )
            try:
                came = await self._follow(own)
            except StorageError:
                return "the database cannot be written"
            if came is not None and came.sent:
                return None
            reason = f"{line.modem} did not send it ({'' if came is None else came.state})"
        return reason

    async def _follow(self, own: Own) -> Came | None:
        """Queue a message and return what came of it; None when nothing did in time."""
        await send_own(self._context, own)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds() + ANSWER):
                while True:
                    came = await self._context.database.read(lambda c: came_of(c, own.id))
                    if came is not None and came.ended:
                        return came
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            return None


def able(lines: Collection[LineState], number: str, subjects: Collection[str]) -> list[LineState]:
    """Return the lines that may send to a number, the best first. Pure.

    What it is about comes last: where there is no other line, one whose balance is low can still
    say so.
    """
    serving = [one for one in lines if _serves(one, number) and not one.stopped]
    return sorted(serving, key=lambda one: (one.modem in subjects, one.resting, -one.health))


def _serves(line: LineState, number: str) -> bool:
    return not line.routes or any(number.startswith(route) for route in line.routes)
