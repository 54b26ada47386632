"""``shopbell coupon list``: how many codes each pool has, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table, remark

if TYPE_CHECKING:
    from gateway.commerce.coupons import Pool
    from gateway.db.commerce.coupons import PoolCount
    from gateway.settings import Settings, StoreSettings


def list_(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the pools of codes of a store.

    A pool with a pattern has no free codes: each is made when it is given.
    """
    from gateway.commerce.coupons import load_pools
    from gateway.settings import load

    settings = load(config)
    found = find_store(settings, store)
    pools, faults = ({}, []) if found.shop_dir is None else load_pools(found.shop_dir)
    for fault in faults:
        remark(str(fault))
    counts = run_async(_counts(settings, found))
    names = sorted({*pools, *counts})
    if json:
        for name in names:
            print_json(_document(name, pools.get(name), counts.get(name)))
    elif names:
        _print(names, pools, counts)
    else:
        print_line("there are no pools; write some into coupons.toml in the shop's folder")


async def _counts(settings: Settings, store: StoreSettings) -> dict[str, PoolCount]:
    from gateway.db import Reader
    from gateway.db.commerce.coupons import count_pools

    file = settings.database.file
    if file is not None and not file.exists():
        return {}  # no gateway ran yet; what is in the folder can be shown all the same
    async with Reader.open(settings.database.address) as reader:
        found = await reader.read(lambda connection: count_pools(connection, store.name))
    return {one.pool: one for one in found}


def _document(name: str, pool: Pool | None, count: PoolCount | None) -> dict[str, object]:
    from gateway.db.commerce.coupons import PoolCount
    from gateway.domain.duration import format_duration

    empty = PoolCount(pool=name, free=0, given=0, redeemed=0, credited=0)
    expires = None if pool is None or pool.expires is None else format_duration(pool.expires)
    return {
        **asdict(count or empty),
        "kind": None if pool is None else pool.kind,
        "pattern": None if pool is None else pool.pattern,
        "file": None if pool is None else pool.file,
        "expires": expires,
    }


def _print(names: list[str], pools: Mapping[str, Pool], counts: Mapping[str, PoolCount]) -> None:
    table = new_table("Pool", "Codes", "Expires", "Free", "Given", "Used", "Friends")
    for name in names:
        row = _document(name, pools.get(name), counts.get(name))
        free = "as needed" if row["pattern"] else f"{row['free']:,}"
        source = row["pattern"] or row["file"] or "not in coupons.toml"
        table.add_row(
            name,
            str(source),
            str(row["expires"] or ""),
            free,
            f"{row['given']:,}",
            f"{row['redeemed']:,}",
            f"{row['credited']:,}",
        )
    print_table(table)
