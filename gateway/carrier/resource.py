"""The message resource of the API that Twilio made common: its forms and its JSON, without I/O.

https://www.twilio.com/docs/messaging/api/message-resource; SignalWire and others speak it too.
Instants there are written as in e-mail (RFC 2822).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from gateway.carrier.carrier import Carried, CarriedState, Message, Received
from gateway.carrier.codes import NOBODY, words_of
from gateway.domain.ids import CarriedId

PAGE_SIZE: Final = 1000
"""The most that the API gives in a page."""

SERVICE: Final = "MG"
"""What the id of a pool of senders begins with."""

LONGEST_VALIDITY: Final = timedelta(hours=10)
"""The API's own limit, and what holds when none is given."""

_LONGEST_ID: Final = 64

_STATES: Final = {
    "sent": CarriedState.SENT,
    "delivered": CarriedState.DELIVERED,
    "read": CarriedState.DELIVERED,
    "undelivered": CarriedState.UNDELIVERED,
    "partially_delivered": CarriedState.UNDELIVERED,
    "failed": CarriedState.UNDELIVERED,
    "canceled": CarriedState.UNDELIVERED,
}
"""The others, `queued` and `sending` among them, say no more than that the carrier has it."""


class ResourceError(ValueError):
    """What came is no resource of this API; the text reads on from ``answered with``."""


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object as it came."""

    fields: Mapping[str, Any]

    @property
    def code(self) -> int | None:
        """The code of an error."""
        return _code(self.fields.get("code"))

    def text(self, key: str) -> str:
        """Return a text.

        Raises:
            ResourceError: there is none.
        """
        value = self.fields.get(key)
        if not isinstance(value, str):
            raise ResourceError(f"no {key}")
        return value


def read_document(body: bytes) -> Document | None:
    """Return the JSON object in a body, or None when it is none."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return Document(fields) if isinstance(fields, dict) else None


def form_of(message: Message, sender: str) -> dict[str, str]:
    """Return the form that asks to send a message.

    Args:
        message: what to send.
        sender: a number, a short code, a name, or the id of a pool of senders.
    """
    form = {"To": message.recipient, "Body": message.text}
    form["MessagingServiceSid" if sender.startswith(SERVICE) else "From"] = sender
    if message.validity is not None and message.validity < LONGEST_VALIDITY:
        form["ValidityPeriod"] = str(max(1, int(message.validity.total_seconds())))
    return form


def query_of(sender: str, since: datetime, *, inbound: bool) -> dict[str, str]:
    """Return the question for what was sent from, or came to, ``sender``.

    A pool of senders cannot be asked for; then all that the account has is, and `is_of` sorts.
    """
    query = {
        "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "PageSize": str(PAGE_SIZE),
    }
    if not sender.startswith(SERVICE):
        query["To" if inbound else "From"] = sender
    return query


def read_page(document: Document) -> tuple[list[Document], str | None]:
    """Return the messages of a page, and where the next page is, if there is one.

    Raises:
        ResourceError: it is no page.
    """
    found = document.fields.get("messages")
    if not isinstance(found, list):
        raise ResourceError("no list of messages")
    following = document.fields.get("next_page_uri")
    if following is not None and not isinstance(following, str):
        raise ResourceError("no next_page_uri")
    return [Document(one) for one in found if isinstance(one, dict)], following or None


def is_of(document: Document, sender: str, *, inbound: bool) -> bool:
    """Tell whether a message is one of those that were asked for."""
    if (document.fields.get("direction") == "inbound") is not inbound:
        return False
    pool = document.fields.get("messaging_service_sid")
    return not sender.startswith(SERVICE) or pool == sender


def read_carried(document: Document) -> Carried:
    """Return a message of ours.

    Raises:
        ResourceError: it is none.
    """
    state, reason = read_state(document)
    return Carried(
        id=read_carried_id(document),
        recipient=document.text("to"),
        text=document.text("body"),
        state=state,
        created_at=_instant(document, "date_created"),
        reason=reason,
        nobody=state is CarriedState.UNDELIVERED and _error_code(document) == NOBODY,
    )


def read_received(document: Document) -> Received:
    """Return a message of a person's.

    Raises:
        ResourceError: it is none.
    """
    return Received(
        id=read_carried_id(document),
        sender=document.text("from"),
        text=document.text("body"),
        received_at=_instant(document, "date_created"),
    )


def read_carried_id(document: Document) -> CarriedId:
    """Return what the carrier calls a message.

    Raises:
        ResourceError: there is no id.
    """
    name = document.text("sid")
    if not (0 < len(name) <= _LONGEST_ID and name.isascii() and name.isalnum()):
        raise ResourceError("no usable sid")
    return CarriedId(name)


def read_state(document: Document) -> tuple[CarriedState, str | None]:
    """Return how far a message has come, and words for it where it failed."""
    status = str(document.fields.get("status"))
    state = _STATES.get(status, CarriedState.TAKEN)
    if state is not CarriedState.UNDELIVERED:
        return state, None
    code = _error_code(document)
    return state, f"carrier {status}" if code is None else words_of(code)


def _error_code(document: Document) -> int | None:
    return _code(document.fields.get("error_code"))


def _code(value: object) -> int | None:
    """Return a code, which some write as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _instant(document: Document, key: str) -> datetime:
    try:
        instant = parsedate_to_datetime(document.text(key))
    except (ValueError, OverflowError) as error:
        if isinstance(error, ResourceError):
            raise
        raise ResourceError(f"no instant as {key}") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
