"""Whatever is asked, both databases and a plain reckoning in Python name the same people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection
from support.conditions import CONDITIONS, PATTERNS, Case, looks_like
from support.people import ACME, NOW, Rows, people_by_chance
from support.profiles import Profile, profiles

from gateway.commerce.segments import Segment
from gateway.db.engine import reading_engine, writing_engine

PERSONS = 60


@pytest.fixture(scope="module")
def rows() -> Rows:
    return people_by_chance(seed=8, persons=PERSONS)


@pytest.fixture(scope="module")
def known(rows: Rows) -> list[Profile]:
    return profiles(rows)


@pytest.fixture
def connection(database_url: str, rows: Rows) -> Iterator[Connection]:
    engine = writing_engine(database_url)
    with engine.begin() as writing:
        rows.write(writing)
    engine.dispose()
    engine = reading_engine(database_url)
    with engine.connect() as reading:
        yield reading
    engine.dispose()


def test_the_people_differ_enough_to_tell_rules_apart(known: list[Profile], rows: Rows) -> None:
    persons = [row for row in rows.tables["persons"] if row["store"] == ACME]
    assert 0 < len(persons) - len(known) < len(persons) / 2
    for name in known[0].columns:
        assert len({profile.columns[name] for profile in known}) > 1, name
    for name in ("bought", "viewed", "words", "clicks", "messages"):
        assert len({bool(getattr(profile, name)) for profile in known}) == 2, name


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_take_every_letter_as_it_stands(
    connection: Connection, known: list[Profile], pattern: str
) -> None:
    names = {profile.person: profile.columns["first_name"] for profile in known}
    expected = {who for who, name in names.items() if name and looks_like(name, pattern)}
    segment = Segment.parse(f"first_name like '{pattern}' and first_name <> ''")
    assert set(segment.members(connection, ACME, NOW)) == expected


@settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=CONDITIONS)
def test_a_segment_names_the_same_people_everywhere(
    connection: Connection, known: list[Profile], case: Case
) -> None:
    segment = Segment.parse(case.text)
    expected = {profile.person for profile in known if case.truth(profile) is True}
    assert set(segment.members(connection, ACME, NOW)) == expected
    assert segment.size(connection, ACME, NOW) == len(expected)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CONDITIONS)
def test_who_is_asked_about_alone_is_in_it_or_not_as_among_all(
    connection: Connection, rows: Rows, case: Case
) -> None:
    segment = Segment.parse(case.text)
    members = set(segment.members(connection, ACME, NOW))
    for row in rows.tables["persons"][::3]:
        person = row["person"]
        assert segment.holds(connection, ACME, person, NOW) is (person in members)


@settings(max_examples=100)
@given(case=CONDITIONS)
def test_every_condition_is_said_in_words(case: Case) -> None:
    said = Segment.parse(case.text).explain("GBP")
    assert said.startswith("people who ")
    assert "{" not in said
    assert said == Segment.parse(f"not (not ({case.text}))").explain("GBP")
