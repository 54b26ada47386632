"""What the exports of shops say: their columns, orders of many rows, and every fault by name."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hooks import ACME
from support.processes import ROOT

from gateway.bridge.backfill import KINDS, Form, Place, RowFaultError, find_columns
from gateway.bridge.backfill.bringing import Bringing, Notes
from gateway.bridge.backfill.form import documents_of
from gateway.bridge.backfill.groups import groups_of
from gateway.consent.imports.sheet import SheetError, read_sheet
from gateway.domain.errors import RejectedError
from gateway.domain.event import CustomerUpdate
from gateway.domain.shop import (
    Item,
    OrderCompleted,
    OrderReversed,
    OrderUpdated,
    ProductChange,
    ProductUpdated,
)
from gateway.mqtt.events import parse_event

FORM = Form(
    country="GB",
    zone=ZoneInfo("Europe/London"),
    currency="GBP",
    at=datetime(2026, 11, 23, tzinfo=UTC),
)


def export(name: str) -> str:
    return (ROOT / "tests" / "data" / "backfill" / f"{name}.csv").read_text(encoding="utf-8")


SHOPIFY_ORDERS = export("shopify-orders")
WOO_ORDERS = export("woocommerce-orders")
CUSTOMERS = export("shopify-customers")
PRODUCTS = export("shopify-products")


def bringing_of(tmp_path: Path, kind: str, text: str, **stated: str) -> Bringing:
    file = tmp_path / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    sheet = read_sheet(file)
    columns = find_columns(KINDS[kind], sheet.header, stated)
    return Bringing(file=file, sheet=sheet, columns=columns, form=FORM)


def events_of(tmp_path: Path, kind: str, text: str) -> list[Any]:
    brought = bringing_of(tmp_path, kind, text)
    told = [
        one
        for group in groups_of(brought.sheet, brought.columns)
        for one in brought.columns.kind.read(group.rows, FORM)
    ]
    documents = documents_of(told, FORM)
    events = [parse_event(ACME, json.dumps(one).encode()) for one in documents]
    assert all(event.history for event in events), "it sets nothing off"
    return events


def test_an_order_of_shopify_is_one_whatever_rows_it_has(tmp_path: Path) -> None:
    placed, status, cheap, second, cancelled, refunded = events_of(
        tmp_path, "orders", SHOPIFY_ORDERS
    )
    assert placed.content == OrderCompleted(
        phone="+447700900123",
        order_id="820982911",
        items=(
            Item(product_id="45790-32", name="Tea pot", price=Decimal("23.9"), quantity=2),
            Item(product_id="45790-40", name="Tea cosy", price=Decimal("4.78"), quantity=1),
        ),
        total=Decimal("51.75"),
        revenue=Decimal("47.8"),
        currency="GBP",
        coupon="TEA10",
        discount=Decimal("4.78"),
    )
    assert placed.time == datetime(2026, 3, 1, 9, 31, 4, tzinfo=UTC)
    assert status.content == OrderUpdated(order_id="820982911", status="fulfilled")
    assert status.time == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert isinstance(cheap.content, OrderCompleted)
    assert (cheap.content.phone, cheap.content.currency) == ("+33639981234", "EUR")
    assert second.content == OrderUpdated(order_id="820982912", status="refunded")
    for event in (cancelled, refunded):
        assert isinstance(event.content, OrderReversed)
        assert event.content.total == Decimal(10)
        assert event.time == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_orders_of_woocommerce(tmp_path: Path) -> None:
    """A guest's, one that failed, and one of an account whose number is none."""
    placed, status, account, other = events_of(tmp_path, "orders", WOO_ORDERS)
    assert isinstance(placed.content, OrderCompleted)
    assert (placed.content.phone, placed.content.customer) == ("+33639981234", None)
    assert status.content == OrderUpdated(order_id="727", status="completed")
    assert isinstance(account.content, OrderCompleted)
    assert (account.content.phone, account.content.customer) == (None, "25")
    assert account.content.revenue == Decimal(10)
    assert account.time == datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "London is an hour ahead then"
    assert other.content == OrderUpdated(customer="25", order_id="729", status="processing")


def test_customers(tmp_path: Path) -> None:
    [event] = events_of(tmp_path, "customers", CUSTOMERS)
    assert event.content == CustomerUpdate(
        phone="+447700900123",
        customer="6201",
        country="GB",
        postal_code="EC1A 1BB",
        first_name="Ada",
        birthday="11-26",
        tags=("tea", "wholesale"),
    )
    assert event.time == FORM.at, "as old as the file"


def test_products_cost_what_their_cheapest_variant_does(tmp_path: Path) -> None:
    pot, cosy = events_of(tmp_path, "products", PRODUCTS)
    assert pot.content == ProductUpdated(
        product_id="tea-pot",
        change=ProductChange.NEW,
        price=Decimal("21.9"),
        currency="GBP",
        name="Tea pot",
        inventory=5,
        category="Kitchen",
        brand="Acme",
        tags=("tea", "blue"),
        image_url="https://cdn.example/pot.jpg",
    )
    assert cosy.content.change is ProductChange.DISCONTINUED


def test_the_same_row_is_the_same_event_and_another_is_another(tmp_path: Path) -> None:
    """A repeat is harmless, and a newer export says what is new."""
    names = [event.id for event in events_of(tmp_path, "orders", SHOPIFY_ORDERS)]
    assert [event.id for event in events_of(tmp_path, "orders", SHOPIFY_ORDERS)] == names
    assert len(set(names)) == len(names)
    later = SHOPIFY_ORDERS.replace("fulfilled,2026-03-02", "fulfilled,2026-03-06", 1)
    again = [event.id for event in events_of(tmp_path, "orders", later)]
    assert [one == other for one, other in zip(names, again, strict=True)].count(False) == 1


ROW = {
    "order_id": "1001",
    "placed_at": "2026-03-01T09:31:04Z",
    "total": "51.75",
    "currency": "GBP",
    "phone": "07700 900123",
    "quantity": "2",
    "price": "23.90",
    "product_id": "p1",
}


@pytest.mark.parametrize(
    ("change", "fact", "says"),
    [
        ({"total": "51,75"}, "total", "with a point alone"),
        ({"total": ""}, "total", "is required"),
        ({"total": "-1"}, "total", "less than nothing"),
        ({"total": "£5"}, "total", "no amount"),
        ({"placed_at": "yesterday"}, "at", "no instant"),
        ({"placed_at": ""}, "at", "is required"),
        ({"order_id": ""}, "order", "is required"),
        ({"phone": "12"}, "phone", "too few digits"),
        ({"quantity": "two"}, "quantity", "no whole number"),
        ({"quantity": "-2"}, "quantity", "less than nothing"),
        ({"quantity": "1e99999999"}, "quantity", "no whole number"),
        ({"price": "1.23456"}, "price", "no amount"),
    ],
)
def test_each_fault_is_of_a_column(
    tmp_path: Path, change: dict[str, str], fact: str, says: str
) -> None:
    row = ROW | change
    cells = ",".join(f'"{cell}"' for cell in row.values())
    text = f"{','.join(row)}\n{cells}\n"
    with pytest.raises(RowFaultError, match=says) as caught:
        events_of(tmp_path, "orders", text)
    assert caught.value.fact == fact


@pytest.mark.parametrize(
    ("kind", "header", "says"),
    [
        ("orders", "order_id,total", "no column has the at; right: one of placed_at"),
        ("customers", "Name,Email", "no column has the phone"),
        ("products", "handle,title", "no column has the price"),
        ("orders", "Total,total,order,date", "total twice"),
    ],
)
def test_a_file_without_what_is_needed_says_what_would_be_right(
    tmp_path: Path, kind: str, header: str, says: str
) -> None:
    with pytest.raises(SheetError, match=says):
        bringing_of(tmp_path, kind, f"{header}\n1,2\n")


def test_columns_can_be_named(tmp_path: Path) -> None:
    text = "Beleg,Datum,Summe,Handy\n1,2026-03-01,5.00,07700 900123\n"
    named = {"order": "Beleg", "at": "Datum", "total": "Summe", "phone": "Handy"}
    brought = bringing_of(tmp_path, "orders", text, **named)
    [group] = groups_of(brought.sheet, brought.columns)
    assert group.head == {
        "order": "1",
        "at": "2026-03-01",
        "total": "5.00",
        "phone": "07700 900123",
    }
    with pytest.raises(SheetError, match="there are order"):
        bringing_of(tmp_path, "orders", text, sum="Summe")
    with pytest.raises(SheetError, match="no column Sum"):
        bringing_of(tmp_path, "orders", text, total="Sum")


class Gateway:
    """Takes events; refuses those of an order that it does not like."""

    def __init__(self, *, stops_after: int | None = None) -> None:
        self.taken: list[str] = []
        self._stops_after = stops_after

    async def take(self, events: Any) -> list[RejectedError | None]:
        if self._stops_after is not None and len(self.taken) >= self._stops_after:
            raise KeyboardInterrupt
        self.taken += [event["id"] for event in events]
        return [self._judge(event) for event in events]

    def _judge(self, event: Any) -> RejectedError | None:
        if event["data"]["properties"].get("order_id") != "13":
            return None
        place = "data.properties.order_id"
        return RejectedError("invalid_value", f"{place} is unlucky", field=place)


def many(count: int) -> str:
    rows = [ROW | {"order_id": str(number)} for number in range(count)]
    return "\n".join([",".join(ROW), *(",".join(row.values()) for row in rows)]) + "\n"


async def test_who_interrupts_goes_on_where_it_was(tmp_path: Path) -> None:
    brought = bringing_of(tmp_path, "orders", many(1000))
    place = Place.load(brought.file, "digest")
    first = Gateway(stops_after=300)
    with pytest.raises(KeyboardInterrupt):
        await brought.run(place, Notes(brought.file, resumed=False), first.take, lambda _: None)
    again = Place.load(brought.file, "digest")
    assert 300 <= again.line - 1 == len(first.taken) < 1000
    second, moved = Gateway(), list[int]()
    await brought.run(again, Notes(brought.file, resumed=True), second.take, moved.append)
    assert len(first.taken) + len(second.taken) == len({*first.taken, *second.taken}) == 1000
    assert (again.rows, again.events, again.refused, moved[-1]) == (1000, 999, 1, 1001)
    assert Place.load(brought.file, "of another file").line == 0
    again.forget(brought.file)
    assert Place.load(brought.file, "digest").line == 0


async def test_refused_rows_are_in_a_file_by_line_column_and_reason(tmp_path: Path) -> None:
    text = many(20).replace("\n7,2026", "\n7,soon 2026")
    brought = bringing_of(tmp_path, "orders", text)
    notes, place = Notes(brought.file, resumed=False), Place(digest="d")
    await brought.run(place, notes, Gateway().take, lambda _: None)
    lines = notes.path.read_text().splitlines()
    assert lines[0] == "line,column,reason"
    assert lines[1].startswith("9,placed_at,")
    assert "no instant" in lines[1]
    assert lines[2] == "15,order_id,data.properties.order_id is unlucky"
    assert (place.refused, place.rows, place.events) == (2, 20, 18)
    Notes(brought.file, resumed=False)
    assert not notes.path.exists(), "those of an earlier run go"


@pytest.mark.rule("G-14")
async def test_no_reason_holds_a_number(tmp_path: Path) -> None:
    text = many(1).replace("07700 900123", "07700 900123 900123 900123")
    brought = bringing_of(tmp_path, "orders", text)
    notes = Notes(brought.file, resumed=False)
    await brought.run(Place(digest="d"), notes, Gateway().take, lambda _: None)
    assert "900123" not in notes.path.read_text()


@given(
    cells=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12),
        min_size=len(ROW),
        max_size=len(ROW),
    ),
    kind=st.sampled_from(sorted(KINDS)),
)
def test_whatever_a_row_holds_it_is_read_or_refused(cells: list[str], kind: str) -> None:
    """Each cell in turn in a row that is right otherwise."""
    names = [*ROW, "Published", "Birthday", "Created at", "Variant Inventory Qty"]
    columns = find_columns(KINDS[kind], names)
    values = [*ROW.values(), "true", "11-26", "2026-03-01", "3"]
    for place, cell in enumerate(cells):
        row = [*values[:place], cell, *values[place + 1 :]]
        try:
            told = KINDS[kind].read([columns.facts(row)], FORM)
        except RowFaultError:
            continue
        for document in documents_of(told, FORM):
            with suppress(RejectedError):
                parse_event(ACME, json.dumps(document).encode())
