"""The ledger by command: what it says of a person, what proves it, and whether it is whole."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.consent.conftest import TEXT, WriteRows
from sqlalchemy import Connection, delete, update
from support.command import Done, Shopbell

from gateway.app import run
from gateway.db import Database
from gateway.db.key import KeyFileError
from gateway.db.tables import CONSENT_EVENTS
from gateway.settings import load

NUMBER = "+447700900123"
GRANT = ("consent", "grant", NUMBER, "--purpose", "marketing.offers", "--text-version", "v1")
PAPER = ("--source", "paper form 12")


def meddle(tmp_path: Path, change: Callable[[Connection], Any]) -> None:
    async def run() -> None:
        async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
            await database.write(change)

    asyncio.run(run())


def shown(shopbell: Shopbell, who: str = NUMBER) -> dict[str, Any]:
    (store,) = json.loads(shopbell("consent", "show", who, "--json").out)["stores"]
    found: dict[str, Any] = store
    return found


@pytest.mark.rule("G-1")
def test_a_number_shows_who_when_and_what_text(shopbell: Shopbell, write: WriteRows) -> None:
    shopbell("consent", "import", str(write([{}])), "--apply")
    account = shown(shopbell)
    assert account["standing"]["marketing.offers"] == "allowed"
    assert account["standing"]["marketing.cart"] == "no consent"
    (event,) = account["history"]
    assert event["at"] == "2026-03-01T09:30:00+00:00"
    assert event["text"] == "Yes, send me offers by text message. Reply STOP to end."
    assert (event["source"], event["language"]) == ("https://acme.example/checkout", "en")
    said = shopbell("consent", "show", NUMBER).out
    assert "marketing.offers" in said
    assert "Yes, send me offers by text message." in said


def test_a_person_is_found_by_the_pseudonym_too(shopbell: Shopbell, write: WriteRows) -> None:
    shopbell("consent", "import", str(write([{}])), "--apply")
    person = shown(shopbell)["history"][0]["person"]
    assert shown(shopbell, person) == shown(shopbell)


def test_a_pseudonym_may_begin_with_a_dash(shopbell: Shopbell) -> None:
    shopbell("consent", "withdraw", NUMBER)
    done = shopbell("consent", "show", "-Ab_c-0123456"[:12])
    assert (done.code, "nothing is recorded of this person" in done.out) == (0, True)


def test_who_is_not_in_it_is_told_so(shopbell: Shopbell, write: WriteRows) -> None:
    shopbell("consent", "import", str(write([{}])), "--apply")
    done = shopbell("consent", "show", "+447700900199")
    assert (done.code, "nothing is recorded of this person" in done.out) == (0, True)
    assert shopbell("consent", "show", "hello").code == 1


@pytest.mark.rule("G-3")
def test_an_operator_grants_and_takes_back(shopbell: Shopbell) -> None:
    assert shopbell(*GRANT, *PAPER).code == 0
    assert shown(shopbell)["standing"]["marketing.offers"] == "allowed"
    done = shopbell("consent", "withdraw", NUMBER)
    assert (done.code, "withdrawn marketing" in done.out) == (0, True)
    assert shown(shopbell)["standing"]["marketing.offers"] == "taken back"


@pytest.mark.rule("G-3")
def test_a_no_is_not_undone_by_an_operator_alone(shopbell: Shopbell) -> None:
    shopbell(*GRANT, *PAPER)
    shopbell("consent", "withdraw", NUMBER)
    refused = shopbell(*GRANT, *PAPER)
    assert refused.code == 1
    assert "this person took marketing.offers back; only they can give it anew" in refused.err
    assert shopbell(*GRANT, *PAPER, "--again").code == 0
    assert shown(shopbell)["standing"]["marketing.offers"] == "allowed"


@pytest.mark.rule("G-2")
def test_an_operator_cannot_grant_what_the_text_does_not_ask_for(shopbell: Shopbell) -> None:
    done = shopbell(*GRANT[:4], "marketing.restock", *GRANT[5:], *PAPER)
    assert done.code == 1
    assert "rejected: invalid_consent: purpose marketing.restock is none that text v1" in done.err


@pytest.mark.rule("G-1")
@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
def test_the_proof_of_one_number_is_a_file(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows, suffix: str
) -> None:
    rows = [{}, {"phone": "+447700900124"}]
    shopbell("consent", "import", str(write(rows)), "--apply")
    file = tmp_path / f"proof.{suffix}"
    done = shopbell("consent", "export", str(file), "--person", NUMBER)
    assert (done.code, done.out) == (0, f"{file}: 1 rows of the ledger\n")
    (row,) = _read(file)
    assert (row["number"], row["purpose"], row["action"]) == (NUMBER, "marketing.offers", "granted")
    assert row["text"] == "Yes, send me offers by text message. Reply STOP to end."
    assert row["at"] == "2026-03-01T09:30:00+00:00"
    assert file.stat().st_mode & 0o777 == 0o600
    shopbell("consent", "export", str(file))
    assert len(_read(file)) == 2


def _read(file: Path) -> list[dict[str, Any]]:
    text = file.read_text()
    if file.suffix == ".csv":
        return list(csv.DictReader(text.splitlines()))
    if file.suffix == ".json":
        return list(json.loads(text))
    return [json.loads(line) for line in text.splitlines()]


def _head(done: Done) -> str:
    (head,) = [line.split()[1] for line in done.out.splitlines() if line.startswith("head ")]
    return head


@pytest.mark.rule("G-1")
def test_a_row_that_was_changed_is_named(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    shopbell("consent", "import", str(write([{}, {"purpose": "marketing.cart"}])), "--apply")
    assert shopbell("consent", "verify").code == 0
    worse = update(CONSENT_EVENTS).where(CONSENT_EVENTS.c.key == 2).values(purpose="all")
    meddle(tmp_path, lambda connection: connection.execute(worse).close())
    done = shopbell("consent", "verify")
    assert (done.code, done.out) == (1, "")
    assert "row 2 of the ledger is not what was written: it was changed" in done.err


@pytest.mark.rule("G-1")
def test_a_head_that_was_written_down_finds_what_was_cut_off(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    shopbell("consent", "import", str(write([{}])), "--apply")
    first = _head(shopbell("consent", "verify"))
    shopbell("consent", "withdraw", NUMBER)
    later = shopbell("consent", "verify", "--head", first)
    assert (later.code, "1 rows came since" in later.out) == (0, True)
    last = _head(later)
    cut = delete(CONSENT_EVENTS).where(CONSENT_EVENTS.c.key == 2)
    meddle(tmp_path, lambda connection: connection.execute(cut).close())
    assert shopbell("consent", "verify").code == 0
    done = shopbell("consent", "verify", "--head", last)
    assert (done.code, f"no row of the ledger has the hash {last[:16]}" in done.err) == (1, True)
    assert shopbell("consent", "verify", "--head", "12").code == 2


@pytest.mark.rule("G-4")
def test_texts_are_listed_and_a_wrong_one_is_named(shopbell: Shopbell, tmp_path: Path) -> None:
    done = shopbell("consent", "texts", "--json")
    (text,) = map(json.loads, done.out.splitlines())
    assert (text["version"], text["controller"]) == ("v1", "Acme Ltd, 1 High Street, London")
    (tmp_path / "texts" / "v2.toml").write_text(TEXT.replace("https://", "http://"))
    done = shopbell("consent", "texts")
    assert done.code == 1
    assert "v2.toml: privacy_url" in done.err


@pytest.mark.rule("US-7", "US-8", "G-4")
def test_what_a_wording_leaves_out_is_said(shopbell: Shopbell, config: Path) -> None:
    def lacks() -> list[str]:
        told: list[str] = json.loads(shopbell("consent", "texts", "--json").out)["lacks"]
        return told

    assert lacks() == []
    config.write_text(config.read_text().replace('country = "GB"\ntime', 'country = "US"\ntime'))
    assert lacks() == [
        "the text does not say what it costs",
        "the text does not say where help is",
        "the text does not say that one may buy without it",
    ]
    text = config.parent / "texts" / "v1.toml"
    text.write_text(text.read_text().replace(" Reply STOP to end.", ""))
    assert "the text does not say how to end it" in lacks()
    shown = shopbell("consent", "texts")
    assert shown.code == 0
    assert (
        "acme v1 en: the text does not say how to end it; say how, such as reply STOP" in shown.out
    )


@pytest.mark.rule("G-11")
def test_who_said_no_is_known_after_the_key_was_changed(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    shopbell("consent", "import", str(write([{"phone": "+447700900124"}])), "--apply")
    shopbell("consent", "withdraw", NUMBER)
    assert shopbell("consent", "rotate-key").code == 0
    assert shown(shopbell)["standing"]["marketing.offers"] == "taken back"
    found = json.loads(shopbell("consent", "show", "+447700900124", "--json").out)
    assert found["stores"][0]["standing"]["marketing.offers"] == "allowed"
    assert shown(shopbell, found["person"]) == found["stores"][0], "the store's own row follows"
    done = shopbell("consent", "import", str(write([{}])), "--apply")
    assert (done.code, "took this back" in done.err) == (1, True)
    assert shopbell("consent", "verify").code == 0
    keys = (tmp_path / "shopbell.db.key").read_text().split()
    assert (len(keys), (tmp_path / "shopbell.db.key").stat().st_mode & 0o777) == (2, 0o600)


@pytest.mark.rule("G-11")
@pytest.mark.parametrize("content", [None, f"{'ab' * 32}\n"])
def test_a_ledger_without_its_key_stops_everything_that_leans_on_it(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows, content: str | None
) -> None:
    shopbell("consent", "withdraw", NUMBER)
    key = tmp_path / "shopbell.db.key"
    kept = key.read_text()
    key.unlink()
    if content is not None:
        key.write_text(content)
    file = str(write([{}]))
    for command in (
        ("send", "--store", "acme", "--to", NUMBER, "--text", "Hi", "--purpose", "otp"),
        ("consent", "import", file),
        ("consent", "import", file, "--apply"),
        ("consent", "show", NUMBER),
        ("person", "export", NUMBER),
        ("lake", "export", str(tmp_path / "lake")),
        *([("lake", "import", file, "lake", "--store", "acme")] if content is None else []),
    ):
        done = shopbell(*command)
        assert done.code == 1, command
        assert len(done.err.splitlines()) == 1, done.err
        assert "nobody who took a consent back would be known; restore that file" in done.err
    assert key.exists() is (content is not None)
    key.write_text(kept)
    assert shown(shopbell)["standing"]["marketing.offers"] == "taken back"


@pytest.mark.rule("G-11")
async def test_a_gateway_does_not_start_without_the_key_of_its_ledger(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    await asyncio.to_thread(shopbell, "consent", "withdraw", NUMBER)
    key = tmp_path / "shopbell.db.key"
    key.unlink()
    with pytest.raises(KeyFileError, match="restore that file from your backup"):
        await run(load(tmp_path / "shopbell.toml"))
    assert not key.exists()


@pytest.mark.rule("DE-1")
def test_a_person_is_asked_once_by_a_message(shopbell: Shopbell) -> None:
    asked = json.loads(shopbell("consent", "request", NUMBER, "--json").out)
    assert asked["asked"] == ["marketing.offers"]
    (job,) = map(json.loads, shopbell("messages", "--json").out.splitlines())
    assert (job["to"], "YES" in job["text"]) == (NUMBER, True)
    account = shown(shopbell)
    assert account["standing"]["marketing.offers"] == "no consent"
    assert account["history"][0]["text"] == job["text"], "the wording outlives the message"
    again = shopbell("consent", "request", NUMBER)
    assert (again.code, "was asked or said yes already" in again.out) == (0, True)
    assert len(shopbell("messages", "--json").out.splitlines()) == 1


@pytest.mark.rule("G-2")
def test_nobody_is_asked_for_everything(shopbell: Shopbell) -> None:
    done = shopbell("consent", "request", NUMBER, "--purpose", "all")
    assert (done.code, "is too wide" in done.err) == (1, True)
    assert shopbell("consent", "request", "12").code == 1


@pytest.mark.rule("K-10")
def test_an_audit_counts_what_went_out_and_what_should_not_have(shopbell: Shopbell) -> None:
    assert "there is no database" in shopbell("consent", "audit").err
    shopbell("consent", "withdraw", NUMBER)
    done = shopbell("consent", "audit")
    assert (done.code, done.out.startswith("0 marketing messages went out, 0 of them")) == (0, True)
    assert json.loads(shopbell("consent", "audit", "--json").out) == {"messages": 0, "leaks": []}
