"""The tables of what came of a simulated shop's messages: clicks, replies, consents, draws."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.simulation.shop.filing import DAY, HOUR, SECOND, clocks, instants, names, same, words
from scoring.simulation.shop.history import History, Sending
from scoring.simulation.shop.population import Population
from scoring.simulation.shop.settings import SLOTS, DemoShop
from scoring.simulation.shop.trade import Trade, first_day
from scoring.simulation.shop.traffic import Traffic

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MACHINES: Final = 0.03
"""Share of links that software opens before the person can."""
CHATS: Final = 0.01
"""Share of messages that people answer in their own words."""
ASSIGNED: Final = 7 * HOUR
"""Hour at which arms are drawn, on the wall clock."""


def worth_of_hours(hours: Floats) -> Floats:
    """Return the clicks that each of `SLOTS` brings over those of a mean one, shape (n, slots)."""
    own = hours[:, list(SLOTS)]
    return own / own.mean(axis=1, keepdims=True)


def clicks(
    shop: DemoShop,
    people: Population,
    ids: pa.Array,
    traffic: Traffic,
    history: History,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the table of clicks: people's, and those of software."""
    chance = click_chances(shop, people, traffic, history)
    opened = np.flatnonzero(traffic.reports.delivered & (rng.random(len(traffic)) < chance))
    machine = np.flatnonzero((traffic.sending >= 0) & (rng.random(len(traffic)) < MACHINES))
    row = np.concatenate([opened, machine])
    after = rng.exponential(12 * 60 * SECOND, len(row)) * (np.arange(len(row)) < len(opened))
    local = traffic.local[row] + 5 * SECOND + after.astype(np.int64)
    return pa.table(
        {
            "store": same(shop.store, len(row)),
            "click_id": names(len(row), rng),
            "message_id": traffic.ids.take(pa.array(row)),
            "person_id": ids.take(pa.array(traffic.person[row])),
            "clicked_at": instants(local, shop.timezone),
            "local_at": clocks(local),
            "machine": np.arange(len(row)) >= len(opened),
        }
    )


def click_chances(shop: DemoShop, people: Population, traffic: Traffic, history: History) -> Floats:
    """Return P(click) of each message that arrives; those that tell of an order have no link."""
    base = [shop.campaigns[one.place].click for one in history.sendings]
    base = np.array([*base, 0.0])[traffic.sending]
    slot = np.clip(traffic.local % DAY // HOUR - SLOTS[0], 0, len(SLOTS) - 1)
    worth = worth_of_hours(people.hours)[traffic.person, slot]
    return np.minimum(base * people.interest[traffic.person] * worth, 0.95)


def replies(
    shop: DemoShop, ids: pa.Array, traffic: Traffic, history: History, rng: np.random.Generator
) -> pa.Table:
    """Return the table of replies: STOP, and words that nobody has read."""
    stops = np.flatnonzero(_stopped(traffic, history))
    chats = np.flatnonzero(traffic.reports.delivered & (rng.random(len(traffic)) < CHATS))
    row = np.concatenate([stops, chats])
    local = traffic.local[row] + (rng.exponential(0.5, len(row)) * HOUR).astype(np.int64)
    return pa.table(
        {
            "store": same(shop.store, len(row)),
            "reply_id": names(len(row), rng),
            "person_id": ids.take(pa.array(traffic.person[row])),
            "message_id": traffic.ids.take(pa.array(row)),
            "received_at": instants(local, shop.timezone),
            "local_at": clocks(local),
            "kind": words(["stop", "text"], (np.arange(len(row)) >= len(stops)).astype(int)),
        }
    )


def _stopped(traffic: Traffic, history: History) -> NDArray[np.bool_]:
    flags = np.zeros(len(traffic), bool)
    for place, one in enumerate(history.sendings):
        of_it = traffic.sending == place
        flags[of_it] = one.stopped[traffic.row[of_it]]
    return flags


def consents(
    shop: DemoShop, people: Population, ids: pa.Array, sold: Trade, history: History
) -> pa.Table:
    """Return who subscribed with the first order, and who took it back."""
    first = np.full(len(people), np.iinfo(np.int64).max)
    np.minimum.at(first, sold.person, sold.local)
    here = np.flatnonzero(people.consented)
    gone = [(one.person[one.stopped], one.day) for one in history.sendings]
    left = np.concatenate([np.zeros(0, np.int64), *(persons for persons, _ in gone)])
    days = np.repeat([day for _, day in gone], [len(persons) for persons, _ in gone])
    row = np.concatenate([here, left])
    local = np.concatenate([first[here], (first_day(shop) + days + 1) * DAY])
    return pa.table(
        {
            "store": same(shop.store, len(row)),
            "person_id": ids.take(pa.array(row)),
            "purpose": same("marketing", len(row)),
            "state": words(
                ["subscribed", "unsubscribed"], (np.arange(len(row)) >= len(here)).astype(int)
            ),
            "changed_at": instants(local.astype(np.int64), shop.timezone),
        }
    )


def assignments(
    shop: DemoShop, ids: pa.Array, traffic: Traffic, history: History, rng: np.random.Generator
) -> pa.Table:
    """Return every draw: who is held out, and at which hour the others are written to."""
    tables = []
    for place, one in enumerate(history.sendings):
        of_it = np.flatnonzero(traffic.sending == place)
        message = np.full(len(one.person), -1)
        message[traffic.row[of_it]] = of_it
        drawn = _drawn(shop, ids, traffic, one, message)
        tables += [
            _treatments(shop, one, drawn, rng),
            _hours(shop, one, drawn, rng).filter(pa.array(one.treated)),
        ]
    return pa.concat_tables(tables)


def _drawn(
    shop: DemoShop, ids: pa.Array, traffic: Traffic, one: Sending, message: Ints
) -> dict[str, pa.Array]:
    """Return what every draw of a campaign tells, whatever was drawn."""
    rows = len(one.person)
    at = np.full(rows, (first_day(shop) + one.day) * DAY + ASSIGNED)
    return {
        "store": same(shop.store, rows),
        "person_id": ids.take(pa.array(one.person)),
        "message_id": traffic.ids.take(pa.array(message, mask=message < 0)),
        "experiment": same(one.name, rows),
        "assigned_at": instants(at, shop.timezone),
    }


def _treatments(
    shop: DemoShop, one: Sending, drawn: dict[str, pa.Array], rng: np.random.Generator
) -> pa.Table:
    rows = len(one.person)
    own = {
        "assignment_id": names(rows, rng),
        "kind": same("treatment", rows),
        "arm": words(["control", "message"], one.treated.astype(int)),
        "probability": np.where(one.treated, 1 - shop.holdout, shop.holdout),
        "candidates": np.full(rows, 2),
        "policy": same("random", rows),
    }
    return pa.table(drawn | own)


def _hours(
    shop: DemoShop, one: Sending, drawn: dict[str, pa.Array], rng: np.random.Generator
) -> pa.Table:
    rows = len(one.person)
    weekday = (first_day(shop) + one.day + 3) % 7
    own = {
        "assignment_id": names(rows, rng),
        "kind": same("send_time", rows),
        "arm": words([str(slot) for slot in range(168)], weekday * 24 + one.hour),
        "probability": one.chance,
        "candidates": np.full(rows, len(SLOTS)),
        "policy": same("explore", rows),
    }
    return pa.table(drawn | own)
