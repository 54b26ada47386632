"""People who buy as BG/NBD says they do, with known parameters."""

from __future__ import annotations

import numpy as np
import pandas as pd

TRUE = {"r": 0.8, "alpha": 30.0, "a": 1.2, "b": 3.0}


def buyers(
    people: int, horizon: float = 90, seed: int = 0, *, r: float, alpha: float, a: float, b: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """Frequency, recency and age of people, and how often each buys within the horizon."""
    random = np.random.default_rng(seed)
    rate, stops = random.gamma(r, 1 / alpha, people), random.beta(a, b, people)
    age = random.integers(30, 730, people).astype(float)
    clock, last, past, future = np.zeros((4, people))
    alive = np.ones(people, dtype=bool)
    while alive.any():
        clock = np.where(alive, clock + random.exponential(1, people) / rate, np.inf)
        known = clock <= age
        past += known
        last = np.where(known, clock, last)
        future += (clock > age) & (clock <= age + horizon)
        alive &= (clock <= age + horizon) & (random.random(people) > stops)
    return pd.DataFrame({"frequency": past, "recency": last, "age": age}), future


def shop(
    people: int,
    days: int,
    seed: int = 0,
    *,
    swing: float = 0.0,
    r: float = 0.8,
    alpha: float = 40.0,
    a: float = 0.8,
    b: float = 4.0,
) -> pd.DataFrame:
    """Purchase days of people who join a shop evenly over its days.

    `swing` is the season: where it is 0.4, a day of the best time of the year counts for 1.4 days
    and one of the worst for 0.6 (a sine that begins with the shop).
    """
    random = np.random.default_rng(seed)
    day = np.arange(days + 1.0)
    clock = np.r_[0, np.cumsum(1 + swing * np.sin(2 * np.pi * day[:-1] / 365.25))]
    rate, stops = random.gamma(r, 1 / alpha, people), random.beta(a, b, people)
    now = np.interp(random.uniform(0, days, people), day, clock)
    person, rows = np.arange(people), []
    while len(person):
        when = np.floor(np.interp(now, clock, day))
        value = random.lognormal(3, 0.7, len(person))
        rows.append(pd.DataFrame({"person_id": person, "day": when, "value": value}))
        now = now + random.exponential(1, len(person)) / rate[person]
        goes_on = (now < clock[-1]) & ((len(rows) == 1) | (random.random(len(now)) > stops[person]))
        person, now = person[goes_on], now[goes_on]
    return pd.concat(rows).groupby(["person_id", "day"], as_index=False)["value"].sum()


def table(orders: pd.DataFrame, cutoff: float, within: float = 365) -> pd.DataFrame:
    """Some columns of the feature table at a day, from `shop`'s orders."""
    seen = orders[orders["day"] <= cutoff]
    by = seen.groupby("person_id")
    first, last = by["day"].min(), by["day"].max()
    X = pd.DataFrame({"since": cutoff - last, "age": cutoff - first, "recency": last - first})
    X["frequency"] = by.size() - 1.0
    X["value"] = by["value"].sum()
    X["value_mean"] = by["value"].mean()
    X["gap_mean"] = (X["recency"] / X["frequency"]).where(X["frequency"] > 0)
    for days in (30, 90, 180, 365):
        recent = seen[seen["day"] > cutoff - days].groupby("person_id").size()
        X[f"orders_{days}"] = recent.reindex(X.index).fillna(0.0)
    return X[X["since"] < within].astype(float)


def churned(orders: pd.DataFrame, X: pd.DataFrame, cutoff: float, horizon: float) -> np.ndarray:
    """1 for each person of `X` who bought on no day in the horizon."""
    ahead = orders[(orders["day"] > cutoff) & (orders["day"] <= cutoff + horizon)]
    return (~X.index.isin(ahead["person_id"])).astype(float)


def stacked(
    orders: pd.DataFrame, cutoff: int, horizon: int, *, snapshots: int = 12, step: int = 30
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Feature tables up to a day, churn where it is known by then (else NaN), and cut-offs."""
    days = [day for day in range(cutoff, 0, -step) if day >= step][:snapshots]
    tables = [table(orders, day) for day in days]
    labels = [
        churned(orders, X, day, horizon) if day + horizon <= cutoff else np.full(len(X), np.nan)
        for X, day in zip(tables, days, strict=True)
    ]
    epoch = np.datetime64("2020-01-01") + np.array(days).astype("timedelta64[D]")
    return pd.concat(tables), np.concatenate(labels), np.repeat(epoch, [len(X) for X in tables])
