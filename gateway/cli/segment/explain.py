"""``shopbell segment explain``: a segment in words."""

from __future__ import annotations

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.segment.options import Name, Where, find_segment


def explain(
    name: Name = None,
    where: Where = None,
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say in words whom a segment names. No database is asked."""
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    words = find_segment(home, name, where).explain(home.currency or settings.gateway.currency)
    if json:
        print_json({"store": home.name, "segment": name, "words": words})
    else:
        print_line(words)
