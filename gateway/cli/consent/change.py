"""``shopbell consent grant``, ``withdraw`` and ``request``: consent by an operator's hand.

It has the same effect as a STOP by message, a link or a store's own event (COMPLIANCE.md G-3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.consent.who import Number, StoreName, actor, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.consent.identity import Identities
    from gateway.consent.imports.row import Brought
    from gateway.settings import Settings
    from gateway.settings.model import StoreSettings

Source = Annotated[
    str | None, typer.Option(help="How the person told it, as `paper form 12` or `call`.")
]
At = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="When, as 2026-11-23T09:30:00Z. Default: now."),
]


def grant(
    number: Number,
    purpose: Annotated[str, typer.Option(help="As marketing.offers; several with +.")],
    text_version: Annotated[
        str, typer.Option(metavar="VERSION", help="The wording that the person agreed to.")
    ],
    source: Annotated[
        str, typer.Option(help="How the person told it, as `paper form 12` or `call`.")
    ],
    store: StoreName = None,
    language: Annotated[str | None, typer.Option(help="Of the wording, as de.")] = None,
    at: At = None,
    again: Annotated[
        bool, typer.Option("--again", help="The person took it back before, and gives it anew.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write down that a person consents; whose wording, and how, has to be said."""
    said = {
        "change": "grant",
        "purpose": purpose,
        "text_version": text_version,
        "source": source,
        "language": language,
        "at": at,
    }
    _change(number, store, said, config, json=json, again=again)


def withdraw(
    number: Number,
    purpose: Annotated[
        str, typer.Option(help="As marketing.cart, marketing for all of it, or all.")
    ] = "marketing",
    store: StoreName = None,
    source: Source = None,
    at: At = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write down that a person takes a consent back; what waits for them is cancelled."""
    said = {"change": "withdraw", "purpose": purpose, "source": source, "at": at}
    _change(number, store, said, config, json=json)


def request(
    number: Number,
    purpose: Annotated[
        str, typer.Option(help="As marketing.offers; several with +.")
    ] = "marketing.offers",
    store: StoreName = None,
    language: Annotated[
        str | None, typer.Option(help="In which the person is asked, as de.")
    ] = None,
    source: Source = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Ask a person by a message for a consent; it is given when they answer YES.

    Who was asked already, or said yes already, is not asked again.
    """
    from gateway.settings import load

    found = run_async(_ask(load(config), store, number, purpose, language, source))
    if json:
        print_json(found)
    elif found["asked"]:
        print_line(f"{found['store']} {found['person']} asked for {', '.join(found['asked'])}")
    else:
        print_line(f"{found['store']} {found['person']} was asked or said yes already")


async def _ask(
    settings: Settings,
    store: str | None,
    number: str,
    purpose: str,
    language: str | None,
    source: str | None,
) -> dict[str, Any]:
    from gateway.app import offline_consents
    from gateway.consent.identity import Identities
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.consents import write_brought
    from gateway.db.key import load_keys

    home = find_store(settings, store)
    path, keys = socket_path(settings.database.beside), settings.database.key_path

    def row() -> Brought:
        identities = Identities(load_keys(keys))
        return _question(home, identities, number, purpose, language, source)

    try:
        await ask(path, "consents", rows=[])
    except NoGatewayError:
        async with offline_consents(settings) as desk:
            made = row()
            asked = await desk.ask(made)
        remark("no gateway runs; the question waits for one")
    else:
        made = row()
        asked = (await ask(path, "consent_ask", row=write_brought(made)))["asked"]
    return {"store": home.name, "person": made.persons[0], "asked": list(asked)}


def _question(
    home: StoreSettings,
    identities: Identities,
    number: str,
    purpose: str,
    language: str | None,
    source: str | None,
) -> Brought:
    """Return what is written down of a question.

    Raises:
        RejectedError: no one can be asked for that, or that is no number.
    """
    from gateway.consent.imports.row import Brought
    from gateway.consent.imports.words import consented, read_purposes
    from gateway.consent.who import read_number
    from gateway.domain.clock import SystemClock
    from gateway.domain.consent import Action, ConsentEvent, Method

    phone = read_number(number, home.country)
    try:
        purposes = consented(read_purposes(purpose))
    except ValueError as error:
        raise RejectedError("invalid_consent", f"purpose {error}", field="purpose") from None
    now = SystemClock().now()
    events = tuple(
        ConsentEvent(
            store=home.name,
            person=identities.of(phone),
            purpose=one,
            action=Action.REQUESTED,
            method=Method.OPERATOR,
            at=now,
            language=language,
            source=source or "operator",
            actor=actor(),
        )
        for one in purposes
    )
    return Brought(line=0, number=phone, persons=identities.all_of(phone), events=events)


def _change(
    number: str,
    store: str | None,
    said: dict[str, str | None],
    config: Config,
    *,
    json: bool,
    again: bool = False,
) -> None:
    from datetime import datetime

    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    fields = {**said, "store": home.name, "number": number, "again": again, "actor": actor()}
    done = run_async(_write(settings, fields))
    at, purposes = done["at"], ", ".join(done["purposes"])
    if json:
        instant = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        print_json({**done, "at": instant})
    else:
        print_line(f"{done['store']} {done['person']} {done['action']} {purposes}")


async def _write(settings: Settings, fields: dict[str, Any]) -> Mapping[str, Any]:
    from gateway.app import offline_people
    from gateway.control import NoGatewayError, ask, socket_path

    try:
        told: Mapping[str, Any] = await ask(
            socket_path(settings.database.beside), "consent_change", **fields
        )
    except NoGatewayError:
        async with offline_people(settings) as desks:
            told = await desks.hand.change(fields)
    return told
