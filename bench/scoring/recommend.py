"""Cross-sell on Online Retail II, split by time, and the nightly lists of a million people.

``python -m bench.scoring recommend [--cutoff 2011-09-10] [--people 1000000]``

Products are the shop's articles (codes that begin with five digits) with ten order lines or more in
the 365 days up to the cut-off: 4,302 customers and 2,879 products at 2011-09-10, as in SCORING.md
5.7. Judged are the 91 days after it.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from scoring.evaluation.recommend import evaluate_again, evaluate_new, recommenders
from scoring.recommend import BuyAgain, EASERecommender, Purchases, choose_penalty

ORDERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "orders" / "order_lines.parquet"
DAYS = 91
MEASURED = """measured by SCORING.md 5.7, hit@10 and NDCG@10, new products only:
popularity 0.327 0.049; item cosine 0.438 0.092; SVD-64 0.497 0.106; EASE 0.528 0.112"""
SEED = 20240501


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring recommend", description=__doc__)
    parser.add_argument("--cutoff", default="2011-09-10", help="default: %(default)s")
    parser.add_argument("--people", type=int, default=1_000_000, metavar="N", help="0: leave out")
    options = parser.parse_args(arguments)
    if ORDERS.exists():
        _shop(options.cutoff)
    else:
        print(f"left out: no {ORDERS}")
    if options.people:
        _night(options.people)


def split(cutoff: str) -> tuple[Purchases, Purchases]:
    """Return what was known at a cut-off, and what was `DAYS` later, of the same products."""
    lines = pd.read_parquet(ORDERS, columns=["invoice", "stock", "qty", "ts", "price", "cust"])
    article = lines["stock"].astype(str).str.match(r"^\d{5}")
    returned = lines["invoice"].astype(str).str.startswith("C")
    sold = lines["cust"].notna() & (lines["qty"] > 0) & (lines["price"] > 0)
    lines = lines[article & sold & ~returned]
    age = (pd.Timestamp(cutoff) - lines["ts"].dt.normalize()).dt.days.to_numpy()
    person, item = lines["cust"].astype(int), lines["stock"].astype(str)
    known = Purchases.of(person, item, age, least=10)
    return known, Purchases.of(person, item, age + DAYS, items=known.items, within=DAYS)


def _shop(cutoff: str) -> None:
    known, later = split(cutoff)
    people, items = known.shape
    print(f"\nOnline Retail II, {cutoff}: {people:,} people, {items:,} products, {DAYS} days after")
    chosen = choose_penalty(known)
    models = {**recommenders(), f"chosen at the end of the span ({_told(chosen)})": chosen}
    new = evaluate_new(known, later, DAYS, models)
    print(f"\nnew for you, {new.attrs['people']:,} people who bought something new")
    print(new.to_string())
    print(MEASURED)
    again = evaluate_again(known, later, DAYS)
    print(f"\nbuy again, {again.attrs['people']:,} people who bought something again")
    print(again.to_string())


def _told(model: EASERecommender) -> str:
    return f"penalty {model.penalty:g}, trend {model.trend:g}"


def _night(people: int, items: int = 3_000, each: float = 6.6) -> None:
    """Time the lists of people with as many purchases as a year of ten orders in three has."""
    random = np.random.default_rng(SEED)
    lines = random.poisson(each, people)
    person = np.repeat(np.arange(people, dtype=np.int32), lines)
    item = (items * random.beta(0.5, 2.0, len(person))).astype(np.int32)
    age = random.integers(0, 365, len(person)).astype(np.int32)
    bought = Purchases(
        person=person, item=item, age=age, people=np.arange(people), items=np.arange(items)
    )
    print(
        f"\n{people:,} people, {items:,} products, {len(person):,} purchases; peak so far", _peak()
    )
    matrix, lately = bought.matrix(), bought.lately()
    ease, again = EASERecommender(), BuyAgain()
    _timed("EASE, learn", lambda: ease.fit(matrix, lately=lately))
    _timed("EASE, lists of 10", lambda: ease.recommend(matrix, 10))
    _timed("buy again, learn", lambda: again.fit(bought))
    _timed("buy again, lists of 10", lambda: again.recommend(bought, 10))


def _timed(what: str, run: Callable[[], object]) -> None:
    """Print seconds, and those of the processor, which a busy machine leaves as they are."""
    start, worked = perf_counter(), process_time()
    run()
    seconds, worked = perf_counter() - start, process_time() - worked
    print(f"{what}: {seconds:.1f} s, CPU {worked:.1f} s, peak {_peak()}")


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"
