"""A short link leads to the store's own hosts and to what the store told, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commerce.links import target_of
from gateway.domain.errors import ContentError

HOSTS = frozenset({"shop.example"})
PARCEL = "https://track.carrier.example/p?id=1"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://shop.example", "https://shop.example"),
        ("http://shop.example:8080/a?b=c#d", "http://shop.example:8080/a?b=c#d"),
        ("HTTPS://SHOP.example/A", "https://SHOP.example/A"),
        ("https://shop.example/tee%20kanne", "https://shop.example/tee%20kanne"),
        ("https://shop.example/teekännchen?q=ü", "https://shop.example/teek%C3%A4nnchen?q=%C3%BC"),
    ],
)
def test_pages_of_the_store_may_be_linked_to(url: str, written: str) -> None:
    assert target_of(url, HOSTS) == written
    assert written.isascii()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "JAVASCRIPT://shop.example/%0aalert(1)",
        "data:text/html,x",
        "ftp://shop.example/",
        "https://shop.example@evil.example/",
        "https://evil.example#@shop.example/",
        "https://evil.example\\@shop.example/",
        "https://shop.example.evil.example/",
        "https://evilshop.example/",
        "https://x.shop.example/",
        "https://user:secret@shop.example/",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https://shop.example/a b",
        "https://shop.example/\x00",
        "https://shop.example/<script>",
        "https://[::1",
        "https://shop.example:99999/",
        "https://shop.example:0/",
        "https:///shop.example",
        "https:shop.example",
        "shop.example",
        "",
        "https://shop.example/" + "a" * 2048,
        "https://shop.example/" + "ä" * 1000,
    ],
)
def test_nothing_else_may(url: str) -> None:
    with pytest.raises(ContentError):
        target_of(url, HOSTS)


def test_what_the_store_told_may_lead_elsewhere_but_only_as_it_told_it() -> None:
    assert target_of(PARCEL, HOSTS, told=[PARCEL]) == PARCEL
    with pytest.raises(ContentError, match=r"track\.carrier\.example"):
        target_of(PARCEL + "2", HOSTS, told=[PARCEL])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/\r\nX: y", "//evil.example"]
)
def test_what_is_told_has_to_be_a_link_too(url: str) -> None:
    with pytest.raises(ContentError):
        target_of(url, HOSTS, told=[url])


def test_the_error_names_the_host_and_the_key() -> None:
    with pytest.raises(ContentError, match=r"evil\.example.*shop\.example.*link_hosts"):
        target_of("https://evil.example/x", HOSTS)


@given(st.text(max_size=80).map("https://shop.example/".__add__))
def test_what_is_taken_is_safe_in_a_header(url: str) -> None:
    try:
        written = target_of(url, HOSTS)
    except ContentError:
        return
    assert written.isascii()
    assert written.isprintable()
    assert " " not in written
    assert written.startswith("https://shop.example/")
