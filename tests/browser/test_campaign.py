"""A campaign is launched and watched as it goes out, without a reload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from browser.conftest import Open
from playwright.sync_api import Locator, Page, expect
from support.browsing import Person
from support.house import House
from support.moving import OWN, PERSONS, tell_of_persons
from support.processes import wait_for


def figure(page: Page, label: str) -> Locator:
    """Return the number of a figure."""
    return page.locator(".figure").filter(has_text=label).locator("dd").first


def test_it_is_watched_live_from_its_launch_to_its_end(
    console: Open, visit: Callable[..., Person]
) -> None:
    opened = console(modems=2, simulator=("--latency", "0.3", "--report-delay", "0.2"))
    ada = visit(opened)
    opened.sign_up(ada)
    tell_of_persons(opened.house)
    page = ada.open("/campaigns")
    page.get_by_role("link", name="moved").click()
    page.get_by_role("link", name="Forecast").first.click()
    expect(figure(page, "May be written to")).to_have_text(str(len(PERSONS) + 1))
    page.get_by_role("button", name="Launch", exact=True).click()
    page.get_by_role("button", name="Launch it").click()
    here = page.url
    page.evaluate("window.stayed = true")
    expect(page.locator(".badge", has_text="finished")).to_be_visible(timeout=60_000)
    expect(figure(page, "Delivered")).to_have_text(str(len(PERSONS)))
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    assert page.url == here
    assert delivered(opened.house) == dict.fromkeys(PERSONS, 1) | {OWN: 2}
    assert ada.complaints == []


def delivered(house: House) -> Counter[str]:
    return Counter(entry["to"] for entry in house.log())


def test_it_is_stopped_and_nothing_more_goes_out(
    console: Open, visit: Callable[..., Person]
) -> None:
    opened = console(simulator=("--latency", "1", "--report-delay", "0.2"))
    ada = visit(opened)
    opened.sign_up(ada)
    tell_of_persons(opened.house)
    page = ada.open("/campaigns/acme/moved")
    page.get_by_role("button", name="Launch", exact=True).click()
    page.get_by_role("button", name="Launch it").click()
    wait_for(lambda: len(opened.house.log()) > 3, 30, "the first of them")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator(".badge", has_text="stopped").first).to_be_visible()
    out = len(opened.house.log())
    assert out < len(PERSONS)
    expect(figure(page, "In the queue")).to_have_text("0")
    assert len(opened.house.log()) <= out + 1  # what was at the modem is finished
