"""What a country's rules ask of a text."""

from __future__ import annotations

from functools import cache
from typing import Final

import phonenumbers

from gateway.consent.country import CountryPolicy, Demand
from gateway.consent.wording.draft import Asks

_AMERICAN: Final = 1
"""The calling code of the countries whose carriers ask for more than their law (US-8)."""
_UNKNOWN: Final = 0


def asks_of(policy: CountryPolicy) -> Asks:
    """Return what is asked of texts to persons in a country; of an unknown one, everything."""
    calling_code = _calling_code(policy.country)
    return Asks(
        identity=policy.sender_identity is Demand.REQUIRED,
        opt_out=policy.opt_out_mention is Demand.REQUIRED,
        carrier_rules=calling_code in (_AMERICAN, _UNKNOWN),
    )


@cache
def _calling_code(country: str) -> int:
    return phonenumbers.country_code_for_region(country)
