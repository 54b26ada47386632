"""Pictures of campaigns: what came after them, what they brought, and whether they paid."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scoring.analysis.shares import wilson
from scoring.plots.template import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SKY,
    figure,
    nothing,
    percent,
    whiskers,
)

LOOKS: Final = {
    "paid": (GREEN, "circle"),
    "did not pay": (RED, "x"),
    "cannot be told": (GREY, "circle-open"),
    "too early": (SKY, "square-open"),
    "no holdout": (ORANGE, "diamond-open"),
}
"""Colour and sign of each verdict of `scoring.analysis.payoff`."""

LIGHT: Final = "#C8C8C8"


def answered(table: pd.DataFrame, part: str, title: str, unit: str) -> go.Figure:
    """Show which share of a campaign's messages was answered in some way.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.campaigns.campaigns`.
    part : str
        The column that is counted: ``"clicked"`` or ``"stopped"``.
    title, unit : str
        Of the picture, and of its axis: ``"clicked (% of messages)"``.
    """
    drawn = figure(title, "campaign, in order of time", unit)
    if table.empty:
        return nothing(drawn, "no campaign was sent")
    low, high = wilson(table[part], table["sent"])
    share = table[part] / table["sent"]
    drawn.add_bar(
        x=table["campaign"],
        y=share,
        marker_color=BLUE,
        error_y=whiskers(share, low, high),
        customdata=np.column_stack([table[part], table["sent"]]),
        hovertemplate=(
            f"%{{x}}: %{{y:.2%}} {part},<br>"
            "%{customdata[0]:,.0f} of %{customdata[1]:,.0f} messages<extra></extra>"
        ),
    )
    percent(drawn.layout.yaxis)
    drawn.layout.yaxis.tickformat = ".1%"
    return drawn.update_xaxes(type="category")


def claimed_and_caused(table: pd.DataFrame, paid: pd.DataFrame) -> go.Figure:
    """Show the buyers whom a campaign may claim beside those whom it brought.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.campaigns.campaigns`.
    paid : pandas.DataFrame
        `scoring.analysis.payoff.payoff` of it; ``true_buyers`` is shown where it is there.
    """
    drawn = figure(
        "Buyers claimed, and buyers won", "campaign, in order of time", "buyers (people)"
    )
    if table.empty:
        return nothing(drawn, "no campaign was sent")
    for column, name, colour in (
        ("buyers", "bought afterwards", LIGHT),
        ("click_buyers", "of them, clicked", ORANGE),
    ):
        drawn.add_bar(
            x=table["campaign"],
            y=table[column],
            name=name,
            marker_color=colour,
            hovertemplate=f"%{{x}}: %{{y:,.0f}} {name}<extra></extra>",
        )
    told = paid[paid["buyers"].notna()]
    drawn.add_scatter(
        x=told["campaign"],
        y=told["buyers"],
        name="brought",
        mode="markers",
        marker={"color": BLUE, "size": 9},
        error_y=whiskers(told["buyers"], told["buyers_low"], told["buyers_high"]),
        customdata=told[["buyers_low", "buyers_high"]],
        hovertemplate=(
            "%{x} brought %{y:,.0f} buyers<br>"
            "(between %{customdata[0]:,.0f} and %{customdata[1]:,.0f})<extra></extra>"
        ),
    )
    if "true_buyers" in told:
        _mark(drawn, told["campaign"], told["true_buyers"], "%{x} truly brought %{y:,.0f} buyers")
    return drawn.update_layout(barmode="overlay").update_xaxes(type="category")


def profits(paid: pd.DataFrame, by: str, currency: str) -> go.Figure:
    """Show what campaigns earned after their cost, with intervals, coloured by the verdict.

    Parameters
    ----------
    paid : pandas.DataFrame
        `scoring.analysis.payoff.payoff` of ``by``; ``true_profit`` is shown where it is there.
    by : str
        ``"campaign"`` or ``"series"``.
    currency : str
    """
    drawn = figure(f"Profit of each {by}", f"profit ({currency})", by)
    told = paid[paid["profit"].notna()]
    if told.empty:
        return nothing(drawn, "no campaign with a holdout and a cost is old enough")
    for verdict, rows in told.groupby("verdict"):
        colour, sign = LOOKS[str(verdict)]
        drawn.add_scatter(
            x=rows["profit"],
            y=rows[by],
            name=str(verdict),
            mode="markers",
            marker={"color": colour, "symbol": sign, "size": 11},
            error_x={
                **whiskers(rows["profit"], rows["profit_low"], rows["profit_high"]),
                "color": colour,
            },
            customdata=rows[["profit_low", "profit_high", "cost"]],
            hovertemplate=(
                f"%{{y}} {verdict}: %{{x:,.0f}} {currency}<br>(between %{{customdata[0]:,.0f}} "
                "and %{customdata[1]:,.0f}), messages cost %{customdata[2]:,.0f}<extra></extra>"
            ),
        )
    if "true_profit" in told:
        _mark(drawn, told["true_profit"], told[by], f"%{{y}} truly earned %{{x:,.0f}} {currency}")
    order = list(told[by])[::-1]
    drawn.add_vline(x=0, line={"color": BLACK, "width": 1})
    drawn.update_yaxes(type="category", categoryorder="array", categoryarray=order)
    return drawn.update_layout(height=max(260, 150 + 26 * len(told)))


def _mark(drawn: go.Figure, x: Any, y: Any, words: str) -> None:
    drawn.add_scatter(
        x=x,
        y=y,
        name="true",
        mode="markers",
        marker={"color": BLACK, "symbol": "diamond-tall", "size": 9},
        hovertemplate=f"{words}<extra></extra>",
    )
