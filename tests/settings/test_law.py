"""What is said of SIMs, of tenancy and of caps."""

from __future__ import annotations

import pytest
from support.configuration import CONTRACT, Write, only_fault

from gateway.domain.caps import DEFAULT_CAPS, Cap
from gateway.settings import compare, load


def test_the_defaults_permit_nothing_that_was_not_said(write: Write) -> None:
    settings = load(write(CONTRACT))
    [modem], [store] = settings.modem, settings.store
    assert (modem.country, modem.tariff_permits_bulk, modem.receives) == (None, "unknown", True)
    assert modem.unique_recipient_limit is None
    assert settings.gateway.tenancy == "own_business"
    assert store.caps == DEFAULT_CAPS


def test_caps_are_read(write: Write) -> None:
    [store] = load(write(f'{CONTRACT}caps = ["1/24h", "10/30d"]\n')).store
    assert store.caps == (Cap.parse("1/24h"), Cap.parse("10/30d"))
    [store] = load(write(f"{CONTRACT}caps = []\n")).store
    assert store.caps == ()


def test_caps_come_from_the_environment_too(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_STORE__ACME__CAPS", "1/24h, 3/7d")
    [store] = load(write(CONTRACT)).store
    assert store.caps == (Cap.parse("1/24h"), Cap.parse("3/7d"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('caps = ["two a day"]', 'is no cap; write one such as "2/24h" or "6/7d"'),
        ("caps = [2]", "is not text; put it in quotes"),
    ],
)
def test_a_wrong_cap_is_named(write: Write, line: str, words: str) -> None:
    fault = only_fault(write(f"{CONTRACT}{line}\n"))
    assert (fault.section, fault.key) == ("[[store]] acme", "caps")
    assert words in fault.reason


@pytest.mark.parametrize(
    ("key", "value"),
    [("tariff_permits_bulk", "true"), ("tariff_permits_bulk", '"maybe"'), ("country", '"UK"')],
)
def test_what_is_wrong_about_a_sim_is_named(write: Write, key: str, value: str) -> None:
    text = CONTRACT.replace('routes = ["+44"]', f"{key} = {value}")
    fault = only_fault(write(text))
    assert (fault.section, fault.key) == ("[[modem]] m0", key)


def test_a_wrong_tenancy_is_named(write: Write) -> None:
    fault = only_fault(write(CONTRACT.replace('node = "box-1"', 'node = "b"\ntenancy = "mine"')))
    assert (fault.section, fault.key) == ("[gateway]", "tenancy")
    assert "own_business" in fault.reason


@pytest.mark.parametrize(
    "line",
    [
        'country = "IE"',
        'tariff_permits_bulk = "yes"',
        "unique_recipient_limit = 50",
        "receives = false",
    ],
)
def test_what_is_said_of_a_sim_is_taken_up_while_running(write: Write, line: str) -> None:
    old = load(write(CONTRACT))
    new = load(write(CONTRACT.replace('routes = ["+44"]', f'routes = ["+44"]\n{line}')))
    changes = compare(old, new)
    assert changes.taken == (f"[[modem]] m0 {line.split()[0]}",)
    assert changes.settings == new
