"""An order is put down to one message, the last that touched the person."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commerce.report.attribution import (
    CLICKED_FOR,
    DELIVERED_FOR,
    Kind,
    Sale,
    Touch,
    attribute,
)
from gateway.db.commerce.decisions import DecisionKey
from gateway.domain.ids import Campaign, PersonId

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA, BEN = PersonId("ada"), PersonId("ben")
INSTANT = timedelta(microseconds=1)


def touch(hours: float, kind: Kind = Kind.DELIVERED, decision: int = 1) -> Touch:
    at = NOON - timedelta(hours=hours)
    return Touch(at=at, kind=kind, decision=DecisionKey(decision), campaign=Campaign("flow.cart"))


def sale(order: str = "o1", person: PersonId = ADA, at: datetime = NOON) -> Sale:
    return Sale(order_id=order, person=person, placed_at=at, revenue=Decimal(10))


def decision(
    *touches: Touch, redeemed: Touch | None = None, order: Sale | None = None
) -> int | None:
    codes = {} if redeemed is None else {"o1": redeemed}
    found = list(attribute([order or sale()], {ADA: touches}, codes))
    assert len(found) <= 1
    return found[0].touch.decision if found else None


@pytest.mark.parametrize(
    ("touches", "behind"),
    [
        ([], None),
        ([touch(1)], 1),
        ([touch(23), touch(2, decision=2)], 2),
        ([touch(2, Kind.CLICKED, 1), touch(1, decision=2)], 2),
        ([touch(100, Kind.CLICKED, 1), touch(30, decision=2)], 1),
        ([touch(-1)], None),
        ([touch(1, decision=1), touch(1, Kind.CLICKED, 2)], 2),
    ],
    ids=[
        "nothing",
        "a delivery",
        "the later of two",
        "a delivery after a click",
        "a click that outlasts a later delivery",
        "what came after the order",
        "a click at the instant of a delivery",
    ],
)
def test_it_is_put_down_to(touches: list[Touch], behind: int | None) -> None:
    assert decision(*touches) == behind


@pytest.mark.parametrize(
    ("kind", "lasts"), [(Kind.DELIVERED, DELIVERED_FOR), (Kind.CLICKED, CLICKED_FOR)]
)
def test_a_touch_lasts_as_long_as_the_contract_says(kind: Kind, lasts: timedelta) -> None:
    touched = touch(0, kind)
    assert decision(touched, order=sale(at=touched.at + lasts - INSTANT)) == 1
    assert decision(touched, order=sale(at=touched.at + lasts)) is None


def test_a_code_names_its_message_whatever_came_later() -> None:
    code = touch(400, Kind.REDEEMED, 7)
    assert decision(touch(1, decision=2), redeemed=code) == 7


def test_a_code_that_was_passed_on_names_its_message_too() -> None:
    code = touch(400, Kind.REDEEMED, 7)
    assert decision(redeemed=code, order=sale(person=BEN)) == 7


def test_nobody_is_put_down_to_anothers_message() -> None:
    assert decision(touch(1), order=sale(person=BEN)) is None


TOUCHES = st.lists(
    st.builds(
        touch,
        st.integers(-48, 240),
        st.sampled_from([Kind.DELIVERED, Kind.CLICKED]),
        st.integers(1, 5),
    ),
    max_size=8,
)


@given(TOUCHES)
def test_it_is_the_last_one_that_lasts(touches: list[Touch]) -> None:
    """As a plain reading of the rule has it."""
    lasting = [
        one
        for one in touches
        if NOON - (CLICKED_FOR if one.kind is Kind.CLICKED else DELIVERED_FOR) < one.at <= NOON
    ]
    found = decision(*touches)
    if not lasting:
        assert found is None
        return
    last = max(one.at for one in lasting)
    assert found in {one.decision for one in lasting if one.at == last}


@given(TOUCHES, st.randoms())
def test_the_order_in_which_touches_are_read_does_not_matter(
    touches: list[Touch], random: object
) -> None:
    shuffled = list(touches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decision(*shuffled) == decision(*touches)
