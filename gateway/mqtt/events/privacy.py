"""``shop.privacy.requested.v1``: a person asks the shop for one of the rights (Art. 15-21 GDPR)."""

from __future__ import annotations

from typing import Literal

from gateway.domain.event import PrivacyRequest, Right
from gateway.mqtt.events.envelope import CloudEvent, Data, Part, Phone
from gateway.mqtt.model import Instant


class PrivacyProperties(Part):
    """What is asked for."""

    phone: Phone | None = None
    """E.164, or national of the store's country; may be left out for a customer whose number a
    `shop.customer.updated.v1` told."""
    kind: Literal["access", "erase", "object", "restrict"]
    due_at: Instant
    """Until when it has to be answered."""


class PrivacyData(Data):
    """Of a request."""

    event: Literal["Privacy Requested"] | None = None
    properties: PrivacyProperties


class PrivacyRequestedEvent(CloudEvent):
    """A person asks to see what is kept, to be erased, or objects, or has its use restricted."""

    type: Literal["shop.privacy.requested.v1"]
    data: PrivacyData

    def content(self) -> PrivacyRequest:
        """Return what it says; see the base."""
        said = self.data.properties
        phone, customer = self.whom(said.phone)
        return PrivacyRequest(
            phone=phone, customer=customer, kind=Right(said.kind), due_at=said.due_at
        )
