"""What one country asks (COMPLIANCE.md section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from gateway.consent.country.period import Period
from gateway.consent.country.week import Week
from gateway.domain.caps import Cap


def _read(kind: Any) -> BeforeValidator:
    """Read text by a class's ``parse``; what is read already stays."""
    return BeforeValidator(lambda value: value if isinstance(value, kind) else kind.parse(value))


def _never_is_none(value: Any) -> Any:
    return None if value == "never" else value


Hours = Annotated[Week, _read(Week)]
Length = Annotated[Period, _read(Period)]
Caps = tuple[Annotated[Cap, _read(Cap)], ...]


class SimRule(StrEnum):
    """Whether a SIM may send something."""

    ALLOW = "allow"
    NEEDS_CONFIRMATION = "needs_confirmation"
    DENY = "deny"


class Demand(StrEnum):
    """How much a country asks for something."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(_Data):
    """Where a rule is from."""

    source: str = Field(min_length=1)
    checked: date
    note: str = ""


class SoftOptIn(_Data):
    """Whether a customer may be written to without consent (ePrivacy Art. 13(2))."""

    allowed: bool
    requires: Literal["paid_order"] = "paid_order"
    similar_products: bool = True


class SimLimits(_Data):
    """What a SIM may do at most; None is no limit."""

    per_minute: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    recipients_per_day: int | None = Field(default=None, ge=1)


class HolidayRules(_Data):
    """Which calendar of the library `holidays` holds."""

    calendar: str | None = None
    """ISO code of it; None: the country's own."""
    regions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Subdivisions with holidays of their own, by the beginnings of their postal codes."""


class StateRules(_Data):
    """What a state asks beside its country; None: no more than that."""

    marketing_window: Hours | None = None
    message_caps: Caps = ()


class CountryPolicy(_Data):
    """The rules of a country."""

    country: str
    """ISO 3166 alpha-2, or `TEST_NETWORK`, or `STRICT`."""
    sim_marketing: SimRule
    """From a SIM of this country to a person in it."""
    sim_marketing_abroad: SimRule
    """From a SIM of this country to anybody else."""
    sim_transactional: SimRule
    sim_transactional_abroad: SimRule
    sim_tariff: Literal["must_permit", "any"]
    """Whether marketing needs a tariff that is known to permit it (SIM-1)."""
    sim_limits: SimLimits
    sim_slots: int | Literal["any"]
    """SIMs in one device from which on it is one that the law looks at (SIM-4)."""
    service_for_others: Literal["allow", "deny"]
    """Whether one gateway may serve several businesses (SIM-3)."""
    marketing_window: Hours
    holidays: HolidayRules
    sender_identity: Demand
    opt_out_mention: Demand
    double_opt_in: Demand
    soft_opt_in: SoftOptIn
    implied_consent: Length
    """How long a purchase counts as consent, where it does."""
    opt_out_deadline: Length
    opt_out_link_life: Length
    prospect_retention: Length
    """From the last contact by the person."""
    suppression_min: Length
    evidence_retention: Length
    """From the last use of a consent."""
    stale_after: Length
    """Silence after which a consent has to be given anew (US-10)."""
    revokes_all_from: Annotated[date | None, BeforeValidator(_never_is_none)]
    """The day from which a stop in answer to one message ends all messages (US-5); None: never."""
    message_caps: Caps
    states: Mapping[str, StateRules] = Field(default_factory=dict)
    sources: Mapping[str, Source]
    """By the name of the field, such as ``sim_marketing`` or ``states.FL.message_caps``; what is
    not here is as in `STRICT`."""


FIELDS: Final = frozenset(CountryPolicy.model_fields) - {"country", "states", "sources"}
"""The rules that a file may state."""
