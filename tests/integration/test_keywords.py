"""Persons who write STOP and YES to a real gateway; counted on what the simulated network took."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.events import CONSENT, document
from support.house import House
from support.plugin import Build
from support.processes import wait_for

PERSON = "+447700900123"


def write(built: House, text: str) -> None:
    built.bank.ask(do="inbound", modem="modem0", **{"from": PERSON, "text": text})


def tell(built: House, name: str, **changes: Any) -> None:
    now = datetime.now(UTC).isoformat()
    said = document(CONSENT, name, time=now, consent_updated_at=now, **changes)
    built.store.publish(json.dumps(said).encode(), topic="events")


def await_consent(built: House, state: str) -> dict[str, Any]:
    def told() -> list[dict[str, Any]]:
        return [one for one in built.store.consent if one["state"] == state]

    wait_for(
        lambda: bool(told()),
        15,
        f"{state} in {built.store.consent}; rejected {built.store.rejected}",
    )
    return told()[-1]


def await_text(built: House, beginning: str) -> None:
    wait_for(
        lambda: any(text.startswith(beginning) for text in texts(built)),
        15,
        f"{beginning!r} in {texts(built)}",
    )


def texts(built: House) -> list[str]:
    """Return what the network took, in order."""
    return [entry["text"] for entry in built.log()]


def verified(built: House) -> str:
    """Return what `shopbell consent verify` says of the ledger."""
    assert built.gateway is not None
    built.gateway.close()
    check = built.run("consent", "verify")
    assert check.wait_end(30) == 0, check.stderr.read_text()
    return check.stdout.read_text()


@pytest.mark.rule("K-1", "K-10", "US-3", "US-4", "G-3")
@pytest.mark.parametrize("word", ["STOP", "Стоп."])
def test_a_stop_cancels_what_waits_is_confirmed_and_stays(house: Build, word: str) -> None:
    built = house()
    built.start()
    tell(built, "grant")
    await_consent(built, "subscribed")
    later = datetime.now(UTC) + timedelta(hours=1)
    built.store.submit("sale-1", purpose="marketing", text="Sale!", send_at=later.isoformat())
    built.store.await_state("sale-1", "accepted")

    write(built, word)
    built.store.await_state("sale-1", "cancelled")
    told = await_consent(built, "unsubscribed")
    assert (told["purpose"], told["method"]) == ("marketing", "keyword")
    await_text(built, "acme: you are unsubscribed")
    built.store.submit("sale-2", purpose="marketing", text="Sale!")
    built.store.await_rejected("sale-2", "no_consent")
    built.store.submit("order-1")
    built.store.await_state("order-1", "delivered")

    write(built, f"{word} {word}")
    built.store.await_messages(2)
    assert "Sale!" not in texts(built)
    assert len([text for text in texts(built) if "unsubscribed" in text]) == 1
    assert [status["id"] for status in built.store.statuses if "auto" in status["id"]] == []
    assert "2 rows are what was written" in verified(built)


@pytest.mark.rule("K-6", "K-10")
def test_of_a_full_queue_nothing_goes_out_behind_a_stop_of_everything(house: Build) -> None:
    """The confirmation goes first, so whatever the network took behind it is a leak."""
    built = house(simulator=("--report-delay", "0.05", "--latency", "0.15"))
    built.start()
    jobs = [f"order-{number}" for number in range(60)]
    for job in jobs:
        built.store.submit(job)
    wait_for(lambda: len(built.log()) >= 5, 30, "the first go out")
    write(built, "STOP ALL")
    await_consent(built, "unsubscribed")
    await_text(built, "acme: you are unsubscribed")
    wait_for(
        lambda: all(built.store.states(job)[-1] in ("delivered", "cancelled") for job in jobs),
        30,
        "all are settled",
    )

    taken = texts(built)
    behind = taken[taken.index(next(x for x in taken if "unsubscribed" in x)) + 1 :]
    assert behind == []
    assert len(taken) < len(jobs)
    sent = {job for job in jobs if built.store.states(job)[-1] == "delivered"}
    assert len(sent) == len(taken) - 1
    built.store.submit("order-late")
    built.store.await_rejected("order-late", "no_consent")


@pytest.mark.rule("DE-1", "US-8", "G-1")
def test_a_double_opt_in_from_the_form_to_the_confirmation(house: Build) -> None:
    built = house()
    built.start()
    tell(built, "form", state="pending")
    pending = await_consent(built, "pending")
    assert pending["purpose"] == "marketing.offers"
    await_text(built, "acme: reply YES to get offers and news")
    built.store.submit("early", purpose="marketing", text="Sale!")
    built.store.await_rejected("early", "no_consent")

    write(built, "Yes!")
    granted = await_consent(built, "subscribed")
    assert (granted["opt_in_level"], granted["method"]) == ("confirmed_opt_in", "double_opt_in")
    await_text(built, "acme: you will now get offers and news")
    later = datetime.now(UTC) + timedelta(hours=1)
    built.store.submit("sale-1", purpose="marketing", text="Sale!", send_at=later.isoformat())
    built.store.await_state("sale-1", "accepted")

    write(built, "yes")
    built.store.await_messages(2)
    assert len([one for one in built.store.consent if one["state"] == "subscribed"]) == 1
    assert "Sale!" not in texts(built)
    assert "2 rows are what was written" in verified(built)
