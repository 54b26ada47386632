"""What is queued and was sent, and what persons wrote: newest first."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from gateway.access import Right, Visitor
from gateway.db.counts import read_counts
from gateway.db.listing import list_jobs
from gateway.db.received import page_of_received
from gateway.domain.inbound import InboundKind, InboundState
from gateway.domain.states import JobState
from gateway.web.api.cursor import read_cursor, write_cursor
from gateway.web.api.jobs import JobTold, job_fields
from gateway.web.api.model import (
    Cursor,
    Instant,
    Limit,
    StoreQuery,
    Told,
    shown_number,
    shown_text,
)
from gateway.web.api.who import TheHouse, allowed, own_store

router = APIRouter(tags=["messages"])

Reader = Annotated[Visitor, allowed(Right.READ, of_store=True)]

WRITTEN_FOR: Final = (Right.ANSWER, Right.PEOPLE)
"""Who sees who wrote, and what."""

State = Annotated[JobState | None, Query(description="Only in this state.")]


class Messages(Told):
    """A page of jobs."""

    items: list[JobTold]
    next: str | None
    """The cursor of the next page; null at the end."""


class InboundTold(Told):
    """What a person wrote."""

    id: str
    sender: str | None = Field(serialization_alias="from", examples=["+44******23"])
    """Whole to who has the right `answer` or `people`, masked to others."""
    to_modem: str | None
    text: str | None
    """Null to who has neither of these rights, and while parts are missing."""
    kind: InboundKind | None
    """Null while parts are missing."""
    state: InboundState
    received_at: Instant
    store: str | None
    """Whose job it answers."""
    in_reply_to: str | None
    """The job's id."""


class InboundPage(Told):
    """A page of what persons wrote. It may hold fewer than were asked for, and not be the last."""

    items: list[InboundTold]
    next: str | None
    """The cursor of the next page; null at the end."""


class CountTold(Told):
    """How many jobs there are of a store in a state."""

    store: str
    state: JobState
    jobs: int
    parts: int


class Counts(Told):
    """How many jobs there are, by store and state; `accepted` and `deferred` are the queue."""

    items: list[CountTold]


@router.get("/messages", operation_id="listMessages")
async def list_messages(
    house: TheHouse,
    who: Reader,
    store: StoreQuery = None,
    state: State = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Messages:
    """List jobs with what became of them, the newest first."""
    ask = partial(
        list_jobs,
        store=own_store(who, store),
        state=state,
        limit=limit,
        before=read_cursor("m", cursor),
    )
    found = await house.database.read(ask)
    more = write_cursor("m", found[-1].key) if len(found) == limit else None
    return Messages(items=[JobTold(**job_fields(job, who)) for job in found], next=more)


@router.get("/inbound", operation_id="listInbound")
async def list_inbound(
    house: TheHouse,
    who: Reader,
    store: StoreQuery = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> InboundPage:
    """List what persons wrote, the newest first.

    Of a store are the answers to its jobs. A page looks at two thousand messages at most.
    """
    ask = partial(
        page_of_received,
        store=own_store(who, store),
        limit=limit,
        before=read_cursor("i", cursor),
    )
    found, end = await house.database.read(ask)
    return InboundPage(
        items=[
            InboundTold(
                id=one.id,
                sender=shown_number(who, one.sender, to=WRITTEN_FOR),
                to_modem=one.modem,
                text=shown_text(who, one.text, to=WRITTEN_FOR),
                kind=one.kind,
                state=one.state,
                received_at=one.received_at,
                store=one.store,
                in_reply_to=one.in_reply_to,
            )
            for one in found
        ],
        next=None if end is None else write_cursor("i", end),
    )


@router.get("/counts", operation_id="countMessages")
async def count_messages(house: TheHouse, who: Reader, store: StoreQuery = None) -> Counts:
    """Count jobs by store and state, without looking at each."""
    of = own_store(who, store)
    found = await house.database.read(read_counts)
    return Counts(
        items=[
            CountTold(store=one.store, state=one.state, jobs=one.jobs, parts=one.parts)
            for one in found
            if of in (None, one.store)
        ]
    )
