"""USB, ports, ModemManager and modems: what is said of facts, and how they are gathered."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from doctor.test_box import bad

from gateway.doctor import modem_manager, modems, ports, usb
from gateway.doctor.account import Account, account_of
from gateway.doctor.finding import Level
from gateway.domain.alarms import AlarmKind
from gateway.modem.status import ModemState

STICK = usb.UsbDevice(
    path="1-1.2",
    vendor="12d1",
    product="1506",
    name="HUAWEI Mobile",
    classes=("ff", "ff", "08"),
    power_control="on",
    milliamperes=500,
)
HUB = usb.UsbDevice(path="1-1", vendor="1a40", product="0101", classes=("09",), self_powered=True)
PORT = ports.PortFacts(
    modem="m0",
    port="/dev/shopbell/1-1.2-if02",
    device="/dev/ttyUSB2",
    user="shopbell",
    group="dialout",
)
MANAGER = modem_manager.ManagerFacts(
    running=False,
    rules="/etc/udev/rules.d/76-shopbell.rules",
    current=True,
    sticks=True,
    source="r",
)
MODEM = modems.ModemFacts(
    name="m0", state=ModemState.READY, operator="Test", signal_dbm=-71, centre=True, used=0.1
)


def seen(*devices: usb.UsbDevice, **facts: Any) -> dict[str, Level]:
    return bad(usb.judge(usb.UsbFacts(devices=devices, **facts)))


def test_a_stick_at_a_hub_with_a_supply_is_well() -> None:
    assert seen(HUB, STICK) == {}
    [found] = usb.judge(usb.UsbFacts(devices=(HUB, STICK)))
    assert found.key == "usb.sticks"
    assert "HUAWEI Mobile (12d1:1506) at 1-1.2" in found.what


def test_a_stick_that_is_still_a_cdrom_is_named() -> None:
    assert seen(replace(STICK, classes=("08",))) == {"usb.cdrom": Level.WRONG}
    assert seen(replace(STICK, vendor="0781", classes=("08",))) == {}


def test_a_stick_that_may_fall_asleep_is_named() -> None:
    assert seen(replace(STICK, power_control="auto")) == {"usb.sleep": Level.WARNING}


def test_a_hub_that_feeds_more_than_it_gets_is_named() -> None:
    passive = replace(HUB, self_powered=False)
    assert seen(passive, STICK) == {"usb.hub": Level.WARNING}
    assert seen(passive, replace(STICK, milliamperes=100)) == {}
    assert seen(passive, replace(STICK, self_powered=True)) == {}
    assert seen(passive, replace(STICK, path="1-2.1")) == {}


def test_a_raspberry_pi_with_a_weak_supply_is_named() -> None:
    assert seen(throttled=0x50005) == {"usb.under_voltage": Level.WRONG}
    assert seen(throttled=0x50000) == {"usb.under_voltage": Level.WARNING}
    assert seen(throttled=0x8) == {}
    assert seen(low_voltage=True) == {"usb.under_voltage": Level.WRONG}


def test_sysfs_is_read_as_the_kernel_shows_it(tmp_path: Path) -> None:
    stick = tmp_path / "bus/usb/devices/1-1.2"
    texts = {
        "idVendor": "12d1",
        "idProduct": "1506",
        "product": "HUAWEI Mobile",
        "bMaxPower": "500mA",
        "bmAttributes": "c0",
        "power/control": "auto",
        "1-1.2:1.0/bInterfaceClass": "ff",
        "1-1.2:1.1/bInterfaceClass": "08",
    }
    for name, text in texts.items():
        file = stick / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    firmware = tmp_path / "devices/platform/soc/soc:firmware/get_throttled"
    firmware.parent.mkdir(parents=True)
    firmware.write_text("50005\n")
    facts = usb.look(tmp_path)
    assert facts.devices == (
        replace(STICK, classes=("ff", "08"), power_control="auto", self_powered=True),
    )
    assert facts.throttled == 0x50005
    assert usb.look(tmp_path / "nowhere") == usb.UsbFacts(devices=())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"device": ""}, {"ports.missing": Level.WRONG}),
        ({"device": "", "port": "auto"}, {"ports.no_stick": Level.WRONG}),
        ({"allowed": False}, {"ports.permission": Level.WRONG}),
        ({"holder": "minicom (PID 7)"}, {"ports.taken": Level.WRONG}),
        ({"port": "/dev/ttyUSB2"}, {"ports.name": Level.WARNING}),
    ],
)
def test_what_is_wrong_with_a_port(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(ports.judge([replace(PORT, **change)])) == found


def test_two_modems_at_one_port_are_named() -> None:
    shared = [PORT, replace(PORT, modem="m1", port="/dev/serial/by-id/usb-x")]
    assert bad(ports.judge(shared)) == {"ports.shared": Level.WRONG}


def test_the_remedy_of_a_missing_permission_names_user_and_group() -> None:
    [found] = ports.judge([replace(PORT, allowed=False)])
    assert found.remedy.startswith("`usermod -aG dialout shopbell`")


def node(mode: int, uid: int = 0, gid: int = 20) -> os.stat_result:
    return SimpleNamespace(st_mode=0o020000 | mode, st_uid=uid, st_gid=gid)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("account", "of", "may"),
    [
        ((1000, {1000}), node(0o660), False),
        ((1000, {1000, 20}), node(0o660), True),
        ((1000, {1000}), node(0o666), True),
        ((1000, {1000}), node(0o600, uid=1000), True),
        ((1000, {1000, 20}), node(0o640), False),
        ((0, {0}), node(0o600), True),
    ],
    ids=["stranger", "member", "anybody", "owner", "member who may read alone", "root"],
)
def test_who_may_use_a_port(account: tuple[int, set[int]], of: os.stat_result, may: bool) -> None:
    uid, groups = account
    assert Account(uid=uid, name="x", groups=frozenset(groups)).may_use(of) is may


def test_the_gateways_user_is_that_of_its_process(tmp_path: Path) -> None:
    status = tmp_path / "77" / "status"
    status.parent.mkdir()
    status.write_text("Name:\tshopbell\nUid:\t1\t1000\t1\t1\nGid:\t1\t1001\t1\t1\nGroups:\t20 29\n")
    account = account_of(77, (), tmp_path)
    assert (account.uid, account.groups) == (1000, {1001, 20, 29})


def test_while_it_does_not_run_its_user_is_the_owner_of_its_files(tmp_path: Path) -> None:
    account = account_of(None, (tmp_path / "nowhere", tmp_path))
    assert account.uid == tmp_path.stat().st_uid


def test_ports_are_looked_at_with_who_holds_them(tmp_path: Path) -> None:
    held = tmp_path / "tty"
    held.touch()
    proc = tmp_path / "proc"
    (proc / "7" / "fd").mkdir(parents=True)
    (proc / "7" / "comm").write_text("minicom\n")
    (proc / "7" / "fd" / "3").symlink_to(held)
    account = Account(uid=0, name="root", groups=frozenset())
    named = [("m0", str(held)), ("m1", "socket://192.0.2.1:2000"), ("m2", str(tmp_path / "no"))]
    found = ports.look(named, account, None, tmp_path, proc)
    assert [(one.modem, one.holder, bool(one.device)) for one in found] == [
        ("m0", "minicom (PID 7)", True),
        ("m2", "", False),
    ]
    [ours, _] = ports.look(named, account, 7, tmp_path, proc)
    assert ours.holder == ""


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"running": True}, {}),
        ({"rules": "", "running": True}, {"modemmanager.running": Level.WRONG}),
        ({"rules": ""}, {"modemmanager.no_rules": Level.WARNING}),
        ({"current": False}, {"modemmanager.old_rules": Level.WARNING}),
        ({"rules": "", "running": True, "sticks": False}, {}),
    ],
)
def test_modem_manager_is_kept_off_or_named(
    change: dict[str, Any], found: dict[str, Level]
) -> None:
    assert bad(modem_manager.judge(replace(MANAGER, **change))) == found


def test_rules_are_found_where_udev_reads_them(tmp_path: Path) -> None:
    source, folder = tmp_path / "ours", tmp_path / "rules.d"
    source.write_text("1")
    folder.mkdir()
    folders = (tmp_path / "nowhere", folder)
    assert modem_manager.look(sticks=True, source=source, folders=folders).rules == ""
    installed = folder / "76-shopbell.rules"
    installed.write_text("0")
    facts = modem_manager.look(sticks=True, source=source, folders=folders)
    assert (facts.rules, facts.current) == (str(installed), False)
    installed.write_text("1")
    assert modem_manager.look(sticks=True, source=source, folders=folders).current


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"signal_dbm": -101}, {"modems.weak": Level.WARNING}),
        ({"centre": False}, {"modems.no_centre": Level.WRONG}),
        ({"used": 0.8}, {"modems.storage_filling": Level.WARNING}),
        ({"asked": 40, "reported": 10}, {"modems.reports": Level.WARNING}),
        ({"asked": 10, "reported": 0}, {}),
        ({"signal_dbm": None, "centre": None, "used": None}, {}),
        ({"state": ModemState.MISSING}, {"modems.missing": Level.WRONG}),
        ({"state": ModemState.STARTING}, {"modems.starting": Level.WARNING}),
        ({"state": ModemState.NO_SIM}, {"modems.no_sim": Level.WRONG}),
        ({"state": ModemState.PIN_REQUIRED}, {"modems.pin_required": Level.WRONG}),
        ({"state": ModemState.PUK_REQUIRED}, {"modems.puk_required": Level.WRONG}),
        ({"state": ModemState.NOT_REGISTERED}, {"modems.not_registered": Level.WARNING}),
        ({"state": ModemState.NO_SERVICE}, {"modems.no_service": Level.WRONG}),
        ({"state": ModemState.FAILED}, {"modems.failed": Level.WRONG}),
        ({"state": ModemState.STOPPED}, {"modems.stopped": Level.WRONG}),
        ({"alarms": ((AlarmKind.BALANCE_LOW, "2.10 GBP"),)}, {"modems.balance_low": Level.WARNING}),
        (
            {"state": ModemState.NO_SIM, "alarms": ((AlarmKind.NO_SIM, "no SIM"),)},
            {"modems.no_sim": Level.WRONG},
        ),
    ],
)
def test_how_a_modem_stands(change: dict[str, Any], found: dict[str, Level]) -> None:
    assert bad(modems.judge([replace(MODEM, **change)])) == found


def test_what_an_alarm_says_is_not_said_twice() -> None:
    alarmed = replace(MODEM, state=ModemState.NO_SIM, alarms=((AlarmKind.NO_SIM, "no SIM"),))
    assert len(list(modems.judge([alarmed]))) == 1


def test_a_modem_that_is_well_is_one_line() -> None:
    [found] = modems.judge([MODEM])
    assert (found.key, found.what) == ("modems.ready", "m0 is ready at Test, -71 dBm")


def test_no_modem_at_all_is_told() -> None:
    assert bad(modems.judge([])) == {"modems.none": Level.WARNING}


def test_what_a_gateway_tells_is_read() -> None:
    told = {
        "name": "m0",
        "state": "no_service",
        "last_error": None,
        "operator": "Test",
        "signal_dbm": -90,
        "report_ratio": {"asked": 30, "reported": 29},
        "alarms": [
            {"kind": "no_service", "detail": "none", "since": "…"},
            {"kind": "of_a_newer_version", "detail": "?", "since": "…"},
        ],
    }
    assert modems.read(told) == modems.ModemFacts(
        name="m0",
        state=ModemState.NO_SERVICE,
        operator="Test",
        signal_dbm=-90,
        asked=30,
        reported=29,
        alarms=((AlarmKind.NO_SERVICE, "none"),),
    )
