"""Pictures of who the customers are: segments, cohorts, and who brings what share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scoring.plots.template import (
    BLUE,
    COLOURS,
    DASHES,
    DIVERGING,
    FOUND,
    GREY,
    ORANGE,
    TRUE,
    figure,
    nothing,
    percent,
    whiskers,
)

NOBODY = "nobody bought"


def shares(portraits: pd.DataFrame) -> go.Figure:
    """Show each segment's share of people beside its share of spend.

    Parameters
    ----------
    portraits : pandas.DataFrame
        `scoring.analysis.customers.portrait`.
    """
    drawn = figure("Who they are, and what they brought", "segment", "share (%)", barmode="group")
    if portraits.empty:
        return nothing(drawn, NOBODY)
    for column, name, colour in (
        ("share", "of people", GREY),
        ("spend_share", "of all spend so far", BLUE),
    ):
        drawn.add_bar(
            x=portraits["segment"],
            y=portraits[column],
            name=name,
            marker_color=colour,
            customdata=portraits[["meaning"]],
            hovertemplate=f"%{{x}}: %{{customdata[0]}}<br>%{{y:.1%}} {name}<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    return drawn


def unlike(measures: pd.DataFrame) -> go.Figure:
    """Show in what segments differ: colour says how far from the mean, text says the value.

    Parameters
    ----------
    measures : pandas.DataFrame
        `scoring.analysis.customers.unlike`.
    """
    drawn = figure("How segments differ", "mean over the segment's people", "segment")
    if measures.empty:
        return nothing(drawn, NOBODY)
    wide = {name: _wide(measures, "segment", "measure", name) for name in ("times", "value")}
    drawn.add_heatmap(
        x=[name.replace(" (", "<br>(") for name in wide["times"].columns],
        y=wide["times"].index,
        z=np.log2(wide["times"].to_numpy()),
        zmid=0,
        zmin=-2,
        zmax=2,
        colorscale=DIVERGING,
        text=[[_number(one) for one in row] for row in wide["value"].to_numpy()],
        texttemplate="%{text}",
        customdata=wide["times"].to_numpy(),
        colorbar={
            "title": "to mean",
            "tickvals": [-2, -1, 0, 1, 2],
            "ticktext": ["¼", "½", "1", "2", "4"],
        },
        hovertemplate="%{y}, %{x}: %{text},<br>%{customdata:.2f} times the mean<extra></extra>",
        xgap=2,
        ygap=2,
    )
    return drawn.update_yaxes(autorange="reversed", type="category")


def triangle(cohorts: pd.DataFrame) -> go.Figure:
    """Show which share of each cohort bought in each month after its first.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        `scoring.analysis.cohorts.triangle`.
    """
    later = cohorts[cohorts["month"] > 0]
    drawn = figure(
        "Who came back, by month of the first purchase",
        "months since the first purchase",
        "first purchase in",
        height=180 + 18 * cohorts["cohort"].nunique(),
    )
    if later.empty:
        return nothing(drawn, "no month after a first purchase is over")
    wide = {name: _wide(later, "cohort", "month", name) for name in ("share", "people")}
    drawn.add_heatmap(
        x=wide["share"].columns,
        y=[f"{cohort:%b %Y}" for cohort in wide["share"].index],
        z=wide["share"].to_numpy(),
        zmin=0,
        colorscale="Blues",
        texttemplate="%{z:.0%}",
        textfont={"size": 10},
        customdata=wide["people"].to_numpy(),
        colorbar={"title": "bought", "tickformat": ".0%"},
        hoverongaps=False,
        hovertemplate=(
            "first purchase in %{y}: %{customdata:,.0f} people,<br>"
            "%{z:.1%} of them bought %{x} months later<extra></extra>"
        ),
        xgap=1,
        ygap=1,
    )
    drawn.update_yaxes(autorange="reversed", type="category", dtick=1)
    return drawn.update_xaxes(dtick=1)


def retention(months: pd.DataFrame) -> go.Figure:
    """Show the share that bought in each month after the first, over all cohorts.

    Parameters
    ----------
    months : pandas.DataFrame
        `scoring.analysis.cohorts.retention`.
    """
    drawn = figure(
        "Bought again, all cohorts", "months since the first purchase", "bought (% of people)"
    )
    later = months[months["month"] > 0]
    if later.empty:
        return nothing(drawn, "no month after a first purchase is over")
    drawn.add_scatter(
        x=later["month"],
        y=later["share"],
        mode="lines+markers",
        line={"color": FOUND},
        error_y=whiskers(later["share"], later["low"], later["high"]),
        customdata=later["people"],
        hovertemplate=(
            "%{x} months later: %{y:.1%} of %{customdata:,.0f} people bought<extra></extra>"
        ),
    )
    percent(drawn.layout.yaxis)
    return drawn


def still_there(cohorts: pd.DataFrame, true: pd.Series | None = None) -> go.Figure:
    """Show which share of each cohort bought lately, and who truly is a customer still.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        `scoring.analysis.cohorts.still_there`.
    true : pandas.Series, optional
        Share by cohort.
    """
    drawn = figure("Who is still there", "month of the first purchase", "share of the cohort (%)")
    if cohorts.empty:
        return nothing(drawn, NOBODY)
    drawn.add_scatter(
        x=cohorts["cohort"],
        y=cohorts["share"],
        mode="markers",
        marker={"color": FOUND, "size": 9},
        name="bought lately",
        error_y=whiskers(cohorts["share"], cohorts["low"], cohorts["high"]),
        customdata=cohorts["people"],
        hovertemplate=(
            "first purchase in %{x|%B %Y}: %{y:.0%} of %{customdata:,.0f} people bought lately"
            "<extra></extra>"
        ),
    )
    if true is not None:
        drawn.add_scatter(
            x=true.index,
            y=true,
            mode="lines",
            line={"color": TRUE, "dash": "dash"},
            name="truly still customers",
            hovertemplate="first purchase in %{x|%B %Y}: %{y:.0%} truly will buy<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    return drawn


def lorenz(curves: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Show what share of spend the first so many per cent of people bring, the best first.

    Parameters
    ----------
    curves : mapping of str to pandas.DataFrame
        `scoring.analysis.customers.concentration`, by the name of its line.
    """
    drawn = figure("Who brings what share", "people, the best first (%)", "spend (%)")
    if all(curve.empty for curve in curves.values()):
        return nothing(drawn, "nothing was spent")
    for place, (name, curve) in enumerate(curves.items()):
        drawn.add_scatter(
            x=curve["people"],
            y=curve["spend"],
            mode="lines",
            name=name,
            line={"color": COLOURS[place], "dash": DASHES[place]},
            hovertemplate=f"the best %{{x:.0%}} bring %{{y:.0%}} ({name})<extra></extra>",
        )
    drawn.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name="all alike",
        line={"color": GREY, "dash": "dot", "width": 1},
        hoverinfo="skip",
    )
    percent(drawn.layout.xaxis)
    percent(drawn.layout.yaxis)
    return drawn


def to_come(table: pd.DataFrame, days: int) -> go.Figure:
    """Show how often each segment's people are expected to buy, and what is true.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.outlook.to_come`.
    days : int
        That are looked ahead.
    """
    drawn = figure(
        f"Expected in the next {days} days", "segment", "purchases a person", barmode="group"
    )
    if table.empty:
        return nothing(drawn, NOBODY)
    drawn.add_bar(
        x=table["segment"],
        y=table["purchases"],
        name="expected",
        marker_color=FOUND,
        customdata=table[["spend_mean", "people"]],
        hovertemplate=(
            "%{x}: %{y:.2f} purchases and %{customdata[0]:,.2f} of spend a person,<br>"
            "%{customdata[1]:,.0f} people<extra></extra>"
        ),
    )
    if table["true"].notna().any():
        drawn.add_scatter(
            x=table["segment"],
            y=table["true"],
            mode="markers",
            name="true",
            marker={"color": ORANGE, "symbol": "diamond", "size": 11, "line": {"width": 1}},
            hovertemplate="%{x}: truly %{y:.2f} purchases a person<extra></extra>",
        )
    return drawn.update_yaxes(rangemode="tozero")


def _wide(frame: pd.DataFrame, rows: str, columns: str, values: str) -> pd.DataFrame:
    """A grid in the order in which rows and columns first stand in a long table."""
    wide = frame.pivot(index=rows, columns=columns, values=values)
    return wide.reindex(index=frame[rows].unique(), columns=frame[columns].unique())


def _number(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
