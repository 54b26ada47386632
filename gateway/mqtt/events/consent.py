"""``shop.consent.updated.v1``: a person allowed something in the shop, or took it back (G-3)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from gateway.domain.consent import ALL, Action, Basis
from gateway.domain.errors import RejectedError
from gateway.domain.event import ConsentUpdate
from gateway.mqtt.events.envelope import (
    CloudEvent,
    Data,
    Locale,
    Part,
    Phone,
    Url,
    Word,
)
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import Instant

_PLACE: Final = "data.properties"

_OF_A_SALE: Final = ("order_id", "order_paid", "categories", "notice")

_ACTIONS: Final = {
    "subscribed": Action.GRANTED,
    "unsubscribed": Action.WITHDRAWN,
    "pending": Action.REQUESTED,
}

_TOGETHER: Final[JsonDict] = {
    "allOf": [
        {
            "if": {"properties": {"state": {"enum": ["subscribed", "pending"]}}},
            "then": {
                "required": ["consent_collected_from", "text_version"],
                "properties": {
                    "consent_collected_from": {"type": "string"},
                    "text_version": {"type": "string"},
                    "purpose": {"not": {"const": ALL}},
                },
            },
        },
        {
            "if": {
                "properties": {
                    "state": {"enum": ["subscribed", "pending"]},
                    "opt_in_level": {"const": "confirmed_opt_in"},
                },
                "required": ["opt_in_level"],
            },
            "then": {
                "required": ["evidence_url"],
                "properties": {"evidence_url": {"type": "string"}},
            },
        },
        {
            "if": {
                "properties": {
                    "state": {"enum": ["subscribed", "pending"]},
                    "legal_basis": {"const": "soft_opt_in"},
                },
                "required": ["legal_basis"],
            },
            "then": {
                "required": list(_OF_A_SALE),
                "properties": {
                    "order_id": {"type": "string"},
                    "order_paid": {"const": True},
                    "categories": {"type": "array"},
                    "notice": {"type": "string"},
                },
            },
        },
    ]
}
"""What `ConsentUpdatedEvent.content` asks of a grant, in words of JSON Schema."""


class ConsentProperties(Part):
    """What changed, and what proves it."""

    model_config = ConfigDict(json_schema_extra=_TOGETHER)

    phone: Phone | None = None
    """E.164, or national of the store's country; may be left out for a customer whose number a
    `shop.customer.updated.v1` told."""
    channel: Literal["sms"]
    purpose: Literal[
        "marketing.offers",
        "marketing.restock",
        "marketing.cart",
        "transactional.order",
        "tracking",
        "profiling",
        "marketing",
        "all",
    ]
    """`marketing` is each of the first three; `all` is everything, and can only be taken back."""
    state: Literal["subscribed", "unsubscribed", "pending"]
    opt_in_level: Literal["single_opt_in", "confirmed_opt_in", "unknown"] = "unknown"
    """`confirmed_opt_in`: the person answered a message to this very number; `evidence_url` proves
    it."""
    consent_updated_at: Instant
    """When the person did it."""
    consent_collected_from: Url | None = None
    """Where: the URL of the form, or another name of the place. Needed for a consent."""
    text_version: Word | None = None
    """Which wording the person agreed to. Needed for a consent."""
    text_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of that wording in UTF-8, hex."""
    language: Locale | None = None
    """Of that wording; `data.context.locale` by default."""
    evidence_url: Url | None = None
    """Where what proves it can be seen."""
    valid_until: Instant | None = None
    """When a consent ends by itself, as one that a purchase implies does in Canada."""
    legal_basis: Literal["consent", "soft_opt_in"] = "consent"
    """`soft_opt_in`: an existing customer's, for similar products. It needs the next four."""
    order_id: Word | None = None
    """The order that makes a customer: an account or a cart does not."""
    order_paid: bool | None = None
    """It has to be."""
    categories: Annotated[list[Word], Field(min_length=1, max_length=50)] | None = None
    """What was bought, and what is similar to it."""
    notice: Word | None = None
    """Which notice of the right to object was shown then."""

    @property
    def gives(self) -> bool:
        """Whether a consent is given, or about to be."""
        return self.state != "unsubscribed"


class ConsentData(Data):
    """Of a change of consent."""

    event: Literal["Consent Updated"] | None = None
    properties: ConsentProperties


class ConsentUpdatedEvent(CloudEvent):
    """A person allowed something, or took it back. Told on `consent` when it is written down."""

    type: Literal["shop.consent.updated.v1"]
    data: ConsentData

    def content(self) -> ConsentUpdate:
        """Return what it says; see the base."""
        said = self.data.properties
        if said.gives:
            self._require_proof(said)
        phone, customer = self.whom(said.phone)
        return ConsentUpdate(
            phone=phone,
            customer=customer,
            purpose=said.purpose,
            action=_ACTIONS[said.state],
            at=said.consent_updated_at,
            basis=Basis(said.legal_basis),
            confirmed=said.opt_in_level == "confirmed_opt_in",
            until=said.valid_until,
            text_version=said.text_version,
            text_digest=said.text_digest,
            language=said.language or self.data.locale,
            source=said.consent_collected_from,
            evidence=self._evidence(said),
        )

    def _require_proof(self, said: ConsentProperties) -> None:
        """Ask of a consent what shows later that there was one (G-1, G-2, E-1)."""
        if said.purpose == ALL:  # G-2
            raise self._wrong("purpose", "all can only be taken back: a consent names what for")
        needed = {"consent_collected_from": "of a consent", "text_version": "of a consent"}
        if said.opt_in_level == "confirmed_opt_in":
            needed["evidence_url"] = "of a confirmed_opt_in"
        if said.legal_basis == "soft_opt_in":
            needed |= dict.fromkeys(_OF_A_SALE, "of a soft_opt_in")
        for field, why in needed.items():
            if getattr(said, field) is None:
                raise self.lacks(f"{_PLACE}.{field}", why)
        if said.legal_basis == "soft_opt_in" and not said.order_paid:
            raise self._wrong("order_paid", "must be true of a soft_opt_in")

    def _wrong(self, field: str, rule: str) -> RejectedError:
        place = f"{_PLACE}.{field}"
        return RejectedError(Fault.INVALID_VALUE, f"{place} {rule}", field=place, job=self.id)

    def _evidence(self, said: ConsentProperties) -> dict[str, object]:
        evidence = {
            "event": self.id,
            "event_source": self.source,
            "url": said.evidence_url,
            "order": said.order_id,
            "categories": said.categories,
            "notice": said.notice,
        }
        return {name: value for name, value in evidence.items() if value is not None}
