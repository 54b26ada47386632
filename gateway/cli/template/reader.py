"""For whom a template is shown: a person of the store, with what is known of them, or a sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

    from gateway.commerce.deciding import Subject
    from gateway.consent.identity import Identities
    from gateway.db.persons import PersonRecord
    from gateway.settings import Settings, StoreSettings

_LOOKED_BACK: Final = timedelta(days=3650)
"""How old the newest order of a person may be to stand for what a message is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who would read it, and what it would say to them."""

    values: dict[str, Any]
    zone: ZoneInfo
    language: str | None = None
    number: str | None = None
    """E.164; None: nobody's."""


def made_up(home: StoreSettings) -> Reader:
    """Return somebody of whom everything is known."""
    from gateway.commerce.templates.vocabulary import sample_values

    values = sample_values()
    values["store"] |= {"name": home.name, "brand": home.brand or home.name}
    return Reader(values=values, zone=home.timezone)


async def find_reader(
    settings: Settings, home: StoreSettings, to: str | None, person: str | None, named: Subject
) -> Reader:
    """Return a person of the store, with what is known of them.

    Raises:
        RejectedError: the store knows nobody of that number or name.
    """
    from gateway.consent.identity import Identities
    from gateway.db import Reader as DatabaseReader
    from gateway.db.keeping import require_keys

    async with DatabaseReader.open(settings.database.address) as database:
        keys = await database.read(
            lambda connection: require_keys(connection, settings.database.key_path)
        )
        identities = Identities(keys)
        return await database.read(
            lambda connection: _known(connection, identities, home, to, person, named)
        )


def _known(
    connection: Connection,
    identities: Identities,
    home: StoreSettings,
    to: str | None,
    person: str | None,
    named: Subject,
) -> Reader:
    from gateway.app.shops import voice_of
    from gateway.commerce.deciding.preview import subject_of, words_about
    from gateway.commerce.deciding.recipient import locale_of, zone_of
    from gateway.commerce.deciding.words import LATER
    from gateway.commerce.templates.vocabulary import sample_values
    from gateway.domain.clock import SystemClock

    record, sample = _record(connection, identities, home, to, person), sample_values()
    persons = identities.all_of(record.number) or (record.person,)
    since = SystemClock().now() - _LOOKED_BACK
    subject = subject_of(connection, record.store, persons, since, named)
    words = words_about(connection, record, subject, voice_of(home))
    return Reader(
        values=words | {name: sample[name] for name in LATER},
        zone=zone_of(record, home.timezone),
        language=locale_of(record),
        number=record.number,
    )


def _record(
    connection: Connection,
    identities: Identities,
    home: StoreSettings,
    to: str | None,
    person: str | None,
) -> PersonRecord:
    from gateway.consent.who import read_number
    from gateway.db.persons import find_person, persons_of_customer
    from gateway.domain.ids import StoreName as Name

    store = Name(home.name)
    if to is not None:
        names = identities.all_of(read_number(to, home.country))
        found = find_person(connection, store, names) if names else None
    else:
        found = next(iter(persons_of_customer(connection, store, person or "")), None)
    if found is None:
        reason = f"store {home.name} has told of nobody like that; --sample shows it for somebody"
        raise RejectedError("unknown_person", reason)
    return found
