"""A person's export holds each kind of data that the map names, and says why it is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.world import ACME, IDENTITIES, RECIPIENT, World

from gateway.consent.datamap import DATA_MAP, Kind
from gateway.consent.retention import Periods
from gateway.db.columns import Table
from gateway.db.dossier import read_dossier
from gateway.db.erasures import request_erasure
from gateway.db.whereabouts import Sought
from gateway.dispatch.rights.access import COLUMNS, access_document, portable_rows
from gateway.domain.spelling import Spelling
from tests.dispatch.rights.conftest import OTHER, Seed

LAKE = {
    one.place: [{"store": "acme"}] for one in DATA_MAP if one.kind is Kind.LAKE and one.personal
}
PERSONAL = sorted({one.place for one in DATA_MAP if one.kind is Kind.TABLE and one.personal})
NOT_SHOWN = {"digest", "fingerprint", "previous", "hash"}


@pytest.fixture
async def document(world: World, seed: Seed) -> dict[str, Any]:
    """The export of a person who stands everywhere."""
    await seed()
    person = IDENTITIES.of(RECIPIENT)
    await world.database.write(
        lambda c: request_erasure(c, ACME, person, RECIPIENT, world.clock.now())
    )
    sought = Sought(spelling=Spelling(RECIPIENT), persons=IDENTITIES.all_of(RECIPIENT))
    data = await world.database.read(lambda c: read_dossier(c, sought))
    return access_document(sought, data, LAKE, periods=Periods(), now=world.clock.now())


@pytest.mark.rule("G-5")
async def test_each_table_of_the_map_is_in_it(document: dict[str, Any]) -> None:
    parts = {one.exported for one in DATA_MAP if one.exported}
    assert parts <= document["data"].keys()
    assert all(document["data"][part] for part in parts), "the person stands in each of them"


@pytest.mark.rule("G-5")
@pytest.mark.parametrize("table", PERSONAL)
async def test_each_column_of_a_table_of_persons_is_in_it(
    document: dict[str, Any], table: str
) -> None:
    """So that a new table needs more than its entry in the map."""
    [part] = {one.exported for one in DATA_MAP if one.place == table and one.kind is Kind.TABLE}
    columns = {column.name for column in Table.metadata.tables[table].columns} - NOT_SHOWN
    assert any(columns <= row.keys() for row in rows_in(document["data"][part])), table


def rows_in(shown: Any) -> list[dict[str, Any]]:
    """Return every row, however deep it hangs."""
    if isinstance(shown, dict):
        return [shown, *(row for value in shown.values() for row in rows_in(value))]
    return [row for item in shown for row in rows_in(item)] if isinstance(shown, list) else []


@pytest.mark.rule("G-5")
async def test_each_kind_of_data_is_explained(document: dict[str, Any]) -> None:
    personal = [one for one in DATA_MAP if one.personal]
    assert len(document["about"]) == len(personal)
    for about in document["about"]:
        assert about["what"]
        assert about["purpose"]
        assert about["legal_basis"]
        assert about["kept"]
        assert about["erasure"]
    kept = {(one["kind"], one["place"]): one["kept"] for one in document["about"]}
    assert kept["table", "scores"] == "14 days"
    assert document["sources"]
    assert document["rights"]


@pytest.mark.rule("G-5", "G-13")
async def test_the_profiling_is_explained_column_by_column(document: dict[str, Any]) -> None:
    [scores] = document["data"]["profiling"]
    of_models = {"store", "person_id", "model_id", "made_at", "horizon_days"}
    ends = {"value_low", "value_high", "best_hours"}
    logic = document["profiling"]["logic"]
    assert set(scores) - of_models - ends <= logic.keys()
    assert "No price is set by it" in logic["consequence"]
    assert len(scores["hours"]) == 168


@pytest.mark.rule("G-5")
async def test_a_message_is_shown_to_its_last_try(document: dict[str, Any]) -> None:
    sent = {message["id"]: message for message in document["data"]["messages"]}
    first = sent["sent-447700900123"]
    assert first["text"] == "Your order has shipped."
    assert first["parts"][0]["state"] == "delivered"
    assert first["parts"][0]["attempts"][0]["outcome"] == "sent"
    asked = {name for name in sent if name.startswith("auto:ask:")}
    assert sent.keys() - asked == {"sent-447700900123", "in-doubt", "waiting"}


@pytest.mark.rule("G-5", "G-15")
async def test_nobody_else_is_in_it(document: dict[str, Any]) -> None:
    assert OTHER not in json.dumps(document)


@pytest.mark.rule("G-1", "G-5")
async def test_a_consent_shows_who_when_and_to_which_words(world: World) -> None:
    await world.allow(text_version="v3", text_digest="ab", language="en", source="shop.example")
    sought = Sought(spelling=Spelling(RECIPIENT), persons=IDENTITIES.all_of(RECIPIENT))
    data = await world.database.read(lambda c: read_dossier(c, sought))
    shown = access_document(sought, data, None, periods=Periods(), now=world.clock.now())
    [consent] = shown["data"]["consents"]
    assert consent["payload"]["text_version"] == "v3"
    assert consent["payload"]["source"] == "shop.example"
    assert consent["at"] == "2026-11-23T09:00:00.000Z"


@pytest.mark.rule("G-9")
async def test_what_the_person_provided_can_be_taken_along(document: dict[str, Any]) -> None:
    rows = list(portable_rows(document))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert ("replies", "", "2026-11-23T09:00:00.000Z", "text", "Yes please") in rows
    assert any(row[0] == "profile" and row[3:] == ("country", "GB") for row in rows)
    assert any(row[0] == "consents" and row[3:] == ("granted", "marketing") for row in rows)
    assert not any("churn" in row for row in rows), "what was inferred is not what was provided"


async def test_it_is_json(document: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document)) == document
