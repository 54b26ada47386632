"""A report as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gateway.cli.output import local_time, new_table, print_line, print_table
from gateway.domain.duration import format_duration

if TYPE_CHECKING:
    from gateway.commerce.experiments.sequential import Comparison
    from gateway.commerce.report.figures import ArmFigures, Effect, Report

_LEAST_P: Final = 0.001

HELD: Final = "left alone"
"""What the holdout is called."""


def print_report(report: Report) -> None:
    """Print a report."""
    total = report.total
    print_line(
        f"{report.campaign} of {report.store}: {total.persons:,} persons decided about from "
        f"{local_time(report.since)} to {local_time(report.until)}"
    )
    _print_arms(report)
    for line in _remarks(report):
        print_line(line)
    _print_effects(report)


def _print_arms(report: Report) -> None:
    money, cost = report.currency or "", report.cost_currency or ""
    table = new_table(
        *("Arm", "Persons", "Messages", "Delivered", "Parts", f"Cost {cost}".strip()),
        *("Followed", "Said no", "Orders", "Buyers", f"Revenue {money}".strip(), "a message"),
        "ROI",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    arms = {name: arm for name, arm in report.arms.items() if name and arm.messages}
    for name, arm in sorted(arms.items()):
        table.add_row(name, *_cells(arm, report))
    if len(arms) > 1:
        table.add_row("all", *_cells(report.total, report))
    if arms:
        print_table(table)
    else:
        print_line("no message went out")


def _cells(arm: ArmFigures, report: Report) -> Iterator[str]:
    yield from (f"{arm.persons:,}", f"{arm.messages:,}", _of(arm.delivered, arm.messages))
    yield from (f"{arm.parts:,}", f"{arm.cost:,.2f}", _of(arm.clicked, arm.messages))
    yield from (_of(arm.opt_outs, arm.messages), f"{arm.orders:,}", _of(arm.buyers, arm.messages))
    each = arm.revenue_each
    yield from (f"{arm.revenue:,.2f}", "" if each is None else f"{each:,.2f}")
    same = report.currency == report.cost_currency
    yield "" if arm.roi is None or not same else f"{arm.roi:,.1f}"


def _of(some: int, whole: int) -> str:
    return f"{some:,} ({some / whole:.1%})" if whole else f"{some:,}"


def _remarks(report: Report) -> Iterator[str]:
    held = report.arms.get("holdout")
    if held is not None:
        yield f"{_persons(held.persons)} {HELD}"
    for reason, persons in report.total.skipped.most_common():
        yield f"{persons:,} got nothing: {reason}"
    doubt = report.total.in_doubt
    if doubt:
        yield f"{doubt:,} of the parts are in doubt, and counted as sent"
    if report.shared_clicks:
        yield f"{report.shared_clicks:,} clicks on links that all share"
    if report.machine_clicks:
        yield f"{report.machine_clicks:,} clicks were machines', and count nowhere"
    if report.other_currency:
        yield f"{report.other_currency:,} orders in another currency are left out"
    if report.currency != report.cost_currency and report.total.cost:
        yield f"costs are in {report.cost_currency or 'no currency'}, so that there is no ROI"


def _print_effects(report: Report) -> None:
    window = format_duration(report.window)
    print_line("")
    if not report.effects:
        print_line(_nothing_to_compare(report, window))
        return
    waiting = f"; {_persons(report.open)} still within it" if report.open else ""
    print_line(f"What it changed, within {window} of the decision{waiting}:")
    table = new_table(
        *("Arm", "over", "Buyers", "against", "more buyers", "more revenue each"),
        *("in all", "p"),
    )
    for effect in report.effects:
        table.add_row(*_effect(effect, report.currency))
    print_table(table)
    print_line(_verdict(report))


def _nothing_to_compare(report: Report, window: str) -> str:
    if report.open:
        return (
            f"What it changed is seen {window} after the decision: {_persons(report.open)} still "
            "within that time."
        )
    return "There is nothing to compare with: nobody was left alone, and there is one arm."


def _persons(count: int) -> str:
    return "1 person is" if count == 1 else f"{count:,} persons are"


def _effect(effect: Effect, currency: str | None) -> Iterator[str]:
    one, other = effect.group, effect.other
    yield from (effect.arm, HELD if effect.over == "holdout" else effect.over)
    yield from (_of(one.buyers, one.persons), _of(other.buyers, other.persons))
    conversion, revenue = effect.lift.conversion, effect.lift.revenue
    yield "too few to tell" if conversion is None else _points(conversion)
    yield "" if revenue is None else _amounts(revenue, currency)
    yield "" if effect.gained is None else _range(*effect.gained)
    yield "" if conversion is None else _p(conversion.p)


def _points(found: Comparison) -> str:
    low, high = 100 * found.low, 100 * found.high
    return f"{100 * found.difference:+.2f} points [{low:+.2f}, {high:+.2f}]"


def _amounts(found: Comparison, currency: str | None) -> str:
    each = _range(found.difference, found.low, found.high)
    return each if currency is None else f"{currency} {each}"


def _range(amount: float, low: float, high: float) -> str:
    return f"{amount:+,.2f} [{low:+,.2f}, {high:+,.2f}]"


def _p(p: float) -> str:
    return "< 0.001" if p < _LEAST_P else f"{p:.3f}"


def _verdict(report: Report) -> str:
    sure = f"{1 - report.alpha:.1%}"
    if report.winner is None:
        return (
            f"No arm is shown to be the best. Each interval holds with {sure} at every look, so "
            "that you may look again any day."
        )
    return f"{report.winner} is the best; each interval holds with {sure} at every look."
