"""A modem as the rest of the house sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.domain.failures import VendorCodes
from gateway.domain.ids import LineId, ModemName
from gateway.modem.alarms import Alarms
from gateway.sms import EncodedPdu

Intent = Callable[[], Awaitable[None]]
"""The caller's durable commit, awaited between the PDU's text and its Ctrl-Z."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who a stick says it is; empty where it does not say."""

    imei: str = ""
    manufacturer: str = ""
    model: str = ""
    revision: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """A submit that the network accepted."""

    reference: int | None
    """TP-MR as the modem told it, 0 to 255; None when it told none."""


class Modem(Protocol):
    """A modem that is registered and ready to send."""

    @property
    def name(self) -> ModemName:
        """Its name in the configuration."""
        ...

    @property
    def identity(self) -> Identity:
        """Who the stick says it is."""
        ...

    @property
    def line(self) -> LineId:
        """The SIM in it."""
        ...

    @property
    def operator(self) -> str | None:
        """The network that it is in, as it names it."""
        ...

    @property
    def home(self) -> str | None:
        """The mobile country code of the SIM's own network; None when it does not tell."""
        ...

    @property
    def codes(self) -> VendorCodes:
        """What its vendor means by a code, for `gateway.domain.failures.classify`."""
        ...

    @property
    def alarms(self) -> Alarms:
        """Where is shown what a person has to look at."""
        ...

    @property
    def lost(self) -> bool:
        """True once the link is gone; it does not come back, a new modem does."""
        ...

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        """Hand one PDU to the network.

        The intent is awaited when the PDU is written and its Ctrl-Z is not: what breaks before it
        is committed was certainly not sent. After the Ctrl-Z nothing is written until the modem
        answers or the time limit has passed.

        Args:
            pdu: what to send.
            intent: the caller's durable commit; it is not awaited when the modem refuses early.

        Raises:
            NotSentError: it certainly was not sent, whether or not the intent was committed. Its
                result may be of class `FailureClass.DUPLICATE`, see `gateway.domain.failures`.
            OutcomeUnknownError: Ctrl-Z was written and what came of it is not known.
            Exception: whatever the intent raised; nothing was sent.
        """
        ...

    async def wait_lost(self) -> None:
        """Return when the link is gone."""
        ...
