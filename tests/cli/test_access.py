"""Users, tokens and the audit log by command, on a database on which no gateway runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.command import Shopbell

from gateway.access.token import read_token

ADDRESS = '\n[console]\nlisten = "0.0.0.0:8025"\n'


@pytest.fixture(autouse=True)
def _console(config: Path) -> None:
    config.write_text(config.read_text() + ADDRESS)


def test_a_user_is_added_with_a_link_and_listed(shopbell: Shopbell) -> None:
    assert shopbell("user", "list").out.startswith("there are no users")
    added = shopbell("user", "add", "Ada", "--role", "admin")
    assert (added.code, added.err) == (0, "")
    first, link = added.out.splitlines()
    assert first.startswith("ada sets a password by this link, once, until ")
    assert re.fullmatch(r"http://127\.0\.0\.1:8025/password/[\w-]{43}", link)
    (listed,) = map(json.loads, shopbell("user", "list", "--json").out.splitlines())
    assert (listed["name"], listed["role"], listed["has_password"]) == ("ada", "admin", False)
    assert "password" not in listed
    assert "invited" in shopbell("user", "list").out


def test_what_can_be_no_user_is_refused_in_one_line(shopbell: Shopbell) -> None:
    shopbell("user", "add", "ada")
    for arguments, said in (
        (("add", "ada"), "rejected: user_exists: there is a user 'ada' already\n"),
        (("add", "a b"), "rejected: invalid_name: a name has 1 to 32 of a-z"),
        (("add", "+447700900123"), "rejected: invalid_name: "),
        (("add", "447700900123"), "rejected: invalid_name: "),
        (("add", "bob", "--role", "king"), "rejected: invalid_role: there is no such role; right:"),
        (("role", "ada", "king"), "rejected: invalid_role: "),
        (("link", "nobody"), "rejected: unknown_user: there is no user 'nobody'\n"),
        (("disable", "nobody"), "rejected: unknown_user: "),
    ):
        done = shopbell("user", *arguments)
        assert (done.code, done.out) == (1, ""), arguments
        assert done.err.startswith(said), arguments


def test_a_role_is_given_and_a_user_kept_out_and_let_in(shopbell: Shopbell) -> None:
    shopbell("user", "add", "ada")
    assert shopbell("user", "role", "ada", "agent").out == "ada is agent\n"
    assert shopbell("user", "disable", "ada").out == "ada is disabled\n"
    assert shopbell("user", "link", "ada").err.startswith("rejected: disabled: ")
    assert shopbell("user", "enable", "ada").out == "ada is enabled\n"
    assert "/password/" in shopbell("user", "link", "ada").out


def test_a_token_is_printed_once_and_revoked(shopbell: Shopbell) -> None:
    made = shopbell("token", "add", "till", "--scope", "send", "--scope", "read", "--store", "acme")
    token = read_token(made.out.strip())
    assert token is not None
    listed = shopbell("token", "list")
    assert token.id in listed.out
    assert token.secret not in listed.out
    assert "read, send" in listed.out
    assert shopbell("token", "revoke", token.id).out == f"{token.id} is revoked\n"
    again = shopbell("token", "revoke", token.id)
    assert (again.code, again.err.split(":")[1]) == (1, " unknown_token")
    assert "revoked" in shopbell("token", "list").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scope", "everything"), "invalid_scopes"),
        (("--scope", "admin", "--store", "acme"), "invalid_scopes"),
        (("--scope", "read", "--store", "other"), "unknown_store"),
        (("--scope", "read", "--days", "-1"), "malformed"),
    ],
)
def test_what_can_be_no_token_is_refused(
    shopbell: Shopbell, arguments: tuple[str, ...], said: str
) -> None:
    """A token for a store may nothing that is about the box, or about who may what."""
    done = shopbell("token", "add", "till", *arguments)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"rejected: {said}: ")


def test_a_token_without_a_scope_is_wrong_usage(shopbell: Shopbell) -> None:
    assert shopbell("token", "add", "till").code == 2


def test_commands_are_in_the_audit_log_also_when_they_were_refused(shopbell: Shopbell) -> None:
    assert shopbell("audit").out == "nothing was done\n"
    made = shopbell("user", "add", "ada", "--role", "agent").out
    shopbell("user", "add", "ada")
    token = shopbell("token", "add", "till", "--scope", "read").out.strip()
    entries = [json.loads(line) for line in shopbell("audit", "--json").out.splitlines()]
    assert [(one["action"], one["subject"], one["result"]) for one in entries] == [
        ("token.add", "till", "done"),
        ("user.add", "ada", "user_exists"),
        ("user.add", "ada", "done"),
    ]
    assert {one["actor"] for one in entries} == {"command"}
    assert entries[-1]["details"] == {"role": "agent"}
    written = json.dumps(entries)
    assert token.rsplit("_", 1)[1] not in written
    assert made.rsplit("/", 1)[1].strip() not in written
    assert shopbell("audit", "--action", "user").out.count("user.add") == 2
    assert shopbell("audit", "--actor", "user:ada").out == "nothing was done\n"
    assert shopbell("audit", "--since", "2020-01-01").out.count("add") == 3
    assert shopbell("audit", "--since", "2099-01-01").out == "nothing was done\n"
