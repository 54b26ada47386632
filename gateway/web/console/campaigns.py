"""Campaigns: what is on file, what each would be, how far it has come, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from gateway.access import Right, Visitor
from gateway.domain.errors import ContentError, RejectedError
from gateway.web.console.live import Live
from gateway.web.console.shell import go_to, render
from gateway.web.console.topic import Sight, Snapshot, Topic
from gateway.web.guard import act, visitor
from gateway.web.house import House

router = APIRouter(prefix="/campaigns")

Reader = Annotated[Visitor, visitor(Right.READ, of_store=True)]
Operator = Annotated[Visitor, visitor(Right.OPERATE, of_store=True)]

STEERED: Final = {
    "pause": "{} is paused; what waits of it stays where it is.",
    "resume": "{} goes on.",
    "approve": "{} goes on to all.",
    "stop": "{} is stopped; what waited of it was taken back.",
}
"""What can be done to a launched campaign, and what is said of it then."""

CAMPAIGN: Final = "campaign"
"""The topic, about ``STORE/NAME``, and its larger part."""


async def _take(house: House, subject: str) -> Snapshot:
    store, _, name = subject.partition("/")
    found = await house.ask("campaign_progress", store=store, name=name)
    # Ages and rates that change with every look would have the page drawn anew for nothing.
    return {"progress": {key: value for key, value in found.items() if key != "at"}}


TOPIC: Final = Topic(
    name=CAMPAIGN,
    right=Right.READ,
    take=_take,
    parts={CAMPAIGN: "live/campaign.html", "steering": "live/steering.html"},
)


@router.get("")
async def campaigns(request: Request, who: Reader) -> Response:
    """Show the campaigns of all stores."""
    found = await _listed(request, who)
    return render(request, who, "campaigns/list.html", **found)


@router.get("/{store}/{name}")
async def campaign(request: Request, store: str, name: str, who: Reader) -> Response:
    """Show a campaign."""
    entry = await _entry(request, who, store, name)
    return await _page(request, who, entry)


@router.get("/{store}/{name}/forecast")
async def forecast(request: Request, store: str, name: str, who: Reader) -> Response:
    """Show what a campaign would be if it were launched now; it takes seconds to reckon."""
    entry = await _entry(request, who, store, name)
    found = await _asked(request, "campaign_forecast", store, name)
    return await _page(request, who, entry, forecast=found)


@router.get("/{store}/{name}/report")
async def report(request: Request, store: str, name: str, who: Reader) -> Response:
    """Show what a campaign brought and changed; it takes seconds to reckon."""
    entry = await _entry(request, who, store, name)
    found = await _asked(request, "campaign_report", store, f"campaign.{name}")
    return await _page(request, who, entry, report=found)


@router.post("/{store}/{name}/launch")
async def launch(
    request: Request,
    store: str,
    name: str,
    who: Operator,
    even_if_late: Annotated[str, Form()] = "",
) -> Response:
    """Launch a campaign as its file has it now."""
    fields = {"store": store, "name": name, "even_if_late": bool(even_if_late)}
    answer = await _done(request, who, "campaign.launch", "campaign_launch", fields)
    if isinstance(answer, str):
        return go_to(_path(store, name), f"Not launched: {answer}")
    waiting = f"; {answer['canaries']} own numbers get it first" if answer["canaries"] else ""
    said = f"{name} is launched to {answer['persons']:,} persons{waiting}."
    return go_to(_path(store, name), " ".join([said, *answer["remarks"]]))


@router.post("/{store}/{name}/steer")
async def steer(
    request: Request, store: str, name: str, who: Operator, word: Annotated[str, Form()]
) -> Response:
    """Pause, resume, approve or stop a campaign."""
    fields = {"store": store, "name": name, "word": word}
    action = word if word in STEERED else "steer"
    answer = await _done(request, who, f"campaign.{action}", "campaign_steer", fields)
    said = answer if isinstance(answer, str) else STEERED[word].format(name)
    return go_to(_path(store, name), said)


async def _page(
    request: Request,
    who: Visitor,
    entry: Mapping[str, Any],
    *,
    forecast: Mapping[str, Any] | str | None = None,
    report: Mapping[str, Any] | str | None = None,
) -> Response:
    """Return the page of a campaign, with what was reckoned or why it could not be."""
    live: Live = request.app.state.live
    subject = f"{entry['store']}/{entry['campaign']}"
    progress = None
    if entry["state"] is not None:
        progress = (await live.latest(CAMPAIGN, subject))["progress"]
    return render(
        request,
        who,
        "campaigns/campaign.html",
        entry=entry,
        subject=subject,
        progress=progress,
        sight=Sight.of(who),
        forecast=forecast,
        report=report,
    )


async def _listed(request: Request, who: Visitor) -> Mapping[str, Any]:
    """Return the campaigns that somebody may see, and what is wrong with files."""
    house: House = request.app.state.house
    fields = {} if who.store is None else {"store": who.store}
    found: Mapping[str, Any] = await house.ask("campaign_list", **fields)
    return found


async def _entry(request: Request, who: Visitor, store: str, name: str) -> Mapping[str, Any]:
    """Return a campaign.

    Raises:
        HTTPException: there is none, or none for them.
    """
    for one in (await _listed(request, who))["campaigns"]:
        if (one["store"], one["campaign"]) == (store, name):
            found: Mapping[str, Any] = one
            return found
    raise HTTPException(404, f"{store} has no campaign {name!r}")


async def _asked(request: Request, op: str, store: str, name: str) -> Mapping[str, Any] | str:
    """Return what was reckoned; a sentence where it cannot be."""
    house: House = request.app.state.house
    try:
        answer: Mapping[str, Any] = await house.ask(op, store=store, name=name)
    except (RejectedError, ContentError) as error:
        return str(error)
    return answer


async def _done(
    request: Request, who: Visitor, action: str, op: str, fields: Mapping[str, Any]
) -> Mapping[str, Any] | str:
    """Return what came of it; a sentence where it was refused.

    Raises:
        HTTPException: the store is not theirs.
    """
    store, name = fields["store"], fields["name"]
    if not who.sees(store):
        raise HTTPException(404, f"this gateway has no store {store!r}")
    house: House = request.app.state.house
    try:
        answer: Mapping[str, Any] = await act(
            house, who, action, op, subject=f"{store}/{name}", **fields
        )
    except (RejectedError, ContentError) as error:
        return str(error)
    request.app.state.live.forget()
    return answer


def _path(store: str, name: str) -> str:
    return f"/campaigns/{store}/{name}"
