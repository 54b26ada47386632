"""What persons write, from the network to the store; counted on what the simulator handed over."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

from gateway.domain.failpoint import Failpoint

PERSON = "+447700900123"
LONG = "Where is my order? I moved house 🏠 last week. " * 12
"""Nine parts of UCS-2."""


def write_in(built: House, text: str, sender: str = PERSON, modem: str = "modem0") -> None:
    built.bank.ask(do="inbound", modem=modem, **{"from": sender, "text": text})


def written(built: House) -> Counter[tuple[str, str]]:
    """Return what persons wrote, by the log of the simulated network: each text whole and once."""
    handed = built.log("inbound")
    whole = {(entry["sender"], entry["text"]) for entry in handed if entry["seq"] == entry["total"]}
    return Counter(whole)


def told(built: House) -> Counter[tuple[str, str]]:
    return Counter((message["from"], message["text"]) for message in built.store.messages())


def emptied(built: House) -> bool:
    """Whether nothing is left on the SIM."""
    state = built.bank.ask(do="state")["modem0"]
    return not any(state["stored"].values())


def test_an_answer_comes_back_to_the_store_that_was_answered(house: Build) -> None:
    built = house()
    built.start()
    built.store.submit("order-1", to=PERSON)
    built.store.await_state("order-1", "delivered")
    write_in(built, LONG)
    write_in(built, "Who is this?", "+447700900999")
    built.store.await_messages(2)

    assert (
        told(built) == written(built) == {(PERSON, LONG): 1, ("+447700900999", "Who is this?"): 1}
    )
    replies = {message["from"]: message for message in built.store.messages()}
    assert replies[PERSON]["in_reply_to"] == "order-1"
    assert replies[PERSON].keys() == {
        "id",
        "from",
        "to_modem",
        "text",
        "received_at",
        "in_reply_to",
    }
    assert replies["+447700900999"]["in_reply_to"] is None
    assert {message["to_modem"] for message in replies.values()} == {"m0"}


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "failpoint",
    [
        f"{Failpoint.MESSAGE_RECEIVED}@2",
        f"{Failpoint.MESSAGE_COMMITTED}@2",
        f"{Failpoint.MESSAGE_COMMITTED}@9",
        f"{Failpoint.MESSAGE_RECEIVED}@10",
        f"{Failpoint.MESSAGE_COMMITTED}@10",
    ],
)
def test_a_crash_between_the_parts_loses_and_doubles_nothing(house: Build, failpoint: str) -> None:
    """After a crash between commit and deletion the modem gives the same part again."""
    built = house()
    gateway = built.start(failpoint)
    write_in(built, LONG)
    write_in(built, "Hello?")
    assert gateway.wait_end(30) == -9, "the failpoint was reached"
    built.start()
    built.store.await_messages(2)
    write_in(built, "Still there?")
    built.store.await_messages(3)

    assert told(built) == written(built)
    assert told(built) == dict.fromkeys(
        [(PERSON, LONG), (PERSON, "Hello?"), (PERSON, "Still there?")], 1
    )
    wait_for(lambda: emptied(built), 20, "the SIM is emptied")


@pytest.mark.timeout(120)
def test_crash_after_crash_while_many_write(house: Build) -> None:
    built = house()
    persons = [f"+4477009001{number:02d}" for number in range(8)]
    for number, failpoint in enumerate(("message_received@5", "message_committed@7")):
        gateway = built.start(failpoint, wait=False)
        for person in persons:
            write_in(built, f"{number} " + LONG[:200], person)
        assert gateway.wait_end(30) == -9
    built.start()
    built.store.await_messages(2 * len(persons), 60)
    assert told(built) == written(built)
    assert set(told(built).values()) == {1}


def test_a_message_waits_for_a_store_that_sighup_brings(house: Build) -> None:
    built = house()
    with_store = built.config.read_text()
    without, _, rest = with_store.partition("[[store]]")
    built.config.write_text(without + "[[modem]]" + rest.partition("[[modem]]")[2])
    gateway = built.start()
    write_in(built, "Anybody?")
    wait_for(lambda: "message_finished" in gateway.stderr.read_text(), 20, "the message")
    assert built.store.inbound == []
    built.config.write_text(with_store)
    gateway.signal(signal.SIGHUP)
    built.store.await_messages(1)
    assert told(built) == {(PERSON, "Anybody?"): 1}
    log = gateway.stderr.read_text()
    assert "900123" not in log, "no number of a person gets into the log"
    assert "Anybody" not in log, "and no text"
