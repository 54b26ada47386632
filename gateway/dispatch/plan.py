"""What an operator sets for a line, and what is counted of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from gateway.dispatch.listener import Deaf, Listener
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.ids import StoreName
from gateway.domain.inbound import INBOUND_WAIT_S
from gateway.domain.tariff import FLAT, Tariff


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePlan:
    """How a modem's line may be used."""

    per_second: float | None = None
    """Parts a second, or None for no limit."""
    daily_limit: int | None = None
    """Parts in a local day, or None for no limit."""
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
