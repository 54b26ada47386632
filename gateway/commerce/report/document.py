"""A report as one JSON document: amounts are decimal texts, shares are of 1, intervals pairs."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from gateway.commerce.experiments.sequential import Comparison
from gateway.commerce.report.figures import ArmFigures, Effect, Report

Document = dict[str, Any]


def as_document(report: Report) -> Document:
    """Return a report for programs."""
    return {
        "store": report.store,
        "campaign": report.campaign,
        "since": report.since,
        "until": report.until,
        "made_at": report.made_at,
        "currency": report.currency,
        "cost_currency": report.cost_currency,
        "total": _arm(report.total),
        "arms": {name: _arm(arm) for name, arm in report.arms.items()},
        "shared_clicks": report.shared_clicks,
        "machine_clicks": report.machine_clicks,
        "orders_in_other_currencies": report.other_currency,
        "lift": {
            "window_days": report.window.total_seconds() / 86_400,
            "alpha": report.alpha,
            "persons_not_counted_yet": report.open,
            "effects": [_effect(effect) for effect in report.effects],
            "winner": report.winner,
        },
    }


def _arm(arm: ArmFigures) -> Document:
    figures = asdict(arm) | {
        "skipped": dict(arm.skipped),
        "states": dict(arm.states),
        "cost": str(arm.cost),
        "revenue": str(arm.revenue),
    }
    return figures | {
        "delivered": arm.delivered,
        "conversion_rate": arm.conversion_rate,
        "click_rate": arm.click_rate,
        "opt_out_rate": arm.opt_out_rate,
        "revenue_each": None if arm.revenue_each is None else _cents(arm.revenue_each),
        "roi": arm.roi,
    }


def _effect(effect: Effect) -> Document:
    return {
        "arm": effect.arm,
        "over": effect.over,
        "persons": effect.group.persons,
        "persons_of_other": effect.other.persons,
        "buyers": effect.group.buyers,
        "buyers_of_other": effect.other.buyers,
        "revenue": str(effect.group.revenue),
        "revenue_of_other": str(effect.other.revenue),
        "conversion": _compared(effect.lift.conversion),
        "revenue_each": _compared(effect.lift.revenue),
        "gained": effect.gained,
    }


def _compared(found: Comparison | None) -> Document | None:
    if found is None:
        return None
    return {
        "difference": found.difference,
        "interval": [found.low, found.high],
        "p": found.p,
        "relative": found.relative,
    }


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.0001")))
