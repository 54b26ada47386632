"""What an operator says of short links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.configuration import CONTRACT, Write, only_fault

from gateway.settings import advise, load
from gateway.settings.model import LinksSettings

ALL = f"""{CONTRACT}
[links]
listen = "127.0.0.1:8026"
url = "https://s.example"
expires = "30d"
trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]
"""


def test_without_the_section_there_are_none(write: Write) -> None:
    settings = load(write(CONTRACT))
    assert settings.links == LinksSettings()
    assert (settings.links.listen, settings.links.url) == (None, None)
    assert settings.links.trusted_proxies == ("127.0.0.1/32", "::1/128")
    assert settings.store[0].link_hosts == frozenset()


def test_all_of_it_is_read(write: Write) -> None:
    links = load(write(ALL)).links
    assert links.url is not None
    assert (links.url.host, links.expires) == ("s.example", timedelta(days=30))
    assert links.trusted_proxies == ("127.0.0.1/32", "10.0.0.0/8")


def test_hosts_are_read_also_from_a_variable(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_STORE__ACME__LINK_HOSTS", "shop.example,www.shop.example")
    assert load(write(ALL)).store[0].link_hosts == {"shop.example", "www.shop.example"}


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("https://s.example", "https://links.shop.example", "url", "at most 24"),
        ("https://s.example", "s.example", "url", 'write one such as "https://s.example"'),
        ('"30d"', '"30"', "expires", "no length of time"),
        ('"30d"', '"5m"', "", "over before they are read"),
        ("10.0.0.0/8", "10.0.0.1/8", "trusted_proxies", "no address or network"),
        ("127.0.0.1:8026", "8026", "listen", "HOST:PORT"),
    ],
)
def test_what_cannot_be_is_named(write: Write, old: str, new: str, key: str, said: str) -> None:
    fault = only_fault(write(ALL.replace(old, new)))
    assert (fault.section, fault.key) == ("[links]", key)
    assert said in fault.reason


@pytest.mark.parametrize(
    "host", ["https://shop.example", "Shop.example", "shop.example/", "*.x", ""]
)
def test_a_host_is_a_host_alone(write: Write, host: str) -> None:
    text = CONTRACT.replace("[[store]]", f'[[store]]\nlink_hosts = ["{host}"]')
    fault = only_fault(write(text))
    assert "is no host" in fault.reason


def test_check_says_when_links_stay_long_and_when_nobody_answers_them(write: Write) -> None:
    def notes(text: str) -> list[str]:
        return [note for note in advise(load(write(text))) if note.startswith("[links]")]

    assert notes(ALL) == []
    assert notes(CONTRACT) == []
    [long] = notes(ALL.replace('url = "https://s.example"\n', ""))
    assert "stay as long as they are" in long
    [deaf] = notes(ALL.replace('listen = "127.0.0.1:8026"\n', ""))
    assert "does not listen" in deaf
