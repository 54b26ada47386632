"""Queueing one message: with a gateway, without one, and refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.command import Done, Shopbell

from gateway.app import offline_admission
from gateway.control import ControlServer, socket_path
from gateway.control.desk import submit_job
from gateway.db import Database
from gateway.db.jobs import change_job, find_job
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.states import JobState
from gateway.settings import load

WORDS = ("--store", "acme", "--to", "07700 900123", "--text", "Grüße 🎁", "--purpose", "otp")


def test_without_a_gateway_it_waits_in_the_database(shopbell: Shopbell) -> None:
    done = shopbell("send", *WORDS, "--id", "order-1")

    assert (done.code, done.out) == (0, "acme order-1 accepted\n")
    assert done.err == "no gateway runs; the message waits for one\n"
    [listed] = [json.loads(line) for line in shopbell("messages", "--json").out.splitlines()]
    assert (listed["id"], listed["to"], listed["text"], listed["state"]) == (
        "order-1",
        "+447700900123",
        "Grüße 🎁",
        "accepted",
    )


def test_an_id_is_made_when_none_is_given(shopbell: Shopbell) -> None:
    ids = {json.loads(shopbell("send", *WORDS, "--json").out)["id"] for _ in range(2)}
    assert len(ids) == 2
    assert all(name.startswith("cli-") for name in ids)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"--store": "nobody"}, "unknown_store"),
        ({"--store": "NO/TOPIC"}, "unknown_store"),
        ({"--to": "0770"}, "invalid_number"),
        ({"--text": ""}, "invalid_value"),
        ({"--text": "x" * 2000}, "too_many_parts"),
        ({"--purpose": "marketing"}, "no_consent"),
        ({"--id": "not an id"}, "invalid_value"),
        ({"--send-at": "tomorrow"}, "invalid_value"),
    ],
)
def test_what_is_refused_says_why(shopbell: Shopbell, change: dict[str, str], code: str) -> None:
    words = dict(zip(WORDS[::2], WORDS[1::2], strict=True)) | change
    done = shopbell("send", *[word for pair in words.items() for word in pair])

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"rejected: {code}: ")
    assert len(done.err.splitlines()) == 1


def test_another_job_of_the_same_id_is_a_conflict(shopbell: Shopbell) -> None:
    assert shopbell("send", *WORDS, "--id", "a").code == 0
    assert shopbell("send", *WORDS, "--id", "a").code == 0
    done = shopbell("send", *WORDS, "--id", "a", "--no-report")
    assert (done.code, done.err.split(":")[1]) == (1, " conflict")


async def test_a_running_gateway_is_asked(shopbell: Shopbell, tmp_path: Path) -> None:
    asked: list[Mapping[str, Any]] = []

    async def send(fields: Mapping[str, Any]) -> object:
        asked.append(fields)
        return {"id": fields["id"]}

    async with ControlServer(socket_path(tmp_path / "shopbell.db"), {"send": send}):
        done = await asyncio.to_thread(
            shopbell, "send", *WORDS, "--id", "a", "--expires-at", "2030-01-01T00:00:00Z"
        )

    assert done == Done(0, "acme a accepted\n", "")
    assert asked == [
        {
            "store": "acme",
            "id": "a",
            "to": "07700 900123",
            "text": "Grüße 🎁",
            "purpose": "otp",
            "report": True,
            "expires_at": "2030-01-01T00:00:00Z",
        }
    ]


async def test_a_running_gateways_refusal_is_passed_on(shopbell: Shopbell, tmp_path: Path) -> None:
    async def send(fields: Mapping[str, Any]) -> object:
        raise RejectedError("no_consent", "none on record")

    async with ControlServer(socket_path(tmp_path / "shopbell.db"), {"send": send}):
        done = await asyncio.to_thread(shopbell, "send", *WORDS)
    assert done == Done(1, "", "rejected: no_consent: none on record\n")


async def test_a_database_that_another_holds_is_said_with_its_pid(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    """Its socket is gone, but the gateway is not."""
    async with Database.open(f"sqlite:///{tmp_path}/shopbell.db"):
        done = await asyncio.to_thread(shopbell, "send", *WORDS)
    assert (done.code, done.out) == (1, "")
    assert "in use by process" in done.err


@pytest.mark.parametrize(
    ("states", "report", "code"),
    [
        ([JobState.SENT, JobState.DELIVERED], True, 0),
        ([JobState.SENT], False, 0),
        ([JobState.SENT, JobState.UNDELIVERED], True, 1),
        ([JobState.FAILED], True, 1),
        ([JobState.EXPIRED], True, 1),
        ([JobState.UNCONFIRMED, JobState.DELIVERED], True, 0),
    ],
)
async def test_waiting_follows_a_job_to_its_end(
    shopbell: Shopbell,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    states: list[JobState],
    report: bool,
    code: int,
) -> None:
    monkeypatch.setattr("gateway.cli.following.LOOK_EVERY", 0.02)
    async with offline_admission(load(config)) as (admission, database):
        admitted = asyncio.Event()

        async def send(fields: Mapping[str, Any]) -> object:
            job = {key: value for key, value in fields.items() if key != "store"}
            taken = await submit_job(admission, str(fields["store"]), job)
            admitted.set()
            return {"id": taken}

        flag = "--report" if report else "--no-report"
        path = socket_path(config.parent / "shopbell.db")
        async with ControlServer(path, {"send": send}):
            words = ("send", *WORDS, "--id", "a", "--wait", flag)
            following = asyncio.create_task(asyncio.to_thread(shopbell, *words))
            await admitted.wait()
            for state in states:
                await asyncio.sleep(0.2)  # more than one look of the follower
                await bring(database, state)
            done = await following

    told = [line.split()[2].rstrip(":") for line in done.out.splitlines()]
    assert told == ["accepted", *states]
    assert done.code == code
    assert (done.err == "") is (code == 0)


async def bring(database: Database, state: JobState) -> None:
    job = await database.read(lambda db: find_job(db, StoreName("acme"), JobId("a")))
    assert job is not None
    await database.write(lambda db: change_job(db, job.key, state=state))


def test_a_template_of_the_store_is_worded(shopbell: Shopbell, tmp_path: Path) -> None:
    folder = tmp_path / "acme" / "templates"
    folder.mkdir(parents=True)
    (folder / "shipped.en.txt").write_text(
        "{{ store.brand }}: {{ order.id }}, {{ n | plural('x') }}"
    )
    with (tmp_path / "shopbell.toml").open("a") as file:
        file.write('\n[[store]]\nname = "tea"\ncountry = "GB"\ntimezone = "Europe/London"\n')
        file.write('shop_dir = "acme"\nbrand = "Tea"\n')
    words = ("--store", "tea", *WORDS[2:4], *WORDS[6:], "--template", "shipped")
    order = ("--var", 'order={"id": "1001"}', "--var", "n=2")
    assert shopbell("send", *words, *order).code == 0
    [listed] = [json.loads(line) for line in shopbell("messages", "--json").out.splitlines()]
    assert listed["text"] == "Tea: 1001, x"
    assert shopbell("send", *words).err.startswith("rejected: invalid_value: template shipped")
    assert shopbell("send", *words, "--var", "n").code == 2
    assert shopbell("send", *words, "--text", "x").err.startswith("rejected: invalid_value: ")
