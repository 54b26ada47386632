"""What tells whether an experiment can be read, by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.analysis.experiments import (
    bands,
    by_chance,
    days_since,
    effects_by,
    heterogeneity,
    reached,
    sample_ratio,
    sizes,
)
from tests.scoring.lakes import MemoryLake, at, message, order, utc

DAY = 24 * 60


@dataclass(kw_only=True)
class ExperimentLake(MemoryLake):
    """A lake in memory that knows of draws."""

    assignments: Any = ()


def draw(person: str, minute: float, *, treated: bool = True) -> dict[str, Any]:
    row = {"store": "shop", "experiment": "e", "kind": "treatment", "policy": "random"}
    return row | {
        "assignment_id": f"{person}-{minute}",
        "person_id": person,
        "message_id": f"to-{person}" if treated else None,
        "arm": "message" if treated else "control",
        "probability": 0.5,
        "candidates": 2,
        "assigned_at": utc(at(minute)),
    }


def rows_of(draws: list[dict[str, Any]]) -> pd.DataFrame:
    rows = pd.DataFrame(draws)
    rows["assigned_at"] = pd.to_datetime(rows["assigned_at"], utc=True).astype(
        "datetime64[us, UTC]"
    )
    return rows.assign(treated=rows["arm"] == "message")


def outcomes(people: int, lift: dict[str, float], seed: int = 0) -> pd.DataFrame:
    """As many people in each group; one in ten buys, of the treated so many more."""
    rng = np.random.default_rng(seed)
    group = np.repeat(list(lift), people)
    treated = np.arange(len(group)) % 2 == 0
    more = np.repeat(list(lift.values()), people)
    return pd.DataFrame(
        {
            "person_id": [f"p{place}" for place in range(len(group))],
            "group": group,
            "treated": treated,
            "probability": 0.5,
            "bought": rng.random(len(group)) < 0.1 + more * treated,
        }
    )


def test_half_the_lift_needs_four_times_the_people():
    few, many = sizes(0.1, (0.2, 0.1))["people"]
    assert many / few == pytest.approx(4, rel=0.07)
    assert sizes(0.6, (0.5, 1.0))["lift"].tolist() == [0.5]


def test_uneven_chances_are_no_mismatch_and_missing_people_are():
    chance = np.tile([0.9, 0.5], 5000)
    treated = np.random.default_rng(0).random(10_000) < chance
    rows = pd.DataFrame({"treated": treated, "probability": chance})
    assert not sample_ratio(rows).broken
    assert sample_ratio(rows).expected == pytest.approx(7000)
    gone = treated & (np.arange(10_000) % 10 == 1)
    assert sample_ratio(rows[~gone]).broken


def test_an_empty_experiment_is_not_broken():
    assert not sample_ratio(pd.DataFrame({"treated": [], "probability": []})).broken


def test_who_was_not_reached_is_known_and_the_control_stays():
    draws = [draw("ann", 0), draw("bob", 0), draw("cid", 0, treated=False)]
    messages = [message("ann", "to-ann", 1), message("bob", "to-bob", 1, delay=None)]
    lake = ExperimentLake(assignments=draws, messages=messages, orders=[order("ann", 0)])
    assert reached(lake, rows_of(draws)).tolist() == [True, False, True]


def test_days_count_from_the_last_sale_before_the_draw():
    draws = [draw("ann", 50 * DAY + 600), draw("bob", 50 * DAY + 600), draw("cid", 1)]
    orders = [
        order("ann", 5 * DAY),
        order("ann", 20 * DAY + 700),
        order("ann", 51 * DAY),
        order("bob", 49 * DAY, kind="return"),
        order("cid", 1),
    ]
    rows = rows_of(draws).set_axis([7, 3, 5])
    found = days_since(ExperimentLake(assignments=draws, orders=orders), rows)
    assert found.index.tolist() == [7, 3, 5]
    assert found[7] == 30
    assert found[[3, 5]].isna().all()


def test_bands_begin_at_their_edges():
    days = pd.Series([0, 29, 30, 120, 121, 500, None])
    assert bands(days).tolist()[:6] == ["0-14", "15-29", "30-59", "90-120", "121-179", "180+"]
    assert pd.isna(bands(days).iloc[6])


def test_each_group_shows_its_own_effect_and_that_they_differ():
    rows = outcomes(6000, {"moved": 0.1, "not": 0.0})
    found = effects_by(rows, rows["group"]).set_index("group")
    assert found.loc["moved", "low"] > 0.05
    assert found.loc["not", "low"] < 0 < found.loc["not", "high"]
    assert heterogeneity(found) < 1e-6


def test_intervals_that_hold_together_are_wider():
    rows = outcomes(500, {"a": 0.1, "b": 0.1})
    wide, narrow = (effects_by(rows, rows["group"], together=one) for one in (True, False))
    assert (wide["low"] < narrow["low"]).all()


def test_a_group_without_a_control_is_left_out():
    rows = outcomes(500, {"a": 0.1, "b": 0.1})
    rows.loc[rows["group"] == "b", "treated"] = True
    assert effects_by(rows, rows["group"])["group"].tolist() == ["a"]


def test_groups_by_lot_hold_all_of_a_person_and_hardly_ever_differ():
    """With the same effect in all, one lot in twenty may look uneven at 5 %."""
    uneven = 0
    for seed in range(20):
        rows = outcomes(4000, {"all": 0.05}, seed=seed)
        uneven += heterogeneity(effects_by(rows, by_chance(rows, 10))) < 0.05
    assert uneven <= 4
    twice = pd.concat([rows, rows], ignore_index=True)
    assert by_chance(twice).groupby(twice["person_id"]).nunique().max() == 1


def test_one_group_alone_differs_from_nothing():
    assert heterogeneity(pd.DataFrame({"effect": [0.3], "error": [0.1]})) == 1.0
