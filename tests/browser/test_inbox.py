"""Somebody writes, is answered from the browser, says STOP, and is answered no more."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import Open
from playwright.sync_api import expect
from support.browsing import Person
from support.house import House
from support.processes import wait_for

CUSTOMER = "+447700900321"


def writes(house: House, text: str) -> None:
    house.bank.ask(do="inbound", modem="modem0", **{"from": CUSTOMER, "text": text})


def test_an_inbound_is_answered_and_a_stop_is_heeded(
    console: Open, visit: Callable[..., Person]
) -> None:
    opened = console()
    house = opened.house
    ada = visit(opened)
    opened.sign_up(ada)
    house.store.submit("order-1", to=CUSTOMER)
    house.store.await_state("order-1", "delivered")
    page = ada.open("/inbox")
    expect(page.get_by_text("Nobody waits here")).to_be_visible()
    writes(house, "Where is it? <b>Now</b>")
    row = page.get_by_role("link", name="Where is it? <b>Now</b>")
    expect(row).to_be_visible()  # without a reload
    row.click()
    page.get_by_label("Your answer").fill("It will be with you tomorrow.")
    expect(page.locator("#parts")).to_contain_text("1")
    page.get_by_role("button", name="Send").click()
    wait_for(lambda: house.submits()["It will be with you tomorrow."], 15, "the answer")
    [answer] = [one for one in house.log() if one["text"] == "It will be with you tomorrow."]
    assert answer["to"] == CUSTOMER
    expect(page.locator(".bubble.mine").last).to_contain_text("delivered")
    writes(house, "STOP ALL")
    expect(page.get_by_role("alert")).to_contain_text("You cannot answer this person")
    sent = len(house.log())
    page.reload()
    expect(page.get_by_label("Your answer")).to_be_disabled()
    assert len(house.log()) == sent
    assert ada.complaints == []
