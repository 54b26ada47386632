"""What is over goes; what was done stays for as long as it proves something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.visitors import PASSWORD

from gateway.access.credentials import Credentials
from gateway.access.invitations import LIFE as LINK_LIFE
from gateway.access.sessions import IDLE
from gateway.access.tidying import tidy
from gateway.consent.retention import Periods
from gateway.db.console.audit import STRANGER, Entry, Sift, put_entry, read_entries
from gateway.db.console.retention import ACCESS_STEPS
from gateway.db.tables import INVITATIONS, USER_SESSIONS
from gateway.domain.errors import RejectedError
from tests.access.conftest import Staff


async def test_sessions_and_links_that_are_over_go(staff: Staff) -> None:
    await staff.accounts.set_by_link(await staff.add("ada"), PASSWORD, address="")
    await staff.add("bob")
    staff.clock.instant += IDLE
    await staff.accounts.sign_in("ada", PASSWORD, address="")
    assert await staff.write(lambda c: tidy(c, staff.clock.now())) == 1
    staff.clock.instant += LINK_LIFE - IDLE
    await staff.write(lambda c: tidy(c, staff.clock.now()))
    assert await staff.read(lambda c: c.execute(INVITATIONS.select()).all()) == []
    assert await staff.read(lambda c: c.execute(USER_SESSIONS.select()).all()) == []


async def test_the_audit_log_keeps_what_was_done_longer_than_what_was_tried(staff: Staff) -> None:
    cutoffs = Periods().cutoffs(staff.clock.now())
    moments = (cutoffs.now, cutoffs.delivery, cutoffs.evidence)
    for at in moments:
        for actor in ("user:ada", STRANGER):
            entry = Entry(at=at - timedelta(days=1), actor=actor, action="a", result="done")
            await staff.write(lambda c, entry=entry: put_entry(c, entry))
    (step,) = ACCESS_STEPS
    keys = await staff.read(lambda c: step.find(c, cutoffs, None))
    await staff.write(lambda c: step.prune(c, keys, None, cutoffs.now))
    left = await staff.read(lambda c: read_entries(c, Sift(), 10))
    assert {(one.actor, one.at) for one in left} == {
        ("user:ada", moments[0] - timedelta(days=1)),
        (STRANGER, moments[0] - timedelta(days=1)),
        ("user:ada", moments[1] - timedelta(days=1)),
    }


async def test_entries_are_found_by_what_was_done_and_page_by_page(staff: Staff) -> None:
    actions = ("user.add", "user.role", "user", "users.all", "campaign.launch")
    for action in actions:
        at = staff.clock.now()
        entry = Entry(at=at, actor="command", action=action, result="done", details={"a": [1]})
        await staff.write(lambda c, entry=entry: put_entry(c, entry))
        staff.wait(hours=1)
    found = await staff.read(lambda c: read_entries(c, Sift(action="user"), 10))
    assert [one.action for one in found] == ["user", "user.role", "user.add"]
    assert found[0].details == {"a": [1]}
    first = await staff.read(lambda c: read_entries(c, Sift(), 2))
    rest = await staff.read(lambda c: read_entries(c, Sift(before=first[-1].key), 10))
    assert [one.action for one in (*first, *rest)] == list(actions[::-1])
    since = found[-1].at + timedelta(hours=1)
    assert len(await staff.read(lambda c: read_entries(c, Sift(since=since), 10))) == 4
    assert len(await staff.read(lambda c: read_entries(c, Sift(until=since), 10))) == 1


async def test_a_password_that_was_changed_ends_every_other_session(staff: Staff) -> None:
    await staff.accounts.set_by_link(await staff.add("ada"), PASSWORD, address="")
    here = await staff.accounts.sign_in("ada", PASSWORD, address="")
    there = await staff.accounts.sign_in("ada", PASSWORD, address="")
    who = Credentials(staff.database, staff.clock)
    visitor = await who.of_cookie(here)
    assert visitor is not None
    with pytest.raises(RejectedError, match="old password is wrong"):
        await staff.accounts.change_password(visitor, "wrong", "another good one", address="")
    with pytest.raises(RejectedError, match="too short"):
        await staff.accounts.change_password(visitor, PASSWORD, "short", address="")
    assert await who.of_cookie(there) is not None
    new = await staff.accounts.change_password(visitor, PASSWORD, "another good one", address="")
    assert await who.of_cookie(here) is None, "rotated, also here"
    assert await who.of_cookie(there) is None
    assert await who.of_cookie(new) is not None
    with pytest.raises(RejectedError):
        await staff.accounts.sign_in("ada", PASSWORD, address="")


async def test_to_guess_the_old_password_is_slowed_down_too(staff: Staff) -> None:
    """The attack: a browser that was left open."""
    await staff.accounts.set_by_link(await staff.add("ada"), PASSWORD, address="")
    cookie = await staff.accounts.sign_in("ada", PASSWORD, address="")
    visitor = await Credentials(staff.database, staff.clock).of_cookie(cookie)
    assert visitor is not None
    codes = []
    for number in range(10):
        with pytest.raises(RejectedError) as caught:
            await staff.accounts.change_password(
                visitor, f"guess {number}", "another good one", address=""
            )
        codes.append(caught.value.code)
    assert codes == ["wrong"] * 5 + ["too_many"] * 5
