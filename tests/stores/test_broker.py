"""The files for Mosquitto: what they say, whose they are, and what is refused instead."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from pathlib import Path

import pytest
from support.stores import CONFIGURATION, US, mode_of

from gateway.domain.errors import ConfigurationError
from gateway.settings import load
from gateway.stores import keeping
from gateway.stores.book import Book
from gateway.stores.broker import Written, write_broker_files
from gateway.stores.mosquitto import MARK
from gateway.stores.system import Account, barrier, broker_account
from gateway.stores.users import complete_users


def write(config: Path, folder: str = "broker") -> Written:
    complete_users(config)
    return write_broker_files(config, config.with_name(folder))


def rewrite(config: Path, *changes: tuple[str, str]) -> None:
    text = config.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    config.write_text(text)


def test_the_files_hold_the_stores_there_are_and_no_others(config: Path) -> None:
    for name in ("books", "gone"):
        keeping.add(config, name, country=None, timezone=None, if_missing=False)
    keeping.remove(config, "gone")
    written = write(config)
    _, passwords, access = written.files
    users = [line.split(":")[0] for line in passwords.read_text().splitlines() if "$7$" in line]
    assert sorted(users) == ["acme", "books", "gateway"]
    assert "user gateway" in access.read_text()
    assert [mode_of(path) for path in written.files] == [0o644, 0o600, 0o600]
    assert mode_of(written.folder / "data") == 0o700


@pytest.mark.rule("G-15")
def test_a_store_that_was_taken_out_by_hand_is_copied_to_no_broker(config: Path) -> None:
    keeping.add(config, "books", country=None, timezone=None, if_missing=False)
    config.write_text(CONFIGURATION)
    assert "books" in Book(config)
    assert "books:" not in write(config).files[1].read_text()


def test_the_same_stores_give_the_same_files_which_are_left_alone(config: Path) -> None:
    first = write(config)
    assert first.changed == first.files
    assert first.restart
    before = [path.stat().st_ino for path in first.files]
    again = write(config)
    assert again.changed == ()
    assert [path.stat().st_ino for path in again.files] == before


def test_a_store_more_needs_a_reload_and_no_restart(config: Path) -> None:
    write(config)
    keeping.add(config, "books", country=None, timezone=None, if_missing=False)
    written = write(config)
    assert [path.name for path in written.changed] == ["shopbell.passwd"]
    assert not written.restart


def test_what_was_loosened_by_hand_is_tightened_again(config: Path) -> None:
    passwords = write(config).files[1]
    passwords.chmod(0o644)
    assert write(config).changed == (passwords,)
    assert mode_of(passwords) == 0o600


def test_who_lacks_a_password_gets_one_and_the_gateway_a_user(config: Path) -> None:
    completed = complete_users(config)
    assert completed.gateway_made
    assert list(completed.stores) == ["acme"]
    settings = load(config)
    assert settings.mqtt.username == "gateway"
    assert settings.mqtt.secret == config.with_name("mqtt.password").read_text().strip()
    assert mode_of(config.with_name("mqtt.password")) == 0o600
    assert (
        config.read_text()
        .replace('username = "gateway"\n', "")
        .replace('password_file = "mqtt.password"\n', "")
        == CONFIGURATION
    )
    again = complete_users(config)
    assert (again.gateway_made, again.stores) == (False, {})


def test_the_bridge_gets_a_user_where_there_is_one(config: Path) -> None:
    written = write(config)
    assert "bridge" not in written.files[1].read_text() + written.files[2].read_text()
    config.write_text(config.read_text() + '\n[bridge]\nlisten = "127.0.0.1:8027"\n')
    written = write(config)
    bridge = load(config).bridge
    assert bridge is not None
    assert bridge.username == "bridge"
    assert bridge.secret == config.with_name("bridge.password").read_text().strip()
    assert "bridge:$7$" in written.files[1].read_text()
    assert "user bridge\ntopic write shopbell/v1/+/events\n" in written.files[2].read_text()
    with pytest.raises(ConfigurationError, match="the bridge's user"):
        keeping.add(config, "bridge", country=None, timezone=None, if_missing=False)


@pytest.mark.parametrize(
    ("bridge", "says"),
    [
        ('username = "acme"\npassword = "x"', "is a store"),
        ('username = "gateway"\npassword = "x"', "is the gateway"),
        ('username = "a:b"\npassword = "x"', "may have letters"),
        ('username = "bridge"', "needs a user of its own"),
    ],
)
def test_a_bridge_that_cannot_be_is_refused(config: Path, bridge: str, says: str) -> None:
    config.write_text(f'{config.read_text()}\n[bridge]\nlisten = "127.0.0.1:8027"\n{bridge}\n')
    with pytest.raises(ConfigurationError, match=says):
        write(config)


@pytest.mark.parametrize(("config_mode", "mode"), [(0o640, 0o640), (0o644, 0o600), (0o600, 0o600)])
def test_who_may_read_the_configuration_by_its_group_may_read_the_gateways_password(
    config: Path, config_mode: int, mode: int
) -> None:
    config.chmod(config_mode)
    complete_users(config)
    assert mode_of(config.with_name("mqtt.password")) == mode


def test_a_password_of_the_gateways_that_is_there_already_is_taken(config: Path) -> None:
    config.with_name("mqtt.password").write_text("from before\n")
    complete_users(config)
    assert load(config).mqtt.secret == "from before"


def test_a_new_password_of_the_gateways_is_taken_up(config: Path) -> None:
    write(config)
    before = Book(config).lines(["gateway"])
    config.with_name("mqtt.password").write_text("another\n")
    assert [path.name for path in write(config).changed] == ["shopbell.passwd"]
    assert Book(config).lines(["gateway"]) != before


@pytest.mark.rule("G-15")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("[broker]", 'username = "acme"\npassword = "x"\n[broker]')], "is a store, which would"),
        ([("[broker]", 'username = "a:b"\npassword = "x"\n[broker]')], "may have letters"),
        ([("[broker]", 'username = "hub"\n[broker]')], "the gateway needs a user of its own"),
        ([("127.0.0.1", "10.0.0.5")], r"would cross the network in the clear; write mqtts://"),
        ([("mqtt://", "mqtts://")], "the broker needs a certificate for that"),
        ([(f'"{US}"', '"nobody-of-that-name"')], "this machine has no user nobody-of-that-name"),
    ],
)
def test_what_cannot_work_is_refused_with_what_would(
    config: Path, changes: list[tuple[str, str]], words: str
) -> None:
    rewrite(config, *changes)
    with pytest.raises(ConfigurationError, match=words):
        write(config)
    assert not config.with_name("broker").exists()


def test_half_a_certificate_and_a_wrong_one_are_refused(config: Path) -> None:
    for name in ("a.pem", "a.key"):
        config.with_name(name).write_text("no PEM\n")
    rewrite(config, ("[broker]", '[broker]\ncert_file = "a.pem"'))
    with pytest.raises(ConfigurationError, match="has a cert_file without a key_file"):
        write(config)
    rewrite(config, ("[broker]", '[broker]\nkey_file = "a.key"'))
    with pytest.raises(ConfigurationError, match="are no certificate in PEM and its key"):
        write(config)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(config: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-days", "1", "-subj", "/CN=x"),
            *("-passout", "pass:secret", "-keyout", config.with_name("a.key")),
            *("-out", config.with_name("a.pem")),
        ],
        check=True,
        capture_output=True,
    )
    rewrite(config, ("[broker]", '[broker]\ncert_file = "a.pem"\nkey_file = "a.key"'))
    with pytest.raises(ConfigurationError, match="without a passphrase"):
        write(config)


def test_somebody_elses_file_is_not_written_over(config: Path) -> None:
    folder = config.with_name("broker")
    folder.mkdir()
    (folder / "shopbell.conf").write_text("listener 1883\n")
    with pytest.raises(ConfigurationError, match=r"shopbell\.conf was not written here"):
        write(config)
    assert (folder / "shopbell.conf").read_text() == "listener 1883\n"
    assert not (folder / "shopbell.passwd").exists()


def test_where_debian_includes_it_the_data_stays_where_debian_has_it(config: Path) -> None:
    written = write(config, "conf.d")
    assert "persistence_location" not in written.files[0].read_text()
    assert not (written.folder / "data").exists()


def test_a_network_of_ones_own_may_go_without_tls_and_it_is_said(config: Path) -> None:
    rewrite(config, ("127.0.0.1", "10.0.0.5"), ("[broker]", '[broker]\nlisten = "10.0.0.5:1883"'))
    written = write(config)
    assert "listener 1883 10.0.0.5\n" in written.files[0].read_text()
    assert "cross the network unsealed" in written.notes[0]


def test_without_stores_the_files_are_those_of_the_gateway_alone(config: Path) -> None:
    keeping.remove(config, "acme")
    assert "there is no [[store]]" in write(config).notes[-1]


def test_mosquitto_gets_its_files_where_root_asks(config: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    try:
        mosquitto = pwd.getpwnam("mosquitto")
    except KeyError:
        pytest.skip("mosquitto is not installed")
    rewrite(config, (f'user = "{US}"', "#"))
    written = write(config)
    assert {(path.stat().st_uid, path.stat().st_gid) for path in written.files} == {
        (mosquitto.pw_uid, mosquitto.pw_gid)
    }
    assert written.folder.stat().st_uid == 0
    assert written.files[0].read_text().startswith(f"{MARK}\n\nuser mosquitto\n")
    assert re.match("Mosquitto runs as mosquitto, who may not enter .* to read", written.notes[0])


def test_only_root_can_give_files_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(ConfigurationError, match="run this with sudo"):
        broker_account("root")
    assert broker_account(None).name == "12345"


def test_what_keeps_a_user_from_a_file_is_found(tmp_path: Path) -> None:
    stranger = Account(name="nobody-of-that-name", uid=54_321, gid=54_321)
    assert barrier(Path("/etc/passwd"), stranger) is None
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    (shut / "file").touch()
    assert barrier(shut / "file", stranger) in (shut, *shut.parents)
    assert barrier(shut / "file", Account(name="root", uid=0, gid=0)) is None
    owner = Account(name=US, uid=os.geteuid(), gid=os.getegid())
    if os.geteuid() != 0:
        (shut / "file").chmod(0o000)
        assert barrier(shut / "file", owner) == shut / "file"
