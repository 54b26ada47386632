"""The base of what the API answers, and what many of its answers hold."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from gateway.access import Right, Visitor
from gateway.domain.job import format_instant
from gateway.domain.redaction import redact_text

Instant = Annotated[
    datetime,
    PlainSerializer(format_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339, UTC, to the millisecond: as in what is told over MQTT."""

STORE: Final = r"^[a-z0-9-]{1,32}$"
JOB: Final = r"^[A-Za-z0-9._:-]{1,64}$"

StorePath = Annotated[str, Path(pattern=STORE, description="The store.", examples=["acme"])]
StoreQuery = Annotated[
    str | None, Query(pattern=STORE, description="Only of this store.", examples=["acme"])
]
JobPath = Annotated[
    str, Path(pattern=JOB, description="The job's id.", examples=["order-1001-shipped"])
]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.", examples=[50])]
Cursor = Annotated[
    str | None,
    Query(
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Where the page begins: `next` of the page before.",
    ),
]


class Told(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Refusal(Told):
    """Why something was refused, as stores know it from MQTT."""

    code: str = Field(examples=["no_consent"])
    """A stable word for programs."""
    message: str
    """A sentence for people; no number of a person is in it."""
    field: str | None = Field(default=None, examples=["to"])
    """What is at fault; null when it is the whole."""


class Problem(Told):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:shopbell:problem:no_consent"])
    """A URN that names the kind of problem; it leads nowhere."""
    title: str = Field(examples=["Unprocessable Entity"])
    """The status in words."""
    status: int = Field(examples=[422])
    detail: str
    """A sentence for people; no number of a person is in it."""
    code: str = Field(examples=["no_consent"])
    """A stable word for programs."""
    field: str | None = Field(examples=["to"])
    """The field, parameter or header at fault; null when it is the whole."""


def shown_number(visitor: Visitor, number: str | None, *, to: tuple[Right, ...]) -> str | None:
    """Return a number whole to who may see it, else masked."""
    if number is None or any(map(visitor.may, to)):
        return number
    return redact_text(number)


def shown_text(visitor: Visitor, text: str | None, *, to: tuple[Right, ...]) -> str | None:
    """Return a text to who may see it."""
    return text if any(map(visitor.may, to)) else None
