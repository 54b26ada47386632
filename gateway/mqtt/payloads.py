"""Jobs and cancels as stores publish them.

What every payload has in common is in `gateway.mqtt.model`. Whether a well formed job is allowed,
new and in time is admission's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from gateway.dispatch.entries import CancelRequest
from gateway.domain.consent import ASKED_SCOPES, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.ids import Campaign, JobId, StoreName
from gateway.domain.job import NEVER, JobRequest
from gateway.domain.purpose import Purpose
from gateway.mqtt.document import Document, read_document
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import INSTANT_RULE, PLAIN, Id, Instant, Payload, validate

MAX_NUMBER_CHARACTERS: Final = 64
"""E.164 has 16 with its plus; the rest is room for blanks, dashes and brackets."""

MAX_CATEGORY_CHARACTERS: Final = 64
MAX_TEMPLATE_CHARACTERS: Final = 64

MAX_VARS: Final = 500
MAX_VAR_DEPTH: Final = 6
MAX_VAR_DIGITS: Final = 15
MAX_VAR: Final = Decimal(10) ** MAX_VAR_DIGITS
"""An order with twenty lines has two hundred values, three deep."""

_TOGETHER: Final[JsonDict] = {
    "oneOf": [
        {
            "required": ["text"],
            "properties": {
                "text": {"type": "string"},
                "template": {"type": "null"},
                "vars": {"type": "null"},
            },
        },
        {
            "required": ["template"],
            "properties": {"template": {"type": "string"}, "text": {"type": "null"}},
        },
    ],
    "if": {"properties": {"purpose": {"const": "marketing"}}},
    "then": {"properties": {"scope": {"enum": ["offers", "restock", "cart", None]}}},
    "else": {"properties": {"scope": {"enum": ["order", None]}}},
}
"""What `_text` and `_scope` hold of a job, in words of JSON Schema."""


_RULES: Final = MappingProxyType(
    {
        "id": "must be 1 to 64 of A-Z a-z 0-9 . _ : -",
        "to": f"must be a phone number of at most {MAX_NUMBER_CHARACTERS} characters",
        "text": "must not be empty or hold the character NUL",
        "template": f"must have 1 to {MAX_TEMPLATE_CHARACTERS} characters, and not NUL",
        "purpose": f"must be one of {', '.join(Purpose)}",
        "send_at": INSTANT_RULE,
        "expires_at": INSTANT_RULE,
        "campaign": "must be 1 to 64 of A-Z a-z 0-9 . _ : -",
        "category": f"must have 1 to {MAX_CATEGORY_CHARACTERS} characters, and not NUL",
    }
)


class JobPayload(Payload):
    """``shopbell/v1/{store}/jobs``: one message to one person."""

    model_config = ConfigDict(json_schema_extra=_TOGETHER)
    rules: ClassVar[Mapping[str, str]] = _RULES

    id: Id
    """With the store it names the job for ever: the same job again is one job."""
    to: Annotated[str, Field(min_length=1, max_length=MAX_NUMBER_CHARACTERS)]
    """E.164, or a national number of the store's country."""
    text: Annotated[str, PLAIN] | None = None
    """What is sent; at most 10 parts."""
    template: Annotated[str, PLAIN, Field(max_length=MAX_TEMPLATE_CHARACTERS)] | None = None
    """Instead of `text`: the name of a template that the gateway has."""
    vars: dict[str, Any] | None = None
    """What stands in the places of the template."""
    purpose: Annotated[Purpose, Field(strict=False)]
    """Urgency falls in the order otp, transactional, marketing; marketing needs consent."""
    send_at: Instant | None = None
    """Not before."""
    expires_at: Instant | None = None
    """Not handed to a modem at or after this; after `send_at`."""
    report: bool = True
    """Whether the network is asked for a delivery report."""
    scope: Literal["offers", "restock", "cart", "order"] | None = None
    """What it is about, within its purpose: of marketing offers (the default), restock or cart;
    of the others order."""
    category: Annotated[str, PLAIN, Field(max_length=MAX_CATEGORY_CHARACTERS)] | None = None
    """Of the products that it is about; an existing customer's soft opt-in needs it."""
    campaign: Id | None = None
    """What it belongs to: campaigns of a store get equal shares of its lines."""


class CancelPayload(Payload):
    """``shopbell/v1/{store}/cancel``: a job is taken back."""

    rules: ClassVar[Mapping[str, str]] = _RULES

    id: Id
    """The job's."""


def parse_job(store: StoreName, payload: bytes) -> JobRequest:
    """Read a job.

    Args:
        store: from the topic.
        payload: as it came.

    Raises:
        RejectedError: the first thing that is wrong with it, with the job's id where readable.
    """
    return read_job(store, read_document(payload))


def read_job(store: StoreName, document: Document) -> JobRequest:
    """Read a job from a JSON object, as `gateway.mqtt.document` has it.

    Raises:
        RejectedError: the first thing that is wrong with it, with the job's id where readable.
    """
    job = validate(JobPayload, document)
    _check_words(job)
    return JobRequest(
        store=store,
        id=JobId(job.id),
        to=job.to,
        text=job.text or "",
        purpose=job.purpose,
        send_at=job.send_at,
        expires_at=_deadline(job),
        report=job.report,
        scope=_scope(job),
        category=job.category,
        campaign=None if job.campaign is None else Campaign(job.campaign),
        template=job.template,
        vars=job.vars or {},
    )


def parse_cancel(store: StoreName, payload: bytes) -> CancelRequest:
    """Read a cancel.

    Raises:
        RejectedError: the first thing that is wrong with it, with the job's id where readable.
    """
    return CancelRequest(store=store, id=JobId(validate(CancelPayload, read_document(payload)).id))


def _scope(job: JobPayload) -> Scope | None:
    """Return what a job is about; each purpose has its own."""
    if job.scope is None:
        return None
    known = ASKED_SCOPES[job.purpose]
    if job.scope not in known:
        raise RejectedError(
            Fault.INVALID_VALUE,
            f"scope of a {job.purpose} job must be one of {', '.join(sorted(known))}",
            field="scope",
            job=job.id,
        )
    return Scope(job.scope)


def _check_words(job: JobPayload) -> None:
    """Refuse a job whose words do not come from exactly one source."""
    if job.text is not None and job.template is not None:
        raise RejectedError(
            Fault.INVALID_VALUE, "give text or template, not both", field="template", job=job.id
        )
    if job.template is not None:
        _check_vars(job)
        return
    if job.vars is not None:
        raise RejectedError(
            Fault.INVALID_VALUE, "vars go with a template only", field="vars", job=job.id
        )
    if job.text is None:
        raise RejectedError(
            Fault.MISSING_FIELD, "text or template is required", field="text", job=job.id
        )


def _check_vars(job: JobPayload) -> None:
    """Refuse values that nobody needs to word a text, before anything goes through them."""
    left: list[tuple[Any, int]] = [(job.vars or {}, 0)]
    seen = 0
    while left:
        value, depth = left.pop()
        seen += 1
        large = isinstance(value, int | Decimal) and not -MAX_VAR < value < MAX_VAR
        if large or depth > MAX_VAR_DEPTH or seen > MAX_VARS:
            raise RejectedError(
                Fault.INVALID_VALUE,
                f"vars may hold {MAX_VARS} values, {MAX_VAR_DEPTH} deep, and numbers of at most "
                f"{MAX_VAR_DIGITS} digits",
                field="vars",
                job=job.id,
            )
        if isinstance(value, dict):
            left += [(part, depth + 1) for part in value.values()]
        elif isinstance(value, list):
            left += [(part, depth + 1) for part in value]


def _deadline(job: JobPayload) -> datetime:
    if job.expires_at is None:
        return NEVER
    if job.send_at is not None and job.expires_at <= job.send_at:
        raise RejectedError(
            Fault.INVALID_VALUE, "expires_at must be after send_at", field="expires_at", job=job.id
        )
    return job.expires_at
