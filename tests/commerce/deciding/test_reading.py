"""What a file says of a message and of arms, and what it may not say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.commerce.deciding import Message
from gateway.commerce.deciding.reading import MOST_NAME, read_design, read_message, require_name
from gateway.commerce.experiments import Arm, Design
from gateway.domain.consent import Scope
from gateway.domain.content import Fields
from gateway.domain.errors import ContentError
from gateway.domain.purpose import Purpose


def message(text: str) -> Message:
    return read_message(Fields.of(f'template = "t"\n{text}'))


def test_a_message_is_marketing_of_offers_unless_it_says_otherwise() -> None:
    assert message("") == Message(
        template="t", purpose=Purpose.MARKETING, scope=Scope.OFFERS, tracking="aggregate"
    )


def test_what_somebody_is_told_of_their_order_is_not_tracked_by_default() -> None:
    found = message('purpose = "transactional"')
    assert (found.scope, found.tracking) == (Scope.ORDER, "none")


def test_a_message_says_all_of_itself() -> None:
    found = message('scope = "cart"\ncategory = "shoes"\ncoupon = "ten"\ntracking = "individual"')
    assert found == Message(
        template="t", scope=Scope.CART, category="shoes", coupon="ten", tracking="individual"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('purpose = "otp"', 'right: "marketing", "transactional"'),
        ('scope = "order"', 'right with marketing: "cart", "offers", "restock"'),
        ('tracking = "all"', 'right: "none", "aggregate", "individual"'),
    ],
)
def test_what_a_message_may_not_say(text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        message(text)


def test_a_tenth_is_held_out_of_marketing_and_nobody_of_what_must_be_told() -> None:
    assert read_design(Fields.of(""), Purpose.MARKETING) == Design(holdout=0.1)
    assert read_design(Fields.of(""), Purpose.TRANSACTIONAL) == Design(holdout=0)
    assert read_design(Fields.of("holdout = 0"), Purpose.MARKETING) == Design(holdout=0)


def test_arms_differ_in_text_offer_time_and_targeting() -> None:
    text = """
    [[arm]]
    name = "a"
    [[arm]]
    name = "b"
    weight = 2
    template = "other"
    coupon = "ten"
    delay = "2h"
    hour = 18
    where = "orders > 3"
    """
    other = Arm(
        name="b",
        weight=2,
        template="other",
        coupon="ten",
        delay=timedelta(hours=2),
        hour=18,
        where="orders > 3",
    )
    assert read_design(Fields.of(text), Purpose.MARKETING).arms == (Arm(name="a"), other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[arm]]\nname = "holdout"', "has an arm 'holdout'"),
        ('[[arm]]\nname = "A b"', "arm 1: name: is 'A b'"),
        ('[[arm]]\nname = "a"\nhour = 24', "whole number from 0 to 23"),
        ('[[arm]]\nname = "a"\nwieght = 2', 'do you mean "weight"'),
        ("holdout = 1", "has a holdout of 1.0"),
    ],
)
def test_arms_that_cannot_be(text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        read_design(Fields.of(text), Purpose.MARKETING)


@pytest.mark.parametrize("name", ["", "A", "a.b", "-a", "a" * (MOST_NAME + 1), "447700900123"])
def test_names_that_a_job_could_not_carry_are_refused(name: str) -> None:
    with pytest.raises(ContentError, match="name"):
        require_name(name, "campaign")


def test_a_name_at_the_limit_is_taken() -> None:
    assert require_name("a" * MOST_NAME, "flow") == "a" * MOST_NAME
