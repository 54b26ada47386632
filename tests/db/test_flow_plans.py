"""What flows ask again and again is found by an index, however many runs there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.commerce.flow_facts import (
    bought_since,
    decided_since,
    ordered_since,
    orders_until,
    was_credited,
)
from gateway.db.commerce.flow_runs import (
    claim_runs,
    decided_about,
    drop_about,
    due_runs,
    find_run,
    ran_since,
    waiting_about,
)
from gateway.domain.ids import Campaign, PersonId
from tests.db.test_plans import ACME, NOW, plan_of

pytestmark = pytest.mark.sqlite_only("SQLite's words; PostgreSQL plans by how much there is")

ADA = PersonId("ada")
CARTS = Campaign("flow.carts")

ASKED: dict[str, tuple[Callable[[Connection], object], str]] = {
    "what is due": (lambda c: due_runs(c, NOW, 25), "ix_flow_runs_due (due_at<?)"),
    "what is taken": (lambda c: claim_runs(c, NOW, 25), "ix_flow_runs_due (due_at<?)"),
    "what waits about a cart": (
        lambda c: waiting_about(c, ACME, "carts", "cart:1"),
        "(store=? AND topic=?)",
    ),
    "what a purchase ends": (
        lambda c: drop_about(c, ACME, "cart:1", NOW, "bought"),
        "ix_flow_runs_topic (store=? AND topic=?)",
    ),
    "the run of a message": (
        lambda c: find_run(c, ACME, "carts", "cart:1:0"),
        "(store=? AND flow=? AND trigger=?)",
    ),
    "whether a look found somebody lately": (
        lambda c: ran_since(c, ACME, "birthday", ADA, NOW),
        "ix_flow_runs_person (store=? AND person=?)",
    ),
    "whether a person got one lately": (
        lambda c: decided_since(c, ACME, ADA, NOW, flow="carts", campaign=CARTS),
        "ix_decisions_person (store=? AND person=? AND decided_at>?)",
    ),
    "what was decided about a cart": (
        lambda c: decided_about(c, ACME, "carts", "cart:1", NOW),
        "ix_flow_runs_topic (store=? AND topic=?)",
    ),
    "whether a person ordered": (
        lambda c: ordered_since(c, ACME, ADA, NOW),
        "ix_orders_person (store=? AND person=? AND placed_at>?)",
    ),
    "which order of theirs it is": (
        lambda c: orders_until(c, ACME, ADA, NOW),
        "ix_orders_person (store=? AND person=? AND placed_at<?)",
    ),
    "whether a person bought a product": (
        lambda c: bought_since(c, ACME, ADA, "p1", NOW),
        "ix_orders_person (store=? AND person=? AND placed_at>?)",
    ),
    "whether an order brought a friend": (
        lambda c: was_credited(c, ACME, "1001"),
        "(store=?",
    ),
}


@pytest.mark.parametrize(("run", "index"), ASKED.values(), ids=ASKED)
async def test_it_is_found_by_its_index(
    database: Database, run: Callable[[Connection], object], index: str
) -> None:
    plan = await plan_of(database, run)
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") and "USING" not in step], plan
