"""``shopbell flow check``: whether all that the flows of a store name is there."""

from __future__ import annotations

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.flow.reading import missing_of_flows, read_content
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark


def check(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Find what is wrong with the flows of a store.

    Exits with 1 when one of them could not send what it is to send.
    """
    from gateway.commerce.flows.loading import FOLDER
    from gateway.settings import load

    content = read_content(find_store(load(config), store))
    unread = [one for one in content.faults if one.file and one.file.parent.name == FOLDER]
    faults = [*unread, *missing_of_flows(content)]
    for fault in faults:
        if json:
            file = None if fault.file is None else str(fault.file)
            print_json({"file": file, "place": fault.place, "what": fault.reason})
        else:
            remark(str(fault))
    if faults:
        raise typer.Exit(1)
    if not json:
        print_line(f"nothing is wrong with {len(content.flows.known)} flows")
