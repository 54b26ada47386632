"""What an operator says of the choice between lines: tags, networks, prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.configuration import CONTRACT, Write, only_fault

from gateway.settings import compare, load
from gateway.settings.model import DEFAULT_LINE_WAIT

M0 = "[[modem]] m0"
EURO = CONTRACT.replace('country = "GB"', 'country = "GB"\ncurrency = "EUR"', 1)


def with_keys(keys: str, text: str = EURO) -> str:
    return text.replace("daily_limit = 200", f"daily_limit = 200\n{keys}")


def test_a_line_that_nothing_is_said_of_is_for_all_and_costs_nothing(write: Write) -> None:
    settings = load(write(CONTRACT))
    modem = settings.modem[0]
    assert (modem.tags, modem.networks, modem.cost, modem.costs) == (set(), set(), Decimal(0), {})
    assert settings.store[0].line_tags == set()
    assert settings.gateway.currency is None
    assert settings.gateway.line_wait == DEFAULT_LINE_WAIT


def test_tags_networks_and_prices_are_read(write: Write) -> None:
    keys = 'tags = ["promo"]\nnetworks = ["Vodafone"]\ncost = 0.04\ncosts = {"+33" = "0.09"}'
    text = with_keys(keys).replace("[[store]]", '[[store]]\nline_tags = ["promo", "vip"]')
    settings = load(write(text))
    modem = settings.modem[0]
    assert (modem.tags, modem.networks) == ({"promo"}, {"Vodafone"})
    assert modem.cost == Decimal("0.04"), "as written, not as a float has it"
    assert modem.costs == {"+33": Decimal("0.09")}
    assert settings.store[0].line_tags == {"promo", "vip"}


def test_the_environment_writes_prices_in_a_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPBELL_MODEM__M0__COSTS", "+44=0.03, +33=0.09")
    assert load(write(EURO)).modem[0].costs == {"+44": Decimal("0.03"), "+33": Decimal("0.09")}


@pytest.mark.parametrize(
    ("keys", "key", "says"),
    [
        ('cost = "cheap"', "cost", 'write cost = "0.04"'),
        ("cost = -1", "cost", 'write cost = "0.04"'),
        ("cost = true", "cost", "no amount"),
        ("cost = nan", "cost", 'write cost = "0.04"'),
        ('costs = {"44" = "0.03"}', "costs", "'44' is no prefix"),
        ('costs = {"+44" = "three"}', "costs", "no price for +44"),
        ('costs = {"+44" = -0.1}', "costs", "no price for +44"),
        ("costs = 3", "costs", "no table of prices"),
        ('tags = ["Promo!"]', "tags", "no tag"),
        ('networks = [""]', "networks", "no name of an operator"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(
    write: Write, keys: str, key: str, says: str
) -> None:
    fault = only_fault(write(with_keys(keys)))
    assert (fault.section, fault.key) == (M0, key)
    assert says in str(fault)


def test_a_price_in_no_currency_is_refused(write: Write) -> None:
    fault = only_fault(write(with_keys("cost = 0.04", CONTRACT)))
    assert str(fault).endswith(
        'cost = 0.04: is in no currency; write currency = "EUR" under [gateway]'
    )


def test_the_environment_may_name_the_currency(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPBELL_GATEWAY__CURRENCY", "GBP")
    assert load(write(with_keys("cost = 0.04", CONTRACT))).gateway.currency == "GBP"


def test_a_currency_is_a_code(write: Write) -> None:
    fault = only_fault(write(EURO.replace("EUR", "euro")))
    assert "three capitals such as EUR" in str(fault)


def test_tags_and_prices_are_taken_up_while_the_gateway_runs(write: Write) -> None:
    old = load(write(EURO))
    new = load(write(with_keys('tags = ["promo"]\ncost = 0.04\ncosts = {"+33" = 0.09}')))
    changes = compare(old, new)
    assert changes.taken == ("[[modem]] m0 tags", "[[modem]] m0 cost", "[[modem]] m0 costs")
    assert changes.refused == ()
