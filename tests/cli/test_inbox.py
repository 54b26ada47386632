"""A person of the shop reads who wrote, and answers."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.command import Shopbell
from support.persons import Person
from support.world import RECIPIENT, World

from gateway.db import Database
from gateway.domain.clock import SystemClock
from gateway.settings import load


@pytest.fixture
async def wrote(config: Path) -> str:
    """Let somebody write; return the id of the message."""
    async with Database.open(load(config).database.address) as database:
        world = World(database)
        world.clock.instant = SystemClock().now() - timedelta(minutes=5)
        ada = Person(world)
        await ada.is_sent("order-1")
        await ada.writes("Is it [bold]blue?")
        [told] = await world.said("inbound")
        return str(told["id"])


def test_an_empty_inbox_says_so(shopbell: Shopbell, config: Path) -> None:
    assert shopbell("send", "--store", "acme", "--to", RECIPIENT, "--text", "x", "--purpose", "otp")
    assert shopbell("inbox").out == "nobody wrote\n"
    assert shopbell("inbox", "--open").out == "nobody waits for an answer\n"


def test_who_wrote_is_listed(shopbell: Shopbell, wrote: str) -> None:
    done = shopbell("inbox")
    assert done.code == 0
    assert "[bold]blue?" in done.out
    assert "open" in done.out
    [one] = [json.loads(line) for line in shopbell("inbox", "--json").out.splitlines()]
    assert (one["id"], one["number"], one["open"], one["in_reply_to"]) == (
        wrote, RECIPIENT, True, "order-1",
    )  # fmt: skip
    assert [each["text"] for each in one["received"]] == ["Is it [bold]blue?"]
    assert [each["id"] for each in one["written"]] == ["order-1"]
    assert shopbell("inbox", "--store", "bela").code == 1


def test_an_answer_goes_out_once_in_the_name_of_the_store(shopbell: Shopbell, wrote: str) -> None:
    answer = ("inbox", "reply", wrote, "--text", "Your order is blue.")
    first = shopbell(*answer, "--json")
    assert first.code == 0, first.err
    assert json.loads(shopbell(*answer, "--json").out) == json.loads(first.out)
    listed = [json.loads(line) for line in shopbell("messages", "--json").out.splitlines()]
    assert [
        (one["store"], one["to"], one["purpose"]) for one in listed if one["text"] == answer[-1]
    ] == [("acme", RECIPIENT, "transactional")]
    assert shopbell("inbox", "--open").out == "nobody waits for an answer\n"


def test_a_message_that_never_came_is_told(shopbell: Shopbell, wrote: str) -> None:
    done = shopbell("inbox", "reply", "none", "--text", "x")
    assert (done.code, done.err) == (
        1,
        "rejected: unknown_message: no message 'none' came in; see `shopbell inbox`\n",
    )
