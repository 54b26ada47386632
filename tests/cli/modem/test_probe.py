"""``shopbell modem probe`` as its user meets it: against simulated sticks, whole and broken."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import pty
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell
from support.player import Player

from gateway.cli.modem.notepad import LONGEST, Notepad
from gateway.modem.probe import opinion
from gateway.modem.probe.opinion import Opinion, second_opinion
from gateway.modem.probe.probe import ProbeOptions, probe
from gateway.modem.trace.trace import read_trace
from tests.modem.worlds import Bank

Make = Callable[..., Path]

HOLD = """
import fcntl, sys
with open(sys.argv[1]) as port:
    fcntl.flock(port, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Make]:
    """Makes banks of one simulated modem each; gives its port."""
    banks: list[Bank] = []

    def make(*options: str) -> Path:
        banks.append(Bank(tmp_path / f"bank{len(banks)}", *options))
        return banks[-1].directory / "modem0"

    yield make
    for one in banks:
        one.stop()


def the_trace(folder: Path) -> Path:
    (file,) = folder.glob("probe-*.txt")
    return file


def test_what_the_stick_is_is_printed_and_its_dialogue_kept(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    (tmp_path / "shopbell.toml").unlink()
    done = shopbell("modem", "probe", str(bank("--profile", "huawei-e173")))
    assert done.code == 0
    for words in (
        "model             E173",
        "profile           huawei-e173",
        "SIM               ready",
        "2G and 3G         home",
        "+ 2,1,0,2,0",
        "+ ME, 3 arguments",
        "Usable.",
    ):
        assert words in done.out
    file = the_trace(tmp_path)
    assert file.name.startswith("probe-E173-2")
    assert file.name in done.out
    trace = read_trace(file.read_text())
    assert "E173" in trace.source
    assert any(entry.data == b"AT+CNMI=2,1,0,2,0\r" for entry in trace.entries)


def test_programs_get_all_of_it_and_the_trace_goes_where_it_is_told(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    port, file = str(bank()), tmp_path / "my.txt"
    done = shopbell("modem", "probe", port, "--json", "--trace", str(file))
    found: dict[str, Any] = json.loads(done.out)
    assert (found["usable"], found["sim"], found["trace"]) == (True, "ready", str(file))
    assert found["registrations"]["+CREG"] == "home"
    assert found["ladders"]["AT+CNMI"][0] == {
        "setting": "2,1,0,1,0",
        "verdict": "works",
        "detail": "",
    }
    assert found["iccid"] not in file.read_text()
    assert found["identity"]["imei"] not in file.read_text()
    assert read_trace(file.read_text()).entries


async def test_who_gets_the_trace_finds_out_the_same(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    """Which is what it is attached to a bug report for."""
    port = bank("--profile", "zte-mf190")
    words = ("modem", "probe", str(port), "--json", "--trace", "t.txt")
    found = json.loads((await asyncio.to_thread(shopbell, *words)).out)
    player = Player(read_trace((tmp_path / "t.txt").read_text()).entries)

    async def opener(path: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        player.connect(protocol)

    again, _ = await probe(ProbeOptions(port=str(port), wait=5), Notepad(), opener=opener)
    assert again.profile == found["profile"] == "zte-mf190"
    assert json.loads(json.dumps(asdict(again)["ladders"])) == found["ladders"]
    assert again.trouble == ""
    assert player.unknown == []


@pytest.mark.parametrize(
    ("options", "trouble"),
    [
        (("--fault", "no_sim"), "there is no SIM in it"),
        (("--pin", "4711"), "the SIM waits for its PIN: give --pin-file"),
    ],
)
def test_a_stick_that_cannot_send_ends_with_1_and_one_line(
    shopbell: Shopbell, bank: Make, options: tuple[str, ...], trouble: str
) -> None:
    done = shopbell("modem", "probe", str(bank(*options)), "--wait", "1")
    assert done.code == 1
    assert done.err.splitlines()[-1] == f"not usable: {trouble}"
    assert "Usable" not in done.out
    assert "AT+CNMI" in done.out, "what can be found out is still found out"


def test_the_pin_is_read_from_its_file_and_kept_to_itself(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    (tmp_path / "pin").write_text("4711\n")
    done = shopbell("modem", "probe", str(bank("--pin", "4711")), "--pin-file", "pin")
    assert done.code == 0
    assert "4711" not in done.out + done.err + the_trace(tmp_path).read_text()


def test_silence_ends_in_one_line_and_leaves_a_trace(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    done = shopbell("modem", "probe", str(bank("--fault", "silence")), "--wait", "1")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == "the modem did not answer within 1 s"
    assert the_trace(tmp_path).name in done.err


@contextmanager
def something_else() -> Iterator[str]:
    """A device that is no modem: it answers everything with garbage."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)

    def babble() -> None:
        try:
            while os.read(ours, 100):
                os.write(ours, b"\x81\x00$GPGGA,1234 login: \xff\xfe")
        except OSError:
            return

    thread = threading.Thread(target=babble, name="babble", daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        thread.join(5)
        os.close(ours)


def test_what_is_no_modem_is_told_from_one(shopbell: Shopbell, tmp_path: Path) -> None:
    with something_else() as port:
        done = shopbell("modem", "probe", port, "--wait", "2")
    assert done.code == 1
    assert "did not answer within 2 s" in done.err.splitlines()[-1]
    assert "login" not in the_trace(tmp_path).read_text(), "what it says is nobody's business"


def test_a_port_that_somebody_has_is_not_touched(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    port = bank()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = shopbell("modem", "probe", str(port))
    finally:
        holder.kill()
        holder.communicate()
    assert done.code == 1
    assert "(PID " in done.err.splitlines()[-1]  # Which of the two: the simulator has it open, too.
    assert list(tmp_path.glob("probe-*.txt")) == []


def test_a_port_that_is_not_there(shopbell: Shopbell) -> None:
    done = shopbell("modem", "probe", "/nowhere/tty")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == "/nowhere/tty does not exist"


@pytest.mark.parametrize(
    "words",
    [("--ussd", "hello?!"), ("--wait", "0"), ("--pin-file", "pin")],
)
def test_wrong_usage_is_2(shopbell: Shopbell, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "pin").write_text("12")
    assert shopbell("modem", "probe", "/nowhere/tty", *words).code == 2


def test_a_second_opinion_stands_beside_ours(
    shopbell: Shopbell, bank: Make, tmp_path: Path
) -> None:
    done = shopbell("modem", "probe", str(bank()), "--second-opinion")
    assert done.code == 0
    other = done.out.partition("Second opinion")[2]
    assert "model             Bench modem" in other
    assert "signal            -73 dBm" in other
    assert "differs" not in other
    assert " listed" in other
    written = [entry.data for entry in read_trace(the_trace(tmp_path).read_text()).entries]
    assert written.count(b"ATE1\r") == 2, "put back after us, and after the other driver"


def test_a_difference_is_marked() -> None:
    from gateway.cli.modem.report import lines
    from gateway.modem.modem import Identity
    from gateway.modem.probe.findings import Findings, SimState

    findings = Findings(
        port="p",
        identity=Identity(imei="490154203237518", model="E173"),
        profile="generic",
        sim=SimState.READY,
        registrations={},
        pdu_mode=True,
        ladders={},
    )
    shown = list(lines(findings, Opinion(imei="490154203237518", model="E1731")))
    assert "  model             E1731   differs, ours: E173" in shown
    assert "  IMEI              490154203237518" in shown


def test_without_the_other_driver_it_says_how_to_get_it(
    shopbell: Shopbell, bank: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = shopbell("modem", "probe", str(bank()), "--second-opinion")
    assert done.code == 1
    assert "pip install python-gsmmodem-new" in done.err
    monkeypatch.undo()
    done = shopbell("modem", "probe", "socket://127.0.0.1:1", "--second-opinion")
    assert "opens no socket" in done.err


async def test_an_opinion_that_takes_too_long_is_ended(bank: Make) -> None:
    port = bank("--fault", "silence")
    assert (await second_opinion(str(port), limit=1)).faults == ("it had not finished after 1 s",)
    assert opinion._read(b"Traceback").faults != ()


def test_a_flood_is_bounded(tmp_path: Path) -> None:
    notepad = Notepad()
    for _ in range(50):
        notepad.write("x" * 100_000)
    file = notepad.save(tmp_path / "t", None, "p")
    assert file is not None
    assert file.stat().st_size < LONGEST + 200_000
