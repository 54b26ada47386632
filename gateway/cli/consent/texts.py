"""``shopbell consent texts``: the wordings that a store's customers consent to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.cli.consent.who import StoreName, asked_stores
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table

if TYPE_CHECKING:
    from gateway.consent.texts import ConsentText
    from gateway.consent.wording import Finding
    from gateway.settings.model import StoreSettings

_BESIDE: Final = frozenset({"brand_missing", "frequency_missing", "privacy_missing"})
"""What a file has to state in fields of its own, so that the words need not."""


def texts(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Show the versions there are, having checked each of their files."""
    from gateway.consent.texts import load_texts
    from gateway.settings import load

    found = [
        (home, text)
        for home in asked_stores(load(config), store)
        for text in load_texts(home.consent_texts).texts
    ]
    if json:
        for home, text in found:
            lacks = [finding.what for finding in _lacking(home, text)]
            shown = text.model_dump(mode="json")
            print_json({"store": home.name, **shown, "digest": text.digest, "lacks": lacks})
        return
    if not found:
        print_line("no store has texts; name their folder as consent_texts in [[store]]")
        return
    table = new_table("Store", "Version", "Language", "Purposes", "Frequency", "SHA-256")
    for home, text in found:
        purposes = ", ".join(text.purposes)
        table.add_row(
            home.name, text.version, text.language, purposes, text.frequency, f"{text.digest[:16]}…"
        )
    print_table(table)
    for home, text in found:
        for finding in _lacking(home, text):
            name = f"{home.name} {text.version} {text.language}"
            print_line(f"{name}: {finding.what}; {finding.remedy}")


def _lacking(home: StoreSettings, text: ConsentText) -> list[Finding]:
    """Return what a wording does not say though the law of the store's country asks for it."""
    from gateway.consent.country import load_policies
    from gateway.consent.wording import Draft, Kind, judge, languages, mention_for
    from gateway.consent.wording.demands import asks_of
    from gateway.domain.purpose import Purpose

    draft = Draft(
        text=text.text,
        purpose=Purpose.MARKETING,
        kind=Kind.DISCLOSURE,
        brand=home.brand or home.name,
        asks=asks_of(load_policies().of(home.country)),
        language=languages().get(text.language[:2]),
    )
    found = judge(draft, mention_for(draft, home.country, home.opt_out_mention)).findings
    return [finding for finding in found if finding.rules and finding.id not in _BESIDE]
