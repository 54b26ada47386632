"""What messages were really worth, by what the simulated shop knows; beside what is reported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from gateway.commerce.report.measure import Question, measure
from gateway.domain.ids import Campaign
from gateway.domain.tariff import Tariff
from season.house import STORE
from season.quarter import Played
from season.record import Made

HOLDOUT = "holdout"


@dataclass(frozen=True, slots=True)
class Worth:
    """What an arm brought over those left alone: more buyers, a person."""

    arm: str
    persons: int
    persons_of_other: int
    truth: float
    """By the shop: the share who bought because of it alone."""
    measured: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the truth lies in the interval."""
        return self.low <= self.truth <= self.high


def worth_of(played: Played, campaign: str, words: str) -> list[Worth]:
    """Return what the arms of an experiment are worth.

    Args:
        played: the season.
        campaign: the experiment.
        words: how the reactions to its messages begin.
    """
    question = Question(
        store=STORE,
        campaign=Campaign(campaign),
        since=played.shop.start,
        until=played.shop.ends,
        currency="GBP",
        window=played.plan.window,
    )
    ends = played.shop.ends
    report = played.read(lambda connection: measure(connection, question, _tariff, ends))
    found = []
    for effect in report.effects:
        lift = effect.lift.conversion
        if effect.over == HOLDOUT and lift is not None:
            persons, truth = _truth(played, campaign, effect.arm, words)
            assert persons == effect.group.persons
            alone = effect.other.persons
            found.append(
                Worth(effect.arm, persons, alone, truth, lift.difference, lift.low, lift.high)
            )
    return found


def _tariff(line: object) -> Tariff:
    return Tariff()


def _truth(played: Played, campaign: str, arm: str, words: str) -> tuple[int, float]:
    """Return how many were given an arm, and the share whom nothing else had buy in their time."""
    first: dict[str, Made] = {}
    for made in sorted(played.checks.decided[campaign], key=lambda one: one.decided_at):
        if made.arm:
            first.setdefault(made.person, made)
    mine = {
        played.record.numbers[made.person]: made.decided_at
        for made in first.values()
        if made.arm == arm and made.decided_at + played.plan.window <= played.shop.ends
    }
    moved = _moved(played, mine, words)
    return len(mine), sum(moved.values()) / max(1, len(mine))


def _moved(played: Played, since: dict[str, datetime], words: str) -> dict[str, bool]:
    """Tell of each buyer whether all that they bought in their time is owed to the messages."""
    reasons: dict[str, list[bool]] = defaultdict(list)
    for order in played.shop.trade.orders:
        begin = since.get(order.number)
        if begin is not None and begin < order.at <= begin + played.plan.window:
            reasons[order.number].append((order.moved_by or "").startswith(words))
    return {number: all(some) for number, some in reasons.items()}
