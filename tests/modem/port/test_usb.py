"""Which tty belongs to which stick is read from sysfs as Linux lays it out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from support.sysfs import Sysfs

from gateway.modem.port.usb import look_up, stick_of, sticks


@pytest.fixture
def sysfs(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path)


def test_a_stick_is_read_with_all_its_ports_in_the_order_of_their_interfaces(sysfs: Sysfs) -> None:
    sysfs.plug("1-1.2", {"ttyUSB4": 2, "ttyUSB5": 0}, serial="0123456789ABCDEF")
    [stick] = sticks(sysfs.root)
    assert (stick.path, stick.id, stick.serial) == ("1-1.2", "12d1:1506", "0123456789ABCDEF")
    assert (stick.manufacturer, stick.product) == ("HUAWEI Technology", "HUAWEI Mobile")
    assert [(port.interface, port.device) for port in stick.ports] == [
        (0, sysfs.dev / "ttyUSB5"),
        (2, sysfs.dev / "ttyUSB4"),
    ]


def test_an_acm_port_hangs_right_under_its_interface(sysfs: Sysfs) -> None:
    sysfs.plug("2-3", {"ttyACM0": 10}, usb="1bc7:0021", acm=True)
    [stick] = sticks(sysfs.root)
    assert (stick.path, stick.id, stick.ports[0].interface) == ("2-3", "1bc7:0021", 10)


def test_equal_sticks_are_told_apart_by_where_they_are_plugged_in(sysfs: Sysfs) -> None:
    for number, path in enumerate(("1-10", "1-2", "1-1.2")):
        sysfs.plug(path, {f"ttyUSB{number}": 0}, serial="same")
    assert [stick.path for stick in sticks(sysfs.root)] == ["1-1.2", "1-2", "1-10"]


def test_consoles_and_a_missing_sysfs_are_no_sticks(sysfs: Sysfs, tmp_path: Path) -> None:
    sysfs.virtual("tty0")
    (sysfs.root / "class" / "tty" / "gone").symlink_to("nowhere")
    assert sticks(sysfs.root) == ()
    assert sticks(tmp_path / "none") == ()


def test_a_relative_name_lies_in_dev(sysfs: Sysfs) -> None:
    sysfs.plug("1-1", {"ttyUSB0": 0})
    uevent = sysfs.root / "class" / "tty" / "ttyUSB0" / "uevent"
    uevent.write_text("MAJOR=188\nMINOR=0\nDEVNAME=ttyUSB0\n")
    assert sticks(sysfs.root)[0].ports[0].device == Path("/dev/ttyUSB0")


def test_a_port_leads_to_its_stick_through_symlinks(sysfs: Sysfs, tmp_path: Path) -> None:
    sysfs.plug("1-1", {"ttyUSB0": 0}, usb="2c7c:0125")
    by_id = tmp_path / "usb-Quectel"
    by_id.symlink_to(sysfs.dev / "ttyUSB0")
    for port in (by_id, str(sysfs.dev / "ttyUSB0")):
        stick = stick_of(port, sysfs.root)
        assert stick is not None
        assert stick.id == "2c7c:0125"
    for port in (tmp_path / "ttyS0", "socket://127.0.0.1:4000"):
        assert stick_of(port, sysfs.root) is None


def test_a_node_under_another_name_is_known_by_its_number(sysfs: Sysfs) -> None:
    master, slave = os.openpty()
    number = os.fstat(slave).st_rdev
    sysfs.plug("1-1", {"ttyUSB0": 0})
    uevent = sysfs.root / "class" / "tty" / "ttyUSB0" / "uevent"
    major, minor = os.major(number), os.minor(number)
    uevent.write_text(f"MAJOR={major}\nMINOR={minor}\nDEVNAME=ttyUSB0\n")
    sysfs.number("ttyUSB0", f"{major}:{minor}")
    stick = stick_of(os.ttyname(slave), sysfs.root)
    os.close(master)
    os.close(slave)
    assert stick is not None
    assert stick.path == "1-1"


def test_a_stick_that_was_pulled_out_is_gone(sysfs: Sysfs) -> None:
    sysfs.plug("1-1.2", {"ttyUSB0": 0})
    sysfs.unplug("1-1.2")
    assert sticks(sysfs.root) == ()


@pytest.mark.looptime
async def test_a_kernel_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("gateway.modem.port.usb.asyncio.to_thread", hang)
    assert await look_up("/dev/ttyUSB0") is None
