"""Whether a campaign paid: what its messages brought above the holdout, less what they cost.

Responsible for the verdict. It is given only where the holdout tells; the intervals are so wide
that all of them hold at once, so that among many campaigns none pays by chance.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd

from scoring.analysis.masking import LEAST
from scoring.errors import NotEnoughDataError
from scoring.features.source import Tables
from scoring.uplift import average_effect, incremental_revenue, read_experiment

PAID: Final = "paid"
LOST: Final = "did not pay"
UNKNOWN: Final = "cannot be told"
EARLY: Final = "too early"
BLIND: Final = "no holdout"
VERDICTS: Final = (PAID, LOST, UNKNOWN, EARLY, BLIND)


def draws(
    lake: Tables,
    *,
    store: str | None = None,
    campaign: str | None = None,
    days: int = 14,
    since: date | None = None,
) -> pd.DataFrame:
    """Return the draws of `read_experiment` since a day; no row where nobody was held out."""
    try:
        rows = read_experiment(lake, store=store, experiment=campaign, days=days).rows
    except NotEnoughDataError:
        return pd.DataFrame(columns=["experiment", "treated", "bought"])
    if since is None:
        return rows
    return rows[rows["assigned_at"] >= pd.Timestamp(since, tz="UTC")].reset_index(drop=True)


def payoff(
    table: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    margin: float,
    by: str = "campaign",
    coverage: float = 0.95,
) -> pd.DataFrame:
    """Hold what each campaign brought against what it cost.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.campaigns.campaigns`.
    rows : pandas.DataFrame
        `draws` of the same store.
    margin : float
        What is left of a unit of revenue after the goods, between 0 and 1.
    by : str
        ``"campaign"``, or ``"series"``: those of one kind together.
    coverage : float
        That all intervals hold at once (Bonferroni).

    Returns
    -------
    pandas.DataFrame
        One row a group, in order of time: ``by``, ``people`` (written to), ``held`` (out),
        ``buyers`` and ``revenue`` that the messages brought, ``profit`` (margin x revenue - cost)
        and ``roi`` (profit / cost), each with ``_low`` and ``_high``; ``cost``, ``verdict``.

    Raises
    ------
    ValueError
        The margin is no share.

    References
    ----------
    Lewis, R. A. and Rao, J. M. (2015). The unfavorable economics of measuring the returns to
    advertising. Quarterly Journal of Economics 130: why so few verdicts can be given.
    """
    if not 0 < margin <= 1:
        raise ValueError(f"margin: {margin:g}; a share above 0 and up to 1 is right")
    known = table[table["ripe"]].set_index("campaign", drop=False)
    rows = rows[rows["experiment"].isin(known.index)]
    rows = rows.assign(group=rows["experiment"].map(known[by]))
    told = {name: some for name, some in rows.groupby("group") if _enough(some)}
    each = 1 - (1 - coverage) / max(len(told), 1)
    found = [
        _told(group, told[name], margin, each) if name in told else _untold(group)
        for name, group in table.groupby(by, sort=False)
    ]
    frame = pd.DataFrame(found, index=table[by].unique(), columns=_COLUMNS)
    return frame.rename_axis(by).reset_index()


def _enough(rows: pd.DataFrame) -> bool:
    """Tell whether both arms have so many people that they may be told of."""
    people = rows.groupby("treated")["person_id"].nunique()
    return len(people) == 2 and bool(people.min() >= LEAST)


_COLUMNS: Final = [
    "people",
    "held",
    *(
        f"{name}{end}"
        for name in ("buyers", "revenue", "profit", "roi")
        for end in ("", "_low", "_high")
    ),
    "cost",
    "verdict",
]


def _untold(group: pd.DataFrame) -> dict[str, Any]:
    people, cost = group["people"].sum(), group["cost"].sum(min_count=1)
    return {"people": people, "cost": cost, "verdict": BLIND if group["ripe"].any() else EARLY}


def _told(
    group: pd.DataFrame, rows: pd.DataFrame, margin: float, coverage: float
) -> dict[str, Any]:
    paid = group[group["campaign"].isin(rows["experiment"])]
    cost = float(paid["cost"].sum(min_count=1))
    given = {
        "probability": rows["probability"].to_numpy(),
        "persons": rows["person_id"].to_numpy(),
        "coverage": coverage,
    }
    treated = rows["treated"].to_numpy()
    bought = average_effect(rows["bought"].to_numpy(float), treated, **given)
    earned = incremental_revenue(rows["spend"].to_numpy(), treated, cost=cost, **given)
    there = bought.treated_rows
    profits = [margin * one - cost for one in (earned.revenue, earned.low, earned.high)]
    told = {
        "buyers": [there * one for one in (bought.value, bought.low, bought.high)],
        "revenue": [earned.revenue, earned.low, earned.high],
        "profit": profits,
        "roi": [one / cost if cost else float("nan") for one in profits],
    }
    row = {
        f"{name}{end}": value
        for name, values in told.items()
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    sizes = {"people": there, "held": bought.control_rows, "cost": cost}
    return row | sizes | {"verdict": verdict(profits[1], profits[2])}


def break_even(table: pd.DataFrame, *, margin: float, order: float) -> float:
    """Return the share of people whom messages must move to a sale so that they pay.

    NaN where it is not known what they cost.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.campaigns.campaigns`.
    margin : float
    order : float
        What a sale is worth.

    Examples
    --------
    >>> break_even(pd.DataFrame({"cost": [50.0], "sent": [1000]}), margin=0.5, order=20.0)
    0.005
    """
    return float(table["cost"].sum(min_count=1) / table["sent"].sum() / (margin * order))


def with_truth(
    paid: pd.DataFrame,
    table: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    margin: float,
    order: float,
    by: str = "campaign",
) -> pd.DataFrame:
    """Add what is true of a simulated shop: ``true_buyers`` and ``true_profit``.

    Parameters
    ----------
    paid : pandas.DataFrame
        `payoff` of ``by``.
    table : pandas.DataFrame
        `scoring.analysis.campaigns.campaigns`.
    truth : pandas.DataFrame
        `scoring.simulate.Truth.campaigns`.
    margin, order : float
        As for `break_even`; of the orders that a campaign brought only the number is kept.
    """
    known = table[table["ripe"]].join(truth, on="campaign")
    groups = known.groupby(by)
    buyers = (known["effect"] * known["treated"]).groupby(known[by]).sum()
    profit = groups["orders"].sum() * order * margin - groups["cost"].sum()
    return paid.assign(true_buyers=paid[by].map(buyers), true_profit=paid[by].map(profit))


def verdict(low: float, high: float) -> str:
    """Return what may be said of a profit whose interval is known.

    Examples
    --------
    >>> verdict(10.0, 500.0), verdict(-90.0, -5.0), verdict(-90.0, 500.0)
    ('paid', 'did not pay', 'cannot be told')
    """
    if low > 0:
        return PAID
    return LOST if high < 0 else UNKNOWN
