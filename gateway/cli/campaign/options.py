"""What the commands on campaigns have in common: whose it is, and where it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.commerce.content import ShopContent
    from gateway.settings import Settings, StoreSettings

T = TypeVar("T")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its file in campaigns/, without .toml.")]


def read_shop(settings: Settings, store: str | None) -> tuple[StoreSettings, ShopContent]:
    """Return a store, and what its folder says.

    Raises:
        RejectedError: there is no such store, or it has no folder.
    """
    from gateway.app.shops import content_of
    from gateway.cli.consent.who import find_store
    from gateway.domain.errors import RejectedError

    home = find_store(settings, store)
    if home.shop_dir is None:
        reason = f'the store {home.name} has no shop_dir; write one such as shop_dir = "shop"'
        raise RejectedError("no_shop", reason)
    return home, content_of(home)


async def read_database(settings: Settings, query: Callable[[Connection], T], empty: T) -> T:
    """Return what a query finds; ``empty`` where there is no database yet."""
    from gateway.db import Reader

    if not settings.database.may_exist:
        return empty
    async with Reader.open(settings.database.address) as reader:
        return await reader.read(query)


async def ask_or_do(settings: Settings, op: str, **fields: Any) -> Any:
    """Have the gateway that runs do something to a campaign, else do it in its database.

    Raises:
        RejectedError: it cannot be done.
    """
    from gateway.app import offline_campaigns
    from gateway.cli.logs import without_logging
    from gateway.cli.output import remark
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.campaigns import LAUNCH_LIMIT

    path = socket_path(settings.database.beside)
    try:
        return await ask(path, op, answer_within=LAUNCH_LIMIT, **fields)
    except NoGatewayError:
        remark("no gateway runs; nothing goes out until one does")
    with without_logging():
        async with offline_campaigns(settings) as desk:
            return await desk.operations()[op](fields)
