"""Network, operator and signal: asked at the start and watched afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.at import Registration, best, read_operator, read_registration, read_signal
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link

_QUESTIONS: Final = ("+CREG", "+CEREG", "+CGREG")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How a modem stands towards its network."""

    registration: Registration | None
    """None when the modem does not say."""
    signal_dbm: int | None

    @property
    def carries_sms(self) -> bool:
        """True when it can send; a modem that does not say is believed until it refuses."""
        return self.registration is None or self.registration.carries_sms


async def read_radio(link: Link) -> Reading:
    """Ask for the registration, in any of the three networks, and for the signal.

    Raises:
        LinkLostError: the link was lost.
    """
    return Reading(registration=await _registration(link), signal_dbm=await _signal(link))


async def _registration(link: Link) -> Registration | None:
    told = []
    for question in _QUESTIONS:
        answer = await ask(link, f"AT{question}?")
        registration = read_registration(answer.lines, question)
        if registration is not None:
            told.append(registration)
            if registration.carries_sms:
                break
    return best(told) if told else None


async def _signal(link: Link) -> int | None:
    return read_signal((await ask(link, "AT+CSQ")).lines)


async def read_network_name(link: Link) -> str | None:
    """Ask for the operator's name.

    Raises:
        LinkLostError: the link was lost.
    """
    return read_operator((await ask(link, "AT+COPS?", limit=limits.SLOW_COMMAND)).lines)
