"""What is allowed and may still surprise: said by ``shopbell check``, stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import phonenumbers

from gateway.settings.model import Settings

PATIENT_SUBMIT_TIMEOUT: Final = 120
"""Seconds; networks have answered a submit after so long (MODEMS.md). To give up earlier makes
messages `unconfirmed` that were sent."""

_SHOWN: Final = 3
"""Countries that are named; America's code has two dozen."""


def advise(settings: Settings, *, look: bool = True) -> list[str]:
    """Return a sentence for each thing worth a second look, in the order of the file.

    Args:
        settings: that were read.
        look: whether to look for the ports, too.
    """
    return [
        *_gateway(settings),
        *_database(settings),
        *_links(settings),
        *_modems(settings, look=look),
        *_stores(settings),
        *_limits(settings),
        *_alarms(settings),
    ]


def _gateway(settings: Settings) -> Iterator[str]:
    timeout = settings.gateway.submit_timeout
    if timeout < PATIENT_SUBMIT_TIMEOUT:
        yield (
            f"[gateway] submit_timeout = {timeout:g}: below {PATIENT_SUBMIT_TIMEOUT} s slow "
            "networks leave messages unconfirmed"
        )


def _database(settings: Settings) -> Iterator[str]:
    if settings.database.file is None and find_spec("psycopg") is None:
        yield (
            "[database] url: PostgreSQL needs the extra `postgres`, which is not installed: "
            "pip install 'shopbell[postgres]'"
        )


def _links(settings: Settings) -> Iterator[str]:
    shops = any(store.shop_dir for store in settings.store)
    if settings.links.url is None and (shops or settings.links.listen):
        yield "[links]: without a url, links in texts stay as long as they are, and are not counted"
    if settings.links.url is not None and settings.links.listen is None:
        yield "[links]: this gateway does not listen; another one has to answer the short links"


def _modems(settings: Settings, *, look: bool) -> Iterator[str]:
    if not settings.modem:
        yield "there is no [[modem]]; jobs are accepted and wait"
    for modem in settings.modem if look else ():
        if not modem.auto and "://" not in modem.port and not _present(modem.port):
            yield f"[[modem]] {modem.name}: nothing is at {modem.port} now; it is waited for"


def _stores(settings: Settings) -> Iterator[str]:
    if not settings.store:
        yield "there is no [[store]]; nobody can submit a job"
    for store in settings.store:
        if store.help_contact is None:
            yield f"[[store]] {store.name}: without help_contact nobody who writes HELP is answered"


def _alarms(settings: Settings) -> Iterator[str]:
    alarms, numbers = settings.alarms, [one for one in settings.modem if one.number]
    if alarms.loop_every is not None and len(numbers) < 2:
        yield (
            "[alarms] loop_every: fewer than two [[modem]] have a number, so that no line can "
            "test another"
        )
    lines = len(settings.modem) + len(settings.carrier)
    alone = lines == 1 and not any(one.auto for one in settings.modem)
    if alarms.sms_to and alone and not (alarms.email_to or alarms.webhook_url):
        yield "[alarms] sms_to: with one line nobody can be told that it is down; add email_to"


def _limits(settings: Settings) -> Iterator[str]:
    for limit in settings.limit:
        code = phonenumbers.country_code_for_region(limit.country) if limit.country else 0
        others = sorted(set(phonenumbers.region_codes_for_country_code(code)) - {limit.country})
        if code and others:
            shown = ", ".join(others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
            yield (
                f"[[limit]] {limit.name}: numbers with +{code} are those of {shown} too; they "
                "count together"
            )


def _present(port: str) -> bool:
    return Path(port).exists() or any(Path("/").glob(port.lstrip("/")))
