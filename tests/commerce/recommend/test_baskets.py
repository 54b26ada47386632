"""What is bought together is told from chance and from what everybody buys anyway."""

from __future__ import annotations

import math
from random import Random

from gateway.commerce.recommend.baskets import LEAST_TOGETHER, MOST_PRODUCTS, Baskets


def lines(*baskets: str) -> list[tuple[str, str]]:
    return [(str(order), product) for order, basket in enumerate(baskets) for product in basket]


def test_the_measure_is_the_cosine_of_orders() -> None:
    baskets = Baskets(lines(*["ab"] * 6, *["a"] * 3, *["b"] * 18))
    assert baskets.neighbours("a") == (("b", 6 / math.sqrt(9 * 24)),)
    assert baskets.neighbours("b") == (("a", 6 / math.sqrt(9 * 24)),)


def test_what_everybody_buys_is_behind_what_goes_with_it() -> None:
    """Every order has a bag: of ten with tea, all have a bag, and six have a pot."""
    baskets = Baskets(lines(*["tpb"] * 6, *["tb"] * 4, *["b"] * 200))
    assert baskets.together(["t"]) == ["p", "b"]
    assert baskets.popular[0] == "b"


def test_few_orders_together_are_chance() -> None:
    assert Baskets(lines(*["ab"] * (LEAST_TOGETHER - 1))).together(["a"]) == []
    assert Baskets(lines(*["ab"] * LEAST_TOGETHER)).together(["a"]) == ["b"]


def test_a_line_twice_in_an_order_is_one() -> None:
    assert Baskets(lines(*["abbbbb"] * (LEAST_TOGETHER - 1))).together(["a"]) == []


def test_who_buys_the_whole_shop_says_nothing() -> None:
    whole = [(f"w{order}", str(n)) for order in range(9) for n in range(MOST_PRODUCTS + 1)]
    assert Baskets(whole).together(["1"]) == []


def test_of_several_products_what_goes_with_more_of_them_is_first() -> None:
    baskets = Baskets(lines(*["ac"] * 9, *["bd"] * 9, *["abd"] * 6))
    assert baskets.together(["a", "b"]) == ["d", "c"]
    assert not {"a", "b"} & set(baskets.together(["a", "b"]))


def test_what_nobody_bought_goes_with_nothing() -> None:
    assert Baskets([]).together(["a"]) == []
    assert Baskets(lines("ab")).together(["z"]) == []


def test_it_is_what_a_plain_count_of_all_pairs_says() -> None:
    chance = Random(8)
    orders = [set(chance.choices("abcdefgh", k=chance.randint(1, 5))) for _ in range(200)]
    baskets = Baskets(lines(*("".join(sorted(order)) for order in orders)))
    for one in "abcdefgh":
        expected = {}
        for other in set("abcdefgh") - {one}:
            both = sum({one, other} <= order for order in orders)
            each = sum(one in order for order in orders) * sum(other in order for order in orders)
            if both >= LEAST_TOGETHER:
                expected[other] = both / math.sqrt(each)
        assert dict(baskets.neighbours(one)) == expected
