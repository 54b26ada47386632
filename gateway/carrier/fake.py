"""A carrier for the tests of other layers: answers by script, no network.

It keeps the contract of `gateway.carrier.Carrier`: the intent is awaited before the answer unless
there is no connection, and what was refused is not kept.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.carrier.carrier import (
    Accepted,
    Answer,
    Carried,
    CarriedState,
    Intent,
    Message,
    Received,
    Refused,
    Unknown,
)
from gateway.carrier.codes import NOBODY, words_of
from gateway.domain.clock import Clock, SystemClock
from gateway.domain.errors import CarrierError
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarriedId, CarrierName, LineId, carrier_line


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What becomes of one submit."""

    refused: Refused | None = None
    unreachable: bool = False
    """There is no connection, and the intent is not awaited."""
    lost: bool = False
    """The answer does not come."""
    taken: bool = True
    """With ``lost``: whether the carrier has it all the same."""
    seconds: float = 0.0
    """From the request to the answer."""


@dataclass(slots=True)
class FakeCarrier:
    """Implements `gateway.carrier.Carrier`.

    Attributes:
        script: what becomes of the next submits; when it is empty they are taken.
        messages: what it took, the oldest first; change it with `settle`.
        inbox: what persons sent.
        trouble: raised by every question, while it is set.
        asked: how often it was asked each question: ``sent``, ``look``, ``received``.
    """

    name: CarrierName
    clock: Clock = field(default_factory=SystemClock)
    script: deque[Step] = field(default_factory=deque)
    messages: list[Carried] = field(default_factory=list)
    inbox: list[Received] = field(default_factory=list)
    trouble: CarrierError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    closed: bool = False
    """Whether its connections were given up."""

    @property
    def line(self) -> LineId:
        """The line that it is."""
        return carrier_line(self.name)

    async def submit(self, message: Message, intent: Intent) -> Answer:
        """Do what the script says."""
        step = self.script.popleft() if self.script else Step()
        if step.unreachable:
            return Refused(failure=FailureClass.NETWORK, reason="the carrier cannot be reached")
        await intent()
        if step.seconds:
            await asyncio.sleep(step.seconds)
        if step.refused is not None:
            return step.refused
        if step.lost and not step.taken:
            return Unknown(reason="no answer")
        carried = self._take(message)
        return Unknown(reason="no answer") if step.lost else Accepted(id=carried.id)

    def _take(self, message: Message) -> Carried:
        carried = Carried(
            id=CarriedId(f"SM{len(self.messages):032x}"),
            recipient=message.recipient,
            text=message.text,
            state=CarriedState.TAKEN,
            created_at=self.clock.now(),
        )
        self.messages.append(carried)
        return carried

    def settle(self, state: CarriedState, reason: str | None = None, *, place: int = -1) -> None:
        """Have a message come as far as ``state``; the last one unless ``place`` says otherwise."""
        nobody = reason == words_of(NOBODY)
        self.messages[place] = replace(
            self.messages[place], state=state, reason=reason, nobody=nobody
        )

    def receive(self, sender: str, text: str) -> Received:
        """Have a person send something."""
        received = Received(
            id=CarriedId(f"SM{len(self.inbox):030x}ff"),
            sender=sender,
            text=text,
            received_at=self.clock.now(),
        )
        self.inbox.append(received)
        return received

    async def sent_since(self, since: datetime) -> Sequence[Carried]:
        """Return what it took, the newest first."""
        self._ask("sent")
        return [carried for carried in reversed(self.messages) if carried.created_at >= since]

    async def look(self, id: CarriedId) -> Carried | None:  # noqa: A002 -- the contract's word
        """Return one of what it took."""
        self._ask("look")
        return next((carried for carried in self.messages if carried.id == id), None)

    async def received_since(self, since: datetime) -> Sequence[Received]:
        """Return what persons sent, the oldest first."""
        self._ask("received")
        return [received for received in self.inbox if received.received_at >= since]

    async def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    def _ask(self, question: str) -> None:
        self.asked[question] += 1
        if self.trouble is not None:
            raise self.trouble
