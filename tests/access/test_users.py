"""Users: there is always an admin who can sign in; who is kept out is out."""

from __future__ import annotations

import pytest
from support.visitors import PASSWORD

from gateway.access import Role
from gateway.access.users import change_role, disable_user, enable_user, read_name
from gateway.db.console.sessions import list_sessions
from gateway.db.console.users import find_user
from gateway.domain.errors import RejectedError
from tests.access.conftest import Staff

WHERE = {"address": "192.0.2.1"}


async def join(staff: Staff, name: str, role: Role) -> None:
    await staff.accounts.set_by_link(await staff.add(name, role), PASSWORD, **WHERE)


@pytest.mark.parametrize("how", ["disable", "demote"])
async def test_the_last_admin_who_can_sign_in_stays(staff: Staff, how: str) -> None:
    async def lose(name: str) -> None:
        now = staff.clock.now()
        if how == "disable":
            await staff.write(lambda c: disable_user(c, name, now))
        else:
            await staff.write(lambda c: change_role(c, name, Role.OPERATOR))

    await join(staff, "ada", Role.ADMIN)
    await staff.add("invited", Role.ADMIN)
    with pytest.raises(RejectedError, match="last admin"):
        await lose("ada")
    await join(staff, "bob", Role.ADMIN)
    await lose("ada")
    with pytest.raises(RejectedError, match="last admin"):
        await lose("bob")
    await lose("invited")


async def test_who_is_kept_out_cannot_sign_in_until_they_are_let_in(staff: Staff) -> None:
    await join(staff, "ada", Role.VIEWER)
    await staff.write(lambda c: disable_user(c, "ada", staff.clock.now()))
    user = await staff.read(lambda c: find_user(c, "ada"))
    assert await staff.read(lambda c: list_sessions(c, user.key)) == []
    with pytest.raises(RejectedError):
        await staff.accounts.sign_in("ada", PASSWORD, **WHERE)
    await staff.write(lambda c: enable_user(c, "ada"))
    assert await staff.accounts.sign_in("ada", PASSWORD, **WHERE)


@pytest.mark.parametrize("text", ["", "a b", "-a", "a" * 33, "447700900123", "é", "a/b", "a\nb"])
def test_what_can_be_no_name(text: str) -> None:
    with pytest.raises(RejectedError):
        read_name(text)


def test_a_name_is_small() -> None:
    assert read_name(" Ada.Lovelace ") == "ada.lovelace"
