"""What the law of a person's country asks, and what a store asks of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.consent.case import Case
from gateway.consent.country import (
    CountryPolicy,
    Demand,
    Geography,
    Policies,
    load_geography,
    load_policies,
)
from gateway.consent.permission import ConsentRules
from gateway.consent.zones import Known, Whereabouts, locate
from gateway.domain.caps import DEFAULT_CAPS, Cap
from gateway.domain.ids import StoreName
from gateway.domain.place import place_of


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreRules:
    """What a store asks of its own marketing."""

    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009  # it is frozen
    """For numbers that belong to no country."""
    caps: tuple[Cap, ...] = DEFAULT_CAPS


@dataclass(kw_only=True, slots=True)
class Law:
    """Tells the rules for a case.

    ``stores`` is replaced as a whole when the configuration is read again, and looked up each time.
    """

    stores: Mapping[StoreName, StoreRules] = field(default_factory=dict)
    policies: Policies = field(default_factory=load_policies)
    geography: Geography = field(default_factory=load_geography)

    def where(self, case: Case) -> Whereabouts:
        """Return where the person may be."""
        record = case.record
        known = Known(
            number=case.asked.recipient,
            timezone=None if record is None else _zone(record.timezone),
            postal_code=None if record is None else record.postal_code,
            country=None if record is None else record.country,
        )
        return locate(known, self.geography, self._store(case).zone)

    def policy(self, case: Case) -> CountryPolicy:
        """Return the rules of the person's country."""
        return self.policies.of(self.where(case).country)

    def consent_rules(self, case: Case) -> ConsentRules:
        """Return what a consent has to be there, and where the number is from.

        A person who moved may be written to by the hours of the new country; but no store is to
        get around what the number's country asks of a consent by telling another.
        """
        number = place_of(case.asked.recipient).country
        policies = (self.policy(case), self.policies.of(number))
        return ConsentRules(
            confirmed=any(one.double_opt_in is Demand.REQUIRED for one in policies),
            soft_opt_in=all(one.soft_opt_in.allowed for one in policies),
        )

    def caps(self, case: Case) -> tuple[Cap, ...]:
        """Return the caps of the store, of the country and of the states."""
        where = self.where(case)
        policy = self.policies.of(where.country)
        of_states = [
            cap
            for state in sorted(where.states & policy.states.keys())
            for cap in policy.states[state].message_caps
        ]
        return (*self._store(case).caps, *policy.message_caps, *of_states)

    def _store(self, case: Case) -> StoreRules:
        return self.stores.get(case.asked.store, _PLAIN)


_PLAIN: Final = StoreRules()


def _zone(name: str | None) -> ZoneInfo | None:
    """Return a zone as a store told it; one that is none tells nothing."""
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
