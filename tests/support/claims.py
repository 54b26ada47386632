"""A line that asks alone, as tests claim what they want to go on with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from gateway.db.jobs import JobRecord
from gateway.dispatch.desk import Offer
from gateway.dispatch.desk.fairness import Fairness
from gateway.dispatch.desk.round import Result, View, serve
from gateway.dispatch.pacing import Budget, SharedPace
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.router import PrefixRouter, Router
from gateway.dispatch.settling import Holder
from gateway.dispatch.spending import Allowance
from gateway.domain.ids import LineId, ModemName
from gateway.domain.line_state import UNLIMITED, Left, LineState
from gateway.domain.spans import Spans
from gateway.domain.terms import Bar


class Allowed(Allowance):
    """So much, and no question of the database."""

    def __init__(self, left: Left) -> None:
        super().__init__(budget=Budget(spans=Spans(datetime(2026, 11, 23, tzinfo=UTC), UTC)))
        object.__setattr__(self, "_left", left)

    def left(self, connection: Connection, line: LineId) -> Left:
        return self._left


def offer(
    line: str = "line",
    *,
    node: str = "box-1",
    modem: str = "m0",
    routes: Sequence[str] = (),
    bars: Sequence[Bar] = (),
    left: Left = UNLIMITED,
    pinned: bool = False,
) -> Offer:
    """A line with nothing to do."""
    holder = Holder(node=node, line=LineId(line), modem=ModemName(modem))
    state = LineState(
        line=holder.line,
        modem=holder.modem,
        routes=tuple(routes),
        bars=tuple(bars),
        pinned=pinned,
    )
    return Offer(holder=holder, state=state, allowance=Allowed(left))


def view(
    *offers: Offer,
    now: datetime,
    router: Router | None = None,
    shared: SharedPace | None = None,
    shares: dict[int, Fairness] | None = None,
    refresh: bool = False,
) -> View:
    """What a desk knows of lines of which all ask."""
    return View(
        offers=offers,
        fleet=[one.state for one in offers],
        router=router or PrefixRouter(),
        shared=shared or SharedPace(),
        shares=shares or {},
        policy=DoubtPolicy(),
        now=now,
        time=0.0,
        refresh=refresh,
    )


def claims(connection: Connection, view: View) -> list[tuple[LineId, JobRecord]]:
    """Hold a round and return what each line got."""
    result: Result = serve(connection, view)
    return [(line, work.job) for line, work in result.works.items()]


def claim_job(
    connection: Connection,
    *,
    node: str,
    line: str,
    modem: str,
    routes: Sequence[str],
    bars: Sequence[Bar] = (),
    left: Left = UNLIMITED,
    now: datetime,
    pinned: bool = False,
) -> JobRecord | None:
    """Give the one line that asks what is due next, or return None when nothing is for it."""
    asks = offer(line, node=node, modem=modem, routes=routes, bars=bars, left=left, pinned=pinned)
    given = claims(connection, view(asks, now=now))
    return given[0][1] if given else None
