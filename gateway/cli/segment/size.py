"""``shopbell segment size``: how many a segment names, and how many of them allow offers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.segment.options import Name, Where, find_segment

if TYPE_CHECKING:
    from gateway.commerce.segments import Preview


def size(
    name: Name = None,
    where: Where = None,
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say how many persons a segment names, and how many of them may be sent offers."""
    from gateway.cli.segment.asking import ask
    from gateway.commerce.segments import preview
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    segment = find_segment(home, name, where)
    found = run_async(
        ask(settings, lambda c, now, names: preview(segment, c, home.name, now, names))
    )
    words = segment.explain(home.currency or settings.gateway.currency)
    if json:
        told = {"store": home.name, "segment": name, "words": words}
        print_json({**told, **asdict(found), "share": found.share})
    else:
        print_line(f"{words}: {_figures(found)}")


def _figures(found: Preview) -> str:
    persons = f"{found.persons:,} of {found.people:,} persons ({found.share:.1%})"
    return f"{persons}, of whom {found.allowing:,} allow offers"
