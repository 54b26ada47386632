"""Persons: searched, what is known of them, and what they wish.

A person is at the store and the pseudonym; a number is searched for by a form alone. Whoever looks,
searches or does something is in the audit log under the pseudonym.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from gateway.access import Right, Visitor
from gateway.consent.who import is_pseudonym
from gateway.control.wire import plain_value
from gateway.dispatch.rights.access import portable_table
from gateway.domain.errors import RejectedError
from gateway.web.console.forms import form_of, said_of
from gateway.web.console.person import proofs_of, scores_of, standing_rows, texts_of
from gateway.web.console.shell import go_to, render
from gateway.web.console.wishes import WISHES, Wish, fields_of, last_digits
from gateway.web.errors import status_of
from gateway.web.guard import act, note, visitor
from gateway.web.house import House

router = APIRouter(prefix="/people")

Clerk = Annotated[Visitor, visitor(Right.PEOPLE)]

_UNKNOWN: Final = "Nothing is kept of this number, and nothing was sent to it."


@router.get("")
async def ask(request: Request, who: Clerk) -> Response:
    """Offer the search."""
    return _search_page(request, who)


@router.post("")
async def search(request: Request, who: Clerk) -> Response:
    """Search by a number or by what a store calls a person; no address holds either."""
    house: House = request.app.state.house
    form = await form_of(request)
    number, customer, store = (form.get(name, "") for name in ("number", "customer", "store"))
    asked = {"customer": customer} if customer else {"number": number}
    found: Sequence[Mapping[str, Any]] = []
    wrong, status = {}, 200
    try:
        found = await house.ask("person_find", store=store or None, **asked)
    except RejectedError as error:
        wrong, status = {error.field or "number": said_of(error)}, status_of(error.code)
    person = found[0]["person"] if found else None
    await note(house, who.actor, "person.search", "done" if found else "nobody", person)
    if len(found) == 1:
        return go_to(f"/people/{found[0]['store']}/{found[0]['person']}")
    if not found and not wrong:
        wrong, status = {next(iter(asked)): _UNKNOWN}, 404
    return _search_page(request, who, found=found, wrong=wrong, status=status)


def _search_page(
    request: Request,
    who: Visitor,
    *,
    found: Sequence[Mapping[str, Any]] = (),
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    house: House = request.app.state.house
    return render(
        request,
        who,
        "people/search.html",
        status=status,
        found=found,
        stores=[(one.name, one.name) for one in house.settings().store],
        wrong=dict.fromkeys(("number", "customer", "store"), "") | dict(wrong or {}),
    )


@router.get("/{store}/{person}")
async def show(request: Request, who: Clerk, store: str, person: str) -> Response:
    """Show what is known of a person."""
    house: House = request.app.state.house
    known = await _known(house, who, store, person)
    return render(
        request,
        who,
        "people/person.html",
        person=known,
        here=f"/people/{known['store']}/{known['person']}",
        standing=standing_rows(known["account"]),
        proofs=proofs_of(known["account"]),
        messages=texts_of(known["messages"]),
        scores=scores_of(known["scores"]),
        wishes=[wish for wish in WISHES.values() if wish.offered(known["account"])],
    )


async def _known(house: House, who: Visitor, store: str, person: str) -> Mapping[str, Any]:
    """Return what is known of a person; the look is in the audit log.

    Raises:
        RejectedError: nobody is known by that pseudonym.
    """
    name = _name(person)
    known: Mapping[str, Any] = await act(
        house, who, "person.show", "person_history", subject=name, store=store, person=name
    )
    return _require_known(known)


def _name(person: str) -> str:
    """Return a pseudonym, which alone gets into the audit log.

    Raises:
        RejectedError: it is none, but a number, say, that somebody wrote into the address.
    """
    if not is_pseudonym(person):
        raise RejectedError("unknown_person", "this is nobody's pseudonym; search by the number")
    return person


def _require_known(known: Mapping[str, Any]) -> Mapping[str, Any]:
    if known["number"] is None and known["known"] is None and not known["account"]["history"]:
        raise RejectedError("unknown_person", "nobody is known by this; search by the number again")
    return known


@router.get("/{store}/{person}/{wish}")
async def confirm(request: Request, who: Clerk, store: str, person: str, wish: str) -> Response:
    """Say what a wish would do, and ask."""
    house: House = request.app.state.house
    found = _wish(wish)
    known = await _known(house, who, store, person)
    return _confirm_page(request, who, known, found)


def _wish(name: str) -> Wish:
    if name not in WISHES:
        raise RejectedError("unknown_person", "there is nothing of that name to be done")
    return WISHES[name]


def _confirm_page(
    request: Request,
    who: Visitor,
    known: Mapping[str, Any],
    wish: Wish,
    *,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    names = ("purpose", "source", "text_version", "language", "digits")
    return render(
        request,
        who,
        "people/confirm.html",
        status=status,
        person=known,
        here=f"/people/{known['store']}/{known['person']}",
        wish=wish,
        given=dict.fromkeys(names, "") | dict(given or {}),
        wrong=dict.fromkeys((*names, "all"), "") | dict(wrong or {}),
    )


@router.post("/{store}/{person}/{wish}")
async def do(request: Request, who: Clerk, store: str, person: str, wish: str) -> Response:
    """Do what a person wishes."""
    house: House = request.app.state.house
    found, form = _wish(wish), await form_of(request)
    known = _require_known(await house.ask("person_history", store=store, person=_name(person)))
    if found.name == "erase" and form.get("digits") != last_digits(known["number"]):
        wrong = {"digits": "These are not the last four digits of the number."}
        return _confirm_page(request, who, known, found, given=form, wrong=wrong, status=422)
    if found.op == "consent_change" and not form.get("source"):
        wrong = {"source": "Say how they told it."}
        return _confirm_page(request, who, known, found, given=form, wrong=wrong, status=422)
    try:
        answer = await act(
            house,
            who,
            found.action,
            found.op,
            subject=person,
            details={"store": store},
            more=fields_of(found, form) | {"actor": who.actor, "store": store, "person": person},
        )
    except RejectedError as error:
        field = error.field if error.field in form else "all"
        wrong, status = {field or "all": said_of(error)}, status_of(error.code)
        return _confirm_page(request, who, known, found, given=form, wrong=wrong, status=status)
    if found.name == "export":
        return _download(answer, person, form.get("form", "json"))
    return go_to(f"/people/{store}/{person}", found.said(answer))


def _download(document: Mapping[str, Any], person: str, form: str) -> Response:
    """Return an export as a file, named by the pseudonym."""
    if form == "csv":
        body, kind = portable_table(document), "text/csv; charset=utf-8"
    else:
        form, kind = "json", "application/json"
        body = json.dumps(document, ensure_ascii=False, indent=1, default=plain_value)
    name = f'attachment; filename="person-{person}.{form}"'
    return Response(body, media_type=kind, headers={"Content-Disposition": name})
