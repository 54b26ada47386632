"""What a person may ask for, from the command line, on a database on which no gateway runs."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell
from support.spelled import found_in

NUMBER = "+447700900123"
OURS = ("shopbell.toml",)


@pytest.fixture
def sent(shopbell: Shopbell) -> Shopbell:
    """The command, over a database with messages to two persons."""
    for name, number in (("o-1", "07700 900123"), ("o-2", "+447700900999")):
        words = ["--store", "acme", "--to", number, "--text", "Shipped", "--purpose", "otp"]
        assert shopbell("send", *words, "--id", name).code == 0
    return shopbell


def document(shopbell: Shopbell, *words: str) -> dict[str, Any]:
    done = shopbell("person", "export", *words)
    assert done.code == 0, done.err
    told: dict[str, Any] = json.loads(done.out)
    return told


@pytest.mark.rule("G-5")
@pytest.mark.parametrize("number", [NUMBER, "07700 900123", "+44 7700 900-123"])
def test_an_export_by_any_writing_of_the_number(sent: Shopbell, number: str) -> None:
    told = document(sent, number)
    assert [message["id"] for message in told["data"]["messages"]] == ["o-1"]
    assert told["person"]["number"] == NUMBER


@pytest.mark.rule("G-5")
def test_an_export_of_nobody_is_one_too(sent: Shopbell) -> None:
    told = document(sent, "+447700900777")
    assert not any(told["data"].values())
    assert told["about"]


@pytest.mark.rule("G-5")
def test_a_file_is_for_its_owner_alone(sent: Shopbell, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    done = sent("person", "export", NUMBER, "--out", str(file))
    assert (done.code, done.out) == (0, "")
    assert NUMBER not in done.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["form"] == "shopbell person export 1"


@pytest.mark.rule("G-9")
def test_what_was_provided_is_a_table(sent: Shopbell) -> None:
    assert sent("person", "object", NUMBER).code == 0
    done = sent("person", "export", NUMBER, "--csv")
    header, *rows = csv.reader(io.StringIO(done.out))
    assert header == ["part", "store", "at", "what", "value"]
    assert [row[:2] + row[3:] for row in rows] == [["consents", "acme", "objected", "marketing"]]


@pytest.mark.rule("G-7")
def test_an_erasure_leaves_no_byte(sent: Shopbell, tmp_path: Path) -> None:
    assert found_in(tmp_path)
    done = sent("person", "erase", NUMBER)
    assert done.code == 0, done.err
    assert done.out.startswith("acme: erased (1 jobs")
    assert "SIMs not looked through: m0" in done.err
    assert NUMBER not in done.out + done.err
    assert found_in(tmp_path, but=OURS) == set()
    assert [m["id"] for m in document(sent, "+447700900999")["data"]["messages"]] == ["o-2"]


@pytest.mark.rule("G-7")
def test_a_dry_run_counts_and_changes_nothing(sent: Shopbell, tmp_path: Path) -> None:
    done = sent("person", "erase", NUMBER, "--dry-run", "--json")
    assert json.loads(done.out)["messages that were sent"] == 1
    assert found_in(tmp_path)


@pytest.mark.rule("G-7")
def test_a_lake_is_left_too(sent: Shopbell, tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    assert sent("lake", "export", lake).code == 0
    assert document(sent, NUMBER, "--lake", lake)["data"]["lake.messages"]
    told = json.loads(sent("person", "erase", NUMBER, "--lake", lake, "--json").out)
    assert told["lake"] == {"messages": 1, "parts": 1, "persons": 1}
    assert "lake.messages" not in document(sent, NUMBER, "--lake", lake)["data"]


@pytest.mark.rule("G-7", "G-11")
def test_a_lake_of_before_the_key_was_changed_is_left_too(sent: Shopbell, tmp_path: Path) -> None:
    lake, keys = str(tmp_path / "lake"), tmp_path / "shopbell.db.key"
    assert sent("lake", "export", lake).code == 0
    keys.write_text(f"{'ab' * 32}\n{keys.read_text()}")
    told = json.loads(sent("person", "erase", NUMBER, "--lake", lake, "--json").out)
    assert told["lake"] == {"messages": 1, "parts": 1, "persons": 1}


@pytest.mark.rule("G-8", "G-10")
@pytest.mark.parametrize("wish", ["restrict", "unrestrict", "object"])
def test_other_wishes_are_told_and_recorded(sent: Shopbell, wish: str) -> None:
    done = sent("person", wish, NUMBER, "--by", "ticket 12")
    assert (done.code, done.out) == (0, f"{wish}: done at acme\n")
    [event] = document(sent, NUMBER)["data"]["consents"]
    assert event["payload"]["actor"] == "ticket 12"


@pytest.mark.rule("G-17")
def test_who_was_affected_in_a_time(sent: Shopbell) -> None:
    always = ["--since", "2020-01-01T00:00:00Z", "--until", "2099-01-01T00:00:00Z"]
    done = sent("person", "affected", *always, "--json")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {"number": NUMBER, "store": "acme", "kinds": ["messages"]},
        {"number": "+447700900999", "store": "acme", "kinds": ["messages"]},
    ]
    assert done.err == "2 persons\n"
    before = ["--since", "2019-01-01T00:00:00Z", "--until", "2020-01-01T00:00:00Z"]
    assert sent("person", "affected", *before).out == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("erase", "12"), 1, "rejected: invalid_number"),
        (("erase", "hello"), 1, "rejected: invalid_number"),
        (("restrict", NUMBER, "--store", "nobody"), 1, "no store 'nobody'"),
        (("affected", "--since", "now", "--until", "later"), 2, "RFC 3339"),
        (("affected", "--since", "2026-01-01", "--until", "2026-01-02"), 2, "RFC 3339"),
        (("export", NUMBER, "--lake", "nowhere"), 0, ""),
    ],
)
def test_what_is_wrong_is_one_line(
    sent: Shopbell, words: tuple[str, ...], code: int, said: str
) -> None:
    done = sent("person", *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
    assert "7700900123" not in done.err


@pytest.mark.rule("G-12")
def test_retention_counts_and_works(sent: Shopbell) -> None:
    rows = [json.loads(line) for line in sent("retention", "--dry-run", "--json").out.splitlines()]
    assert {row["keep"] for row in rows} == {
        "text", "delivery", "letters", "scores", "evidence", "prospect", "work",
    }  # fmt: skip
    assert not any(row["count"] for row in rows)
    done = sent("retention")
    assert done.code == 0
    assert "texts that were sent" in done.out
