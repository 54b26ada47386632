"""Broker, database, web, alarms, policy and the rest: what is said of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from doctor.test_box import NOW, bad

from gateway.backup.folder import name_of
from gateway.consent.country import load_policies
from gateway.db.migrate import revisions
from gateway.doctor import alarms, backups, broker, configuration, database, policy, running, web
from gateway.doctor.finding import Level

SESSION = broker.Session(protocol="5")
BROKER = broker.BrokerFacts(
    address="127.0.0.1:1883", now=NOW, session=SESSION, username="gateway", trespass=False
)
NEWEST = revisions()[-1]
DATABASE = database.DatabaseFacts(
    place="/var/lib/shopbell/shopbell.db",
    revision=NEWEST,
    known=tuple(revisions()),
    octets=1_000_000,
    key="/var/lib/shopbell/shopbell.db.key",
    key_mode=0o600,
)
WEB = web.WebFacts(
    section="[console]", listen="127.0.0.1:8025", url=None, running=True, answers=True
)
POLICY = policy.PolicyFacts(
    countries=("GB",), for_others=False, unknown_tariffs=(), without_texts=()
)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"unreachable": "Connection refused"}, {"broker.unreachable": Level.WRONG}),
        ({"untrusted": "self-signed"}, {"broker.certificate": Level.WRONG}),
        (
            {"certificate_ends": NOW + timedelta(days=20)},
            {"broker.certificate_ends": Level.WARNING},
        ),
        ({"certificate_ends": NOW + timedelta(days=30)}, {}),
        ({"remote": True}, {"broker.clear": Level.WRONG}),
        ({"remote": True, "certificate_ends": NOW + timedelta(days=30)}, {}),
        ({"refused": "Not authorized", "session": None}, {"broker.login": Level.WRONG}),
        ({"lets_anybody_in": True}, {"broker.anonymous": Level.WRONG}),
        ({"trespass": True, "trespasser": "acme"}, {"broker.trespass": Level.WRONG}),
        ({"trespass": None}, {}),
        (
            {"shared": True, "session": replace(SESSION, shares=False)},
            {"broker.shares": Level.WRONG},
        ),
        ({"session": replace(SESSION, protocol="3.1.1")}, {"broker.protocol": Level.WARNING}),
        ({"session": replace(SESSION, keeps_sessions=False)}, {"broker.lacks": Level.WRONG}),
        ({"session": replace(SESSION, quality=0)}, {"broker.lacks": Level.WRONG}),
        ({"session": replace(SESSION, retains=False)}, {"broker.lacks": Level.WRONG}),
        ({"session": replace(SESSION, in_flight=10)}, {"broker.in_flight": Level.WARNING}),
        ({"session": replace(SESSION, packet=1024)}, {"broker.packet": Level.WARNING}),
    ],
)
def test_what_is_wrong_with_the_broker(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(broker.judge(replace(BROKER, **change))) == found


def test_the_remedy_for_a_broker_elsewhere_is_another() -> None:
    [here] = broker.judge(replace(BROKER, unreachable="refused"))
    [there] = broker.judge(replace(BROKER, unreachable="refused", remote=True))
    assert "systemctl start mosquitto" in here.remedy
    assert "firewall" in there.remedy


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"exists": False, "key_mode": None}, {}),
        ({"trouble": "no"}, {"database.unreadable": Level.WRONG}),
        ({"sound": "row 7 missing"}, {"database.damaged": Level.WRONG}),
        ({"sound": None}, {}),
        ({"log": 200 * 1024**2}, {"database.log": Level.WARNING}),
        ({"revision": "0001"}, {"database.older": Level.WARNING}),
        ({"revision": None}, {"database.older": Level.WARNING}),
        ({"revision": "9999"}, {"database.newer": Level.WRONG}),
        ({"key_mode": None}, {"database.no_key": Level.WRONG}),
        ({"key_mode": 0o640}, {"database.key_open": Level.WRONG}),
    ],
)
def test_what_is_wrong_with_the_database(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(database.judge(replace(DATABASE, **change))) == found


def test_how_an_older_schema_is_brought_up_to_date_hangs_on_whether_a_gateway_runs() -> None:
    def remedy(**change: Any) -> str:
        found = database.judge(replace(DATABASE, revision="0001", **change))
        return next(one.remedy for one in found if one.key == "database.older")

    assert remedy().startswith("`shopbell migrate`")
    assert remedy(process=7).startswith("restart the gateway")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"listen": "0.0.0.0:8025"}, {"console.open": Level.WRONG}),
        ({"listen": "[::]:8025"}, {"console.open": Level.WRONG}),
        ({"listen": "0.0.0.0:8025", "url": "http://box.example"}, {"console.open": Level.WRONG}),
        ({"listen": "0.0.0.0:8025", "url": "https://box.example"}, {}),
        ({"listen": "localhost:8025"}, {}),
        ({"listen": "[::1]:8025"}, {}),
        ({"answers": False}, {"console.dead": Level.WRONG}),
        ({"running": False, "answers": False}, {}),
        ({"section": "[links]", "private": False, "listen": "0.0.0.0:8026"}, {}),
        ({"listen": None, "url": "https://s.example"}, {"console.silent": Level.WARNING}),
        ({"listen": None}, {}),
    ],
)
def test_what_is_wrong_with_a_listener(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(web.judge(replace(WEB, **change))) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (alarms.AlarmFacts(channels=("e-mail",), lines=1), {}),
        (alarms.AlarmFacts(channels=("SMS",), lines=2), {}),
        (alarms.AlarmFacts(channels=("SMS",), lines=None), {}),
        (alarms.AlarmFacts(channels=("SMS",), lines=1), {"alarms.alone": Level.WARNING}),
        (alarms.AlarmFacts(channels=(), lines=2), {"alarms.nobody": Level.WARNING}),
        (
            alarms.AlarmFacts(
                channels=("SMS",),
                lines=2,
                on=[
                    {"kind": "broker_away", "severity": "critical", "detail": "gone"},
                    {"kind": "balance_low", "severity": "warning", "detail": "1 GBP"},
                ],
            ),
            {
                "alarms.broker_away": Level.WRONG,
                "alarms.balance_low": Level.WARNING,
            },
        ),
    ],
)
def test_whether_anybody_is_told(facts: alarms.AlarmFacts, found: dict[str, Level]) -> None:
    assert bad(alarms.judge(facts)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"for_others": True}, {"policy.tenancy": Level.WRONG}),
        ({"countries": ("GB",) * 5}, {"policy.sim_slots": Level.WARNING}),
        ({"countries": ("GB",) * 4 + ("FR",)}, {}),
        ({"unknown_tariffs": ("m0",)}, {"policy.tariff": Level.WARNING}),
        ({"without_texts": ("acme",)}, {"policy.consent_texts": Level.WARNING}),
    ],
)
@pytest.mark.rule("SIM-3", "SIM-4")
def test_what_the_law_says_of_the_box(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(policy.judge(replace(POLICY, **change), load_policies())) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (running.RunningFacts(node="box-1"), {"gateway.stopped": Level.WARNING}),
        (
            running.RunningFacts(node="box-1", runs=True, silent="no answer"),
            {"gateway.silent": Level.WRONG},
        ),
        (running.RunningFacts(node="box-1", runs=True, modems=[]), {}),
    ],
)
def test_whether_the_gateway_answers(facts: running.RunningFacts, found: dict[str, Level]) -> None:
    assert bad(running.judge(facts)) == found


def test_the_configuration_is_told_as_check_has_it() -> None:
    facts = configuration.ConfigurationFacts(file="a.toml", faults=("wrong",), advice=("odd",))
    assert bad(configuration.judge(facts)) == {
        "configuration.fault": Level.WRONG,
        "configuration.advice": Level.WARNING,
    }
    [right] = configuration.judge(configuration.ConfigurationFacts(file="a.toml"))
    assert (right.key, right.level) == ("configuration.right", Level.OK)


BACKUPS = backups.BackupFacts(
    now=NOW,
    server=False,
    folder="/backup",
    every=timedelta(days=1),
    newest=NOW - timedelta(hours=30),
)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"same_disk": True}, {}),
        ({"folder": None, "newest": None}, {"backups.nobody": Level.WARNING}),
        ({"newest": None}, {"backups.none": Level.WARNING}),
        ({"newest": NOW - timedelta(hours=49)}, {"backups.old": Level.WRONG}),
        ({"server": True, "folder": None, "newest": None}, {}),
    ],
)
def test_whether_there_is_a_backup(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(backups.judge(replace(BACKUPS, **change))) == found


def test_the_newest_backup_of_this_gateway_is_found(tmp_path: Path) -> None:
    folder, database = tmp_path / "backup", tmp_path / "shopbell.db"
    folder.mkdir()
    for name in (name_of("box-1", NOW - timedelta(hours=3)), name_of("box-2", NOW)):
        (folder / name).touch()
    facts = backups.look(database, folder, "box-1", timedelta(days=1), NOW)
    assert (facts.newest, facts.same_disk) == (NOW - timedelta(hours=3), True)
    assert backups.look(database, None, "box-1", timedelta(days=1), NOW).newest is None
