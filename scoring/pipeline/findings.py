"""What the check finds of one store's churn model: what moved, and what did not come true.

Figures and thresholds are of `scoring.drift`; here data and cards are brought to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from scoring.drift import LEVEL, MOST_PSI, Ageing, ageing, moved, psi, worse
from scoring.files import ModelCard
from scoring.pipeline.ground import Ground
from scoring.pipeline.look import PROXY, PROXY_AUC

SHOWN: Final = 5
"""Moved features that are named; the rest are counted."""

GROWING: Final = frozenset({"age", "recency", "frequency", "value", "orders"})
"""Features without a window: they grow with the shop's own history, also where nothing changes.
That they moved is noted, and is no reason by itself."""


Predict = Callable[[pd.DataFrame, date], np.ndarray]
"""P(no purchase in the horizon after a day) by the model that is looked at."""


@dataclass(kw_only=True, slots=True)
class Findings:
    """Collected while looking.

    Attributes
    ----------
    reasons, notes : list of str
        For training anew, and what else was seen; one sentence each.
    figures : dict
        By their names, for programs.
    """

    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


def find_moves(ground: Ground, card: ModelCard, predict: Predict, found: Findings) -> None:
    """Hold features and predictions of today against those of the day of training."""
    _features(ground, card, found)
    if len(ground.features):
        _predictions(ground, card, predict, found)


def _features(ground: Ground, card: ModelCard, found: Findings) -> None:
    X, then = ground.features, card.reference["features"]
    by = found.figures["psi"] = {name: round(psi(then[name], X[name]), 4) for name in X}
    far = sorted((name for name in X if moved(then[name], X[name])), key=lambda name: -by[name])
    if not far:
        return
    shown = ", ".join(f"{name} ({by[name]:.2f})" for name in far[:SHOWN])
    more = f" and {len(far) - SHOWN} more" if len(far) > SHOWN else ""
    told = f"features have moved since {card.data_to}, PSI above {MOST_PSI}: {shown}{more}"
    if set(far) <= GROWING:
        found.notes.append(f"{told}; they grow with the shop's history, which is no reason")
    else:
        found.reasons.append(told)


def _predictions(ground: Ground, card: ModelCard, predict: Predict, found: Findings) -> None:
    said, then = predict(ground.features, ground.day), card.reference["predictions"]
    found.figures["psi_predictions"] = index = round(psi(then, said), 4)
    if moved(then, said):
        found.reasons.append(f"predictions have moved since {card.data_to}: PSI {index:.2f}")


def find_truth(ground: Ground, card: ModelCard, predict: Predict, found: Findings) -> None:
    """Hold predictions against labels that came after training: of the horizon, and sooner ones."""
    trained = date.fromisoformat(card.data_to)
    horizon = card.horizon or ground.horizon
    for days, name in ((horizon, "AUC"), (PROXY, PROXY_AUC)):
        cutoff = ground.day - timedelta(days=days)
        if cutoff < trained:
            first = trained + timedelta(days=days)
            found.notes.append(f"no label of {days} days came after training yet: first on {first}")
            continue
        rows = ground.snapshot(cutoff, days)
        aged = ageing(rows.churned, predict(rows.X, cutoff))
        found.figures[f"aged_{days}"] = {
            "cutoff": str(cutoff),
            "auc": aged.auc,
            "level": aged.level,
        }
        found.notes.append(_told(aged, cutoff, days))
        _order(aged, card, name, cutoff, found)
        if days == horizon:
            _level(aged, cutoff, found)


def _order(aged: Ageing, card: ModelCard, name: str, cutoff: date, found: Findings) -> None:
    before = card.metric(name)
    if before is None or not worse(before.value, aged):
        return
    found.reasons.append(
        f"the order is worse than it was: {name} {aged.auc:.3f} at {cutoff}, "
        f"{before.value:.3f} in training"
    )


def _level(aged: Ageing, cutoff: date, found: Findings) -> None:
    if aged.level is None or LEVEL[0] <= aged.level <= LEVEL[1]:
        return
    found.reasons.append(
        f"the level is wrong: predictions at {cutoff} sum to {aged.level:.2f} times of what "
        f"came; {LEVEL[0]} to {LEVEL[1]} is right"
    )


def _told(aged: Ageing, cutoff: date, days: int) -> str:
    auc = "not known, all did the same" if aged.auc is None else f"{aged.auc:.3f}"
    level = "" if aged.level is None or days == PROXY else f", sum over actual {aged.level:.2f}"
    return f"predictions of {cutoff} over {days} days, {aged.rows:,} people: AUC {auc}{level}"
