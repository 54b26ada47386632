"""Experiments are read from a lake as they were drawn, with the orders that came after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from scoring.errors import LakeError, NotEnoughDataError
from scoring.uplift import read_experiment
from tests.scoring.lakes import MemoryLake, Row, at, message, order, utc

DAY = 24 * 60


@dataclass(kw_only=True)
class ExperimentLake(MemoryLake):
    """A lake in memory that knows of draws."""

    assignments: Any = ()


def _draw(person: str, arm: str, *, minute: float = 0, chance: float = 0.5, **columns: Any) -> Row:
    row = {"store": "shop", "experiment": "spring", "kind": "treatment", "policy": "random"}
    return row | {
        "assignment_id": f"{person}-{minute}-{columns.get('kind', '')}",
        "person_id": person,
        "message_id": None if arm == "control" else f"to-{person}",
        "arm": arm,
        "probability": chance,
        "candidates": 2,
        "assigned_at": utc(at(minute)),
        **columns,
    }


def _read(assignments, orders=(), messages=(), **options):
    until = utc(at(100 * DAY))
    lake = ExperimentLake(assignments=assignments, orders=orders, messages=messages)
    found = read_experiment(lake, **({"until": until} | options))
    return found, found.rows.set_index("person_id")


def test_orders_count_from_the_draw_to_the_end_of_its_days():
    orders = [
        order("before", -1),
        order("at", 0),
        order("after", 1),
        order("last", 14 * DAY),
        order("late", 14 * DAY + 1),
    ]
    names = ("before", "at", "after", "last", "late", "never")
    _, rows = _read([_draw(name, "sms") for name in names], orders)
    assert set(rows.index[rows["bought"]]) == {"after", "last"}
    assert rows.loc["never", "spend"] == 0.0


def test_what_came_back_is_no_revenue():
    orders = [order("ann", 5, value=30.0), order("ann", 9, value=20.0, kind="return")]
    orders.append(order("bob", 5, value=7.0, kind="return"))
    _, rows = _read([_draw("ann", "sms"), _draw("bob", "control")], orders)
    assert rows.loc["ann", ["bought", "spend"]].tolist() == [True, 10.0]
    assert rows.loc["bob", ["bought", "spend"]].tolist() == [False, -7.0]


def test_the_chance_is_that_of_being_treated():
    """A lake says how likely the drawn arm was, for a control that of the control."""
    _, rows = _read([_draw("ann", "sms", chance=0.9), _draw("bob", "control", chance=0.1)])
    assert rows["probability"].tolist() == [0.9, 0.9]
    assert rows["treated"].tolist() == [True, False]


def test_several_treatments_are_one_against_the_control():
    draws = [
        _draw("ann", "sms", chance=0.3, candidates=3),
        _draw("bob", "long sms", chance=0.6, candidates=3),
        _draw("cid", "control", chance=0.1, candidates=3),
    ]
    _, rows = _read(draws)
    assert rows["probability"].tolist() == pytest.approx([0.9, 0.9, 0.9])


def test_everybody_drawn_counts_whatever_became_of_the_message():
    draws = [_draw("ann", "sms"), _draw("bob", "sms"), _draw("cid", "control")]
    _, rows = _read(draws, messages=[message("ann", "to-ann", 1)])
    assert rows["treated"].tolist() == [True, True, False]
    assert rows["sent"].tolist() == [True, False, False]


def test_draws_whose_days_have_not_passed_are_left_out_and_counted():
    draws = [_draw("ann", "sms"), _draw("bob", "sms", minute=90 * DAY)]
    found, rows = _read(draws)
    assert (list(rows.index), found.unripe) == (["ann"], 1)


def test_the_lake_knows_everything_up_to_its_last_order():
    draws = [_draw("ann", "sms"), _draw("bob", "control", minute=DAY)]
    found, _ = _read(draws, [order("eve", 14 * DAY)], until=None)
    assert (len(found.rows), found.unripe) == (1, 1)


def test_a_lake_without_orders_tells_nothing():
    with pytest.raises(NotEnoughDataError, match="0 orders"):
        _read([_draw("ann", "sms")], until=None)


def test_hours_of_sending_are_another_matter():
    draws = [_draw("ann", "sms"), _draw("ann", "19", kind="send_time")]
    found, _ = _read(draws)
    assert len(found.rows) == 1


def test_experiments_and_stores_are_told_apart():
    draws = [_draw("ann", "sms"), _draw("bob", "sms", experiment="autumn")]
    draws.append(_draw("cid", "sms", store="other"))
    _, rows = _read(draws, store="shop", experiment="spring")
    assert list(rows.index) == ["ann"]
    orders = [order("cid", 5), order("bob", 5, store="other")]
    _, rows = _read(draws, orders)
    assert not rows["bought"].any()


def test_the_effect_of_an_experiment_is_told_with_its_interval():
    draws = [_draw(f"p{n}", "sms" if n % 2 else "control") for n in range(400)]
    orders = [order(f"p{n}", 5) for n in range(1, 400, 4)]
    found, _ = _read(draws, orders)
    effect = found.effect()
    assert effect.value == pytest.approx(0.5)
    assert effect.measurable
    assert found.effect("spend").value == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("draws", "sentence"),
    [
        ([], "0 draws of a treatment beside a control"),
        ([_draw("ann", "sms", chance=0.3, candidates=3)], "0 draws of a treatment beside"),
        ([_draw("ann", "sms", chance=1.0, candidates=1)], "0 draws of a treatment beside"),
        ([_draw("ann", "sms", minute=99 * DAY)], "0 draws that are 14 days old"),
    ],
)
def test_no_draw_is_told_so(draws, sentence):
    with pytest.raises(NotEnoughDataError, match=sentence):
        _read(draws)


@pytest.mark.parametrize(
    "draws",
    [
        [_draw("ann", "sms", chance=0.0)],
        [
            _draw("ann", "control", chance=0.2, candidates=3),
            _draw("bob", "control", chance=0.3, candidates=3),
        ],
    ],
)
def test_chances_that_cannot_be_are_refused(draws):
    with pytest.raises(LakeError, match=r"assignments\.probability"):
        _read(draws)


def test_texts_that_were_compared_without_a_control_stop_no_other_experiment():
    """Either of two texts was sent for sure, so neither tells what a message changes."""
    draws = [_draw("ann", "a", experiment="texts"), _draw("bob", "b", experiment="texts")]
    draws += [_draw("cid", "sms"), _draw("dee", "control")]
    found, rows = _read(draws)
    assert (list(rows.index), found.certain) == (["cid", "dee"], 2)


def test_an_arm_that_nobody_is_in_is_told_when_the_effect_is_asked_for():
    found, _ = _read([_draw("ann", "sms"), _draw("bob", "sms")])
    with pytest.raises(ValueError, match="nobody is in the control arm"):
        found.effect()
