"""Where and when messages arrive: reports, delays and losses, by line, network, hour and day.

Responsible for parts that the network took. A part counts as lost when the network says so, and as
silent when nothing came; a silent one is neither arrived nor lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from scoring.analysis.shares import with_share
from scoring.engine import fetch
from scoring.features.clock import clock_or_utc, day_number, day_of
from scoring.features.source import Tables, of_store, the_store

RECENT: Final = 28
"""Days of a line that are held against those before."""
WORSE: Final = 0.02
"""A rise of the lost share below it may be statistically sure and is no reason to act."""
LATE: Final = 60.0
"""Seconds after which a report tells of a phone that was off."""


def sent_parts(lake: Tables, *, store: str | None = None, since: date | None = None) -> Any:
    """Return what the network took, with the person's clock.

    Parameters
    ----------
    lake : Lake
    store : str, optional
        Needed where the lake has several.
    since : date, optional
        The first day, on the person's clock.

    Returns
    -------
    ibis.expr.types.Table
        ``line_id``, ``operator``, ``state``, ``attempts``, ``day`` (number), ``hour``, ``delay``
        (seconds from sent to reported delivered, else null), and 0 or 1: ``delivered``, ``lost``.
    """
    name = the_store(lake, store)
    parts, messages = of_store(lake, "parts", name), of_store(lake, "messages", name)
    clocks = messages.select("message_id", "local_at", "person_id")
    rows = parts.filter(parts.sent_at.notnull()).inner_join(clocks, "message_id")
    local = clock_or_utc(rows.local_at, rows.sent_at)
    rows = rows.mutate(
        day=day_of(local),
        hour=local.hour(),
        operator=rows.operator.fill_null("unknown"),
        line_id=rows.line_id.fill_null("unknown"),
        delivered=(rows.state == "delivered").cast("int32"),
        lost=rows.state.isin(["undelivered", "failed"]).cast("int32"),
    )
    seconds = (rows.reported_at.epoch_seconds() - rows.sent_at.epoch_seconds()).cast("float64")
    rows = rows.mutate(delay=(rows.delivered == 1).ifelse(seconds, None))
    return rows if since is None else rows.filter(rows.day >= day_number(since))


def by(lake: Tables, parts: Any, *keys: str) -> pd.DataFrame:
    """Count parts by columns of `sent_parts`.

    Returns
    -------
    pandas.DataFrame
        The keys, sorted; ``parts``, ``delivered``, ``lost``, ``silent``, ``people``, ``median``
        and ``p90`` of the delay in seconds; ``share`` lost, with ``low`` and ``high`` (95 %).
    """
    counted = parts.group_by(*keys).agg(
        parts=parts.count(),
        delivered=parts.delivered.sum(),
        lost=parts.lost.sum(),
        people=parts.person_id.nunique(),
        median=parts.delay.quantile(0.5),
        p90=parts.delay.quantile(0.9),
        late=(parts.delay > LATE).cast("int32").sum(),
    )
    frame = fetch(lake.connection, counted).to_pandas().sort_values(list(keys), ignore_index=True)
    frame["silent"] = frame["parts"] - frame["delivered"] - frame["lost"]
    return with_share(frame, "lost", "parts")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decline:
    """How a line does now beside how it did.

    Attributes
    ----------
    line : str
    before, lately : float
        Shares lost.
    low, high : float
        Ends of the interval of the difference; wide enough that all lines' hold together.
    """

    line: str
    before: float
    lately: float
    low: float
    high: float

    @property
    def sick(self) -> bool:
        """Whether the line surely loses more than it did, and enough more to act."""
        return self.low > 0 and self.lately - self.before > WORSE


def declines(daily: pd.DataFrame, *, recent: int = RECENT, coverage: float = 0.99) -> list[Decline]:
    """Hold each line's last days against those before.

    Parameters
    ----------
    daily : pandas.DataFrame
        `by` of ``line_id`` and ``day``.
    recent : int
        Days.
    coverage : float
        That all intervals hold at once (Bonferroni).

    Returns
    -------
    list of Decline
        The worst first; a line that was not used in both is left out.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions. Statistics in Medicine 17: method 10.
    """
    border = daily["day"].max() - recent
    lines = daily.groupby("line_id")
    each = 1 - (1 - coverage) / max(len(lines), 1)
    found = [_decline(str(line), rows, border, each) for line, rows in lines]
    return sorted((one for one in found if one), key=lambda one: one.low, reverse=True)


def _decline(line: str, rows: pd.DataFrame, border: int, coverage: float) -> Decline | None:
    late = (rows["day"] > border).to_numpy()
    sums = [rows.loc[which, ["lost", "parts"]].sum() for which in (~late, late)]
    both = with_share(pd.DataFrame(sums), "lost", "parts", coverage=coverage)
    if not (both["parts"] > 0).all():
        return None
    (p0, l0, u0), (p1, l1, u1) = both[["share", "low", "high"]].to_numpy()
    return Decline(
        line=line,
        before=float(p0),
        lately=float(p1),
        low=float(p1 - p0 - np.hypot(p1 - l1, u0 - p0)),
        high=float(p1 - p0 + np.hypot(u1 - p1, p0 - l0)),
    )


def busier(hours: pd.DataFrame, *, coverage: float = 0.99) -> pd.DataFrame:
    """Return the hours in which surely more is lost than over the whole day.

    Parameters
    ----------
    hours : pandas.DataFrame
        `by` of ``hour``.
    coverage : float
        That no hour is named by chance (Bonferroni).
    """
    rest_lost, rest = hours["lost"].sum() - hours["lost"], hours["parts"].sum() - hours["parts"]
    p, q = hours["lost"] / hours["parts"], rest_lost / rest
    error = np.sqrt(p * (1 - p) / hours["parts"] + q * (1 - q) / rest)
    sure = norm.ppf(1 - (1 - coverage) / len(hours))
    return hours[(p - q > sure * error) & (p - q > WORSE / 2)]
