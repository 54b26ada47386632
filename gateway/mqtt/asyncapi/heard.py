"""What the gateway publishes, for the document."""

from __future__ import annotations

from typing import Final

from gateway.domain.outward import Outward
from gateway.mqtt.asyncapi.message import Example, Message
from gateway.mqtt.told import (
    ClickTold,
    ConsentTold,
    InboundTold,
    PresenceTold,
    RejectedTold,
    StatusTold,
)

STATUS: Final = Message(
    name="status",
    title="Status",
    summary="How far a job has come. At least once each, in order, `seq` rising by one.",
    model=StatusTold,
    examples=(
        Example(
            name="accepted",
            summary="On the gateway's disk; from here on it is the gateway's",
            payload={
                "id": "order-1001-shipped",
                "state": "accepted",
                "seq": 1,
                "at": "2026-11-23T09:00:00.000Z",
                "parts": {"total": 1, "sent": 0, "delivered": 0},
                "modem": None,
                "reason": None,
            },
        ),
        Example(
            name="deferred",
            summary="Waits, until not_before",
            payload={
                "id": "order-1003-shipped",
                "state": "deferred",
                "seq": 2,
                "at": "2026-11-23T09:00:01.250Z",
                "parts": {"total": 1, "sent": 0, "delivered": 0},
                "modem": None,
                "reason": "every line that may send it has reached its daily limit",
                "not_before": "2026-11-24T00:00:00.000Z",
            },
        ),
        Example(
            name="delivered",
            summary="The network reported that every part arrived",
            payload={
                "id": "order-1001-shipped",
                "state": "delivered",
                "seq": 3,
                "at": "2026-11-23T09:00:07.031Z",
                "parts": {"total": 1, "sent": 1, "delivered": 1},
                "modem": "m0",
                "reason": None,
            },
        ),
    ),
)

REJECTED: Final = Message(
    name="rejected",
    title="Rejected",
    summary="What a store published was refused and changed nothing.",
    model=RejectedTold,
    examples=(
        Example(
            name="invalid_number",
            summary="A field is wrong",
            payload={
                "id": "order-1001-shipped",
                "error": {
                    "code": "invalid_number",
                    "field": "to",
                    "message": "to has 2 digits; no number of GB is so short",
                },
                "at": "2026-11-23T09:00:00.000Z",
            },
        ),
        Example(
            name="not_json",
            summary="Not even its id can be read",
            payload={
                "id": None,
                "error": {
                    "code": "not_json",
                    "field": None,
                    "message": "the payload is empty; a JSON object is wanted",
                },
                "at": "2026-11-23T09:00:00.000Z",
            },
        ),
    ),
)

INBOUND: Final = Message(
    name="inbound",
    title="Inbound",
    summary="What a person wrote. At least once each, under one `id`.",
    model=InboundTold,
    examples=(
        Example(
            name="answer",
            summary="A text that answers a job",
            payload={
                "id": "4f9c2c7e0d6b4f0f8f2a5a51f3d7a6b1",
                "from": "+447700900123",
                "to_modem": "m0",
                "text": "Thank you!",
                "received_at": "2026-11-23T09:12:44.870Z",
                "in_reply_to": "order-1001-shipped",
            },
        ),
        Example(
            name="picture",
            summary="The notification of a picture message, of which a part never came",
            payload={
                "id": "7d2f1f0c3b5a49f6a0c4d81a6f0e2b93",
                "from": "+447700900125",
                "to_modem": "m0",
                "text": None,
                "received_at": "2026-11-23T10:02:03.004Z",
                "in_reply_to": None,
                "kind": "mms",
                "data": "00061E6170706C69636174696F6E2F",
                "missing": [2],
            },
        ),
    ),
)

CONSENT: Final = Message(
    name="consent",
    title="Consent",
    summary="What a person now allows or forbids, however it came to be. Apply it to your records.",
    model=ConsentTold,
    examples=(
        Example(
            name="stop",
            summary="The person wrote STOP",
            payload={
                "to": "+447700900123",
                "person": "gzx2vwaYlIHR",
                "channel": "sms",
                "purpose": "marketing",
                "state": "unsubscribed",
                "opt_in_level": "single_opt_in",
                "method": "keyword",
                "changed_at": "2026-11-23T09:12:44.870Z",
                "at": "2026-11-23T09:12:44.912Z",
            },
        ),
        Example(
            name="erased",
            summary="Everything of the person is deleted; delete yours too",
            payload={
                "to": None,
                "jobs": ["order-1001-shipped"],
                "person": "gzx2vwaYlIHR",
                "channel": "sms",
                "purpose": "all",
                "state": "erased",
                "opt_in_level": "single_opt_in",
                "method": "event",
                "changed_at": "2026-11-23T10:00:00.000Z",
                "at": "2026-11-23T10:00:00.250Z",
            },
        ),
    ),
)

CLICK: Final = Message(
    name="click",
    title="Click",
    summary="A person opened a link of a message. At least once each, under one `id`.",
    model=ClickTold,
    examples=(
        Example(
            name="nobodys",
            summary="Of a link that all persons of a campaign share: nothing tells who",
            payload={
                "id": "17",
                "at": "2026-11-23T09:12:44.870Z",
                "url": "https://shop.example/sale",
                "campaign": "campaign.black-friday",
                "product_id": None,
                "machine": False,
            },
        ),
        Example(
            name="private",
            summary="Of the page of a cart, which would tell whose it is",
            payload={
                "id": "19",
                "at": "2026-11-23T09:14:10.000Z",
                "url": None,
                "campaign": "flow.abandoned-cart",
                "product_id": None,
                "machine": False,
            },
        ),
        Example(
            name="persons",
            summary="Of a person who allowed to be tracked",
            payload={
                "id": "18",
                "at": "2026-11-23T09:13:02.113Z",
                "url": "https://shop.example/r/k-551",
                "campaign": "flow.abandoned-cart",
                "product_id": "p1",
                "machine": False,
                "job": "flow.abandoned-cart.4f9c2c7e0d6b4f0f8f2a",
                "person": "gzx2vwaYlIHR",
                "customer": "8812",
            },
        ),
    ),
)

PRESENCE: Final = Message(
    name="presence",
    title="Presence",
    summary="Whether a gateway is there and what it can do. Retained; also its last will.",
    model=PresenceTold,
    examples=(
        Example(
            name="online",
            summary="At work",
            payload={
                "modems": 2,
                "ready": 1,
                "node": "box-1",
                "state": "online",
                "at": "2026-11-23T09:00:00.000Z",
            },
        ),
        Example(
            name="vanished",
            summary="What the broker says of one that is gone without a word",
            payload={"node": "box-1", "state": "offline", "at": None},
        ),
    ),
)

HEARD: Final = {
    Outward.STATUS: (STATUS,),
    Outward.REJECTED: (REJECTED,),
    Outward.INBOUND: (INBOUND,),
    Outward.CONSENT: (CONSENT,),
    Outward.CLICKS: (CLICK,),
}
"""By topic."""
