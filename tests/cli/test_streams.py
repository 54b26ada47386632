"""Standard streams that are closed, full or gone: what a command does without them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

SHOPBELL = f"{sys.executable} -c 'from gateway.cli import main; main()'"

LIMIT = 40.0
"""Seconds for anything, on a machine that is busy with other tests."""


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check >&-", 0),
        ("check <&- >&- 2>&-", 0),
        ("modems >&-", 0),
        ("messages >&-", 1),
        ("check >/dev/full", 1),
        ("check --bogus 2>&-", 2),
    ],
)
def test_a_command_keeps_its_exit_code(config: Path, command: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{SHOPBELL} {command}"],
        cwd=config.parent,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr


DEAF = {
    "closed": ">&- 2>&-",
    "full": ">/dev/full 2>/dev/full",
    "gone": "2>&1 | true",
}
"""Ways in which nobody listens, in the shell's words."""

PAST_READY = 7.0
"""Seconds after which a gateway without a broker has said that it is ready."""


def test_a_gateway_runs_whether_or_not_anybody_listens(config: Path) -> None:
    """A full disk behind the log, or a terminal that went away, must not stop the sending."""
    with ExitStack() as running:
        shells = [
            running.enter_context(run_deaf(config.parent, name, streams))
            for name, streams in DEAF.items()
        ]
        gateways = [started(config.parent / f"{name}.db.lock") for name in DEAF]
        time.sleep(PAST_READY)
        for gateway in gateways:
            os.kill(gateway, signal.SIGTERM)
        assert [shell.wait(LIMIT) for shell in shells] == [0] * len(DEAF)


def run_deaf(directory: Path, name: str, streams: str) -> subprocess.Popen[bytes]:
    """Start a gateway on a database of its own, and with a supervisor that is not there."""
    return subprocess.Popen(
        ["bash", "-c", f"{SHOPBELL} run {streams}; exit ${{PIPESTATUS[0]}}"],
        cwd=directory,
        env=os.environ
        | {
            "NOTIFY_SOCKET": "/nowhere/socket",
            "SHOPBELL_DATABASE__URL": f"sqlite:///{name}.db",
            "SHOPBELL_GATEWAY__NODE": name,
        },
    )


def started(lock: Path) -> int:
    """Return the process that holds the database, as soon as there is one."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if lock.exists() and (pid := lock.read_text().strip()):
            return int(pid)
        time.sleep(0.05)
    raise AssertionError("no gateway started")
