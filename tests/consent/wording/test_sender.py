"""Marketing says whom it is from, and can be answered."""

from __future__ import annotations

import pytest
from support.wording import errors

from gateway.consent.wording import Asks
from gateway.domain.purpose import Purpose

STOP = "\nSTOP: reply STOP"


@pytest.mark.rule("E-1", "E-2", "FR-1", "UK-1")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Acme: tea is cheap today", True),
        ("ACME tea is cheap today", True),
        ("Tea is cheap today. Your {brand} team", True),
        ("Tea is cheap today", False),
        ("Acmeville has tea", False),
        ("Tea: https://acme.example/tea", False),
    ],
)
def test_the_sender_is_named(text: str, named: bool) -> None:
    assert errors(text + STOP) == ([] if named else ["sender_missing"])


@pytest.mark.rule("E-2")
@pytest.mark.parametrize("written", ["Café Noir", "CAFE NOIR", "café-noir", "CafeNoir"])
def test_a_brand_is_known_however_it_is_spelled(written: str) -> None:
    assert errors(f"{written}: tea today{STOP}", brand="Café Noir") == []


@pytest.mark.rule("E-2")
def test_a_service_message_need_not_name_its_sender() -> None:
    assert errors("Your order has shipped.", Purpose.TRANSACTIONAL) == []


@pytest.mark.rule("E-2")
def test_where_no_rule_asks_for_it_nobody_is_named() -> None:
    assert errors(f"Tea today{STOP}", asks=Asks(identity=False)) == []


@pytest.mark.rule("E-2", "US-6")
@pytest.mark.parametrize(
    ("sender", "link", "found"),
    [
        (None, "", []),
        ("+447700900123", "", []),
        ("ACME", "", ["sender_not_repliable"]),
        ("ACME", " https://acme.example/stop", []),
        ("ACME", " https://bit.ly/stop", ["sender_not_repliable", "short_link"]),
    ],
)
def test_a_name_in_place_of_a_number_needs_a_link(
    sender: str | None, link: str, found: list[str]
) -> None:
    assert errors(f"Acme: tea today{link}{STOP}", sender=sender) == found


@pytest.mark.rule("US-8")
@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("link", ["https://bit.ly/x1", "tinyurl.com/abc", "HTTP://WWW.BIT.LY/X"])
def test_no_public_short_link(purpose: Purpose, link: str) -> None:
    assert "short_link" in errors(f"Acme: your order is here {link}{STOP}", purpose)


@pytest.mark.rule("US-8")
def test_a_link_of_the_shops_own_is_no_public_one() -> None:
    assert errors(f"Acme: tea https://t.acme.example/x1 and habit.ly.example/x{STOP}") == []


def test_a_code_comes_without_a_link() -> None:
    assert errors("Acme: your code is 4711", Purpose.OTP) == []
    assert errors("Your code is 4711 https://acme.example/orders/1", Purpose.OTP) == ["otp_link"]
