"""Measures a flow or a campaign: what became of it, what is put down to it, and its effect."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from gateway.commerce.experiments import HOLDOUT
from gateway.commerce.experiments.sequential import ALPHA
from gateway.commerce.report.attribution import Attributed, attribute
from gateway.commerce.report.figures import ArmFigures, Effect, Report
from gateway.commerce.report.journal import Journal, currency_of, read_journal
from gateway.commerce.report.lift import WINDOW, Assigned, Group, Groups, group, lift
from gateway.db.commerce.decisions import DecisionKey, Outcome
from gateway.db.commerce.touches import decided, messages, shared_clicks, submissions
from gateway.domain.ids import Campaign, LineId, PersonId, StoreName
from gateway.domain.states import JobState
from gateway.domain.tariff import Tariff

TariffOf = Callable[[LineId], Tariff]
"""Returns what the parts of a line cost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is to be measured."""

    store: StoreName
    campaign: Campaign
    since: datetime
    until: datetime
    """Decisions within these count; UTC."""
    currency: str | None = None
    """Of the orders; None: that of most."""
    cost_currency: str | None = None
    window: timedelta = WINDOW
    """Of the lift."""


@dataclass(kw_only=True, slots=True)
class _Decided:
    """The decisions of a campaign."""

    arms: dict[str, ArmFigures] = field(default_factory=lambda: defaultdict(ArmFigures))
    arm_of: dict[DecisionKey, str] = field(default_factory=dict)
    first: dict[PersonId, Assigned] = field(default_factory=dict)
    """Each person's first decision in the experiment."""


def measure(
    connection: Connection, question: Question, tariff_of: TariffOf, now: datetime
) -> Report:
    """Return the figures of a flow or a campaign.

    Args:
        connection: for reading; all of it should see one state of the database.
        question: what is to be measured.
        tariff_of: what lines cost.
        now: the current instant, UTC.
    """
    about = (question.store, question.campaign, question.since, question.until)
    found = _decisions(decided(connection, *about))
    currency = question.currency or currency_of(connection, question.store, question.since)
    journal = read_journal(connection, question.store, found.first, question.since, currency)
    _count_messages(found, messages(connection, *about))
    _count_parts(found, submissions(connection, *about), tariff_of)
    _count_answers(found, journal)
    _count_sales(found, question.campaign, journal)
    groups = group(found.first.values(), journal.sales, window=question.window, now=now)
    effects, alpha = _effects(groups)
    shared, machines = shared_clicks(connection, *about)
    return Report(
        store=question.store,
        campaign=question.campaign,
        since=question.since,
        until=question.until,
        made_at=now,
        currency=currency,
        cost_currency=question.cost_currency,
        arms=dict(found.arms),
        shared_clicks=shared,
        machine_clicks=machines + journal.machines,
        other_currency=journal.other_currency,
        window=question.window,
        open=groups.open,
        effects=effects,
        alpha=alpha,
        winner=_winner(effects, alpha),
    )


def _decisions(rows: Iterator[Any]) -> _Decided:
    found = _Decided()
    for row in rows:
        arm = found.arms[row.arm]
        arm.persons += 1
        found.arm_of[row.key] = row.arm
        if row.outcome == Outcome.SKIPPED:
            arm.skipped[row.reason or "unknown"] += 1
        if row.arm and row.person not in found.first:
            found.first[row.person] = Assigned(person=row.person, arm=row.arm, at=row.decided_at)
    return found


def _count_messages(found: _Decided, rows: Iterator[Any]) -> None:
    for row in rows:
        arm = found.arms[row.arm]
        arm.messages += 1
        arm.states[JobState(row.state)] += 1


def _count_parts(found: _Decided, rows: Iterator[Any], tariff_of: TariffOf) -> None:
    for row in rows:
        arm = found.arms[row.arm]
        arm.parts += row.parts
        arm.in_doubt += row.unknown
        arm.cost += row.parts * tariff_of(row.line).price(row.recipient)


def _count_answers(found: _Decided, journal: Journal) -> None:
    for decision in journal.clicked:
        if decision in found.arm_of:
            found.arms[found.arm_of[decision]].clicked += 1
    for decision in journal.refused_after.values():
        if decision in found.arm_of:
            found.arms[found.arm_of[decision]].opt_outs += 1


def _count_sales(found: _Decided, campaign: Campaign, journal: Journal) -> None:
    buyers: dict[str, set[PersonId]] = defaultdict(set)
    for one in _of_campaign(campaign, journal):
        name = found.arm_of.get(one.touch.decision)
        if name is None:  # of the same campaign, decided outside of the time that is asked for
            continue
        arm = found.arms[name]
        arm.orders += 1
        arm.revenue += one.sale.revenue
        buyers[name].add(one.sale.person)
    for name, persons in buyers.items():
        found.arms[name].buyers = len(persons)


def _of_campaign(campaign: Campaign, journal: Journal) -> Iterator[Attributed]:
    sales = (sale for some in journal.sales.values() for sale in some)
    for one in attribute(sales, journal.touches, journal.redeemed):
        if one.touch.campaign == campaign:
            yield one


def _effects(groups: Groups) -> tuple[Sequence[Effect], float]:
    """Return each arm against those left alone and against each other arm, and alpha of each.

    Alpha is shared among all of them (Bonferroni), so that many arms do not make a winner.
    """
    arms = sorted(name for name in groups.arms if name != HOLDOUT)
    over = [(arm, HOLDOUT) for arm in arms if HOLDOUT in groups.arms]
    pairs = [*over, *combinations(arms, 2)]
    alpha = ALPHA / max(1, len(pairs))
    return [_effect(groups.arms, one, other, alpha) for one, other in pairs], alpha


def _effect(groups: Mapping[str, Group], one: str, other: str, alpha: float) -> Effect:
    return Effect(
        arm=one,
        over=other,
        lift=lift(groups[one], groups[other], alpha),
        group=groups[one],
        other=groups[other],
    )


def _winner(effects: Sequence[Effect], alpha: float) -> str | None:
    """Return the arm that brings more buyers than everything that it was compared with."""
    wins: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for effect in effects:
        compared.update(name for name in (effect.arm, effect.over) if name != HOLDOUT)
        found = effect.lift.conversion
        if found is None or not found.decided(alpha):
            continue
        better = effect.arm if found.difference > 0 else effect.over
        wins[better] += 1
    best = [arm for arm, count in compared.items() if count and wins[arm] == count]
    return best[0] if best else None
