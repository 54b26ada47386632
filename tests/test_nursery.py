"""What the nursery forks is to a test what a process begun from nothing is."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from support.forked import SHOPBELL, Forked
from support.processes import FROM_NOTHING, Process, Simulator


def shopbell(folder: Path, *words: str, **environment: str) -> Process:
    return Process([SHOPBELL, *words], folder, "command", environment)


def test_it_says_what_the_program_says_and_ends_as_that_does(tmp_path: Path) -> None:
    process = shopbell(tmp_path, "check", "--config", "none.toml")
    assert isinstance(process._child, Forked)
    begun = subprocess.run(
        [SHOPBELL, "check", "--config", "none.toml"], cwd=tmp_path, capture_output=True, check=False
    )
    assert process.wait_end() == begun.returncode == 1
    assert process.stderr.read_bytes() == begun.stderr
    assert process.stdout.read_bytes() == begun.stdout == b""


def test_it_is_a_process_of_its_own_where_and_as_it_was_asked_to_be(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path / "bank", 1)
    surroundings = Path(f"/proc/{simulator.pid}")
    assert simulator.pid != os.getpid()
    assert (surroundings / "cwd").readlink() == tmp_path / "bank"
    assert (surroundings / "fd" / "2").readlink() == simulator.stderr
    assert not simulator.ended
    simulator.close()
    assert (simulator.ended, simulator.wait_end()) == (True, 0)


def test_a_signal_ends_it_and_is_told(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path / "bank", 1)
    simulator.kill()
    assert simulator.wait_end() == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(simulator.pid, 0)


def test_the_environment_is_the_one_that_was_given(tmp_path: Path) -> None:
    process = shopbell(tmp_path, "--help", COLUMNS="50")
    assert process.wait_end() == 0
    longest = max(map(len, process.stdout.read_text().splitlines()))
    assert 40 <= longest <= 50


@pytest.mark.parametrize("variable", sorted(FROM_NOTHING))
def test_what_a_program_goes_by_as_it_begins_has_it_begun(tmp_path: Path, variable: str) -> None:
    process = shopbell(tmp_path, "--version", **{variable: ""})
    assert isinstance(process._child, subprocess.Popen)
    assert process.wait_end() == 0
