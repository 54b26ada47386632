"""What the gateway publishes, as models: for the document and for the tests that hold it true.

Payloads are built where what they tell is known (`gateway.domain.job.Status` and its like); every
one that a real gateway publishes is checked against these in the tests. Fields may be added; a
reader ignores what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from gateway.domain.consent import PURPOSES, Method
from gateway.domain.consent_body import STATES
from gateway.domain.inbound import InboundKind
from gateway.domain.states import JobState
from gateway.mqtt.model import Id, Instant

Count = Annotated[int, Field(ge=0)]
Place = Annotated[int, Field(ge=1)]


def _one_of(words: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(dict.fromkeys(words))})


class Told(BaseModel):
    """Base of what the gateway publishes."""

    model_config = ConfigDict(strict=True, frozen=True)


class PartsTold(Told):
    """How far the parts of a job have come."""

    total: Annotated[int, Field(ge=1)]
    sent: Count
    """Parts that the network took, the delivered among them."""
    delivered: Count


class StatusTold(Told):
    """``shopbell/v1/{store}/status``: one statement about a job."""

    id: Id
    """The job's."""
    state: Annotated[JobState, Field(strict=False)]
    seq: Annotated[int, Field(ge=1)]
    """Rises by one with each status of a job; the same again is the same status again."""
    at: Instant
    parts: PartsTold
    modem: str | None
    """The modem that sends or sent it."""
    reason: str | None
    """Words for people, with the network's or the modem's code where there is one."""
    not_before: Annotated[Instant, Field(default=None)]
    """Only with `deferred`: until when it waits."""


class ErrorTold(Told):
    """Why something was refused."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    """A stable word for programs; x-codes of the document says which there are. More may come."""
    field: str | None
    """The field at fault; null when it is the whole."""
    message: str
    """A sentence for people; it may change."""


class RejectedTold(Told):
    """``shopbell/v1/{store}/rejected``: what a store published was refused, and changed nothing."""

    id: str | None
    """Of what was refused; null when it could not be read."""
    error: ErrorTold
    at: Instant
    source: Annotated[str, Field(default=None)]
    """Only of an event: with `id` it names which."""


class InboundTold(Told):
    """``shopbell/v1/{store}/inbound``: what a person wrote."""

    id: str
    """Unique, and the same when it is published again."""
    from_: Annotated[str | None, Field(alias="from")]
    """E.164 where that can be told; a short code or a name as the network wrote it; null when it
    could not be read."""
    to_modem: str
    """The modem whose SIM it was sent to."""
    text: str | None
    """All of it, long ones joined; null where there is none."""
    received_at: Instant
    """When its first part came, by the gateway's clock."""
    in_reply_to: Id | None
    """Your newest job to this person, of the last 30 days; else null."""
    kind: Annotated[InboundKind, Field(strict=False, default=None)]
    """Only where it is no plain text."""
    data: Annotated[str, Field(pattern=r"^([0-9A-F]{2})*$", default=None)]
    """Its octets in hex, where it has some."""
    missing: Annotated[list[Place], Field(default=None)]
    """Places, from 1, of parts of `data` that never came."""


class ConsentTold(Told):
    """``shopbell/v1/{store}/consent``: what a person now allows or forbids."""

    to: str | None
    """E.164; null where the gateway knows the pseudonym alone, and of who is erased."""
    jobs: Annotated[list[Id], Field(default=None)]
    """Only of who is erased: your newest jobs to the person, by which you know whom to forget."""
    person: str
    """The person's pseudonym, as in the lake."""
    channel: Literal["sms"]
    purpose: Annotated[str, _one_of(PURPOSES)]
    """`marketing` stands for all marketing, `all` for everything."""
    state: Annotated[str, _one_of(STATES.values())]
    opt_in_level: Literal["single_opt_in", "confirmed_opt_in"]
    method: Annotated[Method, Field(strict=False)]
    """How the change came."""
    changed_at: Instant
    """When the person did it."""
    at: Instant
    """When the gateway wrote it down."""


class ClickTold(Told):
    """``shopbell/v1/{store}/clicks``: a person opened a link; machines that do are left out."""

    id: str
    """Unique, and the same when it is published again."""
    at: Instant
    url: str | None
    """Where the link led; null where the page alone would tell whose click it is, as a cart's does,
    and the person did not allow that."""
    campaign: str | None
    """What the message belonged to."""
    product_id: str | None
    """What the link was about, where that was said."""
    machine: Literal[False]
    job: Annotated[Id, Field(default=None)]
    """The message. This and what follows stand only where the person allowed to be tracked."""
    person: Annotated[str, Field(default=None)]
    """The person's pseudonym, as in the lake."""
    customer: Annotated[str, Field(default=None)]
    """What you call the person, where you told it."""


class PresenceTold(Told):
    """``shopbell/v1/gateway/{node}``: whether a gateway is there and what it can do; retained."""

    node: str
    state: Literal["online", "offline"]
    at: Instant | None
    """Null when the broker says it, of a gateway that vanished."""
    modems: Annotated[int, Field(ge=0, default=None)]
    """How many it has; only while it is online."""
    ready: Annotated[int, Field(ge=0, default=None)]
    """How many of them can send now."""
