"""Whom a decision is about: the person, the number, and where they live."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from gateway.consent.country import load_geography
from gateway.consent.identity import Identities
from gateway.consent.zones import Known, locate
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A person whom a store knows."""

    record: PersonRecord
    drawn_as: PersonId
    """Under the oldest key there is: a new one changes nobody's arm."""
    zone: ZoneInfo
    """Of the person's clock."""


def find_recipient(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    identities: Identities,
    fallback: ZoneInfo,
) -> Recipient | None:
    """Return whom a store knows by a pseudonym; None when it knows nobody.

    Args:
        connection: for reading.
        store: whose person it is.
        person: the pseudonym.
        identities: who a number is.
        fallback: the zone where nothing tells the person's.
    """
    record = find_person(connection, store, [person])
    if record is None:
        return None
    return Recipient(
        record=record,
        drawn_as=identities.all_of(record.number)[-1],
        zone=zone_of(record, fallback),
    )


def zone_of(record: PersonRecord, fallback: ZoneInfo) -> ZoneInfo:
    """Return the zone of a person's clock; the store's, where it may be one of several."""
    known = Known(
        number=record.number,
        timezone=_zone(record.timezone),
        postal_code=record.postal_code,
        country=record.country,
    )
    zones = locate(known, load_geography(), fallback).zones
    return fallback if fallback in zones else zones[0]


def locale_of(record: PersonRecord) -> str | None:
    """Return the language that a person reads, with the region where the store told it.

    A language alone is not enough to write a day: for who reads English it is 8/5 in the United
    States and 5/8 everywhere else.
    """
    language = record.language
    if language is None or record.country is None or "-" in language or "_" in language:
        return language
    return f"{language}-{record.country}"


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
