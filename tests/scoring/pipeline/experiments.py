"""Experiments with known lifts, drawn in a simulated shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tests.scoring.pipeline.shops import Shop, lake_of, orders_of, write

SHOP = Shop(people=1400, days=300, stay=4000, pace=25)
"""Of whom nearly every second comes within 14 days by herself, so that small arms suffice."""

DRAWN = pd.Timestamp("2026-06-08 10:00")
SILENT = pd.Timedelta("21D")


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """One experiment: with what chance each arm was drawn, and what it changes.

    Who has been silent for three weeks is moved by the lift of the arm, the others by nothing.
    """

    arms: dict[str, float] = field(default_factory=lambda: {"sms": 0.5, "control": 0.5})
    lifts: dict[str, float] = field(default_factory=lambda: {"sms": 0.6})
    seed: int = 8

    def draw(self, people: np.ndarray) -> np.ndarray:
        """Return the arm of each person."""
        rng = np.random.default_rng(self.seed)
        return rng.choice(list(self.arms), size=len(people), p=list(self.arms.values()))


def true_effect(mailing: Mailing, arm: str, shop: Shop = SHOP) -> float:
    """Return how many more of all people buy within 14 days when all get this arm."""
    orders = orders_of(shop)
    before = orders[orders["local_at"] < DRAWN]
    last = before.groupby("person")["local_at"].max()
    after = orders["local_at"].between(DRAWN, DRAWN + pd.Timedelta("14D"))
    anyway = last.index.isin(orders.loc[after, "person"])
    return float((mailing.lifts.get(arm, 0.0) * (last < DRAWN - SILENT) * ~anyway).mean())


def lake_with(folder: Path, mailing: Mailing, shop: Shop = SHOP) -> Path:
    """Write a shop in which a mailing was sent, and some bought because of it."""
    orders = orders_of(shop)
    last = orders[orders["local_at"] < DRAWN].groupby("person")["local_at"].max()
    people = last.index.to_numpy()
    arms = mailing.draw(people)
    lifts = np.array([mailing.lifts.get(arm, 0.0) for arm in arms])
    lifts *= (last < DRAWN - SILENT).to_numpy()
    caused = pd.concat([orders, _caused(mailing.seed + 1, people, lifts)]).sort_values("local_at")
    lake_of(folder, shop, caused.reset_index(drop=True))
    columns = {
        "store": shop.store,
        "assignment_id": [f"a{person}" for person in people],
        "person_id": [f"p{person:05d}" for person in people],
        "experiment": "spring",
        "kind": "treatment",
        "arm": arms,
        "probability": [mailing.arms[arm] for arm in arms],
        "candidates": len(mailing.arms),
        "policy": "random",
        "assigned_at": DRAWN.tz_localize("UTC"),
    }
    write(folder, "assignments", columns, len(people))
    return folder


def _caused(seed: int, people: np.ndarray, lifts: np.ndarray) -> pd.DataFrame:
    """Return the orders that would not have come without the message."""
    rng = np.random.default_rng(seed)
    moved = people[rng.random(len(people)) < lifts]
    days = pd.to_timedelta(rng.integers(1, 10, len(moved)), unit="D")
    return pd.DataFrame({"person": moved, "local_at": DRAWN + days, "value": 20.0})
