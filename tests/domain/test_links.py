"""A link fits into 24 characters with its domain, and its token is what nobody guesses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.links import (
    LONGEST,
    LONGEST_HOST,
    LONGEST_TOKEN,
    SHORTEST_TOKEN,
    LinkBase,
    is_token,
    new_token,
    read_link_base,
)

HOSTS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=LONGEST_HOST)


@given(HOSTS)
def test_a_link_has_at_most_24_characters_with_its_domain(host: str) -> None:
    base = read_link_base(f"https://{host}")
    link = base.link(new_token(base.token_length))
    assert len(link) <= LONGEST
    assert link.startswith(f"{host}/l/")


def test_the_room_that_a_short_domain_leaves_is_the_tokens() -> None:
    lengths = {host: LinkBase(host=host).token_length for host in ("s.example", "go.example", "x")}
    assert lengths == {"s.example": 12, "go.example": 11, "x": LONGEST_TOKEN}
    assert LinkBase(host="h" * LONGEST_HOST).token_length == SHORTEST_TOKEN


def test_a_machine_that_tries_itself_may_have_a_port_of_five_digits() -> None:
    base = read_link_base("http://127.0.0.1:54321")
    assert len(base.link(new_token(base.token_length))) == LONGEST
    assert is_token(new_token(base.token_length))
    with pytest.raises(ValueError, match="host of 15 characters"):
        read_link_base("http://192.0.2.1:54321")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s.example", "is no address"),
        ("ftp://s.example", "is no address"),
        ("https://", "is no address"),
        ("https://me@s.example", "is no address"),
        ("https://s.example/go", "goes on"),
        ("https://s.example?x", "goes on"),
        ("https://shop.example.org", "host of 16 characters"),
        ("https://s.example:0", "no usable port"),
        ("https://s.example:x", "no usable port"),
        ("https://s_x.example", "do not know as a link"),
        ("https://täe.example", "do not know as a link"),
    ],
)
def test_what_cannot_be_reached_or_is_too_long_is_named(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_link_base(url)


def test_tokens_are_of_letters_and_digits_and_differ() -> None:
    tokens = {new_token(12) for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(is_token(token) for token in tokens)


@pytest.mark.parametrize(
    "text", ["", "abcde", "a" * 13, "abc/def", "abcdeф7", "abcdef\n", "%61bcdef"]
)
def test_what_is_no_token_is_told_without_a_look_into_the_database(text: str) -> None:
    assert not is_token(text)
