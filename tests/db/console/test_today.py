"""The figures of a day, what was refused lately, and what no line takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from support.world import World

from gateway.db import Database
from gateway.db.console.refusals import recent_refusals
from gateway.db.console.samples import note_samples
from gateway.db.console.sums import sum_samples
from gateway.db.console.unserved import read_unserved
from gateway.db.tables import ATTEMPTS, LANES, PARTS
from gateway.domain.sample import ALL, MINUTE, Sample, Series
from gateway.domain.states import Outcome
from tests.db.test_plans import plan_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sample(series: Series, subject: str, total: float) -> Sample:
    return Sample(series=series, subject=subject, count=1, total=total)


async def test_what_adds_up_is_added_up_of_all_nodes(database: Database) -> None:
    found = (sample(Series.SENT, ALL, 3), sample(Series.SENT, "m0", 2))
    for node in ("a", "b"):
        for minutes in (0, 5):
            at = NOON + timedelta(minutes=minutes)
            await database.write(lambda c, n=node, at=at: note_samples(c, n, found, at))
    other = [sample(Series.REPORT_DELAY, ALL, 9)]
    await database.write(lambda c: note_samples(c, "a", other, NOON))
    since = NOON + timedelta(minutes=1)
    whole = await database.read(lambda c: sum_samples(c, MINUTE, NOON))
    part = await database.read(lambda c: sum_samples(c, MINUTE, since))
    assert whole == {("sent", ""): 12, ("sent", "m0"): 8}
    assert part == {("sent", ""): 6, ("sent", "m0"): 4}


def attempt(modem: str, outcome: Outcome, reason: str | None, minute: int) -> dict[str, object]:
    return {
        "node": "box-1",
        "line": "line",
        "modem": modem,
        "repeat": False,
        "intended_at": NOON + timedelta(minutes=minute),
        "outcome": outcome,
        "reason": reason,
    }


async def test_what_was_refused_is_told_by_reason_the_latest_first(world: World) -> None:
    await world.accept("one")
    database = world.database
    part = await database.read(lambda c: c.execute(select(PARTS.c.key)).scalar_one())
    rows = [
        attempt("m0", Outcome.NOT_SENT, "cms 42 congestion", 0),
        attempt("m0", Outcome.NOT_SENT, "cms 42 congestion", 1),
        attempt("m0", Outcome.SENT, None, 2),
        attempt("m1", Outcome.UNKNOWN, None, 3),
    ]
    of_part = [row | {"part_key": part} for row in rows]
    await database.write(lambda c: c.execute(insert(ATTEMPTS), of_part) and None)
    told = await database.read(recent_refusals)
    assert [(one.modem, one.reason, one.in_doubt, one.times) for one in told] == [
        ("m1", None, True, 1),
        ("m0", "cms 42 congestion", False, 2),
    ]
    assert told[1].last_at == NOON + timedelta(minutes=1)
    alone = await database.read(lambda c: recent_refusals(c, "m1"))
    assert [one.modem for one in alone] == ["m1"]


async def test_what_no_line_takes_is_told_once_for_each_reason(database: Database) -> None:
    lane = {"urgency": 1, "store": "acme", "campaign": "", "network": ""}
    rows = [
        lane | {"destination": "+44", "reason": "no line serves it"},
        lane | {"destination": "+33", "reason": "no line serves it"},
        lane | {"destination": "+1", "reason": None},
    ]
    await database.write(lambda c: c.execute(insert(LANES), rows) and None)
    [told] = await database.read(read_unserved)
    assert (told.store, told.urgency, told.reason) == ("acme", 1, "no line serves it")


@pytest.mark.sqlite_only("SQLite's words; PostgreSQL plans by how much there is")
async def test_the_figures_of_a_day_are_found_by_when_they_were(database: Database) -> None:
    steps = await plan_of(database, lambda c: sum_samples(c, MINUTE, NOON))
    assert "SEARCH samples USING INDEX ix_samples_age (span=? AND at>?)" in steps
    steps = await plan_of(database, recent_refusals)
    assert "SCAN attempts" in steps, "from the newest on, and no more than are looked at"
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps[:3])
