"""What the models of one store stand on: its lake, its days, its people and its cut-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

import pandas as pd

from scoring.errors import LakeError, NotEnoughDataError
from scoring.features import features, scanners
from scoring.lake import Lake
from scoring.pipeline.numbered import Numbered
from scoring.pipeline.sample import Sampled, sampled
from scoring.snapshots import Snapshots, snapshots

WITHIN: Final = 365
"""Days: whoever bought in them before a cut-off is who churn and value speak of."""

STEP: Final = 30
"""Days between training cut-offs."""

MOST_CUTOFFS: Final = 15
"""They reach back to last year's same days, also for the look at the newest cut-off with labels."""

MOST_ROWS: Final = 400_000
"""Of training: people times cut-offs. More cost memory and teach a model of 50 columns little."""


@dataclass
class Ground:
    """One store of a lake, at the newest day that it knows.

    Attributes
    ----------
    lake : Lake
    store : str
    horizon : int
        Days ahead.
    seed : int
        Of whatever draws.
    """

    lake: Lake
    store: str
    horizon: int = 90
    seed: int = 0

    @cached_property
    def first(self) -> date:
        """Local day of the first order."""
        return self._days[0]

    @cached_property
    def day(self) -> date:
        """Local day of the last order: the cut-off of today."""
        return self._days[1]

    @cached_property
    def features(self) -> pd.DataFrame:
        """Features of everybody who bought in the last `WITHIN` days, at `day`."""
        return features(self.lake, self.day, store=self.store, within=WITHIN)

    @cached_property
    def people(self) -> pd.Index:
        """Everybody whom the store knows, sorted."""
        bought = self._of("orders").select("person_id")
        known = self._of("persons").select("person_id")
        both = known.union(bought, distinct=True).order_by("person_id")
        return pd.Index(both.execute()["person_id"], name="person_id")

    @cached_property
    def numbered(self) -> Numbered:
        """The lake, with rows of `people` for their ids."""
        return Numbered(self.lake, self.people)

    @cached_property
    def cutoffs(self) -> tuple[date, ...]:
        """Training cut-offs, oldest first; the labels of the newest end at `day`.

        Raises
        ------
        NotEnoughDataError
            There is none with a horizon before it and one behind it.
        """
        newest = self.day - timedelta(days=self.horizon)
        days = [newest - timedelta(days=STEP * count) for count in range(MOST_CUTOFFS)]
        least = self.first + timedelta(days=self.horizon)
        usable = [day for day in days if day >= least]
        if not usable:
            there = (self.day - self.first).days + 1
            raise NotEnoughDataError("days of orders", there, 2 * self.horizon + 1)
        return tuple(reversed(usable))

    @cached_property
    def training(self) -> Snapshots:
        """Features and what came, at all training cut-offs, of at most about `MOST_ROWS` rows.

        People who click like scanners are left out.
        """
        return self._snapshots(self.cutoffs, self.horizon).without(self._scanners)

    def snapshot(self, cutoff: date, horizon: int) -> Snapshots:
        """Features at one day, and what came in so many days after it."""
        return self._snapshots([cutoff], horizon)

    def _snapshots(self, cutoffs: Sequence[date], horizon: int) -> Snapshots:
        return snapshots(self.seen, cutoffs, horizon=horizon, store=self.store, within=WITHIN)

    @cached_property
    def _scanners(self) -> frozenset[str]:
        return scanners(self.lake, self.day, store=self.store)

    @cached_property
    def seen(self) -> Lake | Sampled:
        """The lake, or in a large shop a share of its people, who are learnt from."""
        return self.some(MOST_ROWS // MOST_CUTOFFS)

    def some(self, most: int) -> Lake | Sampled:
        """Return the lake of at most about so many of those who bought within the year."""
        return sampled(self.lake, most / max(len(self.features), 1), self.day)

    def _of(self, table: str) -> Any:
        rows = self.lake.table(table)
        return rows.filter(rows.store == self.store)

    @cached_property
    def _days(self) -> tuple[date, date]:
        orders = self._of("orders")
        found = orders.aggregate(
            first=orders.local_at.min(), last=orders.local_at.max(), rows=orders.count()
        )
        row = found.execute().iloc[0]
        if not row["rows"]:
            raise NotEnoughDataError(f"orders of store {self.store}", 0, 1)
        first, last = row["first"].date(), row["last"].date()
        if last > datetime.now(UTC).date() + timedelta(days=1):
            raise LakeError("orders", "local_at", f"there is an order of {last}, yet to come")
        return first, last


def grounds(
    lake: Lake, store: str | None, *, horizon: int = 90, seed: int = 0
) -> tuple[Ground, ...]:
    """Return the ground of one store, or of each that has orders.

    Raises
    ------
    LakeError
        There is no such store, or none at all.
    """
    known = lake.stores
    if not known:
        raise LakeError("orders", None, "there is no order in it; export or import some first")
    if store is not None and store not in known:
        raise LakeError(
            "orders", "store", f"there is no store {store}; there is {', '.join(known)}"
        )
    wanted = known if store is None else (store,)
    return tuple(Ground(lake, name, horizon, seed) for name in wanted)
