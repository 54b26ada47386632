"""One-time links: once, in time, for whom they were made, and for nobody else."""

from __future__ import annotations

import asyncio

import pytest
from support.visitors import PASSWORD

from gateway.access import Role
from gateway.access.invitations import LIFE, invite, invite_first
from gateway.access.users import disable_user, link_user
from gateway.db.console.sessions import list_sessions
from gateway.db.console.users import find_user, list_users, put_user
from gateway.db.tables import INVITATIONS
from gateway.domain.errors import RejectedError
from tests.access.conftest import Staff

WHERE = {"address": "192.0.2.1"}


async def first_link(staff: Staff) -> str:
    made = await staff.write(lambda c: invite_first(c, staff.clock.now()))
    assert made is not None
    assert made.path.startswith("/setup/")
    return str(made.path.removeprefix("/setup/"))


async def refused(work: object) -> str:
    with pytest.raises(RejectedError) as caught:
        await work  # type: ignore[misc]
    return caught.value.code


async def test_the_first_link_makes_the_admin_once(staff: Staff) -> None:
    secret = await first_link(staff)
    assert await staff.accounts.set_up(secret, "Ada", PASSWORD, **WHERE)
    (user,) = await staff.read(list_users)
    assert (user.name, user.role) == ("ada", Role.ADMIN)
    assert user.password.startswith("$argon2id$")
    again = staff.accounts.set_up(secret, "eve", PASSWORD, **WHERE)
    assert await refused(again) == "link_over"
    assert len(await staff.read(list_users)) == 1


async def test_of_two_who_follow_it_at_once_one_is_the_admin(staff: Staff) -> None:
    secret = await first_link(staff)
    done = await asyncio.gather(
        *(staff.accounts.set_up(secret, name, PASSWORD, **WHERE) for name in ("ada", "eve")),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, str) for one in done) == [False, True]
    assert len(await staff.read(list_users)) == 1


async def test_a_new_start_kills_the_link_of_the_one_before(staff: Staff) -> None:
    """The attack: a link out of an old log."""
    old = await first_link(staff)
    new = await first_link(staff)
    assert await refused(staff.accounts.set_up(old, "eve", PASSWORD, **WHERE)) == "link_over"
    assert await staff.accounts.set_up(new, "ada", PASSWORD, **WHERE)


async def test_it_is_nothing_once_there_is_a_user_however_they_came(staff: Staff) -> None:
    secret = await first_link(staff)
    await staff.add("ada", Role.ADMIN)
    assert await refused(staff.accounts.set_up(secret, "eve", PASSWORD, **WHERE)) == "link_over"
    assert await staff.write(lambda c: invite_first(c, staff.clock.now())) is None


async def test_it_is_nothing_though_the_user_came_by_another_gateway(staff: Staff) -> None:
    """On a database that several share the link may have been written after the user."""
    secret = await first_link(staff)
    await staff.write(lambda c: put_user(c, "ada", Role.ADMIN, staff.clock.now()))
    assert await refused(staff.accounts.set_up(secret, "eve", PASSWORD, **WHERE)) == "link_over"


async def test_it_ends(staff: Staff) -> None:
    secret = await first_link(staff)
    staff.clock.instant += LIFE
    assert await refused(staff.accounts.invited(secret)) == "link_over"
    assert await refused(staff.accounts.set_up(secret, "eve", PASSWORD, **WHERE)) == "link_over"


async def test_to_look_at_a_link_does_nothing(staff: Staff) -> None:
    """Previews of messengers do."""
    secret = await first_link(staff)
    for _ in range(3):
        await staff.accounts.invited(secret)
    assert await staff.accounts.set_up(secret, "ada", PASSWORD, **WHERE)


async def test_a_users_link_sets_their_password_once_and_signs_them_out(staff: Staff) -> None:
    first = await staff.add("ada")
    await staff.accounts.set_by_link(first, PASSWORD, **WHERE)
    now = staff.clock.now()
    made = await staff.write(lambda c: link_user(c, "ada", now))
    secret = made.path.removeprefix("/password/")
    await staff.accounts.set_by_link(secret, "another good one", **WHERE)
    user = await staff.read(lambda c: find_user(c, "ada"))
    assert len(await staff.read(lambda c: list_sessions(c, user.key))) == 1, "the one that began"
    assert await refused(staff.accounts.sign_in("ada", PASSWORD, **WHERE)) == "wrong"
    again = staff.accounts.set_by_link(secret, PASSWORD, **WHERE)
    assert await refused(again) == "link_over"


async def test_one_that_was_made_again_is_the_only_one(staff: Staff) -> None:
    old = await staff.add("ada")
    await staff.write(lambda c: link_user(c, "ada", staff.clock.now()))
    assert await refused(staff.accounts.set_by_link(old, PASSWORD, **WHERE)) == "link_over"


async def test_a_users_link_makes_no_admin(staff: Staff) -> None:
    """The attack: an agent's own link, tried at the other address."""
    secret = await staff.add("agent")
    assert await refused(staff.accounts.set_up(secret, "eve", PASSWORD, **WHERE)) == "link_over"


async def test_the_first_link_sets_nobodys_password(staff: Staff) -> None:
    secret = await first_link(staff)
    assert await refused(staff.accounts.set_by_link(secret, PASSWORD, **WHERE)) == "link_over"
    assert await staff.accounts.set_up(secret, "ada", PASSWORD, **WHERE), "and is not used up by it"


async def test_who_is_kept_out_has_no_link(staff: Staff) -> None:
    secret = await staff.add("ada")
    await staff.write(lambda c: disable_user(c, "ada", staff.clock.now()))
    assert await refused(staff.accounts.set_by_link(secret, PASSWORD, **WHERE)) == "link_over"
    user = await staff.read(lambda c: find_user(c, "ada"))
    made = await staff.write(lambda c: invite(c, user.key, staff.clock.now()))
    later = made.path.removeprefix("/password/")
    assert await refused(staff.accounts.set_by_link(later, PASSWORD, **WHERE)) == "link_over"


async def test_a_weak_password_uses_no_link_up(staff: Staff) -> None:
    secret = await staff.add("ada")
    weak = staff.accounts.set_by_link(secret, "short", **WHERE)
    assert await refused(weak) == "weak_password"
    assert await staff.accounts.set_by_link(secret, PASSWORD, **WHERE)


async def test_the_database_has_no_link(staff: Staff) -> None:
    """The attack: somebody read the database, a backup say."""
    secret = await staff.add("ada")
    (row,) = await staff.read(lambda c: c.execute(INVITATIONS.select()).all())
    assert secret.encode() not in bytes(row.digest)
    guess = bytes(row.digest).hex()
    assert await refused(staff.accounts.set_by_link(guess, PASSWORD, **WHERE)) == "link_over"
