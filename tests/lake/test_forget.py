"""A person leaves a lake: every table, exports and imports alike, and stays out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.lakes import schema_of
from support.world import IDENTITIES, RECIPIENT, START, World, request

from gateway.consent.datamap import DATA_MAP, Kind
from gateway.domain.consent import Action
from gateway.lake.folder import open_folder
from gateway.lake.forget import find, forget
from scoring.pseudonym import mark_of
from scoring.schema import TABLES, Column, Type
from tests.lake.conftest import KEY, Export

SHE, HE = IDENTITIES.of(RECIPIENT), IDENTITIES.of("+447700900999")
MESSAGES = {SHE: "hers", HE: "his"}
PERSONAL = [one.place for one in DATA_MAP if one.kind is Kind.LAKE and one.personal]


def cell(column: Column, person: str, store: str) -> Any:
    """A cell of a row that is a person's."""
    given = {"person_id": person, "store": store, "message_id": MESSAGES[person]}
    if column.name in given:
        return given[column.name]
    if column.nullable:
        return None
    if column.type is Type.STRING:
        return column.values[0] if column.values else f"{column.name} {MESSAGES[person]}"
    if column.type in (Type.INSTANT, Type.LOCAL):
        return START if column.type is Type.INSTANT else START.replace(tzinfo=None)
    return {Type.INTEGER: 1, Type.NUMBER: 0.5, Type.FLAG: False}[column.type]


@pytest.fixture
def full(folder: Path) -> Path:
    """A lake with two persons at two stores in every table, as an import writes it."""
    for table in TABLES.values():
        rows = [
            {column.name: cell(column, person, store) for column in table.columns}
            for person in (SHE, HE)
            for store in ("acme", "books")
        ]
        place = folder / table.name / ("month=2026-11" if table.clock else "")
        place.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema_of(table)), place / "import.parquet")
    return folder


def leave(folder: Path, persons: dict[str | None, set[str]]) -> dict[str, int]:
    with open_folder(folder, mark_of(KEY)) as lake:
        return forget(lake, persons).rows


@pytest.mark.rule("G-7")
def test_every_table_that_names_persons_is_left(full: Path) -> None:
    assert set(find(full, {None: {SHE}})) >= set(PERSONAL) - {"scores"}
    gone = leave(full, {None: {SHE}})
    assert gone == dict.fromkeys(set(PERSONAL) - {"scores"}, 2)
    assert find(full, {None: {SHE}}) == {}
    assert not any(SHE.encode() in file.read_bytes() for file in full.rglob("*") if file.is_file())


@pytest.mark.rule("G-7")
def test_others_and_their_columns_stay(full: Path) -> None:
    leave(full, {None: {SHE}})
    his = find(full, {None: {HE}})
    assert {name: len(rows) for name, rows in his.items()} == dict.fromkeys(
        set(PERSONAL) - {"scores"}, 2
    )
    for table in TABLES.values():
        [file] = (full / table.name).rglob("*.parquet")
        assert pq.ParquetFile(file).schema_arrow.names == [one.name for one in table.columns]
    assert pq.ParquetFile(full / "products" / "import.parquet").metadata.num_rows == 4


@pytest.mark.rule("G-7", "G-15")
def test_one_store_is_left_and_the_other_keeps(full: Path) -> None:
    leave(full, {"acme": {SHE}})
    left = find(full, {None: {SHE}})
    assert {row["store"] for row in left["orders"]} == {"books"}


@pytest.mark.rule("G-7")
def test_a_file_without_the_person_is_not_touched(full: Path) -> None:
    files = {file: file.stat().st_mtime_ns for file in full.rglob("*.parquet")}
    assert leave(full, {None: {"nobody"}}) == {}
    assert {file: file.stat().st_mtime_ns for file in files} == files


@pytest.mark.rule("G-10")
@pytest.mark.parametrize("action", [Action.OBJECTED, Action.RESTRICTED])
async def test_who_objects_is_not_in_the_next_export(
    world: World, bring: Export, folder: Path, action: Action
) -> None:
    await world.accept("hers")
    assert await world.admit(request("his", to="+447700900999")) == [None]
    await bring()
    assert find(folder, {None: {SHE}})
    await world.allow(action)
    done = await bring()
    assert done.withheld > 0
    assert find(folder, {None: {SHE}}) == {}
    assert all(len(rows) == 1 for rows in find(folder, {None: {HE}}).values())
    await bring()
    assert find(folder, {None: {SHE}}) == {}, "a month written anew brings nobody back"


@pytest.mark.rule("G-10")
async def test_an_objector_that_an_import_brings_back_goes_again(
    world: World, bring: Export, full: Path
) -> None:
    await world.allow(Action.OBJECTED)
    await bring()
    left = find(full, {None: {SHE}})
    assert {row["store"] for rows in left.values() for row in rows} == {"books"}


@pytest.mark.rule("G-10")
async def test_who_consents_again_is_back(world: World, bring: Export, folder: Path) -> None:
    await world.accept("hers")
    await world.allow(Action.OBJECTED)
    await bring()
    world.clock.instant = START.replace(hour=12)
    await world.allow()
    await world.accept("another")
    await bring()
    assert find(folder, {None: {SHE}})
