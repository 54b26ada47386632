"""Delivery reports: fewer than used to come, of one line or of all. Pure.

A line is held against its own past, for operators report as they like; and against the others, for
a network that stops reporting, or a campaign to dead numbers, is no fault of one SIM.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gateway.alarms.condition import Condition, Name
from gateway.alarms.facts import Facts, Reports, Trend
from gateway.alarms.limits import AlarmLimits
from gateway.domain.alarms import AlarmKind

RECENT: Final = 20
"""Parts lately, below which a share says nothing: of 20 at 95 %, chance takes 8 away never."""
PAST: Final = 50
"""Parts before, below which nothing is known of what is usual."""
RECOVERED: Final = 1.25
"""By how much more than the limit the share has to be for the alarm to go off."""
TOGETHER: Final = 0.8
"""The others fall as well when their share is below so much of what it was."""


def report_conditions(facts: Facts, limits: AlarmLimits) -> Iterator[Condition]:
    """Give the lines of which fewer reports come, or one for all of them."""
    fallen = [
        (line, trend) for line, trend in facts.trends.items() if _falls(line, trend, facts, limits)
    ]
    if not fallen:
        return
    others = [trend for line, trend in facts.trends.items() if line not in dict(fallen)]
    all_fall = len(facts.trends) > 1 and _fall_together(others)
    if all_fall and (len(fallen) > 1 or _is_known(_sum(others))):
        yield _condition("", _sum(facts.trends.values()), _ALL)
        return
    for line, trend in fallen:
        yield _condition(line, trend, _ONE)


_ALL: Final = "the networks, or numbers that are nobody's; look at what went out lately"
_ONE: Final = "the other lines do not: its SIM may be barred or filtered; try it in a telephone"


def _falls(line: str, trend: Trend, facts: Facts, limits: AlarmLimits) -> bool:
    if not _is_known(trend):
        return False
    on = {Name(AlarmKind.REPORTS_FALLING, line), Name(AlarmKind.REPORTS_FALLING, "")} & facts.on
    limit = limits.reports_share * (RECOVERED if on else 1.0)
    return trend.recent.share < trend.past.share * min(1.0, limit)


def _is_known(trend: Trend) -> bool:
    return trend.recent.asked >= RECENT and trend.past.asked >= PAST


def _fall_together(others: Iterable[Trend]) -> bool:
    """Tell whether the other lines fall as well, as far as there are any that say something."""
    rest = _sum(others)
    return not _is_known(rest) or rest.recent.share < rest.past.share * TOGETHER


def _sum(trends: Iterable[Trend]) -> Trend:
    known = list(trends)
    return Trend(recent=_total(one.recent for one in known), past=_total(one.past for one in known))


def _total(reports: Iterable[Reports]) -> Reports:
    known = list(reports)
    return Reports(
        asked=sum(one.asked for one in known), reported=sum(one.reported for one in known)
    )


def _condition(line: str, trend: Trend, remedy: str) -> Condition:
    was, now = round(100 * trend.past.share), round(100 * trend.recent.share)
    detail = f"{now} % of the last {trend.recent.asked} parts were reported, {was} % before; "
    return Condition(kind=AlarmKind.REPORTS_FALLING, subject=line, detail=detail + remedy)
