"""A customer on the phone: looked up, handed what is kept of them, erased; in a real browser."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from browser.conftest import Open
from playwright.sync_api import Page, expect
from support.browsing import Person, barriers, overflows
from support.spelled import found_in

NUMBER = "+447700900123"
OURS = ("shopbell.toml",)
PICTURES = os.environ.get("SHOPBELL_PICTURES")


def look_at(page: Page, name: str) -> None:
    assert barriers(page) == [], name
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def test_a_person_is_looked_up_exported_and_erased(
    console: Open, visit: Callable[..., Person]
) -> None:
    opened = console()
    house = opened.house
    ada = visit(opened)
    opened.sign_up(ada)
    house.store.submit("order-1", to=NUMBER, text="Your tea pot has shipped.")
    house.store.await_state("order-1", "delivered")
    page = ada.open("/people")
    look_at(page, "people")
    page.get_by_label("Number", exact=True).fill("07700 900123")
    page.get_by_role("button", name="Find").first.click()
    expect(page.get_by_role("heading", name="Person", exact=True)).to_be_visible()
    assert "7700900123" not in page.url
    expect(page.get_by_text("Your tea pot has shipped.")).to_be_visible()
    look_at(page, "person-of-one")

    page.get_by_role("link", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()
    document = json.loads(download.value.path().read_text())
    assert [one["id"] for one in document["data"]["messages"]] == ["order-1"]
    assert "7700900123" not in download.value.suggested_filename
    with page.expect_download():  # the page is still there, and so is its button
        page.get_by_role("button", name="Export", exact=True).click()

    page.get_by_role("link", name="Back to the person").click()
    page.get_by_role("link", name="Erase", exact=True).click()
    look_at(page, "erase")
    digits = page.get_by_label("The last four digits of the number")
    digits.fill("0000")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("These are not the last four digits")).to_be_visible()
    digits.fill("0123")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("nobody writes to them again")).to_be_visible(timeout=60_000)
    expect(page.locator(".badge").get_by_text("erased", exact=True)).to_be_visible()
    expect(page.get_by_text("Your tea pot has shipped.")).to_have_count(0)

    page.goto(f"{opened.base}/audit")
    for action in ("person.search", "person.export", "person.erase"):
        expect(page.get_by_text(action).first).to_be_visible()
    assert "7700900123" not in page.content()
    refused = [one for one in ada.complaints if "422" not in one]
    assert refused == []
    house.gateway.close()
    left = found_in(house.directory, but=(*OURS, "bank", "broker"))
    assert not {one for one in left if "shopbell.db" in str(one)}, left
