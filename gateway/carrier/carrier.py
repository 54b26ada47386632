"""A carrier as the rest of the house sees it: a provider that sends what no SIM may (SIM-5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from gateway.domain.clock import require_aware
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarriedId, LineId

Intent = Callable[[], Awaitable[None]]
"""The caller's durable commit, awaited before anything of a message is written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a carrier is asked to send; it cuts a long text into parts itself."""

    recipient: str
    """E.164."""
    text: str
    validity: timedelta | None = None
    """What is left of its life, or None for the carrier's own limit."""


class CarriedState(StrEnum):
    """How far a message has come that a carrier took."""

    TAKEN = "taken"
    """It is the carrier's."""
    SENT = "sent"
    """It is the network's."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    """It did not reach the person, or never left the carrier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The carrier took the message."""

    id: CarriedId
    state: CarriedState = CarriedState.TAKEN
    reason: str | None = None
    """Words for the state, where it failed at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The carrier certainly did not take the message."""

    failure: FailureClass
    reason: str
    """Words for people, with the carrier's code; never the carrier's own, which name numbers."""
    of_destination: bool = False
    """Whether the recipient may be at fault, which only others' messages can tell."""
    needs_person: bool = False
    """It will not mend itself: a wrong token, address or certificate."""
    congested: bool = False
    """It has too much for now, of all or of us."""
    retry_after: timedelta | None = None
    """How long the carrier wants to be left alone, where it says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """The message was written and nobody knows whether the carrier took it."""

    reason: str


Answer = Accepted | Refused | Unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """A message of ours as the carrier tells of it."""

    id: CarriedId
    recipient: str
    text: str
    state: CarriedState
    created_at: datetime
    """When the carrier took it, by its own clock; UTC."""
    reason: str | None = None
    nobody: bool = False
    """Whether it failed because the number is nobody's (US-8)."""

    def __post_init__(self) -> None:
        require_aware("created_at", self.created_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message that a person sent to the carrier's number."""

    id: CarriedId
    sender: str
    """E.164, a short code or a name."""
    text: str
    received_at: datetime
    """When the carrier took it, by its own clock; UTC."""

    def __post_init__(self) -> None:
        require_aware("received_at", self.received_at)


class Carrier(Protocol):
    """A provider that is asked over the network."""

    @property
    def line(self) -> LineId:
        """The line that it is, ``carrier:NAME``."""
        ...

    async def submit(self, message: Message, intent: Intent) -> Answer:
        """Hand one message over.

        The intent is awaited when the connection stands and before the message is written to it:
        what breaks before it is committed was certainly not sent. After it nothing is repeated.

        Args:
            message: what to send.
            intent: the caller's durable commit; it is not awaited without a connection.

        Raises:
            Exception: whatever the intent raised; nothing was sent.
        """
        ...

    async def sent_since(self, since: datetime) -> Sequence[Carried]:
        """Return what was sent from our number at or after an instant, the newest first.

        There is a limit to how far back it looks. What still waits at the carrier may be missing.

        Raises:
            CarrierError: it did not answer as it should.
        """
        ...

    async def look(self, id: CarriedId) -> Carried | None:  # noqa: A002 -- the contract's word
        """Return one message, or None when the carrier does not know it any more.

        Raises:
            CarrierError: it did not answer as it should.
        """
        ...

    async def received_since(self, since: datetime) -> Sequence[Received]:
        """Return what came to our number at or after an instant, the oldest first.

        Raises:
            CarrierError: it did not answer as it should.
        """
        ...

    async def close(self) -> None:
        """Give the connections up."""
        ...
