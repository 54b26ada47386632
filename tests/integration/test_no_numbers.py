"""Nobody's number is in a log, a topic, a file's name or a reason, whatever happens (G-14).

Every other test of a house is looked through as well, by the fixture that builds it.
"""

from __future__ import annotations

import json
import signal

import pytest
from support.plugin import Build
from support.processes import wait_for
from support.scanner import leaks_of

PERSON = "+447700900123"
WRITER = "+447700900456"
STRANGER = "+447700900789"


@pytest.mark.rule("G-14")
def test_what_is_written_on_good_and_bad_days_names_nobody(house: Build) -> None:
    built = house(modems=2)
    gateway = built.start()
    store = built.store
    store.submit("good", to=PERSON)
    store.submit("national", to="07700 900 456")
    store.submit("sale", to=PERSON, purpose="marketing", text="Shop now")
    store.submit("offer", to=PERSON, text="Shop now")
    store.submit("late", to=PERSON, expires_at="2020-01-01T00:00:00Z")
    for number in (f"{PERSON}99999999", "tel:" + PERSON, f"{PERSON},{WRITER}"):
        store.publish(json.dumps({"id": "bad", "to": number, "text": PERSON}).encode())
    store.publish(f"to {PERSON}: hello".encode())
    store.publish(json.dumps({PERSON: PERSON, "id": PERSON, "to": [PERSON]}).encode())
    store.publish(json.dumps({"id": PERSON}).encode(), topic="cancel")
    for job in ("good", "national"):
        store.await_state(job, "delivered")
    for text in ("Thank you!", f"My new number is {WRITER}", "STOP"):
        built.bank.ask(do="inbound", modem="modem0", **{"from": WRITER, "text": text})
    store.await_messages(3)
    gateway.signal(signal.SIGHUP)
    store.submit("unplugged", to=STRANGER)  # whom no line knows, so that it waits for none
    built.bank.ask(do="unplug", modem="modem0")
    store.await_state("unplugged", "sent")
    refused = ("send", "--store", "acme", "--to", f"{PERSON}99999999", "--text", "x")
    assert built.run(*refused, "--purpose", "otp", name="refused").wait_end() == 1
    counted = built.run("text", "findings", "--json", name="findings")
    assert counted.wait_end() == 0
    assert {"store": "acme", "finding": "offer", "jobs": 1} in [
        json.loads(line) for line in counted.stdout.read_text().splitlines()
    ]
    gateway.close()
    wait_for(lambda: store.presence[-1]["state"] == "offline", 10, "the farewell")

    assert "wording" in gateway.stderr.read_text()
    assert leaks_of(built) == []
