"""``shopbell consent texts``: the wordings that a store's customers consent to."""

from __future__ import annotations

from gateway.cli.consent.who import StoreName, asked_stores
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table


def texts(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Show the versions there are, having checked each of their files."""
    from gateway.consent.texts import load_texts
    from gateway.settings import load

    found = [
        (home.name, text)
        for home in asked_stores(load(config), store)
        for text in load_texts(home.consent_texts).texts
    ]
    if json:
        for name, text in found:
            print_json({"store": name, **text.model_dump(mode="json"), "digest": text.digest})
        return
    if not found:
        print_line("no store has texts; name their folder as consent_texts in [[store]]")
        return
    table = new_table("Store", "Version", "Language", "Purposes", "Frequency", "SHA-256")
    for name, text in found:
        purposes = ", ".join(text.purposes)
        table.add_row(
            name, text.version, text.language, purposes, text.frequency, f"{text.digest[:16]}…"
        )
    print_table(table)
