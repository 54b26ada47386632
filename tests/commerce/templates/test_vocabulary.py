"""What templates are told they may say is what is found for them, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support.deciding import an_occasion
from support.goods import PERSON, put_cart, put_customer, put_order, put_product, put_shipment
from support.world import ACME, World

from gateway.commerce.deciding.occasion import Subject
from gateway.commerce.deciding.words import Voice, words_of
from gateway.commerce.templates.vocabulary import (
    VOCABULARY,
    Known,
    Word,
    flat,
    sample_values,
    without_optional,
)
from gateway.db.persons import find_person

SUBJECT = Subject(order_id="1001", shipment_id="S-1001", cart_id="cart-1", product_id="mug")


@pytest.fixture
async def words(world: World) -> dict[str, Any]:
    def fill(connection: Any) -> dict[str, Any]:
        for put in (put_customer, put_order, put_shipment, put_cart, put_product):
            put(connection)
        record = find_person(connection, ACME, [PERSON])
        assert record is not None
        occasion = an_occasion(subject=SUBJECT)
        return words_of(connection, occasion, record, Voice(brand="Acme"))

    return await world.database.write(fill)


def _names(value: object, prefix: str = "") -> set[str]:
    if isinstance(value, list):
        return set().union(*(_names(one, prefix) for one in value))
    if not isinstance(value, Mapping):
        return set()
    return {f"{prefix}{name}" for name in value}.union(
        *(_names(part, f"{prefix}{name}.") for name, part in value.items())
    )


async def test_both_have_the_same_names(words: dict[str, Any]) -> None:
    assert _names(words) == {name for name, _ in flat()}


async def test_what_is_always_known_is_found(words: dict[str, Any]) -> None:
    def check(known: Mapping[str, Word], found: Mapping[str, Any]) -> None:
        for name, word in known.items():
            value = found[name]
            assert value is not None or word.known is not Known.ALWAYS, name
            if word.parts and value is not None:
                check(word.parts, value[0] if word.many else value)

    check(VOCABULARY, words)


async def test_samples_are_of_the_kind_of_what_is_found(words: dict[str, Any]) -> None:
    samples = sample_values()
    for name, value in words["order"].items():
        if value is not None:
            assert type(samples["order"][name]) is type(value), name


def test_the_least_that_is_known_has_what_is_always_known() -> None:
    least = without_optional()
    assert least["first_name"] is None
    assert least["store"] == {"name": "acme", "brand": "Acme Home", "help": None}
    assert least["order"]["items"][0]["price"] is None
