"""What a signal does to a running gateway."""

from __future__ import annotations

import signal

from support.plugin import Build
from support.processes import wait_for
from support.store import Store

NEW_STORE = '\n[[store]]\nname = "books"\ncountry = "FR"\ntimezone = "Europe/Paris"\n'


def test_sighup_takes_up_a_new_store_and_names_what_cannot_change(house: Build) -> None:
    built = house()
    gateway = built.start()
    words = built.config.read_text()
    built.config.write_text(words.replace('node = "box-1"', 'node = "box-2"') + NEW_STORE)
    gateway.signal(signal.SIGHUP)
    wait_for(lambda: "configuration_read_again" in gateway.stderr.read_text(), 10, "the reading")
    log = gateway.stderr.read_text()
    assert "[[store]] books" in log
    assert "[gateway] node" in log

    books = Store(built.broker.port, name="books")
    try:
        books.submit("first", to="06 12 34 56 78")
        books.await_state("first", "delivered")
    finally:
        books.close()
    assert built.log()[-1]["to"] == "+33612345678"


def test_what_waits_for_a_limit_goes_once_sighup_raises_it(house: Build) -> None:
    """By itself an idle line would look again within a minute."""
    built = house()
    unlimited = built.config.read_text()
    rate = 'rate = "unlimited"\n'
    built.config.write_text(unlimited.replace(rate, f"{rate}daily_limit = 1\n"))
    gateway = built.start()
    for job in ("first", "second"):
        built.store.submit(job)
        built.store.await_state(job, "accepted")
    built.store.await_state("first", "delivered")
    assert len(built.log()) == 1
    built.config.write_text(unlimited)
    gateway.signal(signal.SIGHUP)
    built.store.await_state("second", "delivered")


def test_a_wrong_file_at_sighup_changes_nothing(house: Build) -> None:
    built = house()
    gateway = built.start()
    built.config.write_text(built.config.read_text() + "nonsense = 1\n")
    gateway.signal(signal.SIGHUP)
    wait_for(lambda: "configuration_not_taken" in gateway.stderr.read_text(), 10, "the refusal")
    built.store.submit("still")
    built.store.await_state("still", "delivered")


def test_ctrl_c_ends_quietly_with_exit_code_0(house: Build) -> None:
    built = house()
    gateway = built.start()
    gateway.signal(signal.SIGINT)
    assert gateway.wait_end(20) == 0
    assert "Traceback" not in gateway.stderr.read_text()


def test_a_second_signal_does_not_wait_for_the_modem(house: Build) -> None:
    built = house(simulator=("--fault", "lose_answer"))
    gateway = built.start()
    built.store.submit("hanging")
    wait_for(lambda: built.log(), 20, "the submit")
    gateway.signal(signal.SIGTERM)
    wait_for(lambda: "stopping" in gateway.stderr.read_text(), 10, "the stop")
    gateway.signal(signal.SIGTERM)
    gateway.wait_end(15)
    assert "Traceback" not in gateway.stderr.read_text()

    built.start()
    built.store.await_state("hanging", "unconfirmed")
    assert len(built.log()) == 1
