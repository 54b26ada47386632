"""Send time as a part of the pipeline: P(answer) in each hour of the week, and whom to believe it.

The model is a dict: the curves (``curves``), the days after which an event counts half
(``half_life``), and how far hours are chosen in this shop (``level``, `scoring.timing.gate`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from scoring.errors import NotEnoughDataError
from scoring.files import Metric, ModelCard
from scoring.pipeline.cards import card
from scoring.pipeline.gate import Evidence, decide
from scoring.pipeline.ground import Ground
from scoring.pipeline.parts import Block, Columns
from scoring.pipeline.words import curves
from scoring.timing.counts import activity, learn, matrix, send_hours
from scoring.timing.gate import Gain, Level
from scoring.timing.model import SendTimeModel
from scoring.timing.rates import Reach, answer_rates, answers_by_slot, reach, shop_reach

LEAST_EVENTS: Final = 200
"""Below them a shop's curve is noise."""

HOURS: Final = 24
SHARE: Final = 100_000
"""People who tell how often the phones of a shop are on; more would only take memory."""
TABLES: Final = ("orders", "messages", "clicks", "replies", "assignments")


class Timing:
    """The send-time model as a part."""

    name = "timing"

    def train(self, ground: Ground) -> tuple[dict[str, Any], ModelCard]:
        """Fit the curves on events, and decide on the last of them how far to believe them."""
        events = activity(ground.seen, ground.day, store=ground.store).to_pandas()
        count = round(events["count"].sum())
        if count < LEAST_EVENTS:
            raise NotEnoughDataError("events with a time of day", count, LEAST_EVENTS)
        evidence = decide(ground)
        model, half_life = learn(
            ground.seen, ground.day, store=ground.store, random_state=ground.seed
        )
        told = {"curves": model, "half_life": half_life, "level": str(evidence.verdict.level)}
        return told, card(
            ground,
            self.name,
            tables=TABLES,
            population="everybody; who did nothing yet gets the shop's curve",
            rows=count,
            people=events["person_id"].nunique(),
            members=(f"level: {evidence.verdict.level}", f"half-life: {half_life or 'none'}"),
            parameters=model.get_params(deep=False),
            metrics=_metrics(evidence),
            remarks=(evidence.verdict.reason,),
        )

    def scorer(self, model: dict[str, Any], ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives ``hours`` and ``best_hours``."""
        told = _told_by(model, ground)

        def score(block: Block) -> Columns:
            return {"hours": curves(told.hours(block.rows)), "best_hours": model["level"]}

        return score


class _Shop:
    """How often everybody of a store answers, at the hours of the shop."""

    def __init__(self, model: SendTimeModel, sent: pd.DataFrame, people: pd.Index) -> None:
        self._model = model
        self._rates = answer_rates(_total(sent, people, "answers"), _total(sent, people, "sends"))

    def hours(self, rows: np.ndarray) -> np.ndarray:
        """P(answer) of some people in each hour of the week."""
        curve = np.tile(self._model.curve_, (len(rows), 1))
        return answers_by_slot(curve, self._rates[rows])


class _Persons(_Shop):
    """The same at each person's own hours, as far as what they did and their phones tell them."""

    def __init__(
        self, model: SendTimeModel, sent: pd.DataFrame, people: pd.Index, done: pd.DataFrame
    ) -> None:
        super().__init__(model, sent, people)
        self._done = matrix(done, people)
        self._reports = matrix(sent, people, "reports")
        self._prompt = matrix(sent, people, "prompt")
        self._reach = self._of_shop()

    def hours(self, rows: np.ndarray) -> np.ndarray:
        """P(answer) of some people in each hour of the week."""
        told = self._model.transform(self._done[rows])
        return answers_by_slot(told, self._rates[rows], self._on(rows))

    def _of_shop(self) -> Reach | None:
        """How often phones of the whole shop are on; None where no reports come."""
        if not self._reports.nnz:
            return None
        share = slice(None, None, -(-self._reports.shape[0] // SHARE))
        return shop_reach(_by_hour(self._prompt[share]), _by_hour(self._reports[share]))

    def _on(self, rows: np.ndarray) -> np.ndarray | None:
        if self._reach is None:
            return None
        counts = _by_hour(self._prompt[rows]), _by_hour(self._reports[rows])
        return np.tile(reach(*counts, shop=self._reach), (1, 7))


def _told_by(model: dict[str, Any], ground: Ground) -> _Shop:
    """Count what is needed of everybody: where hours are the shop's, nobody's own are read."""
    people = pd.RangeIndex(len(ground.people))
    where = {"store": ground.store}
    sent = send_hours(ground.numbered, ground.day, **where).to_pandas()
    if model["level"] != Level.PERSONAL:
        return _Shop(model["curves"], sent, people)
    done = activity(ground.numbered, ground.day, half_life=model["half_life"], **where)
    return _Persons(model["curves"], sent, people, done.to_pandas())


def _total(sent: pd.DataFrame, people: pd.Index, column: str) -> np.ndarray:
    return np.asarray(matrix(sent, people, column).sum(axis=1)).ravel()


def _by_hour(counts: csr_array) -> np.ndarray:
    return np.asarray(counts.todense()).reshape(counts.shape[0], -1, HOURS).sum(axis=1)


def _metrics(evidence: Evidence) -> tuple[Metric, ...]:
    gains = {
        "one hour above now": evidence.verdict.one_hour,
        "personal hours above it": evidence.verdict.personal,
    }
    told = [_metric(name, gain, evidence) for name, gain in gains.items() if gain is not None]
    return tuple(told)


def _metric(name: str, gain: Gain, evidence: Evidence) -> Metric:
    on = f"{evidence.rows:,} {evidence.what} after {evidence.border}"
    return Metric(
        name=f"{name}, {evidence.unit}", value=gain.value, low=gain.low, high=gain.high, on=on
    )
