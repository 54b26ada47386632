"""A marketer adds flows, reads what they do and what became of them; nothing of theirs is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.command import CONFIGURATION, Shopbell
from support.events import CART
from support.flows import flows_of, make_flowing
from support.world import RECIPIENT

from gateway.commerce.flows.loading import shipped_flows
from gateway.db import Database
from gateway.settings import load


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration that is right, and names a folder."""
    file = tmp_path / "shopbell.toml"
    file.write_text(CONFIGURATION.replace('name = "acme"', 'name = "acme"\nshop_dir = "shop"'))
    (tmp_path / "shop").mkdir()
    return file


@pytest.fixture
def shop(config: Path) -> Path:
    return config.parent / "shop"


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_what_is_added_is_the_shops_with_its_words(shopbell: Shopbell, shop: Path) -> None:
    done = shopbell("flow", "add", "abandoned-cart")
    assert done.code == 0, done.err
    assert (shop / "flows" / "abandoned-cart.toml").read_text() == shipped_flows()["abandoned-cart"]
    assert (shop / "templates" / "abandoned-cart.de.txt").exists()
    assert shopbell("flow", "check").code == 0


def test_nothing_of_the_shops_is_overwritten(shopbell: Shopbell, shop: Path) -> None:
    (shop / "templates").mkdir()
    (shop / "templates" / "order-placed.en.txt").write_text("ours")
    assert shopbell("flow", "add", "order-placed").code == 0
    assert (shop / "templates" / "order-placed.en.txt").read_text() == "ours"
    (shop / "flows" / "order-placed.toml").write_text("ours")
    done = shopbell("flow", "add", "order-shipped", "order-placed")
    assert done.code == 1
    assert "the flow order-placed is there already" in done.err
    assert (shop / "flows" / "order-placed.toml").read_text() == "ours"
    assert not (shop / "flows" / "order-shipped.toml").exists()


def test_what_is_not_shipped_is_named_with_what_is(shopbell: Shopbell) -> None:
    done = shopbell("flow", "add", "abandoned")
    assert done.code == 1
    assert "'abandoned' is no flow that is shipped; there are: abandoned-cart" in done.err


def test_all_that_is_shipped_can_be_added_and_is_right(shopbell: Shopbell, shop: Path) -> None:
    (shop / "coupons.toml").write_text(
        '[referral]\nkind = "referral"\npattern = "FRIEND-*****"\n[thanks]\npattern = "TY-*****"\n'
    )
    assert shopbell("flow", "add", *shipped_flows()).code == 0
    assert shopbell("flow", "check").out == f"nothing is wrong with {len(shipped_flows())} flows\n"
    assert {row["state"] for row in lines(shopbell("flow", "list", "--json").out)} == {"runs"}


@pytest.mark.parametrize("command", [("flow", "check"), ("check",)])
def test_what_a_flow_names_has_to_be_there(
    shopbell: Shopbell, shop: Path, command: tuple[str, ...]
) -> None:
    (shop / "flows").mkdir()
    (shop / "flows" / "mine.toml").write_text(
        'on = "order_placed"\ntemplate = "lost"\ncoupon = "ten"\n'
    )
    (shop / "flows" / "bad.toml").write_text('on = "order_place"\ntemplate = "t"\n')
    done = shopbell(*command)
    assert done.code == 1
    assert "mine.toml: template: names the template 'lost', which is not there" in done.err
    assert "mine.toml: coupon: names the pool of coupons 'ten'" in done.err
    assert "bad.toml: on: is 'order_place'; right: " in done.err


def test_the_list_says_which_run_and_which_could(shopbell: Shopbell) -> None:
    shopbell("flow", "add", "birthday")
    states = {row["flow"]: row["state"] for row in lines(shopbell("flow", "list", "--json").out)}
    assert states["birthday"] == "runs"
    assert states["win-back"] == "could be added"
    assert set(states) == set(shipped_flows())


def test_a_flow_is_explained_in_words(shopbell: Shopbell) -> None:
    shopbell("flow", "add", "price-drop")
    done = shopbell("flow", "show", "price-drop")
    assert done.code == 0
    assert "When a product costs less by at least 10 %, the template price-drop" in done.out
    assert "who looked at it within 30d and did not buy it" in done.out
    assert "10% get nothing" in done.out
    assert "what would happen today is not known" in done.err


@pytest.fixture
async def left(config: Path) -> None:
    """Two carts: one was left, one emptied."""
    async with Database.open(load(config).database.address) as database:
        flowing = make_flowing(database, flows_of("abandoned-cart"))
        await flowing.knows(birthday="11-26")
        await flowing.happens(CART)
        await flowing.happens(CART, cart_id="k-2", customer="9000")
        await flowing.happens(CART, cart_id="k-2", customer="9000", products=[], value="0")


@pytest.mark.usefixtures("left")
def test_what_became_of_runs_is_told_without_numbers(shopbell: Shopbell) -> None:
    done = shopbell("flow", "runs", "--json")
    assert [(row["trigger"][:8], row["state"], row["reason"]) for row in lines(done.out)] == [
        ("cart:k-2", "dropped", "cart_empty"),
        ("cart:k-5", "waiting", None),
    ]
    assert RECIPIENT.lstrip("+") not in done.out
    counted = lines(shopbell("flow", "runs", "--counts", "--json").out)
    assert {(row["state"], row["runs"]) for row in counted} == {("dropped", 1), ("waiting", 1)}


@pytest.mark.usefixtures("left")
def test_what_a_flow_has_before_it_is_shown(shopbell: Shopbell) -> None:
    shopbell("flow", "add", "abandoned-cart", "birthday")
    [shown] = lines(shopbell("flow", "show", "abandoned-cart", "--json").out)
    assert (shown["due_within_a_day"], shown["found_today"]) == (1, None)
    [shown] = lines(shopbell("flow", "show", "birthday", "--json").out)
    assert shown["found_today"] is not None
