"""``shopbell consent show``: what a person allows, since when, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gateway.cli.consent.who import Person, StoreName, asked_stores
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gateway.consent.account import Account
    from gateway.domain.consent import ConsentEvent, Recorded
    from gateway.domain.ids import PersonId
    from gateway.settings import Settings

_KEPT_LETTERS = 12
"""Of a wording's SHA-256, where a table has room for no more."""


def show(
    who: Person,
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show what a person allows, and how it came to be; also while the gateway runs."""
    from gateway.consent.account import account_document
    from gateway.domain.clock import SystemClock
    from gateway.settings import load

    now = SystemClock().now()
    persons, accounts = run_async(_read(load(config), who, store))
    if json:
        stores = [account_document(account, now) for account in accounts]
        print_json({"person": persons[0] if persons else None, "stores": stores})
    elif not accounts:
        print_line("nothing is recorded of this person: no marketing, service messages only")
    else:
        for account in accounts:
            _print(account, persons[0], now)


async def _read(
    settings: Settings, who: str, store: str | None
) -> tuple[Sequence[PersonId], Sequence[Account]]:
    from gateway.consent.account import find_persons, read_accounts
    from gateway.db import Reader
    from gateway.db.keeping import require_keys

    stores = asked_stores(settings, store)
    country = stores[0].country if stores else settings.gateway.country
    async with Reader.open(settings.database.address) as reader:

        def read(connection: Any) -> tuple[Sequence[PersonId], Sequence[Account]]:
            keys = require_keys(connection, settings.database.key_path)
            persons = find_persons(connection, who, keys, country)
            return persons, read_accounts(connection, persons, store)

        return await reader.read(read)


def _print(account: Account, person: str, now: datetime) -> None:
    from gateway.consent.account import NARROW

    print_line(f"{account.store}: person {person}{_remarks(account)}")
    print_line("")
    table = new_table("Purpose", "Now", "Since", "Until", "Basis", "Wording")
    for purpose in NARROW:
        table.add_row(*_standing_cells(account, purpose, now))
    print_table(table)
    print_line("")
    _print_history(account)
    _print_wordings(account)


def _remarks(account: Account) -> str:
    standing = account.standing
    said = [
        (standing.objects, "objects to marketing and profiling"),
        (standing.restricted, "restricted: the data may be kept and not used"),
        (standing.erased, "erased"),
        (standing.deactivated, "the number is nobody's"),
    ]
    words = [text for there, text in said if there]
    return f" ({'; '.join(words)})" if words else ""


def _standing_cells(account: Account, purpose: str, now: datetime) -> list[str]:
    from gateway.consent.account import state_of

    state = state_of(account.standing, purpose, now)
    grant = account.standing.grant(purpose, now) if state == "allowed" else None
    if grant is None:
        return [purpose, state, "", "", "", ""]
    basis = "double opt-in" if grant.confirmed else grant.basis.value.replace("_", " ")
    until = "" if grant.until is None else local_time(grant.until)
    return [purpose, state, local_time(grant.at), until, basis, _wording(grant)]


def _print_history(account: Account) -> None:
    for one in account.standing.history:
        event = one.event
        print_line(f"{local_time(event.at)}  {event.action.value} {event.purpose}")
        for name, said in _details(one):
            print_line(f"    {name:<8} {said}")


def _details(one: Recorded) -> list[tuple[str, str]]:
    event = one.event
    how = event.method.value.replace("_", " ") + (", double opt-in" if event.confirmed else "")
    until = "" if event.until is None else local_time(event.until)
    evidence = [f"{key}={_plain(value)}" for key, value in event.evidence.items()]
    said = [
        ("how", f"{how}, by {event.actor}" if event.actor else how),
        ("where", event.source or ""),
        ("wording", _wording(event)),
        ("until", until),
        ("proof", "  ".join(evidence)),
    ]
    return [(name, text) for name, text in said if text]


def _wording(event: ConsentEvent) -> str:
    name = event.text_version or (event.text_digest or "")[:_KEPT_LETTERS]
    return f"{name} ({event.language})" if name and event.language else name


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value))
    text = str(value)
    return f"{text[:_KEPT_LETTERS]}…" if len(text) == 64 else text


def _print_wordings(account: Account) -> None:
    shown = {}
    for one in account.standing.history:
        digest = one.event.text_digest
        if digest in account.wordings:
            shown[_wording(one.event)] = account.wordings[digest]
    for name, text in shown.items():
        print_line(f"\n{name}:\n    {text}")
