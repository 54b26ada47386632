"""The shell and the pages of the box, as people with other eyes, hands and devices have them."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import Open
from playwright.sync_api import Page, expect
from support.browsing import Person, barriers, layout_shift, overflows

Visit = Callable[..., Person]

PAGES = ("/", "/modems", "/modems/m0", "/queue", "/failures", "/alarms", "/settings", "/help")
LIVE = "#live[data-state=live]"
LOST = "#live[data-state=lost]"
A_TENTH = 0.1
"""What browsers' makers call a good page (web.dev/cls)."""


def signed_in(opened: object, visit: Visit, state: dict[str, object], **options: object) -> Person:
    """Return somebody who has signed in, on another device."""
    return visit(opened, storage_state=state, **options)


def looks(page: Page) -> list[str]:
    """Return what somebody would stumble over on a page."""
    found = barriers(page)
    if overflows(page):
        found.append("one has to scroll sideways")
    if layout_shift(page) > A_TENTH:
        found.append("it moves while one looks")
    return [f"{page.url}: {one}" for one in found]


def test_every_page_is_for_everybody(console: Open, visit: Visit) -> None:
    opened = console(modems=2)
    ada = visit(opened)
    opened.sign_up(ada)
    state = dict(ada.context.storage_state())
    phone = {"width": 390, "height": 844}
    wrong = []
    for options in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": phone}):
        bob = signed_in(opened, visit, state, **options)
        for path in PAGES:
            page = bob.open(path)
            expect(page.locator(LIVE)).to_be_visible()
            wrong += looks(page)
            page.close()
        wrong += bob.complaints
    assert wrong == []


def test_a_lost_connection_is_said_and_comes_back_by_itself(console: Open, visit: Visit) -> None:
    opened = console()
    ada = visit(opened)
    opened.sign_up(ada)
    page = ada.open("/modems")
    expect(page.locator(LIVE)).to_be_visible()
    gateway = opened.house.gateway
    assert gateway is not None
    gateway.close()
    expect(page.locator(LOST)).to_contain_text("old", timeout=30_000)
    opened.house.start()
    expect(page.locator(LIVE)).to_be_visible(timeout=60_000)
    expect(page.locator("[sse-swap=modems]")).to_contain_text("m0")


def test_light_or_dark_is_remembered_and_the_keyboard_is_enough(
    console: Open, visit: Visit
) -> None:
    opened = console()
    ada = visit(opened, color_scheme="light")
    opened.sign_up(ada)
    page = ada.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("button", name="Light or dark").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ada.open("/queue").locator("html").get_attribute("data-theme") == "dark"
    assert ada.complaints == []


def test_a_phone_has_the_menu_behind_a_button(console: Open, visit: Visit) -> None:
    opened = console()
    ada = visit(opened, viewport={"width": 390, "height": 844}, has_touch=True)
    opened.sign_up(ada)
    page = ada.open("/")
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Queue")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Open the menu").tap()
    link.tap()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_without_scripts_pages_are_read_and_forms_work(console: Open, visit: Visit) -> None:
    opened = console()
    ada = visit(opened)
    opened.sign_up(ada)
    state = dict(ada.context.storage_state())
    bob = signed_in(opened, visit, state, java_script_enabled=False)
    page = bob.open("/modems/m0")
    expect(page.locator("main")).to_contain_text("Stick and SIM")
    page = bob.open("/settings")
    page.get_by_role("button", name="Read the file again").click()
    expect(page.locator("main")).to_contain_text("Nothing has changed.")
