"""Users, tokens, accounts and the audit log as an admin sees them, and as others do not."""

from __future__ import annotations

import re

import httpx
import pytest
from support.visitors import OURS, PASSWORD, Visited

from gateway.access import Right, Role
from gateway.access.invitations import invite_first
from gateway.access.token import read_token
from gateway.db.console.audit import Sift, read_entries
from gateway.db.console.tokens import list_tokens
from gateway.db.console.users import find_user, list_users

COOKIE = "shopbell"


async def post(browser: httpx.AsyncClient, path: str, **form: object) -> httpx.Response:
    return await browser.post(path, data=form, headers=OURS)


async def audit(console: Visited) -> list[tuple[str, str, str | None, str]]:
    found = await console.database.read(lambda c: read_entries(c, Sift(), 50))
    return [(one.actor, one.action, one.subject, one.result) for one in found]


def link_in(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8025(/password/[\w-]{43})"', page)
    assert found is not None
    return found[1]


async def test_the_first_start(console: Visited) -> None:
    """From nobody to an admin who is signed in; and then the link is nothing."""
    made = await console.database.write(lambda c: invite_first(c, console.clock.now()))
    assert made is not None
    async with console.browser() as browser:
        assert "Welcome" in (await browser.get(made.path)).text
        mistyped = await post(browser, made.path, name="ada", password=PASSWORD, again="x")
        assert (mistyped.status_code, "not the same" in mistyped.text) == (422, True)
        weak = await post(browser, made.path, name="ada", password="ada", again="ada")
        assert (weak.status_code, "too short" in weak.text) == (422, True)
        done = await post(browser, made.path, name="Ada", password=PASSWORD, again=PASSWORD)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert (await browser.get("/users")).status_code == 200
        for again in (
            await browser.get(made.path),
            await post(browser, made.path, name="eve", password=PASSWORD, again=PASSWORD),
        ):
            assert (again.status_code, "This link is over" in again.text) == (410, True)
    assert [user.name for user in await console.database.read(list_users)] == ["ada"]


@pytest.mark.parametrize("path", ["/setup/guess", "/password/guess", "/password/é"])
async def test_a_link_that_was_guessed_is_nothing(console: Visited, path: str) -> None:
    async with console.browser() as browser:
        assert (await browser.get(path)).status_code == 410
        answer = await post(browser, path, name="eve", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 410
    assert "set-cookie" not in answer.headers
    assert await console.database.read(list_users) == []


async def test_a_user_is_invited_sets_a_password_and_is_kept_out(console: Visited) -> None:
    async with await console.signed_in(Role.ADMIN) as admin:
        made = await post(admin, "/users", name="Bob", role="agent")
        path = link_in(made.text)
        async with console.browser() as browser:
            assert "bob" in (await browser.get(path)).text
            assert "bob" in (await post(browser, path, password="a", again="a")).text
            done = await post(browser, path, password=PASSWORD, again=PASSWORD)
            assert done.status_code == 303
            assert (await browser.get("/account")).status_code == 200
            assert (await browser.get("/users")).status_code == 403
            assert (await post(admin, "/users/bob/disable")).status_code == 303
            assert (await browser.get("/account")).status_code == 303, "at once"
        assert (await post(admin, "/users/bob/enable")).status_code == 303
        assert (await post(admin, "/users/bob/role", role="operator")).status_code == 303
        page = (await admin.get("/users")).text
        assert link_in((await post(admin, "/users/bob/link")).text) != path
        again = await post(admin, "/users", name="bob", role="agent")
        assert (again.status_code, "already" in again.text) == (422, True)
    assert "bob" in page
    user = await console.database.read(lambda c: find_user(c, "bob"))
    assert user is not None
    assert user.role == Role.OPERATOR
    assert ("user:admin", "user.add", "bob", "user_exists") in await audit(console)
    assert ("user:admin", "user.disable", "bob", "done") in await audit(console)


async def test_the_last_admin_cannot_lock_everybody_out(console: Visited) -> None:
    await console.member(Role.ADMIN)
    async with console.browser() as browser:
        await post(browser, "/login", name="admin", password=PASSWORD)
        for path, form in (("disable", {}), ("role", {"role": "viewer"})):
            answer = await post(browser, f"/users/admin/{path}", **form)
            assert (answer.status_code, "last admin" in answer.text) == (422, True)


async def test_a_token_is_shown_once_and_revoked(console: Visited) -> None:
    async with await console.signed_in(Role.ADMIN) as admin:
        made = await post(admin, "/tokens", name="till", scopes=["send", "read"], store="acme")
        found = re.search(r'value="(shopbell_\w+)"', made.text)
        assert found is not None
        token = read_token(found[1])
        assert token is not None
        listed = (await admin.get("/tokens")).text
        assert token.id in listed
        assert token.secret not in listed
        (record,) = await console.database.read(list_tokens)
        assert (record.scopes, record.store, record.made_by) == ("read send", "acme", "user:admin")
        async with console.bearer(token.written) as program:
            assert (await program.get("/api/v1/nothing")).status_code == 404
            assert (await post(admin, f"/tokens/{token.id}/revoke")).status_code == 303
            assert (await program.get("/api/v1/me")).status_code == 401
        wrong = await post(admin, "/tokens", name="till", scopes=["admin"], store="acme")
        assert (wrong.status_code, "of a token for one store" in wrong.text) == (422, True)
    entries = await console.database.read(lambda c: read_entries(c, Sift(), 50))
    assert not any(token.secret in str(one) for one in entries)


@pytest.mark.parametrize("path", ["/users", "/tokens", "/audit"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.OPERATOR])
async def test_who_is_no_admin_administers_nothing(console: Visited, path: str, role: Role) -> None:
    async with await console.signed_in(role) as browser:
        page = await browser.get(path)
        done = await post(browser, path, name="eve", role="admin", scopes="admin")
    assert page.status_code == 403
    assert "needs the right &#39;admin&#39;" in page.text
    assert done.status_code in (403, 405)
    assert [user.name for user in await console.database.read(list_users)] == [role]


async def test_a_password_is_changed_and_others_are_signed_out(console: Visited) -> None:
    user = await console.member(Role.VIEWER, "bob")
    there = await console.session(user)
    async with console.browser() as browser:
        await post(browser, "/login", name="bob", password=PASSWORD)
        before = browser.cookies[COOKIE]
        fresh = {"password": "another good one", "again": "another good one"}
        wrong = await post(browser, "/account/password", old="wrong", **fresh)
        assert (wrong.status_code, "The old password is wrong." in wrong.text) == (401, True)
        done = await post(browser, "/account/password", old=PASSWORD, **fresh)
        assert done.headers["location"] == "/account"
        assert browser.cookies[COOKIE] != before
        assert (await browser.get("/account")).status_code == 200
    for stolen in (before, there):
        async with console.browser(stolen) as thief:
            assert (await thief.get("/account")).status_code == 303


async def test_sessions_elsewhere_are_ended(console: Visited) -> None:
    user = await console.member(Role.VIEWER, "bob")
    here, there = await console.session(user), await console.session(user)
    async with console.browser(here) as browser, console.browser(there) as other:
        assert "Sign out everywhere else" in (await browser.get("/account")).text
        await post(browser, "/account/sessions/end")
        assert (await browser.get("/account")).status_code == 200
        assert (await other.get("/account")).status_code == 303


async def test_a_program_has_no_account(console: Visited) -> None:
    async with await console.program(*Right) as program:
        assert (await program.get("/account")).status_code == 303
        assert (await program.post("/account/sessions/end")).status_code == 303


async def test_the_audit_log_is_read_and_sifted(console: Visited) -> None:
    async with await console.signed_in(Role.ADMIN) as admin:
        for number in range(60):
            await post(admin, "/users", name=f"user-{number}", role="viewer")
        first = (await admin.get("/audit")).text
        older = re.search(r'href="(/audit\?before=\d+)"', first)
        assert older is not None
        second = (await admin.get(older[1])).text
        assert "user-59" in first
        assert "user-5<" not in first
        assert "user-5<" in second
        assert "Nothing was found" in (await admin.get("/audit?actor=user:bob")).text
        assert "user-7<" in (await admin.get("/audit?subject=user-7")).text
        day = f"{console.clock.now():%Y-%m-%d}"
        assert "user-59" in (await admin.get(f"/audit?day={day}&action=user")).text
        assert (await admin.get("/audit?day=yesterday")).status_code == 422


async def test_what_a_stranger_typed_does_not_run_in_the_log(console: Visited) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    async with await console.signed_in(Role.ADMIN) as admin:
        answer = await post(admin, "/users", name=hostile, role=hostile)
        assert "<img src=x" not in answer.text
        for path in ("/audit", f"/audit?actor={hostile}&day={hostile}", "/tokens", "/users"):
            assert "<img src=x" not in (await admin.get(path)).text
        assert "<img src=x" not in (await post(admin, "/tokens", name=hostile, scopes=hostile)).text
