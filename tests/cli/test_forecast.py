"""What a campaign would take, said before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell

ASK = ("forecast", "--store", "acme", "--text", "Your order is on its way.")

MODEM = """
[[modem]]
name = "{name}"
port = "nowhere-{name}"
rate = "{rate}"
cost = "{cost}"
"""

Lines = Callable[..., None]


@pytest.fixture
def lines(config: Path) -> Lines:
    """Gives the configuration lines, each with a rate and a price."""

    def write(**rates: tuple[str, str]) -> None:
        text = config.read_text().split("[[modem]]")[0]
        text = text.replace("[gateway]\n", '[gateway]\ncurrency = "GBP"\n', 1)
        for name, (rate, cost) in rates.items():
            text += MODEM.format(name=name, rate=rate, cost=cost)
        text += '\n[[store]]\nname = "acme"\ncountry = "GB"\ntimezone = "Europe/London"\n'
        config.write_text(text)

    return write


@pytest.fixture
def numbers(config: Path) -> Path:
    """A hundred persons, one of them twice, and something that is no number."""
    file = config.parent / "customers.csv"
    persons = [f"Ann,07700 900{number:03d}" for number in range(100)]
    rows = ["name,phone", *persons, "Ann,+447700900000", "Bob,12"]
    file.write_text("\n".join(rows) + "\n")
    return file


@pytest.fixture
def asked(shopbell: Shopbell, numbers: Path) -> Callable[..., dict[str, Any]]:
    """Asks about all of them, beside a database that a job has made."""
    job = ("--to", "+33639980001", "--text", "x", "--purpose", "transactional")

    def ask(*more: str, purpose: str = "transactional") -> dict[str, Any]:
        assert shopbell("send", "--store", "acme", *job).code == 0
        words = (*ASK, "--purpose", purpose, str(numbers), "--column", "phone", "--json", *more)
        done = shopbell(*words)
        assert done.code == 0, done.err
        answer: dict[str, Any] = json.loads(done.out)
        return answer

    return ask


def test_it_says_who_over_which_lines_when_and_for_how_much(
    lines: Lines, asked: Callable[..., dict[str, Any]]
) -> None:
    lines(m0=("20/min", "0.04"), m1=("20/min", "0.04"))
    answer = asked()
    assert (answer["persons"], answer["repeated"], answer["refused"]) == (
        100,
        1,
        {"invalid_number": 1},
    )
    assert (answer["messages"], answer["parts"], answer["cost"]) == (100, 100, "4.00")
    assert answer["currency"] == "GBP"
    assert sorted(line["modem"] for line in answer["lines"]) == ["m0", "m1"]
    first, last = (datetime.fromisoformat(answer[name]) for name in ("first_at", "last_at"))
    assert timedelta(seconds=140) < last - first < timedelta(seconds=155)


def test_it_waits_for_what_is_in_the_queue_already(
    lines: Lines, asked: Callable[..., dict[str, Any]]
) -> None:
    lines(m0=("1/min", "0.04"))
    before, after = asked(), asked()
    assert after["ahead"] > before["ahead"]


def test_nobody_gets_marketing_who_did_not_consent(
    lines: Lines, asked: Callable[..., dict[str, Any]]
) -> None:
    lines(m0=("20/min", "0.04"))
    answer = asked(purpose="marketing")
    assert (answer["messages"], answer["refused"]["no_consent"]) == (0, 100)
    assert (answer["first_at"], answer["last_at"]) == (None, None)


def test_a_line_for_some_operators_serves_whom_it_is_for(
    config: Path, lines: Lines, asked: Callable[..., dict[str, Any]]
) -> None:
    """The persons of a forecast belong to operators as those of jobs do."""
    lines(m0=("20/min", "0.04"))
    text = config.read_text()
    config.write_text(text.replace('rate = "20/min"', 'rate = "20/min"\nnetworks = ["Vodafone"]'))
    numbers = config.parent / "customers.csv"
    numbers.write_text("phone\n+447766000001\n+447700900001\n")
    answer = asked()
    assert (answer["persons"], answer["messages"], answer["unserved"]) == (2, 1, 1)


def test_what_cannot_be_in_time_is_said(lines: Lines, asked: Callable[..., dict[str, Any]]) -> None:
    lines(m0=("1/min", "0.04"))
    until = (datetime.now().astimezone() + timedelta(minutes=30)).isoformat()
    answer = asked("--expires-at", until)
    assert answer["messages"] + answer["expired"] == 100
    assert 60 < answer["expired"] < 75


def test_a_person_can_read_it(lines: Lines, shopbell: Shopbell, numbers: Path) -> None:
    lines(m0=("20/min", "0.04"))
    shopbell("send", "--store", "acme", "--to", "+33639980001", "--text", "x", "--purpose", "otp")
    done = shopbell(*ASK, "--purpose", "otp", str(numbers), "--column", "phone")
    assert (done.code, done.err) == (
        0,
        "no gateway runs; as if all configured modems were in service\n",
    )
    assert "100 of 102 may be written to, 1 part each" in done.out
    assert "1 refused: invalid_number" in done.out
    assert "100 messages, 100 parts, costs 4.00 GBP" in done.out


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--column", "telephone"), 1, "has no column 'telephone'; it has: name, phone"),
        (("--send-at", "tomorrow"), 2, "write RFC 3339 with a zone"),
        (("--scope", "gossip"), 2, "there are: offers, restock, cart"),
    ],
)
def test_what_is_asked_wrongly_is_said(
    shopbell: Shopbell, numbers: Path, more: tuple[str, ...], code: int, said: str
) -> None:
    done = shopbell(*ASK, "--purpose", "otp", str(numbers), *more)
    assert done.code == code
    assert said in done.err
