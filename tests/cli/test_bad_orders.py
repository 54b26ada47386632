"""Bad input, from a shop's file to the scores: a right answer, or one clear sentence.

Each shop goes through `lake import`, `score train`, `score run` and `score evaluate`, as a person
would type them, with the part that learns churn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.command import Done, Shopbell

from scoring import pipeline
from scoring.evaluation import evaluate_churn
from scoring.evaluation.baselines import BASELINES
from scoring.lake import Lake
from scoring.pipeline.registry import PARTS
from tests.scoring.pipeline.fakes import PARTS as PLAIN
from tests.scoring.pipeline.shops import Shop, orders_of

SHOP = Shop(people=130, days=420)
LAST = pd.Timestamp(SHOP.until)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at one cut-off with few draws: the way is what counts, not how good the models are."""
    monkeypatch.setattr("scoring.evaluation.churn.CUTOFFS", 1)
    names = ("base rate", "recency only")
    monkeypatch.setattr("scoring.evaluation.churn.BASELINES", {n: BASELINES[n] for n in names})
    few = partial(evaluate_churn, times=10)
    monkeypatch.setattr("scoring.pipeline.evaluation.evaluate_churn", few)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train and run a straight line: that the models stand bad shops is held beside them."""
    only(monkeypatch, PLAIN)


@pytest.fixture
def churn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train and run the model of churn itself."""
    only(monkeypatch, PARTS)


def only(monkeypatch: pytest.MonkeyPatch, parts: Sequence[object]) -> None:
    for name in ("train", "run"):
        whole = getattr(pipeline, name)
        monkeypatch.setattr(
            pipeline, name, lambda *a, whole=whole, **k: whole(*a, parts=parts[:1], **k)
        )


@dataclass(frozen=True, kw_only=True)
class Way:
    """How each command of the way ended, as far as it was gone."""

    imported: Done
    trained: Done | None = None
    run: Done | None = None
    evaluated: Done | None = None

    @property
    def all(self) -> list[Done]:
        return [one for one in (self.imported, self.trained, self.run, self.evaluated) if one]


Go = Callable[..., Way]


def file_of(orders: pd.DataFrame) -> pd.DataFrame:
    """Return orders as a shop writes their lines."""
    return pd.DataFrame(
        {
            "order": [f"o{number}" for number in range(len(orders))],
            "customer": [f"c{person}" for person in orders["person"]],
            "date": orders["local_at"].to_numpy(),
            "sku": [f"sku{person % 5}" for person in orders["person"]],
            "quantity": 2,
            "price": orders["value"].to_numpy() / 2,
        }
    )


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """A shop in which nothing is wrong."""
    return file_of(orders_of(SHOP))


@pytest.fixture
def go(shopbell: Shopbell) -> Go:
    """Goes the way with a file as far as it leads, and holds that nobody sees a traceback."""

    def walk(rows: pd.DataFrame, *words: str) -> Way:
        rows.to_csv("shop.csv", index=False)
        stated = words or ("--currency", "GBP")
        commands = [
            ("lake", "import", "shop.csv", "lake", "--store", "acme", *stated),
            ("score", "train", "lake", "models"),
            ("score", "run", "lake", "models", "scores.parquet"),
            ("score", "evaluate", "lake"),
        ]
        done = []
        for command in commands:
            done.append(shopbell(*command))
            assert "Traceback" not in done[-1].err
            if done[-1].code:
                break
        return Way(**dict(zip(("imported", "trained", "run", "evaluated"), done, strict=False)))

    return walk


def scores() -> pd.DataFrame:
    return pd.read_parquet("scores.parquet").set_index("person_id")


def sales() -> pd.DataFrame:
    orders = Lake("lake").table("orders").execute()
    return orders[orders["kind"] == "sale"]


def arrived(way: Way) -> None:
    """Hold that the whole way was gone, and that the evaluation has its table."""
    assert [one.code for one in way.all] == [0, 0, 0, 0], [one.err for one in way.all]
    assert way.evaluated is not None
    assert "ChurnModel" in way.evaluated.out


def nothing_to_tell_apart(way: Way) -> None:
    """Hold that the whole way was gone, and that the evaluation says why it has no table."""
    assert [one.code for one in way.all] == [0, 0, 0, 0], [one.err for one in way.all]
    assert way.evaluated is not None
    [told] = way.evaluated.out.split("\n\n")[:-1]
    assert told == (
        "churn: not enough data: 0 cut-offs before which some people came back and some did not, "
        "1 would be enough"
    )


def refused(done: Done | None, words: str) -> None:
    """Hold that a command ended with one clear line, behind what it told of its work."""
    assert done is not None
    assert done.code == 1
    said = [line for line in (done.out + done.err).splitlines() if not line.endswith("...")]
    assert len(said) == 1, said
    assert words in said[0]


@pytest.mark.usefixtures("plain")
def test_orders_that_stand_twice_count_once(go: Go, lines: pd.DataFrame) -> None:
    way = go(pd.concat([lines, lines]))
    assert f"{len(lines):,} rows of orders that stand twice were left out" in way.imported.err
    arrived(way)
    assert sales()["value"].sum() == pytest.approx((lines["quantity"] * lines["price"]).sum())


@pytest.mark.usefixtures("plain")
def test_refunds_negative_quantities_and_free_items_are_no_purchases(
    go: Go, lines: pd.DataFrame
) -> None:
    """Told by the import; and who only sent back or got a gift is a customer of no model."""
    back = lines.iloc[::9].assign(quantity=-2, order=lambda rows: "C" + rows["order"].str[1:])
    gifts = lines.iloc[::7].assign(
        price=0.0, customer="gift", order=lambda rows: "g" + rows["order"]
    )
    refunds = lines.iloc[::8].assign(price=-5.0, order=lambda rows: "r" + rows["order"])
    way = go(pd.concat([lines, back, gifts, refunds]).sort_values("date"))
    assert f"{len(gifts)} free rows were left out" in way.imported.err
    arrived(way)
    assert len(sales()) == len(lines)
    assert len(scores()) == lines["customer"].nunique()


@pytest.mark.usefixtures("plain")
def test_one_customer_with_half_of_the_sales_is_one_customer(go: Go, lines: pd.DataFrame) -> None:
    """What is said of the others stays nearly as it was."""
    arrived(go(lines))
    before = scores()["churn"]
    huge = lines["customer"] == lines["customer"].value_counts().index[0]
    worth = (lines["quantity"] * lines["price"])[~huge].sum() / huge.sum()
    arrived(go(lines.assign(price=lines["price"].where(~huge, worth / 2))))
    moved = (scores()["churn"] - before).abs()
    assert moved.median() < 0.05
    assert sales().groupby("person_id")["value"].sum().max() > 0.49 * sales()["value"].sum()


@pytest.mark.usefixtures("plain")
def test_dates_without_a_clock_are_enough_for_churn(go: Go, lines: pd.DataFrame) -> None:
    arrived(go(lines.assign(date=pd.to_datetime(lines["date"]).dt.date)))
    assert Lake("lake").clockless == {"acme"}
    assert (scores()["best_hours"] == "now").all()


@pytest.mark.usefixtures("plain")
def test_mixed_currencies_are_refused_at_the_door(go: Go, lines: pd.DataFrame) -> None:
    words = np.where(np.arange(len(lines)) % 2, "GBP", "EUR")
    way = go(lines.assign(currency=words))
    refused(way.imported, "has the currencies EUR, GBP; one for each store is right")
    assert not Path("lake").exists()


@pytest.mark.usefixtures("plain")
def test_no_customer_at_all_is_refused_at_the_door(go: Go, lines: pd.DataFrame) -> None:
    way = go(lines.assign(customer=""))
    refused(way.imported, "the file has no order that counts")


@pytest.mark.usefixtures("plain")
def test_a_file_without_a_row_is_refused_at_the_door(go: Go, lines: pd.DataFrame) -> None:
    refused(go(lines.head(0)).imported, "the file has no row")


@pytest.mark.usefixtures("plain")
def test_a_month_without_orders_is_passed_over(go: Go, lines: pd.DataFrame) -> None:
    way = go(lines[lines["date"].dt.strftime("%Y-%m") != "2026-02"])
    arrived(way)
    assert (2026, 2) not in Lake("lake").months("orders")


@pytest.mark.usefixtures("churn")
def test_three_customers_are_too_few(go: Go, lines: pd.DataFrame) -> None:
    """The sentence says how many there are, and how many would be enough."""
    way = go(lines[lines["customer"].isin(lines["customer"].unique()[:3])])
    assert way.imported.code == 0
    refused(way.trained, "not enough data: 3 people")


@pytest.mark.usefixtures("churn")
def test_a_shop_to_which_nobody_comes_back(go: Go, lines: pd.DataFrame) -> None:
    """All churned: everybody is said to stay away."""
    way = go(lines.drop_duplicates("customer"))
    assert scores()["churn"].dropna().min() > 0.8
    nothing_to_tell_apart(way)


@pytest.mark.usefixtures("churn")
def test_a_shop_to_which_everybody_comes_back(go: Go) -> None:
    """None churned: nobody is said to stay away."""
    days = pd.date_range(LAST - pd.Timedelta(days=406), LAST, freq="14D")
    visits = [
        (person, day - pd.Timedelta(days=person % 14, hours=-9), 20.0)
        for person in range(SHOP.people)
        for day in days
    ]
    orders = pd.DataFrame(visits, columns=["person", "local_at", "value"]).sort_values("local_at")
    way = go(file_of(orders.reset_index(drop=True)))
    assert scores()["churn"].max() < 0.2
    nothing_to_tell_apart(way)
