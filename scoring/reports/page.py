"""One page of a notebook: its words, tables and pictures, without its code, in one file.

Responsible for a page that needs nothing from elsewhere: Plotly and every figure's data are in it,
and its policy forbids to load anything. Words of a lake (names of campaigns, of products) are a
store's and not trusted: what could run is taken out of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import nh3
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from plotly.offline import get_plotlyjs

PLOTLY: Final = "application/vnd.plotly.v1+json"
SETTINGS: Final = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["lasso2d"]}

_PAGES: Final = Environment(
    loader=PackageLoader("scoring.reports", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(node: NotebookNode, *, made_at: datetime, source: str) -> str:
    """Return the page of a notebook that was run.

    Parameters
    ----------
    node : NotebookNode
        With its outputs.
    made_at : datetime
        With a zone.
    source : str
        What it was made from, such as the lake's folder.
    """
    parts = [Markup(part) for part in _parts(node)]  # noqa: S704 -- made below, escaped there
    return _PAGES.get_template("page.html").render(
        title=title_of(node),
        parts=parts,
        made_at=made_at.strftime("%-d %B %Y, %H:%M %Z"),
        source=source,
        plotly=Markup(get_plotlyjs()),  # noqa: S704 -- Plotly's own script
    )


def title_of(node: NotebookNode) -> str:
    """Return the first heading."""
    for cell in node.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return "Report"


def _parts(node: NotebookNode) -> Iterator[str]:
    """Yield what is shown, as HTML."""
    count = 0
    for cell in node.cells:
        if cell.cell_type == "markdown":
            yield _prose(cell.source)
        for output in cell.get("outputs", ()):
            yield _shown(output, f"figure-{count}")
            count += 1


def _shown(output: NotebookNode, name: str) -> str:
    """Return an output as HTML, the richest form that a page can show; of a print, its text."""
    data = output.get("data", {})
    if PLOTLY in data:
        return _figure(data[PLOTLY], name)
    if "text/markdown" in data:
        return _prose(data["text/markdown"])
    if "text/html" in data:
        return f'<div class="table">{nh3.clean(data["text/html"])}</div>'
    return Markup("<pre>{}</pre>").format(data.get("text/plain", output.get("text", "")))


def _prose(source: str) -> str:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return nh3.clean(MarkdownWithMath(renderer=renderer).render(source))


def _figure(drawn: dict[str, Any], name: str) -> str:
    told = json.dumps([drawn["data"], drawn["layout"], SETTINGS]).replace("</", "<\\/")
    return (
        f'<div class="figure" id="{name}"></div>'
        f'<script>Plotly.newPlot("{name}", ...{told});</script>'
    )
