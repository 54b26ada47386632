"""Messages: what is queued, sent, delivered, failed and why; one with its life; taken back.

A message is at its key: a store may have made its id of anything, a number too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.access import Right, Visitor
from gateway.db.console.decided import Page, jobs_of_campaign
from gateway.db.console.message import MessageLife, read_message
from gateway.db.listing import Listed, list_jobs
from gateway.domain.errors import RejectedError
from gateway.domain.ids import HOUSE, JobKey, StoreName
from gateway.domain.message_remedy import remedy_of
from gateway.domain.states import WAITING, JobState
from gateway.web.console.forms import form_of, said_of
from gateway.web.console.life import life_of
from gateway.web.console.seen import kind_of, number_for, text_for, word_of
from gateway.web.console.shell import go_to, render
from gateway.web.guard import act, visitor
from gateway.web.house import House

router = APIRouter()

Who = Annotated[Visitor, visitor(Right.READ)]
Sender = Annotated[Visitor, visitor(Right.SEND)]

PAGE: Final = 50
_MOST_KEY: Final = 2**63


@router.get("/messages")
async def list_(
    request: Request,
    who: Who,
    store: str = "",
    state: str = "",
    campaign: str = "",
    before: int | None = None,
) -> Response:
    """Show the newest messages that fit."""
    asked = {"store": store, "state": state, "campaign": campaign.strip()}
    page, wrong = await _page(request, asked, before)
    return _list_page(request, who, asked, page, before=before, wrong=wrong)


async def _page(
    request: Request, asked: Mapping[str, str], before: int | None
) -> tuple[Page, Mapping[str, str]]:
    """Return some messages, and what is wrong with what was asked for, by field."""
    house: House = request.app.state.house
    nothing = Page(jobs=[], before=None)
    known = [store.name for store in house.settings().store]
    if asked["state"] and asked["state"] not in list(JobState):
        return nothing, {"state": f"There is no state {asked['state'][:20]!r}."}
    state = JobState(asked["state"]) if asked["state"] else None
    if before is not None and not 0 < before < _MOST_KEY:
        return nothing, {}
    if not asked["campaign"]:
        return await _newest(house, asked["store"] or None, state, before), {}
    store = asked["store"] or (known[0] if len(known) == 1 else "")
    if not store:
        return nothing, {"campaign": "Say of which store, too."}
    found = await house.database.read(
        lambda c: jobs_of_campaign(
            c, StoreName(store), asked["campaign"], state=state, before=before, limit=PAGE
        )
    )
    return found, {}


async def _newest(
    house: House, store: str | None, state: JobState | None, before: int | None
) -> Page:
    jobs = await house.database.read(
        lambda c: list_jobs(c, store=store, state=state, before=before, limit=PAGE)
    )
    return Page(jobs=jobs, before=jobs[-1].key if len(jobs) == PAGE else None)


def _list_page(
    request: Request,
    who: Visitor,
    asked: Mapping[str, str],
    page: Page,
    *,
    before: int | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    house: House = request.app.state.house
    given = {name: value for name, value in asked.items() if value}
    stores = [(one.name, one.name) for one in house.settings().store if who.sees(one.name)]
    return render(
        request,
        who,
        "messages.html",
        status=status if not wrong else 422,
        rows=[_row(who, job) for job in page.jobs],
        stores=stores,
        states=[(one.value, one.value) for one in JobState],
        asked=asked,
        earlier=_path(given | {"before": str(page.before)}) if page.before else "",
        later=_path(given) if before is not None else "",
        wrong=dict.fromkeys(("state", "campaign", "id"), "") | dict(wrong or {}),
    )


def _path(query: Mapping[str, str]) -> str:
    return f"/messages?{urlencode(query)}" if query else "/messages"


def _row(who: Visitor, job: Listed) -> Mapping[str, Any]:
    text, own = text_for(who, job.text, job.purpose)
    return {
        "job": job,
        "to": number_for(who, job.to),
        "text": text,
        "own": own,
        "kind": kind_of(job.state),
        "word": word_of(job.state),
    }


@router.post("/messages")
async def find(request: Request, who: Who) -> Response:
    """Search by an id, which no address holds: a store may have made it of a number."""
    house: House = request.app.state.house
    name = (await form_of(request)).get("id", "")
    nobody = {"store": "", "state": "", "campaign": ""}
    jobs: Sequence[Listed] = []
    if name and "\0" not in name:
        jobs = await house.database.read(lambda c: list_jobs(c, id=name))
    if len(jobs) == 1:
        return go_to(f"/messages/{jobs[0].key}")
    wrong = {} if jobs else {"id": "No message has this id; right: as the store wrote it."}
    return _list_page(request, who, nobody, Page(jobs=list(jobs), before=None), wrong=wrong)


@router.get("/messages/{key}")
async def show(request: Request, who: Who, key: int) -> Response:
    """Show a message with its life."""
    return await _show(request, who, key)


async def _show(
    request: Request, who: Visitor, key: int, *, wrong: str = "", status: int = 200
) -> Response:
    found = await _message(request, who, key)
    if found is None:
        page = {"title": "There is no such message", "up": "/messages"}
        said = "It may have been erased, or kept for as long as it is kept."
        return render(request, who, "missing.html", status=404, said=said, **page)
    return render(
        request,
        who,
        "message.html",
        status=status,
        message=found,
        row=_row(who, found.job),
        life=life_of(found),
        remedy=remedy_of(found.job.state, found.job.reason),
        may_cancel=(
            found.job.state in WAITING and who.may(Right.SEND) and found.job.store != HOUSE
        ),
        wrong=wrong,
    )


async def _message(request: Request, who: Visitor, key: int) -> MessageLife | None:
    house: House = request.app.state.house
    if not 0 < key < _MOST_KEY:
        return None
    found = await house.database.read(lambda c: read_message(c, JobKey(key)))
    return found if found is not None and who.sees(found.job.store) else None


@router.post("/messages/{key}/cancel")
async def cancel(request: Request, who: Sender, key: int) -> Response:
    """Take back a message that waits."""
    house: House = request.app.state.house
    found = await _message(request, who, key)
    if found is None:
        return await _show(request, who, key)
    job = found.job
    try:
        await act(
            house,
            who,
            "message.cancel",
            "cancel",
            subject=f"message {job.key}",
            store=job.store,
            id=job.id,
        )
    except RejectedError as error:
        return await _show(request, who, key, wrong=said_of(error), status=409)
    return go_to(f"/messages/{key}", "The message is cancelled; nobody gets it.")
