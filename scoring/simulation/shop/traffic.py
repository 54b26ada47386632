"""The tables of what a simulated shop wrote: messages, parts, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.simulation.shop.delivery import STATES, Reports, report
from scoring.simulation.shop.filing import DAY, HOUR, SECOND, clocks, instants, names, same, words
from scoring.simulation.shop.history import History
from scoring.simulation.shop.population import Population
from scoring.simulation.shop.settings import DemoShop
from scoring.simulation.shop.trade import Trade, first_day

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUEUED: Final = 20 * SECOND
"""From the gateway's taking a message to its sending it."""
CONFIRMED: Final = 60 * SECOND
"""From an order to the message that says that it came."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Traffic:
    """Messages; each array has one entry a message, campaigns' first.

    Attributes
    ----------
    person : ndarray of int64
    sending : ndarray of int64
        Place in `History.sendings`; -1: it tells of an order.
    row : ndarray of int64
        Place in the sending.
    local : ndarray of int64
        When it was sent, on the wall clock, in microseconds since 1970.
    parts : ndarray of int64
    reports : Reports
    ids : pyarrow.Array
    """

    person: Ints
    sending: Ints
    row: Ints
    local: Ints
    parts: Ints
    reports: Reports
    ids: pa.Array

    def __len__(self) -> int:
        return len(self.person)


def write(
    shop: DemoShop,
    people: Population,
    history: History,
    sold: Trade,
    lost: Floats,
    rng: np.random.Generator,
) -> Traffic:
    """Write what campaigns ask for, and one message for each order."""
    sending, row, parts = _of_campaigns(shop, history)
    person = _pick(history, sending, row, "person")
    local = (first_day(shop) + _days(history, sending)) * DAY
    local += _pick(history, sending, row, "hour") * HOUR + rng.integers(HOUR, size=len(row))
    local = np.concatenate([local, sold.local + CONFIRMED])
    person = np.concatenate([person, sold.person])
    hour = local % DAY // HOUR
    arrives = _arrive(shop, people, sold, lost, rng)
    arrives = np.concatenate([_pick(history, sending, row, "delivered"), arrives])
    orders = len(sold.person)
    return Traffic(
        person=person,
        sending=np.concatenate([sending, np.full(orders, -1)]),
        row=np.concatenate([row, np.zeros(orders, np.int64)]),
        local=local,
        parts=np.concatenate([parts, np.ones(orders, np.int64)]),
        reports=report(shop, arrives.astype(bool), hour, rng),
        ids=names(len(person), rng),
    )


def _of_campaigns(shop: DemoShop, history: History) -> tuple[Ints, Ints, Ints]:
    rows = [np.flatnonzero(one.treated) for one in history.sendings]
    counts = [len(some) for some in rows]
    sending = np.repeat(np.arange(len(rows)), counts)
    parts = [shop.campaigns[one.place].parts for one in history.sendings]
    return sending, _joined(rows), np.array(parts, np.int64)[sending]


def _joined(arrays: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *arrays])


def _pick(history: History, sending: Ints, row: Ints, name: str) -> Ints:
    """Return a field of sendings for some of their rows, which are in order."""
    found = [
        getattr(one, name)[row[sending == place]] for place, one in enumerate(history.sendings)
    ]
    return _joined(found)


def _days(history: History, sending: Ints) -> Ints:
    return np.array([one.day for one in history.sendings], np.int64)[sending]


def _arrive(
    shop: DemoShop, people: Population, sold: Trade, lost: Floats, rng: np.random.Generator
) -> Flags:
    at = sold.local + CONFIRMED
    day = np.minimum(at // DAY - first_day(shop), shop.days - 1)
    share = lost[people.line[sold.person], day, at % DAY // HOUR]
    return rng.random(len(share)) >= share


def messages(shop: DemoShop, ids: pa.Array, history: History, traffic: Traffic) -> pa.Table:
    """Return the table of messages."""
    delivered = traffic.reports.delivered
    delay = pa.array(traffic.reports.delay / SECOND, mask=~delivered)
    campaign = words([one.name for one in history.sendings], traffic.sending)
    return pa.table(
        {
            "store": same(shop.store, len(traffic)),
            "message_id": traffic.ids,
            "person_id": ids.take(pa.array(traffic.person)),
            "purpose": words(["marketing", "transactional"], (traffic.sending < 0).astype(int)),
            "campaign_id": campaign,
            "state": words(STATES, traffic.reports.state),
            "parts": traffic.parts,
            "created_at": instants(traffic.local - QUEUED, shop.timezone),
            "sent_at": instants(traffic.local, shop.timezone),
            "local_at": clocks(traffic.local),
            "delivered_at": _after(shop, traffic, delivered),
            "report_delay": delay,
        }
    )


def _after(shop: DemoShop, traffic: Traffic, known: Flags) -> pa.Array:
    sent = instants(traffic.local, shop.timezone).cast(pa.int64()).to_numpy()
    told = pa.array(sent + traffic.reports.delay, mask=~known)
    return told.cast(pa.timestamp("us", tz="UTC"))


def parts(shop: DemoShop, people: Population, traffic: Traffic) -> pa.Table:
    """Return the table of parts; those of one message fare alike."""
    message = np.repeat(np.arange(len(traffic)), traffic.parts)
    starts = np.cumsum(traffic.parts) - traffic.parts
    line = people.line[traffic.person[message]]
    place = pa.array(message)
    sent = instants(traffic.local, shop.timezone)
    return pa.table(
        {
            "store": same(shop.store, len(message)),
            "message_id": traffic.ids.take(place),
            "part": np.arange(len(message)) - starts[message] + 1,
            "line_id": words([one.name for one in shop.lines], line),
            "operator": words([one.operator for one in shop.lines], line),
            "state": words(STATES, traffic.reports.state[message]),
            "attempts": traffic.reports.tries[message],
            "created_at": instants(traffic.local - QUEUED, shop.timezone).take(place),
            "sent_at": sent.take(place),
            "reported_at": _after(shop, traffic, traffic.reports.reported).take(place),
        }
    )


def costs(shop: DemoShop, people: Population, traffic: Traffic) -> pa.Table:
    """Return what each line cost each day."""
    days = traffic.local // DAY
    key = people.line[traffic.person] * 10**6 + days
    found, place = np.unique(key, return_inverse=True)
    sms = np.bincount(place, traffic.parts).astype(np.int64)
    return pa.table(
        {
            "store": same(shop.store, len(found)),
            "line_id": words([one.name for one in shop.lines], found // 10**6),
            "day": instants(found % 10**6 * DAY, shop.timezone),
            "parts": sms,
            "amount": np.round(sms * shop.price_of_part, 4),
            "currency": same(shop.currency, len(found)),
        }
    )
