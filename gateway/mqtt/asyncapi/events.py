"""The events of shops that bear on what may be sent, for the document."""

from __future__ import annotations

from typing import Any, Final

from gateway.mqtt.asyncapi.cloud import CLOUD_EVENTS, event, without
from gateway.mqtt.asyncapi.message import Example, Message, Refused
from gateway.mqtt.events import EVENTS

_CONSENT: Final = "shop.consent.updated.v1"
_PRIVACY: Final = "shop.privacy.requested.v1"
_CUSTOMER: Final = "shop.customer.updated.v1"

_GRANT: Final[dict[str, Any]] = {
    "phone": "+447700900123",
    "channel": "sms",
    "purpose": "marketing.offers",
    "state": "subscribed",
    "opt_in_level": "single_opt_in",
    "consent_updated_at": "2026-11-20T09:31:03Z",
    "consent_collected_from": "https://shop.example/checkout",
    "text_version": "sms-2026-03",
}
_REQUEST: Final[dict[str, Any]] = {
    "phone": "+447700900126",
    "kind": "object",
    "due_at": "2026-12-20T00:00:00Z",
}
_PERSON: Final[dict[str, Any]] = {
    "phone": "07700 900123",
    "country": "GB",
    "postal_code": "EC1A 1BB",
    "timezone": "Europe/London",
    "locale": "en-GB",
}

CUSTOMER: Final = Message(
    name=_CUSTOMER,
    title="Customer Updated",
    summary="Where and who a person is; another number than before needs a consent of its own.",
    model=EVENTS[_CUSTOMER],
    content_type=CLOUD_EVENTS,
    examples=(
        Example(
            name="customer",
            summary="A person in London who likes tea, and asked to be told of a product",
            payload=event(
                _CUSTOMER,
                1,
                **_PERSON,
                first_name="Ada",
                birthday="12-10",
                joined_at="2024-02-29T10:00:00Z",
                preferences=["tea", "product:p1"],
                tags=["wholesale"],
            ),
        ),
    ),
    refused=(
        Refused(
            summary="No number that can be reached",
            payload=event(_CUSTOMER, 101, **_PERSON | {"phone": "12"}),
            code="invalid_number",
            field="data.properties.phone",
        ),
        Refused(
            summary="A time zone that there is not",
            payload=event(_CUSTOMER, 102, **_PERSON | {"timezone": "London"}),
            code="invalid_value",
            field="data.properties.timezone",
        ),
        Refused(
            summary="A birthday that there is not",
            payload=event(_CUSTOMER, 116, **_PERSON, birthday="02-30"),
            code="invalid_value",
            field="data.properties.birthday",
        ),
        Refused(
            summary="A country that there is not",
            payload=event(_CUSTOMER, 103, **_PERSON | {"country": "UK"}),
            code="invalid_value",
            field="data.properties.country",
        ),
    ),
)

CONSENT_UPDATED: Final = Message(
    name=_CONSENT,
    title="Consent Updated",
    summary="A person allowed something in the shop, or took it back. `consent` says when it is "
    "written down.",
    model=EVENTS[_CONSENT],
    content_type=CLOUD_EVENTS,
    examples=(
        Example(
            name="subscribed",
            summary="A box was ticked at the checkout",
            payload=event(_CONSENT, 2, **_GRANT),
        ),
        Example(
            name="confirmed",
            summary="A double opt-in that the shop itself asked for",
            payload=event(
                _CONSENT,
                3,
                **_GRANT
                | {
                    "purpose": "marketing.cart",
                    "opt_in_level": "confirmed_opt_in",
                    "evidence_url": "https://shop.example/consents/551",
                    "language": "en",
                },
            ),
        ),
        Example(
            name="customer_of_similar_products",
            summary="An existing customer's, after a paid order and with the notice shown",
            payload=event(
                _CONSENT,
                4,
                **_GRANT
                | {
                    "purpose": "marketing.restock",
                    "legal_basis": "soft_opt_in",
                    "order_id": "1001",
                    "order_paid": True,
                    "categories": ["tea"],
                    "notice": "checkout-2026-03",
                },
            ),
        ),
        Example(
            name="unsubscribed",
            summary="Everything was switched off in the account; the number is known by the userId",
            payload=event(
                _CONSENT,
                5,
                channel="sms",
                purpose="marketing",
                state="unsubscribed",
                consent_updated_at="2026-11-20T10:00:00Z",
            ),
        ),
    ),
    refused=(
        Refused(
            summary="Not said for which channel",
            payload=event(_CONSENT, 104, **without(_GRANT, "channel")),
            code="missing_field",
            field="data.properties.channel",
        ),
        Refused(
            summary="Not said what for",
            payload=event(_CONSENT, 105, **without(_GRANT, "purpose")),
            code="missing_field",
            field="data.properties.purpose",
        ),
        Refused(
            summary="A consent to everything",
            payload=event(_CONSENT, 106, **_GRANT | {"purpose": "all"}),
            code="invalid_value",
            field="data.properties.purpose",
        ),
        Refused(
            summary="An existing customer whose order is not paid",
            payload=event(
                _CONSENT,
                115,
                **_GRANT
                | {"legal_basis": "soft_opt_in", "order_id": "1", "order_paid": False}
                | {"categories": ["tea"], "notice": "n-1"},
            ),
            code="invalid_value",
            field="data.properties.order_paid",
        ),
        Refused(
            summary="A consent to no wording",
            payload=event(_CONSENT, 107, **without(_GRANT, "text_version")),
            code="missing_field",
            field="data.properties.text_version",
        ),
        Refused(
            summary="A double opt-in without its proof",
            payload=event(_CONSENT, 108, **_GRANT | {"opt_in_level": "confirmed_opt_in"}),
            code="missing_field",
            field="data.properties.evidence_url",
        ),
        Refused(
            summary="A number in what is kept for good",
            payload=event(
                _CONSENT,
                109,
                **_GRANT | {"consent_collected_from": "https://shop.example/?tel=07700900123"},
            ),
            code="invalid_value",
            field="data.properties.consent_collected_from",
        ),
        Refused(
            summary="A customer whose number nobody told",
            payload=event(_CONSENT, 110, **without(_GRANT, "phone"))
            | {"subject": None}
            | {"data": {"userId": "9999", "properties": without(_GRANT, "phone")}},
            code="unknown_person",
            field="data.properties.phone",
        ),
        Refused(
            summary="From a time that is not yet",
            payload=event(_CONSENT, 111, **_GRANT) | {"time": "2099-11-20T09:31:04Z"},
            code="invalid_value",
            field="time",
        ),
        Refused(
            summary="A source that is no string",
            payload=event(_CONSENT, 112, **_GRANT) | {"source": 7},
            code="wrong_type",
            field="source",
        ),
        Refused(
            summary="A type that nobody takes",
            payload=event(_CONSENT, 113, **_GRANT) | {"type": "shop.consent.updated.v9"},
            code="unknown_type",
            field="type",
        ),
    ),
)

PRIVACY_REQUESTED: Final = Message(
    name=_PRIVACY,
    title="Privacy Requested",
    summary="A person asks for access, erasure or restriction, or objects to marketing.",
    model=EVENTS[_PRIVACY],
    content_type=CLOUD_EVENTS,
    examples=(
        Example(
            name="object",
            summary="The person objects to marketing, and to profiling for it",
            payload=event(_PRIVACY, 6, **_REQUEST),
        ),
        Example(
            name="restrict",
            summary="The person's data may be kept and not used",
            payload=event(_PRIVACY, 7, **_REQUEST | {"kind": "restrict"}),
        ),
        Example(
            name="access",
            summary="The person wants to see what is kept",
            payload=event(_PRIVACY, 8, **_REQUEST | {"kind": "access"}),
        ),
        Example(
            name="erase",
            summary="The person wants it gone",
            payload=event(_PRIVACY, 9, **_REQUEST | {"kind": "erase"}),
        ),
    ),
    refused=(
        Refused(
            summary="A right that there is not",
            payload=event(_PRIVACY, 114, **_REQUEST | {"kind": "forget"}),
            code="invalid_value",
            field="data.properties.kind",
        ),
    ),
)
