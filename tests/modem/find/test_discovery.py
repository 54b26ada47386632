"""Which stick is whose and which of its ports is best, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sysfs import Sysfs

from gateway.domain.ids import ModemName
from gateway.modem.find.discovery import (
    Trial,
    best,
    modem_name,
    named_paths,
    ports_to_try,
    profile_of,
    settled,
    unnamed,
)
from gateway.modem.known.profile import Ports
from gateway.modem.port.usb import UsbPort, UsbStick, sticks


def port(interface: int) -> UsbPort:
    return UsbPort(device=Path(f"/dev/ttyUSB{interface}"), interface=interface, number=(188, 0))


def stick(*interfaces: int, path: str = "1-1.2", usb: str = "12d1:1506") -> UsbStick:
    ports = tuple(port(interface) for interface in interfaces)
    return UsbStick(path=path, id=usb, serial="", manufacturer="", product="", ports=ports)


@pytest.mark.parametrize(
    ("known", "interfaces"),
    [
        (Ports(commands=(2, 0), never=(1,)), [2, 0]),
        (Ports(commands=(2, 3), never=(0, 1)), [2, 3]),
        (Ports(commands=(9,), never=(1,)), [0, 2, 3]),
        (Ports(never=(0, 1)), [2, 3]),
        (Ports(), [0, 1, 2, 3]),
    ],
)
def test_ports_are_tried_as_the_profile_ranks_them_and_some_are_never_opened(
    known: Ports, interfaces: list[int]
) -> None:
    tried = ports_to_try(stick(0, 1, 2, 3), known)
    assert [port.interface for port in tried] == interfaces


def test_the_profile_is_known_by_the_usb_id() -> None:
    assert profile_of(stick(0, usb="2c7c:0125")).ports.never == (0, 1)
    assert profile_of(stick(0, usb="dead:beef")).ports == Ports()


@pytest.mark.parametrize(
    ("trials", "chosen"),
    [
        ([(False, False), (True, False), (True, True)], 2),
        ([(True, False), (True, False)], 0),
        ([(False, True), (True, False)], 1),
        ([(False, True), (False, False)], None),
    ],
)
def test_the_best_port_answers_and_says_what_comes_in_else_order_decides(
    trials: list[tuple[bool, bool]], chosen: int | None
) -> None:
    found = best(
        [
            Trial(port=port(place), answers=answers, speaks=speaks)
            for place, (answers, speaks) in enumerate(trials)
        ]
    )
    assert (None if found is None else found.port.interface) == chosen


def test_a_stick_settles_when_two_looks_saw_the_same_of_it() -> None:
    half, whole = stick(0), stick(0, 1)
    assert settled([half], [whole]) == {}
    assert settled([whole], [whole]) == {"1-1.2": whole}
    assert settled([whole], []) == {}


def test_sticks_that_an_entry_names_by_path_glob_or_symlink_are_not_found(
    tmp_path: Path,
) -> None:
    sysfs = Sysfs(tmp_path)
    for number in range(4):
        sysfs.plug(f"1-{number + 1}", {f"ttyUSB{number}": 0})
    (tmp_path / "by-id").symlink_to(sysfs.dev / "ttyUSB1")
    named = named_paths(
        [
            str(sysfs.dev / "ttyUSB0"),
            str(tmp_path / "by-*"),
            str(sysfs.dev / "none"),
            "socket://127.0.0.1:4000",
        ],
        sysfs.root,
    )
    assert named == {"1-1", "1-2"}
    assert [stick.path for stick in unnamed(sticks(sysfs.root), named)] == ["1-3", "1-4"]


def test_equal_sticks_become_two_modems() -> None:
    names = {modem_name(ModemName("box"), stick(0, path=path)) for path in ("1-1.2", "1-1.3")}
    assert names == {"box-1-1.2", "box-1-1.3"}
