"""Pictures of where and when messages arrive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scoring.plots.template import (
    BLUE,
    COLOURS,
    DASHES,
    GREY,
    RED,
    figure,
    nothing,
    percent,
    whiskers,
)

WEEK = 7


def lost_by(counts: pd.DataFrame, key: str, what: str, marked: Sequence[object] = ()) -> go.Figure:
    """Show the share of parts that were lost, for each line, network or hour.

    Parameters
    ----------
    counts : pandas.DataFrame
        `scoring.analysis.delivery.by` of ``key``.
    key : str
        The column that names the bars.
    what : str
        What that is, for the axis: ``"line"``.
    marked : sequence
        Values of ``key`` that stand out.
    """
    drawn = figure(f"Lost parts by {what}", what, "lost (% of parts)")
    if counts.empty:
        return nothing(drawn, "no part was sent")
    colours = [RED if value in marked else BLUE for value in counts[key]]
    drawn.add_bar(
        x=counts[key],
        y=counts["share"],
        marker_color=colours,
        error_y=whiskers(counts["share"], counts["low"], counts["high"]),
        customdata=np.column_stack([counts["lost"], counts["parts"]]),
        hovertemplate=(
            f"{what} %{{x}}: %{{y:.1%}} lost,<br>"
            "%{customdata[0]:,.0f} of %{customdata[1]:,.0f} parts<extra></extra>"
        ),
    )
    percent(drawn.layout.yaxis)
    return drawn.update_xaxes(type="category" if counts[key].dtype == object else None)


def lost_over_time(daily: pd.DataFrame, marked: Sequence[str] = ()) -> go.Figure:
    """Show the share of parts that each line lost, week by week.

    Parameters
    ----------
    daily : pandas.DataFrame
        `scoring.analysis.delivery.by` of ``line_id`` and ``day``.
    marked : sequence of str
        Lines that stand out.
    """
    drawn = figure("Lost parts of each line, week by week", "week of", "lost (% of parts)")
    if daily.empty:
        return nothing(drawn, "no part was sent")
    weekly = daily.assign(week=daily["day"] - (daily["day"] + 3) % WEEK)
    weekly = weekly.groupby(["line_id", "week"], as_index=False)[["lost", "parts"]].sum()
    for place, (line, rows) in enumerate(weekly.groupby("line_id")):
        drawn.add_scatter(
            x=pd.to_datetime(rows["week"], unit="D"),
            y=rows["lost"] / rows["parts"],
            name=str(line),
            mode="lines",
            line={
                "color": RED if line in marked else COLOURS[place % len(COLOURS)],
                "dash": DASHES[place % len(DASHES)],
                "width": 3 if line in marked else 1.5,
            },
            customdata=rows["parts"],
            hovertemplate=(
                f"{line}, week of %{{x|%-d %B %Y}}:<br>%{{y:.1%}} of %{{customdata:,.0f}} parts "
                "lost<extra></extra>"
            ),
        )
    percent(drawn.layout.yaxis)
    return drawn


def delays_by_hour(hours: pd.DataFrame) -> go.Figure:
    """Show how long reports take at each hour: the middle one, and the slowest of ten.

    Parameters
    ----------
    hours : pandas.DataFrame
        `scoring.analysis.delivery.by` of ``hour``.
    """
    drawn = figure("From sending to arriving", "hour of sending (local)", "delay (s)")
    if hours["median"].notna().sum() == 0:
        return nothing(drawn, "no report of an arrival came")
    for column, name, colour, dash in (
        ("median", "half arrive within", BLUE, "solid"),
        ("p90", "nine of ten arrive within", GREY, "dash"),
    ):
        drawn.add_scatter(
            x=hours["hour"],
            y=hours[column],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            hovertemplate=f"%{{x}}:00: {name} %{{y:,.0f}} s<extra></extra>",
        )
    return drawn.update_yaxes(type="log").update_xaxes(dtick=2)
