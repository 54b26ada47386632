"""Trying every rung of a ladder on a modem, not only down to the first that holds (a probe's)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from gateway.at import Answer, read_memories
from gateway.at.answer import fields, number
from gateway.modem.known.learned import Experience, Learned
from gateway.modem.known.notebook import Notes
from gateway.modem.known.profile import Ladders, Profile, UssdForm
from gateway.modem.link import limits
from gateway.modem.link.asking import SILENCE, ask
from gateway.modem.link.link import Link
from gateway.modem.menu.ussd import Menus, UssdError, UssdRequest
from gateway.modem.probe.findings import Rung, Verdict
from gateway.modem.start.storages import REPORTS

_PHASES = (0, 1)
_SERVICES = (0, 1, 2, 3)


async def try_announcements(link: Link, ladder: Sequence[tuple[int, ...]]) -> tuple[Rung, ...]:
    """Try each setting of AT+CNMI, with and without its fifth value, and read it back."""
    rungs = dict.fromkeys(shown for rung in ladder for shown in (rung, rung[:4]))
    return tuple([await _try_values(link, "+CNMI", values, compare=4) for values in rungs])


async def try_memories(link: Link, ladders: Ladders) -> tuple[Rung, ...]:
    """Try each storage as the home of messages, with one, two and three arguments."""
    known = read_memories((await ask(link, "AT+CPMS=?", limit=limits.SIM_COMMAND)).lines)
    homes = [name for name in dict.fromkeys((*known, *ladders.memories)) if name != REPORTS]
    rungs = product(homes, ladders.memory_arguments)
    return tuple([await _try_memory(link, home, count) for home, count in rungs])


async def try_services(link: Link) -> tuple[Rung, ...]:
    """Try each value of AT+CGSMS: over which network messages go."""
    return tuple([await _try_values(link, "+CGSMS", (value,), compare=1) for value in _SERVICES])


async def try_phases(link: Link) -> tuple[Rung, ...]:
    """Try both values of AT+CSMS; in phase 1 routed messages have to be acknowledged."""
    return tuple([await _try_values(link, "+CSMS", (value,), compare=1) for value in _PHASES])


async def try_ussd(link: Link, profile: Profile, code: str) -> tuple[Rung, ...]:
    """Ask the network's menu in each form that there is."""
    return tuple([await _try_form(link, profile, form, code) for form in UssdForm])


async def _try_values(link: Link, name: str, values: tuple[int, ...], *, compare: int) -> Rung:
    setting = ",".join(map(str, values))
    answer = await ask(link, f"AT{name}={setting}", limit=limits.SIM_COMMAND)
    if not answer.ok:
        return _refused(setting, answer)
    told = (await ask(link, f"AT{name}?", limit=limits.SIM_COMMAND)).values(name)
    kept = [number(field) for field in fields(told[0])] if told else []
    if kept and tuple(kept[:compare]) != values[:compare]:
        return Rung(setting=setting, verdict=Verdict.FORGOTTEN, detail=f"it tells {told[0]}")
    return Rung(setting=setting, verdict=Verdict.WORKS)


async def _try_memory(link: Link, home: str, count: int) -> Rung:
    setting = f"{home}, {count} argument{'s' if count > 1 else ''}"
    arguments = ",".join([f'"{home}"'] * count)
    answer = await ask(
        link,
        f"AT+CPMS={arguments}",
        limit=limits.SIM_COMMAND,
        settle=limits.INFORMATION_SETTLES,
    )
    return Rung(setting=setting, verdict=Verdict.WORKS) if answer.ok else _refused(setting, answer)


async def _try_form(link: Link, profile: Profile, form: UssdForm, code: str) -> Rung:
    ways = profile.ussd.model_copy(update={"forms": (form,)})
    menus = Menus(link, ways, Experience(Notes(), "probe", Learned()))
    try:
        await menus.ask(UssdRequest(text=code))
    except UssdError as error:
        return Rung(setting=form.value, verdict=Verdict.REFUSED, detail=str(error))
    return Rung(setting=form.value, verdict=Verdict.WORKS)


def _refused(setting: str, answer: Answer) -> Rung:
    detail = "no answer" if answer is SILENCE else str(answer.result)
    return Rung(setting=setting, verdict=Verdict.REFUSED, detail=detail)
