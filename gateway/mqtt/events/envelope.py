"""The envelope of an event: CloudEvents 1.0, structured JSON (EVENTS.md section 2).

Inside, ``data`` has the fields of Segment's V2 events, and Shopify's where Segment has none. Fields
that we do not know are the store's business and are let pass: shops send one event to many.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field

from gateway.domain.errors import RejectedError
from gateway.domain.event import Content
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import PLAIN, Instant, Payload
from gateway.mqtt.payloads import MAX_NUMBER_CHARACTERS

MAX_NAME: Final = 256
"""Characters of an id or a source: a UUID has 36, a URL of a shop rarely a hundred."""

MAX_CUSTOMER: Final = 128
MAX_URL: Final = 1024
MAX_WORD: Final = 64

_CUSTOMER_SUBJECT: Final = "customer/"

# No control characters: ids are said back, and logged by stores.
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]
Word = Annotated[str, PLAIN, Field(max_length=MAX_WORD)]
Url = Annotated[str, PLAIN, Field(max_length=MAX_URL)]
Phone = Annotated[str, Field(min_length=1, max_length=MAX_NUMBER_CHARACTERS)]
Customer = Annotated[str, PLAIN, Field(max_length=MAX_CUSTOMER)]


class Part(Payload):
    """A part of an event; what it has besides is let pass."""

    model_config = ConfigDict(extra="ignore")


_LANGUAGE_RULE: Final = "must be a language tag (BCP 47), like de-DE"


def _language(locale: str) -> str:
    """Return a locale as a language tag; shops write ``de_DE`` as well."""
    return locale.replace("_", "-")


Locale = Annotated[
    str,
    Field(max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"),
    AfterValidator(_language),
]


class Context(Part):
    """Segment's ``context``, of which one thing is used: a device's zone is nobody's home."""

    locale: Locale | None = None


class Data(Part):
    """Segment's message, without its envelope."""

    user_id: Annotated[Customer | None, Field(alias="userId")] = None
    """What the store calls the person."""
    context: Context | None = None

    @property
    def locale(self) -> str | None:
        """The language that the person uses the shop in."""
        return None if self.context is None else self.context.locale


class CloudEvent(Part, ABC):
    """An event; each type has a model of its own, with a constant ``type``."""

    rules: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "specversion": "must be '1.0'",
            "id": f"must have 1 to {MAX_NAME} characters, and no control characters",
            "source": f"must have 1 to {MAX_NAME} characters, and no control characters",
            "phone": f"must be a phone number of at most {MAX_NUMBER_CHARACTERS} characters",
            "locale": _LANGUAGE_RULE,
            "language": _LANGUAGE_RULE,
            "text_digest": "must be SHA-256 in hex: 64 of 0-9 a-f",
        }
    )

    specversion: Literal["1.0"]
    id: Name
    """With `source` it names the event for ever: the same again is one event."""
    source: Name
    """Which shop, or which part of one, as a URI reference."""
    type: str
    time: Instant
    """When it happened."""
    subject: Name | None = None
    """The customer, as `customer/` and what the store calls the person."""
    datacontenttype: Literal["application/json"] | None = None
    history: bool = False
    """Whether it only fills in the past: it is kept, and no message comes of it."""
    data: Data

    @property
    def customer(self) -> str | None:
        """What the store calls the person."""
        if self.data.user_id is not None:
            return self.data.user_id
        subject = self.subject or ""
        named = subject.startswith(_CUSTOMER_SUBJECT) and len(subject) <= MAX_CUSTOMER
        return subject.removeprefix(_CUSTOMER_SUBJECT) or None if named else None

    @abstractmethod
    def content(self) -> Content:
        """Return what it says.

        Raises:
            RejectedError: what is needed together is not there.
        """

    def whom(self, phone: str | None) -> tuple[str | None, str | None]:
        """Return the person's number and name with the store.

        Raises:
            RejectedError: there is neither.
        """
        if phone is None and self.customer is None:
            raise self.lacks("data.properties.phone", "or data.userId")
        return phone, self.customer

    def lacks(self, place: str, why: str) -> RejectedError:
        """Return the refusal of an event that says too little."""
        return RejectedError(
            Fault.MISSING_FIELD, f"{place} is required {why}", field=place, job=self.id
        )
