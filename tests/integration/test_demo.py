"""The demo as a newcomer starts it: a process of its own, that ends by itself or at Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

SHOPBELL = (sys.executable, "-c", "from gateway.cli import main; main()")

START_LIMIT = 40.0
"""Seconds until the first line, on a machine that is busy with other tests."""

END_LIMIT = 40.0


def summary_of(out: str, of: str = "jobs") -> dict[str, int]:
    [line] = [line for line in out.splitlines() if line.startswith(f"{of}: ")]
    return {word: int(number) for word, number in re.findall(r"(\w+) (\d+)", line)}


def lines_of(out: str) -> dict[str, tuple[int, int]]:
    found = re.findall(r"^(m\d+): sent (\d+), delivered (\d+)$", out, re.MULTILINE)
    return {name: (int(sent), int(delivered)) for name, sent, delivered in found}


def test_it_ends_by_itself_with_everything_delivered() -> None:
    done = subprocess.run(
        [*SHOPBELL, "demo", "--seconds", "8", "--modems", "2"],
        capture_output=True,
        text=True,
        timeout=START_LIMIT + END_LIMIT,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    summary, lines = summary_of(done.stdout), lines_of(done.stdout)
    assert summary["delivered"] >= 3
    assert summary["published"] >= summary["accepted"] >= summary["sent"] >= summary["delivered"]
    assert set(lines) == {"m0", "m1"}
    flows = summary_of(done.stdout, "flows")
    assert flows["sent"] >= flows["delivered"] >= 1
    assert sum(sent for sent, _ in lines.values()) == summary["sent"] + flows["sent"]
    assert re.search(r"^console +http://127\.0\.0\.1:\d+/setup/", done.stdout)
    assert re.search(r"^broker +mqtt://127\.0\.0\.1:\d+", done.stdout, re.MULTILINE)


def test_ctrl_c_ends_it_with_its_summary() -> None:
    with subprocess.Popen(
        [*SHOPBELL, "demo", "--modems", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith("console")
        while " published " not in demo.stdout.readline():
            assert demo.poll() is None, "it ended before an order was under way"
        demo.send_signal(signal.SIGINT)
        out, err = demo.communicate(timeout=END_LIMIT)

    assert (demo.returncode, err) == (0, "")
    assert summary_of(out)["published"] >= 1
