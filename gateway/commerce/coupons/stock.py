"""Fills pools: codes from files and from the command line into the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.coupons.pool import Pool, read_codes, survey_pools
from gateway.db import Database
from gateway.db.commerce.coupons import find_coupon, mark_redeemed, put_coupon, used_orders
from gateway.domain.errors import ContentError
from gateway.domain.ids import StoreName

FILE: Final = "coupons.toml"

LOT: Final = 500
"""Codes in one transaction, for whose time nothing else is committed."""


def load_pools(folder: Path) -> tuple[dict[str, Pool], list[ContentError]]:
    """Read the pools of a shop's folder, and what is wrong with those that cannot be read.

    Without a `coupons.toml` there are none. A pool whose file of codes is not there is one all the
    same: what of it is in the database already is given.
    """
    file = folder / FILE
    if not file.is_file():
        return {}, []
    try:
        pools, faults = survey_pools(_text(file), file)
    except ContentError as fault:
        return {}, [fault]
    for pool in pools.values():
        try:
            load_codes(folder, pool)
        except ContentError as fault:
            faults.append(fault)
    return pools, faults


def load_codes(folder: Path, pool: Pool) -> list[str]:
    """Read the codes of a pool's file; none of a pool that has a pattern.

    Raises:
        ContentError: a line is no code, or the file cannot be read.
    """
    if pool.file is None:
        return []
    if not (folder / pool.file).is_file():
        reason = f"there is no file {pool.file} in the folder; write one code a line into it"
        raise ContentError(reason, file=folder / FILE, place=f"[{pool.name}] file")
    return read_code_file(folder / pool.file)


def read_code_file(file: Path) -> list[str]:
    """Read a file of codes, one a line.

    Raises:
        ContentError: a line is no code, or the file cannot be read.
    """
    return read_codes(_text(file), file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ContentError("is no text in UTF-8", file=file) from None
    except OSError as error:
        raise ContentError((error.strerror or str(error)).lower(), file=file) from None


def put_codes(connection: Connection, store: StoreName, pool: str, codes: Sequence[str]) -> int:
    """Put codes into a pool; return how many are new to the store.

    One that an order was placed with before we had it is used, and is given to nobody.
    """
    new = [code for code in codes if put_coupon(connection, store, pool, code)]
    used = used_orders(connection, store, new) if new else {}
    for row in used.values():
        coupon = find_coupon(connection, store, row.coupon)
        if coupon is not None:
            mark_redeemed(connection, coupon.key, row.order_id, row.placed_at, None)
    return len(new)


async def stock(
    database: Database, store: StoreName, folder: Path, pools: Mapping[str, Pool]
) -> int:
    """Put what the files of a shop's pools hold into the database; return how many are new.

    A file that is not there is passed over; `load_pools` has told of it.

    Raises:
        ContentError: a file is wrong; what came before it is kept.
        StorageError: it could not be kept.
    """
    count = 0
    for pool in pools.values():
        if pool.file is None or not (folder / pool.file).is_file():
            continue
        for lot in lots(await asyncio.to_thread(load_codes, folder, pool)):
            put = partial(put_codes, store=store, pool=pool.name, codes=lot)
            count += await database.write(put)
    return count


def lots(codes: Sequence[str]) -> Iterator[list[str]]:
    """Yield codes in lots of one transaction each."""
    for first in range(0, len(codes), LOT):
        yield list(codes[first : first + LOT])
