"""A line is unplugged, and the operator's phone says so: counted on what the network took."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

OPERATOR = "+447700900999"
TOLD = f'[alarms]\nsms_to = ["{OPERATOR}"]\nline_down = "10s"\n'
TESTED = '[alarms]\nloop_every = "1h"\n'


def number(modem: int) -> str:
    return f'number = "+44770090010{modem}"\n'


def alarmed(built: House) -> list[dict[str, Any]]:
    """What the network took for the operator."""
    return [entry for entry in built.log() if entry["to"] == OPERATOR]


def sent_between(built: House) -> list[dict[str, Any]]:
    """What the network took from one own line for another."""
    return [entry for entry in built.log() if entry["to"].startswith("+4477009001")]


def told_alarm(built: House) -> dict[str, Any] | None:
    """What the command shows of the one alarm, once somebody was told of it."""
    shown = built.run("alarms", "--json", name=f"alarms-{time.monotonic_ns()}")
    assert shown.wait_end(60) == 0
    [row] = [json.loads(text) for text in shown.stdout.read_text().splitlines()]
    return row if row["told_at"] is not None else None


@pytest.mark.timeout(180)
def test_the_operator_hears_of_it_from_another_line(house: Build) -> None:
    built = house(modems=3, more=TOLD)
    built.start()
    built.store.submit("before")
    built.store.await_state("before", "delivered")
    built.bank.ask(do="unplug", modem="modem1")
    wait_for(lambda: alarmed(built), 90, "the alarm")
    [first] = alarmed(built)
    assert first["modem"] != "modem1"
    assert first["text"].startswith("Shopbell box-1: line down m1.")

    # That somebody was told is written when the network took it.
    row = wait_for(lambda: told_alarm(built), 60, "an alarm that was told")
    assert (row["kind"], row["subject"], row["ended_at"]) == ("line_down", "m1", None)

    assert len(alarmed(built)) == 1
    assert set(built.store.history()) == {"before"}, "no store is told"


@pytest.mark.timeout(120)
def test_a_test_message_and_what_came_of_it(house: Build) -> None:
    built = house(modems=2, more=TOLD)
    built.start()
    built.await_modems(2)
    told = built.run("alarms", "test", name="test")
    assert told.wait_end(60) == 0
    assert told.stdout.read_text() == "sms: told\n"
    [sms] = alarmed(built)
    assert "a test" in sms["text"]


@pytest.mark.timeout(120)
def test_own_lines_test_each_other_and_no_store_hears_of_it(house: Build) -> None:
    built = house(modems=2, more=TESTED, modem_settings=number)
    gateway = built.start()
    wait_for(lambda: sent_between(built), 60, "a test")
    [sent] = sent_between(built)
    assert re.fullmatch(r"Shopbell line test [a-z0-9]{16}", sent["text"])
    receiver = f"modem{sent['to'][-1]}"
    assert receiver != sent["modem"]
    person = {"from": "+447700900123", "text": "Hello?"}
    built.bank.ask(do="inbound", modem=receiver, **{"from": "+447700900100", "text": sent["text"]})
    built.bank.ask(do="inbound", modem=receiver, **person)
    built.store.await_messages(1)
    wait_for(lambda: "loop_test_arrived" in gateway.stderr.read_text(), 60, "the arrival")
    assert [message["text"] for message in built.store.messages()] == ["Hello?"]
