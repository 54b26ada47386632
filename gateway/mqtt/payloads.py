"""What stores publish, as models: the contract's jobs and cancels, and the words for each fault.

Types are strict: ``"1"`` is no number and ``1`` is no string. ``null`` stands for a field that is
left out, where a field may be left out. Nothing here looks at a clock or into the database: the
same bytes always give the same answer, also when the broker delivers them again a day later.
Whether a well formed job is allowed, new and in time is admission's to say.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails, PydanticCustomError

from gateway.dispatch.entries import CancelRequest
from gateway.domain.consent import ASKED_SCOPES, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import NEVER, JobRequest
from gateway.domain.purpose import Purpose
from gateway.mqtt.document import (
    MAX_SHOWN_KEY,
    Document,
    json_type,
    read_document,
    readable_id,
    show_key,
)
from gateway.mqtt.faults import Fault

MAX_NUMBER_CHARACTERS: Final = 64
"""E.164 has 16 with its plus; the rest is room for blanks, dashes and brackets."""

MAX_CATEGORY_CHARACTERS: Final = 64

_RFC3339_ECMA: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
"""As it may stand in a JSON Schema, where ``$`` is the very end."""

_RFC3339: Final = re.compile(_RFC3339_ECMA.removesuffix("$") + r"\Z")


def _read_instant(value: object) -> object:
    """Turn a string into an aware instant in UTC; leave anything else to the strict type."""
    if not isinstance(value, str):
        return value
    if not _RFC3339.match(value):
        raise PydanticCustomError("instant", _INSTANT)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("instant", _INSTANT) from error


_INSTANT: Final = "must be a date and time with a zone (RFC 3339), like 2026-11-23T09:30:00Z"

_PLAIN: Final = Field(min_length=1, pattern=r"^[^\x00]*$")
"""PostgreSQL keeps no NUL."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    # Said to stores in words of JSON Schema; it is `_read_instant` that decides.
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _RFC3339_ECMA}),
]


class Payload(BaseModel):
    """Base of what stores publish: strict types, no unknown field."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )


_P = TypeVar("_P", bound=Payload)


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


class JobPayload(Payload):
    """``shopbell/v1/{store}/jobs``: one message to one person."""

    model_config = ConfigDict(json_schema_extra=_TOGETHER)

    id: Id
    """With the store it names the job for ever: the same job again is one job."""
    to: Annotated[str, Field(min_length=1, max_length=MAX_NUMBER_CHARACTERS)]
    """E.164, or a national number of the store's country."""
    text: Annotated[str, _PLAIN] | None = None
    """What is sent; at most 10 parts."""
    template: str | None = None
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
    category: Annotated[str, _PLAIN, Field(max_length=MAX_CATEGORY_CHARACTERS)] | None = None
    """Of the products that it is about; an existing customer's soft opt-in needs it."""


class CancelPayload(Payload):
    """``shopbell/v1/{store}/cancel``: a job is taken back."""

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
    job = _validate(JobPayload, read_document(payload))
    return JobRequest(
        store=store,
        id=JobId(job.id),
        to=job.to,
        text=_text(job),
        purpose=job.purpose,
        send_at=job.send_at,
        expires_at=_deadline(job),
        report=job.report,
        scope=_scope(job),
        category=job.category,
    )


def parse_cancel(store: StoreName, payload: bytes) -> CancelRequest:
    """Read a cancel.

    Raises:
        RejectedError: the first thing that is wrong with it, with the job's id where readable.
    """
    return CancelRequest(store=store, id=JobId(_validate(CancelPayload, read_document(payload)).id))


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


def _text(job: JobPayload) -> str:
    """Return the text, of which there is exactly one source."""
    if job.text is not None and job.template is not None:
        raise RejectedError(
            Fault.INVALID_VALUE, "give text or template, not both", field="template", job=job.id
        )
    if job.template is not None:
        raise RejectedError(
            Fault.UNKNOWN_TEMPLATE,
            "this gateway has no templates; give the whole text in text",
            field="template",
            job=job.id,
        )
    if job.vars is not None:
        raise RejectedError(
            Fault.INVALID_VALUE, "vars go with a template only", field="vars", job=job.id
        )
    if job.text is None:
        raise RejectedError(Fault.MISSING_FIELD, "text is required", field="text", job=job.id)
    return job.text


def _deadline(job: JobPayload) -> datetime:
    if job.expires_at is None:
        return NEVER
    if job.send_at is not None and job.expires_at <= job.send_at:
        raise RejectedError(
            Fault.INVALID_VALUE, "expires_at must be after send_at", field="expires_at", job=job.id
        )
    return job.expires_at


def _validate(model: type[_P], document: Document) -> _P:
    _refuse_unknown(list(model.model_fields), document)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    # Raised outside of the handler: pydantic's error quotes the text and the number of a person.
    raise _refusal(first, document)


def _refuse_unknown(known: list[str], document: Document) -> None:
    """Look for unknown keys first: a misspelt key would otherwise be reported as a missing one."""
    key = next((key for key in document if key not in known), None)
    if key is None:
        return
    near = get_close_matches(key.lower()[:MAX_SHOWN_KEY], known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise RejectedError(
        Fault.UNKNOWN_FIELD,
        f"unknown field {show_key(key)}; {hint}",
        field=show_key(key),
        job=readable_id(document),
    )


def _refusal(detail: ErrorDetails, document: Document) -> RejectedError:
    field = str(detail["loc"][0])
    code, predicate = _explain(detail, field)
    return RejectedError(code, f"{field} {predicate}", field=field, job=readable_id(document))


def _explain(detail: ErrorDetails, field: str) -> tuple[Fault, str]:
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return Fault.MISSING_FIELD, "is required"
    if kind in _WRONG_TYPE or (kind in _CHOICE and not isinstance(value, str)):
        wanted = _WRONG_TYPE.get(kind, "a string")
        return Fault.WRONG_TYPE, f"must be {wanted}, not {json_type(value)}"
    if kind == "string_unicode":
        return Fault.INVALID_VALUE, "holds half of a surrogate pair, which is no character"
    code = Fault.INVALID_NUMBER if field == "to" else Fault.INVALID_VALUE
    return code, _RULES[field]


_CHOICE: Final = frozenset({"enum", "literal_error"})
_WRONG_TYPE: Final = {
    "string_type": "a string",
    "bool_type": "true or false",
    "dict_type": "an object",
    "datetime_type": "a string",
}

_RULES: Final = {
    "id": "must be 1 to 64 of A-Z a-z 0-9 . _ : -",
    "to": f"must be a phone number of at most {MAX_NUMBER_CHARACTERS} characters",
    "text": "must not be empty or hold the character NUL",
    "purpose": f"must be one of {', '.join(Purpose)}",
    "send_at": _INSTANT,
    "expires_at": _INSTANT,
    "scope": f"must be one of {', '.join(scope for scope in Scope if scope is not Scope.REPLY)}",
    "category": f"must have 1 to {MAX_CATEGORY_CHARACTERS} characters, and not NUL",
}
