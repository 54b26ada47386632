"""Stores are apart at a real Mosquitto that runs on the files of `shopbell broker-config`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.broker import Mosquitto
from support.guest import BAD_CREDENTIALS, DENIED, Guest
from support.processes import wait_for
from support.stores import password_of

from gateway.domain.outward import Outward
from gateway.domain.spelling import Spelling
from gateway.mqtt.retained import Retained
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import SUBSCRIPTIONS, Inward
from gateway.stores import keeping
from gateway.stores.broker import write_broker_files

pytestmark = pytest.mark.rule("G-15")

PRESENCE = "shopbell/v1/gateway/box-1"
Enter = Callable[..., Guest]


@pytest.fixture
def broker(config: Path, start_broker: Callable[[], Mosquitto]) -> Mosquitto:
    for name in ("books", "coffee"):
        keeping.add(config, name, country=None, timezone=None, if_missing=False)
    config.with_name("shopbell.passwd").unlink()  # so that everybody's password is in a file
    return start_broker()


@pytest.fixture
def enter(config: Path, broker: Mosquitto) -> Iterator[Enter]:
    """Connects a user with its password."""
    guests: list[Guest] = []

    def connect(user: str, **options: str) -> Guest:
        guests.append(Guest(broker.port, user, password_of(config, user), **options))
        return guests[-1]

    yield connect
    for guest in guests:
        guest.close()


EVERYTHING = [*Inward, *Outward]


def test_everybody_comes_in_with_the_right_password_alone(
    broker: Mosquitto, enter: Enter, config: Path
) -> None:
    assert enter("gateway").code == enter("acme").code == 0
    stolen = password_of(config, "books")
    for user, password in (("acme", stolen), ("acme", ""), ("nobody", stolen), (None, None)):
        with Guest(broker.port, user, password) as guest:
            assert guest.code in (BAD_CREDENTIALS, DENIED)


def test_the_gateway_may_do_all_that_it_does(enter: Enter) -> None:
    gateway = enter("gateway")
    assert all(gateway.subscribe(topic) < DENIED for topic in SUBSCRIPTIONS)
    assert all(gateway.publish(f"shopbell/v1/acme/{kind}") < DENIED for kind in Outward)
    assert gateway.publish(PRESENCE, retain=True) < DENIED


def test_a_store_may_do_all_that_it_is_for(enter: Enter) -> None:
    gateway, acme = enter("gateway"), enter("acme")
    for kind in Outward:
        acme.subscribe(f"shopbell/v1/acme/{kind}")
        gateway.publish(f"shopbell/v1/acme/{kind}", kind)
    acme.subscribe("shopbell/v1/gateway/+")
    gateway.publish(PRESENCE)
    assert all(acme.publish(f"shopbell/v1/acme/{kind}") < DENIED for kind in Inward)
    wait_for(lambda: len(acme.heard) == len(Outward) + 1, 10, f"all of {acme.heard}")


def test_a_store_writes_to_nothing_but_its_own_jobs_and_cancels(enter: Enter) -> None:
    foreign = [f"shopbell/v1/{who}/{kind}" for who in ("books", "gateway") for kind in EVERYTHING]
    its_own = [f"shopbell/v1/acme/{kind}" for kind in Outward]
    nobodys = ["shopbell/v1", "shopbell/v1/acme", "shopbell/v1/acme/jobs/x", "$SYS/x", "x"]
    for topic in [*foreign, *its_own, PRESENCE, *nobodys]:
        # Mosquitto 2.0.11 ends the connection behind a refusal.
        assert enter("acme").publish(topic) == DENIED, topic
        assert enter("acme").publish(topic, retain=True) == DENIED, topic


def test_a_store_hears_nothing_of_another_however_it_asks(enter: Enter) -> None:
    """Mosquitto grants the subscription, and holds back at each message what is not granted."""
    gateway, acme, books = enter("gateway"), enter("acme"), enter("books")
    for pattern in ("#", "shopbell/#", "shopbell/v1/+/+", "$share/g/shopbell/v1/+/+"):
        acme.subscribe(pattern)
    for kind in EVERYTHING:
        acme.subscribe(f"shopbell/v1/books/{kind}")
    for told in Outward:
        gateway.publish(f"shopbell/v1/books/{told}", "for books")
    for asked in Inward:
        books.publish(f"shopbell/v1/books/{asked}", "of books")
    gateway.publish("shopbell/v1/acme/status", "for acme")
    wait_for(lambda: acme.heard, 10, "what is for acme, behind all of the others")
    assert {topic for topic, _, _ in acme.heard} == {"shopbell/v1/acme/status"}


def test_a_store_hears_no_job_not_even_its_own(enter: Enter) -> None:
    """Who got hold of a store's password does not get at the numbers that the store publishes."""
    acme, thief, gateway = enter("acme"), enter("acme", session="thief"), enter("gateway")
    thief.subscribe("shopbell/v1/acme/#")
    acme.publish("shopbell/v1/acme/jobs", "a job")
    gateway.publish("shopbell/v1/acme/status", "a status")
    wait_for(lambda: thief.heard, 10, "the status")
    assert [payload for _, payload, _ in thief.heard] == [b"a status"]


def test_the_bridge_tells_events_of_every_store_and_does_nothing_else(
    config: Path, start_broker: Callable[[], Mosquitto]
) -> None:
    """It faces the internet: who got into it must not get at jobs, or at what persons wrote."""
    config.write_text(config.read_text() + '\n[bridge]\nlisten = "127.0.0.1:8027"\n')
    broker = start_broker()
    password = config.with_name("bridge.password").read_text().strip()

    def bridge() -> Guest:
        return Guest(broker.port, "bridge", password)

    with bridge() as guest, Guest(broker.port, "gateway", password_of(config, "gateway")) as ours:
        ours.subscribe("shopbell/v1/+/events")
        assert guest.publish("shopbell/v1/acme/events") < DENIED
        for pattern in ("#", "shopbell/v1/+/+"):
            guest.subscribe(pattern)
        for kind in EVERYTHING:
            ours.publish(f"shopbell/v1/acme/{kind}", "of acme")
        ours.publish("shopbell/v1/bridge/status", "a mark behind the others")
        wait_for(lambda: guest.heard, 10, "the mark")
        assert {topic for topic, _, _ in guest.heard} == {"shopbell/v1/bridge/status"}
    for kind in (Inward.JOBS, Inward.CANCEL, *Outward):
        with bridge() as guest:
            assert guest.publish(f"shopbell/v1/acme/{kind}") == DENIED, kind


def test_a_will_reaches_no_further_than_its_store(enter: Enter) -> None:
    gateway = enter("gateway")
    assert all(gateway.subscribe(topic) < DENIED for topic in SUBSCRIPTIONS)
    for owner in ("books", "acme"):
        enter("acme", will=f"shopbell/v1/{owner}/jobs").break_off()
    wait_for(lambda: gateway.heard, 10, "the will that is granted, behind the other")
    assert [topic for topic, _, _ in gateway.heard] == ["shopbell/v1/acme/jobs"]


def test_who_takes_anothers_session_gets_nothing_out_of_it(enter: Enter) -> None:
    """It throws the other out, which docs/broker.md says; it must not read what waited there."""
    books = enter("books", session="books-shop")
    books.subscribe("shopbell/v1/books/status")
    books.close()
    gateway = enter("gateway")
    gateway.publish("shopbell/v1/books/status", "for books")
    thief = enter("acme", session="books-shop")
    thief.subscribe("shopbell/v1/acme/status")
    gateway.publish("shopbell/v1/acme/status", "for acme")
    wait_for(lambda: thief.heard, 10, "what is for acme")
    assert [payload for _, payload, _ in thief.heard] == [b"for acme"]


@pytest.mark.parametrize("change", [keeping.rotate, keeping.remove])
def test_who_has_an_old_password_is_thrown_out_and_nobody_else(
    broker: Mosquitto, enter: Enter, config: Path, change: Callable[[Path, str], keeping.Kept]
) -> None:
    acme, books = enter("acme"), enter("books")
    old = password_of(config, "acme")
    new = change(config, "acme").password
    write_broker_files(config, config.with_name("broker"))
    broker.reload()
    assert acme.gone.wait(10)
    assert books.publish("shopbell/v1/books/jobs") < DENIED
    with Guest(broker.port, "acme", old) as guest:
        assert guest.code == DENIED
    if new is not None:
        with Guest(broker.port, "acme", new) as guest:
            assert guest.code == 0


def test_a_new_store_comes_in_after_a_reload(broker: Mosquitto, config: Path) -> None:
    kept = keeping.add(config, "late", country=None, timezone=None, if_missing=False)
    write_broker_files(config, config.with_name("broker"))
    broker.reload()

    def welcome() -> bool:
        with Guest(broker.port, "late", kept.password) as guest:
            return guest.code == 0

    wait_for(welcome, 10, "the new store's welcome")


@pytest.mark.rule("G-7")
async def test_an_erasure_finds_what_was_retained_of_a_person_and_that_alone(
    broker: Mosquitto, enter: Enter, config: Path
) -> None:
    """No gateway runs here, which would have taken it away; a status is from before the list."""
    gateway, acme = enter("gateway"), enter("acme")
    acme.publish("shopbell/v1/acme/jobs", '{"to": "+447700900123"}', retain=True)
    acme.publish("shopbell/v1/acme/cancel", '{"id": "447700900456"}', retain=True)
    gateway.publish("shopbell/v1/books/inbound", '{"from": "+447700900123"}', retain=True)
    settings = MqttSettings(
        host=broker.host,
        port=broker.port,
        node="box-1",
        username="gateway",
        password=password_of(config, "gateway"),
    )
    assert await Retained(settings).forget(Spelling("+447700900123")) == 2
    watcher = enter("gateway")
    watcher.subscribe("shopbell/v1/#")
    watcher.publish(PRESENCE)
    watcher.publish("shopbell/v1/acme/jobs", "the last")
    wait_for(lambda: ("shopbell/v1/acme/jobs", b"the last", False) in watcher.heard, 10, "the last")
    assert [topic for topic, _, kept in watcher.heard if kept] == ["shopbell/v1/acme/cancel"]


def test_stores_elsewhere_come_in_over_tls(
    config: Path, start_broker: Callable[[], Mosquitto], tmp_path: Path
) -> None:
    certificate = tmp_path / "broker.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", tmp_path / "broker.key", "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    port = 32_001
    config.write_text(
        config.read_text().replace(
            "[broker]",
            f'[broker]\ntls_listen = "127.0.0.1:{port}"\ncert_file = "broker.pem"\n'
            'key_file = "broker.key"',
        )
    )
    start_broker()
    with Guest(port, "acme", password_of(config, "acme"), ca=str(certificate)) as acme:
        assert acme.code == 0
        assert acme.publish("shopbell/v1/acme/jobs") < DENIED
        assert acme.publish("shopbell/v1/books/jobs") == DENIED
