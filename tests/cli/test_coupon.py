"""Pools as their operator sees and fills them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command import Shopbell

POOLS = """
[welcome]
pattern = "HELLO-******"
expires = "14d"

[spring]
file = "codes.txt"
"""


@pytest.fixture
def shop(config: Path) -> Path:
    folder = config.parent / "shop"
    folder.mkdir()
    (folder / "coupons.toml").write_text(POOLS)
    (folder / "codes.txt").write_text("AA1\nAA2\n")
    config.write_text(config.read_text().replace("[[store]]", '[[store]]\nshop_dir = "shop"'))
    return folder


def test_pools_are_listed_before_a_gateway_ever_ran(shopbell: Shopbell, shop: Path) -> None:
    done = shopbell("coupon", "list", "--json")
    assert (done.code, done.err) == (0, "")
    spring, welcome = map(json.loads, done.out.splitlines())
    assert (spring["pool"], spring["file"], spring["free"]) == ("spring", "codes.txt", 0)
    assert (welcome["pattern"], welcome["expires"], welcome["kind"]) == (
        "HELLO-******",
        "14d",
        "single",
    )


def test_codes_are_brought_in_once(shopbell: Shopbell, shop: Path) -> None:
    more = shop / "more.txt"
    more.write_text("aa2\nBB1\n")
    assert shopbell("coupon", "import", "spring", "shop/codes.txt").out == (
        "spring: 2 of 2 codes are new\n"
    )
    assert json.loads(shopbell("coupon", "import", "spring", str(more), "--json").out) == {
        "pool": "spring",
        "codes": 2,
        "new": 1,
    }
    listed = [line.split() for line in shopbell("coupon", "list").out.splitlines()]
    assert ["spring", "codes.txt", "3", "0", "0", "0"] in listed


@pytest.mark.parametrize(
    ("pool", "content", "said"),
    [
        ("winter", "AA1", "no pool 'winter' that is fed from a file; it has spring"),
        ("welcome", "AA1", "no pool 'welcome' that is fed from a file"),
        ("spring", "two words", "bad.txt: line 1: is no code"),
        ("spring", "\udcff", "is no text in UTF-8"),
    ],
)
def test_what_cannot_be_brought_in_is_one_line(
    shopbell: Shopbell, shop: Path, pool: str, content: str, said: str
) -> None:
    (shop / "bad.txt").write_bytes(content.encode("utf-8", "surrogateescape"))
    done = shopbell("coupon", "import", pool, "shop/bad.txt")
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_store_without_pools_is_told_where_to_write_them(shopbell: Shopbell) -> None:
    assert "coupons.toml" in shopbell("coupon", "list").out
