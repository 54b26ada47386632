"""``shopbell segment list``: the segments of a shop."""

from __future__ import annotations

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_table, remark
from gateway.cli.segment.options import segments_of


def list_segments(
    store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """List the segments of a shop, with whom they name in words."""
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    segments, faults = segments_of(home)
    currency = home.currency or settings.gateway.currency
    for fault in faults:
        remark(str(fault))
    if json:
        for name, one in segments.items():
            said = {"where": one.text, "about": one.about, "words": one.explain(currency)}
            print_json({"name": name, **said})
        return
    table = new_table("Segment", "About", "Who")
    for name, one in segments.items():
        table.add_row(name, one.about or "", one.explain(currency))
    print_table(table)
