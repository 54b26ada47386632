"""What a person allows is judged under each of their pseudonyms, and previews go by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from support.known import put_person
from support.people import ACME, NOW, people_by_chance
from support.profiles import profiles

from gateway.commerce.segments import Segment, preview
from gateway.consent.identity import Identities
from gateway.db.consent import append_events
from gateway.db.engine import writing_engine
from gateway.domain.consent import Action, ConsentEvent, Method
from gateway.domain.ids import PersonId

OLD, NEW = b"o" * 32, b"n" * 32
ANN, BOB = "+447700900001", "+447700900002"
ALLOWING = Segment.parse("consented('marketing.offers')")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def says(connection: Connection, person: PersonId, action: Action, days: int = 1) -> None:
    event = ConsentEvent(
        store=ACME,
        person=person,
        purpose="marketing.offers",
        action=action,
        method=Method.FORM,
        at=NOW - timedelta(days=days),
    )
    append_events(connection, [event], NOW)


def test_what_was_allowed_under_a_former_pseudonym_stands_under_the_new(
    connection: Connection,
) -> None:
    former, names = Identities([OLD]), Identities([NEW, OLD])
    for number in (ANN, BOB):
        put_person(connection, ACME, names.of(number), number, NOW)
        says(connection, former.of(number), Action.GRANTED, days=3)
    says(connection, names.of(BOB), Action.WITHDRAWN)
    assert list(ALLOWING.members(connection, ACME, NOW, names)) == [names.of(ANN)]
    assert ALLOWING.size(connection, ACME, NOW, names) == 1
    for number, holds in ((ANN, True), (BOB, False)):
        assert ALLOWING.holds(connection, ACME, names.of(number), NOW, names) is holds
    # Without the former key nobody is taken for somebody who allows.
    assert ALLOWING.size(connection, ACME, NOW) == 0


def test_who_is_withheld_is_in_no_segment_not_in_everybody_either(connection: Connection) -> None:
    everybody = Segment.parse("true")
    for number, action in ((1, Action.GRANTED), (2, Action.OBJECTED), (3, Action.RESTRICTED)):
        person = PersonId(f"person-{number}")
        put_person(connection, ACME, person, f"+4477009000{number:02}", NOW)
        says(connection, person, action)
        assert everybody.holds(connection, ACME, person, NOW) is (action is Action.GRANTED)
    assert list(everybody.members(connection, ACME, NOW)) == ["person-1"]


def test_somebody_whom_the_store_never_told_of_is_in_none(connection: Connection) -> None:
    assert not Segment.parse("true").holds(connection, ACME, PersonId("nobody"), NOW)


def test_a_preview_counts_what_its_questions_count_one_by_one(connection: Connection) -> None:
    rows = people_by_chance(seed=3, persons=60)
    rows.write(connection)
    segment = Segment.parse("spend > 10 or has_cart")
    found = preview(segment, connection, ACME, NOW)
    assert found.people == len(profiles(rows))
    assert found.persons == segment.size(connection, ACME, NOW)
    both = Segment.parse("(spend > 10 or has_cart) and consented('marketing.offers')")
    assert found.allowing == both.size(connection, ACME, NOW)
    assert 0 < found.allowing < found.persons < found.people
    assert found.share == found.persons / found.people


def test_a_store_without_people_has_a_preview(connection: Connection) -> None:
    found = preview(ALLOWING, connection, ACME, NOW)
    assert (found.persons, found.people, found.share) == (0, 0, 0)
