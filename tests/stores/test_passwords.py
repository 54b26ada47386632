"""Mosquitto's own tool and ours read each other's hashes; the broker itself is in test_apart.py."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.stores.passwords import hash_password, is_password, new_password

TOOL = shutil.which("mosquitto_passwd")


@pytest.mark.rule("G-15")
def test_a_hash_of_mosquittos_own_tool_is_read(tmp_path: Path) -> None:
    if TOOL is None:
        pytest.skip("mosquitto is not installed")
    book = tmp_path / "passwords"
    subprocess.run([TOOL, "-c", "-b", book, "acme", "pässword"], check=True, capture_output=True)
    user, _, hashed = book.read_text().strip().partition(":")
    assert user == "acme"
    assert is_password("pässword", hashed)
    assert not is_password("password", hashed)


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=20)
def test_a_hash_is_of_its_password_alone_and_of_mosquittos_form(password: str) -> None:
    hashed = hash_password(password)
    assert hashed.startswith("$7$1000$")
    assert [len(part) for part in hashed.split("$")[3:]] == [16, 88]
    assert is_password(password, hashed)
    assert not is_password(f"{password} ", hashed)
    assert hashed != hash_password(password), "two users with one password share a salt"


@pytest.mark.parametrize(
    "hashed", ["", "x", "$6$salt$key", "$7$0$YQ==$YQ==", "$7$x$YQ==$YQ==", "$7$9$?$YQ==", "$7$1"]
)
def test_what_is_no_hash_is_of_no_password(hashed: str) -> None:
    assert not is_password("secret", hashed)


def test_passwords_are_long_and_need_no_quotes() -> None:
    passwords = {new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(
        len(word) == 43 and word.replace("-", "").replace("_", "").isalnum() for word in passwords
    )
