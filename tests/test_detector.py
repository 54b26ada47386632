"""The number detector finds what gets by the redactor, and fails the test in which it did."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.detector import seeded_in

pytest_plugins = ["pytester"]

SUITE = """
import sys, structlog
from pathlib import Path
from support.processes import Process

def test_logs_what_the_redactor_masks():
    structlog.get_logger().info("sent", to="+447700900123")

def test_logs_what_it_does_not_know_for_a_number():
    structlog.get_logger().info("sent", to="0.7.7.0.0.9.0.0.1.2.3")

def test_starts_what_logs_a_number(tmp_path):
    code = "import sys; sys.stderr.write('to +447700900123')"
    assert Process([sys.executable, "-c", code], tmp_path, "child").wait_end() == 0
"""


@pytest.mark.rule("G-14")
def test_a_number_in_a_log_fails_the_test_that_logged_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here), str(here.parent)]))
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("-p", "support.detector", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, errors=2)
    said = result.stdout.str()
    assert "numbers of persons in the logs: ['sent: 7700900123']" in said
    assert "numbers of persons in the logs: ['child.err: " in said


@pytest.mark.parametrize("seconds", ["2026-11-27T00:05:55.501142Z", "took 0.5550114 s"])
def test_seconds_are_nobodys_number(seconds: str) -> None:
    assert seeded_in(seconds) == []
    assert seeded_in(f"{seconds} to 555-0114") == ["5550114"]
