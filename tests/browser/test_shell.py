"""What the shell does by itself: it says when it is not of now, and remembers light and dark."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import Console, Open
from playwright.sync_api import expect
from support.browsing import Person

Visit = Callable[..., Person]

LIVE = "#live[data-state=live]"
LOST = "#live[data-state=lost]"


def restart(opened: Console) -> None:
    assert opened.house.gateway is not None
    opened.house.gateway.close()
    opened.house.start()


def test_a_lost_connection_is_said_and_comes_back_by_itself(console: Open, visit: Visit) -> None:
    opened = console()
    ada = visit(opened)
    opened.sign_up(ada)
    page = ada.open("/modems")
    expect(page.locator(LIVE)).to_be_visible()
    assert opened.house.gateway is not None
    opened.house.gateway.close()
    expect(page.locator(LOST)).to_contain_text("old", timeout=30_000)
    opened.house.start()
    expect(page.locator(LIVE)).to_be_visible(timeout=60_000)
    expect(page.locator("[sse-swap=modems]")).to_contain_text("m0")
    ada.context.clear_cookies()
    restart(opened)
    page.wait_for_url(f"{opened.base}/login**", timeout=60_000)


def test_light_or_dark_is_remembered_on_a_phone_too(console: Open, visit: Visit) -> None:
    opened = console()
    phone = {"width": 390, "height": 844}
    ada = visit(opened, color_scheme="light", viewport=phone, has_touch=True)
    opened.sign_up(ada)
    page = ada.open("/")
    page.get_by_role("button", name="Light or dark").tap()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Queue")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Open the menu").tap()
    link.tap()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ada.complaints == []
