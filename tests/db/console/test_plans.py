"""What the console's pages ask is found by an index, however much is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from db.test_plans import plan_of
from sqlalchemy import Connection

from gateway.commerce.conversations import conversations, find_conversation
from gateway.control.history import history_of
from gateway.db import Database
from gateway.db.console.decided import jobs_of_campaign
from gateway.db.console.message import read_message
from gateway.db.console.people import lines_of, number_told, orders_of, stores_of_number
from gateway.db.threads import newest_received
from gateway.domain.ids import JobKey, PersonId, StoreName

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NUMBER = "+447700900123"
ACME = StoreName("acme")
PERSON = PersonId("abcdefghijkl")

pytestmark = pytest.mark.sqlite_only("SQLite's words; PostgreSQL plans by how much there is")

PLANS: dict[str, tuple[Callable[[Connection], object], str]] = {
    "who wrote": (
        lambda c: newest_received(c, store=None, unclaimed=True, since=NOW, most=30),
        "SCAN inbound",
    ),
    "who wrote before": (
        lambda c: newest_received(c, store=ACME, unclaimed=True, since=NOW, most=30, before=9),
        "SEARCH inbound USING INTEGER PRIMARY KEY (rowid<?)",
    ),
    "conversations with one": (
        lambda c: conversations(c, None, now=NOW, number=NUMBER),
        "ix_inbound_sender (sender=?)",
    ),
    "a conversation": (
        lambda c: find_conversation(c, "x", NOW),
        "SEARCH inbound USING INDEX sqlite_autoindex_inbound_1 (id=?)",
    ),
    "a person's stores": (
        lambda c: stores_of_number(c, NUMBER, [PERSON]),
        "ix_persons_number (number=?)",
    ),
    "stores that wrote to a person": (
        lambda c: stores_of_number(c, NUMBER, [PERSON]),
        "ix_archived_parts_tail (tail=? AND handed_at>?)",
    ),
    "what waits for a person": (
        lambda c: stores_of_number(c, NUMBER, [PERSON]),
        "ix_jobs_unsent (recipient=?)",
    ),
    "a person's number": (lambda c: number_told(c, ACME, PERSON), "(store=? AND person=?)"),
    "a person's orders": (
        lambda c: orders_of(c, ACME, [PERSON], None),
        "ix_orders_person (store=? AND person=?)",
    ),
    "a customer's orders": (
        lambda c: orders_of(c, ACME, [PERSON], "c-1"),
        "ix_orders_customer (store=? AND customer=?)",
    ),
    "lines of orders": (lambda c: lines_of(c, ACME, ["1"]), "(store=? AND order_id=?)"),
    "a person's history": (
        lambda c: history_of(c, ACME, [PERSON], NUMBER, unclaimed=True, now=NOW),
        "ix_consent_events_person (person=? AND store=?)",
    ),
    "a message": (
        lambda c: read_message(c, JobKey(1)),
        "SEARCH archived_jobs USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "messages of a campaign": (
        lambda c: jobs_of_campaign(c, ACME, "campaign.spring"),
        "ix_decisions_decided_at (store=? AND campaign=?)",
    ),
}


@pytest.mark.parametrize(("run", "index"), PLANS.values(), ids=PLANS)
async def test_a_page_asks_by_an_index(
    database: Database, run: Callable[[Connection], object], index: str
) -> None:
    plan = await plan_of(database, run)
    assert any(index in step for step in plan), plan
    found = {step.split()[-1] for step in plan if step.startswith(("MATERIALIZE", "CO-ROUTINE"))}
    scans = [
        step
        for step in plan
        if step.startswith("SCAN") and "USING" not in step and step.split()[1] not in found
    ]
    # From its newest end, some at a time: the order is the key's.
    assert [step for step in scans if step != "SCAN inbound"] == [], plan


@pytest.mark.parametrize("before", [None, 9])
async def test_the_newest_are_not_sorted_for(database: Database, before: int | None) -> None:
    ask = partial(newest_received, store=None, unclaimed=True, since=NOW, most=30, before=before)
    assert not any("B-TREE" in step for step in await plan_of(database, ask))


async def test_the_newest_of_a_campaign_are_not_sorted_for(database: Database) -> None:
    plan = await plan_of(database, lambda c: jobs_of_campaign(c, ACME, "campaign.spring"))
    assert not any("B-TREE" in step for step in plan), plan
