"""What the doctor sees of a real broker, a real file and a modem that hangs."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from doctor.test_box import NOW, bad
from mqtt.conftest import make_broker
from mqtt.test_session import certificate
from support.broker import Mosquitto
from support.ports import free_port
from support.processes import wait_for

from gateway.db.engine import writing_engine
from gateway.db.lock import hold_lock
from gateway.db.migrate import _configuration, migrate, revisions
from gateway.doctor import broker, database, knocking, reading, stick, web
from gateway.doctor.account import parent_of
from gateway.doctor.finding import Level
from gateway.domain.clock import SystemClock
from gateway.modem.status import ModemState
from gateway.mqtt.settings import MqttSettings
from gateway.settings import load

__all__ = ["certificate", "make_broker"]

MakeBroker = Callable[..., Mosquitto]


def settings(port: int, **options: Any) -> MqttSettings:
    return MqttSettings(host="127.0.0.1", port=port, node="box-1", **options)


def found(facts: broker.BrokerFacts) -> dict[str, Level]:
    return bad(broker.judge(facts))


def test_a_broker_that_lets_anybody_in_is_found_out(make_broker: MakeBroker) -> None:
    port = make_broker().port
    assert found(knocking.look(settings(port), NOW)) == {"broker.anonymous": Level.WRONG}
    named = settings(port, username="gateway", password="x")
    assert found(knocking.look(named, NOW)) == {"broker.anonymous": Level.WRONG}


def test_a_broker_that_knows_us_and_nobody_else_is_well(make_broker: MakeBroker) -> None:
    made = make_broker(anonymous=False)
    made.add_user("gateway", "secret")
    right = knocking.look(settings(made.port, username="gateway", password="secret"), NOW)
    assert found(right) == {}
    assert right.session is not None
    assert right.session.keeps_sessions
    wrong = knocking.look(settings(made.port, username="gateway", password="other"), NOW)
    assert found(wrong) == {"broker.login": Level.WRONG}


def test_the_doctor_leaves_no_session_and_ends_nobodys(make_broker: MakeBroker) -> None:
    made = make_broker()
    knocking.look(settings(made.port), NOW)
    assert " as shopbell-box-1 " not in made.log
    assert f" as shopbell-doctor-{os.getpid()} " in made.log
    # A session that is kept would be resumed by the next with its name.
    gone = f"Client shopbell-doctor-{os.getpid()} disconnected."
    wait_for(lambda: gone in made.log, 20, "the broker saw it leave")


def test_mqtt_3_1_1_is_spoken_where_it_is_asked_for(make_broker: MakeBroker) -> None:
    facts = knocking.look(settings(make_broker().port, protocol="3.1.1"), NOW)
    assert facts.session == broker.Session(protocol="3.1.1")


def test_a_store_that_may_publish_as_another_is_found_out(
    make_broker: MakeBroker, tmp_path: Path
) -> None:
    made = make_broker(anonymous=False)
    for name in ("gateway", "acme"):
        made.add_user(name, "secret")
    us = settings(made.port, username="gateway", password="secret")
    assert knocking.look(us, NOW).trespass is None
    assert found(knocking.look(us, NOW, {"acme": "secret"})) == {"broker.trespass": Level.WRONG}

    made.stop()
    rules = tmp_path / "rules.acl"
    rules.write_text("user gateway\ntopic readwrite #\npattern write shopbell/v1/%u/jobs\n")
    rules.chmod(0o600)
    made.extra = f"acl_file {rules}"
    made.start()
    kept = knocking.look(us, NOW, {"acme": "secret"})
    assert (kept.trespass, kept.trespasser, found(kept)) == (False, "acme", {})


def test_nobody_at_the_port_is_told() -> None:
    facts = knocking.look(settings(free_port()), NOW)
    assert facts.unreachable == "Connection refused"


def test_what_speaks_no_tls_is_not_believed(make_broker: MakeBroker) -> None:
    facts = knocking.look(settings(make_broker().port, tls=True), NOW)
    assert facts.untrusted or facts.unreachable
    assert set(found(facts)) <= {"broker.certificate", "broker.unreachable"}


def test_a_certificate_is_believed_from_whom_it_should_and_its_end_is_told(
    make_broker: MakeBroker, certificate: tuple[Path, Path]
) -> None:
    """It is good for two days."""
    made = make_broker(extra="certfile {}\nkeyfile {}".format(*certificate))
    trusted = settings(made.port, tls=True, ca_file=certificate[0])
    facts = knocking.look(trusted, SystemClock().now())
    assert "broker.certificate_ends" in found(facts)
    assert facts.session is not None
    strange = knocking.look(settings(made.port, tls=True), NOW)
    assert found(strange) == {"broker.certificate": Level.WRONG}
    assert "self-signed" in strange.untrusted or "self signed" in strange.untrusted


async def answering(words: bytes) -> bool:
    """Tell whether a listener that says words to whoever comes is taken for the console."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        return (await web.look("[console]", f"127.0.0.1:{port}", None, running=True)).answers


@pytest.mark.parametrize(
    ("words", "console"),
    [
        (b'HTTP/1.1 503 \r\n\r\n{"status":"dead","why":"storage"}', True),
        (b"HTTP/1.1 404 Not Found\r\n\r\n<p>nginx</p>", False),
        (b"", False),
    ],
)
def test_another_program_at_the_consoles_port_is_not_taken_for_it(
    words: bytes, console: bool
) -> None:
    assert asyncio.run(answering(words)) is console


def test_whose_child_a_process_is_can_be_told() -> None:
    """The console of a gateway is no second program that writes to its database."""
    assert parent_of(os.getpid()) == os.getppid()
    assert parent_of(2**22 + 1) == 0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration, and a database of this version with its keys."""
    config = tmp_path / "shopbell.toml"
    config.write_text(
        '[gateway]\nnode = "box-1"\ncountry = "GB"\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n'
    )
    engine = writing_engine(f"sqlite:///{tmp_path / 'shopbell.db'}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    (tmp_path / "shopbell.db.key").touch(mode=0o600)
    return config


def seen(file: Path) -> dict[str, Level]:
    return bad(database.judge(reading.look(load(file).database)))


def test_a_sound_database_is_well_and_nothing_is_left_beside_it(file: Path) -> None:
    before = sorted(file.parent.iterdir())
    assert seen(file) == {}
    assert sorted(file.parent.iterdir()) == before


def test_a_damaged_database_is_told(file: Path) -> None:
    path = file.with_name("shopbell.db")
    octets = bytearray(path.read_bytes())
    octets[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    path.write_bytes(octets)
    assert "database.damaged" in seen(file)


def test_a_file_that_is_no_database_is_told(file: Path) -> None:
    file.with_name("shopbell.db").write_bytes(b"x" * 8192)
    assert "database.damaged" in seen(file)


def test_an_older_database_is_told(file: Path) -> None:
    path = file.with_name("shopbell.db")
    path.unlink()
    engine = writing_engine(f"sqlite:///{path}", enforce_keys=False)
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), revisions()[-2])
    engine.dispose()
    assert seen(file) == {"database.older": Level.WARNING}


def test_a_database_at_work_is_read_beside_its_gateway(file: Path) -> None:
    path = file.with_name("shopbell.db")
    with closing(sqlite3.connect(path)) as at_work:
        at_work.execute("PRAGMA journal_mode = WAL")
        at_work.execute("CREATE TABLE more (a)")
        at_work.commit()
        with hold_lock(path.resolve()):
            facts = reading.look(load(file).database)
    assert facts.process == os.getpid()
    assert (facts.sound, facts.log > 0) == ("ok", True)


def test_a_key_that_others_can_read_and_one_that_is_gone_are_told(file: Path) -> None:
    key = file.with_name("shopbell.db.key")
    key.chmod(0o644)
    assert seen(file) == {"database.key_open": Level.WRONG}
    key.unlink()
    assert seen(file) == {"database.no_key": Level.WRONG}


def test_without_a_database_there_is_nothing_to_say(file: Path) -> None:
    file.with_name("shopbell.db").unlink()
    assert seen(file) == {}


async def test_a_modem_that_says_nothing_hides_none_of_the_others(tmp_path: Path) -> None:
    master, slave = os.openpty()
    try:
        silent = os.ttyname(slave)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(stick, "ANSWER", 0.3)
            facts = await stick.look(
                [("m0", silent), ("m1", str(tmp_path / "no")), ("m2", "socket://192.0.2.1:1")],
                tmp_path,
            )
    finally:
        os.close(master)
        os.close(slave)
    assert [(one.name, one.state) for one in facts] == [
        ("m0", ModemState.FAILED),
        ("m1", ModemState.MISSING),
    ]
