"""``/charts/{name}``: what the charts of pages draw, of what the box measured of itself.

A chart is read once a second at most, however many look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from sqlalchemy import Connection

from gateway.access import Right, Visitor
from gateway.db.console.samples import read_samples
from gateway.domain.sample import ALL, HOUR, MINUTE, Reading, Series, span_length, span_of
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import visitor
from gateway.web.house import House

BY_THE_MINUTE: Final = 24
"""Hours of which each minute is drawn; of more, each hour."""

MOST_HOURS: Final = 24 * 31

MOST_NAME: Final = 64

Value = Callable[[Reading], float | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart."""

    label: str
    unit: str
    series: Series
    value: Value


def _total(reading: Reading) -> float:
    return reading.total


def _mean(reading: Reading) -> float | None:
    return reading.mean


def _most(reading: Reading) -> float | None:
    return reading.most


CHARTS: Final[Mapping[str, Sequence[Curve]]] = {
    "throughput": (
        Curve("Sent", "", Series.SENT, _total),
        Curve("Delivered", "", Series.DELIVERED, _total),
        Curve("Failed", "", Series.FAILED, _total),
    ),
    "report_delay": (
        Curve("Mean", " s", Series.REPORT_DELAY, _mean),
        Curve("Slowest", " s", Series.REPORT_DELAY, _most),
    ),
    "queue": (Curve("Waiting", "", Series.QUEUE, _mean),),
    "signal": (Curve("Signal", " dBm", Series.SIGNAL, _mean),),
}
"""What there is to draw."""


async def _take(house: House, subject: str) -> Snapshot:
    """Return a chart; the subject is its name, its hours and of whom, with spaces between."""
    name, hours, of = subject.split(" ", 2)
    span = MINUTE if int(hours) <= BY_THE_MINUTE else HOUR
    until = house.clock.now()
    since = span_of(until - timedelta(hours=int(hours)), span)
    curves = CHARTS[name]

    def read(connection: Connection) -> Snapshot:
        found = [read_samples(connection, one.series, of, span, since, until) for one in curves]
        return drawn(curves, found, span, since, until)

    return await house.database.read(read)


def drawn(
    curves: Sequence[Curve],
    found: Sequence[Sequence[Reading]],
    span: int,
    since: datetime,
    until: datetime,
) -> dict[str, Any]:
    """Return a chart for the browser: an instant for each span, and null where nothing is known."""
    at = list(_spans(span, since, until))
    return {
        "at": [round(one.timestamp()) for one in at],
        "series": [
            {"label": curve.label, "unit": curve.unit, "values": _values(curve, readings, at)}
            for curve, readings in zip(curves, found, strict=True)
        ],
    }


def _spans(span: int, since: datetime, until: datetime) -> Iterator[datetime]:
    at = since
    while at + span_length(span) <= until:  # the one that is running is not whole yet
        yield at
        at += span_length(span)


def _values(
    curve: Curve, readings: Sequence[Reading], at: Sequence[datetime]
) -> list[float | None]:
    by_instant = {reading.at: curve.value(reading) for reading in readings}
    return [_short(by_instant.get(one)) for one in at]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


TOPIC: Final = Topic(name="chart", right=Right.READ, take=_take, parts={})

router = APIRouter()


@router.get("/charts/{name}")
async def show_chart(
    request: Request,
    name: str,
    who: Annotated[Visitor, visitor(Right.READ)],
    hours: Annotated[int, Query(ge=1, le=MOST_HOURS)] = 6,
    of: Annotated[str, Query(max_length=MOST_NAME)] = ALL,
) -> Snapshot:
    """Answer with what a chart draws."""
    if name not in CHARTS:
        raise HTTPException(404, "there is no such chart")
    snapshot: Snapshot = await request.app.state.live.latest("chart", f"{name} {hours} {of}")
    return snapshot
