"""Pictures of the shop's week, of people's hours, and of the plan of a campaign."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scoring.plots.template import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    FOUND,
    RED,
    SCALE,
    SKY,
    TRUE,
    figure,
    nothing,
    percent,
    whiskers,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 24


def week(
    cells: pd.DataFrame, value: str, title: str, unit: str, *, share: bool = False
) -> go.Figure:
    """Show a number for each hour of the week.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``slot`` (0 is Monday 00), ``people``, and the number; what is NaN stays white.
    value : str
        The column.
    title : str
    unit : str
        Of the number, in words: ``"purchases"``.
    share : bool
        Shown as per cent.
    """
    drawn = figure(title, "hour (local)", "day of the week")
    if cells[value].notna().sum() == 0:
        return nothing(drawn, f"no {unit}: too few people")
    grid = cells.set_index("slot").reindex(range(len(DAYS) * HOURS))
    form, axis = (".1%", ".0%") if share else (",.0f", ",.0f")
    drawn.add_heatmap(
        x=list(range(HOURS)),
        y=DAYS,
        z=grid[value].to_numpy().reshape(len(DAYS), HOURS),
        customdata=grid["people"].to_numpy().reshape(len(DAYS), HOURS),
        colorscale=SCALE,
        colorbar={"title": {"text": unit}, "tickformat": axis},
        hoverongaps=False,
        xgap=1,
        ygap=1,
        hovertemplate=(
            f"%{{y}}, %{{x}}:00: %{{z:{form}}} {unit}<br>"
            "of %{customdata:,.0f} people<extra></extra>"
        ),
    )
    drawn.update_xaxes(dtick=2, showgrid=False)
    return drawn.update_yaxes(autorange="reversed", showgrid=False)


def kinds(curves: pd.DataFrame) -> go.Figure:
    """Show at which hours each kind of people buys.

    Parameters
    ----------
    curves : pandas.DataFrame
        `scoring.analysis.habits.kinds`.
    """
    drawn = figure("Kinds of people, by the hours they keep", "hour (local)", "of all they do (%)")
    for kind, rows in curves.groupby("kind"):
        place, first = int(str(kind)), rows.iloc[0]
        name = f"{first['share']:.0%} of people, best at {first['best']:.0f}:00"
        drawn.add_scatter(
            x=rows["hour"],
            y=rows["chance"],
            name=name,
            mode="lines",
            line={"color": COLOURS[place % len(COLOURS)], "dash": DASHES[place % len(DASHES)]},
            hovertemplate=f"{name}:<br>%{{y:.1%}} of it at %{{x}}:00<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    drawn.update_layout(legend={"orientation": "v", "x": 1.02, "xanchor": "left", "y": 0.5})
    return drawn.update_layout(legend_yanchor="middle").update_xaxes(dtick=2)


def best_hours(found: pd.Series, true: pd.Series | None = None) -> go.Figure:
    """Show how many people have their best hour when.

    Parameters
    ----------
    found, true : pandas.Series
        Shares of people by hour of the day; what is true only where it is known.
    """
    drawn = figure("At which hour people are best written to", "hour (local)", "people (%)")
    for name, shares, colour in (("found", found, FOUND), ("true", true, TRUE)):
        if shares is None:
            continue
        drawn.add_bar(
            x=shares.index,
            y=shares,
            name=name,
            marker_color=colour,
            hovertemplate=f"best hour {name} %{{x}}:00: %{{y:.1%}} of people<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    return drawn.update_xaxes(dtick=1)


def within_an_hour(known: pd.DataFrame, one_hour: float, chance: float) -> go.Figure:
    """Show how often the hour that was found is right, by how much is known of a person.

    Parameters
    ----------
    known : pandas.DataFrame
        `scoring.analysis.habits.within_an_hour`, its table.
    one_hour, chance : float
        What that also tells.
    """
    drawn = figure(
        "Best hours found within one hour of the true ones",
        "known purchases, answers and clicks of a person",
        "people (%)",
    )
    drawn.add_bar(
        x=known["events"],
        y=known["share"],
        name="personal hours",
        marker_color=BLUE,
        error_y=whiskers(known["share"], known["low"], known["high"]),
        customdata=known["people"],
        hovertemplate=(
            "%{x} known: right for %{y:.0%}<br>of %{customdata:,.0f} people<extra></extra>"
        ),
    )
    for name, height, dash in (("one hour for all", one_hour, "dash"), ("chance", chance, "dot")):
        drawn.add_scatter(
            x=known["events"],
            y=[height] * len(known),
            name=name,
            mode="lines",
            line={"color": BLACK, "dash": dash},
            hovertemplate=f"{name}: right for %{{y:.0%}}<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    return drawn.update_xaxes(type="category")


def policies(values: pd.DataFrame, true: Mapping[str, float] | None = None) -> go.Figure:
    """Show what ways to choose the hour are worth.

    Parameters
    ----------
    values : pandas.DataFrame
        `scoring.analysis.policies.policies`.
    true : mapping of str to float, optional
        What each is truly worth, where that is known.
    """
    drawn = figure("What ways to choose the hour are worth", "", "answers (% of sends)")
    told = values.dropna()
    if told.empty:
        return nothing(drawn, "too few hours were drawn to tell")
    drawn.add_scatter(
        x=told.index,
        y=told["value"],
        name="found, 99 %",
        mode="markers",
        marker={"color": FOUND, "size": 11},
        error_y=whiskers(told["value"], told["low"], told["high"]),
        customdata=told[["low", "high"]],
        hovertemplate=(
            "%{x}: %{y:.1%} answer<br>"
            "(99 % between %{customdata[0]:.1%} and %{customdata[1]:.1%})<extra></extra>"
        ),
    )
    if true:
        drawn.add_scatter(
            x=list(true),
            y=list(true.values()),
            name="true",
            mode="markers",
            marker={"color": TRUE, "symbol": "line-ew-open", "size": 26},
            hovertemplate="%{x}: truly %{y:.1%}<extra></extra>",
        )
    percent(drawn.layout.yaxis)
    return drawn


def plan(slots: pd.DataFrame) -> go.Figure:
    """Show the parts of a plan in each hour, what people would rather have, and the capacity.

    Parameters
    ----------
    slots : pandas.DataFrame
        `scoring.analysis.next_campaign.slots_used`.
    """
    drawn = figure("The plan of the next campaign", "hour (local)", "SMS (parts an hour)")
    if not slots["wished"].sum():
        return nothing(drawn, "nobody may be written to")
    for name, column, colour in (
        ("everybody at her best hour", "wished", SKY),
        ("planned", "planned", BLUE),
    ):
        drawn.add_bar(
            x=slots["hour"],
            y=slots[column],
            name=name,
            marker_color=colour,
            hovertemplate=f"%{{x}}:00, {name}: %{{y:,.0f}} SMS<extra></extra>",
        )
    drawn.add_scatter(
        x=np.repeat(slots["hour"], 2) + np.tile([-0.5, 0.5], len(slots)),
        y=np.repeat(slots["capacity"], 2),
        name="what the lines can send",
        mode="lines",
        line={"color": RED, "dash": "dash", "width": 2},
        hovertemplate="room for %{y:,.0f} SMS<extra></extra>",
    )
    return drawn.update_xaxes(dtick=1).update_yaxes(rangemode="tozero")
