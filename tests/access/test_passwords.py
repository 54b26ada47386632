"""Passwords: what one may be, what a hash costs, and that hashes are made one at a time."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from support.visitors import CHEAP

from gateway.access.passwords import MOST, Passwords, require_good
from gateway.domain.errors import RejectedError


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("tiny", "too short"),
        ("", "too short"),
        ("a" * 40, "repeats itself"),
        ("abababababab", "repeats itself"),
        ("x1y2z3" * 50, "too long"),
        ("ada.lovelace", "is the name"),
        ("Ada.LovelaceAda.Lovelace", "is the name"),
    ],
)
def test_what_is_no_password(password: str, said: str) -> None:
    with pytest.raises(RejectedError, match=said) as caught:
        require_good(password, "ada.lovelace")
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize(
    "password", ["four words do well", "ein Satz mit ß", "パスワードを長くする方法"]
)
def test_what_is_one(password: str) -> None:
    require_good(password, "ada")


async def test_it_is_argon2id_as_costly_as_is_recommended() -> None:
    """64 MiB, three rounds (RFC 9106, second recommendation): who tries many pays for each."""
    passwords = Passwords()
    hashed = await passwords.hash("four words do well")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.verify("four words do well", hashed)
    assert not await passwords.verify("four words do not", hashed)


async def test_how_a_keyboard_composes_letters_makes_no_difference() -> None:
    passwords = Passwords(CHEAP)
    hashed = await passwords.hash("caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait")
    assert await passwords.verify("cafe\N{COMBINING ACUTE ACCENT} au lait", hashed)


async def test_nobodys_password_is_right_for_nobody() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.verify("", None)
    assert not await passwords.verify("x" * (MOST + 1), await passwords.hash("four words do well"))


class Slow:
    """Takes its time, and notes how many do at once."""

    def __init__(self) -> None:
        self.at_once = self.most = 0
        self.lock = threading.Lock()

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(0.01)
        with self.lock:
            self.at_once -= 1
        return password == hash


async def test_they_are_made_one_at_a_time_and_few_wait() -> None:
    """The attack: to fill the box's memory, 64 MiB a try."""
    slow = Slow()
    passwords = Passwords(slow)
    done = await asyncio.gather(
        *(passwords.verify("a", "a") for _ in range(30)), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, RejectedError)]
    assert slow.most == 1
    assert done.count(True) == 30 - len(refused)
    assert refused
    assert {error.code for error in refused} == {"busy"}
    assert await passwords.verify("a", "a"), "and then there is room again"
