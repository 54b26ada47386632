"""What persons and stores wrote to each other, and answers in a store's name."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from gateway.access import Right, Visitor
from gateway.domain.states import JobState
from gateway.mqtt.model import PLAIN, Payload
from gateway.web.api.body import read_model, takes
from gateway.web.api.cursor import read_cursor, write_cursor
from gateway.web.api.model import STORE, Cursor, Instant, StoreQuery, Told
from gateway.web.api.once import Answer, Key, once_of
from gateway.web.api.who import TheHouse, allowed, own_store
from gateway.web.guard import act, note

router = APIRouter(tags=["conversations"])

Agent = Annotated[Visitor, allowed(Right.ANSWER, of_store=True)]

MOST_TEXT: Final = 1_600
"""Characters of an answer: ten parts hold no more."""

Message = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="Of a message that came in.",
        examples=["0b1f6c9e"],
    ),
]
Few = Annotated[int, Query(ge=1, le=100, description="At most so many.")]
Open = Annotated[bool, Query(description="Only who is still to be answered.")]


class ReceivedTold(Told):
    """What a person wrote."""

    id: str
    text: str | None
    at: Instant


class WrittenTold(Told):
    """What a person was written."""

    id: str
    store: str
    text: str
    at: Instant
    state: JobState
    campaign: str | None
    reason: str | None


class StandingTold(Told):
    """What a person ended."""

    stopped: bool
    """Marketing was taken back, or objected to."""
    ended: bool
    """All messages were (STOP ALL)."""
    restricted: bool
    """The data may be kept and not used."""


class ConversationTold(Told):
    """What went between a store and a person in the last 30 days."""

    id: str
    """Of the newest message that came in."""
    number: str = Field(examples=["+447700900123"])
    """The person's; of some senders a name, or a short code."""
    person: str | None
    """The pseudonym; null where the sender is no person's number."""
    store: str | None
    """Null where nobody can tell."""
    open: bool
    """Whether somebody should answer."""
    last_at: Instant
    in_reply_to: str | None
    campaign: str | None
    about: dict[str, Any]
    """What the message that was answered was about."""
    standing: StandingTold
    received: list[ReceivedTold]
    written: list[WrittenTold]


class MayTold(Told):
    """Whether an answer would be let through now."""

    allowed: bool
    code: str | None
    reason: str | None


class ConversationWhole(ConversationTold):
    """A conversation, and whether it may be answered."""

    reply: MayTold


class Conversations(Told):
    """A page of conversations. It may hold fewer than were asked for, and not be the last."""

    items: list[ConversationTold]
    next: str | None
    """The cursor of the next page; null at the end."""


class ReplyTaken(Told):
    """An answer that was taken."""

    store: str
    id: str
    """The job's."""
    state: JobState


class Reply(Payload):
    """An answer to a person."""

    text: Annotated[str, PLAIN, Field(max_length=MOST_TEXT)]
    """What is said."""
    store: Annotated[str, Field(pattern=STORE)] | None = None
    """In whose name, where the message does not tell."""


@router.get("/conversations", operation_id="listConversations")
async def list_conversations(
    house: TheHouse,
    who: Agent,
    store: StoreQuery = None,
    only_open: Open = False,
    limit: Few = 50,
    cursor: Cursor = None,
) -> Conversations:
    """List conversations of the last 30 days, the one in which was written last first."""
    found = await house.ask(
        "conversations",
        store=own_store(who, store),
        limit=limit,
        before=read_cursor("c", cursor),
    )
    return Conversations(
        items=[
            ConversationTold.model_validate(one) for one in found if one["open"] or not only_open
        ],
        next=write_cursor("c", found[-1]["key"]) if len(found) == limit else None,
    )


@router.get("/conversations/{id}", operation_id="getConversation")
async def get_conversation(
    house: TheHouse,
    who: Agent,
    id: Message,  # noqa: A002 -- the contract's word
    store: StoreQuery = None,
) -> ConversationWhole:
    """Look at the conversation that a message belongs to."""
    one = await house.ask("conversation", id=id, store=own_store(who, store))
    await note(house, who.actor, "conversation.read", subject=one["person"])
    return ConversationWhole.model_validate(one)


@router.post(
    "/conversations/{id}/reply",
    operation_id="replyToConversation",
    status_code=202,
    response_model=ReplyTaken,
    openapi_extra=takes(Reply, {"text": "It is on its way."}),
)
async def reply(
    request: Request,
    house: TheHouse,
    who: Agent,
    id: Message,  # noqa: A002 -- the contract's word
    key: Key = None,
) -> Response:
    """Answer a person in the name of a store. The same answer twice is one.

    It is a message like any other: it has to be no offer, and nobody who ended all messages gets
    it.
    """
    said = await read_model(request, Reply)
    store = own_store(who, said.store)

    one = await house.ask("conversation", id=id, store=store)

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            "conversation.reply",
            "conversation_reply",
            subject=one["person"],
            details={"message": one["id"], "store": store or one["store"]},
            id=id,
            text=said.text,
            store=store,
        )
        return Answer(202, ReplyTaken.model_validate(answer))

    return await once_of(request).do(request, who, work)
