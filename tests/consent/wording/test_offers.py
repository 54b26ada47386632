"""What makes an advertisement of a service message, and what does not."""

from __future__ import annotations

import pytest
from support.wording import errors, findings_of, ids

from gateway.consent.wording import Severity
from gateway.consent.wording.offers import MOST
from gateway.domain.purpose import Purpose

pytestmark = pytest.mark.rule("T-1")


def service(text: str) -> list[str]:
    return errors(text, Purpose.TRANSACTIONAL)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your order 1001 has shipped.", []),
        ("Your order 1001 has shipped. Shop now!", ["offer"]),
        ("Your order: total £48.90 incl. VAT 20%.", []),
        ("Your order: total £48.90. Get 20% back.", ["discount"]),
        ("Your order: total £48.90. The blue mug, £12.", ["price"]),
        ("You paid only £12 in total.", ["price"]),
        ("Your lamp is back in stock.", ["offer"]),
        ("The lamp you ordered is back in stock.", []),
        ("We offer our apologies for the delay.", []),
        ("Your voucher has been applied to order 1001.", []),
        ("Your promo code was applied, you paid £31 in total.", []),
        ("-20 % on your order 1001", ["discount"]),
    ],
)
def test_an_offer_is_told_from_what_an_order_costs(text: str, found: list[str]) -> None:
    assert service(text) == found


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://acme.example/orders/1001", []),
        ("https://acme.example/shop/orders/1001", []),
        ("https://acme.example/track-and-trace?id=7", []),
        ("https://track.acme.example/7", []),
        ("https://www.dhl.de/de/7?piececode=1", []),
        ("https://acme.example/l/Xy7", []),
        ("acme.example/products/mug", ["product_link"]),
        ("https://acme.example/de/angebote", ["product_link"]),
        ("https://acme.example/orders/1001?utm_campaign=spring", ["product_link"]),
        ("https://notdhl.de/sale", ["product_link"]),
    ],
)
def test_only_the_page_of_the_order_is_linked(link: str, found: list[str]) -> None:
    assert service(f"Your parcel: {link}.") == found


def test_a_link_that_tells_nothing_is_looked_at() -> None:
    found = findings_of("Your parcel: https://acme.example/welcome", Purpose.TRANSACTIONAL)
    assert ids(found) == []
    assert ids(found, Severity.WARNING) == ["link_unclear"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mulled wine tonight for our best customers", ["service_unclear"]),
        ("Ce soir, vin chaud pour nos clients fidèles", ["service_unclear"]),
        ("Your appointment is tonight at 8", []),
        ("Votre rendez-vous est ce soir à 20h", []),
        ("Shop now", []),
    ],
)
def test_what_speaks_of_nothing_of_the_person_s_is_looked_at(text: str, found: list[str]) -> None:
    """It may be an advertisement in words that no list has; an offer that is found says enough."""
    assert ids(findings_of(text, Purpose.TRANSACTIONAL), Severity.WARNING) == found


@pytest.mark.parametrize("purpose", [Purpose.TRANSACTIONAL, Purpose.OTP])
def test_no_service_message_may_offer(purpose: Purpose) -> None:
    assert errors("Your code is 4711. Black Friday starts now!", purpose) == ["offer"]


def test_what_is_found_is_shown_where_it_stands() -> None:
    text = "Straße 7: Paket da. Jetzt 20 % RABATT"
    [percent, word] = findings_of(text, Purpose.TRANSACTIONAL)

    assert [text[one.where.start : one.where.end] for one in (percent, word) if one.where] == [
        "20 %",
        "RABATT",
    ]


def test_a_finding_has_no_word_of_the_text() -> None:
    [found] = findings_of("Zanzibar: shop now", Purpose.TRANSACTIONAL)
    assert "anzibar" not in repr(found)
    assert "shop" not in found.what + found.remedy


@pytest.mark.parametrize(
    "text",
    ["£1 " * 500, "50% " * 380, "{a}" * 500, "https://" * 190, "- " * 760, "only £1! " * 170],
)
def test_no_text_is_looked_at_for_long(text: str) -> None:
    """Whoever may publish a job must not be able to hold up the others."""
    findings = findings_of(text, Purpose.TRANSACTIONAL)
    assert len(findings) <= 4 * MOST
