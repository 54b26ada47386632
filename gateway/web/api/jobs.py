"""Jobs: submitted, looked at and taken back, as over MQTT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from gateway.access import Right, Visitor
from gateway.control.jobs import LOT
from gateway.db.listing import Listed, find_listed
from gateway.db.parts import PartRecord
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState
from gateway.mqtt.document import MAX_PAYLOAD_BYTES
from gateway.mqtt.model import Payload, validate
from gateway.mqtt.payloads import JobPayload
from gateway.web.api.body import read_json, takes
from gateway.web.api.model import (
    Instant,
    JobPath,
    Refusal,
    StorePath,
    Told,
    shown_number,
    shown_text,
)
from gateway.web.api.once import Answer, Key, once_of
from gateway.web.api.who import TheHouse, allowed, require_store
from gateway.web.errors import ProblemError
from gateway.web.guard import act

router = APIRouter(tags=["jobs"])

Sender = Annotated[Visitor, allowed(Right.SEND, of_store=True)]
Reader = Annotated[Visitor, allowed(Right.READ, Right.SEND, of_store=True)]

SEEN_BY: Final = (Right.PEOPLE,)
"""Who sees whom a job is for, and what it says."""

JOB_EXAMPLE: Final[dict[str, Any]] = {
    "id": "order-1001-shipped",
    "to": "+447700900123",
    "text": "Your order has shipped.",
    "purpose": "transactional",
}


class Taken(Told):
    """A job that was taken."""

    id: str = Field(examples=["order-1001-shipped"])
    state: JobState
    """As it stands: of one that was taken before, how far it has come."""


class Outcome(Told):
    """What became of one job of a batch: it has a state, or an error."""

    id: str | None
    """Null where it could not be read."""
    state: JobState | None
    error: Refusal | None


class Outcomes(Told):
    """What became of each job of a batch, in its order."""

    outcomes: list[Outcome]


class PartCount(Told):
    """How far a job's parts have come."""

    total: int
    sent: int
    delivered: int


class JobTold(Told):
    """A job, and what became of it."""

    store: str = Field(examples=["acme"])
    id: str = Field(examples=["order-1001-shipped"])
    to: str = Field(examples=["+44******23"])
    """Whole to who has the right `people`, masked to others."""
    text: str | None
    """Null to who does not have the right `people`."""
    purpose: Purpose
    state: JobState
    parts: PartCount
    modem: str | None
    """The modem that it went out on."""
    reason: str | None
    """Why it stands so, in words."""
    report: bool
    """Whether a delivery report was asked for."""
    accepted_at: Instant
    not_before: Instant
    """When it was, or will next be, up for a line."""
    expires_at: Instant | None


class PartTold(Told):
    """One SMS of a job."""

    number: int
    """From 1."""
    state: PartState
    handed_at: Instant | None
    """When it was last handed to a modem."""


class JobWhole(JobTold):
    """A job with its parts."""

    each_part: list[PartTold]


class Batch(Payload):
    """Several jobs, each taken or refused for itself."""

    jobs: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=LOT)]
    """What each must be is told of `JobPayload`."""


@router.post(
    "/stores/{store}/jobs",
    operation_id="submitJob",
    status_code=202,
    response_model=Taken,
    openapi_extra=takes(JobPayload, JOB_EXAMPLE),
)
async def submit_job(
    request: Request, house: TheHouse, who: Sender, store: StorePath, key: Key = None
) -> Response:
    """Submit a job: one message to one person.

    The same as over MQTT: the job's id names it for ever, so that the same job again is one job,
    and the same id with other content is a `conflict`.
    """
    require_store(who, store)
    job = await read_json(request, MAX_PAYLOAD_BYTES)

    async def work() -> Answer:
        [outcome] = (await house.ask("jobs", store=store, jobs=[job]))["outcomes"]
        _require(outcome)
        return Answer(202, Taken(id=outcome["id"], state=outcome["state"]))

    return await once_of(request).do(request, who, work)


@router.post(
    "/stores/{store}/job-batches",
    operation_id="submitJobs",
    status_code=200,
    response_model=Outcomes,
    openapi_extra=takes(Batch, {"jobs": [JOB_EXAMPLE]}),
)
async def submit_jobs(
    request: Request, house: TheHouse, who: Sender, store: StorePath, key: Key = None
) -> Response:
    """Submit up to 500 jobs, each taken or refused for itself.

    All that are taken are durable by the time of the answer.
    """
    require_store(who, store)
    document = await read_json(request)
    validate(Batch, document)

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            "jobs.submit",
            "jobs",
            subject=store,
            details={"jobs": len(document["jobs"])},
            store=store,
            jobs=document["jobs"],
        )
        return Answer(200, Outcomes(outcomes=[Outcome(**one) for one in answer["outcomes"]]))

    return await once_of(request).do(request, who, work)


@router.get("/stores/{store}/jobs/{id}", operation_id="getJob")
async def get_job(house: TheHouse, who: Reader, store: StorePath, id: JobPath) -> JobWhole:  # noqa: A002
    """Look at a job, and at each of its parts."""
    of, name = require_store(who, store), JobId(id)
    found = await house.database.read(lambda connection: find_listed(connection, of, name))
    if found is None:
        raise ProblemError(404, "unknown_job", "there is no job with this id", field="id")
    job, parts = found
    return JobWhole(**job_fields(job, who), each_part=[_part(part) for part in parts])


@router.delete("/stores/{store}/jobs/{id}", operation_id="cancelJob")
async def cancel_job(house: TheHouse, who: Sender, store: StorePath, id: JobPath) -> Taken:  # noqa: A002
    """Take a job back, unless it is being sent, or was: then it is `too_late`.

    To take it back twice is as good as once.
    """
    of, name = require_store(who, store), JobId(id)
    found = await house.database.read(lambda connection: find_listed(connection, of, name))
    # By its key, as in the console: a store may have made the id of a number.
    subject = of if found is None else f"message {found[0].key}"
    answer = await act(house, who, "message.cancel", "cancel", subject=subject, store=store, id=id)
    return Taken(**answer)


def job_fields(job: Listed, visitor: Visitor) -> dict[str, Any]:
    """Return what a visitor is told of a job."""
    return {
        "store": job.store,
        "id": job.id,
        "to": shown_number(visitor, job.to, to=SEEN_BY),
        "text": shown_text(visitor, job.text, to=SEEN_BY),
        "purpose": job.purpose,
        "state": job.state,
        "parts": PartCount(
            total=job.parts.total, sent=job.parts.sent, delivered=job.parts.delivered
        ),
        "modem": job.modem,
        "reason": job.reason,
        "report": job.report,
        "accepted_at": job.accepted_at,
        "not_before": job.not_before,
        "expires_at": job.expires_at,
    }


def _part(part: PartRecord) -> PartTold:
    return PartTold(number=part.number, state=part.state, handed_at=part.handed_at)


def _require(outcome: Mapping[str, Any]) -> None:
    error = outcome["error"]
    if error is not None:
        raise RejectedError(error["code"], error["message"], field=error["field"])
