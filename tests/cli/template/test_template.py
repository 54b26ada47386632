"""An operator sees what templates say before anybody else does, and changes nothing by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell
from support.goods import CUSTOMER, put_customer, put_order, put_product, put_shipment
from support.world import KEYS, RECIPIENT

from gateway.db import Database
from gateway.settings import load

SHIPPED = (
    "{# transactional #}"
    "{{ store.brand }}: your order {{ order.id }} is with {{ shipment.company }}."
)


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
async def shop(config: Path, templates: Path) -> Path:
    """A shop that knows a person who ordered."""
    (templates / "shipped.en.txt").write_text(SHIPPED)
    (templates / "shipped.de.txt").write_text(SHIPPED.replace("your order", "„Bestellung“"))
    settings = load(config)
    settings.database.key_path.write_text("\n".join(key.hex() for key in KEYS) + "\n")
    settings.database.key_path.chmod(0o600)

    def fill(connection: Any) -> None:
        put_customer(connection, language="de-AT")
        for put in (put_order, put_shipment, put_product):
            put(connection)

    async with Database.open(settings.database.address) as database:
        await database.write(fill)
    return templates


def test_templates_are_listed(shopbell: Shopbell, templates: Path) -> None:
    assert "no templates" in shopbell("template", "list").out
    (templates / "hello.en.txt").write_text("{# marketing #}Hi")
    (templates / "hello.de.txt").write_text("{# marketing #}Hallo")
    (templates / "bad.en.txt").write_text("{{")
    done = shopbell("template", "list")
    assert "hello" in done.out
    assert "de, en" in done.out
    assert "bad.en.txt: line 1" in done.err
    assert [one["language"] for one in lines(shopbell("template", "list", "--json").out)] == [
        "de", "en",
    ]  # fmt: skip


def test_lint_ends_with_1_when_something_is_wrong(shopbell: Shopbell, templates: Path) -> None:
    (templates / "good.en.txt").write_text(SHIPPED.replace("shipment.company", "order.pieces"))
    done = shopbell("template", "lint")
    assert (done.code, done.out) == (0, "nothing is wrong with 1 templates\n")
    (templates / "bad.en.txt").write_text("{# transactional #}\n{{ frist_name }}")
    (templates / "worse.en.txt").write_text("{% if %}")
    done = shopbell("template", "lint", "--json")
    assert done.code == 1
    told = {(one["id"], one["place"]) for one in lines(done.out)}
    assert {("unknown_value", "line 2"), ("unreadable", "line 1")} <= told
    assert "did you mean" in shopbell("template", "lint").out


def test_check_says_what_is_wrong_with_templates(shopbell: Shopbell, templates: Path) -> None:
    assert shopbell("check").code == 0
    (templates / "bad.en.txt").write_text("{# transactional #}\n{{ frist_name }}")
    done = shopbell("check")
    assert (done.code, done.out) == (1, "")
    assert "bad.en.txt: line 2: there is no value 'frist_name'" in done.err
    document = json.loads(shopbell("check", "--json").out)
    assert not document["ok"]
    assert {fault["key"] for fault in document["faults"]} >= {"line 2"}


def test_a_template_is_shown_for_somebody_made_up(shopbell: Shopbell, templates: Path) -> None:
    (templates / "x.en.txt").write_text("{{ store.brand }}: it\u2019s {{ product.url | short }}")
    done = shopbell("template", "preview", "x", "--sample")
    assert "Acme: it\u2019s https://shop.example/products/blue-stoneware-mug" in done.out
    assert '"\u2019" (right single quotation mark) at character 9 makes it 16 bit' in done.out
    [shown] = lines(shopbell("template", "preview", "x", "--sample", "--json").out)
    assert (shown["alphabet"], shown["parts"]) == ("ucs2", 1)
    assert shown["text"] in done.out
    assert shown["forcing"][0]["instead"] == "'"
    assert "opt_out_missing" in shown["findings"]


@pytest.mark.parametrize("whom", [("--to", RECIPIENT), ("--person", CUSTOMER)])
def test_a_template_is_shown_as_it_would_arrive(
    shopbell: Shopbell, shop: Path, whom: tuple[str, str]
) -> None:
    done = shopbell("template", "preview", "shipped", *whom)
    assert done.code == 0, done.err
    assert (
        "--- shipped.de, which this person gets\nAcme: „Bestellung“ 1001 is with DHL." in done.out
    )
    assert "--- shipped.en\nAcme: your order 1001 is with DHL." in done.out
    assert RECIPIENT not in done.out


def test_the_cost_is_by_the_tariffs_of_the_lines(
    shopbell: Shopbell, shop: Path, config: Path
) -> None:
    text = config.read_text()
    config.write_text(
        text.replace('country = "GB"\n', 'country = "GB"\ncurrency = "GBP"\n', 1)
        + '\n[[modem]]\nname = "cheap"\nport = "/dev/c"\ncost = 0.02\ncosts = {"+44" = 0.03}\n'
        + '\n[[modem]]\nname = "dear"\nport = "/dev/d"\ncost = 0.05\n'
    )
    done = shopbell("template", "preview", "shipped", "--to", RECIPIENT, "--json")
    assert done.code == 0, done.err
    english = next(one for one in lines(done.out) if one["language"] == "en")
    assert english["currency"] == "GBP"
    assert (english["cost"]["most"], english["theirs"]) == ("0.05", False)


def test_what_a_person_lacks_is_said_in_one_line(shopbell: Shopbell, shop: Path) -> None:
    (shop / "cart.en.txt").write_text("{{ cart.id }}")
    done = shopbell("template", "preview", "cart", "--to", RECIPIENT)
    assert (done.code, done.out) == (1, "")
    assert "cart.en.txt: line 1: cart.id is not known here" in done.err


def test_a_stranger_is_refused_with_the_way_out(shopbell: Shopbell, shop: Path) -> None:
    done = shopbell("template", "preview", "shipped", "--to", "+447700900999")
    assert done.code == 1
    assert "--sample" in done.err
    assert "+447700900999" not in done.err


def test_wrong_usage_is_told(shopbell: Shopbell, shop: Path) -> None:
    assert shopbell("template", "preview", "shipped").code == 2
    assert shopbell("template", "preview", "shiped", "--sample").err == (
        "there is no template 'shiped'; there are: shipped\n"
    )


def test_a_preview_writes_nothing(shopbell: Shopbell, shop: Path, config: Path) -> None:
    file = config.parent / "shopbell.db"
    before = file.read_bytes()
    assert shopbell("template", "preview", "shipped", "--to", RECIPIENT).code == 0
    assert file.read_bytes() == before


def test_a_store_without_a_folder_is_told(shopbell: Shopbell, config: Path) -> None:
    config.write_text(config.read_text().replace('shop_dir = "shop"\n', ""))
    done = shopbell("template", "list")
    assert (done.code, "no shop_dir" in done.err) == (1, True)


BIRTHDAY = """
on = "birthday"
hour = 9
within = "12h"
template = "wish"
purpose = "transactional"
scope = "order"
"""


@pytest.fixture
def flow(templates: Path) -> Path:
    """A flow that sends a template, without a code."""
    folder = templates.parent / "flows"
    folder.mkdir()
    file = folder / "birthday.toml"
    file.write_text(BIRTHDAY)
    (templates / "wish.en.txt").write_text(
        "{% if coupon %}{{ coupon }}{% else %}No code{% endif %}"
    )
    return file


def test_what_a_flow_gives_no_code_for_is_shown_without_one(shopbell: Shopbell, flow: Path) -> None:
    wish = ("template", "preview", "wish", "--sample")
    assert "SAVE-4F7K2M" in shopbell(*wish).out
    assert "No code" in shopbell(*wish, "--flow", "birthday").out
    done = shopbell(*wish, "--flow", "easter")
    assert (done.code, done.err) == (
        1, "no flow or campaign 'easter' sends the template 'wish'\n",
    )  # fmt: skip


def test_what_a_template_is_for_is_what_its_flow_says(shopbell: Shopbell, flow: Path) -> None:
    found = [one["id"] for one in lines(shopbell("template", "lint", "--json").out)]
    assert "opt_out_missing" not in found
    flow.write_text(BIRTHDAY.replace("transactional", "marketing").replace("order", "offers"))
    found = [one["id"] for one in lines(shopbell("template", "lint", "--json").out)]
    assert "opt_out_missing" in found
