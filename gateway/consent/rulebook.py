"""All the rules of the gate together; what the operator states is replaced while they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from gateway.consent.case import Case
from gateway.consent.country import load_policies
from gateway.consent.fitness import Fitness
from gateway.consent.gate import ConsentGate
from gateway.consent.identity import Identities
from gateway.consent.keywords.vocabulary import load_vocabulary
from gateway.consent.law import Law, StoreRules
from gateway.consent.ledger import Ledger
from gateway.consent.lines import Lines, Operator
from gateway.consent.moment import Frequency, OneOfCart, Window
from gateway.consent.over_sim import OverSim
from gateway.consent.permission import Permission
from gateway.consent.restdays import load_calendars
from gateway.consent.windows import Openings
from gateway.consent.wording.rule import StoreWording, Wording
from gateway.domain.consent import Asked
from gateway.domain.ids import StoreName
from gateway.domain.route import CarrierRoute


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What the operator states."""

    stores: Mapping[StoreName, StoreRules]
    operator: Operator
    wording: Mapping[StoreName, StoreWording] = field(default_factory=dict)
    carriers: Sequence[CarrierRoute] = ()


class Rulebook:
    """The gate, and what it knows.

    Attributes:
        gate: asks the rules in the order of COMPLIANCE: may anything be sent to this person, does
            the person allow this, may a SIM send it, is it fit to be sent, is it the hour.
        lines: what is known of the SIMs.
        wording: judges texts, and knows how each store words its own.
    """

    def __init__(self, identities: Identities, stated: Stated) -> None:
        self._law = Law(stores=stated.stores)
        self.lines = Lines(load_policies(), stated.operator)
        self._over_sim = OverSim(self.lines, stated.carriers)
        self.wording = Wording(policies=self._law.policies, stores=stated.wording)
        self._identities = identities
        self._window = window = Window(self._law)
        self.gate = ConsentGate(
            identities,
            [
                Permission(self._law.consent_rules),
                Fitness(self._law),
                self._over_sim,
                OneOfCart(),
                self.wording,
                window,
                Frequency(self._law, window),
            ],
        )

    def openings(self, connection: Connection, asked: Asked, now: datetime) -> Openings | None:
        """Return when a person may be written to, as known now; None when it is at any hour."""
        if asked.is_service:
            return None
        ledger = Ledger(connection, self._identities)
        return self._window.openings(Case(connection, asked, self._identities, now, ledger))

    def warm(self) -> None:
        """Load calendars, words and keywords, in a thread of the caller's: it takes a second."""
        load_calendars()
        self.wording.make_ready()
        load_vocabulary()

    def take_up(self, stated: Stated) -> None:
        """Go by what the operator states from now on."""
        self._law.stores = stated.stores
        self.wording.stores = stated.wording
        self.lines.operator = stated.operator
        self._over_sim.carriers = tuple(stated.carriers)
