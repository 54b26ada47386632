"""The SIMs of this gateway: where each is from, what its contract says, and who permitted it.

What the database knows of lines is read when one comes into service; what the operator configured
is replaced when the configuration is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gateway.consent.country import Policies, home_country
from gateway.consent.sims import Reach, Sim, Tariff, calling_prefix, reach_of
from gateway.db.lines import LineRecord, read_lines
from gateway.domain.ids import LineId, ModemName
from gateway.domain.phone import EVERYBODY, Prefixes
from gateway.domain.purpose import Purpose
from gateway.domain.terms import FREE, Bar, Terms, stricter


@dataclass(frozen=True, kw_only=True, slots=True)
class SimSettings:
    """What the operator says of the SIM in a modem."""

    country: str
    """Where the SIM is from if its network does not tell; ISO 3166 alpha-2."""
    tariff: Tariff = Tariff.UNKNOWN
    receives: bool = True
    recipients_per_day: int | None = None
    routes: tuple[str, ...] = ()
    """Prefixes of recipients; empty for all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """What the configuration says of all of them."""

    modems: Mapping[ModemName, SimSettings] = field(default_factory=dict)
    """Those with a port of their own."""
    found: SimSettings | None = None
    """Of the sticks that are found, where they are looked for."""
    for_others: bool = False
    """Whether the gateway serves businesses other than its operator's (SIM-3)."""
    node: str | None = None
    """This gateway, where others with other modems share the database."""

    def is_elsewhere(self, line: LineRecord) -> bool:
        """Tell whether a line is in service at another gateway."""
        return self.node is not None and line.node not in (None, self.node)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A line that there is, or that there may be."""

    sim: Sim | None
    """None while the SIM of a configured modem has not been seen."""
    routes: tuple[str, ...]
    line: LineId | None = None

    def serves(self, recipient: str) -> bool:
        """Tell whether the operator lets it serve a number (E.164)."""
        return not self.routes or recipient.startswith(self.routes)


class Lines:
    """Fills the port `gateway.dispatch.terms.LineRules`."""

    def __init__(self, policies: Policies, operator: Operator) -> None:
        self.policies = policies
        self._operator = operator
        self._records: Sequence[LineRecord] | None = None
        self._seen: dict[ModemName, LineId] = {}
        self._terms: dict[LineId, Terms] = {}
        self._known: tuple[Candidate, ...] | None = None

    @property
    def operator(self) -> Operator:
        """What the configuration says."""
        return self._operator

    @operator.setter
    def operator(self, operator: Operator) -> None:
        self._operator = operator
        self._forget()

    def seen(self, connection: Connection, line: LineId, modem: ModemName) -> None:
        """Take note of a line that comes into service; see the port."""
        self._seen[modem] = line
        self.refresh(connection)

    def refresh(self, connection: Connection) -> None:
        """Read again what the database knows of lines."""
        self._records = read_lines(connection)
        self._forget()

    def terms(self, line: LineId) -> Terms:
        """Return on what terms a line may be used now; see the port."""
        if line not in self._terms:
            record = next((one for one in self._records or () if one.id == line), None)
            self._terms[line] = FREE if record is None else self._terms_of(record)
        return self._terms[line]

    def sim(self, connection: Connection, line: LineId) -> Sim | None:
        """Return what is known of a line; None of one that is no SIM of ours."""
        self._all(connection)
        return self.known(line)

    def known(self, line: LineId) -> Sim | None:
        """Return what was known of a line when one last came into service."""
        record = next((one for one in self._records or () if one.id == line), None)
        return None if record is None else self._sim(record)

    def candidates(self, connection: Connection) -> Sequence[Candidate]:
        """Return every line that may send something, and those that may turn up."""
        self._all(connection)
        return self._candidates()

    def _forget(self) -> None:
        """Work out anew what follows from lines and configuration when it is next asked for."""
        self._terms.clear()
        self._known = None

    def _all(self, connection: Connection) -> Sequence[LineRecord]:
        if self._records is None:
            self.refresh(connection)
        return self._records or ()

    def _candidates(self) -> Sequence[Candidate]:
        if self._known is None:
            self._known = tuple(self._give_candidates())
        return self._known

    def _give_candidates(self) -> Iterator[Candidate]:
        """Give for each modem the SIM seen last in it; what is found is what is there now.

        Of SIMs at other gateways only that is known which all know: the network, and a permission.
        """
        operator = self._operator
        everywhere = self._records or ()
        records = [one for one in everywhere if not operator.is_elsewhere(one)]
        yield from (self._of(one) for one in everywhere if operator.is_elsewhere(one))
        held = {record.modem: record for record in records}
        held |= {one.modem: one for one in records if self._seen.get(one.modem) == one.id}
        for modem, settings in operator.modems.items():
            record = held.get(modem)
            yield (
                Candidate(sim=None, routes=settings.routes) if record is None else self._of(record)
            )
        if operator.found is not None:
            found = [
                self._of(record)
                for modem, record in held.items()
                if modem not in operator.modems and modem in self._seen
            ]
            yield from found or [Candidate(sim=None, routes=operator.found.routes)]

    def _of(self, record: LineRecord) -> Candidate:
        settings = self._settings(record)
        routes = () if settings is None else settings.routes
        return Candidate(sim=self._sim(record), routes=routes, line=record.id)

    def _settings(self, record: LineRecord) -> SimSettings | None:
        if self._operator.is_elsewhere(record):
            return None
        return self._operator.modems.get(record.modem, self._operator.found)

    def _sim(self, record: LineRecord) -> Sim:
        settings = self._settings(record)
        stated = None if settings is None else settings.country
        return Sim(
            country=home_country(record.home) or stated or "",
            tariff=Tariff.UNKNOWN if settings is None else settings.tariff,
            receives=settings is None or settings.receives,
            permitted=record.permitted,
            for_others=self._operator.for_others,
        )

    def _terms_of(self, record: LineRecord) -> Terms:
        sim, settings = self._sim(record), self._settings(record)
        limits = self.policies.of(sim.country).sim_limits
        recipients = stricter(
            limits.recipients_per_day, None if settings is None else settings.recipients_per_day
        )
        return Terms(
            bars=tuple(self._bars(record.id, sim)),
            per_second=None if limits.per_minute is None else limits.per_minute / 60,
            parts_per_day=limits.per_day,
            recipients_per_day=None if recipients is None else int(recipients),
        )

    def _bars(self, line: LineId, sim: Sim) -> Iterator[Bar]:
        """Give what a line may not send and another may.

        What no line may send is not barred: whoever claims it has it refused or sent to a carrier.
        """
        for purpose in (Purpose.MARKETING, Purpose.TRANSACTIONAL):
            barred = _refused(sim, reach_of(self.policies, sim, purpose))
            if barred is not None and self._others_may(line, barred, purpose):
                yield Bar(marketing=purpose is Purpose.MARKETING, to=barred)

    def _others_may(self, line: LineId, to: Prefixes, purpose: Purpose) -> bool:
        others = [one for one in self._candidates() if one.line != line]
        return any(
            one.sim is None
            or any(to.meet(part) for part in _allowed(one.sim, self.policies, purpose))
            for one in others
        )


def _refused(sim: Sim, reach: Reach) -> Prefixes | None:
    """Return to whom a SIM may not send; None when it may to everybody."""
    prefix = calling_prefix(sim.country)
    if prefix is None:
        return None if reach.abroad is None else EVERYBODY
    if reach.home is None and reach.abroad is None:
        return None
    if reach.home is not None and reach.abroad is not None:
        return EVERYBODY
    return Prefixes(start=prefix, others=reach.home is None)


def _allowed(sim: Sim, policies: Policies, purpose: Purpose) -> list[Prefixes]:
    """Return to whom a SIM may send."""
    refused = _refused(sim, reach_of(policies, sim, purpose))
    if refused is None:
        return [EVERYBODY]
    if refused == EVERYBODY:
        return []
    return [Prefixes(start=refused.start, others=not refused.others)]
