"""On a simulated bus a stick has several tty, of which one speaks and others mislead."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]


def ttys(bank: Any) -> dict[int, tuple[str, Path]]:
    """Name and device of each tty by its interface, read as a person would."""
    found = {}
    for entry in (bank.directory / "sys" / "class" / "tty").iterdir():
        told = dict(line.split("=") for line in (entry / "uevent").read_text().split())
        interface = next(
            folder for folder in (entry / "device").resolve().parents if ":" in folder.name
        )
        number = int((interface / "bInterfaceNumber").read_text(), 16)
        found[number] = (entry.name, Path(told["DEVNAME"]))
    return found


def ask(device: Path, command: str, seconds: float = 1.0) -> str:
    """Write a command and return what is said within a time."""
    port = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(port, command.encode())
        return listen(port, seconds)
    finally:
        os.close(port)


def listen(port: int, seconds: float) -> str:
    said, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and b"OK" not in said:
        if select.select([port], [], [], left)[0]:
            said += os.read(port, 4096)
    return said.decode()


@pytest.fixture
def bank(start_bank: Start) -> Any:
    return start_bank("--usb", "--modems", "2")


def test_a_stick_shows_where_it_is_and_what_it_is(bank: Any) -> None:
    stick = bank.directory / "sys" / "devices" / "usb1" / "1-1" / "1-1.2"
    texts = {name: (stick / name).read_text().strip() for name in ("idVendor", "idProduct")}
    assert texts == {"idVendor": "1209", "idProduct": "0001"}
    assert len(list((bank.directory / "sys" / "class" / "tty").iterdir())) == 6


def test_ids_are_those_of_the_kind_of_stick(start_bank: Start) -> None:
    bank = start_bank("--usb", "--profile", "quectel-ec25")
    stick = bank.directory / "sys" / "devices" / "usb1" / "1-1" / "1-1.1"
    assert (stick / "idVendor").read_text() == "2c7c\n"
    assert sorted(ttys(bank)) == [0, 1, 2, 3]


def test_two_tty_take_commands_and_one_never_answers(start_bank: Start) -> None:
    found = ttys(start_bank("--usb"))
    assert "OK" in ask(found[0][1], "AT\r")
    assert "OK" in ask(found[2][1], "AT\r")
    assert ask(found[1][1], "AT\r", 0.3) == ""


def test_what_comes_by_itself_is_said_on_one_tty_alone(start_bank: Start) -> None:
    bank = start_bank("--usb")
    found = ttys(bank)
    ask(found[0][1], "ATE0;+CNMI=2,1,0,1,0\r")
    deaf, speaking = (os.open(found[at][1], os.O_RDWR | os.O_NOCTTY) for at in (0, 2))
    with bank.control() as control:
        control.ask("inbound", "modem0", **{"from": "+447700900456", "text": "STOP"})
    assert "+CMTI" in listen(speaking, 1)
    assert listen(deaf, 0.3) == ""
    os.close(deaf)
    os.close(speaking)


def test_a_stick_that_returns_has_other_tty_names_at_the_same_place(start_bank: Start) -> None:
    bank = start_bank("--usb")
    before = {name for name, _ in ttys(bank).values()}
    with bank.control() as control:
        control.ask("unplug", "modem0")
        assert ttys(bank) == {}
        control.ask("return", "modem0")
    after = {name for name, _ in ttys(bank).values()}
    assert len(after) == 3
    assert not before & after
    assert (bank.directory / "sys" / "devices" / "usb1" / "1-1" / "1-1.1").is_dir()
