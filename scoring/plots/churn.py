"""Pictures of churn: how well it is told, what drives it, and to how many writing pays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scoring.metrics import Interval
from scoring.plots.template import (
    BLUE,
    COLOURS,
    DASHES,
    FOUND,
    GREY,
    ORANGE,
    TRUE,
    figure,
    nothing,
    percent,
    whiskers,
)

TOP = 8
"""Columns of which it is told how much they matter."""


def models(figures: Mapping[str, Interval], bound: float | None = None) -> go.Figure:
    """Show how well each model puts people in order.

    Parameters
    ----------
    figures : mapping of str to Interval
        AUC by the model's name, from the bottom up.
    bound : float, optional
        That of the true chances.
    """
    drawn = figure(
        "How well each puts people in order",
        "AUC (0.5: as chance; 1: always right)",
        "model",
    )
    if not figures:
        return nothing(drawn, "no model could be held against what came")
    names, each = list(figures), list(figures.values())
    value, low, high = (np.array([getattr(one, name) for one in each]) for name in _ENDS)
    drawn.add_scatter(
        x=value,
        y=list(figures),
        mode="markers",
        marker={"color": FOUND, "size": 10},
        name="found",
        showlegend=bound is not None,
        error_x=whiskers(value, low, high),
        customdata=np.column_stack([low, high]),
        hovertemplate=(
            "%{y}: of who goes and who stays, it tells which is which<br>%{x:.1%} of times "
            "(%{customdata[0]:.1%} to %{customdata[1]:.1%})<extra></extra>"
        ),
    )
    drawn.update_xaxes(range=[0.47, 1.0])
    if bound is not None:
        drawn.add_scatter(
            x=[bound, bound],
            y=[names[0], names[-1]],
            mode="lines",
            line={"color": TRUE, "dash": "dash"},
            name="the true chances",
            hovertemplate="the true chances: %{x:.1%} of times<extra></extra>",
        )
    return drawn


_ENDS = ("estimate", "low", "high")


def calibration(table: pd.DataFrame) -> go.Figure:
    """Show what happened to people of each predicted chance, and what was to be expected.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.churn.calibration`.
    """
    drawn = figure("Do chances come true?", "predicted chance of churn (%)", "churned (%)")
    if table["share"].notna().sum() == 0:
        return nothing(drawn, "nobody was told of")
    drawn.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1},
        name="as predicted",
        hoverinfo="skip",
    )
    drawn.add_scatter(
        x=table["predicted"],
        y=table["share"],
        mode="markers",
        marker={"color": FOUND, "size": 9},
        name="came",
        error_y=whiskers(table["share"], table["low"], table["high"]),
        customdata=table["people"],
        hovertemplate=(
            "of %{customdata:,.0f} people with a chance of about %{x:.0%}<br>"
            "%{y:.0%} did not buy<extra></extra>"
        ),
    )
    if table["true"].notna().any():
        drawn.add_scatter(
            x=table["predicted"],
            y=table["true"],
            mode="lines",
            line={"color": TRUE, "dash": "dash"},
            name="true chance",
            hovertemplate="predicted about %{x:.0%}, truly %{y:.0%}<extra></extra>",
        )
    percent(drawn.layout.xaxis)
    percent(drawn.layout.yaxis)
    return drawn


def drivers(table: pd.DataFrame) -> go.Figure:
    """Show how much worse the order gets without each column, the weightiest on top.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.drivers.importance`.
    """
    drawn = figure("What the model looks at", "AUC lost without it", "feature")
    if table.empty:
        return nothing(drawn, "all people are alike")
    top = table.head(TOP)
    drawn.add_bar(
        x=top["lost"],
        y=top["feature"],
        orientation="h",
        marker_color=BLUE,
        error_x={"type": "data", "array": top["sd"], "color": TRUE, "thickness": 1.2, "width": 4},
        customdata=top[["meaning"]],
        hovertemplate="%{y} (%{customdata[0]}):<br>%{x:.3f} of AUC lost<extra></extra>",
    )
    return drawn.update_yaxes(autorange="reversed", type="category")


def dependence(table: pd.DataFrame, words: str, by: str) -> go.Figure:
    """Show the chance of churn if everybody had one value of a column, a line for one of another.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.drivers.dependence`.
    words, by : str
        What the two columns say, with their units.
    """
    drawn = figure(f"A line for each: {by}", words, "mean chance of churn (%)")
    if table.empty:
        return nothing(drawn, "all people are alike")
    for place, (value, rows) in enumerate(table.groupby("by")):
        drawn.add_scatter(
            x=rows["value"],
            y=rows["churn"],
            mode="lines+markers",
            name=f"{value:,.0f}",
            line={"color": COLOURS[place % len(COLOURS)], "dash": DASHES[place % len(DASHES)]},
            hovertemplate=(
                f"{words}: %{{x:,.0f}}, {by}: {value:,.0f}<br>"
                "chance of churn %{y:.0%}<extra></extra>"
            ),
        )
    percent(drawn.layout.yaxis)
    return drawn


def profit(
    curve: pd.DataFrame, chosen: int, currency: str, best: pd.DataFrame | None = None
) -> go.Figure:
    """Show the profit by how many are written to, those likeliest to churn first.

    Parameters
    ----------
    curve : pandas.DataFrame
        `scoring.analysis.profit.curve`.
    chosen : int
        How many lie above the break-even.
    currency : str
    best : pandas.DataFrame, optional
        The curve of the true chances.
    """
    drawn = figure("To how many writing pays", "people written to", f"profit ({currency})")
    if curve["people"].max() == 0:
        return nothing(drawn, "nobody was told of")
    lines = [("as it came", curve, "came"), ("as predicted", curve, "expected")]
    if best is not None:
        lines.append(("knowing the true chances", best, "came"))
    for place, (name, table, column) in enumerate(lines):
        drawn.add_scatter(
            x=table["people"],
            y=table[column],
            mode="lines",
            name=name,
            line={"color": (FOUND, ORANGE, TRUE)[place], "dash": DASHES[place]},
            hovertemplate=f"%{{x:,.0f}} people: %{{y:,.2f}} {currency} ({name})<extra></extra>",
        )
    drawn.add_vline(
        x=chosen, line={"color": GREY, "dash": "dash"}, annotation_text="break-even", opacity=0.8
    )
    return drawn
