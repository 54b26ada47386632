"""What the countries ask, as data: read from `gateway/policy`, each rule with source and date."""

from gateway.consent.country.geography import Geography, load_geography
from gateway.consent.country.networks import home_country
from gateway.consent.country.period import Period
from gateway.consent.country.policies import STRICT, TEST_NETWORK, Policies, load_policies
from gateway.consent.country.policy import (
    CountryPolicy,
    Demand,
    HolidayRules,
    SimLimits,
    SimRule,
    SoftOptIn,
    Source,
    StateRules,
)
from gateway.consent.country.week import Span, Week

__all__ = [
    "STRICT",
    "TEST_NETWORK",
    "CountryPolicy",
    "Demand",
    "Geography",
    "HolidayRules",
    "Period",
    "Policies",
    "SimLimits",
    "SimRule",
    "SoftOptIn",
    "Source",
    "Span",
    "StateRules",
    "Week",
    "home_country",
    "load_geography",
    "load_policies",
]
