"""Lists are judged on what came later, and only what enough people bought is told of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.analysis import offers
from scoring.analysis.movable import best_share, by_days, qini
from scoring.recommend import EASERecommender, Purchases


@pytest.fixture
def bought() -> Purchases:
    """Forty people buy tea and cups, forty pens and ink; ten each only the first."""
    people, items = [], []
    for number in range(100):
        first, second = ("cup", "tea") if number % 2 else ("ink", "pen")
        people += [f"p{number:03d}"] * 2
        items += [first, second if number < 80 else first]
    return Purchases.of(people, items, [100] * len(people), least=1)


CATEGORY = pd.Series({"cup": "kitchen", "ink": "desk", "pen": "paper", "tea": "food"})


def test_companions_are_what_the_same_people_bought(bought: Purchases) -> None:
    model = EASERecommender(1.0, trend=0.0).fit(bought.matrix())
    table = offers.companions(bought, model, CATEGORY, n=2)
    first = table[table["place"] == 1].set_index("product")
    assert first["companion"].to_dict() == {"cup": "tea", "tea": "cup", "ink": "pen", "pen": "ink"}
    assert first.loc["cup", "companion_category"] == "food"
    assert (table["weight"] > 0).all()
    shown = offers.lists(table, least=45)
    assert sorted(shown.index) == ["cup", "ink"]


def test_categories_stand_together_as_often_as_above_chance(bought: Purchases) -> None:
    lift = offers.together(bought, CATEGORY)
    # 40 people of 100 bought both; 50 bought cups and 40 tea: 20 by chance.
    assert lift.loc["kitchen", "food"] == pytest.approx(2.0)
    assert np.isnan(lift.loc["kitchen", "desk"])
    assert offers.together(bought, CATEGORY.map(lambda _: "")).empty


def test_bestsellers_are_the_same_for_all() -> None:
    bought = Purchases.of(["a", "a", "b"], ["tea", "cup", "tea"], [1, 1, 1], least=1)
    items, _ = offers.Bestsellers().fit(bought).recommend(bought, 3)
    assert bought.items[items[:, 0]].tolist() == ["tea", "tea"]
    assert items[:, 2].tolist() == [-1, -1]


def test_lists_are_judged_by_what_came_later(bought: Purchases) -> None:
    later = Purchases.of(
        ["p081", "p083", "p001"], ["tea", "tea", "cup"], [5, 5, 5], items=bought.items
    )
    table = offers.judged(bought, later, 90).set_index(["list", "way"])
    assert table.loc[(offers.NEW, offers.NEW), "people"] == 2
    assert table.loc[(offers.AGAIN, offers.AGAIN), "share"] == 1


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """An experiment whose message moves only who bought 30 to 120 days ago."""
    rng = np.random.default_rng(0)
    n = 8_000
    since, treated = rng.integers(0, 240, n), rng.random(n) < 0.5
    moved = (since >= 30) & (since < 120)
    bought = rng.random(n) < 0.1 + 0.2 * (moved & treated)
    rows = {"since": since, "treated": treated, "bought": bought, "probability": 0.5}
    return pd.DataFrame(rows | {"person_id": np.arange(n), "moved": moved})


def test_the_curve_ends_where_a_random_order_does_and_lies_above_it(drawn: pd.DataFrame) -> None:
    curve = qini(drawn, drawn["moved"].astype(float) + 1e-6 * drawn["since"], resamples=30)
    assert curve["gain"].iloc[-1] == pytest.approx(curve["random"].iloc[-1])
    middle = curve[np.isclose(curve["share"], 0.4)].iloc[0]
    assert middle["low"] > middle["random"]


def test_what_a_message_changes_is_seen_by_days(drawn: pd.DataFrame) -> None:
    bins = by_days(drawn, 0.2 * drawn["moved"]).set_index("first")
    assert bins.loc[60, "low"] < 0.2 < bins.loc[60, "high"]
    assert bins.loc[180, "low"] < 0 < bins.loc[180, "high"]
    assert bins.loc[60, "predicted"] == pytest.approx(0.2)


def test_an_arm_of_few_tells_no_effect(drawn: pd.DataFrame) -> None:
    few = drawn[drawn["since"] < 15].head(60)
    assert by_days(few, np.zeros(60))["effect"].isna().all()


def test_the_movable_are_counted_among_the_first(drawn: pd.DataFrame) -> None:
    first, among_all = best_share(drawn["moved"], drawn["moved"])
    assert first == 1
    assert among_all == pytest.approx(drawn["moved"].mean())


def test_partners_are_pairs() -> None:
    assert offers.partners(2) == {"c00": "c01", "c01": "c00", "c02": "c03", "c03": "c02"}
