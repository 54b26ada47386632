"""A simulated shop of any size, written once as a lake and kept for every subject of the bench.

People buy as BG/NBD has it (Poisson while alive, a chance to leave after each purchase), by their
own hours, and are written to now and then. It is no data for judging a model: BG/NBD is true here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.simulation.shop.filing import (
    DAY,
    HOUR,
    clocks,
    days_since_epoch,
    names,
    same,
    save,
)

LOCAL = HOUR
"""Everybody lives one hour east of UTC."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """What is simulated; the same shop twice is the same to the last bit."""

    people: int = 1_000_000
    orders: int = 10_000_000
    days: int = 1096
    """History, ending with `until`."""
    until: date = date(2026, 6, 30)
    messages: float = 2.0
    """Messages a person in the whole history."""
    seed: int = 20240501


def shop_lake(folder: Path, shop: Shop | None = None) -> Path:
    """Write the lake of `shop` into `folder`, unless it is there already, and return `folder`."""
    shop = shop or Shop()
    stamp = folder / "shop.json"
    described = json.dumps(asdict(shop), default=str)
    if not (stamp.exists() and stamp.read_text() == described):
        _write(folder, shop)
        stamp.write_text(described)
    return folder


def _write(folder: Path, shop: Shop) -> None:
    rng = np.random.default_rng(shop.seed)
    ids = names(shop.people, rng)
    first = rng.integers(0, shop.days * DAY, shop.people)
    person, at = _purchases(shop, first, rng)
    save(folder, "persons", _persons(shop, ids, first))
    save(folder, "orders", _orders(shop, ids, person, at, rng))
    messages, clicks, replies = _messages(shop, ids, rng)
    save(folder, "messages", messages)
    save(folder, "clicks", clicks)
    save(folder, "replies", replies)


def _purchases(shop: Shop, first: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return who bought and when (microseconds since the first day), in order of time."""
    end = shop.days * DAY
    pace = rng.gamma(0.9, 1 / 16.0, shop.people)
    leaves = rng.beta(0.5, 8.0, shop.people)
    here, at = np.arange(shop.people), first
    persons, times = [here], [at]
    while here.size:
        here_stays = rng.random(here.size) >= leaves[here]
        here, at = here[here_stays], at[here_stays]
        days = np.minimum(rng.exponential(1.0, here.size) / pace[here], shop.days)
        at = at + (days * DAY).astype(np.int64)
        seen = at < end
        here, at = here[seen], at[seen]
        persons.append(here)
        times.append(at)
    return _thinned(np.concatenate(persons), np.concatenate(times), shop, rng)


def _thinned(person: Ints, at: Ints, shop: Shop, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Keep everybody's first purchase and as many others as make the number that was asked for."""
    others = np.arange(shop.people, person.size)
    kept = rng.permutation(others)[: max(shop.orders - shop.people, 0)]
    rows = np.concatenate([np.arange(shop.people), kept])
    rows = rows[np.argsort(at[rows], kind="stable")]
    return person[rows], at[rows]


def _by_day(at: Ints, rng: np.random.Generator) -> Ints:
    """Move instants into the waking hours of their day, most of them towards the evening."""
    hours = 7 + 16 * rng.beta(2.5, 2.0, at.size)
    return at - at % DAY + (hours * HOUR).astype(np.int64)


def _start(shop: Shop) -> int:
    return (days_since_epoch(shop.until) + 1 - shop.days) * DAY


def _utc(local: Ints) -> pa.Array:
    """Return instants; faster than with a zone's summers, and there are millions."""
    return pa.array(local - LOCAL).cast(pa.timestamp("us", tz="UTC"))


def _persons(shop: Shop, ids: pa.Array, first: Ints) -> pa.Table:
    return pa.table(
        {
            "store": same("shop", shop.people),
            "person_id": ids,
            "country": same("DE", shop.people),
            "timezone": same("Europe/Berlin", shop.people),
            "first_seen_at": _utc(first + _start(shop)),
        }
    )


def _orders(
    shop: Shop, ids: pa.Array, person: Ints, at: Ints, rng: np.random.Generator
) -> pa.Table:
    rows = person.size
    local = _by_day(at, rng) + _start(shop)
    usual = rng.gamma(4.0, 12.0, shop.people)
    kinds = pa.DictionaryArray.from_arrays(
        pa.array((rng.random(rows) < 0.03).astype(np.int32)), pa.array(["sale", "return"])
    )
    products = rng.poisson(2.0, rows) + 1
    return pa.table(
        {
            "store": same("shop", rows),
            "order_id": names(rows, rng),
            "person_id": ids.take(pa.array(person)),
            "ordered_at": _utc(local),
            "local_at": clocks(local),
            "kind": kinds.cast(pa.string()),
            "value": np.round(usual[person] * rng.gamma(6.0, 1 / 6.0, rows), 2),
            "currency": same("EUR", rows),
            "items": products + rng.poisson(1.0, rows),
            "products": products,
        }
    )


def _messages(
    shop: Shop, ids: pa.Array, rng: np.random.Generator
) -> tuple[pa.Table, pa.Table, pa.Table]:
    rows = int(shop.people * shop.messages)
    person = rng.integers(0, shop.people, rows)
    sent = _by_day(np.sort(rng.integers(0, shop.days * DAY, rows)), rng) + _start(shop)
    delay = rng.lognormal(2.0, 2.0, rows)
    delivered = sent + (delay * 1e6).astype(np.int64)
    lost = rng.random(rows) < 0.04
    message_ids = names(rows, rng)
    messages = pa.table(
        {
            "store": same("shop", rows),
            "message_id": message_ids,
            "person_id": ids.take(pa.array(person)),
            "purpose": same("marketing", rows),
            "campaign_id": same(None, rows),
            "state": same("delivered", rows),
            "parts": np.ones(rows, np.int64),
            "created_at": _utc(sent - HOUR),
            "sent_at": _utc(sent),
            "local_at": clocks(sent),
            "delivered_at": pa.array(delivered - LOCAL, mask=lost).cast(
                pa.timestamp("us", tz="UTC")
            ),
            "report_delay": pa.array((delivered - sent) / 1e6, mask=lost),
        }
    )
    clicked = np.flatnonzero(rng.random(rows) < 0.06)
    answered = np.flatnonzero(rng.random(rows) < 0.01)
    return messages, _clicks(messages, clicked, sent, rng), _replies(messages, answered, sent, rng)


def _clicks(messages: pa.Table, rows: Ints, sent: Ints, rng: np.random.Generator) -> pa.Table:
    local = sent[rows] + (rng.exponential(2.0, rows.size) * HOUR).astype(np.int64)
    taken = messages.take(pa.array(rows))
    return pa.table(
        {
            "store": taken["store"],
            "click_id": names(rows.size, rng),
            "message_id": taken["message_id"],
            "person_id": taken["person_id"],
            "clicked_at": _utc(local),
            "local_at": clocks(local),
            "machine": rng.random(rows.size) < 0.05,
        }
    )


def _replies(messages: pa.Table, rows: Ints, sent: Ints, rng: np.random.Generator) -> pa.Table:
    local = sent[rows] + (rng.exponential(1.0, rows.size) * HOUR).astype(np.int64)
    taken = messages.take(pa.array(rows))
    kinds = np.array(["text", "stop"])[(rng.random(rows.size) < 0.3).astype(int)]
    return pa.table(
        {
            "store": taken["store"],
            "reply_id": names(rows.size, rng),
            "person_id": taken["person_id"],
            "message_id": taken["message_id"],
            "received_at": _utc(local),
            "local_at": clocks(local),
            "kind": pa.array(kinds.tolist()),
        }
    )
