"""What persons allow, in the lake: as the gate sees it, and nothing of who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from lake.conftest import HOMES, KEY, Export
from support.lakes import order, write
from support.world import KEYS, RECIPIENT, START, World, change

from gateway.consent.identity import Identities
from gateway.consent.rotation import take_key
from gateway.db import Reader
from gateway.domain.consent import Action, Recorded
from gateway.lake.consents import changes_of
from gateway.lake.export import export
from scoring.analysis.next_campaign import subscribed
from scoring.features import features
from scoring.lake import Lake

OTHER = "+447700900124"
DAY = timedelta(days=1)
G, W = Action.GRANTED, Action.WITHDRAWN


def rows(folder: Path, table: str = "consents") -> list[dict[str, Any]]:
    files = sorted((folder / table).rglob("*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def told(*events: tuple[Action, str, int], **more: Any) -> list[tuple[str, str, int]]:
    """Return what the lake is told of events, with days in place of instants."""
    history = [
        Recorded(
            key=key,
            event=change(action, purpose=purpose, at=START + day * DAY, **more).event,
            recorded_at=START + day * DAY,
        )
        for key, (action, purpose, day) in enumerate(events, 1)
    ]
    said = changes_of(history, START + 1000 * DAY)
    return [(purpose, state, (at - START) // DAY) for purpose, state, at in said]


@pytest.mark.parametrize(
    ("events", "right"),
    [
        ([], []),
        ([(G, "marketing.offers", 1)], [("marketing.offers", "subscribed", 1)]),
        (
            [(G, "marketing.offers", 1), (W, "marketing.cart", 2)],
            [("marketing.offers", "subscribed", 1), ("marketing.cart", "unsubscribed", 2)],
        ),
        (
            [(G, "marketing.offers", 1), (G, "marketing.offers", 2), (W, "all", 3)],
            [
                ("marketing.offers", "subscribed", 1),
                ("marketing.offers", "unsubscribed", 3),
                ("marketing.restock", "unsubscribed", 3),
                ("marketing.cart", "unsubscribed", 3),
                ("transactional", "unsubscribed", 3),
            ],
        ),
        (
            [(Action.REQUESTED, "marketing.offers", 1), (G, "marketing.offers", 2)],
            [("marketing.offers", "pending", 1), ("marketing.offers", "subscribed", 2)],
        ),
        (
            [(W, "marketing.cart", 5), (G, "marketing.cart", 3)],
            [("marketing.cart", "unsubscribed", 5)],
        ),
        ([(G, "tracking", 1)], []),
    ],
)
def test_a_change_of_state_is_a_row(
    events: Sequence[tuple[Action, str, int]], right: list[tuple[str, str, int]]
) -> None:
    assert told(*events) == right


def test_what_was_told_late_stands_behind_what_it_changed() -> None:
    """A no of before that came later ends the yes; the last row has to be the one that holds."""
    late = told((G, "marketing.offers", 5), (W, "marketing.offers", 5))
    assert [state for _, state, _ in late] == ["subscribed", "unsubscribed"]


@pytest.mark.rule("CA-1")
def test_a_consent_that_ended_by_itself_is_told_to_have() -> None:
    ended = told((G, "marketing.offers", 1), until=START + 10 * DAY)
    assert ended == [
        ("marketing.offers", "subscribed", 1),
        ("marketing.offers", "unsubscribed", 10),
    ]


async def test_the_lake_has_them_and_passes_its_check(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await world.allow(purpose="marketing.offers")
    await world.allow(purpose="marketing.cart", number=OTHER, person=Identities(KEYS).of(OTHER))
    done = await bring()
    write(folder, "orders", [order(1, ordered_at=START)])
    assert done.rows["consents"] == 2
    lake = Lake(folder)
    assert lake.check() == ()
    assert subscribed(lake, store="acme") == [Identities([KEY]).of(RECIPIENT)]
    assert subscribed(lake, store="acme", purpose="marketing.cart") == [Identities(KEYS).of(OTHER)]
    await world.allow(W, purpose="marketing")
    await bring()
    assert subscribed(Lake(folder), store="acme", purpose="marketing.offers") == []


async def test_only_months_that_changed_are_written(
    world: World, bring: Export, folder: Path
) -> None:
    await world.allow(purpose="marketing.offers")
    assert (await bring()).rows == {"consents": 1, "persons": 0}
    assert "consents" not in (await bring()).rows
    world.clock.instant += 40 * DAY
    await world.allow(purpose="marketing.cart")
    assert (await bring()).rows == {"consents": 1}
    assert len({row["changed_at"].month for row in rows(folder)}) == 2


@pytest.mark.rule("G-10")
async def test_who_objects_is_in_no_table(world: World, bring: Export, folder: Path) -> None:
    await world.accept()
    await world.allow(purpose="marketing.offers")
    await bring()
    assert [len(rows(folder, table)) for table in ("consents", "messages", "persons")] == [1, 1, 1]
    await world.allow(Action.OBJECTED)
    await bring()
    assert [len(rows(folder, table)) for table in ("consents", "messages", "persons")] == [0, 0, 0]


@pytest.mark.rule("G-10")
async def test_who_allows_it_again_is_back_with_all_that_was(
    world: World, bring: Export, folder: Path
) -> None:
    await world.allow(purpose="marketing.offers")
    await world.allow(Action.OBJECTED)
    await bring()
    assert rows(folder) == []
    world.clock.instant += 40 * DAY
    await world.allow(purpose="marketing.offers")
    await bring()
    said = [row["state"] for row in rows(folder) if row["purpose"] == "marketing.offers"]
    assert said == ["subscribed", "unsubscribed", "subscribed"]


@pytest.mark.rule("G-10")
async def test_the_features_of_the_next_build_have_no_row_of_who_objects(
    world: World, bring: Export, folder: Path
) -> None:
    """Also where her orders came from the shop's own file, and come again."""
    she, he = Identities(KEYS).of(RECIPIENT), Identities(KEYS).of(OTHER)
    orders = [order(number, person_id=person) for number, person in enumerate([she, he, she, he])]
    write(folder, "orders", orders)
    cutoff = orders[-1]["ordered_at"].date()
    assert set(features(Lake(folder), cutoff).index) == {she, he}
    await world.allow(Action.OBJECTED)
    await bring()
    assert set(features(Lake(folder), cutoff).index) == {he}
    write(folder, "orders", orders)
    await bring()
    assert set(features(Lake(folder), cutoff).index) == {he}


@pytest.mark.rule("G-10")
async def test_who_took_profiling_back_is_in_no_table(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await world.allow(W, purpose="profiling")
    await bring()
    assert rows(folder, "messages") == []


@pytest.mark.rule("G-10", "G-11")
async def test_who_objects_is_known_in_a_lake_under_another_key(
    world: World, url: str, tmp_path: Path
) -> None:
    """The ledger knows the person by the former key, the new lake by the new one."""
    keys = (b"n" * 32, KEY)
    await world.accept()
    await world.accept("order-2", to=OTHER)
    await world.allow(Action.OBJECTED)
    await world.allow(purpose="marketing.cart", number=OTHER, person=Identities(KEYS).of(OTHER))
    await world.database.write(lambda c: take_key(c, keys, world.clock.now()))
    folder = tmp_path / "new"
    async with Reader.open(url) as reader:
        await export(reader, folder, key=keys[0], former=keys[1:], homes=HOMES, now=START)
    there = {Identities(keys).of(OTHER)}
    assert {row["person_id"] for row in rows(folder, "messages")} == there
    assert {row["person_id"] for row in rows(folder)} == there
