"""The gateway as a process, with neither broker nor modem: what its supervisor sees of it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

SHOPBELL = (sys.executable, "-c", "from gateway.cli import main; main()")

LIMIT = 40.0
"""Seconds for anything, on a machine that is busy with other tests."""

FIRST_LINK = re.compile(
    r"console  http://127\.0\.0\.1:8025/setup/[\w-]{43}  "
    r"\(makes the first user; until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\)\n"
)


def test_it_says_ready_refuses_a_second_and_ends_with_0(config: Path, tmp_path: Path) -> None:
    config.write_text(f'{config.read_text()}\n[console]\nlisten = "127.0.0.1:8025"\n')
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(address)
        supervisor.settimeout(LIMIT)
        with subprocess.Popen(
            [*SHOPBELL, "run"],
            cwd=config.parent,
            env=os.environ | {"NOTIFY_SOCKET": address},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as gateway:
            assert gateway.stdout is not None
            assert gateway.stdout.readline() == "ready\n"
            assert b"READY=1" in heard_until(supervisor, b"READY=1")
            second = run_again(config.parent)
            gateway.send_signal(signal.SIGTERM)
            out, log = gateway.communicate(timeout=LIMIT)
            assert b"STOPPING=1" in heard_until(supervisor, b"STOPPING=1")

    assert gateway.returncode == 0
    assert FIRST_LINK.fullmatch(out), "nobody can sign in yet, and there is no default password"
    assert "setup" not in log, "a link is for who reads the output, and no log has it"
    assert (second.returncode, second.stdout) == (1, "")
    assert f"in use by process {gateway.pid}" in second.stderr.splitlines()[-1]
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[-1] == "stopped"


def heard_until(supervisor: socket.socket, last: bytes) -> list[bytes]:
    """Return what it hears up to a word; it waits `LIMIT` for each."""
    heard = [supervisor.recv(200)]
    while heard[-1] != last:
        heard.append(supervisor.recv(200))
    return heard


def test_it_says_that_it_goes_on_when_the_manager_wants_to_hear_it(
    config: Path, tmp_path: Path
) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(address)
        supervisor.settimeout(LIMIT)
        with subprocess.Popen(
            [*SHOPBELL, "run"],
            cwd=config.parent,
            env=os.environ | {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "600000"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as gateway:
            heard_until(supervisor, b"READY=1")
            heard_until(supervisor, b"WATCHDOG=1")
            gateway.send_signal(signal.SIGHUP)
            words = heard_until(supervisor, b"READY=1")
            assert any(word.startswith(b"RELOADING=1\nMONOTONIC_USEC=") for word in words)
            gateway.send_signal(signal.SIGTERM)
            assert gateway.wait(LIMIT) == 0


def run_again(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SHOPBELL, "run"],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def test_a_failpoint_that_does_not_exist_is_refused(config: Path) -> None:
    done = subprocess.run(
        [*SHOPBELL, "run"],
        cwd=config.parent,
        env=os.environ | {"SHOPBELL_FAILPOINT": "nowhere"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('SHOPBELL_FAILPOINT = "nowhere"')
