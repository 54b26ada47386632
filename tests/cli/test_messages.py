"""The listing, for people and for programs."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell
from support.deliver import deliver, part
from support.inbox import come
from support.world import World

from gateway.db import Database


@pytest.fixture
def queued(shopbell: Shopbell) -> Shopbell:
    """The command, over a database with three messages."""
    for number, text in enumerate(("short", "long " * 60, "⌛" * 71), start=1):
        words = ["--to", f"+44770090000{number}", "--text", text, "--purpose", "otp"]
        assert shopbell("send", "--store", "acme", "--id", f"o-{number}", *words).code == 0
    return shopbell


def listed(shopbell: Shopbell, *words: str) -> list[dict[str, Any]]:
    done = shopbell("messages", "--json", *words)
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_before_the_first_start_there_is_no_database(shopbell: Shopbell) -> None:
    done = shopbell("messages")
    assert (done.code, done.out) == (1, "")
    assert "there is no database" in done.err


def test_the_newest_come_first(queued: Shopbell) -> None:
    jobs = listed(queued)
    assert [job["id"] for job in jobs] == ["o-3", "o-2", "o-1"]
    assert [job["parts"]["total"] for job in jobs] == [2, 2, 1]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--id", "o-2"], ["o-2"]),
        (["--store", "acme", "--limit", "1"], ["o-3"]),
        (["--state", "accepted"], ["o-3", "o-2", "o-1"]),
        (["--state", "failed"], []),
        (["--store", "other"], []),
    ],
)
def test_filters(queued: Shopbell, words: list[str], ids: list[str]) -> None:
    assert [job["id"] for job in listed(queued, *words)] == ids


def test_people_get_a_table(queued: Shopbell) -> None:
    out = queued("messages").out
    assert "0/0/2" in out
    assert "+447700900001" in out
    assert out.index("o-3") < out.index("o-1")


def test_nothing_that_fits_is_said(queued: Shopbell) -> None:
    assert queued("messages", "--id", "none").out == "no message fits\n"


@pytest.fixture
def written(shopbell: Shopbell, tmp_path: Path) -> Shopbell:
    """The command, over a database in which persons' messages are."""

    async def write() -> None:
        async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
            odd = deliver("[/red] \x1b[31m and [bold]", sender="60060", coding=0x08)
            await come(World(database), deliver("Yes"), odd, part(1, 2, "half"))

    asyncio.run(write())
    return shopbell


def test_what_persons_wrote_is_listed(written: Shopbell) -> None:
    half, odd, whole = listed(written, "--inbound")
    assert (whole["from"], whole["text"], whole["kind"], whole["state"]) == (
        "+447700900123",
        "Yes",
        "text",
        "posted",
    )
    assert (half["state"], half["came"], half["total"], half["kind"]) == ("open", 1, 2, None)
    assert [message["from"] for message in listed(written, "--inbound", "--limit", "2")] == [
        half["from"],
        odd["from"],
    ]
    assert listed(written, "--inbound", "--store", "acme") == [], "none answers one of its jobs"


def test_a_strangers_words_do_nothing_to_the_terminal(written: Shopbell) -> None:
    done = written("messages", "--inbound")
    assert done.code == 0
    assert "[/red]  [31m and [bold]" in done.out
    assert "\x1b[31m" not in done.out


def test_what_came_in_has_no_state_of_a_job(written: Shopbell) -> None:
    done = written("messages", "--inbound", "--state", "sent")
    assert done.code == 2
    assert "--inbound goes with" in " ".join(done.err.split())


def test_nothing_that_came_in_is_said(queued: Shopbell) -> None:
    assert queued("messages", "--inbound").out == "no message came in\n"


def test_pages_follow_one_another(queued: Shopbell) -> None:
    first = listed(queued, "--limit", "2")
    rest = listed(queued, "--limit", "2", "--before", str(first[-1]["key"]))
    assert [job["id"] for job in [*first, *rest]] == ["o-3", "o-2", "o-1"]


def test_a_full_page_says_where_the_next_begins(queued: Shopbell) -> None:
    key = listed(queued, "--limit", "2")[-1]["key"]
    assert f"--before {key}" in queued("messages", "--limit", "2").out
    assert "--before" not in queued("messages").out


def test_all_are_shown_page_by_page(queued: Shopbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.cli.messages.PAGE", 2)
    assert [job["id"] for job in listed(queued, "--all")] == ["o-3", "o-2", "o-1"]
    assert "no message fits" not in queued("messages", "--all").out
    assert "no message fits" in queued("messages", "--all", "--store", "other").out


def test_they_are_counted(queued: Shopbell) -> None:
    counts = listed(queued, "--count")
    assert counts == [{"store": "acme", "state": "accepted", "jobs": 3, "parts": 5}]
    assert listed(queued, "--count", "--state", "failed") == []
    assert listed(queued, "--count", "--verify") == counts


def test_counts_that_are_wrong_are_named(queued: Shopbell, tmp_path: Path) -> None:
    [file] = tmp_path.rglob("*.db")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE job_counts SET jobs = 7")
    done = queued("messages", "--count", "--verify")
    assert done.code == 1
    assert "of acme they have 7 accepted, and there are 3" in done.err


@pytest.mark.parametrize("words", [["--verify"], ["--count", "--id", "a"], ["--inbound", "--all"]])
def test_what_does_not_go_together_is_refused(queued: Shopbell, words: list[str]) -> None:
    assert queued("messages", *words).code == 2
