"""The gateway as a process, with neither broker nor modem: what its supervisor sees of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

SHOPBELL = (sys.executable, "-c", "from gateway.cli import main; main()")

LIMIT = 40.0
"""Seconds for anything, on a machine that is busy with other tests."""


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
            assert supervisor.recv(100) == b"READY=1"
            second = run_again(config.parent)
            gateway.send_signal(signal.SIGTERM)
            out, log = gateway.communicate(timeout=LIMIT)

    assert (gateway.returncode, out) == (0, "")
    assert (second.returncode, second.stdout) == (1, "")
    assert f"in use by process {gateway.pid}" in second.stderr.splitlines()[-1]
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[-1] == "stopped"


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
