"""Nothing that a customer or a store sends runs in a page: in a real browser, over all ways in.

Each text comes as a customer's message, as a store's message, and in every field of an order, a
customer and a consent. Pages are open while it comes, so that what is sent to them live is looked
at as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Console, Open
from playwright.sync_api import Page, expect
from support.browsing import Person, barriers, overflows
from support.events import CONSENT, CUSTOMER, ORDER, document
from support.hostile import HOSTILE
from support.processes import wait_for

NUMBER = "+447700900321"
TEXTS = [text for text in HOSTILE.values() if len(text) < 300]
"""What an order's field holds; the long ones are looked at beside a browser (tests/web/console)."""

PICTURES = os.environ.get("SHOPBELL_PICTURES")
"""A folder for pictures of the pages, for who wants to look at them."""


@pytest.fixture
def hostile(console: Open) -> Console:
    """A console over a box that was sent everything that we could think of."""
    opened = console(modems=2)
    for place, text in enumerate(TEXTS):
        opened.house.store.submit(f"job-{place}", to=NUMBER, text=text)
        _tell(opened, place, text)
    last = f"job-{len(TEXTS) - 1}"
    opened.house.store.await_state(last, "delivered", seconds=60)
    return opened


def _tell(opened: Console, place: int, text: str) -> None:
    now, word = datetime.now(UTC).isoformat(), text[:120]
    name = "".join(sign for sign in text[:60] if sign.isprintable()) or "x"
    goods = {"product_id": word, "name": word, "price": "1.00", "quantity": 1, "category": word}
    events: list[tuple[str, dict[str, Any]]] = [
        (CUSTOMER, {"customer": "c-1", "phone": NUMBER, "first_name": name, "tags": [word]}),
        (ORDER, {"order_id": word, "customer": "c-1", "phone": NUMBER, "products": [goods]}),
        (
            CONSENT,
            {
                "phone": NUMBER,
                "consent_updated_at": now,
                "consent_collected_from": word,
                "text_version": "v1",
            },
        ),
    ]
    for kind, fields in events:
        told = document(kind, f"e-{kind}-{place}", time=now, **fields)
        opened.house.store.publish(json.dumps(told).encode(), topic="events")


def _write_all(opened: Console) -> None:
    for text in TEXTS:
        opened.house.bank.ask(do="inbound", modem="modem0", **{"from": NUMBER, "text": text})
    wait_for(lambda: len(opened.house.store.inbound) == len(TEXTS), 60, "what was written")


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_nothing_of_a_stranger_runs(hostile: Console, visit: Callable[..., Person]) -> None:
    ada = visit(hostile)
    hostile.sign_up(ada)
    inbox, overview = ada.open("/inbox"), ada.open("/")
    _write_all(hostile)
    expect(inbox.locator(".thread")).to_have_count(1)  # it came live
    _look_at(inbox, "inbox", close=False)
    inbox.locator(".thread").click()
    expect(inbox.locator(".bubble.theirs")).to_have_count(len(TEXTS))
    _look_at(inbox, "conversation")
    _look_at(overview, "overview")
    for path in ("/queue", "/messages", "/audit"):
        _look_at(ada.open(path), path[1:])
    message = ada.open("/messages")
    message.locator("tbody a").first.click()
    expect(message.get_by_role("heading", name="Its life")).to_be_visible()
    _look_at(message, "message")
    person = ada.open("/people")
    person.get_by_label("Number", exact=True).fill(NUMBER)
    person.get_by_role("button", name="Find").first.click()
    expect(person.get_by_text(NUMBER).first).to_be_visible()
    _look_at(person, "person")
    assert ada.complaints == []


def _look_at(page: Page, name: str, *, close: bool = True) -> None:
    page.wait_for_timeout(300)  # for what would run when it is drawn
    assert "owned" not in page.title(), name
    assert "1337" not in page.content(), f"{name}: a template was evaluated"
    assert page.locator("main script, main style, main iframe, main svg[onload]").count() == 0
    assert barriers(page) == [], name
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), f"{name} is wider than {width} px"
        _picture(page, f"{name}-{width}")
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == [], f"{name}, by night"
    _picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    if close:  # a browser has but six connections for a site, and each page keeps one
        page.close()


def test_what_is_typed_into_forms_does_not_run(
    hostile: Console, visit: Callable[..., Person]
) -> None:
    ada = visit(hostile)
    hostile.sign_up(ada)
    page = ada.open("/people")
    for text in TEXTS:
        page.get_by_label("Customer id").fill(text)
        page.get_by_role("button", name="Find").last.click()
        expect(page.locator(".wrong")).to_be_visible()
        assert "owned" not in page.title()
    assert [one for one in ada.complaints if "status of 4" not in one] == []
