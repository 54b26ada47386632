"""What a flow's file may say, and what is said of one that is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.commerce.flows import Trigger, load_flows, parse_flow
from gateway.commerce.flows.flow import CARTS, MEANINGS, PRODUCTS, Audience, Word, always
from gateway.commerce.flows.loading import FOLDER, shipped_flows
from gateway.commerce.templates import SHIPPED
from gateway.domain.consent import Scope
from gateway.domain.errors import ContentError
from gateway.domain.purpose import Purpose

CART = 'on = "cart_left"\ntemplate = "t"\n'


def test_a_flow_says_what_it_does_and_the_rest_has_defaults() -> None:
    flow = parse_flow("cart", CART + 'wait = "45m"')
    assert (flow.trigger, flow.wait, flow.within) == (
        Trigger.CART_LEFT,
        timedelta(minutes=45),
        timedelta(days=2, minutes=45),
    )
    assert (flow.campaign, flow.design.holdout, flow.message.template) == ("flow.cart", 0.1, "t")
    assert flow.unless == {Word.BOUGHT, Word.CART_EMPTY, Word.CART_CHANGED}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('on = "cart"\ntemplate = "t"', 'on: is \'cart\'; right: "cart_left", "order_placed"'),
        ('template = "t"', 'on: is missing; write one such as on = "cart_left"'),
        ('on = "cart_left"', "template: is missing"),
        (CART + 'wiat = "45m"', 'wiat: is no key; do you mean "wait"?'),
        (CART + 'wait = "45"', "wait: '45' is no length of time"),
        (CART + 'wait = "3d"\nwithin = "48h"', "within: is not longer than the wait of 3d"),
        (CART + "drop = 20", 'drop: is nothing to on = "cart_left"; it is for "price_dropped"'),
        (CART + 'unless = ["dearer"]', "'dearer' is nothing to on = \"cart_left\"; right: "),
        (CART + 'unless = ["rain"]', "unless: has 'rain'; right: "),
        (CART + 'when = ["cart_empty"]', "'cart_empty' stands against it, too"),
        ('on = "price_dropped"\ntemplate = "t"\ndrop = 120', "is 120; right: from 0 to 100"),
        ('on = "restocked"\ntemplate = "t"\naudience = ["all"]', 'right: "asked", "viewed"'),
        ('on = "birthday"\ntemplate = "t"\nhour = 24', "a whole number from 0 to 23"),
        (CART + 'scope = "order"', 'right with marketing: "cart", "offers", "restock"'),
        ("on = ", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        parse_flow("cart", text)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["Cart", "cart.left", "4477009001234", "x" * 33])
def test_a_name_has_to_fit_the_jobs(name: str) -> None:
    with pytest.raises(ContentError):
        parse_flow(name, CART)


@pytest.mark.parametrize("name", shipped_flows())
def test_what_is_shipped_is_right_and_its_template_is_there(name: str) -> None:
    flow = parse_flow(name, shipped_flows()[name])
    assert flow.about
    assert {"en", "de"} <= {
        file.name.split(".")[1] for file in SHIPPED.glob(f"{flow.message.template}.*.txt")
    }
    service = flow.message.purpose is Purpose.TRANSACTIONAL
    assert (flow.design.holdout == 0) or not service
    assert not service or (flow.message.tracking, flow.message.scope) == ("none", Scope.ORDER)


def test_the_shipped_cart_flow_is_as_the_rules_have_it() -> None:
    flow = parse_flow("abandoned-cart", shipped_flows()["abandoned-cart"])
    assert (flow.wait, flow.within) == (timedelta(minutes=45), timedelta(hours=48))
    assert flow.message.scope is Scope.CART


def test_whom_a_product_concerns_depends_on_what_changed() -> None:
    for trigger in PRODUCTS:
        flow = parse_flow("f", f'on = "{trigger}"\ntemplate = "t"')
        liked = trigger is Trigger.PRODUCT_NEW
        assert flow.audience == ({Audience.LIKES} if liked else {Audience.ASKED, Audience.VIEWED})


def test_what_always_stands_against_a_flow_can_be_asked_of_it() -> None:
    for trigger in Trigger:
        assert all(trigger in MEANINGS[word].of for word in always(trigger))
    assert all(always(trigger) for trigger in CARTS)


def test_a_folder_is_read_and_what_is_wrong_is_left_out(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "good.toml").write_text(CART)
    (tmp_path / FOLDER / "bad.toml").write_text("on = 1")
    flows, faults = load_flows(tmp_path)
    assert (set(flows.known), flows.faulty) == ({"good"}, {"bad"})
    [fault] = faults
    assert (fault.file, fault.place) == (tmp_path / FOLDER / "bad.toml", "on")


def test_a_shop_without_flows_has_none(tmp_path: Path) -> None:
    flows, faults = load_flows(tmp_path)
    assert (dict(flows.known), faults) == ({}, [])
