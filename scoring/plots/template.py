"""How every picture looks: one template, one palette, one way to name axes and units.

Responsible for looks; which picture is of what stands in the other modules. Colours are those of
Okabe and Ito, which people with any colour vision tell apart; in print without colour they differ
by lightness, and lines by dashes.
"""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go
import plotly.io as pio

NAME: Final = "shopbell"

BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
GREEN: Final = "#009E73"
RED: Final = "#D55E00"
SKY: Final = "#56B4E9"
PINK: Final = "#CC79A7"
BLACK: Final = "#222222"
GREY: Final = "#8A8A8A"
COLOURS: Final = (BLUE, ORANGE, GREEN, RED, SKY, PINK, BLACK)
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")

FOUND: Final = BLUE
TRUE: Final = BLACK
"""What is found, and what is true where that is known."""

SCALE: Final = [[0.0, "#F7FBFF"], [0.5, "#6BAED6"], [1.0, "#08306B"]]
"""Of heat maps: lightness alone says how much."""
DIVERGING: Final = [[0.0, RED], [0.5, "#F7F7F7"], [1.0, BLUE]]

HEIGHT: Final = 380

_FONT = {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif", "size": 13}
_AXIS = {
    "showline": True,
    "linecolor": GREY,
    "gridcolor": "#E5E5E5",
    "ticks": "outside",
    "tickcolor": GREY,
    "zeroline": False,
    "automargin": True,
    "title": {"standoff": 8},
}

_TEMPLATE = go.layout.Template(
    layout={
        "colorway": list(COLOURS),
        "font": {**_FONT, "color": BLACK},
        "title": {"x": 0, "xref": "paper", "font": {"size": 16}},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "colorscale": {"sequential": SCALE, "diverging": DIVERGING},
        "hoverlabel": {"bgcolor": "white", "bordercolor": GREY, "font": _FONT, "align": "left"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        "margin": {"l": 70, "r": 20, "t": 70, "b": 60},
        "height": HEIGHT,
    }
)


def figure(title: str, x: str, y: str, **layout: Any) -> go.Figure:
    """Return an empty picture.

    Parameters
    ----------
    title : str
        What one sees in it.
    x, y : str
        Of the axes, with the unit in brackets: ``"delay (s)"``.
    **layout
        Anything else of `plotly.graph_objects.Layout`.

    Examples
    --------
    >>> figure("Sales", "day", "sales (EUR)").layout.yaxis.title.text
    'sales (EUR)'
    """
    # Registered here too: whoever makes a figure without one of ours gets the same look.
    pio.templates[NAME] = _TEMPLATE
    drawn = go.Figure(layout={"template": _TEMPLATE, "title": {"text": title}, **layout})
    return drawn.update_xaxes(title_text=x).update_yaxes(title_text=y)


def percent(axis: Any) -> None:
    """Let an axis show shares as per cent, from 0 on."""
    axis.update(tickformat=".0%", rangemode="tozero")


def whiskers(values: Any, low: Any, high: Any) -> dict[str, Any]:
    """Return the error bars of intervals."""
    return {
        "type": "data",
        "array": high - values,
        "arrayminus": values - low,
        "color": BLACK,
        "thickness": 1.2,
        "width": 4,
    }


def nothing(drawn: go.Figure, why: str) -> go.Figure:
    """Say in a picture why there is nothing in it."""
    return drawn.add_annotation(
        text=why, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"color": GREY}
    )
