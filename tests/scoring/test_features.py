"""Features see nothing after their cut-off, and are what a plain second computation says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine import connect
from scoring.errors import ScoringError
from scoring.features import FEATURES, NAMES, features
from tests.scoring.lakes import ORIGIN, MemoryLake, click, message, order, reply, utc
from tests.scoring.reference import reference

DAY = 24 * 60
CUTOFF_DAY = 400
CUTOFF = ORIGIN.date() + timedelta(days=CUTOFF_DAY)

NAMED = ["ada", "bob", "cyd", "dee", "eve", "fay", "gus", "hal"]
PEOPLE = st.sampled_from(NAMED)
TABLES = ("orders", "messages", "clicks", "replies")

few = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
"""Each example is a query of some tenths of a second, or two; so a lake has many people."""

CONNECTION = connect()


def minutes(first: int = 0, last: int = 800) -> st.SearchStrategy[int]:
    """Minutes of days that fall together often, and often lie just beside the cut-off."""
    near = st.sampled_from([CUTOFF_DAY + d for d in (-365, -364, -90, -89, -30, -29, -1, 0, 1, 2)])
    days = st.one_of(st.integers(first, last), near.filter(lambda day: first <= day <= last))
    return st.builds(lambda d, m: d * DAY + m, days, st.sampled_from([0, 359, 360, 719, 720, 1439]))


def lakes(first: int = 0, last: int = 800) -> st.SearchStrategy[MemoryLake]:
    """Small lakes with ties, several orders a day, returns only and single purchases."""
    when = minutes(first, last)
    orders = st.builds(
        order,
        PEOPLE,
        when,
        value=st.integers(0, 99_999).map(lambda cents: cents / 100),
        items=st.integers(0, 9),
        products=st.integers(0, 5),
        kind=st.sampled_from(["sale", "sale", "sale", "return"]),
    )
    names = st.sampled_from(["m1", "m2", "m3", "m4"])
    delays = st.sampled_from([None, 0.0, 7.0, 90.0, 86_400.0])
    return st.builds(
        lambda orders, messages, clicks, replies: MemoryLake(
            orders=orders,
            messages=messages,
            clicks=clicks,
            replies=replies,
            connection=CONNECTION,
        ),
        st.lists(orders, min_size=20, max_size=60),
        st.lists(st.builds(message, PEOPLE, names, when, delay=delays), max_size=30),
        st.lists(st.builds(click, PEOPLE, names, when, machine=st.booleans()), max_size=30),
        st.lists(
            st.builds(reply, PEOPLE, when, kind=st.sampled_from(["text", "start", "stop"])),
            max_size=20,
        ),
    )


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Equal but for the last digits of sums, whose order an engine may choose."""
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-9)


@few
@given(lake=lakes())
def test_they_are_what_plain_python_says(lake: MemoryLake) -> None:
    """An independent computation, person by person, agrees in every column."""
    found = features(lake, CUTOFF)
    expected = pd.DataFrame.from_dict(reference(lake, CUTOFF), orient="index", dtype="float64")
    expected = expected.reindex(columns=list(NAMES)).sort_index().rename_axis("person_id")
    expected = expected.astype("float64")
    expected.index = expected.index.astype(found.index.dtype)
    same(found, expected)


@few
@given(past=lakes(last=CUTOFF_DAY), future=lakes(first=CUTOFF_DAY + 1))
def test_nothing_of_the_future_is_seen(past: MemoryLake, future: MemoryLake) -> None:
    """Whatever is added after the cut-off, in whatever order, changes nothing."""
    both = {name: [*getattr(future, name), *getattr(past, name)] for name in TABLES}
    same(features(replace(past, **both), CUTOFF), features(past, CUTOFF))


def shifted(row: Any, by: timedelta) -> dict[str, Any]:
    """Return a row with all of its times moved."""
    return {
        name: value + by if isinstance(value, datetime) else value for name, value in row.items()
    }


@few
@given(lake=lakes(), weeks=st.integers(-200, 200))
def test_time_itself_means_nothing(lake: MemoryLake, weeks: int) -> None:
    """All times and the cut-off moved together: the same; by weeks, for the weekend's sake."""
    by = timedelta(weeks=weeks)
    moved = {name: [shifted(row, by) for row in getattr(lake, name)] for name in TABLES}
    same(features(replace(lake, **moved), CUTOFF + by), features(lake, CUTOFF))


@few
@given(lake=lakes(), names=st.permutations(NAMED))
def test_who_is_called_what_means_nothing(lake: MemoryLake, names: list[str]) -> None:
    """People who swap their pseudonyms swap their rows."""
    other = dict(zip(NAMED, names, strict=True))
    swapped = {
        name: [{**row, "person_id": other[row["person_id"]]} for row in getattr(lake, name)]
        for name in TABLES
    }
    before = features(lake, CUTOFF)
    before.index = before.index.map(other).astype(before.index.dtype).rename("person_id")
    same(features(replace(lake, **swapped), CUTOFF), before.sort_index())


@pytest.mark.parametrize("days", [30, 90, 180, 365])
def test_purchase_windows_have_exact_ends(days: int) -> None:
    """The last N days end with the cut-off's: its last minute is in, N days before it is not."""
    minutes = [(CUTOFF_DAY - days) * DAY + 1439, (CUTOFF_DAY - days + 1) * DAY]
    minutes += [CUTOFF_DAY * DAY + 1439, (CUTOFF_DAY + 1) * DAY]
    lake = MemoryLake(orders=[order("ada", m, value=10.0**k) for k, m in enumerate(minutes)])
    row = features(lake, CUTOFF).loc["ada"]
    assert (row[f"orders_{days}"], row[f"value_{days}"], row["orders"]) == (2, 110, 3)


@pytest.mark.parametrize("days", [30, 90])
def test_message_windows_have_exact_ends(days: int) -> None:
    """The same of messages, clicks and replies."""
    minutes = [(CUTOFF_DAY - days) * DAY + 1439, (CUTOFF_DAY - days + 1) * DAY]
    minutes += [CUTOFF_DAY * DAY + 1430, (CUTOFF_DAY + 1) * DAY]
    lake = MemoryLake(
        orders=[order("ada", CUTOFF_DAY * DAY)],
        messages=[message("ada", f"m{m}", m) for m in minutes],
        clicks=[click("ada", f"m{m}", m) for m in minutes],
        replies=[reply("ada", m) for m in minutes],
    )
    row = features(lake, CUTOFF).loc["ada"]
    assert (row[f"messages_{days}"], row[f"clicks_{days}"]) == (2, 2)
    seen_90 = 2 if days == 90 else 3
    assert (row["delivered_90"], row["replies_90"]) == (seen_90, seen_90)


def test_who_bought_a_year_ago_is_of_the_population_no_more() -> None:
    """The 365th day back is the last that counts."""
    lake = MemoryLake(
        orders=[
            order("ada", (CUTOFF_DAY - 364) * DAY),
            order("bob", (CUTOFF_DAY - 365) * DAY + 1439),
            order("cyd", (CUTOFF_DAY - 364) * DAY, kind="return"),
        ]
    )
    assert features(lake, CUTOFF).index.tolist() == ["ada"]


def test_orders_of_one_day_are_one_purchase_day() -> None:
    """Gaps lie between days, so that a second order of a day makes none."""
    days = [300, 300, 310, 310, 310, 340, 399, 399]
    lake = MemoryLake(orders=[order("ada", d * DAY + 60 * k) for k, d in enumerate(days)])
    row = features(lake, CUTOFF).loc["ada"]
    assert (row["orders"], row["frequency"]) == (8, 3)
    assert (row["orders_30"], row["orders_90"], row["orders_365"]) == (1, 2, 4)
    assert (row["since"], row["recency"], row["age"], row["value_mean"]) == (1, 99, 100, 20)
    assert (row["gap_mean"], row["gap_max"], row["gap_last"]) == (33, 59, 59)
    assert row["gap_sd"] == pytest.approx(np.std([10, 30, 59], ddof=1))


def test_the_first_click_of_a_person_opens_a_message() -> None:
    """Later ones are none more; those of machines are none; a STOP is remembered, and no answer."""
    lake = MemoryLake(
        orders=[order("ada", CUTOFF_DAY * DAY)],
        clicks=[
            click("ada", "old", (CUTOFF_DAY - 60) * DAY),
            click("ada", "old", (CUTOFF_DAY - 1) * DAY),
            click("ada", "seen", (CUTOFF_DAY - 2) * DAY, machine=True),
            click("ada", "new", (CUTOFF_DAY - 2) * DAY),
        ],
        replies=[
            reply("ada", (CUTOFF_DAY - 200) * DAY, kind="stop"),
            reply("ada", (CUTOFF_DAY - 2) * DAY, kind="stop"),
            reply("ada", (CUTOFF_DAY - 2) * DAY, kind="start"),
        ],
    )
    row = features(lake, CUTOFF).loc["ada"]
    assert (row["clicks_30"], row["clicks_90"]) == (1, 2)
    assert (row["replies_90"], row["stops"]) == (1, 2)


def test_the_last_sale_is_the_larger_of_a_minute() -> None:
    """Whatever was sold before, and whatever came back since."""
    evening = CUTOFF_DAY * DAY + 1000
    lake = MemoryLake(
        orders=[
            order("ada", evening - 1, value=99.0),
            order("ada", evening, value=12.34),
            order("ada", evening, value=5.0),
            order("ada", evening + 30, value=70.0, kind="return"),
        ]
    )
    row = features(lake, CUTOFF).loc["ada"]
    assert (row["value_last"], row["returns"], row["returned"]) == (12.34, 1, 70)
    assert row["value"] == pytest.approx(116.34)


def test_a_report_that_comes_after_the_cutoff_is_not_seen_yet() -> None:
    """The lake knows today what was not known then: the row of the message came before."""
    evening = CUTOFF_DAY * DAY + 23 * 60
    lake = MemoryLake(
        orders=[order("ada", 0), order("ada", evening)],
        messages=[
            message("ada", "m1", evening, delay=60.0),
            message("ada", "m2", evening, delay=7200.0),
        ],
    )
    row = features(lake, CUTOFF).loc["ada"]
    assert (row["messages_30"], row["delivered_90"], row["report_delay"]) == (2, 1, 60)


def test_where_the_zone_is_unknown_utc_stands_in() -> None:
    """A click without a wall clock is a click."""
    lake = MemoryLake(
        orders=[order("ada", CUTOFF_DAY * DAY)],
        messages=[{**message("ada", "m1", CUTOFF_DAY * DAY), "local_at": None}],
        clicks=[{**click("ada", "m1", CUTOFF_DAY * DAY + 5), "local_at": None}],
    )
    row = features(lake, CUTOFF).loc["ada"]
    assert (row["messages_30"], row["clicks_30"]) == (1, 1)


def test_dates_without_a_clock_tell_no_hours() -> None:
    """Midnight of every order is no habit."""
    lake = MemoryLake(orders=[order("ada", 399 * DAY)], clockless=frozenset({"shop"}))
    row = features(lake, CUTOFF).loc["ada"]
    hours = [feature.name for feature in FEATURES if feature.name.startswith(("hour", "share"))]
    assert len(hours) == 5
    assert row[hours].isna().all()
    assert row["orders"] == 1


def test_one_store_sees_nothing_of_another() -> None:
    """The same person buys in both; each knows its own."""
    lake = MemoryLake(
        orders=[order("ada", 399 * DAY, value=5.0), order("ada", 390 * DAY, store="other")],
        messages=[{**message("ada", "m1", 399 * DAY), "store": "other"}],
    )
    row = features(lake, CUTOFF, store="shop").loc["ada"]
    assert (row["value"], row["messages_30"]) == (5.0, 0)
    assert features(lake, CUTOFF, store="other").loc["ada", "messages_30"] == 1


@pytest.mark.parametrize(
    ("store", "words"),
    [(None, "which store is meant"), ("third", "there is no store 'third'")],
)
def test_the_store_must_be_clear(store: str | None, words: str) -> None:
    """Two shops are never taken for one."""
    lake = MemoryLake(orders=[order("ada", 0), order("ada", 0, store="other")])
    with pytest.raises(ScoringError, match=words):
        features(lake, CUTOFF, store=store)


def test_nobody_is_an_empty_table() -> None:
    """Returns alone make no customer; the table has its columns all the same."""
    lake = MemoryLake(orders=[order("ada", 0, kind="return")])
    found = features(lake, CUTOFF)
    assert (len(found), list(found.columns)) == (0, list(NAMES))


def test_every_column_is_a_number() -> None:
    """Estimators take it as it is: float64, and null only where the description says so."""
    lake = MemoryLake(orders=[order("ada", 399 * DAY)])
    found = features(lake, CUTOFF)
    assert set(found.dtypes) == {np.dtype("float64")}
    empty = {name for name in NAMES if found[name].isna().all()}
    assert empty <= {feature.name for feature in FEATURES if feature.nullable}


@pytest.mark.parametrize("day", ["yesterday", None, "NaT"])
def test_a_cutoff_is_a_day(day: Any) -> None:
    """What is none is refused, with an example."""
    lake = MemoryLake(orders=[order("ada", 0)])
    with pytest.raises(ValueError, match="is no day; as in '2011-09-10'"):
        features(lake, day)


def test_instants_count_on_the_wall_clock() -> None:
    """At 03:00 the instant is still of the day before (UTC); the wall clock decides."""
    minute = (CUTOFF_DAY + 1) * DAY + 180
    assert utc(ORIGIN + timedelta(minutes=minute)).date() == CUTOFF
    lake = MemoryLake(orders=[order("ada", 0), order("ada", minute)])
    assert features(lake, CUTOFF, within=500).loc["ada", "orders"] == 1
    assert isinstance(CUTOFF, date)
