"""A backup that is put back sends nothing again. What counts is the simulated network's own log."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.events import CONSENT, document
from support.house import House
from support.plugin import Build
from support.processes import wait_for

SLOW = ("--latency", "0.7", "--report-delay", "0.05")
JOBS = 60
STOPS = "+447700900123"
ERASED = "+447700900177"


def command(house: House, *words: str, fails: bool = False, failpoint: str | None = None) -> str:
    """Run a command to its end; return what it printed, on stderr where it is to fail."""
    environment = {} if failpoint is None else {"SHOPBELL_FAILPOINT": failpoint}
    for end in ("out", "err"):
        (house.directory / f"command.{end}").write_text("")
    process = house.run(*words, environment=environment)
    code = process.wait_end(60)
    if failpoint is not None:
        assert code == -9, "the failpoint was reached"
        return ""
    said = process.stderr.read_text()
    assert code == (1 if fails else 0), said
    return said if fails else process.stdout.read_text()


def stop(house: House) -> None:
    assert house.gateway is not None
    house.gateway.signal(signal.SIGTERM)
    assert house.gateway.wait_end(30) == 0


def sent(house: House) -> int:
    return len(house.log())


def database(house: House) -> Path:
    return house.directory / "shopbell.db"


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(database(house))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def nothing_twice(house: House) -> None:
    doubled = {text: times for text, times in house.submits().items() if times > 1}
    assert doubled == {}, "a text went out twice"
    assert not [entry for entry in house.log() if entry["rd"]], "and none was repeated"


def halfway(house: Build, **options: object) -> tuple[House, Path]:
    """A house of which half was sent when the backup was made, and more after it; stopped."""
    built = house(simulator=SLOW, **options)
    built.start()
    for number in range(JOBS):
        built.store.submit(f"job-{number}")
    wait_for(lambda: sent(built) >= 3, 30, "some are sent")
    file = built.directory / "box.backup"
    command(built, "backup", str(file))
    at_backup = sent(built)
    wait_for(lambda: sent(built) >= at_backup + 5, 30, "more are sent")
    return built, file


@pytest.mark.timeout(240)
@pytest.mark.parametrize("diary", [True, False], ids=["with its diary", "without a diary"])
def test_nothing_is_sent_again(house: Build, diary: bool) -> None:
    built, file = halfway(house)
    late = built.store.submit("late", purpose="otp")
    wait_for(lambda: "Your order late has shipped." in built.submits(), 60, "it went out")
    time.sleep(1.5)
    stop(built)
    before = built.submits()
    assert len(before) < JOBS, "some wait still"
    if not diary:  # the disk is lost, with all that is on it
        shutil.rmtree(built.directory / "shopbell.db.diary")
        database(built).unlink()
    told = json.loads(command(built, "restore", str(file), "--json"))
    if diary:
        assert Path(told["aside"], "shopbell.db").exists(), "what was there is kept"
    built.start()
    built.store.submit("new")
    wait_for(lambda: "Your order new has shipped." in built.submits(), 30, "new jobs go out")
    built.store.publish(json.dumps(late).encode())
    time.sleep(3)
    new = built.submits() - before
    if not diary:
        assert set(new) == {"Your order new has shipped.", "Your order late has shipped."}
        command(built, "restore", "--discard")
        wait_for(lambda: built.store.states(f"job-{JOBS - 1}")[-1] == "cancelled", 30, "told")
        return
    assert set(new) == {"Your order new has shipped."}, "and nothing else"
    assert told["in_doubt"] >= 5
    assert told["names_spent"] == 1, "the job that came after the backup"
    assert told["held"] == JOBS + 2 - len(built.submits())
    command(built, "restore", "--release")
    wait_for(lambda: len(built.submits()) == JOBS + 2, 120, "the rest goes out")
    nothing_twice(built)


@pytest.mark.timeout(240)
def test_a_stop_and_an_erasure_after_the_backup_still_hold(house: Build) -> None:
    built = house(simulator=("--latency", "0.05", "--report-delay", "0.05"))
    built.start()
    now = datetime.now(UTC).isoformat()
    consent = document(CONSENT, "granted", time=now, consent_updated_at=now)
    built.store.publish(json.dumps(consent).encode(), topic="events")
    wait_for(lambda: built.store.consent, 30, "the consent is taken")
    for job, number in (("to-stops", STOPS), ("to-erased", ERASED)):
        built.store.submit(job, to=number)
        built.store.await_state(job, "delivered")
    file = built.directory / "box.backup"
    command(built, "backup", str(file))
    offer = {"purpose": "marketing", "text": "Acme: sale. Reply STOP to end"}
    built.bank.ask(do="inbound", modem="modem0", **{"from": STOPS, "text": "STOP"})
    wait_for(
        lambda: any(said["state"] == "unsubscribed" for said in built.store.consent), 30, "STOP"
    )
    command(built, "person", "erase", ERASED)
    assert jobs_to(built, ERASED) == 0
    time.sleep(1.5)
    stop(built)
    told = json.loads(command(built, "restore", str(file), "--json"))
    assert told["taken_back"] >= 2
    assert jobs_to(built, ERASED) == 1, "the backup knows the person"
    built.start()
    wait_for(lambda: jobs_to(built, ERASED) == 0, 30, "who was erased is erased again")
    built.store.submit("offer", to=STOPS, **offer)
    built.store.await_rejected("offer", "no_consent")
    assert not any("sale" in text for text in built.submits())


def jobs_to(house: House, number: str) -> int:
    [(count,)] = rows(house, f"SELECT count(*) FROM jobs WHERE recipient = '{number}'")  # noqa: S608
    assert isinstance(count, int)
    return count
