"""Cross-sell as a part of the pipeline: what to buy again, and what is new for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from scoring.errors import NotEnoughDataError
from scoring.files import Metric, ModelCard
from scoring.metrics.lists import hits, ndcg
from scoring.pipeline.cards import card
from scoring.pipeline.ground import WITHIN, Ground
from scoring.pipeline.look import figure
from scoring.pipeline.parts import Block, Columns
from scoring.pipeline.words import lists, quote
from scoring.recommend import (
    BuyAgain,
    EASERecommender,
    PopularRecommender,
    Purchases,
    Recommender,
    choose_penalty,
    read_purchases,
)

LENGTH: Final = 10
"""Products in each list at most."""

TABLES: Final = ("orders", "order_lines")

LEARNERS: Final = 100_000
"""People at most, about, whose purchases are learnt from: which products go together they tell as
well as a million do."""


class Recommend:
    """The two lists as a part; its model is a dict of ``again``, ``new`` and ``items``."""

    name = "recommend"

    def train(self, ground: Ground) -> tuple[dict[str, Any], ModelCard]:
        """Fit both on the last year, and look at what was new in its last days."""
        seen = ground.some(LEARNERS)
        bought = read_purchases(seen, ground.day, store=ground.store, within=WITHIN)
        if len(bought.items) < 2:
            raise NotEnoughDataError(
                "products that were bought ten times in the year", len(bought.items), 2
            )
        new, remarks = _chosen(bought)
        metrics = _look(ground, bought, new)
        model = {
            "again": BuyAgain().fit(bought),
            "new": new.fit(bought.matrix(), lately=bought.lately()),
            "items": [str(item) for item in bought.items],
        }
        return model, card(
            ground,
            self.name,
            tables=TABLES,
            learnt=seen,
            population=f"people who bought in the last {WITHIN} days",
            rows=len(bought.person),
            people=len(bought.people),
            members=("buy again: own repeats", f"new for you: EASE of {len(bought.items):,} items"),
            parameters=new.get_params(deep=False),
            metrics=metrics,
            remarks=remarks,
        )

    def scorer(self, model: dict[str, Any], ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives ``buy_again`` and ``new_for_you``; empty lists for strangers."""
        items = np.asarray(model["items"], dtype=object)
        bought = read_purchases(
            ground.numbered, ground.day, store=ground.store, within=WITHIN, items=items
        )
        place = np.full(len(ground.people), -1, dtype=np.int32)
        place[bought.people] = np.arange(len(bought.people), dtype=np.int32)
        words = quote(model["items"])

        def score(block: Block) -> Columns:
            known = place[block.rows] >= 0
            some = bought.of_people(place[block.rows[known]])
            again = model["again"].recommend(some, LENGTH)[0]
            return {
                "buy_again": lists(_spread(again, known), words),
                "new_for_you": lists(_spread(_new(model["new"], some.matrix()), known), words),
            }

        return score


def _new(model: Recommender, bought: csr_array) -> np.ndarray:
    if not bought.shape[0]:
        return np.empty((0, LENGTH), dtype=np.int32)
    return model.recommend(bought, LENGTH)[0]


def _spread(lists_of_some: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return a row for everybody; that of a stranger is empty."""
    everybody = np.full((len(known), LENGTH), -1, dtype=np.int32)
    everybody[known] = lists_of_some
    return everybody


def _chosen(bought: Purchases) -> tuple[EASERecommender, tuple[str, ...]]:
    try:
        return choose_penalty(bought), ()
    except NotEnoughDataError as error:
        return EASERecommender(), (f"with the settings it comes with: {error}",)


def _look(ground: Ground, bought: Purchases, new: EASERecommender) -> tuple[Metric, ...]:
    """Return hits and NDCG of what was new in the horizon, beside what sells best."""
    earlier = bought.before(ground.horizon)
    wanted = earlier.bought_later(bought, ground.horizon)
    judged = np.flatnonzero(np.diff(wanted.indptr))
    if not len(judged):
        return ()
    known, truth = earlier.matrix(), wanted[judged]
    on = f"new products of the last {ground.horizon} days, {len(judged):,} people"
    metrics = []
    for name, model in (("", new), (" of what sells best", PopularRecommender())):
        told = model.fit(known, lately=earlier.lately()).recommend(known[judged], LENGTH)[0]
        for word, of in (("hit", hits), ("NDCG", ndcg)):
            values = of(told, truth)
            metrics.append(figure(f"{word}@{LENGTH}{name}", _mean, values, values, on))
    return tuple(metrics)


def _mean(values: np.ndarray, _: np.ndarray) -> float:
    return float(np.mean(values))
