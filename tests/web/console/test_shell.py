"""The shell of all pages: who sees which menu, and nothing that is a stranger's runs in it."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request
from support.consoling import Console, visiting

from gateway.access import Role, Visitor
from gateway.web.console.shell import SAID_COOKIE, environment, go_to, render

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


def shown(
    console: Console, who: Visitor | None, template: str = "base.html", cookie: str = ""
) -> str:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/modems",
        "query_string": b"",
        "headers": [(b"cookie", cookie.encode())],
        "app": console.site,
    }
    return bytes(render(Request(scope), who, template).body).decode()


def links(page: str) -> list[str]:
    return re.findall(r'class="entry" href="(/[^"]*)"', page)


@pytest.mark.parametrize(
    ("role", "there", "absent"),
    [
        (Role.VIEWER, "/queue", "/inbox"),
        (Role.AGENT, "/inbox", "/people"),
        (Role.OPERATOR, "/people", "/users"),
        (Role.ADMIN, "/audit", "/nothing"),
    ],
)
async def test_a_menu_has_what_somebody_may_open(
    console: Console, role: Role, there: str, absent: str
) -> None:
    found = links(shown(console, visiting(role)))
    assert there in found
    assert absent not in found


async def test_the_page_that_is_open_is_marked_in_the_menu(console: Console) -> None:
    page = shown(console, visiting())
    assert re.findall(r'href="([^"]*)" aria-current="page"', page) == ["/modems"]


@pytest.mark.parametrize("template", ["base.html", "bare.html"])
async def test_nothing_of_a_stranger_runs(console: Console, template: str) -> None:
    cookie = (
        f"{SAID_COOKIE}={go_to('/', EVIL).headers['set-cookie'].split('=', 1)[1].split(';')[0]}"
    )
    page = shown(console, visiting(name=EVIL), template, cookie)
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "49" not in re.sub(r"\.[0-9a-f]{12}\.", ".", page)


@pytest.mark.parametrize("template", ["base.html", "bare.html"])
async def test_nothing_is_inline_that_the_policy_forbids(console: Console, template: str) -> None:
    page = shown(console, visiting(), template)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script(?! defer src=\"/static/)", page) == []


@pytest.mark.parametrize(
    ("cookie", "theme"),
    [("", "auto"), ("shopbell_theme=dark", "dark"), ("shopbell_theme=%22%3E", "auto")],
)
async def test_a_page_comes_in_the_chosen_light(console: Console, cookie: str, theme: str) -> None:
    assert f'data-theme="{theme}"' in shown(console, visiting(), cookie=cookie)


def test_no_template_calls_anything_safe_or_evaluates() -> None:
    made = environment()
    for name in made.list_templates():
        assert made.loader is not None
        source, _path, _fresh = made.loader.get_source(made, name)
        wrong = r"\|\s*safe|autoescape|Markup|hx-on|hx-vals|\bstyle=|<style|\son[a-z]+=\""
        assert not re.search(wrong, source), name


async def test_a_stranger_who_is_lost_is_shown_a_page(console: Console) -> None:
    console.visitor = None
    answer = await console.browser.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "<main" in answer.text


async def test_a_form_that_lacks_something_is_told_so(console: Console) -> None:
    answer = await console.browser.post("/alarms/acknowledge", data={})
    assert answer.status_code == 422
    assert "kind in the form is missing" in answer.text


async def test_an_address_that_no_database_takes_is_refused(console: Console) -> None:
    """A server's database takes no NUL: what holds one was a fault of ours there."""
    for path in ("/messages?campaign=%00", "/inbox/a%00b"):
        assert (await console.browser.get(path)).status_code == 400
