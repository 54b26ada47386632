"""A shop's folder: what is right is there, and every fault of every kind is named."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.commerce.content import ShopContent, load_content
from gateway.domain.ids import StoreName

LONDON = ZoneInfo("Europe/London")


def load(folder: Path | None) -> ShopContent:
    return load_content(StoreName("acme"), folder, zone=LONDON, country="GB")


def test_a_store_without_a_folder_has_nothing_to_say() -> None:
    found = load(None)
    assert (found.faults, found.library.names, found.campaigns.specs) == ((), [], {})


def test_an_empty_folder_is_right(tmp_path: Path) -> None:
    assert load(tmp_path).faults == ()


def test_what_a_shop_says_is_there_by_name(tmp_path: Path) -> None:
    _write(tmp_path, "templates/sale.en.txt", "Hello!")
    _write(tmp_path, "segments.toml", 'vip = "orders > 3"')
    _write(tmp_path, "coupons.toml", '[ten]\npattern = "TEN-******"')
    _write(tmp_path, "campaigns/spring.toml", 'segment = "vip"\ntemplate = "sale"')
    found = load(tmp_path)
    assert found.faults == ()
    assert found.library.names == ["sale"]
    assert list(found.pools) == ["ten"]
    assert list(found.campaigns.specs) == ["spring"]


def test_all_that_is_wrong_is_named_with_its_file(tmp_path: Path) -> None:
    _write(tmp_path, "templates/sale.en.txt", "Hello {{ !")
    _write(tmp_path, "coupons.toml", "x = ")
    _write(tmp_path, "campaigns/spring.toml", "x = 1")
    files = [fault.file for fault in load(tmp_path).faults]
    names = ["templates/sale.en.txt", "coupons.toml", "campaigns/spring.toml"]
    assert files == [tmp_path / name for name in names]


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
