"""What stores publish, for the document."""

from __future__ import annotations

from typing import Any, Final

from gateway.mqtt.asyncapi.events import CONSENT_UPDATED, CUSTOMER, PRIVACY_REQUESTED
from gateway.mqtt.asyncapi.happenings import HAPPENINGS
from gateway.mqtt.asyncapi.message import Example, Message, Refused
from gateway.mqtt.payloads import CancelPayload, JobPayload
from gateway.mqtt.topics import Inward

_SHIPPED: Final[dict[str, Any]] = {
    "id": "order-1001-shipped",
    "to": "+447700900123",
    "text": "Your order has shipped.",
    "purpose": "transactional",
}

JOB: Final = Message(
    name="job",
    title="Job",
    summary="One message to one person. Publish it again until `accepted` or `rejected` is heard.",
    model=JobPayload,
    examples=(
        Example(
            name="shipped",
            summary="What a job needs, and until when it is of use",
            payload=_SHIPPED | {"expires_at": "2099-11-23T18:00:00Z"},
        ),
        Example(
            name="later",
            summary="A national number of the store's country, not before a time, without a report",
            payload={
                "id": "order-1002:pickup",
                "to": "07700 900124",
                "text": "Your order waits for you until six.",
                "purpose": "transactional",
                "send_at": "2099-11-23T10:30:00+01:00",
                "report": False,
            },
        ),
        Example(
            name="code",
            summary="A one-time password, the most urgent of the three purposes",
            payload={
                "id": "login-77",
                "to": "+447700900125",
                "text": "482913 is your code.",
                "purpose": "otp",
            },
        ),
    ),
    refused=(
        Refused(
            summary="The text is missing",
            payload={key: value for key, value in _SHIPPED.items() if key != "text"},
            code="missing_field",
            field="text",
        ),
        Refused(
            summary="A misspelt field",
            payload=_SHIPPED | {"expire_at": "2026-11-23T18:00:00Z"},
            code="unknown_field",
            field="expire_at",
        ),
        Refused(
            summary="A number where a string is wanted",
            payload=_SHIPPED | {"to": 447700900123},
            code="wrong_type",
            field="to",
        ),
        Refused(
            summary="No number that can be reached",
            payload=_SHIPPED | {"to": "+44"},
            code="invalid_number",
            field="to",
        ),
        Refused(
            summary="A time without a zone",
            payload=_SHIPPED | {"send_at": "2026-11-23T09:30:00"},
            code="invalid_value",
            field="send_at",
        ),
        Refused(
            summary="A purpose that there is not",
            payload=_SHIPPED | {"purpose": "promotion"},
            code="invalid_value",
            field="purpose",
        ),
        Refused(
            summary="A scope of another purpose",
            payload=_SHIPPED | {"scope": "cart"},
            code="invalid_value",
            field="scope",
        ),
        Refused(
            summary="Longer than ten parts",
            payload=_SHIPPED | {"text": "x" * 1531},
            code="too_many_parts",
            field="text",
        ),
        Refused(
            summary="Marketing without consent on record",
            payload=_SHIPPED | {"id": "sale-1", "purpose": "marketing"},
            code="no_consent",
            field="purpose",
        ),
        Refused(summary="No object", payload=[_SHIPPED], code="wrong_type", field=None),
    ),
)

CANCEL: Final = Message(
    name="cancel",
    title="Cancel",
    summary="Takes a job back of which nothing was handed to a modem.",
    model=CancelPayload,
    examples=(
        Example(
            name="taken_back",
            summary="The job of the example `later`",
            payload={"id": "order-1002:pickup"},
        ),
    ),
    refused=(
        Refused(
            summary="There is no such job",
            payload={"id": "order-9999"},
            code="unknown_job",
            field="id",
        ),
        Refused(
            summary="No id that a job can have",
            payload={"id": "order 1002"},
            code="invalid_value",
            field="id",
        ),
    ),
)

PUBLISHED: Final = {
    Inward.JOBS: (JOB,),
    Inward.CANCEL: (CANCEL,),
    Inward.EVENTS: (CUSTOMER, *HAPPENINGS, CONSENT_UPDATED, PRIVACY_REQUESTED),
}
"""By topic; a payload is one of the messages of its topic and of no other."""
