"""Who is let in: whom the database knows, for as long as it does, as far as their rights go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.visitors import OURS, Visited

from gateway.access import Right, Role
from gateway.access.secret import digest_of, new_secret
from gateway.access.sessions import IDLE, LIFE, TOUCH
from gateway.db.console.sessions import end_session, find_session
from gateway.db.tables import API_TOKENS, USERS


async def test_who_shows_nothing_is_led_to_the_door(guarded: Visited) -> None:
    async with guarded.browser() as browser:
        page = await browser.get("/page?a=1&b=2")
        live = await browser.get("/page", headers={"hx-request": "true"})
        thing = await browser.get("/api/thing")
    assert (page.status_code, page.headers["location"]) == (
        303,
        "/login?next=%2Fpage%3Fa%3D1%26b%3D2",
    )
    assert (live.status_code, live.headers["hx-redirect"]) == (401, "/login?next=%2Fpage")
    assert (thing.status_code, thing.json()["code"]) == (401, "unauthenticated")
    assert thing.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "cookie",
    ["", "x", new_secret(), "é", "x" * 5000],
    ids=["none", "short", "made up", "not ASCII", "long"],
)
async def test_a_cookie_that_nobody_was_given_is_nothing(guarded: Visited, cookie: str) -> None:
    await guarded.user(Role.ADMIN)
    async with guarded.browser() as browser:
        headers = {"cookie": f"shopbell={cookie}".encode()}
        assert (await browser.get("/page", headers=headers)).status_code == 303


async def test_the_fingerprint_of_a_cookie_is_no_cookie(guarded: Visited) -> None:
    """The attack: somebody read the database, a backup say."""
    secret = await guarded.session(await guarded.user(Role.ADMIN))
    for stolen in (digest_of(secret).hex(), str(digest_of(secret))):
        async with guarded.browser(stolen) as browser:
            assert (await browser.get("/page")).status_code == 303


async def test_a_session_that_was_ended_lets_nobody_in(guarded: Visited) -> None:
    """The attack: a cookie that was stolen before its owner signed out."""
    secret = await guarded.session(await guarded.user(Role.ADMIN))
    async with guarded.browser(secret) as thief:
        assert (await thief.get("/page")).status_code == 200
        await guarded.database.write(lambda c: end_session(c, digest_of(secret)))
        assert (await thief.get("/page")).status_code == 303


async def test_a_session_ends_without_use_and_at_the_latest(guarded: Visited) -> None:
    user = await guarded.user(Role.VIEWER)
    idle, used = await guarded.session(user), await guarded.session(user)
    began = guarded.clock.instant
    async with guarded.browser(used) as browser:
        while guarded.clock.instant - began < LIFE:
            assert (await browser.get("/page")).status_code == 200
            guarded.clock.instant += IDLE / 2
        assert (await browser.get("/page")).status_code == 303
    guarded.clock.instant = began + IDLE
    async with guarded.browser(idle) as browser:
        assert (await browser.get("/page")).status_code == 303


async def test_that_a_session_is_used_is_written_now_and_then(guarded: Visited) -> None:
    secret = await guarded.session(await guarded.user(Role.VIEWER))
    began = guarded.clock.instant
    async with guarded.browser(secret) as browser:
        for _ in range(3):
            guarded.clock.instant += TOUCH / 2
            await browser.get("/page")
    found = await guarded.database.read(lambda c: find_session(c, digest_of(secret)))
    assert found is not None
    assert found.seen_at == began + TOUCH


async def test_who_is_disabled_is_out_at_once(guarded: Visited) -> None:
    """Though the row of the session were still there."""
    user = await guarded.user(Role.ADMIN)
    async with guarded.browser(await guarded.session(user)) as browser:
        gone = USERS.update().values(disabled_at=guarded.clock.now())
        await guarded.database.write(lambda c: c.execute(gone).rowcount)
        assert (await browser.get("/page")).status_code == 303


async def test_a_role_that_was_taken_away_is_gone_at_once(guarded: Visited) -> None:
    async with await guarded.signed_in(Role.OPERATOR) as browser:
        assert (await browser.post("/page", headers=OURS)).status_code == 200
        less = USERS.update().values(role=Role.VIEWER)
        await guarded.database.write(lambda c: c.execute(less).rowcount)
        answer = await browser.post("/page", headers=OURS)
        assert answer.status_code == 403
        assert "operate" in answer.text


async def test_a_token_may_what_its_scopes_say(guarded: Visited) -> None:
    async with await guarded.program(Right.READ, store="acme") as program:
        told = await program.get("/api/thing")
        refused = await program.post("/api/thing", json={})
    assert told.json().startswith("token:")
    assert told.json().endswith(" of acme")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_a_token_of_a_store_gets_into_nothing_that_is_about_all(guarded: Visited) -> None:
    """The attack: a store's token on a page that forgot that there are stores."""
    async with await guarded.program(Right.READ, Right.SEND, store="acme") as program:
        page, made = await program.get("/page"), await program.post("/api/thing", json={})
    assert page.status_code == 403
    assert (made.status_code, made.json()["code"]) == (403, "forbidden")
    async with await guarded.program(Right.READ) as program:
        assert (await program.get("/page")).status_code == 200


async def test_a_token_that_ended_or_was_revoked_is_nothing(guarded: Visited) -> None:
    async with await guarded.program(Right.READ, life=timedelta(days=1)) as program:
        assert (await program.get("/api/thing")).status_code == 200
        guarded.clock.instant += timedelta(days=1)
        assert (await program.get("/api/thing")).status_code == 401
    async with await guarded.program(Right.READ) as program:
        assert (await program.get("/api/thing")).status_code == 200
        gone = API_TOKENS.update().values(revoked_at=guarded.clock.now())
        await guarded.database.write(lambda c: c.execute(gone).rowcount)
        assert (await program.get("/api/thing")).status_code == 401


async def test_an_id_with_another_secret_is_nothing(guarded: Visited) -> None:
    async with await guarded.program(Right.READ) as program:
        written = program.headers["authorization"].removeprefix("Bearer ")
    for wrong in (
        written[:-1] + ("0" if written[-1] != "0" else "1"),
        f"shopbell_{'0' * 12}_{written[-64:]}",
        written[:-1],
        written + "0",
        written.upper(),
        "",
        "shopbell__",
        f"shopbell_{written.split('_')[1]}_{'0' * 64}",
    ):
        async with guarded.bearer(wrong) as program:
            assert (await program.get("/api/thing")).status_code == 401, wrong


async def test_a_wrong_token_is_not_made_good_by_a_cookie(guarded: Visited) -> None:
    """What shows a token passes the check of the site; it must not then be somebody by a cookie."""
    secret = await guarded.session(await guarded.user(Role.OPERATOR))
    async with guarded.browser(secret) as browser:
        answer = await browser.post("/page", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 303


async def test_the_use_of_a_token_is_written_now_and_then(guarded: Visited) -> None:
    async with await guarded.program(Right.READ) as program:
        await program.get("/api/thing")
        first = guarded.clock.instant
        guarded.clock.instant += TOUCH / 2
        await program.get("/api/thing")
    used = API_TOKENS.select()
    assert await guarded.database.read(lambda c: c.execute(used).one().used_at) == first
