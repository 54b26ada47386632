"""What an operator sets for a line, and what is counted of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from gateway.dispatch.listener import Deaf, Listener
from gateway.dispatch.pacing import Limits, Speed
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.ids import LineId, ModemName, StoreName
from gateway.domain.inbound import INBOUND_WAIT_S
from gateway.domain.line_state import LineState
from gateway.domain.reserve import NO_RESERVE, Reserve
from gateway.domain.tariff import FLAT, Tariff
from gateway.domain.terms import Terms, stricter


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePlan:
    """How a modem's line may be used."""

    per_second: float | None = None
    """Parts a second, or None for no limit."""
    jitter: bool = False
    """Whether the pauses between parts vary as a person's do."""
    minute_limit: int | None = None
    hourly_limit: int | None = None
    daily_limit: int | None = None
    monthly_limit: int | None = None
    """Parts in a minute, an hour, a local day and a local month; None for no limit."""
    otp_reserve: Reserve = NO_RESERVE
    """Of each of them, for one-time passwords alone."""
    routes: tuple[str, ...] = ()
    """Prefixes of recipients that it serves; empty for all."""
    networks: frozenset[str] = frozenset()
    """Operators whose subscribers it serves (`gateway.domain.networks`); empty for all."""
    tags: frozenset[str] = frozenset()
    """What stores may ask for."""
    tariff: Tariff = FLAT
    """What its parts cost."""
    pinned: bool = False
    """Whether it takes only jobs that are for it alone, as a carrier does."""


def state_of(
    plan: LinePlan,
    terms: Terms,
    *,
    line: LineId,
    modem: ModemName,
    per_second: float | None,
    health: float,
    stopped: bool = False,
    resting: bool = False,
    free_at: float = 0.0,
) -> LineState:
    """Return a line as whoever chooses between lines sees it."""
    return LineState(
        line=line,
        modem=modem,
        routes=plan.routes,
        bars=terms.bars,
        pinned=plan.pinned,
        networks=plan.networks,
        tags=plan.tags,
        tariff=plan.tariff,
        per_second=per_second,
        health=health,
        stopped=stopped,
        resting=resting,
        free_at=free_at,
    )


def speed_of(plan: LinePlan, terms: Terms) -> Speed:
    """Return how fast a line may send, by its plan and by what holds for it beside."""
    return Speed(per_second=stricter(plan.per_second, terms.per_second), jitter=plan.jitter)


def limits_of(plan: LinePlan, terms: Terms) -> Limits:
    """Return how much a line may send, by its plan and by what holds for it beside."""
    day = stricter(plan.daily_limit, terms.parts_per_day)
    return Limits(
        minute=plan.minute_limit,
        hour=plan.hourly_limit,
        day=None if day is None else int(day),
        month=plan.monthly_limit,
        recipients=terms.recipients_per_day,
        reserve=plan.otp_reserve,
    )


@dataclass(slots=True)
class LineCounters:
    """What a modem did since the gateway started."""

    sent: int = 0
    refused: int = 0
    unconfirmed: int = 0
    reports: int = 0
    received: int = 0


@dataclass(kw_only=True, slots=True)
class Fleet:
    """The plans and counters of all modems, by name.

    Plans are replaced as a whole when the configuration is read again; lines look them up each
    time.
    """

    plans: dict[str, LinePlan]
    found: LinePlan = LinePlan()
    """Of the modems that have no plan of their own, because they were found and not named."""
    counters: dict[str, LineCounters] = field(default_factory=dict)

    def plan(self, modem: str) -> LinePlan:
        """Return the plan of a modem."""
        return self.plans.get(modem, self.found)

    def count(self, modem: str) -> LineCounters:
        """Return the counters of a modem."""
        return self.counters.setdefault(modem, LineCounters())


@dataclass(kw_only=True, slots=True)
class InboundPlan:
    """Who is told of what persons send.

    ``stores`` is replaced as a whole when the configuration is read again, and looked up each time.
    """

    stores: tuple[StoreName, ...] = ()
    strangers: bool = False
    """Whether the stores are of businesses that have nothing to do with each other: what answers
    none of them is then the operator's alone."""
    country: str | None = None
    """ISO 3166 code of where the SIMs operate, in which national numbers of senders are read."""
    wait: timedelta = timedelta(seconds=INBOUND_WAIT_S)
    """How long the parts of a long message are waited for."""
    listener: Listener = field(default_factory=Deaf)
    """Says what follows from what persons write."""
    policy: DoubtPolicy = field(default_factory=DoubtPolicy)
    """What is done about parts in doubt, of jobs that end by what persons write."""
