"""``shopbell consent verify``: is the ledger what was written?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.domain.errors import ShopbellError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.db.consent import Verified

_DIGITS = 64


class LedgerError(ShopbellError):
    """The ledger is not what was written."""


def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="What an earlier run printed, and you wrote down."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Read the whole ledger and check that no row was changed, removed or put in.

    Write down the hash that it prints, elsewhere: with --head it proves later that nothing was cut
    off the end.
    """
    from gateway.settings import load

    found, since = run_async(_verify(load(config).database.address, _octets(head)))
    fault = _fault(found, since, head)
    if json:
        print_json({**asdict(found), "head": found.head.hex(), "since_head": since, "fault": fault})
        raise typer.Exit(1 if fault else 0)
    if fault is not None:
        raise LedgerError(fault)
    _print(found, since)


def _octets(head: str | None) -> bytes | None:
    if head is None:
        return None
    try:
        octets = bytes.fromhex(head.strip())
    except ValueError:
        octets = b""
    if len(octets) * 2 != _DIGITS:
        raise typer.BadParameter(f"right: the {_DIGITS} hex digits that an earlier run printed")
    return octets


async def _verify(url: str, head: bytes | None) -> tuple[Verified, int | None]:
    """Return what the chain is like, and how many rows stand behind the one that has a hash."""
    from gateway.db import Reader
    from gateway.db.consent import verify_chain

    def read(connection: Connection) -> tuple[Verified, int | None]:
        return verify_chain(connection), _since(connection, head)

    async with Reader.open(url) as reader:
        return await reader.read(read)


def _since(connection: Connection, head: bytes | None) -> int | None:
    from gateway.db.consent import GENESIS, count_since, key_of

    if head is None:
        return None
    key = 0 if head == GENESIS else key_of(connection, head)
    return None if key is None else count_since(connection, key)


def _fault(found: Verified, since: int | None, head: str | None) -> str | None:
    if found.broken_at is not None:
        return (
            f"row {found.broken_at} of the ledger is not what was written: {found.fault}; "
            f"{found.events:,} rows before it are; restore your backup and compare"
        )
    if head is not None and since is None:
        return (
            f"no row of the ledger has the hash {head[:16]}…: rows that were there when it was "
            "printed are gone, or it is another gateway's; restore your backup and compare"
        )
    return None


def _print(found: Verified, since: int | None) -> None:
    pruned = f", {found.pruned:,} of them without their proof, whose time is over"
    print_line(f"{found.events:,} rows are what was written{pruned if found.pruned else ''}")
    if since is not None:
        print_line(f"{since:,} rows came since the hash that you gave")
    print_line(f"head {found.head.hex()}")
    remark("write the head down elsewhere; --head HEAD proves later that nothing was cut off")
