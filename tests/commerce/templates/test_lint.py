"""What would go wrong with a template is said before anybody is sent it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from support.wordings import library

from gateway.commerce.templates import SHIPPED, Library, load_templates
from gateway.commerce.templates.lint import House, Remark, lint
from gateway.consent.wording import Severity
from gateway.domain.purpose import Purpose

HOUSE = House(brand="Acme", zone=ZoneInfo("Europe/London"), country="GB")
STOP = "{{ store.brand }} Reply STOP to opt out "
SERVICE = "{# transactional #}{{ store.brand }}: your order {{ order.id }} was delivered. "


def found(shop: Library, house: House = HOUSE) -> set[tuple[str, Severity]]:
    return {(one.id, one.severity) for one in lint(shop, house)}


def of(source: str, language: str = "en", house: House = HOUSE) -> list[Remark]:
    return lint(library(home=language, **{f"x_{language}": source}), house)


def ids(source: str, language: str = "en") -> list[str]:
    return [one.id for one in of(source, language)]


def test_what_is_right_is_not_talked_about() -> None:
    assert of(SERVICE) == []
    assert of(STOP + "{{ first_name | default('Hi') }}") == []


def test_what_is_shipped_has_no_error_and_one_thing_to_look_at() -> None:
    shop, _ = load_templates(SHIPPED, country="GB")
    remarks = lint(shop, HOUSE)
    assert {(one.template, one.id) for one in remarks} == {("refer-a-friend", "no_fallback")}
    assert {one.severity for one in remarks} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("frist_name", "first_name"),
        ("order.totl", "order.total"),
        ("products[0].nam", "products.name"),
    ],
)
def test_a_value_that_there_is_not_is_told_with_the_nearest(value: str, near: str) -> None:
    [remark] = [one for one in of(SERVICE + f"\n{{{{ {value} | default('') }}}}") if one.line]
    assert (remark.id, remark.severity, remark.line) == ("unknown_value", Severity.ERROR, 2)
    assert f"did you mean '{near}'?" in remark.what


def test_values_of_loops_are_known_by_their_entries() -> None:
    loop = "{% for one in order.items %}{{ one.NAME }} {{ loop.index }}{% endfor %}"
    assert of(SERVICE + loop.replace("NAME", "name")) == []
    assert "unknown_value" in ids(SERVICE + loop.replace("NAME", "nome"))


def test_the_values_that_jobs_bring_are_declared() -> None:
    assert "unknown_value" in ids(SERVICE + "{{ carrier }}")
    assert of("{# vars: carrier, eta #}" + SERVICE + "{{ carrier }} {{ eta.day }}")[0].id == "fails"
    assert of("{# vars: carrier, eta #}" + SERVICE + "{{ carrier }} {{ eta }}") == []


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("{{ first_name }}", Severity.ERROR),
        ("{{ first_name | upper | default('x') }}", Severity.ERROR),
        ("{% if order.total %}{{ order.placed_at | date }}{% endif %}", Severity.ERROR),
        ("{{ order.placed_at | date if first_name else '' }}", Severity.ERROR),
        ("{% if not first_name %}{{ first_name }}{% endif %}", Severity.ERROR),
        ("{% if order.coupon == 'x' %}y{% endif %}", Severity.ERROR),
        ("{% for p in order.items %}{{ p.price }}{% endfor %}", Severity.ERROR),
        ("{{ coupon }}", Severity.WARNING),
    ],
)
def test_a_value_that_may_be_missing_needs_something_else_to_say(
    said: str, severity: Severity
) -> None:
    assert [one.severity for one in of(SERVICE + said) if one.id == "no_fallback"] == [severity]


@pytest.mark.parametrize(
    "said",
    [
        "{{ first_name | default('there') }}",
        "{{ first_name | default('there') | upper }}",
        "{% if first_name %}{{ first_name }}{% endif %}",
        "{% if not first_name %}Hi{% else %}{{ first_name }}{% endif %}",
        "{% if first_name and order.total %}{{ first_name }} {{ order.total }}{% endif %}",
        "{% if order.coupon and order.coupon == 'x' %}y{% endif %}",
        "{{ first_name if first_name else 'there' }}",
        "{{ order.id }} {{ store.brand }}",
        "{% for p in order.items %}{% if p.price %}{{ p.price }}{% endif %}{% endfor %}",
        "{% if first_name is defined %}{{ first_name }}{% endif %}",
    ],
)
def test_a_value_that_is_guarded_or_always_there_does_not(said: str) -> None:
    assert "no_fallback" not in ids(SERVICE + said)


def test_a_filter_that_does_not_fit_is_told_with_its_line() -> None:
    [remark] = of(SERVICE + "\n{{ order.id | money }}")
    assert (remark.id, remark.severity, remark.line) == ("fails", Severity.ERROR, 2)


def test_marketing_names_its_sender_and_its_end() -> None:
    assert {"sender_missing", "opt_out_missing"} <= set(ids("Sale!"))
    assert "opt_out_language" in ids(
        STOP.replace("Reply STOP to opt out", "Abmelden: STOP antworten")
    )


def test_a_service_message_has_no_offer() -> None:
    assert "offer" in ids(SERVICE + "20% off your next order")


def test_what_a_template_is_for_is_the_flows_to_say() -> None:
    shop = library(x_en="{{ store.brand }}: your order {{ order.id }} was delivered.")
    assert ("opt_out_missing", Severity.ERROR) in found(shop)
    house = House(
        brand="Acme", zone=HOUSE.zone, country="GB", purposes={"x": Purpose.TRANSACTIONAL}
    )
    assert found(shop, house) == set()


def test_long_texts_are_told_by_their_longest() -> None:
    assert "long" in ids(SERVICE + "{{ order.items | list('name') }} " * 4)
    assert "too_many_parts" in ids(SERVICE + "x" * 1600)
    assert "long" not in ids(SERVICE + "{{ order.items[0].name }}")


def test_one_sign_that_makes_it_16_bit_is_told_with_what_to_write() -> None:
    [remark] = of(SERVICE + "\nIt\u2019s there")
    assert (remark.id, remark.line) == ("costly_sign", 2)
    assert "right single quotation mark" in remark.what
    assert 'write "\'"' in remark.what
    assert "leave it out" in of(SERVICE + "\U0001f381")[0].what
    russian = SERVICE.replace("your order", "ваш заказ")
    assert "costly_sign" not in ids(russian)


def test_long_links_are_told() -> None:
    long = "https://shop.example/a/very/long/path"
    assert "long_url" in ids(SERVICE + long)
    assert "long_url" not in ids(SERVICE + "{{ '" + long + "' | short }}")
    url = "{% if shipment.tracking_url %}{{ shipment.tracking_url | default('') }}{% endif %}"
    assert "long_url" not in ids(SERVICE + url.replace("default('')", "short"))
    plain = "{{ product.url | upper }}"
    assert "long_url" in ids(SERVICE + plain)


def test_languages_that_are_missing_are_told() -> None:
    shop = library(home="fr", a_en=SERVICE, a_de=SERVICE, b_en=SERVICE)
    told = [
        (one.template, one.severity) for one in lint(shop, HOUSE) if one.id == "language_missing"
    ]
    assert told == [("a", Severity.WARNING), ("b", Severity.WARNING), ("b", Severity.ADVICE)]


def test_alphabets_that_differ_are_told() -> None:
    shop = library(a_en=SERVICE, a_de=SERVICE + "\u2013")
    assert ("alphabets_differ", Severity.ADVICE) in found(shop)
