"""Every page can be used by everybody, in light and in dark, on a desk and on a phone.

axe-core has nothing serious to say, nothing moves by itself, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser.conftest import Open
from playwright.sync_api import Browser
from support.browsing import Person, barriers, layout_shift, overflows
from support.house import House
from support.moving import tell_of_persons
from support.processes import wait_for

CUSTOMER = "+447700900105"

SHIFT = 0.02
"""A fifth of what web.dev calls good."""


def fill(house: House) -> None:
    """Have something on every page: messages, somebody who wrote, a refusal, an alarm."""
    tell_of_persons(house)
    for number in range(3):
        house.store.submit(f"order-{number}", to=CUSTOMER)
    house.store.await_state("order-2", "delivered")
    house.bank.ask(do="inbound", modem="modem0", **{"from": CUSTOMER, "text": "Where is it?"})
    wait_for(lambda: house.store.inbound, 15, "the question")
    house.bank.ask(do="unplug", modem="modem1")


def paths(person: Person) -> list[str]:
    """Return every page that the menu leads to, and one beneath each list."""
    page = person.open("/")
    menu = page.locator("#menu a").all()  # folded away on a phone
    found = {str(one.get_attribute("href")) for one in menu}
    for path in sorted(found):
        if not path.startswith("/"):
            continue
        page.goto(f"{person.base}{path}")
        inner = page.locator(f'main a[href^="{path}/"]').first
        if path != "/" and inner.count():
            found.add(str(inner.get_attribute("href")))
    page.close()
    return sorted(path for path in found if path.startswith("/"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    ],
    ids=["light", "dark", "phone"],
)
def test_every_page_can_be_used_by_everybody(
    console: Open, visit: Callable[..., Person], options: dict[str, Any]
) -> None:
    opened = console(modems=2)
    ada = visit(opened, **options)
    opened.sign_up(ada)
    fill(opened.house)
    wrong: dict[str, list[str]] = {}
    visited = paths(ada)
    assert len(visited) > 12
    for path in visited:
        page = ada.open(path)
        page.wait_for_timeout(300)
        said = [*barriers(page), *(["it is wider than its window"] if overflows(page) else [])]
        if (shift := layout_shift(page)) > SHIFT:
            said.append(f"it moved by itself: {shift:.3f}")
        if said:
            wrong[path] = said
        page.close()
    assert wrong == {}
    assert ada.complaints == []


def test_what_shuts_people_out_is_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html><body><img src="data:,"><input></body></html>')
    assert {one.split()[0] for one in barriers(page)} >= {"html-has-lang", "image-alt", "label"}


def test_it_can_be_used_by_the_keyboard_alone(console: Open, visit: Callable[..., Person]) -> None:
    opened = console()
    ada = visit(opened)
    opened.sign_up(ada)
    page = ada.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"{ada.base}/campaigns/acme/moved")
    page.get_by_role("button", name="Launch", exact=True).press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_forms_work_without_scripts(console: Open, visit: Callable[..., Person]) -> None:
    opened = console()
    ada = visit(opened, java_script_enabled=False)
    opened.sign_up(ada)
    tell_of_persons(opened.house)
    page = ada.open("/campaigns/acme/moved")
    page.get_by_role("button", name="Launch", exact=True).click()
    page.get_by_role("button", name="Launch it").click()
    wait_for(lambda: opened.house.log(), 30, "the first of the campaign")
