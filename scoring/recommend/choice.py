"""Choose the penalty of EASE, and how much the trend counts, on the last weeks that are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scoring.errors import NotEnoughDataError
from scoring.metrics.lists import ndcg
from scoring.recommend.ease import EASERecommender
from scoring.recommend.purchases import Purchases

PENALTIES = (100.0, 200.0, 400.0, 800.0)
TRENDS = (0.0, 0.5, 0.75, 1.0)

ENOUGH = 100
"""People who bought something new in the weeks that are held back; fewer decide nothing."""

JUDGED = 10_000
"""People whose lists are looked at for each setting; more would hardly decide differently."""


def choose_penalty(
    purchases: Purchases,
    *,
    days: int = 91,
    penalties: Iterable[float] = PENALTIES,
    trends: Iterable[float] = TRENDS,
    n: int = 10,
) -> EASERecommender:
    """Return an unfitted EASE with the settings that did best at the end of the span.

    Parameters
    ----------
    purchases : Purchases
        Up to the cut-off; nothing behind it is seen.
    days : int, default 91
        Held back at its end: learned is from what was before, judged by what was new in them.
    penalties, trends : iterable of float
        To choose from.
    n : int, default 10
        Length of the lists that are judged, by NDCG.

    Returns
    -------
    EASERecommender

    Raises
    ------
    NotEnoughDataError
        Too few people bought something new in the weeks that are held back.
    """
    earlier = purchases.before(days)
    known = earlier.matrix()
    wanted = earlier.bought_later(purchases, days)
    judged = np.flatnonzero(np.diff(wanted.indptr))
    if len(judged) < ENOUGH:
        raise NotEnoughDataError("people who bought something new lately", len(judged), ENOUGH)
    judged = judged[:: -(-len(judged) // JUDGED)]
    best, settings = -1.0, (PENALTIES[0], 0.0)
    for penalty in penalties:
        model = EASERecommender(penalty, trend=0.0).fit(known)
        for trend in trends:
            model.set_params(trend=trend)
            model.factor_ = model._factor(earlier.lately())
            items, _ = model.recommend(known[judged], n)
            found = float(ndcg(items, wanted[judged]).mean())
            if found > best:
                best, settings = found, (penalty, trend)
    return EASERecommender(settings[0], trend=settings[1])
