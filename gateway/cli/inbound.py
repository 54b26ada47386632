"""``shopbell messages --inbound``: what persons wrote, and whom it answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from gateway.cli.loop import run_async
from gateway.cli.output import local_time, new_table, print_json, print_line, print_table

if TYPE_CHECKING:
    from gateway.db.received import ReceivedMessage


def show_received(url: str, *, store: str | None, limit: int, json: bool) -> None:
    """Print the newest messages that came in.

    Args:
        url: of the database.
        store: only answers to jobs of this store.
        limit: how many.
        json: one object a line instead of a table.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from gateway.cli.reading import read_received

    listed = run_async(read_received(url, store=store, limit=limit))
    if json:
        for message in listed:
            fields = asdict(message)
            del fields["key"]
            print_json({"from": fields.pop("sender"), **fields})
    elif listed:
        _print_table(listed)
    else:
        print_line("no message came in")


def _print_table(listed: list[ReceivedMessage]) -> None:
    table = new_table("Received", "From", "Modem", "Kind", "State", "Parts", "Answers", "Text")
    for message in listed:
        answers = [message.store, message.in_reply_to]
        table.add_row(
            local_time(message.received_at),
            shown(message.sender),
            message.modem or "",
            message.kind or "",
            message.state,
            f"{message.came}/{message.total}",
            " ".join(filter(None, answers)),
            shown(message.text),
        )
    table.caption = "State open: parts are missing; held: no store; kept: not for publication"
    table.caption_justify = "left"
    print_table(table)


def shown(words: str | None) -> str:
    """Return a stranger's words as a terminal may show them: as they are, and nothing but words."""
    from rich.markup import escape

    return escape("".join(sign if sign.isprintable() else " " for sign in words or ""))
