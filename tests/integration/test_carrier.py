"""A gateway as a process beside a provider: what no SIM may send goes out all the same.

The provider's own record is the truth, as the simulated network's log is that of the SIMs.
"""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from support.events import CONSENT, document
from support.house import House
from support.plugin import Build
from support.processes import wait_for
from support.provider import ACCOUNT, SENDER, TOKEN, Provider, Trick

from gateway.domain.failpoint import Failpoint

pytestmark = [pytest.mark.rule("SIM-5"), pytest.mark.timeout(120)]

PERSON = "+33639980001"
TEXT = "Votre commande est partie. " * 8
"""Two parts."""


HOLD = "UPDATE jobs SET only_line = 'carrier:main', held_for = 'carrier:main' WHERE id = ?"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


def carrier_section(provider: Provider) -> str:
    return f"""
[[carrier]]
name = "main"
url = "{provider.url}"
account = "{ACCOUNT}"
token = "{TOKEN}"
sender = "{SENDER}"
routes = ["+33"]
rate = "unlimited"
"""


def queue(built: House, job: str = "order-1", text: str = TEXT) -> None:
    """Have a job wait for the carrier alone, as the gate has it."""
    words = ["--store", "acme", "--to", PERSON, "--text", text, "--purpose", "transactional"]
    assert built.run("send", *words, "--id", job).wait_end() == 0
    with closing(sqlite3.connect(built.directory / "shopbell.db")) as database, database:
        database.execute(HOLD, (job,))


def settle(provider: Provider, status: str) -> None:
    wait_for(lambda: provider.texts, 30, "a message at the provider")
    provider.settle(status)


def test_a_job_goes_out_by_the_carrier_and_what_became_of_it_is_told(
    house: Build, provider: Provider
) -> None:
    built = house(more=carrier_section(provider))
    queue(built)
    built.start()
    built.store.await_state("order-1", "sent")
    settle(provider, "delivered")
    built.store.await_state("order-1", "delivered")

    [form] = provider.submits
    assert form == {"To": PERSON, "From": SENDER, "Body": TEXT}
    assert built.log() == [], "no SIM had it"
    told = built.store.history()["order-1"]
    assert [status["state"] for status in told] == ["accepted", "sent", "delivered"]
    assert told[-1]["modem"] == "carrier:main"
    assert told[-1]["parts"] == {"total": 2, "sent": 2, "delivered": 2}
    assert {told["modems"] for told in built.store.presence} == {1}, "a carrier is no modem"


@pytest.mark.rule("US-6", "SIM-5")
def test_an_answer_to_the_carriers_number_comes_back(house: Build, provider: Provider) -> None:
    built = house(more=carrier_section(provider))
    queue(built)
    built.start()
    built.store.await_state("order-1", "sent")
    provider.receive(PERSON, "Merci 😀")
    built.store.await_messages(1)
    [message] = built.store.messages()
    assert (message["from"], message["text"]) == (PERSON, "Merci 😀")
    assert (message["to_modem"], message["in_reply_to"]) == ("carrier:main", "order-1")


@pytest.mark.parametrize("failpoint", [Failpoint.INTENT_COMMITTED, Failpoint.SUBMIT_ANSWERED])
def test_a_crash_loses_nothing_and_doubles_nothing(
    house: Build, provider: Provider, failpoint: Failpoint
) -> None:
    """What the provider has not stays in doubt; what it has is found in its list."""
    built = house(more=carrier_section(provider))
    queue(built)
    assert built.start(failpoint, wait=False).wait_end() == -signal.SIGKILL
    taken = failpoint is Failpoint.SUBMIT_ANSWERED
    assert provider.texts == [TEXT] * taken

    built.start()
    built.store.await_state("order-1", "unconfirmed")
    if taken:
        built.store.await_state("order-1", "sent")
        provider.settle("delivered")
        built.store.await_state("order-1", "delivered")
    wait_for(lambda: _asked(provider) > 3, 30, "questions to the provider")
    assert len(provider.submits) == taken, "it is never sent again"


def _asked(provider: Provider) -> int:
    return sum(method == "GET" for method, _, _ in provider.requests)


def test_a_stop_of_the_gateway_waits_for_the_answer(house: Build, provider: Provider) -> None:
    provider.script.append(Trick(takes=True, drip=0.01))
    built = house(more=carrier_section(provider))
    queue(built)
    gateway = built.start()
    wait_for(lambda: provider.submits, 30, "a request")
    gateway.signal(signal.SIGTERM)
    assert gateway.wait_end() == 0
    built.store.await_state("order-1", "sent")
    assert len(provider.submits) == 1


def test_a_wrong_token_is_an_alarm_and_no_end(house: Build, provider: Provider) -> None:
    provider.token = "another"
    built = house(more=carrier_section(provider))
    queue(built)
    built.start()
    wait_for(lambda: provider.submits, 30, "a request")

    def shown() -> dict[str, object]:
        command = built.run("modems", "--json", name="modems")
        assert command.wait_end() == 0
        lines = command.stdout.read_text().splitlines()
        return next(one for one in map(json.loads, reversed(lines)) if "sender" in one)

    wait_for(lambda: shown().get("alarms"), 30, "an alarm")
    assert "its token is wrong" in str(shown()["alarms"])
    log = built.directory / "gateway.err"
    assert TOKEN not in log.read_text()
    assert PERSON[1:] not in log.read_text()
    provider.token = TOKEN
    built.store.await_state("order-1", "sent", 60)


FRENCH = ("--report-delay", "0.05", "--home", "20801")
"""The simulated SIMs are of a French network, and France lets them send nothing by themselves."""

OFFER = {"to": PERSON, "purpose": "marketing", "text": "-20 % aujourd'hui. acme, STOP au 38000"}


def await_line(built: House) -> None:
    """Wait until the SIM has told where it is from."""
    presence = built.store.presence

    def serves() -> bool:
        return bool(presence) and presence[-1]["ready"] == 1

    wait_for(serves, 60, "the modem in service")


def consent(built: House) -> None:
    now = datetime.now(UTC).isoformat()
    told = document(CONSENT, "grant", time=now, phone=PERSON, consent_updated_at=now)
    built.store.publish(json.dumps(told).encode(), topic="events")
    wait_for(lambda: built.store.consent, 30, f"consent; rejected {built.store.rejected}")


@pytest.mark.rule("SIM-2", "SIM-5")
def test_what_a_french_sim_may_not_send_goes_out_by_the_carrier(
    house: Build, provider: Provider
) -> None:
    built = house(simulator=FRENCH, more=carrier_section(provider))
    built.start()
    await_line(built)
    consent(built)
    built.store.submit("offer", **OFFER)
    built.store.submit("order", to=PERSON, text="Votre commande est partie.")
    built.store.await_state("order", "sent")
    built.store.await_state("offer", "accepted")
    if not hour_of_offers(built):
        assert pinned(built, "offer") == "carrier:main", "it waits for its hour, and not for a SIM"
    else:
        built.store.await_state("offer", "sent")
        assert OFFER["text"] in provider.texts
    assert "Votre commande est partie." in provider.texts
    assert built.log() == [], "no SIM had any"


@pytest.mark.rule("US-3", "US-4", "US-6", "SIM-5")
def test_a_stop_to_the_carriers_number_is_a_stop(house: Build, provider: Provider) -> None:
    built = house(simulator=FRENCH, more=carrier_section(provider))
    built.start()
    await_line(built)
    consent(built)
    built.store.submit("order", to=PERSON, text="Votre commande est partie.")
    built.store.submit("offer", **OFFER, send_at=in_a_month())
    built.store.await_state("order", "sent")
    built.store.await_state("offer", "accepted")
    provider.receive(PERSON, "Stop.")
    built.store.await_state("offer", "cancelled")
    wait_for(
        lambda: any(told["state"] == "unsubscribed" for told in built.store.consent),
        30,
        f"the store to be told in {built.store.consent}",
    )
    wait_for(lambda: len(provider.texts) == 2, 30, "the confirmation")
    built.store.submit("late", **OFFER)
    built.store.await_rejected("late", "no_consent")
    assert built.log() == [], "no SIM had any"


def in_a_month() -> str:
    return (datetime.now(UTC) + timedelta(days=30)).isoformat()


def hour_of_offers(built: House) -> bool:
    """Whether France lets offers be sent now: the gateway said `deferred` if not."""
    wait_for(lambda: len(built.store.states("offer")) > 1, 30, "a second word on the offer")
    return built.store.states("offer")[1] != "deferred"


def pinned(built: House, job: str) -> str:
    with closing(sqlite3.connect(built.directory / "shopbell.db")) as database:
        [line] = database.execute("SELECT only_line FROM jobs WHERE id = ?", (job,)).fetchone()
    return str(line)


@pytest.mark.rule("SIM-2", "SIM-5")
def test_without_a_carrier_it_is_refused_and_never_queued(house: Build) -> None:
    built = house(simulator=FRENCH)
    built.start()
    await_line(built)
    consent(built)
    built.store.submit("offer", **OFFER)
    built.store.submit("order", to=PERSON, text="Votre commande est partie.")
    built.store.await_rejected("offer", "policy")
    built.store.await_rejected("order", "policy")
    assert built.store.states("offer") == built.store.states("order") == []
    assert built.log() == []


def test_what_waits_for_a_carrier_that_is_gone_is_ended_and_told(
    house: Build, provider: Provider
) -> None:
    built = house()
    queue(built)
    built.start()
    built.store.await_state("order-1", "cancelled")
    assert "carrier" in built.store.history()["order-1"][-1]["reason"]
    assert built.log() == []
