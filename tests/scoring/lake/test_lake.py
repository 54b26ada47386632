"""A lake is checked at the door: a fault is named by table and column, with what would be right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from support.lakes import order, write

from scoring.engine import EngineSettings
from scoring.errors import LakeError, ScoringError
from scoring.lake import Lake
from scoring.schema import TABLES

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"person_id": None}, "person_id", "is null in 1 rows of store acme"),
    ({"person_id": ""}, "person_id", "is empty"),
    ({"kind": "gift"}, "kind", "'gift'; right: sale or return"),
    ({"value": -1.0}, "value", "goes down to -1; right: at least 0"),
    ({"value": float("nan")}, "value", "is no number"),
    ({"value": float("inf")}, "value", "is no number"),
    ({"items": -2}, "items", "at least 0"),
    ({"currency": "EUR"}, "currency", "has EUR and GBP; one currency for each store is right"),
    ({"order_id": "o2"}, "order_id", "2 rows have the key store acme, order_id o2"),
    ({"local_at": datetime(2011, 3, 9)}, "local_at", "at most 14 hours"),  # noqa: DTZ001
]


@pytest.mark.parametrize(("change", "column", "words"), FAULTS, ids=lambda value: str(value)[:20])
def test_a_wrong_cell_is_named_with_what_would_be_right(
    tmp_path: Path, change: dict[str, Any], column: str, words: str
) -> None:
    write(tmp_path, "orders", [order(1), order(2), order(3, **change)])
    with pytest.raises(LakeError) as caught:
        Lake(tmp_path).table("orders")
    assert (caught.value.table, caught.value.column) == ("orders", column)
    assert words in str(caught.value)


def test_a_right_lake_gives_its_columns_in_the_order_of_the_schema(tmp_path: Path) -> None:
    write(tmp_path, "orders", [order(number) for number in range(5)])
    orders = Lake(tmp_path).table("orders")
    assert list(orders.columns) == [column.name for column in TABLES["orders"].columns]
    assert orders.value.sum().execute() == 5 * 12.5


def test_an_absent_table_is_empty_and_has_the_same_types_as_one_that_is_there(
    tmp_path: Path,
) -> None:
    write(tmp_path, "orders", [order(1)])
    lake = Lake(tmp_path)
    there = lake.table("orders").schema()
    for name, table in TABLES.items():
        assert list(lake.table(name).columns) == [column.name for column in table.columns]
    assert lake.table("clicks").count().execute() == 0
    assert lake.table("clicks").schema()["clicked_at"] == there["ordered_at"]
    assert lake.table("clicks").schema()["local_at"] == there["local_at"]


def test_a_lake_without_orders_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"orders: .* has no such table; `shopbell lake export`"):
        Lake(tmp_path).table("orders")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="there is no folder"):
        Lake(tmp_path / "nowhere")


def test_a_column_that_is_missing_is_named_with_its_type(tmp_path: Path) -> None:
    file = write(tmp_path, "orders", [order(1)])
    pq.write_table(pq.read_table(file).drop_columns(["value"]), file)
    with pytest.raises(LakeError, match=r"orders\.value: .* lacks this column; it is double"):
        Lake(tmp_path).table("orders")


@pytest.mark.parametrize(
    ("column", "type_", "right"),
    [
        ("items", pa.int32(), "int64"),
        ("value", pa.string(), "double"),
        ("ordered_at", pa.timestamp("us"), "timestamp[us, tz=UTC]"),
        ("ordered_at", pa.timestamp("ns", "UTC"), "timestamp[us, tz=UTC]"),
    ],
    ids=str,
)
def test_a_column_of_another_type_is_named_with_the_right_one(
    tmp_path: Path, column: str, type_: pa.DataType, right: str
) -> None:
    file = write(tmp_path, "orders", [order(1)])
    rows = pq.read_table(file)
    place = rows.column_names.index(column)
    pq.write_table(rows.set_column(place, column, pc.cast(rows[column], type_)), file)
    with pytest.raises(LakeError) as caught:
        Lake(tmp_path).table("orders")
    assert caught.value.column == column
    assert f"right: {right}" in str(caught.value)


def test_texts_may_be_laid_out_as_dictionaries(tmp_path: Path) -> None:
    file = write(tmp_path, "orders", [order(1), order(2)])
    rows = pq.read_table(file)
    place = rows.column_names.index("store")
    pq.write_table(rows.set_column(place, "store", rows["store"].dictionary_encode()), file)
    assert Lake(tmp_path).stores == ("acme",)


def test_a_row_in_another_month_than_its_folders_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "orders", [order(1)])
    wrong = tmp_path / "orders" / "month=2011-04" / "part.parquet"
    wrong.parent.mkdir()
    file.rename(wrong)
    with pytest.raises(LakeError, match=r"a row of 2011-03-05, which belongs into month=2011-03"):
        Lake(tmp_path).table("orders")


def test_a_file_outside_of_any_month_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "orders", [order(1)])
    file.rename(tmp_path / "orders" / "part.parquet")
    with pytest.raises(LakeError, match=r"right: orders/month=YYYY-MM/part\.parquet"):
        Lake(tmp_path).table("orders")


def test_a_file_that_is_cut_short_is_one_sentence(tmp_path: Path) -> None:
    file = write(tmp_path, "orders", [order(1)])
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(LakeError, match="is no Parquet file, or is cut short"):
        Lake(tmp_path).table("orders")


def test_a_month_without_a_file_is_remarked_and_no_fault(tmp_path: Path) -> None:
    write(tmp_path, "orders", [order(1), order(2000)])
    lake = Lake(tmp_path)
    assert lake.table("orders").count().execute() == 2
    assert lake.check() == ("orders: there is no file of 2011-04: taken as months without",)


def test_dates_without_a_clock_are_remarked_for_their_store_alone(tmp_path: Path) -> None:
    days = [datetime(2011, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    bare = [order(n, store="bare", ordered_at=day) for n, day in enumerate(days)]
    write(tmp_path, "orders", [order(1), *bare])
    lake = Lake(tmp_path)
    assert lake.clockless == {"bare"}
    assert lake.check() == (
        "orders.local_at: the dates of store bare have no clock: its orders count by their days, "
        "and hours are not learned from them",
    )


def test_two_stores_may_have_two_currencies_and_the_same_order_numbers(tmp_path: Path) -> None:
    write(tmp_path, "orders", [order(1), order(1, store="other", currency="EUR")])
    assert Lake(tmp_path).stores == ("acme", "other")


def test_what_was_found_right_is_remembered_until_a_file_changes(tmp_path: Path) -> None:
    write(tmp_path, "orders", [order(1)])
    assert Lake(tmp_path).stores == ("acme",)
    assert (tmp_path / ".checked.json").is_file()
    assert Lake(tmp_path).stores == ("acme",)
    write(tmp_path, "orders", [order(1), order(2, value=-3.0)])
    with pytest.raises(LakeError, match=r"orders\.value"):
        Lake(tmp_path).table("orders")


def test_a_fault_is_not_remembered_as_right(tmp_path: Path) -> None:
    write(tmp_path, "orders", [order(1, value=-3.0)])
    for _ in range(2):
        with pytest.raises(LakeError, match=r"orders\.value"):
            Lake(tmp_path).table("orders")


def test_a_spoilt_memory_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".checked.json").write_text("[]")
    write(tmp_path, "orders", [order(1)])
    assert Lake(tmp_path).stores == ("acme",)


def test_keys_are_compared_in_shares_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.lake.keys.AT_ONCE", 7)
    write(tmp_path, "orders", [order(number) for number in range(50)])
    assert Lake(tmp_path).table("orders").count().execute() == 50
    write(tmp_path, "orders", [order(31)], file="again")
    with pytest.raises(LakeError, match="order_id o31"):
        Lake(tmp_path).table("orders")


def test_local_time_may_be_ahead_of_utc_by_a_zone(tmp_path: Path) -> None:
    row = order(1)
    row["local_at"] += timedelta(hours=13)
    write(tmp_path, "orders", [row])
    assert Lake(tmp_path).stores == ("acme",)


def test_an_engine_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ScoringError, match="there is no engine 'abacus'; there are: duckdb"):
        Lake(tmp_path, engine="abacus")


def test_limits_reach_the_engine(tmp_path: Path) -> None:
    lake = Lake(tmp_path, settings=EngineSettings(memory="64MB", threads=1, temp=tmp_path))
    asked = lake.connection.raw_sql(
        "SELECT current_setting('threads'), current_setting('temp_directory')"
    ).fetchall()
    assert asked == [(1, str(tmp_path))]


def test_nothing_is_drawn_on_stdout(tmp_path: Path) -> None:
    asked = "SELECT current_setting('enable_progress_bar')"
    assert Lake(tmp_path).connection.raw_sql(asked).fetchall() == [(False,)]
