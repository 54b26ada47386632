"""``shopbell inbox``: what persons wrote, in conversations, and answering them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import (
    local_time,
    new_table,
    print_json,
    print_line,
    print_table,
    remark,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.commerce.conversations import Conversation
    from gateway.settings import Settings

inbox = typer.Typer(
    name="inbox",
    help="What persons wrote, and who is still to be answered.",
    rich_markup_mode=None,
)


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
    from gateway.control.conversations import conversation_document
    from gateway.settings import load

    settings = load(config)
    if store is not None:
        find_store(settings, store)
    found = run_async(_read(settings, store, only_open=only_open, most=limit))
    if json:
        for one in found:
            print_json(conversation_document(one))
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
    from gateway.settings import load

    settings = load(config)
    if store is not None:
        find_store(settings, store)
    told = run_async(_answer(settings, id, text, store))
    if json:
        print_json(told)
    else:
        print_line(f"{told['store']} {told['id']} accepted")


async def _answer(settings: Settings, name: str, text: str, store: str | None) -> Mapping[str, Any]:
    """Have the gateway that runs answer, else put the answer into its database."""
    from gateway.app import offline_people
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.domain.ids import StoreName as Name

    path = socket_path(settings.database.beside)
    try:
        told: Mapping[str, Any] = await ask(
            path, "conversation_reply", id=name, text=text, store=store
        )
    except NoGatewayError:
        async with offline_people(settings) as desks:
            whose = None if store is None else Name(store)
            told = await desks.conversations.reply(name, text, whose)
        remark("no gateway runs; the message waits for one")
    return told


async def _read(
    settings: Settings, store: str | None, *, only_open: bool, most: int
) -> list[Conversation]:
    from gateway.commerce.conversations import conversations
    from gateway.control.conversations import shares_unclaimed
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
                unclaimed=shares_unclaimed(settings),
                most=most,
            )
        )


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
