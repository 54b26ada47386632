"""Asks the gateway that runs about users, tokens and the audit log, else its database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.loop import run_async

if TYPE_CHECKING:
    from gateway.settings import Settings


def ask_about_access(config: Path, op: str, **fields: object) -> Any:
    """Return the answer of an operation of `gateway.control.access.AccessDesk`.

    Raises:
        ShopbellError: it is refused, or cannot be done.
    """
    from gateway.settings import load

    return run_async(_ask(load(config), op, fields))


def instant_of(told: object) -> datetime | None:
    """Return an instant, which came over the socket or did not."""
    if told is None or isinstance(told, datetime):
        return told
    return datetime.fromisoformat(str(told))


async def _ask(settings: Settings, op: str, fields: dict[str, Any]) -> Any:
    from gateway.cli.logs import without_logging
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.access import AccessDesk
    from gateway.control.audited import audited
    from gateway.db import Database
    from gateway.domain.clock import SystemClock

    try:
        return await ask(socket_path(settings.database.beside), op, **fields)
    except NoGatewayError:
        clock = SystemClock()
        with without_logging():
            async with Database.open(settings.database.address) as database:
                desk = AccessDesk(database, clock, lambda: settings)
                return await audited(desk.operations(), database, clock)[op](fields)
