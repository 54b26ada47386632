"""The results as a picture: a page that draws itself, and a PNG of it where there is a Chromium.

Plotly's own export needs kaleido, which fetches a browser of its own; the one that the tests use
takes the picture as well.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from plotly import graph_objects
from plotly.subplots import make_subplots

from bench.aims import PROGRAM, Figure, Row, rows, show

WIDTH: Final = 1200
HEIGHT: Final = 980
OWN_TIMES: Final = (-1, 3.3)
"""Decades of milliseconds."""
TIMES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10)
"""What the axis of the aims names."""
GOOD: Final = "#2f7d4f"
BAD: Final = "#b5473c"
OTHER: Final = "#8a8f98"


def draw(figures: Sequence[Figure], title: str) -> graph_objects.Figure:
    """Return how far each aim is reached, the own times, and the cost of the n-th job."""
    table = list(rows(figures))
    picture = make_subplots(
        rows=2,
        cols=2,
        specs=[[{"colspan": 2}, None], [{}, {}]],
        row_heights=[0.58, 0.42],
        vertical_spacing=0.14,
        horizontal_spacing=0.1,
        subplot_titles=(
            "Measured against what is to be reached (1: reached, 2: twice as good)",
            "Own time a message and line, median, ms",
            "CPU of one job by jobs stored, ms",
        ),
    )
    picture.add_trace(_aims(table), row=1, col=1)
    picture.add_trace(_own_times(table), row=2, col=1)
    picture.add_trace(_costs(figures), row=2, col=2)
    picture.add_vline(x=1, line={"color": "#333", "dash": "dot"}, row=1, col=1)
    picture.update_xaxes(type="log", tickvals=TIMES, row=1, col=1)
    picture.update_yaxes(autorange="reversed", automargin=True, row=1, col=1)
    picture.update_xaxes(type="log", range=OWN_TIMES, row=2, col=1)
    picture.update_xaxes(type="log", row=2, col=2)
    picture.update_yaxes(rangemode="tozero", row=2, col=2)
    picture.update_layout(
        title=title, width=WIDTH, height=HEIGHT, showlegend=False, template="plotly_white"
    )
    return picture


def _aims(table: Sequence[Row]) -> Any:
    seen = [
        (row, progress)
        for row in table
        if row.ours is not None and (progress := row.measure.progress(row.ours.value)) is not None
    ]
    return graph_objects.Bar(
        orientation="h",
        base=1,
        x=[progress - 1 for _, progress in seen],
        y=[f"{row.measure.words}<br><b>{_label(row)}</b>" for row, _ in seen],
        marker_color=[GOOD if row.verdict == "reached" else BAD for row, _ in seen],
    )


def _label(row: Row) -> str:
    assert row.ours is not None  # those without are left out
    return f"{show(row.ours.value)} {row.measure.unit} ({row.measure.aim})"


def _own_times(table: Sequence[Row]) -> Any:
    times = [
        figure
        for row in table
        if row.measure.key == "own-median"
        for figure in (*([row.ours] if row.ours else []), *row.others)
    ]
    return graph_objects.Bar(
        orientation="h",
        x=[figure.value for figure in times],
        y=[figure.program for figure in times],
        text=[show(figure.value) for figure in times],
        textangle=0,
        marker_color=[GOOD if figure.program == PROGRAM else OTHER for figure in times],
    )


def _costs(figures: Sequence[Figure]) -> Any:
    costs = sorted(
        (figure.at, figure.value)
        for figure in figures
        if figure.key == "job-cost" and figure.at is not None
    )
    return graph_objects.Scatter(
        x=[stored for stored, _ in costs],
        y=[value for _, value in costs],
        text=[show(value) for _, value in costs],
        mode="lines+markers+text",
        textposition="top center",
        line_color=GOOD,
    )


def write(picture: graph_objects.Figure, page: Path) -> Path:
    """Write a picture as a page or, where there is a Chromium, as a PNG; return which file."""
    html = picture.to_html(include_plotlyjs=True, config={"displayModeBar": False})
    chromium = shutil.which("chromium")
    if chromium is None:
        page.write_text(html)
        return page
    return _photograph(html, page.with_suffix(".png"), chromium)


def _photograph(html: str, file: Path, chromium: str) -> Path:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": WIDTH + 20, "height": HEIGHT + 20})
        tab.set_content(html)
        tab.locator(".main-svg").first.wait_for()
        tab.screenshot(path=str(file))
        browser.close()
    return file
