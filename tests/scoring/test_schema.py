"""The columns of the lake are one consistent description."""

from __future__ import annotations

import pytest

from scoring.schema import SCORES, TABLES, Table, Type

ALL = [*TABLES.values(), SCORES]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_row_is_named_by_columns_that_are_never_null(table: Table) -> None:
    for name in table.key:
        assert not table.column(name).nullable


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_rows_are_filed_by_an_instant_of_theirs(table: Table) -> None:
    if table.clock is not None:
        clock = table.column(table.clock)
        assert (clock.type, clock.nullable) == (Type.INSTANT, False)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_column_has_one_name_and_a_meaning(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert all(column.meaning for column in table.columns)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_nothing_in_it_is_a_number_a_name_or_a_text_of_a_person(table: Table) -> None:
    names = {column.name for column in table.columns}
    assert names.isdisjoint({"to", "phone", "number", "name", "text", "body", "recipient"})
