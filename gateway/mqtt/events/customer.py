"""``shop.customer.updated.v1``: where and who a person is, for the rules that depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from gateway.domain.event import CustomerUpdate
from gateway.mqtt.events.envelope import MAX_WORD, CloudEvent, Data, Locale, Part, Phone
from gateway.mqtt.events.happening import Label
from gateway.mqtt.model import PLAIN, Instant

MOST_WORDS: Final = 100
_MONTH_AND_DAY: Final = (
    r"(02-(0[1-9]|[12][0-9])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))"
)
_BIRTHDAY: Final = rf"^([0-9]{{4}}-)?{_MONTH_AND_DAY}(T[0-9:.]+Z?)?$"
_DAY_LENGTH: Final = len("11-26")


def _month_and_day(birthday: str) -> str:
    """Leave the year out: who is to be congratulated is no more to be known of (Art. 5(1)(c))."""
    day = birthday.partition("T")[0]
    return day[-_DAY_LENGTH:]


Birthday = Annotated[str, Field(max_length=35, pattern=_BIRTHDAY), AfterValidator(_month_and_day)]
FirstName = Annotated[str, Field(max_length=MAX_WORD, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[list[Label], Field(max_length=MOST_WORDS)]


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
    """What is told; what is left out stays as it was. Segment's spellings are read as well."""

    phone: Phone | None = None
    """E.164, or national of the store's country; it may be left out of a customer whose number is
    known. Another number than before needs a consent of its own."""
    country: Annotated[str, AfterValidator(_country)] | None = None
    """ISO 3166, two capitals."""
    postal_code: Annotated[str, PLAIN, Field(max_length=16)] | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    """Where the person lives, by its name in the tz database."""
    locale: Locale | None = None
    """The language to write in."""
    minor: bool | None = None
    """Whether the person is too young to be marketed to."""
    first_name: FirstName | None = None
    """For texts that call the person by it."""
    first_name_of_segment: Annotated[FirstName | None, Field(alias="firstName")] = None
    """The same."""
    birthday: Birthday | None = None
    """`MM-DD`, or a whole date, of which the year is not kept."""
    joined_at: Instant | None = None
    """Since when the store knows the person."""
    joined_at_of_segment: Annotated[Instant | None, Field(alias="createdAt")] = None
    """The same."""
    preferences: Words | None = None
    """What the person likes: categories, or `product:` and the id of one to be told of. All of
    them: what is not in the list any more is forgotten."""
    tags: Words | None = None
    """What the store calls the person; all of them, too."""


class CustomerData(Data):
    """Of a customer."""

    event: Literal["Customer Updated"] | None = None
    properties: CustomerProperties


class CustomerUpdatedEvent(CloudEvent):
    """Where and who a person is. Last names, streets and email addresses are not kept."""

    rules: ClassVar[Mapping[str, str]] = MappingProxyType(
        {**CloudEvent.rules, "birthday": "must be a day of the year, like 11-26, or a date"}
    )

    type: Literal["shop.customer.updated.v1"]
    data: CustomerData

    def content(self) -> CustomerUpdate:
        """Return what it says; see the base."""
        said = self.data.properties
        phone, customer = self.whom(said.phone)
        return CustomerUpdate(
            phone=phone,
            customer=customer,
            country=said.country,
            postal_code=said.postal_code,
            timezone=said.timezone,
            language=said.locale or self.data.locale,
            minor=said.minor,
            first_name=said.first_name or said.first_name_of_segment or None,
            birthday=said.birthday,
            joined_at=said.joined_at or said.joined_at_of_segment,
            preferences=_words(said.preferences),
            tags=_words(said.tags),
        )


def _words(said: list[str] | None) -> tuple[str, ...] | None:
    """Return words, each once; None where none were told, which is not the same as no words."""
    return None if said is None else tuple(dict.fromkeys(word for word in said if word))
