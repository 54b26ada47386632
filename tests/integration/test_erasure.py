"""A person is erased while the gateway runs: SIMs, broker, database and traces, to a byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for
from support.spelled import SPELLINGS, found_in

PERSON = "+447700900123"
OURS = ("bank", "broker")
"""The network's own log, and what the broker kept; the tests' own words."""


def command(built: House, *words: str) -> tuple[int, str, str]:
    process = built.run(*words)
    code = process.wait_end(60)
    return code, process.stdout.read_text(), process.stderr.read_text()


def number_of(built: House, name: str) -> list[dict[str, Any]]:
    return [told for told in built.store.consent if told["state"] == name]


@pytest.mark.rule("G-7", "G-8")
@pytest.mark.timeout(180)
def test_it_reaches_every_place_while_the_gateway_runs(house: Build) -> None:
    built = house(settings='trace_dir = "traces"\n')
    built.start()
    built.store.submit("order-1", to=PERSON)
    built.store.await_state("order-1", "delivered")
    built.bank.ask(do="inbound", modem="modem0", **{"from": PERSON, "text": "Where is it?"})
    built.store.await_messages(1)
    built.store.submit("later", to=PERSON, send_at="2099-01-01T00:00:00Z")
    built.store.await_state("later", "accepted")
    built.store.publish(json.dumps({"to": PERSON}).encode(), "notes", retain=True)
    assert found_in(built.directory, but=OURS)

    code, out, err = command(built, "person", "erase", PERSON, "--json")

    assert code == 0, err
    told = json.loads(out)
    assert told["clean"]
    assert told["unread"] == []
    assert told["places"]["retained messages"] == 1
    assert told["done"][0]["rows"]["jobs"] == 2
    built.store.await_state("later", "cancelled")
    wait_for(lambda: number_of(built, "erased"), 10, "the store is told")
    [erased] = number_of(built, "erased")
    assert (erased["to"], erased["jobs"]) == (None, ["later", "order-1"])
    assert found_in(built.directory, but=OURS) == set()
    state = built.bank.ask(do="state")["modem0"]
    assert not any(state["stored"].values())


@pytest.mark.rule("G-7")
@pytest.mark.timeout(180)
def test_the_log_of_the_gateway_never_named_the_number(house: Build) -> None:
    built = house()
    gateway = built.start()
    built.store.submit("order-1", to=PERSON)
    built.store.await_state("order-1", "delivered")
    command(built, "person", "erase", PERSON)
    said = gateway.stdout.read_bytes() + gateway.stderr.read_bytes()
    assert not [spelling for spelling, octets in SPELLINGS.items() if octets in said]
