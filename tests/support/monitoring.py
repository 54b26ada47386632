"""The dashboard, the alert rules and the page on monitoring, and what the gateway really tells."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from support.promql import Query, read

from gateway.meter import Tally
from gateway.meter.family import Family
from gateway.meter.prometheus import names, picture
from gateway.web.metrics.box import METRICS as OF_BOX
from gateway.web.metrics.lines import METRICS as OF_LINES
from gateway.web.metrics.queue import METRICS as OF_QUEUE

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "monitoring"

LOOKED_UP = (*OF_LINES, *OF_QUEUE, *OF_BOX)

OF_PROMETHEUS = {"job", "instance", "le"}
"""Labels that Prometheus adds, and that of buckets."""


def told() -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return each metric of the gateway: its name, type, labels and what it is."""
    return list(names(picture(Tally(), map(Family, LOOKED_UP))))


def table() -> str:
    """Return the table of docs/monitoring.md."""
    rows = [
        f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels)} | {text} |"
        for name, kind, labels, text in told()
    ]
    return "\n".join(["| metric | type | labels | |", "| --- | --- | --- | --- |", *rows])


def dashboard() -> Any:
    """Return Grafana's dashboard."""
    return json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))


def rules() -> list[dict[str, Any]]:
    """Return the alerts."""
    groups = yaml.safe_load((FOLDER / "alerts.rules.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    """Give every expression of both, with where it stands."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    shown = dashboard()
    for panel in shown["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for note in shown["annotations"]["list"]:
        yield note["name"], note["expr"]


def queries() -> Iterator[tuple[str, Query]]:
    """Give what each asks for."""
    for place, expression in expressions():
        yield place, read(expression)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
