"""``shopbell segment check``: is every segment right, or a condition that is typed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.segment.options import Name, Where, find_segment, segments_of

if TYPE_CHECKING:
    from gateway.domain.errors import ContentError


def check(
    name: Name = None,
    where: Where = None,
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Check one segment, a condition, or all segments of a shop. No database is asked."""
    from gateway.domain.errors import ContentError
    from gateway.settings import load

    home = find_store(load(config), store)
    right: list[str] = []
    faults: list[ContentError] = []
    if name is None and where is None:
        segments, found = segments_of(home)
        right, faults = list(segments), list(found)
    else:
        try:
            find_segment(home, name, where)
            right = [name or "the condition"]
        except ContentError as error:
            faults = [error]
    _print(right, faults, json=json)
    if faults:
        raise typer.Exit(1)


def _print(right: list[str], faults: list[ContentError], *, json: bool) -> None:
    for fault in faults:
        remark(str(fault))
    if json:
        told = [{"file": one.file, "place": one.place, "reason": one.reason} for one in faults]
        print_json({"ok": not faults, "right": right, "faults": told})
    elif not faults:
        print_line(f"right: {', '.join(right) or 'there are no segments'}")
