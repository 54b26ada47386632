"""How a modem keeps and announces what comes in: storages and announcements, agreed together.

What worked with this very modem is tried first, then the ladders of its profile; what works then is
what is remembered. Where nothing does, as on a modem whose SMS service still starts, what worked
before stays.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from gateway.at import Answer
from gateway.domain.failures import FailureClass, Phase, classify, says_full
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem.known.learned import Experience
from gateway.modem.known.profile import Profile
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.start.indications import Indications, ladder_of, set_indications
from gateway.modem.start.storages import Storages, find_storages

_PAUSE: Final = 1.0
"""Seconds between two questions to storages that start."""

_TOO_EARLY: Final = frozenset({(ResultKind.CMS, 302), (ResultKind.CME, 3)})
"""Codes that mean "not yet" in the first minute and "never" later (MODEMS.md 2a, 4.22)."""


async def arrange_reception(
    link: Link, profile: Profile, experience: Experience
) -> tuple[Storages, Indications]:
    """Go down the ladders of storages and of announcements, and remember where they ended.

    Raises:
        LinkLostError: the link was lost.
    """
    await _wait_for_storages(link, profile)
    learned = experience.learned
    storages = await find_storages(
        link, profile.ladders, home=learned.memory, arguments=learned.memory_arguments
    )
    indications = await set_indications(link, ladder_of(profile), known=learned.announcements)
    await _remember(experience, storages, indications)
    return storages, indications


async def _remember(experience: Experience, storages: Storages, indications: Indications) -> None:
    learned = experience.learned
    if storages.home:
        learned = replace(learned, memory=storages.home, memory_arguments=storages.arguments)
    if indications.kept:
        learned = replace(learned, announcements=indications.values)
    await experience.keep(learned)


async def _wait_for_storages(link: Link, profile: Profile) -> None:
    """Wait while the modem says that they start; one that says anything else is taken as it is."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + profile.start.sim
    while loop.time() < deadline:
        if not _starts((await _usage(link)).result):
            return
        await asyncio.sleep(_PAUSE)


async def _usage(link: Link) -> Answer:
    return await ask(link, "AT+CPMS?", limit=limits.SIM_COMMAND, settle=limits.INFORMATION_SETTLES)


def _starts(result: FinalResult) -> bool:
    if result.ok or result.code is None:
        return False
    early = (result.kind, result.code) in _TOO_EARLY
    busy = classify(result, Phase.BEFORE_PDU) is FailureClass.BUSY
    return early or (busy and not says_full(result))
