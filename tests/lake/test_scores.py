"""A file of scores: what is wrong with it is named by column, with what would be right."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake.conftest import KEY
from support.scores import CURVE, row, score, write_scores
from support.world import RECIPIENT, START, World

from gateway.db.scores import put_scores
from gateway.lake.advice import Advice
from gateway.lake.scores import ScoreFileError, check_scores, read_scores
from scoring.pseudonym import pseudonym


def test_a_right_file_is_counted_by_stores_and_read(tmp_path: Path) -> None:
    rows = [row("p1"), row("p2", churn=None, hours="[]"), row("p1", store="other")]
    file = write_scores(tmp_path / "scores.parquet", rows)
    assert check_scores(file, START) == {"acme": 2, "other": 1}
    [scores] = read_scores(file, ["acme"])
    assert scores[0] == score("p1")
    assert (scores[1].churn, scores[1].hours) == (None, ())


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"churn": 1.5}, r"scores\.churn: is 1\.5 in a row; right: a number from 0 to 1"),
    ({"churn": float("nan")}, r"scores\.churn: is no number in some rows"),
    ({"value": -2.0}, r"scores\.value: is -2 in a row; right: from 0"),
    ({"uplift": -1.5}, r"scores\.uplift: is -1\.5"),
    ({"store": None}, r"scores\.store: is null in 1 rows"),
    ({"person_id": ""}, r"scores\.person_id: is empty"),
    ({"model_id": None}, r"scores\.model_id: is null"),
    ({"horizon_days": 0}, r"scores\.horizon_days: is 0 in a row; right: from 1"),
    ({"hours": "[0.1]"}, r"scores\.hours: right: a JSON list of 168 numbers"),
    ({"hours": json.dumps([*CURVE[1:], -1])}, r"scores\.hours: right: .* numbers from 0"),
    ({"hours": "nine"}, r"scores\.hours: is not a JSON list in a row"),
    ({"buy_again": "[1]"}, r"scores\.buy_again: right: a JSON list of product_ids"),
    ({"new_for_you": "{}"}, r"scores\.new_for_you: is not a JSON list"),
    ({"best_hours": "maybe"}, r"scores\.best_hours: has the word 'maybe'; right: now, one_hour"),
    ({"person_id": "p1"}, r"scores\.person_id: p1 of store acme has 2 rows; right: one"),
    ({"made_at": START + timedelta(hours=2)}, r"scores\.made_at: .* is still to come"),
]


@pytest.mark.parametrize(
    ("change", "words"), FAULTS, ids=[str(change)[:30] for change, _ in FAULTS]
)
def test_a_wrong_cell_is_one_sentence(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    file = write_scores(tmp_path / "scores.parquet", [row("p1"), row("p2") | change])
    with pytest.raises(ScoreFileError, match=words):
        check_scores(file, START)


def test_a_column_that_is_missing_or_of_another_type_is_named(tmp_path: Path) -> None:
    file = write_scores(tmp_path / "scores.parquet", [row()])
    table = pq.read_table(file)
    pq.write_table(table.drop_columns(["hours"]), file)
    with pytest.raises(ScoreFileError, match=r"scores\.hours: is missing; right: string"):
        check_scores(file, START)
    place = table.column_names.index("horizon_days")
    wrong = table.set_column(place, "horizon_days", table["horizon_days"].cast(pa.int32()))
    pq.write_table(wrong, file)
    with pytest.raises(ScoreFileError, match=r"scores\.horizon_days: is int32; right: int64"):
        check_scores(file, START)


@pytest.mark.parametrize(("days", "right"), [(14, True), (15, False)])
def test_a_file_that_is_stale_as_a_whole_is_refused(tmp_path: Path, days: int, right: bool) -> None:
    file = write_scores(tmp_path / "scores.parquet", [row()])
    now = START + timedelta(days=days)
    if right:
        assert check_scores(file, now) == {"acme": 1}
    else:
        with pytest.raises(ScoreFileError, match=r"more than 14 days ago, and is advice no more"):
            check_scores(file, now)


def test_what_is_no_parquet_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScoreFileError, match=r"there is no file .*; `shopbell score run` makes it"):
        check_scores(tmp_path / "scores.parquet", START)
    (tmp_path / "scores.parquet").write_text("person,churn")
    with pytest.raises(ScoreFileError, match="is no Parquet file, or is cut short"):
        check_scores(tmp_path / "scores.parquet", START)


def test_an_empty_file_has_nobody(tmp_path: Path) -> None:
    assert check_scores(write_scores(tmp_path / "scores.parquet", []), START) == {}


async def test_who_knows_numbers_finds_their_advice_until_it_is_stale(world: World) -> None:
    person = pseudonym(KEY, "person", RECIPIENT)
    await world.database.write(lambda c: put_scores(c, [score(person)], START))
    advice = Advice(world.database, world.clock, KEY)
    numbers = [RECIPIENT, "+447700900124"]
    assert {
        number: found.churn for number, found in (await advice.about("acme", numbers)).items()
    } == {RECIPIENT: 0.25}
    world.clock.instant += timedelta(days=14, seconds=1)
    assert await advice.about("acme", numbers) == {}
