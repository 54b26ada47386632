"""``shopbell coupon import``: codes of the shop's own making, from a file into a pool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from gateway.settings import Settings, StoreSettings


def import_(
    pool: Annotated[str, typer.Argument(help="The pool, as coupons.toml calls it.")],
    file: Annotated[Path, typer.Argument(help="One code a line.", readable=False)],
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Put codes from a file into a pool, also while the gateway runs.

    Codes that the store has already, in this pool or in another, are left as they are.
    """
    from gateway.commerce.coupons import read_code_file
    from gateway.settings import load

    settings = load(config)
    found = find_store(settings, store)
    _require_pool(found, pool)
    codes = read_code_file(file)
    new = run_async(_import(settings, found, pool, codes))
    if json:
        print_json({"pool": pool, "codes": len(codes), "new": new})
    else:
        print_line(f"{pool}: {new:,} of {len(codes):,} codes are new")


def _require_pool(store: StoreSettings, name: str) -> None:
    from gateway.commerce.coupons import load_pools

    pools = {} if store.shop_dir is None else load_pools(store.shop_dir)[0]
    fed = sorted(pool.name for pool in pools.values() if pool.file is not None)
    if name not in fed:
        there = ", ".join(fed) or "none"
        reason = f"store {store.name} has no pool {name!r} that is fed from a file; it has {there}"
        raise RejectedError("unknown_pool", reason)


async def _import(settings: Settings, store: StoreSettings, pool: str, codes: list[str]) -> int:
    """Hand codes to the gateway that runs, else put them into its database."""
    from gateway.commerce.coupons.stock import lots
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.coupons import CouponDesk
    from gateway.db import Database

    path = socket_path(settings.database.beside)
    try:
        await ask(path, "coupons", store=store.name, pool=pool, codes=[])
    except NoGatewayError:
        async with Database.open(settings.database.address) as database:
            desk = CouponDesk(database)
            return sum([await desk.put(store.name, pool, lot) for lot in lots(codes)])
    new = 0
    for lot in lots(codes):
        answer = await ask(path, "coupons", store=store.name, pool=pool, codes=lot)
        new += int(answer["new"])
    return new
