"""A row against what is recorded: the same twice is one, and a no stays a no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sheets import CONFIRMED, NOW, NUMBER, SOLD, bring

from gateway.consent.imports.deciding import Book, Decided
from gateway.consent.imports.row import Brought
from gateway.consent.standing import standing_of
from gateway.domain.consent import Action, ConsentEvent, Method, Recorded

DAY = timedelta(days=1)
SINCE = "2026-06-01T00:00:00Z"


def said(action: Action, purpose: str = "marketing", days_ago: int = 100, **more: Any) -> Recorded:
    """What the person said themselves."""
    event = ConsentEvent(
        store=bring().events[0].store,
        person=bring().persons[0],
        purpose=purpose,
        action=action,
        method=Method.KEYWORD,
        at=NOW - days_ago * DAY,
        **more,
    )
    return Recorded(key=days_ago and 1000 - days_ago, event=event, recorded_at=event.at)


def decided(row: Brought, *history: Recorded) -> list[Decided]:
    book = Book(NOW)
    book.read(book.unread([row]), {row.persons[0]: list(history)})
    return book.decide(row)


@pytest.mark.rule("G-11")
@pytest.mark.parametrize(
    ("action", "purpose", "says"),
    [
        (Action.WITHDRAWN, "marketing", "took this back on 2026-08-15"),
        (Action.WITHDRAWN, "marketing.offers", "took this back"),
        (Action.WITHDRAWN, "all", "took this back"),
        (Action.OBJECTED, "marketing", "objected"),
        (Action.ERASED, "all", "was erased"),
    ],
)
@pytest.mark.parametrize("at", ["2026-03-01T00:00:00Z", "2026-11-22T00:00:00Z"])
def test_who_said_no_is_not_brought_back_whatever_date_a_file_claims(
    action: Action, purpose: str, says: str, at: str
) -> None:
    (one,) = decided(bring(at=at), said(action, purpose))
    assert one.refused is not None
    assert says in one.refused
    assert not one.is_new


@pytest.mark.rule("G-11")
def test_a_double_opt_in_after_the_no_is_a_new_yes() -> None:
    proof = {**CONFIRMED, "at": "2026-11-01T00:00:00Z", "confirmed_at": "2026-11-01T00:01:00Z"}
    (one,) = decided(bring(**proof), said(Action.WITHDRAWN))
    assert one.is_new


@pytest.mark.rule("G-11")
def test_a_double_opt_in_of_before_the_no_is_none() -> None:
    (one,) = decided(bring(**CONFIRMED), said(Action.WITHDRAWN))
    assert one.refused is not None


@pytest.mark.rule("G-11")
def test_an_old_yes_is_not_let_in_by_a_newer_one() -> None:
    """Though the person came back by a keyword, what a file says of before is still refused."""
    again = said(Action.GRANTED, "marketing.offers", 10, confirmed=True)
    (one,) = decided(bring(), said(Action.WITHDRAWN), again)
    assert one.refused is not None


@pytest.mark.rule("G-2")
def test_a_no_to_one_purpose_is_none_to_another() -> None:
    (offers, cart) = decided(
        bring(purpose="marketing.offers+marketing.cart"), said(Action.WITHDRAWN, "marketing.cart")
    )
    assert (offers.is_new, cart.is_new) == (True, False)


@pytest.mark.rule("G-8")
def test_who_is_restricted_is_left_alone() -> None:
    (one,) = decided(bring(), said(Action.RESTRICTED, "all"))
    assert one.refused is not None
    assert "restricted" in one.refused


@pytest.mark.rule("G-11")
def test_a_no_is_always_taken() -> None:
    (one,) = decided(bring(state="unsubscribed"), said(Action.GRANTED, "marketing.offers", 5))
    assert one.is_new


def test_the_same_row_twice_is_one() -> None:
    book = Book(NOW)
    row = bring()
    book.read(book.unread([row]), {})
    assert [book.decide(row)[0].known for _ in range(2)] == [False, True]


def test_a_no_without_an_instant_is_known_while_it_holds() -> None:
    book = Book(NOW)
    stop = bring(state="unsubscribed", at=None, purpose=None)
    book.read(book.unread([stop]), {stop.persons[0]: []})
    assert [book.decide(stop)[0].known for _ in range(2)] == [False, True]


def test_a_better_proof_of_the_same_yes_is_new() -> None:
    book = Book(NOW)
    single = bring(at=CONFIRMED["confirmed_at"])
    book.read(book.unread([single]), {})
    book.decide(single)
    assert book.decide(bring(**CONFIRMED))[0].is_new
    assert book.decide(single)[0].known


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["subscribed", "unsubscribed", "objected", "confirmed", "soft"]),
        st.sampled_from(["marketing.offers", "marketing.cart"]),
        st.integers(min_value=1, max_value=300),
    ),
    max_size=8,
)


def _row(kind: str, purpose: str, days_ago: int) -> Brought:
    at = (NOW - days_ago * DAY).isoformat()
    if kind == "confirmed":
        return bring(**{**CONFIRMED, "purpose": purpose, "at": at, "confirmed_at": at})
    if kind == "soft":
        return bring(**SOLD, purpose=purpose, at=at)
    return bring(state=kind, purpose=purpose, at=at)


@pytest.mark.rule("G-1", "G-11")
@given(steps=STEPS, ended=st.integers(min_value=0, max_value=8))
def test_no_file_brings_back_whom_it_cannot_prove(
    steps: list[tuple[str, str, int]], ended: int
) -> None:
    """Whatever files come after a STOP, nothing stands for it but a double opt-in of after it."""
    book, history = Book(NOW), list[Recorded]()
    person = bring().persons[0]
    book.read([person], {person: []})
    stop = said(Action.WITHDRAWN, days_ago=50)
    for number, step in enumerate(steps):
        if number == ended:
            history.append(Recorded(key=number, event=stop.event, recorded_at=NOW))
            book.read([person], {person: list(history)})
        for one in book.decide(_row(*step)):
            if one.is_new:
                history.append(Recorded(key=100 + number, event=one.event, recorded_at=NOW))
    for purpose in ("marketing.offers", "marketing.cart"):
        grant = standing_of(history).grant(purpose, NOW)
        if grant is not None and ended < len(steps):
            proved = grant.confirmed and grant.at > stop.event.at
            assert proved, (grant, NUMBER)
