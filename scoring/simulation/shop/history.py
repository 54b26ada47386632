"""What happens in a simulated shop, day by day: purchases, campaigns, and who leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.simulation.shop.population import Population
from scoring.simulation.shop.settings import SLOTS, DemoShop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SOON: Final = 5
"""Days within which an order that a campaign moved comes."""


@dataclass(kw_only=True, slots=True, eq=False)
class Sending:
    """One campaign on its day; each array has one entry a person whom it took.

    Attributes
    ----------
    place : int
        In `DemoShop.campaigns`.
    name : str
        Its id, with the number of its turn.
    day : int
    person : ndarray of int64
    stays : ndarray of bool
        Who will buy again, as of this day.
    treated : ndarray of bool
        Not held out.
    moved : ndarray of float64
        P(an order that would not have been) if a message arrives.
    hour : ndarray of int64
        On the wall clock.
    chance : ndarray of float64
        Of that hour, as it was drawn.
    delivered : ndarray of bool
    stopped : ndarray of bool
        Who answers STOP.
    """

    place: int
    name: str
    day: int
    person: Ints
    stays: Flags
    treated: Flags
    moved: Floats
    hour: Ints
    chance: Floats
    delivered: Flags
    stopped: Flags


@dataclass(kw_only=True, slots=True, eq=False)
class History:
    """Everything that happened.

    Attributes
    ----------
    person, day : ndarray of int64
        Of each purchase, in order of time.
    caused : ndarray of int64
        The place in `sendings` of what brought it; -1: she came by herself.
    sendings : list of Sending
    alive : ndarray of bool
        Who will buy again, at the end.
    season : ndarray of float64
        The factor of each day of the history and of the horizon after it.
    alive_before : ndarray of bool
        Who would buy again, one horizon before the end.
    """

    person: Ints
    day: Ints
    caused: Ints
    sendings: list[Sending]
    alive: Flags
    season: Floats
    alive_before: Flags


def seasons(shop: DemoShop) -> Floats:
    """Return the factor of each day, up to a horizon after the last one; its mean is about 1."""
    first = shop.until - timedelta(days=shop.days - 1)
    day = np.arange(shop.days + shop.horizon)
    peak = (date(first.year, *shop.peak) - first).days
    year = 1 + shop.season * np.cos(2 * np.pi * (day - peak) / 365.25)
    weekday = (first.weekday() + day) % 7
    return year * np.where(weekday >= 5, shop.weekend, 1 + 0.4 * (1 - shop.weekend))


def live(shop: DemoShop, people: Population, lost: Floats, rng: np.random.Generator) -> History:
    """Let the days pass.

    Parameters
    ----------
    shop : DemoShop
    people : Population
    lost : ndarray of shape (lines, days, 24)
        Share of what a line sends that does not arrive.
    rng : numpy.random.Generator
    """
    return _Days(shop, people, lost, rng).pass_()


@dataclass(slots=True, eq=False)
class _Days:
    """The shop while its days pass."""

    shop: DemoShop
    people: Population
    lost: Floats
    rng: np.random.Generator
    alive: Flags = field(init=False)
    last: Ints = field(init=False)
    stopped: Flags = field(init=False)
    waiting: dict[int, list[tuple[Ints, int]]] = field(default_factory=dict)
    bought: list[tuple[Ints, int, int]] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)

    def pass_(self) -> History:
        shop, n = self.shop, len(self.people)
        self.alive, self.stopped = np.ones(n, bool), np.zeros(n, bool)
        self.last = np.full(n, -(10**6))
        season = seasons(shop)
        before = self.alive
        for day in range(shop.days):
            self._buy(day, season[day])
            if day % shop.every == shop.every - 1:
                self._send(day)
            if day == shop.days - shop.horizon - 1:
                before = self.alive.copy()
        return self._history(season, before)

    def _buy(self, day: int, season: float) -> None:
        here = self.alive & (self.people.first < day)
        comes = self.rng.random(len(here)) < -np.expm1(-self.people.pace * season)
        self._note(np.flatnonzero(here & comes | (self.people.first == day)), day, -1)
        for persons, sending in self.waiting.pop(day, ()):
            self._note(persons, day, sending)

    def _note(self, persons: Ints, day: int, caused: int) -> None:
        self.last[persons] = day
        self.bought.append((persons, day, caused))
        if caused < 0:
            leaves = self.rng.random(len(persons)) < self.people.leave[persons]
            self.alive[persons[leaves]] = False

    def _send(self, day: int) -> None:
        shop, rng = self.shop, self.rng
        turn = day // shop.every
        campaign = shop.campaigns[turn % len(shop.campaigns)]
        may = self.people.consented & ~self.stopped & (self.people.first <= day)
        person = np.flatnonzero(may & (rng.random(len(may)) < shop.reached))
        since, (low, high) = day - self.last[person], shop.moved
        hour, chance = self._hours(len(person))
        treated = rng.random(len(person)) >= shop.holdout
        arrives = rng.random(len(person)) >= self.lost[self.people.line[person], day, hour]
        sending = Sending(
            place=turn % len(shop.campaigns),
            name=f"{campaign.name}-{turn + 1:02d}",
            day=day,
            person=person,
            stays=self.alive[person],
            treated=treated,
            moved=campaign.lift * ((since >= low) & (since <= high)),
            hour=hour,
            chance=chance,
            delivered=treated & arrives,
            stopped=treated & arrives & (rng.random(len(person)) < shop.opt_out),
        )
        self.sendings.append(sending)
        self._act(sending, len(self.sendings) - 1)

    def _hours(self, rows: int) -> tuple[Ints, Floats]:
        """Draw hours, and return how likely each was."""
        shop, rng = self.shop, self.rng
        explores = rng.random(rows) < shop.explored
        hour = np.where(explores, rng.choice(SLOTS, rows), shop.usual)
        even = shop.explored / len(SLOTS)
        return hour, np.where(hour == shop.usual, 1 - shop.explored + even, even)

    def _act(self, sending: Sending, number: int) -> None:
        """Let come what the messages bring: orders soon, and who wants no more of them."""
        comes = sending.delivered & (self.rng.random(len(sending.person)) < sending.moved)
        orders = sending.person[comes]
        when = sending.day + self.rng.integers(1, SOON + 1, len(orders))
        for day in np.unique(when):
            self.waiting.setdefault(int(day), []).append((orders[when == day], number))
        self.stopped[sending.person[sending.stopped]] = True

    def _history(self, season: Floats, before: Flags) -> History:
        counts = [len(persons) for persons, _, _ in self.bought]
        return History(
            person=np.concatenate([persons for persons, _, _ in self.bought]),
            day=np.repeat([day for _, day, _ in self.bought], counts),
            caused=np.repeat([caused for _, _, caused in self.bought], counts),
            sendings=self.sendings,
            alive=self.alive,
            season=season,
            alive_before=before,
        )
