"""Which SIM it is: its number, asked in every way that vendors have (MODEMS.md 6.5)."""

from __future__ import annotations

from typing import Final

from gateway.at import read_iccid, read_imsi
from gateway.domain.ids import LineId
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.modem import Identity

MCC: Final = 3
"""Digits of a mobile country code."""

_QUESTIONS: Final = (
    ("AT+CCID", "+ICCID", "^ICCID"),
    ("AT^ICCID?", "+ICCID"),
    ("AT+ICCID", "+CCID"),
    ("AT+QCCID", "+CCID"),
    ("AT+CRSM=176,12258,0,0,10",),
)


async def ask_iccid(link: Link) -> str | None:
    """Return the SIM's number, or None when the modem does not tell it, as some before the PIN.

    Raises:
        LinkLostError: the link was lost.
    """
    for command, *also in _QUESTIONS:
        answer = await ask(link, command, *also, limit=limits.SIM_COMMAND)
        if answer.ok and (iccid := read_iccid(answer.lines)):
            return iccid
    return None


async def identify_line(link: Link, identity: Identity) -> LineId:
    """Return the SIM's number, else a stand-in by its subscriber or by its modem.

    Raises:
        LinkLostError: the link was lost.
    """
    if iccid := await ask_iccid(link):
        return LineId(iccid)
    if imsi := await _ask_imsi(link):
        return LineId(f"imsi:{imsi}")
    return LineId(f"imei:{identity.imei}:{link.name}" if identity.imei else f"modem:{link.name}")


async def read_home_network(link: Link) -> str | None:
    """Return the country code of the SIM's own network, the beginning of its IMSI (ITU-T E.212).

    The IMSI itself tells who the subscriber is: it is looked at here, and not kept.

    Raises:
        LinkLostError: the link was lost.
    """
    imsi = await _ask_imsi(link)
    return None if imsi is None else imsi[:MCC]


async def _ask_imsi(link: Link) -> str | None:
    return read_imsi((await ask(link, "AT+CIMI", limit=limits.SIM_COMMAND)).lines)
