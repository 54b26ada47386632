"""Pictures of lists of products, of what goes together, and of whom a message moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scoring.plots.template import (
    BLUE,
    FOUND,
    GREY,
    ORANGE,
    RED,
    SCALE,
    figure,
    nothing,
    percent,
    whiskers,
)


def lists(judged: pd.DataFrame) -> go.Figure:
    """Show how often a list holds what is bought next.

    Parameters
    ----------
    judged : pandas.DataFrame
        `scoring.analysis.offers.judged`.
    """
    drawn = figure("Lists of ten that hold something bought later", "", "people (%)")
    if not judged["people"].sum():
        return nothing(drawn, "nobody bought anything later")
    best = judged["way"] != judged["list"]
    for name, rows, colour in (
        ("what sells best", judged[best], GREY),
        ("her own list", judged[~best], BLUE),
    ):
        drawn.add_bar(
            x=rows["list"],
            y=rows["share"],
            name=name,
            marker_color=colour,
            error_y=whiskers(rows["share"], rows["low"], rows["high"]),
            customdata=rows["people"],
            hovertemplate=(
                f"%{{x}}, {name}:<br>right for %{{y:.1%}} of %{{customdata:,.0f}} people"
                "<extra></extra>"
            ),
        )
    percent(drawn.layout.yaxis)
    return drawn


def together(lift: pd.DataFrame) -> go.Figure:
    """Show which categories the same people buy.

    Parameters
    ----------
    lift : pandas.DataFrame
        `scoring.analysis.offers.together`.
    """
    drawn = figure("Categories that the same people buy", "category", "category")
    if lift.empty:
        return nothing(drawn, "the store names no categories")
    drawn.add_heatmap(
        x=lift.columns,
        y=lift.index,
        z=lift.to_numpy(),
        colorscale=SCALE,
        colorbar={"title": {"text": "times as often<br>as by chance"}},
        hoverongaps=False,
        xgap=1,
        ygap=1,
        hovertemplate=(
            "%{y} and %{x}:<br>%{z:.2f} times as often the same people's as by chance"
            "<extra></extra>"
        ),
    )
    drawn.update_xaxes(type="category", showgrid=False)
    drawn.update_yaxes(type="category", showgrid=False, autorange="reversed")
    return drawn.update_layout(height=460)


def qini(curve: pd.DataFrame) -> go.Figure:
    """Show what is gained by writing to those first whom a message moves most.

    Parameters
    ----------
    curve : pandas.DataFrame
        `scoring.analysis.movable.qini`.
    """
    drawn = figure(
        "Gained by writing to the movable first",
        "people written to (%)",
        "purchases caused (of 100 people)",
    )
    if curve.empty:
        return nothing(drawn, "no experiment tells")
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    drawn.add_scatter(x=curve["share"], y=100 * curve["high"], **band)
    shade = {"fill": "tonexty", "fillcolor": "rgba(0, 114, 178, 0.18)"}
    drawn.add_scatter(x=curve["share"], y=100 * curve["low"], **(band | shade))
    for name, column, colour, dash in (
        ("the model's order", "gain", FOUND, "solid"),
        ("a random order", "random", GREY, "dash"),
    ):
        drawn.add_scatter(
            x=curve["share"],
            y=100 * curve[column],
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash},
            hovertemplate=(
                f"{name}, the first %{{x:.0%}} written to:<br>%{{y:.2f}} purchases of 100 people"
                "<extra></extra>"
            ),
        )
    percent(drawn.layout.xaxis)
    return drawn


def by_days(bins: pd.DataFrame, movable: tuple[int, int] | None = None) -> go.Figure:
    """Show what a message changes by the days since the last purchase.

    Parameters
    ----------
    bins : pandas.DataFrame
        `scoring.analysis.movable.by_days`.
    movable : tuple of (int, int), optional
        Days between which a message truly moves, where that is known.
    """
    drawn = figure(
        "What a message changes", "days since the last purchase", "purchases caused (% of people)"
    )
    if bins.empty:
        return nothing(drawn, "no experiment tells")
    ends = zip(bins["first"], bins["end"], strict=True)
    names = np.array([f"{first:.0f} to {end - 1:.0f}" for first, end in ends])
    inside = _inside(bins, movable)
    for name, some, colour in (
        ("seen, 95 %", ~inside, BLUE),
        ("seen, where it truly moves people", inside, ORANGE),
    ):
        rows = bins[some]
        drawn.add_bar(
            x=names[some],
            y=rows["effect"],
            name=name,
            visible=bool(some.any()),
            marker_color=colour,
            error_y=whiskers(rows["effect"], rows["low"], rows["high"]),
            customdata=rows["people"],
            hovertemplate=(
                "%{x} days: %{y:+.1%} buy because of it,<br>of %{customdata:,.0f} people"
                "<extra></extra>"
            ),
        )
    drawn.add_scatter(
        x=names,
        y=bins["predicted"],
        name="predicted",
        mode="markers",
        marker={"color": RED, "symbol": "diamond", "size": 10},
        hovertemplate="%{x} days: %{y:+.1%} predicted<extra></extra>",
    )
    drawn.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    return drawn.update_yaxes(tickformat=".0%").update_layout(barmode="overlay")


def _inside(bins: pd.DataFrame, movable: tuple[int, int] | None) -> NDArray[np.bool_]:
    """Tell in which bins a message truly moves people."""
    if movable is None:
        return np.zeros(len(bins), dtype=bool)
    first, end = movable
    return ((bins["first"] >= first) & (bins["end"] <= end + 1)).to_numpy()
