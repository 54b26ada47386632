"""The inbox: who wrote, who still waits for an answer, and the answer.

A conversation is at the id of a message that came in in it; a number is in no address. Whoever
opens one, searches or answers is in the audit log, the person under the pseudonym.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from gateway.access import Right, Visitor
from gateway.domain.errors import EncodeError, RejectedError
from gateway.domain.ids import STORE_NAME
from gateway.sms import Alphabet, count_parts
from gateway.web.console.forms import form_of, said_of
from gateway.web.console.shell import go_to, render, render_part
from gateway.web.console.thread import about_words, bubbles_of
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.errors import status_of
from gateway.web.guard import act, note, visitor
from gateway.web.house import House

router = APIRouter()

Who = Annotated[Visitor, visitor(Right.ANSWER)]

PAGE: Final = 25
"""Conversations on a page: each costs some looks into the database."""

MOST_PARTS: Final = 10
"""As the contract has it."""

_OPEN: Final = "open"

_NOTHING: Final[Snapshot] = {"found": [], "earlier": None}


async def _take_list(house: House, subject: str) -> Snapshot:
    """Return the newest conversations; the subject is ``open`` or empty, a colon, and the store."""
    which, _, store = subject.partition(":")
    if which not in ("", _OPEN) or not (store == "" or STORE_NAME.match(store)):
        raise RejectedError("malformed", "of: right: open:STORE")
    return await _found(house, store or None, only_open=which == _OPEN)


async def _take_one(house: House, subject: str) -> Snapshot:
    one = await house.ask("conversation", id=subject)
    return {"one": one, "bubbles": bubbles_of(one)}


LIST: Final = Topic(
    name="inbox",
    right=Right.ANSWER,
    take=_take_list,
    parts={"inbox": "live/inbox.html"},
    every=4.0,
)
ONE: Final = Topic(
    name="conversation",
    right=Right.ANSWER,
    take=_take_one,
    parts={"thread": "live/thread.html", "may-answer": "live/may_answer.html"},
)
TOPICS: Final = (LIST, ONE)


async def _found(
    house: House, store: str | None, *, only_open: bool = False, before: int | None = None
) -> Snapshot:
    """Return a page of conversations, and the key before which there are more.

    What is not open is left out here: a page of which little is left has earlier ones all the same.
    """
    found = await house.ask("conversations", store=store, before=before, limit=PAGE)
    rows = [_row(one) for one in found if one["open"] or not only_open]
    return {
        "found": rows if before else sorted(rows, key=lambda row: not row["open"]),
        "earlier": found[-1]["key"] if len(found) >= PAGE else None,
    }


def _row(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a list shows of a conversation."""
    names = ("id", "number", "store", "open", "last_at", "standing")
    last = max(bubbles_of(one), key=lambda bubble: bubble.at)
    return {name: one[name] for name in names} | {"about": about_words(one), "last": last}


@router.get("/inbox")
async def list_(
    request: Request, who: Who, store: str = "", only: str = "", before: int | None = None
) -> Response:
    """Show who wrote, the open ones first."""
    house: House = request.app.state.house
    only_open = only == _OPEN
    if before is not None:
        page = await _found(house, store or None, only_open=only_open, before=before)
    else:
        subject = f"{_OPEN if only_open else ''}:{store}"
        page = await request.app.state.live.latest(LIST.name, subject)
    return _list_page(request, who, page, store, only_open=only_open, before=before)


def _list_page(
    request: Request,
    who: Visitor,
    page: Snapshot,
    store: str = "",
    *,
    only_open: bool = False,
    before: int | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    house: House = request.app.state.house
    return render(
        request,
        who,
        "inbox.html",
        status=status,
        stores=_stores(house, who),
        store=store,
        only=_OPEN if only_open else "",
        before=before,
        wrong=wrong,
        sight=who,
        **page,
    )


@router.post("/inbox")
async def search(request: Request, who: Who) -> Response:
    """Search by a number, which a form sends and no address holds."""
    house: House = request.app.state.house
    number = (await form_of(request)).get("number", "")
    wrong, status = "Nobody of this number wrote in the last 30 days.", 404
    try:
        found = await house.ask("conversations", number=number or "?", limit=1)
    except RejectedError as error:
        found, wrong, status = [], said_of(error), 422
    person = found[0]["person"] if found else None
    await note(house, who.actor, "conversation.search", "done" if found else "nobody", person)
    if found:
        return go_to(f"/inbox/{found[0]['id']}")
    return _list_page(request, who, _NOTHING, wrong=wrong, status=status)


@router.post("/inbox/parts")
async def parts(request: Request, _who: Who) -> Response:
    """Tell what a text takes, while it is written."""
    text = (await request.form()).get("text", "")
    counted = counted_of(text if isinstance(text, str) else "")
    return HTMLResponse(render_part(request.app.state.house, "parts.html", counted=counted))


def counted_of(text: str) -> Mapping[str, Any]:
    """Return what a text takes when it is sent, for who writes it."""
    try:
        count = count_parts(text.strip())
    except EncodeError:
        return {"parts": 0, "fault": "There is half a character in it."}
    alphabet = "GSM-7" if count.alphabet is Alphabet.GSM7 else "UCS-2"
    return {
        "parts": count.parts if text.strip() else 0,
        "units": count.units,
        "alphabet": alphabet,
        "forcing": count.forcing,
        "fault": f"At most {MOST_PARTS} parts are sent." if count.parts > MOST_PARTS else "",
    }


@router.get("/inbox/{name}")
async def show(request: Request, who: Who, name: str) -> Response:
    """Show a conversation."""
    return await _thread(request, who, name)


@router.post("/inbox/{name}")
async def reply(request: Request, who: Who, name: str) -> Response:
    """Answer in a conversation."""
    house: House = request.app.state.house
    form = await form_of(request)
    text, store = form.get("text", ""), form.get("store") or None
    try:
        one = await house.ask("conversation", id=name)
        await act(
            house,
            who,
            "conversation.reply",
            "conversation_reply",
            subject=one["person"],
            details={"message": one["id"], "store": store or one["store"]},
            id=name,
            text=text,
            store=store,
        )
    except RejectedError as error:
        if error.code == "unknown_message":
            raise
        return await _thread(request, who, name, text=text, wrong=said_of(error), error=error)
    request.app.state.live.forget()
    return go_to(f"/inbox/{name}", "Your answer is in the queue.")


async def _thread(
    request: Request,
    who: Visitor,
    name: str,
    *,
    text: str = "",
    wrong: str = "",
    error: RejectedError | None = None,
) -> Response:
    house: House = request.app.state.house
    try:
        one = await house.ask("conversation", id=name)
    except RejectedError as refused:
        page = {"title": "There is no such conversation", "said": said_of(refused), "up": "/inbox"}
        return render(request, who, "missing.html", status=status_of(refused.code), **page)
    await note(house, who.actor, "conversation.read", subject=one["person"])
    return render(
        request,
        who,
        "conversation.html",
        status=200 if error is None else status_of(error.code),
        one=one,
        bubbles=bubbles_of(one),
        about=about_words(one),
        stores=_stores(house, who),
        text=text,
        counted=counted_of(text),
        wrong=wrong,
        may_search=who.may(Right.PEOPLE),
        sight=who,
    )


def _stores(house: House, who: Visitor) -> list[tuple[str, str]]:
    """Return the stores that somebody works for, as choices of a form."""
    return [(store.name, store.name) for store in house.settings().store if who.sees(store.name)]
