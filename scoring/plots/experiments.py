"""Pictures of experiments: how large, how often chance wins, and for whom a message does more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from scoring.plots.template import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREY,
    ORANGE,
    RED,
    TRUE,
    figure,
    nothing,
    percent,
    whiskers,
)

_MARKED: Final = "rgba(0, 158, 115, 0.15)"


def needed(sizes: pd.DataFrame, marks: Mapping[str, int]) -> go.Figure:
    """Show how many people an experiment needs for the lift that it is to show.

    Parameters
    ----------
    sizes : pandas.DataFrame
        `scoring.analysis.experiments.sizes`.
    marks : mapping of str to int
        Sizes of smaller arms to draw as lines, by what they are.
    """
    drawn = figure(
        "People that an experiment needs", "lift (% of those who buy anyway)", "people in each arm"
    )
    if sizes.empty:
        return nothing(drawn, "nobody bought, so no lift can be planned")
    drawn.add_scatter(
        x=sizes["lift"],
        y=sizes["people"],
        name="needed",
        mode="lines+markers",
        line={"color": BLUE},
        hovertemplate="a lift of %{x:.0%} shows with %{y:,.0f} people in each arm<extra></extra>",
    )
    for place, (name, people) in enumerate(marks.items()):
        drawn.add_scatter(
            x=[sizes["lift"].min(), sizes["lift"].max()],
            y=[people, people],
            name=name,
            mode="lines",
            line={"color": COLOURS[place + 1], "dash": DASHES[place + 1]},
            hovertemplate=f"{name}: {people:,} people<extra></extra>",
        )
    drawn.update_xaxes(type="log", tickformat=".0%", tickvals=list(sizes["lift"]))
    return drawn.update_yaxes(type="log", dtick=1, tickformat=",")


def seen_by(table: pd.DataFrame, title: str, *, line: float | None = None) -> go.Figure:
    """Show the share of experiments that have seen an effect, look by look, for each rule.

    Parameters
    ----------
    table : pandas.DataFrame
        `scoring.analysis.sequential.Runs.table`.
    title : str
    line : float, optional
        A share to draw across: what was promised.
    """
    drawn = figure(title, "day of the experiment", "experiments that saw an effect (%)")
    if table.empty:
        return nothing(drawn, "no experiment was simulated")
    for place, (rule, rows) in enumerate(table.groupby("rule", sort=False)):
        drawn.add_scatter(
            x=rows["look"],
            y=rows["stopped"],
            name=str(rule),
            mode="lines",
            line={"color": (RED, BLACK, BLUE, ORANGE)[place % 4], "dash": DASHES[place % 4]},
            hovertemplate=f"{rule}: by day %{{x}}, %{{y:.1%}} saw an effect<extra></extra>",
        )
    if line is not None:
        drawn.add_hline(y=line, line={"color": GREY, "width": 1}, annotation_text=f"{line:.0%}")
    percent(drawn.layout.yaxis)
    return drawn.update_layout(height=430)


def path(run: pd.DataFrame) -> go.Figure:
    """Show one experiment as it looked day by day, with the fixed and the always valid interval.

    Parameters
    ----------
    run : pandas.DataFrame
        `scoring.analysis.sequential.Runs.deceived`.
    """
    drawn = figure(
        "One experiment without any effect",
        "day of the experiment",
        "effect so far (percentage points)",
    )
    if run.empty:
        return nothing(drawn, "no experiment was deceived")
    for low, high, name, dash in (
        ("wide_low", "wide_high", "always valid", "dash"),
        ("low", "high", "fixed 95 %", "solid"),
    ):
        line = {"color": ORANGE if dash == "dash" else RED, "dash": dash, "width": 1.5}
        for place, side in enumerate((low, high)):
            drawn.add_scatter(
                x=run["look"],
                y=run[side],
                mode="lines",
                line=line,
                name=name,
                legendgroup=name,
                showlegend=place == 0,
                hovertemplate=f"day %{{x}}: {name} interval, to %{{y:+.1%}}<extra></extra>",
            )
    drawn.add_scatter(
        x=run["look"],
        y=run["value"],
        name="found",
        mode="lines+markers",
        line={"color": BLUE},
        hovertemplate="day %{x}: %{y:+.1%}<extra></extra>",
    )
    drawn.add_hline(y=0, line={"color": BLACK, "width": 1})
    reach = 1.5 * run["wide_high"].iloc[len(run) // 4 :].sub(run["value"]).max()
    return drawn.update_yaxes(tickformat="+.0%", range=[-reach, reach])


def effects(
    groups: pd.DataFrame, what: str, *, title: str, marked: Sequence[Any] = (), true: str = ""
) -> go.Figure:
    """Show what a message does in each group, with intervals that hold all at once.

    Parameters
    ----------
    groups : pandas.DataFrame
        `scoring.analysis.experiments.effects_by`.
    what : str
        What names the groups, for the axis.
    title : str
    marked : sequence
        Groups to shade.
    true : str
        What the shade says.
    """
    drawn = figure(title, what, "effect on buying (percentage points)")
    told = groups[groups["effect"].notna()]
    if told.empty:
        return nothing(drawn, "no group has people in both arms")
    names = told["group"].astype(str)
    drawn.add_scatter(
        x=names,
        y=told["effect"],
        mode="markers",
        name="found",
        marker={"color": BLUE, "size": 10},
        error_y=whiskers(told["effect"], told["low"], told["high"]),
        customdata=told[["low", "high", "base"]],
        hovertemplate=(
            f"{what} %{{x}}: %{{y:+.1%}} (between %{{customdata[0]:+.1%}} and "
            "%{customdata[1]:+.1%}),<br>%{customdata[2]:.1%} buy anyway<extra></extra>"
        ),
    )
    drawn.add_hline(y=0, line={"color": BLACK, "width": 1})
    places = [place for place, name in enumerate(names) if name in marked]
    if places:
        drawn.add_vrect(
            x0=min(places) - 0.5,
            x1=max(places) + 0.5,
            fillcolor=_MARKED,
            line_width=0,
            layer="below",
            annotation_text=true,
            annotation_font_color=TRUE,
            annotation_position="top left",
        )
    return drawn.update_xaxes(type="category").update_yaxes(tickformat="+.0%")
