"""What a store tells of its shop, read and normalised.

What bears on what may be sent is here, what happens in the shop in `gateway.domain.shop`. Another
kind of event is another dataclass, a model in `gateway.mqtt.events` and something that takes it
(`gateway.dispatch.events`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.domain.about import About
from gateway.domain.clock import require_aware
from gateway.domain.consent import Action, Basis
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.domain.shop import Happening

PHONE: Final = "data.properties.phone"
"""Where an event has its number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentUpdate(About):
    """A person allowed something, or took it back (G-3)."""

    purpose: str
    action: Action
    """Granted, withdrawn, or requested: a double opt-in that the person has not answered."""
    at: datetime
    """When the person did it; UTC."""
    basis: Basis = Basis.CONSENT
    confirmed: bool = False
    until: datetime | None = None
    text_version: str | None = None
    text_digest: str | None = None
    language: str | None = None
    source: str | None = None
    evidence: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        require_aware("at", self.at)


class Right(StrEnum):
    """What a person may ask for."""

    ACCESS = "access"
    ERASE = "erase"
    OBJECT = "object"
    RESTRICT = "restrict"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyRequest(About):
    """A person asks for one of the rights."""

    kind: Right
    due_at: datetime
    """Until when the store has to have answered (Art. 12(3)); UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerUpdate(About):
    """Where and who a person is; what is None was not told."""

    country: str | None = None
    """ISO 3166 alpha-2."""
    postal_code: str | None = None
    timezone: str | None = None
    """A name of the tz database."""
    language: str | None = None
    """BCP 47."""
    minor: bool | None = None
    first_name: str | None = None
    birthday: str | None = None
    """Month and day, as ``11-26``."""
    joined_at: datetime | None = None
    """Since when the store knows the person; UTC."""
    preferences: tuple[str, ...] | None = None
    """What the person likes or asked for: a category, or ``product:`` and the id of one."""
    tags: tuple[str, ...] | None = None
    """What the store calls the person."""

    def facts(self) -> dict[str, object]:
        """Return what was told, by the columns of `persons`."""
        told = {
            "customer": self.customer,
            "country": self.country,
            "postal_code": self.postal_code,
            "timezone": self.timezone,
            "language": self.language,
            "minor": self.minor,
            "first_name": self.first_name,
            "birthday": self.birthday,
            "joined_at": self.joined_at,
        }
        return {name: value for name, value in told.items() if value is not None}


Content = ConsentUpdate | PrivacyRequest | CustomerUpdate | Happening


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreEvent:
    """One event of a store."""

    store: StoreName
    id: str
    """With the source it names the event for ever: the same again is the same event."""
    source: str
    type: str
    """Such as ``shop.consent.updated.v1``."""
    time: datetime
    """When it happened; UTC."""
    content: Content
    digest: bytes
    """What tells it from another under the same name."""
    history: bool = False
    """Told long after it happened, to fill in the past: it is kept, and sets nothing off."""
    answered: bool = True
    """Whether the store is told when it is refused; whoever brings a file is told there."""

    def __post_init__(self) -> None:
        require_aware("time", self.time)

    def refusal(self, code: str, rule: str, field: str) -> RejectedError:
        """Return what its store is told when it is refused.

        Args:
            code: a word for programs.
            rule: what is wrong, as the end of a sentence that begins with the field.
            field: the place of the fault, such as ``data.properties.phone``.
        """
        return RejectedError(code, f"{field} {rule}", field=field, job=self.id, source=self.source)
