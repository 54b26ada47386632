"""A lake of some of its people, so that training a large shop takes bounded memory."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final

from scoring.lake import Lake

_SLICES: Final = 1000


class Sampled:
    """A lake of which only some people are seen, always the same ones, with all of their rows.

    The orders of its last day are seen whoever's they are, so that it ends on the same day; no
    cut-off with labels lies that late.

    Attributes
    ----------
    share : float
        Of the people, in thousandths.
    """

    def __init__(self, lake: Lake, share: float, last: date) -> None:
        self._lake = lake
        self._slices = max(1, round(share * _SLICES))
        self.share = self._slices / _SLICES
        self._last = datetime.combine(last, time())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lake, name)

    def table(self, name: str) -> Any:
        """Return a table of `Lake.table`, with the rows of the people who are seen."""
        rows = self._lake.table(name)
        if "person_id" not in rows.columns:
            return rows
        seen = rows.person_id.hash().abs() % _SLICES < self._slices
        return rows.filter(seen | (rows.local_at >= self._last) if name == "orders" else seen)


def sampled(lake: Lake, share: float, last: date) -> Lake | Sampled:
    """Return the lake itself, or a share of its people; ``last`` is the local day it ends on."""
    return lake if share >= 1 else Sampled(lake, share, last)


def told_share(lake: Lake | Sampled) -> tuple[str, ...]:
    """Return a sentence for the card of what was learnt from a share of the people."""
    if not isinstance(lake, Sampled):
        return ()
    return (f"the shop is large: learnt from {100 * lake.share:.1f} % of its people, drawn",)
