"""``/modems``: how each modem and carrier is, and what its network says when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from gateway.access import Right, Visitor
from gateway.db.console.refusals import Refusals, recent_refusals
from gateway.domain.errors import RejectedError, ShopbellError
from gateway.domain.remedies import class_of, remedy_of_reason
from gateway.domain.sample import Series
from gateway.web.console.modem_view import ModemView, view_modem
from gateway.web.console.shell import render
from gateway.web.console.today import midnight, of, sums_of_today
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import act, visitor
from gateway.web.house import House

MOST_REQUEST: Final = 182
"""Characters of a USSD string (3GPP TS 22.090)."""

_LATEST: Final = 12

router = APIRouter()


async def take_modems(house: House, subject: str) -> Snapshot:
    """Return all modems and carriers, and what each sent today."""
    since = midnight(house)
    sums = await house.database.read(lambda c: sums_of_today(c, since))
    modems = [view_modem(one) for one in await house.ask("modems")]
    return {
        "modems": modems,
        "sent_today": {one.name: of(sums, Series.SENT, one.name) for one in modems},
        "carriers": [view_modem(one) for one in await _carriers(house)],
    }


async def take_modem(house: House, subject: str) -> Snapshot:
    """Return one modem, with what it refused lately.

    Raises:
        RejectedError: there is none of that name.
    """
    all_of_them = await take_modems(house, "")
    found = [one for one in all_of_them["modems"] if one.name == subject]
    if not found:
        raise RejectedError("unknown_modem", "this gateway has no modem of that name", field="name")
    refused = await house.database.read(lambda c: recent_refusals(c, subject))
    return {
        "modem": found[0],
        "sent_today": all_of_them["sent_today"][subject],
        "refusals": [described(one) for one in refused[:_LATEST]],
    }


def described(one: Refusals) -> Mapping[str, Any]:
    """Return refusals with what they mean."""
    failure = class_of(one.reason, in_doubt=one.in_doubt)
    remedy = remedy_of_reason(one.reason, failure)
    return {
        "modem": one.modem,
        "failure": failure.value,
        "reason": one.reason or "no answer",
        "times": one.times,
        "last_at": one.last_at,
        "meaning": remedy.meaning,
        "action": remedy.action,
    }


async def _carriers(house: House) -> list[Mapping[str, Any]]:
    return list(await house.ask("carriers")) if house.settings().carrier else []


TOPICS: Final = (
    Topic(name="modems", right=Right.READ, take=take_modems, parts={"modems": "live/modems.html"}),
    Topic(name="modem", right=Right.READ, take=take_modem, parts={"modem": "live/modem.html"}),
)


@router.get("/modems")
async def show_modems(
    request: Request, who: Annotated[Visitor, visitor(Right.READ)]
) -> HTMLResponse:
    """Show them all."""
    return render(request, who, "modems.html", **await request.app.state.live.latest("modems"))


@router.get("/modems/{name}")
async def show_modem(
    request: Request, name: str, who: Annotated[Visitor, visitor(Right.READ)]
) -> HTMLResponse:
    """Show one."""
    return await _page(request, who, name)


@router.post("/modems/{name}/ussd")
async def ask_network(
    request: Request,
    name: str,
    who: Annotated[Visitor, visitor(Right.OPERATE)],
    text: Annotated[str, Form(max_length=MOST_REQUEST)] = "",
) -> HTMLResponse:
    """Ask a modem's network, such as for the balance, and show what it says."""
    house: House = request.app.state.house
    asked: dict[str, Any] = {"text": text, "answer": None, "wrong": ""}
    try:
        # What is asked may hold a PIN or a voucher's number: it is in no log.
        asked["answer"] = await act(
            house, who, "modem.ussd", "ussd", subject=name, name=name, request=text
        )
    except ShopbellError as error:
        asked["wrong"] = str(error)
    return await _page(request, who, name, asked)


async def _page(
    request: Request, who: Visitor, name: str, asked: Mapping[str, Any] | None = None
) -> HTMLResponse:
    found = await request.app.state.live.latest("modem", name)
    return render(request, who, "modem.html", asked=asked, **found)


__all__ = ["TOPICS", "ModemView", "described", "router", "take_modem", "take_modems"]
