"""``shop.customer.updated.v1``: where and who a person is, for the rules that depend on it."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from gateway.domain.event import CustomerUpdate
from gateway.mqtt.events.envelope import CloudEvent, Data, Locale, Part, Phone
from gateway.mqtt.model import PLAIN


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise PydanticCustomError(
            "country", "must be a country of ISO 3166 in two capitals, like DE"
        )
    return code


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError("zone", "must be a name of the tz database, like Europe/Berlin")
    return name


class CustomerProperties(Part):
    """What is told; what is left out stays as it was."""

    phone: Phone
    """E.164, or national of the store's country. Another number than before needs a consent of its
    own."""
    country: Annotated[str, AfterValidator(_country)] | None = None
    """ISO 3166, two capitals."""
    postal_code: Annotated[str, PLAIN, Field(max_length=16)] | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    """Where the person lives, by its name in the tz database."""
    locale: Locale | None = None
    """The language to write in."""
    minor: bool | None = None
    """Whether the person is too young to be marketed to."""


class CustomerData(Data):
    """Of a customer."""

    event: Literal["Customer Updated"] | None = None
    properties: CustomerProperties


class CustomerUpdatedEvent(CloudEvent):
    """Where and who a person is. Names and addresses are not kept."""

    type: Literal["shop.customer.updated.v1"]
    data: CustomerData

    def content(self) -> CustomerUpdate:
        """Return what it says; see the base."""
        said = self.data.properties
        return CustomerUpdate(
            phone=said.phone,
            customer=self.customer,
            country=said.country,
            postal_code=said.postal_code,
            timezone=said.timezone,
            language=said.locale or self.data.locale,
            minor=said.minor,
        )
