"""``shopbell segment members``: who is in a segment, by pseudonym."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.segment.options import Name, Where, find_segment


def members(
    name: Name = None,
    where: Where = None,
    most: Annotated[int, typer.Option(min=1, help="So many at most.")] = 20,
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Name some of whom a segment names: by the pseudonyms of the ledger, never by numbers."""
    from gateway.cli.segment.asking import ask
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    segment = find_segment(home, name, where)
    found = run_async(
        ask(
            settings,
            lambda c, now, names: list(islice(segment.members(c, home.name, now, names), most + 1)),
        )
    )
    for person in found[:most]:
        if json:
            print_json({"person": person})
        else:
            print_line(person)
    if len(found) > most:
        remark("and more; see --most, or `shopbell segment size` for how many")
