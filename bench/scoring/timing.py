"""Send time: hours of next events in real orders, and clicks of simulated people.

``python -m bench.scoring timing [--worlds 3] [--only hours|clicks|speed]``: a minute a world.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import t as student

from scoring.metrics import interval
from scoring.simulation import STRONG, WEAK, People, Setting, simulate
from scoring.timing import OnlineSendTime, SendTimeModel
from scoring.timing.circle import kernel, shares

ORDERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "orders" / "orders.parquet"
CUT = pd.Timestamp("2011-06-01")
CHOICE = pd.Timestamp("2011-02-11")
"""Settings are chosen on the last fifth of the time before the cut, which begins here."""
FIRST_WORLD = 11
"""Worlds 1 to 4 served to choose settings; these are others."""
SENDS = 60
REACH = {"weak": 0.08, "strong": 0.38}


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring timing", description=__doc__)
    parser.add_argument("--worlds", type=int, default=3, metavar="N")
    parser.add_argument("--only", choices=("hours", "clicks", "speed"))
    options = parser.parse_args(arguments)
    if options.only in (None, "hours"):
        _hours()
    if options.only in (None, "clicks"):
        _clicks("weak", WEAK, options.worlds)
        _clicks("strong", STRONG, options.worlds)
    if options.only in (None, "speed"):
        _speed()


def _hours() -> None:
    """Print the hour of the next event: Online Retail II, histories frozen at the cut."""
    if not ORDERS.exists():
        print(f"left out: no {ORDERS}")
        return
    orders = pd.read_parquet(ORDERS, columns=["cust", "ts"])
    orders["person"] = orders.cust.factorize()[0]
    after = orders[orders.ts >= CUT]
    days, hours = after.ts.dt.day_of_week.to_numpy(), after.ts.dt.hour.to_numpy()
    known = _counts(orders, orders.ts < CUT, once=False).toarray().reshape(-1, 7, 24)
    told = {name: p[np.arange(len(after)), hours] for name, p in _tellers(orders, known, after)}
    tops = {name: _in_top(p, hours) for name, p in _tellers(orders, known, after)}
    rows = {
        name: {
            "log-loss": f"{interval(_loss, told[name], groups=after.person):.3f}",
            "top-3": f"{interval(np.mean, tops[name], groups=after.person):.3f}",
        }
        for name in told
    }
    print(f"\nhour of the next event, Online Retail II, cut {CUT.date()}: {len(after):,} events of")
    print(f"{after.person.nunique():,} people, days {np.bincount(days)}; to reach 2.185, 0.460")
    print(pd.DataFrame(rows).T.to_string())


def _tellers(
    orders: pd.DataFrame, known: np.ndarray, after: pd.DataFrame
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield names and P(hour) for each later event."""
    person, day = after.person.to_numpy(), after.ts.dt.day_of_week.to_numpy()
    own = known.sum(1)[person]
    shop = shares(known.sum((0, 1)) + 1)
    by_day = shares(known.sum(0) + 24 * shop)
    firm = shares(own @ kernel(24, 1.0) + 21 * shop)
    yield "one curve for all", np.tile(shop, (len(after), 1))
    yield "one for each day", by_day[day]
    yield "own histogram (+0.01)", shares(own + 0.01)
    yield "own, shrunk (21)", shares(own + 21 * shop)
    yield "own, smoothed, shrunk", firm
    yield "the same, tilted by day (best seen)", shares(firm * (by_day / shop)[day])
    model = SendTimeModel().fit_later(
        _counts(orders, orders.ts < CHOICE),
        _counts(orders, (orders.ts >= CHOICE) & (orders.ts < CUT)),
    )
    curves = model.transform(_counts(orders, orders.ts < CUT)).reshape(-1, 7, 24)
    yield "SendTimeModel", shares(curves[person, day].astype(float))


def _counts(orders: pd.DataFrame, rows: pd.Series, *, once: bool = True) -> csr_array:
    some = orders[rows]
    if once:
        some = some[~some.assign(at=some.ts.dt.floor("h")).duplicated(["person", "at"])]
    slot = some.ts.dt.day_of_week * 24 + some.ts.dt.hour
    shape = (orders.person.max() + 1, 168)
    return csr_array((np.ones(len(some)), (some.person, slot)), shape=shape)


def _loss(told: np.ndarray) -> float:
    return float(-np.log(told).mean())


def _in_top(curves: np.ndarray, hours: np.ndarray) -> np.ndarray:
    best = np.argsort(-curves, axis=1, kind="stable")[:, :3]
    return (best == hours[:, None]).any(1)


Policy = Callable[[People, int], np.ndarray]
"""Takes a world and a seed; returns the mean true click rate of each send."""


def _clicks(name: str, setting: Setting, worlds: int) -> None:
    """Print clicks over a random slot: mean of the worlds with a 95 % interval (Student)."""
    table: dict[str, list[float]] = {}
    for seed in range(FIRST_WORLD, FIRST_WORLD + worlds):
        world = simulate(setting, seed=seed)
        for policy, rates in _policies(world, seed):
            table.setdefault(policy, []).append(float(rates.mean() / world.random - 1))
    oracle = np.array(table["each person's best slot (oracle)"])
    rows = {
        policy: {
            "over random": _told(np.array(gains)),
            "regret": f"{np.mean(oracle - gains):.1%}",
            "worlds": ", ".join(f"{gain:+.1%}" for gain in gains),
        }
        for policy, gains in table.items()
    }
    print(f"\n{name}: clicks over a random slot, {SENDS} sends; to reach {REACH[name]:+.0%}")
    print(pd.DataFrame(rows).T.to_string())


def _told(gains: np.ndarray) -> str:
    mean = gains.mean()
    if len(gains) < 2:
        return f"{mean:+.1%}"
    half = student.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / np.sqrt(len(gains))
    return f"{mean:+.1%} [{mean - half:+.1%}, {mean + half:+.1%}]"


def _policies(world: People, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    people = np.arange(len(world.rates))
    best = shares(world.visits @ kernel(28, 2.0)[:14, :14] + 20 * shares(world.visits.sum(0)))
    yield "best single slot, known in advance", np.array([world.best_slot])
    yield "independent Beta(0.5, 9.5) Thompson", _thompson(world, seed)
    yield "smoothed visits, never learns", world.rates[people, best.argmax(1)]
    yield "OnlineSendTime", _online(world, world.visits, seed)
    shuffled = np.random.default_rng(seed).permutation(world.visits)
    yield "OnlineSendTime, visits of somebody else", _online(world, shuffled, seed)
    yield "each person's best slot (oracle)", np.array([world.oracle])


def _online(world: People, visits: np.ndarray, seed: int) -> np.ndarray:
    policy, clicks = OnlineSendTime(visits, seed=seed), np.random.default_rng(seed + 1)
    return np.array([_send(world, policy, clicks) for _ in range(SENDS)])


def _send(world: People, policy: OnlineSendTime, clicks: np.random.Generator) -> float:
    drawn = policy.choose()
    policy.learn(drawn, world.click(drawn.slot, clicks))
    return float(world.rates[np.arange(len(drawn.slot)), drawn.slot].mean())


def _thompson(world: People, seed: int) -> np.ndarray:
    random, people = np.random.default_rng(seed), np.arange(len(world.rates))
    clicked, sent = np.zeros_like(world.rates), np.zeros_like(world.rates)
    rates = np.empty(SENDS)
    for send in range(SENDS):
        slot = random.beta(0.5 + clicked, 9.5 + sent - clicked).argmax(1)
        rates[send] = world.rates[people, slot].mean()
        sent[people, slot] += 1
        clicked[people, slot] += world.click(slot, random)
    return rates


def _speed() -> None:
    """Print seconds for 1,000,000 people x 168 hours from 10,000,000 events."""
    random, people, events = np.random.default_rng(0), 1_000_000, 10_000_000
    person = random.integers(people, size=events, dtype=np.int32)
    hour = random.normal(14, 4, size=events).clip(0, 23).astype(np.int32)
    slot = hour + 24 * random.integers(7, size=events, dtype=np.int32)
    spent = [time.perf_counter()]
    counts = csr_array((np.ones(events), (person, slot)), shape=(people, 168))
    spent.append(time.perf_counter())
    model = SendTimeModel(random_state=0).fit(counts)
    spent.append(time.perf_counter())
    total = sum(float(curves[:, 0].sum()) for _, curves in model.blocks(counts))
    spent.append(time.perf_counter())
    steps = ", ".join(
        f"{what} {s:.1f} s"
        for what, s in zip(("counting", "fit", "curves"), np.diff(spent), strict=True)
    )
    print(f"\n{people:,} people x 168 hours from {events:,} events: {steps} ({total / people:.4f})")
