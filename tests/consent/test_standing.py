"""What a person allows, from what is recorded of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.world import START, change

from gateway.consent.standing import Standing, standing_of
from gateway.domain.consent import Action, Method, Recorded

G, W = Action.GRANTED, Action.WITHDRAWN
DAY = timedelta(days=1)


def history(*events: tuple[Action, str, int] | dict[str, Any]) -> Standing:
    """A standing of events in the order of recording; the third of a tuple is the day."""
    rows = []
    for key, given in enumerate(events, 1):
        fields = given if isinstance(given, dict) else _fields(*given)
        event = change(**fields).event
        rows.append(Recorded(key=key, event=event, recorded_at=START))
    return standing_of(rows)


def _fields(action: Action, purpose: str, day: int) -> dict[str, Any]:
    return {"action": action, "purpose": purpose, "at": START + day * DAY}


def allows(standing: Standing, purpose: str = "marketing.offers", day: int = 100) -> bool:
    return standing.grant(purpose, START + day * DAY) is not None


@pytest.mark.rule("G-1", "G-2")
@pytest.mark.parametrize(
    ("events", "allowed"),
    [
        ((), False),
        (((G, "marketing", 0),), True),
        (((G, "marketing.offers", 0),), True),
        (((G, "marketing.cart", 0),), False),
        (((G, "transactional.order", 0),), False),
        (((G, "all", 0),), True),
        (((G, "marketing", 0), (W, "marketing", 1)), False),
        (((G, "marketing", 0), (W, "marketing", 0)), False),
        (((G, "marketing", 0), (W, "marketing.cart", 1)), True),
        (((G, "marketing.offers", 0), (W, "all", 1)), False),
        (((G, "marketing", 0), (W, "marketing", 1), (G, "marketing", 2)), True),
        (((W, "marketing", 1), (G, "marketing", 0)), False),
        (((G, "marketing", 0), (Action.OBJECTED, "marketing", 1)), False),
        (((G, "marketing", 0), (Action.ERASED, "all", 1)), False),
        (((G, "marketing", 0), (Action.RESTRICTED, "all", 1)), True),
    ],
)
def test_a_purpose_is_allowed_by_what_covers_it_and_was_not_ended_since(
    events: tuple[tuple[Action, str, int], ...], allowed: bool
) -> None:
    assert allows(history(*events)) is allowed


@pytest.mark.rule("G-11")
def test_what_an_import_brings_does_not_stand_against_an_older_no() -> None:
    no = {"action": W, "at": START}
    late = {"at": START + DAY, "method": Method.IMPORT}
    assert not allows(history(no, late))
    assert allows(history(no, late | {"confirmed": True}))
    assert allows(history(late, {"action": W, "at": START})), "the no was of before"
    assert allows(history(no, late | {"method": Method.FORM}))


@pytest.mark.rule("CA-1")
def test_a_grant_that_ends_by_itself_holds_until_then() -> None:
    standing = history({"until": START + 3 * DAY})
    assert allows(standing, day=2)
    assert not allows(standing, day=3)


@pytest.mark.rule("K-6")
def test_stop_all_ends_service_messages_until_the_person_begins_again() -> None:
    assert not history((W, "marketing", 0)).ended_service
    assert history((W, "all", 0)).ended_service
    assert history((W, "all", 1), (G, "marketing", 2)).ended_service
    assert not history((W, "all", 1), (G, "all", 2)).ended_service
    assert not history((Action.ERASED, "all", 1)).ended_service, "one may order again"


def test_the_last_word_on_a_person_counts() -> None:
    restricted, lifted = (Action.RESTRICTED, "all", 0), (Action.UNRESTRICTED, "all", 1)
    assert history(restricted).restricted
    assert not history(restricted, lifted).restricted
    assert history((Action.DEACTIVATED, "all", 1), (G, "marketing", 0)).deactivated
    assert not history((Action.DEACTIVATED, "all", 0), (G, "marketing", 1)).deactivated
    assert history((G, "marketing", 0), (Action.OBJECTED, "marketing", 1)).objects


def test_a_prompt_is_open_until_it_is_answered_or_too_old() -> None:
    asked = (Action.REQUESTED, "marketing", 1)
    assert history(asked).prompt(START) is not None
    assert history(asked).prompt(START + 2 * DAY) is None
    for answer in (G, W, Action.OBJECTED, Action.ERASED):
        assert history(asked, (answer, "marketing", 2)).prompt(START) is None
    assert history((W, "marketing", 0), asked).prompt(START) is not None
