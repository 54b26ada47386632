"""Tokens: how one is written, and that to compare tells nothing."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.secret import new_secret
from gateway.access.token import Token, read_token


def test_it_is_read_as_it_is_written_and_shows_no_secret() -> None:
    token = Token.new()
    assert read_token(token.written) == token
    assert token.written.startswith(f"shopbell_{token.id}_")
    assert token.secret not in repr(token)
    assert token.matches(token.digest)
    assert not token.matches(Token.new().digest)


@given(st.text())
def test_anything_is_read_or_is_none(text: str) -> None:
    assert read_token(text) is None


def test_no_two_are_alike() -> None:
    assert len({Token.new().written for _ in range(1000)}) == 1000
    assert len({new_secret() for _ in range(1000)}) == 1000
    assert len(new_secret()) >= 43, "32 octets"


def test_fingerprints_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is no such token: how long it takes must not tell which ids there are."""
    compared: list[tuple[bytes, bytes]] = []
    honest = hmac.compare_digest

    def noting(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return honest(one, other)

    monkeypatch.setattr("gateway.access.token.hmac.compare_digest", noting)
    token = Token.new()
    assert token.matches(token.digest)
    assert not token.matches(bytes(32))
    assert not token.matches(None)
    assert [len(other) for _, other in compared] == [32, 32, 32]
    assert all(one == token.digest for one, _ in compared), "fingerprints, and no secrets"
