"""Persons: found, shown, and what they wish done. A number stands in bodies alone, never in a URL.

Search, history and export change nothing, and are asked by POST for that reason only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from gateway.access import Right, Visitor
from gateway.domain.errors import RejectedError
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import PLAIN, Payload
from gateway.mqtt.model import Instant as Given
from gateway.mqtt.payloads import MAX_NUMBER_CHARACTERS
from gateway.web.api.body import read_model, takes
from gateway.web.api.conversations import StandingTold
from gateway.web.api.model import STORE, Instant, Told
from gateway.web.api.once import Answer, Key, once_of
from gateway.web.api.who import TheHouse, allowed, own_store
from gateway.web.guard import act, note
from gateway.web.house import House

router = APIRouter(tags=["people"])

Clerk = Annotated[Visitor, allowed(Right.PEOPLE, of_store=True)]

Number = Annotated[str, PLAIN, Field(max_length=MAX_NUMBER_CHARACTERS)]
Word = Annotated[str, PLAIN, Field(max_length=200)]
Store = Annotated[str, Field(pattern=STORE)]


def _either(one: str, other: str) -> ConfigDict:
    """Say that exactly one of two fields is given."""
    return ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": [given],
                    "properties": {given: {"type": "string"}, absent: {"type": "null"}},
                }
                for given, absent in ((one, other), (other, one))
            ]
        }
    )


PERSON: Final = {"store": "acme", "number": "+447700900123"}


class FoundTold(Told):
    """A person, as one store knows them."""

    store: str
    person: str
    """The pseudonym, which may stand anywhere."""
    number: str = Field(examples=["+447700900123"])
    customer: str | None
    """What the store calls them."""
    first_name: str | None
    standing: StandingTold


class People(Told):
    """A person at each store that has to do with them; nobody: nobody knows them."""

    items: list[FoundTold]


class HistoryTold(Told):
    """What is known of a store's person."""

    store: str
    person: str
    number: str | None
    """Null where nobody can tell; search again by it."""
    known: dict[str, Any] | None
    """What the store told."""
    account: dict[str, Any]
    """What they allow, and how that came about: each change with when, how, where and by whom."""
    messages: list[dict[str, Any]]
    """The newest first."""
    orders: list[dict[str, Any]]
    """The newest first."""
    buyer: dict[str, Any] | None
    scores: dict[str, Any] | None
    """What the models advise."""


class ExportTold(Told):
    """All that is kept of a person, and why (Art. 15)."""

    model_config = ConfigDict(extra="allow")


class ConsentTold(Told):
    """A change of what a person allows."""

    store: str
    person: str
    action: str = Field(examples=["granted"])
    purposes: list[str]
    at: Instant


class WishTold(Told):
    """For which stores a wish was done."""

    stores: list[str]


class ErasureTold(WishTold):
    """What became of an erasure."""

    waiting: bool
    """Whether a message is still at a modem; the rest follows by itself."""
    clean: bool
    """Whether nothing is left in the database's files, as far as that can be told by looking."""
    unread: list[str]
    """Modems that could not be looked through; ask again when they are in service."""


class Search(Payload):
    """Whom somebody looks for."""

    model_config = _either("number", "customer")

    number: Number | None = None
    """E.164, or a national number of the store's country."""
    customer: Word | None = None
    """What the store calls them, instead of the number; `store` has to say whose."""
    store: Store | None = None
    """Only at this one."""


class Whom(Payload):
    """Whom it is about, at one store."""

    model_config = _either("number", "person")

    store: Store
    """Whose person it is."""
    number: Number | None = None
    """E.164, or a national number of the store's country."""
    person: Word | None = None
    """The pseudonym, instead of the number, of somebody who was found before."""


class Everywhere(Payload):
    """Whom it is about, at one store or at all."""

    model_config = _either("number", "person")

    number: Number | None = None
    """E.164, or a national number of the store's country."""
    person: Word | None = None
    """The pseudonym, instead of the number; `store` has to say whose."""
    store: Store | None = None
    """Only at this one: what others hold is theirs, and stays."""


class ConsentChange(Whom):
    """What a person said, on paper or on the phone."""

    change: Literal["grant", "withdraw"]
    purpose: Word | None = None
    """As `marketing.offers`; several with `+`. Needed for a grant."""
    source: Word | None = None
    """How the person told it. Needed for a grant."""
    text_version: Word | None = None
    """The wording that was agreed to. Needed for a grant."""
    language: Word | None = None
    """Of the wording."""
    at: Given | None = None
    """When; else now."""
    again: bool = False
    """The person took it back before, and gives it anew."""


@router.post(
    "/people/search",
    operation_id="searchPeople",
    openapi_extra=takes(Search, {"number": "+447700900123"}),
)
async def search_people(request: Request, house: TheHouse, who: Clerk) -> People:
    """Find a person by number, or by what a store calls them."""
    search = await read_model(request, Search)
    _require_one(search, "number", "customer")
    fields = search.model_dump() | {"store": own_store(who, search.store)}
    found = await house.ask("person_find", **fields)
    await note(house, who.actor, "person.search", subject=found[0]["person"] if found else None)
    return People(items=[FoundTold.model_validate(one) for one in found])


@router.post("/people/history", operation_id="getPerson", openapi_extra=takes(Whom, PERSON))
async def get_person(request: Request, house: TheHouse, who: Clerk) -> HistoryTold:
    """Show what is known of a store's person, and what they allow."""
    whom = await read_model(request, Whom)
    fields = await _about(house, who, whom)
    answer = await act(
        house,
        who,
        "person.show",
        "person_history",
        subject=fields["person"],
        more=_one_name(fields),
    )
    return HistoryTold.model_validate(answer)


@router.post("/people/export", operation_id="exportPerson", openapi_extra=takes(Everywhere, PERSON))
async def export_person(request: Request, house: TheHouse, who: Clerk) -> ExportTold:
    """Hand out all that is kept of a person, and why (Art. 15). It may take some seconds."""
    whom = await read_model(request, Everywhere)
    fields = await _about(house, who, whom)
    answer = await act(
        house,
        who,
        "person.export",
        "person_export",
        subject=fields["person"],
        more=_one_name(fields),
    )
    return ExportTold.model_validate(answer)


@router.post(
    "/people/consent",
    operation_id="changeConsent",
    response_model=ConsentTold,
    openapi_extra=takes(ConsentChange, PERSON | {"change": "withdraw"}),
)
async def change_consent(
    request: Request, house: TheHouse, who: Clerk, key: Key = None
) -> Response:
    """Write down what a person said: the same as a message of theirs, or an event of the store."""
    change = await read_model(request, ConsentChange)
    fields = await _about(house, who, change)
    said = change.model_dump(exclude={"number", "person", "store", "at"}, exclude_none=True)
    at = {} if change.at is None else {"at": change.at.isoformat()}

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            f"consent.{change.change}",
            "consent_change",
            subject=fields["person"],
            more=_one_name(fields) | said | at | {"actor": who.actor},
        )
        return Answer(200, ConsentTold.model_validate(answer))

    return await once_of(request).do(request, who, work)


@router.post(
    "/people/restrict",
    operation_id="restrictPerson",
    response_model=WishTold,
    openapi_extra=takes(Everywhere, PERSON),
)
async def restrict_person(
    request: Request, house: TheHouse, who: Clerk, key: Key = None
) -> Response:
    """Keep a person's data and use it no more (Art. 18)."""
    return await _wish(request, house, who, "restrict", WishTold)


@router.post(
    "/people/unrestrict",
    operation_id="unrestrictPerson",
    response_model=WishTold,
    openapi_extra=takes(Everywhere, PERSON),
)
async def unrestrict_person(
    request: Request, house: TheHouse, who: Clerk, key: Key = None
) -> Response:
    """End a restriction."""
    return await _wish(request, house, who, "unrestrict", WishTold)


@router.post(
    "/people/erase",
    operation_id="erasePerson",
    response_model=ErasureTold,
    openapi_extra=takes(Everywhere, PERSON),
)
async def erase_person(request: Request, house: TheHouse, who: Clerk, key: Key = None) -> Response:
    """Erase a person but for a fingerprint, so that nobody writes to them again (Art. 17).

    What waits is cancelled, and what is at a modem is waited for: up to four minutes.
    """
    return await _wish(request, house, who, "erase", ErasureTold)


async def _wish(
    request: Request, house: House, who: Visitor, action: str, model: type[WishTold]
) -> Response:
    whom = await read_model(request, Everywhere)
    fields = await _about(house, who, whom)

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            f"person.{action}",
            "person",
            subject=fields["person"],
            more=_one_name(fields) | {"action": action, "actor": who.actor},
        )
        return Answer(200, model.model_validate(answer))

    return await once_of(request).do(request, who, work)


async def _about(house: House, who: Visitor, whom: Whom | Everywhere) -> dict[str, Any]:
    """Return whom it is about: `number` in E.164, `person` where they are known, and `store`.

    Raises:
        RejectedError: it does not say whom.
        ProblemError: it is about another store.
    """
    _require_one(whom, "number", "person")
    store = own_store(who, whom.store)
    if whom.person is not None:
        return {"number": None, "person": whom.person, "store": store}
    found = await house.ask("person_find", number=whom.number, store=store)
    known = found[0] if found else {"number": whom.number, "person": None}
    return {"number": known["number"], "person": known["person"], "store": store}


def _one_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return whom it is about by the number, where there is one, else by the pseudonym."""
    name = "person" if fields["number"] is None else "number"
    return {name: fields[name], "store": fields["store"]}


def _require_one(given: Payload, one: str, other: str) -> None:
    first, second = getattr(given, one), getattr(given, other)
    if first is None and second is None:
        raise RejectedError(Fault.MISSING_FIELD, f"{one} or {other} is required", field=one)
    if first is not None and second is not None:
        reason = f"give {one} or {other}, not both"
        raise RejectedError(Fault.INVALID_VALUE, reason, field=other)
