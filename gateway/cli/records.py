"""``shopbell person records``: the records of processing, for whoever must keep them (Art. 30)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, Config
from gateway.cli.output import print_line

Example = Annotated[
    bool, typer.Option("--example", help="Without a configuration, for no store by name.")
]


def records(example: Example = False, config: Config = DEFAULT_CONFIG) -> None:
    """Write the records of processing, as Markdown.

    What is kept of persons, why, by which right, for how long, and who is given it.
    """
    print_line(_records(None if example else config).rstrip("\n"))


def _records(config: Path | None) -> str:
    from gateway.consent.datamap import DATA_MAP
    from gateway.consent.datamap.records import Controller, render_records
    from gateway.consent.retention import Periods
    from gateway.settings import load

    if config is None:
        return render_records(DATA_MAP, (), Periods().words)
    settings = load(config)
    stores = [
        Controller(name=store.brand or store.name, country=store.country)
        for store in settings.store
    ]
    return render_records(DATA_MAP, stores, Periods(**settings.retention.model_dump()).words)
