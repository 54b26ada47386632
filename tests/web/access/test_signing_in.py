"""Signing in and out: who is let in, what is told to whom is not, and how often they may try."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from support.visitors import CHEAP, OURS, PASSWORD, Visited, visited

from gateway.access import Role
from gateway.access.passwords import Passwords
from gateway.db.console.audit import Sift, read_entries
from gateway.db.console.sessions import list_sessions
from gateway.db.tables import USERS
from gateway.web.console.access.leading import safe_next

COOKIE = "shopbell"


async def sign_in(
    browser: httpx.AsyncClient, name: str = "admin", password: str = PASSWORD, **more: str
) -> httpx.Response:
    form = {"name": name, "password": password, **more}
    return await browser.post("/login", data=form, headers=OURS)


async def test_who_signs_in_is_led_on_and_is_known(console: Visited) -> None:
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        shown = await browser.get("/login?next=%2Faudit")
        answer = await sign_in(browser, next="/audit")
        page = await browser.get("/audit")
    assert 'value="/audit"' in shown.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert page.status_code == 200


async def test_names_are_not_told_apart_by_how_they_are_written(console: Visited) -> None:
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        assert (await sign_in(browser, " Admin ")).status_code == 303


async def test_a_stolen_cookie_is_nothing_after_its_owner_signed_out(console: Visited) -> None:
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        await sign_in(browser)
        stolen = browser.cookies[COOKIE]
        out = await browser.post("/logout", headers=OURS)
        assert COOKIE not in browser.cookies
    assert out.headers["location"] == "/login"
    async with console.browser(stolen) as thief:
        assert (await thief.get("/account")).status_code == 303


async def test_a_cookie_that_was_planted_is_never_a_session(console: Visited) -> None:
    """The attack (fixation): a stranger has a browser hold a cookie that they know."""
    user = await console.member(Role.ADMIN)
    for planted in ("known-to-a-stranger", await console.session(await console.user(Role.VIEWER))):
        async with console.browser() as browser:
            await sign_in_with(browser, planted)
            assert browser.cookies[COOKIE] != planted
        async with console.browser(planted) as stranger:
            assert (await stranger.get("/account")).status_code == 303
    assert len(await console.database.read(lambda c: list_sessions(c, user))) == 2


async def sign_in_with(browser: httpx.AsyncClient, cookie: str) -> None:
    headers = {**OURS, "cookie": f"{COOKIE}={cookie}"}
    form = {"name": "admin", "password": PASSWORD}
    answer = await browser.post("/login", data=form, headers=headers)
    assert answer.status_code == 303


async def test_who_is_no_user_looks_like_a_wrong_password(console: Visited) -> None:
    """The attack: to find out who there is, by what is said."""
    await console.member(Role.ADMIN)
    await console.member(Role.VIEWER, "gone")
    await console.user(Role.VIEWER, "invited")
    gone = USERS.update().where(USERS.c.name == "gone").values(disabled_at=console.clock.now())
    await console.database.write(lambda c: c.execute(gone).rowcount)
    texts = set()
    for name, password in (
        ("admin", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("invited", PASSWORD),
        ("invited", ""),
        ("' or 1=1 --", PASSWORD),
        ("x" * 5000, PASSWORD),
    ):
        async with console.browser(address=f"192.0.2.{len(name) % 200}") as browser:
            answer = await sign_in(browser, name, password)
        assert answer.status_code == 401
        assert COOKIE not in answer.cookies
        texts.add(answer.text.replace(name, "").replace("&#39; or 1=1 --", "")[:3000])
    assert all("The name or the password is wrong." in text for text in texts)


class Counting:
    """Counts what is checked, for that is what takes the time."""

    def __init__(self) -> None:
        self.checked = 0

    def hash(self, password: str) -> str:
        return CHEAP.hash(password)

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        self.checked += 1
        return CHEAP.verify(password, hash)


async def test_who_is_no_user_takes_as_long_as_a_wrong_password(console: Visited) -> None:
    """The attack: to find out who there is, by how long it takes."""
    await console.member(Role.ADMIN)
    await console.user(Role.VIEWER, "invited")
    counting = Counting()
    console.site.state.accounts._passwords = Passwords(counting)
    for number, name in enumerate(("admin", "nobody", "invited"), start=1):
        async with console.browser() as browser:
            await sign_in(browser, name, "wrong")
        assert counting.checked == number, name
    written = await console.database.read(lambda c: read_entries(c, Sift(), 10))
    assert len(written) == 3, "nor does what is written take longer for one of them"


async def test_who_tries_many_is_slowed_down(console: Visited) -> None:
    """The attack: brute force, from one place."""
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        tried = [await sign_in(browser, password=f"guess {n}") for n in range(20)]
        last = await sign_in(browser)
    assert [answer.status_code for answer in tried[:5]] == [401] * 5
    assert [answer.status_code for answer in tried[5:]] == [429] * 15
    assert last.status_code == 429, "though it is right: a stranger must not see which one is"
    assert int(last.headers["retry-after"]) >= 1
    async with console.browser(address="198.51.100.7") as admin:
        assert (await sign_in(admin)).status_code == 303, "who is elsewhere is not kept out"


async def test_tries_at_once_are_counted_as_they_come(console: Visited) -> None:
    """The attack: a hundred at once, before the first is known to be wrong."""
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        answers = await asyncio.gather(
            *(sign_in(browser, password=f"guess {n}") for n in range(100))
        )
    assert sum(answer.status_code == 401 for answer in answers) <= 5


async def test_another_sites_form_signs_nobody_in(console: Visited) -> None:
    """The attack: the victim works, unnoticed, in the stranger's account."""
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        form = {"name": "admin", "password": PASSWORD}
        answer = await browser.post("/login", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_what_somebody_typed_is_not_kept_unless_it_is_a_name(console: Visited) -> None:
    """It may be a password in the wrong field, or a number."""
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        for name in ("admin", "+447700900123", "my secret"):
            await sign_in(browser, name, "wrong")
    entries = await console.database.read(lambda c: read_entries(c, Sift(), 10))
    assert {(one.actor, one.subject, one.result) for one in entries} == {
        ("stranger", "admin", "wrong"),
        ("stranger", None, "wrong"),
    }


async def test_who_is_signed_in_is_led_on_from_the_door(console: Visited) -> None:
    async with await console.signed_in(Role.VIEWER) as browser:
        answer = await browser.get("/login?next=/modems")
    assert (answer.status_code, answer.headers["location"]) == (303, "/modems")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/audit?a=1", "/audit?a=1"),
        ("", "/"),
        ("audit", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/é", "/"),
    ],
)
async def test_nobody_is_led_to_another_site(console: Visited, asked: str, led: str) -> None:
    assert safe_next(asked) == led
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        assert (await sign_in(browser, next=asked)).headers["location"] == led


async def test_what_is_typed_is_shown_as_text(console: Visited) -> None:
    async with console.browser() as browser:
        answer = await sign_in(browser, '"><script>alert(1)</script>', next='/"><script>')
    assert "<script>" not in answer.text


async def test_over_tls_the_cookie_is_of_this_host_alone(sqlite_url: str, tmp_path: Any) -> None:
    base = "https://console.example"
    async with visited(sqlite_url, tmp_path, console=f'url = "{base}"') as console:
        await console.member(Role.ADMIN)
        async with console.browser(base=base) as browser:
            cookie = (await sign_in(browser)).headers["set-cookie"]
            assert (await browser.get("/account")).status_code == 200
    assert cookie.startswith("__Host-shopbell=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
