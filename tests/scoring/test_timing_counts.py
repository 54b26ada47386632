"""What is counted where: each event at the hour that says something of its person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from scoring.timing.counts import activity, learn, matrix, send_hours, send_log
from tests.scoring.lakes import MemoryLake, Row, at, click, message, order, reply, utc

HOUR = 60
DAY = 24 * HOUR
LATER = "2020-12-31"


@dataclass
class LogLake(MemoryLake):
    """With draws of send times."""

    assignments: Sequence[Row] = ()


def _draw(person: str, name: str, slot: int, probability: float, minute: float) -> Row:
    return {
        "store": "shop",
        "assignment_id": f"draw-{name}",
        "person_id": person,
        "message_id": name,
        "experiment": "spring",
        "kind": "send_time",
        "arm": str(slot),
        "probability": probability,
        "candidates": 12,
        "policy": "random",
        "assigned_at": utc(at(minute)),
    }


def _told(lake, **options) -> dict[tuple[str, int], float]:
    rows = activity(lake, options.pop("cutoff", LATER), **options).to_pandas()
    return {(p, int(s)): c for p, s, c in rows[["person_id", "slot", "count"]].values}


def test_orders_count_at_their_own_hour_on_the_wall_clock():
    """Minute 0 is Monday 00 h there, and Sunday evening in UTC."""
    lake = MemoryLake(orders=[order("ann", 9 * HOUR + 5), order("ann", 2 * DAY + 20 * HOUR)])
    assert _told(lake) == {("ann", 9): 1.0, ("ann", 68): 1.0}


def test_a_click_counts_at_the_hour_of_its_message():
    """It came at 22 h because the message came at 10 h; a scanner's does not count at all."""
    lake = MemoryLake(
        orders=[order("x", 0)],
        messages=[message("ann", "m1", 10 * HOUR), message("bob", "m2", 10 * HOUR)],
        clicks=[click("ann", "m1", 22 * HOUR), click("bob", "m2", 10 * HOUR, machine=True)],
    )
    assert _told(lake, weights={"click": 2.0}) == {("ann", 10): 2.0}


def test_two_clicks_on_a_message_are_one_answer():
    lake = MemoryLake(
        orders=[order("x", 0)],
        messages=[message("ann", "m1", 10 * HOUR)],
        clicks=[click("ann", "m1", 11 * HOUR), click("ann", "m1", 2 * DAY)],
    )
    assert _told(lake, weights={"click": 1.0}) == {("ann", 10): 1.0}
    row = send_hours(lake, LATER).to_pandas().iloc[0]
    assert (row["sends"], row["answers"]) == (1, 1)


def test_things_done_within_an_hour_are_one_visit():
    """Three orders between 9 and 10 h of a day; on the next day she was there again."""
    times = [9 * HOUR + 5, 9 * HOUR + 6, 9 * HOUR + 50, 7 * DAY + 9 * HOUR]
    lake = MemoryLake(orders=[order("ann", t, value=t + 1) for t in times])
    assert _told(lake) == {("ann", 9): 2.0}


def test_returns_and_stops_are_no_activity():
    lake = MemoryLake(
        orders=[order("ann", HOUR, kind="return"), order("bob", HOUR)],
        replies=[reply("cid", HOUR, kind="stop"), reply("dan", 2 * HOUR)],
    )
    assert _told(lake) == {("bob", 1): 1.0, ("dan", 2): 1.0}


def test_old_events_fade_by_half_each_half_life():
    lake = MemoryLake(orders=[order("ann", 9 * HOUR), order("ann", 14 * DAY + 10 * HOUR)])
    told = _told(lake, cutoff="2020-01-20", half_life=7)
    assert told[("ann", 10)] == pytest.approx(1.0)
    assert told[("ann", 9)] == pytest.approx(0.25)


def test_nothing_after_the_cutoff_is_seen():
    """Neither an order, nor the click of a message that was sent before."""
    lake = MemoryLake(
        orders=[order("ann", 9 * HOUR), order("ann", 3 * DAY)],
        messages=[message("ann", "m1", 10 * HOUR)],
        clicks=[click("ann", "m1", 5 * DAY)],
    )
    assert _told(lake, cutoff="2020-01-07") == {("ann", 9): 1.0}
    assert send_hours(lake, "2020-01-07").to_pandas()["answers"].sum() == 0
    assert _told(lake, after="2020-01-07") == {("ann", 72): 1.0, ("ann", 10): 1.0}


def test_dates_without_a_clock_say_nothing_of_hours():
    lake = MemoryLake(orders=[order("ann", 0)], clockless=frozenset({"shop"}))
    assert _told(lake) == {}


def test_a_phone_that_is_off_is_seen_in_the_hour_of_the_send():
    lake = MemoryLake(
        orders=[order("x", 0)],
        messages=[
            message("ann", "m1", 3 * HOUR, delay=14_000.0),
            message("ann", "m2", 12 * HOUR, delay=4.0),
            message("ann", "m3", 12 * HOUR, delay=None),
        ],
    )
    rows = send_hours(lake, LATER).to_pandas().set_index("slot")
    assert rows.loc[3, ["reports", "prompt"]].tolist() == [1, 0]
    assert rows.loc[12, ["sends", "reports", "prompt"]].tolist() == [2, 1, 1]


def test_the_log_holds_draws_with_their_probability_and_what_came():
    lake = LogLake(
        orders=[order("x", 0)],
        messages=[message("ann", "m1", 10 * HOUR), message("bob", "m2", 11 * HOUR)],
        clicks=[click("ann", "m1", 11 * HOUR)],
        assignments=[_draw("ann", "m1", 10, 0.95, 5), _draw("bob", "m2", 11, 0.05, 5)],
    )
    rows = send_log(lake, LATER).to_pandas().sort_values("person_id")
    assert rows["slot"].tolist() == [10, 11]
    assert rows["probability"].tolist() == [0.95, 0.05]
    assert rows["answered"].tolist() == [1, 0]


def test_a_model_of_a_lake_knows_owls_from_larks():
    """And takes no half-life where habits do not change."""
    weeks = range(0, 40, 2)
    orders = [order(f"lark{n}", w * 7 * DAY + (7 + n % 2) * HOUR) for n in range(20) for w in weeks]
    orders += [
        order(f"owl{n}", w * 7 * DAY + (21 + n % 2) * HOUR) for n in range(20) for w in weeks
    ]
    lake = MemoryLake(orders=orders)
    model, half_life = learn(lake, LATER)
    people = ["lark0", "owl0"]
    rows = activity(lake, LATER, half_life=half_life).to_pandas()
    curves = model.transform(matrix(rows, people)).reshape(2, 7, 24).sum(1)
    assert curves.argmax(1).tolist() in ([7, 21], [7, 22], [8, 21])
    np.testing.assert_allclose(curves.sum(1), 1, rtol=1e-4)
