"""The data map: nothing is kept that is not in it."""

from collections import Counter

import pytest
from sqlalchemy import Table as SqlTable

from gateway.consent.datamap import DATA_MAP, Holding, Keep, Kind
from gateway.db import tables
from gateway.db.columns import Table
from scoring import schema

TABLES = Table.metadata.tables


def of(kind: Kind) -> list[Holding]:
    return [holding for holding in DATA_MAP if holding.kind is kind]


@pytest.mark.rule("G-5")
@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_of_a_table_stands_in_one_entry(table: SqlTable) -> None:
    assert tables.JOBS is TABLES["jobs"]
    named = [name for one in of(Kind.TABLE) if one.place == table.name for name in one.columns]
    assert Counter(named) == Counter(column.name for column in table.columns), (
        f"write an entry for the table {table.name} into gateway/consent/datamap/database.py"
    )


@pytest.mark.rule("G-5")
def test_every_table_of_the_lake_stands_in_one_entry() -> None:
    known = [*schema.TABLES, schema.SCORES.name]
    assert Counter(one.place for one in of(Kind.LAKE)) == Counter(known)


@pytest.mark.rule("G-5")
def test_a_table_of_the_lake_that_names_persons_is_said_to() -> None:
    lake = {one.place: one for one in of(Kind.LAKE)}
    for table in [*schema.TABLES.values(), schema.SCORES]:
        if any(column.name == "person_id" for column in table.columns):
            assert lake[table.name].personal, table.name


@pytest.mark.rule("G-5")
def test_no_entry_is_of_a_table_that_is_gone() -> None:
    assert {one.place for one in of(Kind.TABLE)} == set(TABLES)


@pytest.mark.rule("G-5", "G-16")
@pytest.mark.parametrize("holding", DATA_MAP, ids=lambda one: f"{one.place} {one.columns[:1]}")
def test_what_is_of_a_person_says_why_how_long_and_how_it_ends(holding: Holding) -> None:
    assert holding.purpose
    if holding.personal:
        assert holding.basis
        assert holding.erased
        assert holding.keep is not Keep.NOTHING
    if holding.personal and holding.kind is not Kind.PLACE:
        assert holding.exported
    if not holding.personal:
        assert not holding.exported
