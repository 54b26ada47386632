"""A port that cannot be opened says who has it or what is missing, and what would help."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gateway.domain.alarms import AlarmKind
from gateway.modem.port.refusal import explain, is_missing, is_taken
from gateway.modem.port.transport import PortTakenError
from tests.modem.bench import MemorySink, until
from tests.modem.peer import Peer
from tests.modem.test_supervisor import Socket, User, supervised

BUSY = OSError(errno.EBUSY, "Device or resource busy")


class Processes:
    """A table of processes, as /proc shows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = folder / "ttyUSB0"
        self.port.touch()

    def run(self, pid: int, name: str, *opened: Path, readable: bool = True) -> None:
        process = self.folder / str(pid)
        process.mkdir()
        (process / "comm").write_text(f"{name}\n")
        if readable:
            (process / "fd").mkdir()
        for number, path in enumerate(opened):
            (process / "fd" / str(number)).symlink_to(path)

    def explain(self, error: OSError = BUSY) -> str:
        return explain(str(self.port), error, self.folder)


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path)


def test_who_holds_a_port_is_named(processes: Processes) -> None:
    processes.run(11, "bash", Path("/dev/null"))
    processes.run(12, "minicom", Path("/dev/null"), processes.port)
    assert processes.explain() == (
        f"minicom (PID 12) holds {processes.port}; stop it or give it another port"
    )


def test_a_port_is_known_by_its_symlink(processes: Processes) -> None:
    link = processes.folder / "by-id"
    link.symlink_to(processes.port)
    processes.run(12, "minicom", processes.port)
    assert explain(str(link), BUSY, processes.folder).startswith("minicom (PID 12) holds")


def test_modem_manager_is_named_with_its_remedy_also_when_its_files_are_not_ours_to_see(
    processes: Processes,
) -> None:
    remedy = "install hardware/udev/76-shopbell.rules (ID_MM_DEVICE_IGNORE) or stop it"
    processes.run(12, "ModemManager", readable=False)
    assert processes.explain() == f"ModemManager seems to hold {processes.port}; {remedy}"
    processes.run(13, "ModemManager", processes.port)
    assert processes.explain() == f"ModemManager holds {processes.port}; {remedy}"


def test_an_unknown_holder_can_still_be_found(processes: Processes) -> None:
    processes.run(12, "bash")
    assert "fuser -v" in processes.explain()


def test_two_entries_for_one_port_are_told(processes: Processes) -> None:
    processes.run(os.getpid(), "shopbell", processes.port)
    assert "this gateway holds" in processes.explain()


def test_a_missing_permission_names_the_group_and_the_remedy(processes: Processes) -> None:
    text = explain("/nowhere", OSError(errno.EACCES, "Permission denied"), processes.folder)
    assert "group dialout" in text
    assert "usermod -aG dialout USER" in text


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EWOULDBLOCK])
def test_locks_of_both_kinds_are_known(number: int) -> None:
    assert is_taken(OSError(number, ""))


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENODEV, errno.ENXIO])
def test_a_node_that_outlived_its_stick_is_a_missing_port(number: int) -> None:
    assert is_missing(OSError(number, ""))
    assert not is_taken(OSError(number, ""))


@pytest.mark.looptime
async def test_a_taken_port_is_an_alarm_until_it_is_given_back(peer: Peer) -> None:
    socket, user = Socket(peer), User()
    socket.failure = PortTakenError("ModemManager holds /dev/ttyUSB0; stop it")
    async with supervised(socket, MemorySink(), user) as supervisor:
        await until(lambda: supervisor.status.alarms != ())
        [alarm] = supervisor.status.alarms
        assert alarm.kind is AlarmKind.PORT_TAKEN
        assert alarm.detail == "ModemManager holds /dev/ttyUSB0; stop it"
        socket.failure = None
        await until(lambda: user.modems != [], patience=70)
        assert supervisor.status.alarms == ()
