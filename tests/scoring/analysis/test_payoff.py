"""A campaign pays when its holdout says so, and no sooner."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.analysis import payoff as told
from scoring.analysis.payoff import payoff, with_truth
from scoring.uplift import average_effect


def table(*names: str, cost: float = 50.0, ripe: bool = True) -> pd.DataFrame:
    frame = pd.DataFrame({"campaign": names, "people": 1000, "sent": 1000, "cost": cost})
    return frame.assign(series=[name.split("-")[0] for name in names], ripe=ripe)


def draws(name: str, lift: float, *, people: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Half are written to; of both arms one in ten buys for 100, of the treated more."""
    rng = np.random.default_rng(seed)
    treated = np.arange(people) % 2 == 0
    bought = rng.random(people) < 0.1 + lift * treated
    return pd.DataFrame(
        {
            "person_id": [f"{name}{place}" for place in range(people)],
            "experiment": name,
            "treated": treated,
            "probability": 0.5,
            "bought": bought,
            "spend": 100.0 * bought,
        }
    )


def test_the_profit_is_the_margin_of_what_the_holdout_shows_less_the_cost():
    rows = draws("sale-1", 0.2)
    [found] = payoff(table("sale-1"), rows, margin=0.5).to_dict("records")
    effect = average_effect(rows["spend"], rows["treated"], probability=0.5)
    assert found["profit"] == pytest.approx(0.5 * effect.value * 1000 - 50)
    assert found["profit_low"] == pytest.approx(0.5 * effect.low * 1000 - 50)
    assert found["roi"] == pytest.approx(found["profit"] / 50)
    assert (found["verdict"], found["people"], found["held"]) == (told.PAID, 1000, 1000)


def test_what_costs_more_than_it_can_have_brought_did_not_pay():
    [verdict] = payoff(table("sale-1", cost=50_000.0), draws("sale-1", 0.1), margin=0.5)["verdict"]
    assert verdict == told.LOST


def test_nothing_is_said_of_a_campaign_without_holdout_too_young_or_too_small():
    few = pd.concat([draws("c-1", 0.5, people=18), draws("d-1", 0.0)])
    assert payoff(table("b-1", "c-1", "d-1"), few, margin=0.5)["verdict"].tolist() == [
        told.BLIND,
        told.BLIND,
        told.UNKNOWN,
    ]
    young = payoff(table("d-1", ripe=False), draws("d-1", 0.5), margin=0.5)
    assert young["verdict"].tolist() == [told.EARLY]
    assert young["profit"].isna().all()


def test_the_more_campaigns_the_wider_each_interval():
    rows = pd.concat([draws(f"s-{place}", 0.1, seed=place) for place in range(5)])
    names = [f"s-{place}" for place in range(5)]
    alone = payoff(table("s-0"), rows, margin=0.5).iloc[0]
    among = payoff(table(*names), rows, margin=0.5).iloc[0]
    assert among["profit"] == alone["profit"]
    assert among["profit_low"] < alone["profit_low"]


def test_campaigns_of_one_kind_are_told_together_with_all_their_cost():
    rows = pd.concat([draws("s-1", 0.1), draws("s-2", 0.1, seed=1)])
    [kind] = payoff(table("s-1", "s-2"), rows, margin=0.5, by="series").to_dict("records")
    assert (kind["series"], kind["people"], kind["cost"]) == ("s", 2000, 100.0)


def test_without_any_draw_and_without_any_campaign_there_is_an_answer():
    none = pd.DataFrame(columns=["experiment", "treated"])
    assert payoff(table("s-1"), none, margin=0.5)["verdict"].tolist() == [told.BLIND]
    assert payoff(table("s-1").iloc[:0], draws("s-1", 0.0), margin=0.5).empty


def test_a_margin_that_is_no_share_is_refused():
    with pytest.raises(ValueError, match="margin"):
        payoff(table("s-1"), draws("s-1", 0.0), margin=35)


def test_the_truth_of_a_kind_is_the_sum_of_its_campaigns():
    both = table("s-1", "s-2")
    known = {"effect": [0.1, 0.2], "treated": [100, 100], "orders": [11, 19]}
    truth = pd.DataFrame(known, index=["s-1", "s-2"])
    paid = pd.DataFrame({"series": ["s"]})
    found = with_truth(paid, both, truth, margin=0.5, order=10.0, by="series")
    assert found["true_buyers"].tolist() == pytest.approx([30.0])
    assert found["true_profit"].tolist() == [30 * 10.0 * 0.5 - 100]
