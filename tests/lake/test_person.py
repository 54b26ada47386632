"""What the lake holds of a number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.lake.person import Home, Persons

PERSONS = Persons(
    b"k" * 32,
    {
        "acme": Home(country="GB", timezone="Europe/London"),
        "sydney": Home(country="AU", timezone="Australia/Sydney"),
    },
)


@pytest.mark.parametrize(
    ("number", "store", "country", "zone"),
    [
        ("+447400123456", "acme", "GB", "Europe/London"),
        ("+447700900123", "acme", "GB", "Europe/London"),  # given to nobody
        ("+447797712345", "acme", "JE", None),
        ("+4915112345678", "acme", "DE", "Europe/Berlin"),
        ("+61412345678", "sydney", "AU", "Australia/Sydney"),
        ("+61412345678", "acme", "AU", None),
        ("+12125550123", "acme", "US", "America/New_York"),
        ("+88213300655", "acme", None, None),  # a satellite's
    ],
)
def test_country_and_zone(number: str, store: str, country: str | None, zone: str | None) -> None:
    assert (PERSONS.country(number), PERSONS.timezone(number, store)) == (country, zone)


@pytest.mark.parametrize(
    ("number", "store", "hours"),
    [
        ("+4915112345678", "acme", 2),
        ("+61412345678", "acme", 1),  # the store's, as Australia has several
        ("+61412345678", "sydney", 10),
        ("+88213300655", "acme", 1),
        ("+88213300655", "nobody", None),
    ],
)
def test_the_wall_clock_is_the_stores_where_the_persons_is_unknown(
    number: str, store: str, hours: int | None
) -> None:
    noon = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp() * 1e6) + 1
    right = None if hours is None else noon + hours * 3_600_000_000
    assert PERSONS.local(noon, number, store) == right


def test_the_wall_clock_changes_in_the_night_that_summer_ends() -> None:
    at = int(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC).timestamp() * 1e6)
    ahead = [PERSONS.local(at + step, "+447400123456", "acme") for step in (0, 1_000_000)]
    assert ahead == [at + 3_600_000_000, at + 1_000_000]


def test_one_number_is_one_person_and_kinds_of_names_share_no_pseudonym() -> None:
    name = "+447400123456"
    assert PERSONS.person_id(name) == PERSONS.person_id(name)
    kinds = {PERSONS.person_id(name), PERSONS.line_id(name), PERSONS.reply_id(name)}
    assert len(kinds) == 3
    assert Persons(b"x" * 32, {}).person_id(name) != PERSONS.person_id(name)
