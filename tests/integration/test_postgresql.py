"""The main job on PostgreSQL: a store publishes, modems send, commands look and change."""

from __future__ import annotations

import itertools
import json

from support.house import House
from support.plugin import Build

JOBS = 100
NUMBERS = itertools.count(1)
NUMBER = "+447700900123"


def output(built: House, *words: str) -> str:
    command = built.run(*words, name=f"command-{next(NUMBERS)}")
    code, errors = command.wait_end(), command.stderr.read_text()
    assert code == 0, f"{words}: {errors}"
    assert "Traceback" not in errors
    return command.stdout.read_text()


def test_a_hundred_jobs_over_two_modems(postgres_url: str, house: Build) -> None:
    built = house(modems=2, database=postgres_url)
    built.start()
    for number in range(JOBS):
        built.store.submit(f"job-{number}", to=f"+4477009{number:05d}")
    built.store.await_all("delivered", JOBS, seconds=60)

    texts = (f"Your order job-{number} has shipped." for number in range(JOBS))
    assert built.submits() == dict.fromkeys(texts, 1)
    for told in built.store.history().values():
        assert [status["state"] for status in told] == ["accepted", "sent", "delivered"]
        assert [status["seq"] for status in told] == [1, 2, 3]


SEND = ("send", "--store", "acme", "--to", NUMBER, "--text", "Hello", "--purpose", "otp")


def test_commands_go_through_the_gateway_that_runs(postgres_url: str, house: Build) -> None:
    built = house(database=postgres_url)
    output(built, "check")
    built.start()
    output(built, *SEND, "--wait")
    [listed] = output(built, "messages", "--json").splitlines()
    assert json.loads(listed)["state"] == "delivered"
    output(built, "consent", "withdraw", NUMBER, "--purpose", "marketing", "--source", "call")
    assert "withdrawn" in output(built, "consent", "show", NUMBER)
    output(built, "consent", "verify")
    output(built, "modems")
    output(built, "retention")
    output(built, "person", "export", NUMBER)
    output(built, "person", "erase", NUMBER)
    assert not output(built, "messages", "--json")


def test_commands_go_to_the_database_when_none_runs(postgres_url: str, house: Build) -> None:
    built = house(database=postgres_url)
    output(built, *SEND)
    [listed] = output(built, "messages", "--json").splitlines()
    assert json.loads(listed)["state"] == "accepted"
    output(built, "lake", "export", str(built.directory / "lake"))
    assert (built.directory / "lake" / "messages").is_dir()
    built.start()
    built.store.await_all("delivered", 1, seconds=30)
