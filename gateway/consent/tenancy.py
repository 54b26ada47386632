"""Whose messages a gateway may send, and how many SIMs a box may have (SIM-3, SIM-4). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gateway.consent.country import Policies
from gateway.domain.errors import ConfigurationError


def require_tenancy(policies: Policies, countries: Iterable[str], *, for_others: bool) -> None:
    """Refuse a gateway that may not serve whom it serves.

    Args:
        policies: of all countries.
        countries: of its SIMs, ISO 3166 alpha-2.
        for_others: whether it serves businesses other than its operator's.

    Raises:
        ConfigurationError: it may not.
    """
    for country in sorted(set(countries) if for_others else ()):
        if policies.of(country).service_for_others == "deny":
            raise ConfigurationError(
                f'[gateway] tenancy = "service_for_others": a gateway with SIMs of {country} may '
                "not serve other businesses: it would need a licence that is not given; write "
                'tenancy = "own_business" if it serves its own'
            )


def slot_notes(policies: Policies, countries: Iterable[str]) -> list[str]:
    """Return a sentence for each country that looks at boxes with so many SIMs.

    Args:
        policies: of all countries.
        countries: of the SIMs in a box, one for each.
    """
    notes = []
    for country, count in sorted(Counter(countries).items()):
        most = policies.of(country).sim_slots
        if most != "any" and count >= most:
            notes.append(
                f"this box has {count} SIMs of {country}; from {most} in one device on the law may "
                "see a SIM farm: keep a record of what it is for, and ask for advice"
            )
    return notes
