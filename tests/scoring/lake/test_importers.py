"""A shop's own file becomes a lake: a right answer, or one clear sentence."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scoring.errors import ScoringError
from scoring.lake import Lake
from scoring.lake.importers import Imported, import_file

HEAD = "order_id,customer,date,sku,quantity,price"
LINES = (
    "1,ann,2011-09-10 10:00,cup,2,3.50",
    "1,ann,2011-09-10 10:01,jug,1,9.00",
    "2,bob,2011-10-02 18:30,cup,1,3.50",
)


def bring(
    tmp_path: Path, lines: tuple[str, ...] = LINES, head: str = HEAD, **more: Any
) -> Imported:
    file = tmp_path / "shop.csv"
    file.write_text("\n".join([head, *lines]) + "\n")
    return import_file(file, tmp_path / "lake", **{"store": "acme", "currency": "GBP"} | more)


def orders(tmp_path: Path) -> pd.DataFrame:
    return Lake(tmp_path / "lake").table("orders").execute().set_index("order_id").sort_index()


def test_lines_become_orders_of_their_sums(tmp_path: Path) -> None:
    done = bring(tmp_path)
    assert dict(done.rows) == {"persons": 2, "orders": 2, "order_lines": 3, "products": 2}
    assert done.remarks == ()
    first = orders(tmp_path).loc["1"]
    assert (first.value, first["items"], first.products) == (16.0, 3, 2)
    assert first.ordered_at == pd.Timestamp("2011-09-10 10:00", tz="UTC")


def test_a_product_has_its_last_price_and_its_first_sale(tmp_path: Path) -> None:
    bring(tmp_path, (*LINES, "3,ann,2011-11-01 09:00,cup,4,4.00"))
    products = Lake(tmp_path / "lake").table("products").execute().set_index("product_id")
    assert products.price["cup"] == 4.0
    assert products.first_sold_at["cup"] == pd.Timestamp("2011-09-10 10:00", tz="UTC")


def test_times_are_of_the_shops_zone_also_in_summer(tmp_path: Path) -> None:
    bring(tmp_path, timezone="Europe/London")
    first = orders(tmp_path).loc["1"]
    assert first.local_at == pd.Timestamp("2011-09-10 10:00")
    assert first.ordered_at == pd.Timestamp("2011-09-10 09:00", tz="UTC")


def test_a_time_with_a_zone_is_an_instant(tmp_path: Path) -> None:
    bring(tmp_path, ("1,ann,2011-09-10 10:00:00 +0200,cup,1,3.50",), timezone="Europe/London")
    first = orders(tmp_path).loc["1"]
    assert first.ordered_at == pd.Timestamp("2011-09-10 08:00", tz="UTC")
    assert first.local_at == pd.Timestamp("2011-09-10 09:00")


def test_months_are_those_of_utc(tmp_path: Path) -> None:
    bring(tmp_path, ("1,ann,2011-10-01 00:30,cup,1,3.50",), timezone="Europe/London")
    assert Lake(tmp_path / "lake").months("orders") == ((2011, 9),)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("C7,ann,2011-09-12 10:00,cup,-1,3.50", "C7"),
        ("C7,ann,2011-09-12 10:00,cup,1,3.50", "C7"),
        ("7,ann,2011-09-12 10:00,cup,-1,3.50", "7"),
        ("7,ann,2011-09-12 10:00,cup,1,-3.50", "7"),
    ],
)
def test_what_came_back_is_a_return_of_a_positive_value(
    tmp_path: Path, line: str, number: str
) -> None:
    bring(tmp_path, (*LINES, line))
    back = orders(tmp_path).loc[number]
    assert (back.kind, back.value, back["items"]) == ("return", 3.5, 1)
    assert (orders(tmp_path).kind == "sale").sum() == 2


def test_an_order_with_sold_and_returned_goods_is_two(tmp_path: Path) -> None:
    bring(tmp_path, (*LINES, "2,bob,2011-10-03 10:00,jug,-1,9.00"))
    kinds = orders(tmp_path).kind
    assert (kinds["2"], kinds["2:return"]) == ("sale", "return")
    assert orders(tmp_path).value["2"] == 3.5


def test_a_word_of_the_status_tells_refunded_and_never_paid(tmp_path: Path) -> None:
    head = "order_id,customer,date,total,status"
    lines = ("1,ann,2011-09-10,5,paid", "2,ann,2011-09-11,6,Refunded", "3,bob,2011-09-12,7,FAILED")
    done = bring(tmp_path, lines, head)
    assert orders(tmp_path).kind.to_dict() == {"1": "sale", "2": "return"}
    assert done.remarks == ("1 rows of orders that were never paid were left out",)


def test_free_items_and_lines_without_a_customer_are_left_out_and_counted(tmp_path: Path) -> None:
    extra = ("1,ann,2011-09-10 10:00,gift,1,0", "9,,2011-09-10 10:00,cup,1,3.50")
    done = bring(tmp_path, (*LINES, *extra))
    assert done.remarks == ("1 rows without a customer were left out", "1 free rows were left out")
    assert list(orders(tmp_path).index) == ["1", "2"]
    assert orders(tmp_path)["items"]["1"] == 3


def test_a_customer_in_an_orders_first_line_is_that_of_its_others(tmp_path: Path) -> None:
    bring(tmp_path, ("1,ann,2011-09-10 10:00,cup,2,3.50", "1,,2011-09-10 10:00,jug,1,9.00"))
    assert orders(tmp_path).value["1"] == 16.0


def test_a_file_put_together_with_overlap_counts_each_order_once(tmp_path: Path) -> None:
    done = bring(tmp_path, (*LINES, *LINES))
    assert orders(tmp_path).value.to_dict() == {"1": 16.0, "2": 3.5}
    assert done.remarks == ("3 rows of orders that stand twice were left out",)


def test_one_short_order_among_many_may_have_two_equal_lines(tmp_path: Path) -> None:
    many = tuple(f"{n},ann,2011-09-10 10:00,cup,1,3.50" for n in range(200))
    bring(tmp_path, (*many, many[7]))
    assert orders(tmp_path).value["7"] == 7.0


def test_a_long_order_that_stands_twice_counts_once_among_however_many(tmp_path: Path) -> None:
    many = tuple(f"{n},ann,2011-09-10 10:00,cup,1,3.50" for n in range(200))
    long = tuple(f"x,bob,2011-09-10 10:00,p{n},1,1.00" for n in range(3))
    bring(tmp_path, (*many, *long, *long))
    assert orders(tmp_path).value["x"] == 3.0


def test_a_line_whose_number_stands_again_is_the_same_line(tmp_path: Path) -> None:
    head = f"{HEAD},line"
    bring(tmp_path, ("1,ann,2011-09-10,cup,1,3.50,1", "1,ann,2011-09-10,cup,1,3.50,2"), head)
    assert orders(tmp_path).value["1"] == 7.0


def test_dates_without_a_clock_are_taken_and_remarked(tmp_path: Path) -> None:
    bring(tmp_path, ("1,ann,2011-09-10,cup,1,3.50", "2,ann,2011-12-24,cup,1,3.50"))
    assert Lake(tmp_path / "lake").clockless == {"acme"}


def test_dates_of_another_form_are_read_when_it_is_stated(tmp_path: Path) -> None:
    lines = ("1,ann,10/09/2011 10:00,cup,1,3.50",)
    with pytest.raises(ScoringError, match=r"column date: 1 cells cannot be read, such as '10/09"):
        bring(tmp_path, lines)
    bring(tmp_path, lines, dates="%d/%m/%Y %H:%M")
    assert orders(tmp_path).local_at["1"] == pd.Timestamp("2011-09-10 10:00")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "4,ann,2011-02-30,cup,1,3.50",
            r"column date: 1 cells cannot be read, .* '2011-02-30'",
        ),
        ("4,ann,,cup,1,3.50", r"column date: 1 cells are empty"),
        (",ann,2011-02-20,cup,1,3.50", r"column order_id: 1 cells are empty"),
        ("4,ann,2011-02-20,cup,two,3.50", r"column quantity: .* 'two'; right: a number"),
        ("4,ann,2011-02-20,cup,2,nan", r"column price: .* 'nan'; right: a number"),
        ("1,bob,2011-09-10 10:00,cup,1,3.50", r"order 1 is of more than one customer"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(ScoringError, match=words):
        bring(tmp_path, (*LINES, line))
    assert not (tmp_path / "lake").exists()


def test_mixed_currencies_are_one_sentence(tmp_path: Path) -> None:
    lines = tuple(f"{line},{word}" for line, word in zip(LINES, ["GBP", "GBP", "EUR"], strict=True))
    with pytest.raises(ScoringError, match="has the currencies EUR, GBP; one for each store"):
        bring(tmp_path, lines, f"{HEAD},currency")


@pytest.mark.parametrize(("currency", "words"), [(None, "say it with --currency"), ("£", "GBP")])
def test_a_currency_that_nobody_tells_is_asked_for(
    tmp_path: Path, currency: str | None, words: str
) -> None:
    with pytest.raises(ScoringError, match=words):
        bring(tmp_path, currency=currency)


def test_a_file_of_nothing_that_counts_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScoringError, match="no order that counts: 1 rows without a customer"):
        bring(tmp_path, ("1,,2011-09-10,cup,1,3.50",))


def test_columns_of_no_known_shop_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ScoringError, match="no known shop writes the columns Beleg, Kunde"):
        bring(tmp_path, ("1,ann,2011-09-10,5",), "Beleg,Kunde,Tag,Summe")


def test_columns_are_taken_as_a_user_states_them(tmp_path: Path) -> None:
    stated = {"order": "Beleg", "person": "Kunde", "at": "Tag", "value": "Summe"}
    bring(tmp_path, ("1,ann,2011-09-10,5",), "Beleg,Kunde,Tag,Summe", columns=stated)
    assert orders(tmp_path).value["1"] == 5.0


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"wer": "Kunde"}, "'wer' is no word; right: order, person"),
        ({"order": "Nummer"}, "the file has no 'Nummer'; it has Beleg, Kunde"),
        ({"order": "Beleg"}, "person is needed, as person=NAME"),
        ({"order": "Beleg", "person": "Kunde", "at": "Tag"}, "value is needed"),
    ],
)
def test_a_wrong_statement_of_columns_is_one_sentence(
    tmp_path: Path, stated: dict[str, str], words: str
) -> None:
    with pytest.raises(ScoringError, match=words):
        bring(tmp_path, ("1,ann,2011-09-10,5",), "Beleg,Kunde,Tag,Summe", columns=stated)


SHOPIFY = (
    "Name,Email,Financial Status,Subtotal,Shipping,Total,Currency,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Billing Country"
)
DAY = "2023-05-01 10:00:00 +0200"
SHOPIFY_LINES = (
    f"#1001,ann@example.com,paid,14.00,5.00,19.00,EUR,{DAY},2,Cup,3.50,cup,0.00,DE",
    f"#1001,ann@example.com,,,,,,{DAY},1,Jug,9.00,jug,,",
    f"#1002,bob@example.com,refunded,3.50,5.00,8.50,EUR,{DAY},1,Cup,3.50,cup,8.50,DE",
    f"#1003,bob@example.com,partially_refunded,12.50,0,12.50,EUR,{DAY},1,Jug,12.50,jug,2.50,DE",
    f"#1004,cid@example.com,voided,3.50,0,3.50,EUR,{DAY},1,Cup,3.50,cup,0.00,DE",
)


def test_shopifys_orders_are_worth_their_subtotal_without_shipping(tmp_path: Path) -> None:
    done = bring(tmp_path, SHOPIFY_LINES, SHOPIFY, currency=None, timezone="Europe/Berlin")
    assert done.shape == "Shopify"
    found = orders(tmp_path)
    assert found.value.to_dict() == {"#1001": 14.0, "#1002": 3.5, "#1003": 10.0}
    assert found.kind.to_dict() == {"#1001": "sale", "#1002": "return", "#1003": "sale"}
    assert found.local_at["#1001"] == pd.Timestamp("2023-05-01 10:00")
    persons = Lake(tmp_path / "lake").table("persons").execute()
    assert set(persons.country) == {"DE"}


def test_woocommerces_orders_are_recognised(tmp_path: Path) -> None:
    head = (
        "Order Number,Order Status,Order Date,Email (Billing),Country Code (Billing),SKU,"
        "Quantity (- Refund),Item Cost,Order Subtotal Amount,Order Refund Amount"
    )
    lines = (
        "77,completed,2023-05-01 10:00,ann@example.com,FR,cup,2,3.50,7.00,0",
        "78,cancelled,2023-05-01 11:00,ann@example.com,FR,cup,2,3.50,7.00,0",
    )
    assert bring(tmp_path, lines, head).shape == "WooCommerce"
    assert orders(tmp_path).value.to_dict() == {"77": 7.0}


def test_nothing_of_who_bought_is_in_the_lake(tmp_path: Path) -> None:
    done = bring(tmp_path, SHOPIFY_LINES, SHOPIFY)
    written = b"".join(
        file.read_bytes() for file in (tmp_path / "lake").rglob("*") if file.is_file()
    )
    for secret in (b"ann@example", b"bob@example", done.key.read_bytes().strip()):
        assert secret not in written


def test_the_key_lies_beside_the_lake_for_its_owner_alone(tmp_path: Path) -> None:
    done = bring(tmp_path)
    assert done.key == tmp_path / "lake.key"
    assert stat.S_IMODE(done.key.stat().st_mode) == 0o600
    with pytest.raises(ScoringError, match="would lie in the lake"):
        bring(tmp_path, key=tmp_path / "lake" / "x.key")


def test_persons_stay_the_same_from_import_to_import_and_are_one_stores_own(tmp_path: Path) -> None:
    bring(tmp_path)
    before = orders(tmp_path).person_id.to_dict()
    bring(tmp_path)
    assert orders(tmp_path).person_id.to_dict() == before
    bring(tmp_path, store="other")
    both = Lake(tmp_path / "lake").table("persons").execute()
    assert both.person_id.nunique() == 4


def test_a_number_in_e164_is_one_person_however_it_is_grouped(tmp_path: Path) -> None:
    bring(tmp_path, ("1,+44 7700 900123,2011-09-10,cup,1,1", "2,+447700900123,2011-09-11,cup,1,1"))
    bring(tmp_path, ("1,+447700-900123,2011-09-10,cup,1,1",), store="other")
    assert Lake(tmp_path / "lake").table("persons").execute().person_id.nunique() == 1


def test_the_last_phone_names_a_person_also_in_orders_that_lack_it(tmp_path: Path) -> None:
    head = "order_id,email,date,total,phone"
    lines = ("1,ann@example.com,2011-09-10,1,+44 7700 900111", "2,ann@example.com,2011-09-11,1,")
    later = ("3,ann@example.com,2011-09-12,1,+44 7700 900123", "4,,2011-09-13,1,+447700900123")
    bring(tmp_path, (*lines, *later), head)
    named = orders(tmp_path).person_id
    assert named.nunique() == 1
    bring(tmp_path, ("5,+447700900123,2011-09-10,1,",), head, store="other")
    assert orders(tmp_path).person_id["5"] == named["1"]


def test_a_key_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.key").mkdir()
    with pytest.raises(ScoringError, match=r"the key .*folder\.key cannot be read: Is a directory"):
        bring(tmp_path, key=tmp_path / "folder.key")


def test_another_import_of_a_store_takes_the_place_of_the_first_alone(tmp_path: Path) -> None:
    bring(tmp_path)
    bring(tmp_path, store="acme-2")
    bring(tmp_path, LINES[:1])
    left = Lake(tmp_path / "lake").table("orders").execute()
    assert left.groupby("store").order_id.apply(sorted).to_dict() == {
        "acme": ["1"],
        "acme-2": ["1", "2"],
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"order,customer,date,total\n", "has no order that counts: the file has no row"),
        (b"", "right: UTF-8 CSV with a header, or Parquet"),
        ("order,customer,date,total\n1,Jürgen,2011-09-10,5\n".encode("latin-1"), "UTF-8 CSV"),
        (b'order,customer,date,total\n1,ann,2011-09-10,"12,50"\n', "such as '12,50'; right: a num"),
    ],
    ids=["no row", "nothing", "Latin-1", "decimal comma"],
)
def test_a_csv_that_does_not_do_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "shop.csv"
    file.write_bytes(content)
    with pytest.raises(ScoringError, match=words):
        import_file(file, tmp_path / "lake", store="acme", currency="EUR")


def test_semicolons_part_cells_too(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text("order;customer;date;total\n1;Jürgen;2011-09-10;5\n", encoding="utf-8")
    import_file(file, tmp_path / "lake", store="acme", currency="EUR")
    assert orders(tmp_path).value["1"] == 5.0


def test_what_a_gateway_left_empty_is_filled(tmp_path: Path) -> None:
    empty = tmp_path / "lake" / "orders" / "month=2026-11" / "empty.parquet"
    empty.parent.mkdir(parents=True)
    empty.touch()
    bring(tmp_path)
    assert not empty.exists()


def test_who_is_in_another_file_of_the_lake_has_no_second_row(tmp_path: Path) -> None:
    """As when a gateway's export with the same key names the person already."""
    bring(tmp_path)
    persons = tmp_path / "lake" / "persons"
    (persons / "import-acme-0.parquet").rename(persons / "gateway.parquet")
    assert bring(tmp_path).rows["persons"] == 0
    assert Lake(tmp_path / "lake").table("persons").count().execute() == 2


def test_a_file_that_is_no_table_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "shop.parquet"
    file.write_bytes(b"PAR1 and nothing")
    with pytest.raises(ScoringError, match=r"cannot be read as \.parquet; right: UTF-8 CSV"):
        import_file(file, tmp_path / "lake", store="acme")
    with pytest.raises(ScoringError, match="there is no file"):
        import_file(tmp_path / "nothing.csv", tmp_path / "lake", store="acme")


@pytest.mark.parametrize("store", ["", "Acme", "a/b", "x" * 33])
def test_a_name_that_no_store_can_have_is_refused(tmp_path: Path, store: str) -> None:
    with pytest.raises(ScoringError, match="is no name of a store"):
        bring(tmp_path, store=store)


@pytest.mark.timeout(300)
def test_online_retail_gives_the_very_orders_that_were_made_of_it(
    tmp_path: Path, orders_data: Path
) -> None:
    """Sales are those of ``orders.parquet``; returns, which it leaves out, come in addition."""
    import_file(orders_data / "order_lines.parquet", tmp_path / "lake", store="acme")
    lake = Lake(tmp_path / "lake")
    ours = lake.table("orders").execute()
    theirs = pd.read_parquet(orders_data / "orders.parquet").set_index("invoice").sort_index()
    sales = ours[ours.kind == "sale"].set_index("order_id").sort_index()
    assert list(sales.index) == list(theirs.index)
    assert (sales.local_at == theirs.ts).all()
    assert (sales["items"] == theirs.qty).all()
    assert (sales.products == theirs.nprod).all()
    assert (sales.value - theirs.rev).abs().max() < 1e-6
    pairs = pd.DataFrame({"ours": sales.person_id, "theirs": theirs.cust}).drop_duplicates()
    assert len(pairs) == pairs.ours.nunique() == pairs.theirs.nunique() == 5878
    assert set(ours.kind) == {"sale", "return"}
    assert ours[ours.kind == "return"].order_id.str.startswith("C").all()
    assert lake.check() == ()
