"""The first start, and who comes in: in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser.conftest import PASSWORD, Open
from playwright.sync_api import expect
from support.browsing import Person, barriers

Visit = Callable[..., Person]


def test_the_first_start_shows_a_link_that_makes_the_admin_once(
    console: Open, visit: Visit
) -> None:
    opened = console()
    ada, link = visit(opened), opened.setup_path
    page = ada.open(link)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert barriers(page) == []
    opened.follow(ada, link, "ada")
    page = ada.open("/")
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("Audit log")
    eve = visit(opened)
    expect(eve.open(link).get_by_role("heading")).not_to_have_text("Welcome")
    assert eve.open("/users").url.startswith(f"{opened.base}/login")
    assert ada.complaints == []


def test_who_signs_in_comes_back_to_where_they_wanted(console: Open, visit: Visit) -> None:
    opened = console()
    ada = visit(opened)
    opened.sign_up(ada)
    page = ada.open("/modems")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{opened.base}/modems")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("something else entirely")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{opened.base}/modems")


@pytest.mark.parametrize(
    ("role", "sees", "misses"), [("viewer", "Modems", "Inbox"), ("agent", "Inbox", "People")]
)
def test_a_user_sees_what_their_role_may(
    console: Open, visit: Visit, role: str, sees: str, misses: str
) -> None:
    opened = console()
    opened.sign_up(visit(opened))
    bob = visit(opened)
    opened.follow(bob, opened.user("bob", role))
    menu = bob.open("/").get_by_role("navigation", name="Pages")
    expect(menu.get_by_role("link", name=sees)).to_be_visible()
    expect(menu.get_by_role("link", name=misses)).to_have_count(0)
