"""The main job: a store publishes, modems send, reports come back; none lost, none doubled."""

from __future__ import annotations

import pytest
from support.plugin import Build

JOBS = 1000
MODEMS = 8


@pytest.mark.timeout(300)
def test_a_thousand_jobs_over_eight_modems(house: Build) -> None:
    built = house(modems=MODEMS)
    built.start()
    for number in range(JOBS):
        built.store.submit(f"job-{number}", to=f"+4477009{number:05d}")
    built.store.await_all("delivered", JOBS, seconds=120)

    submits = built.submits()
    assert submits == dict.fromkeys((f"Your order job-{n} has shipped." for n in range(JOBS)), 1)
    history = built.store.history()
    assert len(history) == JOBS
    for told in history.values():
        assert [status["state"] for status in told] == ["accepted", "sent", "delivered"]
        assert [status["seq"] for status in told] == [1, 2, 3]
        assert told[-1]["parts"] == {"total": 1, "sent": 1, "delivered": 1}
    lines = {entry["modem"] for entry in built.log()}
    assert len(lines) == MODEMS, "every modem had its share"


def test_a_long_message_goes_out_in_order_on_one_line_and_is_delivered_once(house: Build) -> None:
    built = house(modems=3)
    built.start()
    text = "Snowman ☃ and order 🎁 " * 20
    built.store.submit("long", text=text)
    built.store.await_state("long", "delivered")

    parts = built.log()
    total = len(parts)
    assert total > 1
    assert "".join(part["text"] for part in parts) == text
    assert [part["concat"]["seq"] for part in parts] == list(range(1, total + 1))
    assert len({(part["modem"], part["concat"]["ref"]) for part in parts}) == 1
    assert built.store.history()["long"][-1]["parts"] == {
        "total": total,
        "sent": total,
        "delivered": total,
    }


def test_an_otp_overtakes_what_waits(house: Build) -> None:
    built = house(simulator=("--latency", "0.1", "--report-delay", "0.05"))
    built.start()
    for number in range(30):
        built.store.submit(f"slow-{number}")
    built.store.await_state("slow-0", "sent")
    built.store.submit("code", purpose="otp", text="Your code is 123456")
    built.store.await_state("code", "delivered")
    texts = [entry["text"] for entry in built.log()]
    assert texts.index("Your code is 123456") < 29, "the code did not wait for its turn"


def test_without_a_report_sent_is_the_last_word(house: Build) -> None:
    built = house()
    built.start()
    built.store.submit("quiet", report=False)
    built.store.await_state("quiet", "sent")
    [entry] = built.log()
    assert entry["srr"] is False


def test_a_second_gateway_on_the_same_database_is_refused(house: Build) -> None:
    built = house()
    first = built.start()
    second = built.run("run", name="second")
    assert second.wait_end() == 1
    words = second.stderr.read_text()
    assert str(first.pid) in words
    assert "Traceback" not in words
    built.store.submit("still")
    built.store.await_state("still", "delivered")


def test_a_missing_modem_is_waited_for_and_said_once(house: Build) -> None:
    built = house(modems=1)
    built.bank.ask(do="unplug", modem="modem0")
    gateway = built.start()
    built.store.submit("patient")
    built.store.await_state("patient", "accepted")
    built.bank.ask(do="return", modem="modem0")
    built.store.await_state("patient", "delivered")
    log = gateway.stderr.read_text()
    assert log.count('"state": "missing"') == 1
    assert "link_lost" not in log, "a port that was never open was not lost"


def test_stopping_finishes_what_is_at_a_modem_and_leaves_the_rest(house: Build) -> None:
    built = house(simulator=("--latency", "0.3", "--report-delay", "0.05"))
    gateway = built.start()
    for number in range(5):
        built.store.submit(f"job-{number}")
    built.store.await_state("job-0", "sent")
    gateway.close()
    assert gateway.wait_end() == 0
    sent_before = len(built.log())
    assert 1 <= sent_before < 5
    assert "unconfirmed" not in {status["state"] for status in built.store.statuses}

    built.start()
    built.store.await_all("delivered", 5, seconds=30)
    assert set(built.submits().values()) == {1}
    assert len(built.submits()) == 5
