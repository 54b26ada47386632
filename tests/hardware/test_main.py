"""The bank as a process of its own."""

from __future__ import annotations

import signal

import pytest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_is_ready_when_its_ports_are_and_ends_cleanly(start_bank, number) -> None:
    process = start_bank("--modems", "2")
    assert process.first_line == "ready\n"
    assert process.port(1).is_symlink()
    assert process.stop(number) == 0
    assert not process.port(1).is_symlink()


def test_its_options_reach_the_modems(start_bank) -> None:
    process = start_bank("--boot", "60", "--noise", "--fault", "reject=38*2", "--pin", "1234")
    with process.control() as client:
        state = client.state()["modem0"]
    assert state["mode"] == "booting"
    assert [(fault["name"], fault["value"]) for fault in state["faults"]] == [
        ("reject", "38"),
        ("noise", None),
    ]


def test_the_next_bank_takes_over_what_a_killed_one_left(tmp_path_factory, start_bank) -> None:
    from_before = start_bank()
    from_before.stop(signal.SIGKILL)
    assert from_before.port().is_symlink()
    again = type(from_before)(from_before.directory)
    assert again.first_line == "ready\n"
    assert again.stop() == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--fault", "nonsense"], "no fault is called 'nonsense'"),
        (["--modems", "0"], "at least one modem"),
        (["--latency", "-1"], "must not be negative"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(start_bank, options: list[str], reason: str) -> None:
    process = start_bank(*options)
    _, complaint = process.popen.communicate(timeout=10)
    assert process.popen.returncode == 1
    assert reason in complaint
    assert complaint.count("\n") == 1
