"""Amounts, days and lists are written as the person's language and region have them, in 7 bit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from support.wordings import LINK, say

from gateway.commerce.templates import MissingValueError
from gateway.domain.errors import ContentError
from gateway.domain.money import Price

AT = datetime(2026, 8, 5, 22, 30, tzinfo=UTC)
"""After midnight in Berlin."""


@pytest.mark.parametrize(
    ("locale", "language", "amount", "currency", "written"),
    [
        ("en-GB", "en", "1234.5", "GBP", "£1,234.50"),
        ("de-DE", "de", "1234.5", "EUR", "1.234,50 €"),
        ("de-AT", "de", "12", "EUR", "€ 12,00"),
        ("fr-FR", "fr", "1234.5", "EUR", "1 234,50 €"),
        ("en-US", "en", "1234", "JPY", "¥1,234"),
        ("pl-PL", "pl", "12.5", "PLN", "12,50 PLN"),
        ("cs-CZ", "cs", "12.5", "CZK", "12,50 Kc"),
        ("en-GB", "en", "12.3456", "EUR", "€12.35"),
    ],
)
def test_an_amount(locale: str, language: str, amount: str, currency: str, written: str) -> None:
    price = Price(Decimal(amount), currency)
    assert say("{{ x | money }}", locale, language=language, x=price) == written
    assert say("{{ x }}", locale, language=language, x=(Decimal(amount), currency)) == written


@pytest.mark.parametrize(
    ("locale", "language", "filter_", "written"),
    [
        ("en-GB", "en", "date", "Thu 6 Aug"),
        ("en-US", "en", "date", "Thu, Aug 6"),
        (None, "en", "date('short')", "06/08/2026"),
        ("de-DE", "de", "date('day')", "6. Aug."),
        ("fr-FR", "fr", "date('medium')", "6 aout 2026"),
        ("es-ES", "es", "date('long')", "6 de agosto de 2026"),
        ("en-US", "en", "time", "12:30 AM"),
        ("de-DE", "de", "time", "00:30"),
        ("de-DE", "de", "datetime", "06.08.26, 00:30"),
    ],
)
def test_an_instant_is_told_in_the_persons_zone(
    locale: str | None, language: str, filter_: str, written: str
) -> None:
    assert say(f"{{{{ at | {filter_} }}}}", locale, language=language, at=AT) == written


def test_a_day_is_no_instant() -> None:
    assert say("{{ day | date }}", day=date(2026, 8, 8)) == "Sat 8 Aug"
    assert say("{{ day | date }}", "es", language="es", country="ES", day=date(2026, 8, 8)) == (
        "sab, 8 ago"
    )
    with pytest.raises(ContentError, match="the filter is of an instant"):
        say("{{ day | time }}", day=date(2026, 8, 8))


def test_a_list_is_told_in_words() -> None:
    products = [{"name": name} for name in ("tea", "milk", "honey", "bread")]
    assert say("{{ p | list('name') }}", p=products) == "tea, milk and honey"
    assert say("{{ p | list('name', most=2) }}", language="de", p=products) == "tea und milk"
    assert say("{{ p | list }}", p=["tea"]) == "tea"
    with pytest.raises(ContentError, match="name a part of each"):
        say("{{ p | list }}", p=products)


def test_a_number_chooses_its_form() -> None:
    source = "{{ n }} {{ n | plural('pieces', one='piece') }}"
    assert [say(source, n=n) for n in (1, 2)] == ["1 piece", "2 pieces"]
    polish = "{{ n | plural('produktu', one='produkt', few='produkty', many='produktów') }}"
    assert [say(polish, language="pl", n=n) for n in (1, 3, 5)] == [
        "produkt", "produkty", "produktów",
    ]  # fmt: skip
    with pytest.raises(ContentError, match="plural is written"):
        say("{{ n | plural('x', on='y') }}", n=1)


def test_a_link_is_made_short_with_its_product() -> None:
    assert say("{{ u | short('p1') }} {{ u | short }}", u="https://x.example/a") == f"{LINK} {LINK}"
    with pytest.raises(ContentError, match="short is of a url"):
        say("{{ u | short }}", u="javascript:alert(1)")


def test_words_are_cut_between_words() -> None:
    assert say("{{ x | truncate(20) }}", x="Blue stoneware mug with a lid") == "Blue stoneware..."
    assert say("{{ x | truncate(20) }}", x="Mug") == "Mug"


def test_numbers_and_letters() -> None:
    assert say("{{ x | number }}", language="de", x=Decimal("1234.50")) == "1.234,5"
    assert say("{{ x | number(0) }}", x=Decimal("1234.50")) == "1,234"
    assert say("{{ x | upper }}{{ x | capitalize }}{{ xs | length }}", x="aB", xs=[1]) == "ABAB1"
    assert say("{{ xs | first }}", xs=["a", "b"]) == "a"


@pytest.mark.parametrize("name", ["money", "date", "time", "list", "number", "short", "upper"])
def test_a_filter_of_what_is_missing_says_what_is_missing(name: str) -> None:
    with pytest.raises(MissingValueError, match=r"order\.x is not known"):
        say(f"{{{{ order.x | {name} }}}}", order={"id": "1"})
    with pytest.raises(ContentError, match="this is none"):
        say(f"{{{{ order.x | {name} }}}}", order={"x": True})
