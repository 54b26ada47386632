"""Lists on a split by time: what is new apart from what is bought again, nothing of the future."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from scoring.errors import NotEnoughDataError
from scoring.evaluation.recommend import evaluate_again, evaluate_new
from scoring.metrics.lists import hits, ndcg
from scoring.recommend import (
    BuyAgain,
    EASERecommender,
    PopularRecommender,
    Purchases,
    choose_penalty,
    read_purchases,
    recommend,
)
from tests.scoring.lakes import MemoryLake, at, order

from .shops import tasteful


def test_the_two_lists_have_nothing_in_common_and_are_of_the_shop() -> None:
    shop = tasteful(200)
    lists = recommend(shop, EASERecommender(20.0), n=5)
    bought = shop.matrix().toarray() > 0
    assert lists.index.tolist() == shop.people.tolist()
    for person, (again, new) in enumerate(lists.itertuples(index=False)):
        assert set(again) <= set(shop.items[bought[person]])
        assert set(new) <= set(shop.items[~bought[person]])
        assert len(again) == min(5, bought[person].sum())


@pytest.mark.parametrize("people", [0, 1, 3])
def test_a_shop_of_hardly_anybody_has_lists_all_the_same(people: int) -> None:
    names = [f"p{number}" for number in range(people)]
    lists = recommend(Purchases.of(names, ["x"] * people, [1] * people, least=1))
    assert lists["buy_again"].tolist() == [["x"]] * people
    assert lists["new_for_you"].tolist() == [[]] * people


def test_own_repeats_come_first_and_dead_products_last() -> None:
    person = ["a"] * 5 + ["b"] * 4
    item = ["tea", "tea", "tea", "old", "old", "tea", "tea", "old", "old"]
    age = [90, 50, 10, 330, 300, 40, 8, 350, 340]
    shop = Purchases.of(person, item, age, least=1)
    items, _ = BuyAgain().fit(shop).recommend(shop, 2)
    assert shop.items[items].tolist() == [["tea", "old"], ["tea", "old"]]


def test_what_was_bought_yesterday_is_not_due() -> None:
    """Both are bought every 30 days; one was bought yesterday, the other a month ago."""
    person = ["a"] * 8
    item = ["milk"] * 4 + ["feed"] * 4
    shop = Purchases.of(person, item, [91, 61, 31, 1, 120, 90, 60, 30], least=1)
    due, _ = BuyAgain(due=1.0, trend=0.0).fit(shop).recommend(shop, 1)
    assert shop.items[due].tolist() == [["feed"]]


def test_the_interval_of_a_product_is_recovered() -> None:
    random = np.random.default_rng(0)
    start = random.integers(0, 20, 400)
    person = np.repeat(np.arange(400), 8)
    age = (start[:, np.newaxis] + 21 * np.arange(8)).ravel()
    shop = Purchases.of(person, ["tea"] * len(person), age, least=1)
    assert BuyAgain().fit(shop).interval_ == pytest.approx([21], rel=0.01)


def test_other_products_than_those_of_fit_are_refused() -> None:
    model = BuyAgain().fit(tasteful(50))
    with pytest.raises(ValueError, match="purchases has 1 products; those of fit, 40"):
        model.recommend(Purchases.of(["a"], ["x"], [1], least=1))


def test_gains_are_those_of_the_definition() -> None:
    wanted = csr_array(np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]))
    items = np.array([[2, 0], [3, -1], [0, 1]])
    assert hits(items, wanted).tolist() == [1, 1, 0]
    gain = (1 / np.log2(3)) / (1 + 1 / np.log2(3))
    assert ndcg(items, wanted)[:2] == pytest.approx([gain, 1])
    assert np.isnan(ndcg(items, wanted)[2])


def test_the_future_is_not_seen() -> None:
    """What comes after the cut-off may be anything; the lists stay the same."""
    shop = tasteful(300)
    earlier = shop.before(91)
    random = np.random.default_rng(1)
    late = shop.age < 91
    item = np.where(late, random.integers(0, len(shop.items), len(shop.item)), shop.item)
    other = Purchases.of(
        shop.people[shop.person], shop.items[item], shop.age, items=shop.items
    ).before(91)
    assert recommend(other).equals(recommend(earlier))


def test_what_is_judged_is_new_or_again_but_never_both() -> None:
    shop = tasteful(300)
    earlier = shop.before(91)
    new = earlier.bought_later(shop, 91)
    again = earlier.bought_later(shop, 91, again=True)
    known = earlier.matrix()
    assert new.multiply(known).nnz == 0
    assert again.multiply(known).nnz == again.nnz > 0
    late = np.isin(shop.people, earlier.people)[shop.person] & (shop.age < 91)
    pairs = {*zip(shop.people[shop.person[late]], shop.item[late], strict=True)}
    assert new.nnz + again.nnz == len(pairs)


def test_lists_of_some_people_are_theirs_of_all() -> None:
    """Blocks of people may be cut anywhere, so that memory is bounded by their size."""
    shop = tasteful(200)
    few = np.array([0, 3, 4, 120, 199])
    some, again = shop.of_people(few), BuyAgain().fit(shop)
    assert some.people.tolist() == shop.people[few].tolist()
    assert (some.matrix() != shop.matrix()[few]).nnz == 0
    for told, whole in zip(again.recommend(some), again.recommend(shop), strict=True):
        np.testing.assert_array_equal(told, whole[few])


def test_the_order_of_purchases_does_not_matter() -> None:
    shop = tasteful(50)
    drawn = np.random.default_rng(1).permutation(len(shop.person))
    mixed = Purchases(
        person=shop.person[drawn],
        item=shop.item[drawn],
        age=shop.age[drawn],
        people=shop.people,
        items=shop.items,
    )
    again = BuyAgain(due=0.5).fit(shop)
    np.testing.assert_array_equal(again.recommend(mixed)[1], again.recommend(shop)[1])
    np.testing.assert_array_equal(BuyAgain().fit(mixed).interval_, again.interval_)


@pytest.mark.parametrize("ahead", [-12, 14])
def test_the_last_and_the_first_day_are_those_of_the_farthest_time_zones(ahead: int) -> None:
    minutes = {"last": 24 * 60 - 1, "next": 24 * 60, "first": -364 * 24 * 60}
    minutes["old"] = minutes["first"] - 1
    orders = [
        order("ann", minute, order_id=name)
        | {"ordered_at": (at(minute) - timedelta(hours=ahead)).replace(tzinfo=UTC)}
        for name, minute in minutes.items()
    ]
    lines = [
        {key: row[key] for key in ("store", "order_id", "person_id", "ordered_at", "kind")}
        | {"line": 1, "product_id": row["order_id"], "quantity": 1, "value": 1.0}
        for row in orders
    ]
    read = read_purchases(MemoryLake(orders=orders, order_lines=lines), at(0).date(), least=1)
    assert read.items.tolist() == ["first", "last"]


def test_sales_of_a_lake_are_read_by_days_of_the_wall_clock() -> None:
    """An order of the last minute of the cut-off's day counts; one of the next minute does not."""
    minutes = {"last": 24 * 60 - 1, "next": 24 * 60, "back": 60, "old": -365 * 24 * 60}
    orders = [
        order("ann", minute, order_id=name, kind="return" if name == "back" else "sale")
        for name, minute in minutes.items()
    ]
    lines = [
        {key: row[key] for key in ("store", "order_id", "person_id", "ordered_at", "kind")}
        | {"line": line, "product_id": f"{row['order_id']} {line}", "quantity": 1, "value": 1.0}
        for row in orders
        for line in (1, 2)
    ]
    lake = MemoryLake(orders=orders, order_lines=lines)
    read = read_purchases(lake, at(0).date(), least=1)
    assert read.people.tolist() == ["ann"]
    assert read.items.tolist() == ["last 1", "last 2"]
    assert read.age.tolist() == [0, 0]
    empty = read_purchases(MemoryLake(orders=orders), at(0).date(), least=1)
    assert empty.shape == (0, 0)


@pytest.mark.parametrize("trends", [[0.0, 1.0], [1.0, 0.0]])
def test_a_trend_is_chosen_where_half_of_the_products_sell_no_more(trends: list[float]) -> None:
    """In whichever order settings are tried, the best one stays."""
    shop = tasteful(800)
    dead = (shop.item % 2 == 0) & (shop.age < 150)
    shop = Purchases.of(
        shop.people[shop.person[~dead]], shop.items[shop.item[~dead]], shop.age[~dead], least=1
    )
    model = choose_penalty(shop, penalties=[20.0], trends=trends)
    assert (model.penalty, model.trend) == (20.0, 1.0)
    assert not hasattr(model, "weights_")


def test_too_few_people_decide_nothing() -> None:
    with pytest.raises(NotEnoughDataError, match="100 would be enough"):
        choose_penalty(tasteful(60))


def test_ours_is_ahead_of_popularity_on_a_real_shop(orders_data: Path) -> None:
    """A cut-off at which the settings were chosen; those after it are for looking."""
    lines = pd.read_parquet(orders_data / "order_lines.parquet")
    article = lines["stock"].astype(str).str.match(r"^\d{5}")
    lines = lines[article & lines["cust"].notna() & (lines["qty"] > 0) & (lines["price"] > 0)]
    age = (pd.Timestamp("2010-09-10") - lines["ts"].dt.normalize()).dt.days.to_numpy()
    person, item = lines["cust"].astype(int), lines["stock"].astype(str)
    known = Purchases.of(person, item, age, least=10, most_items=1_000)
    later = Purchases.of(person, item, age + 91, items=known.items, within=91)
    models = {
        "popularity": PopularRecommender(),
        "EASE": EASERecommender(trend=0.0),
        "trend": EASERecommender(),
    }
    table = evaluate_new(known, later, 91, models)
    assert table.loc["EASE", "gain"].low > 0.03
    assert table.loc["trend", "ndcg"].estimate > table.loc["EASE", "ndcg"].estimate
    again = evaluate_again(known, later, 91)
    assert again.loc["buy again", "hit"].estimate > 0.85
