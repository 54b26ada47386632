"""``shopbell inbox``: what persons wrote, in conversations, and answering them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table
from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.commerce.conversations import Conversation
    from gateway.settings import Settings

inbox = typer.Typer(
    name="inbox",
    help="What persons wrote, and who is still to be answered.",
    rich_markup_mode=None,
)

_ID_ROOM = 40
_DIGEST = 12


@inbox.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    store: StoreName = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only who is still to be answered.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many at most.")] = 50,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """List conversations of the last 30 days, the newest first."""
    if context.invoked_subcommand is not None:
        return
    from gateway.settings import load

    settings = load(config)
    if store is not None:
        find_store(settings, store)
    found = run_async(_read(settings, store, only_open=only_open, most=limit))
    if json:
        for one in found:
            print_json(_as_json(one))
    elif found:
        _print(found)
    else:
        print_line("nobody waits for an answer" if only_open else "nobody wrote")


@inbox.command()
def reply(
    id: Annotated[  # noqa: A002
        str, typer.Argument(metavar="ID", help="Of the message that is answered.")
    ],
    text: Annotated[str, typer.Option(help="What is said.")],
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Answer a person, in the name of the store.

    It is a message like any other: it has to be no offer, and nobody who ended all messages gets
    it. The same answer twice is one.
    """
    from gateway.cli.send import queue_job
    from gateway.domain.purpose import Purpose
    from gateway.settings import load

    settings = load(config)
    to, home = run_async(_whom(settings, id, store))
    job = {
        "id": _name(id, text),
        "to": to,
        "text": text,
        "purpose": Purpose.TRANSACTIONAL.value,
    }
    taken = run_async(queue_job(settings, home, job))
    if json:
        print_json({"store": home, "id": taken, "state": "accepted"})
    else:
        print_line(f"{home} {taken} accepted")


def _name(message: str, text: str) -> str:
    """Return the id of an answer: the same for the same words."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
    return f"inbox.{message[:_ID_ROOM]}.{digest}"


async def _read(
    settings: Settings, store: str | None, *, only_open: bool, most: int
) -> list[Conversation]:
    from gateway.commerce.conversations import conversations
    from gateway.db import Reader
    from gateway.domain.clock import SystemClock
    from gateway.domain.ids import StoreName as Name

    now = SystemClock().now()
    async with Reader.open(settings.database.address) as reader:
        return await reader.read(
            lambda connection: conversations(
                connection,
                None if store is None else Name(store),
                now=now,
                only_open=only_open,
                # Strangers read nothing of each other, not even what may be theirs (G-15).
                unclaimed=not settings.gateway.for_others or len(settings.store) == 1,
                most=most,
            )
        )


async def _whom(settings: Settings, name: str, store: str | None) -> tuple[str, str]:
    """Return the number that wrote a message, and the store that answers.

    Raises:
        RejectedError: there is no such message, or nobody can tell whose it is.
    """
    from gateway.commerce.conversations import find_conversation
    from gateway.db import Reader
    from gateway.domain.clock import SystemClock

    now = SystemClock().now()
    async with Reader.open(settings.database.address) as reader:
        found = await reader.read(lambda connection: find_conversation(connection, name, now))
    if found is None:
        raise RejectedError("unknown_message", f"no message {name!r} came in; see `shopbell inbox`")
    if store is not None and found.store not in (None, store):
        reason = f"the message is an answer to {found.store}, and not to {store}"
        raise RejectedError("unknown_message", reason)
    return found.number, str(find_store(settings, store or found.store).name)


def _as_json(one: Conversation) -> dict[str, Any]:
    about = one.about
    return {
        "id": one.last.id,
        "number": one.number,
        "store": one.store,
        "open": one.open,
        "last_at": one.last.received_at,
        "in_reply_to": one.last.in_reply_to,
        "campaign": None if about is None else about.campaign,
        "about": {} if about is None else dict(about.subject),
        "received": [
            {"id": each.id, "text": each.text, "at": each.received_at} for each in one.received
        ],
        "written": [
            {
                "id": each.id,
                "text": each.text,
                "at": each.at,
                "state": each.state,
                "campaign": each.campaign,
            }
            for each in one.written
        ],
    }


def _print(found: Sequence[Conversation]) -> None:
    from gateway.cli.inbound import shown

    table = new_table("Id", "Wrote", "Number", "Store", "", "About", "Text")
    for one in found:
        table.add_row(
            one.last.id,
            local_time(one.last.received_at),
            shown(one.number),
            one.store or "",
            "open" if one.open else "answered" if one.answers else "",
            shown(_about(one)),
            shown(one.last.text),
        )
    print_table(table)


def _about(one: Conversation) -> str:
    if one.about is None:
        return ""
    named = [one.about.campaign or one.about.job, one.about.order and f"order {one.about.order}"]
    return ", ".join(filter(None, named))
