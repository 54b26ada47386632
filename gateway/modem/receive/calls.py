"""Calls that arrive: ignored, or hung up where the operator wants it (MODEMS.md 4.23)."""

from __future__ import annotations

from typing import Final

import structlog

from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link

log = structlog.get_logger(__name__)

_ENDINGS: Final = ("AT+CHUP", "ATH")
"""The standard's, and what every modem knows."""


async def hang_up(link: Link) -> None:
    """End a call that rings, in a turn like any other command: never within a PDU.

    Raises:
        LinkLostError: the link was lost.
    """
    for command in _ENDINGS:
        if (await ask(link, command)).ok:
            log.info("call_hung_up", modem=link.name)
            return
    log.warning("call_not_hung_up", modem=link.name)
