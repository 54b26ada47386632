"""Recording a connection: what goes over the port, in order, in files that stay small and few."""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.domain.clock import ManualClock
from gateway.domain.errors import LinkLostError
from gateway.modem.known.profile import Profile
from gateway.modem.link.link import Link
from gateway.modem.port.transport import PortMissingError
from gateway.modem.send.manner import Manner
from gateway.modem.send.submit import submit
from gateway.modem.trace.recorder import LONGEST, WAITING, Recorder
from gateway.modem.trace.sheets import Folder, FolderSheet
from gateway.modem.trace.tap import Tap
from gateway.modem.trace.trace import Side, Trace, read_trace
from tests.modem.bench import PDU, REPORT, never_mind
from tests.modem.peer import Peer
from tests.modem.trace.test_redaction import Paper, recorded

pytestmark = pytest.mark.looptime

HOST, MODEM = Side.HOST, Side.MODEM
START = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def traces(folder: Path) -> list[Trace]:
    return [read_trace(path.read_text()) for path in sorted(folder.iterdir())]


def spoken(trace: Trace, side: Side) -> bytes:
    return b"".join(entry.data for entry in trace.entries if entry.side is side)


async def connection(folder: Folder, peer: Peer) -> Link:
    link = Link("m0", lambda said: None)
    await folder.recording("m0", peer.open)("/dev/ttyUSB0", link, baudrate=115200)
    return link


async def test_a_connection_is_one_file_that_tells_all_of_it(
    peer: Peer, tmp_path: Path, clock: ManualClock
) -> None:
    folder = Folder(tmp_path / "traces", clock)
    link = await connection(folder, peer)
    await link.start(patience=10)
    await submit(link, PDU, never_mind, Manner(Profile(name=""), patience=10))
    peer.say(f"\r\n+CDS: 24\r\n{REPORT}\r\n")
    await asyncio.sleep(1)
    await link.close()
    folder.finish()

    (file,) = (tmp_path / "traces").iterdir()
    assert file.name == "m0-20261126T010000000Z.txt"
    (trace,) = traces(tmp_path / "traces")
    assert trace.source == "m0 at /dev/ttyUSB0, 2026-11-26 01:00 UTC"
    assert len(spoken(trace, HOST)) == len(peer.written)
    assert b"AT+CMGS=18\r" in spoken(trace, HOST)
    assert spoken(trace, HOST).endswith(b"\x1a")
    assert b"\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CDS: 24\r\n0791" in spoken(trace, MODEM)
    assert file.read_text().splitlines()[-1].startswith("[closed")
    times = [entry.at for entry in trace.entries if entry.at is not None]
    assert len(times) == len(trace.entries)
    assert times == sorted(times)


async def test_the_tap_changes_nothing(peer: Peer) -> None:
    link = Link("m0", lambda said: None)
    peer.connect(Tap(link, Recorder(Paper(), lambda: 0.0)))
    assert (await link.command("AT+CSQ")).lines == ("+CSQ: 18,99",)
    peer.hang_up(OSError(5, "Input/output error"))
    await link.wait_lost()
    with pytest.raises(LinkLostError, match="Input/output error"):
        link.check()


async def test_a_port_that_is_not_there_leaves_no_file(tmp_path: Path, clock: ManualClock) -> None:
    """A missing port is looked for several times a second."""

    async def missing(port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        raise PortMissingError("unplugged")

    opener = Folder(tmp_path / "traces", clock).recording("m0", missing)
    with pytest.raises(PortMissingError):
        await opener("p", Link("m0", lambda said: None), baudrate=1)
    assert not (tmp_path / "traces").exists()


def test_files_are_bounded_in_size_and_number(tmp_path: Path, clock: ManualClock) -> None:
    folder = Folder(tmp_path, clock, size=100, kept=3)
    (tmp_path / "m0-notes.txt").write_text("of the operator")
    other = FolderSheet(folder, "m0-b", "m0-b at p")
    other.write("x")
    other.close()
    sheet = FolderSheet(folder, "m0", "m0 at p")
    turned = 0
    for _ in range(50):
        clock.instant += timedelta(seconds=1)
        turned += sheet.write("x" * 40)
    sheet.close()
    folder.finish()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert turned == 16
    assert names[0].startswith("m0-2026")
    assert len(names) == 3 + 2
    assert {"m0-notes.txt"} < set(names)
    assert all(path.stat().st_size < 300 for path in tmp_path.iterdir())


def test_stand_ins_begin_anew_with_each_file(tmp_path: Path, clock: ManualClock) -> None:
    """Else a connection that lasts for months remembers every number it has seen."""
    folder = Folder(tmp_path, clock, size=100)
    sheet = FolderSheet(folder, "m0", "m0 at p")
    recorder = Recorder(sheet, lambda: 0.0)
    for number in range(4):
        clock.instant += timedelta(seconds=1)
        recorder.take(MODEM, f'+CLIP: "+4477009001{number:02d}",145,"",,"",0\r\n'.encode())
    recorder.close()
    folder.finish()
    shown = [spoken(trace, MODEM).decode() for trace in traces(tmp_path)]
    assert ["000001" in text for text in shown] == [True, True]


def test_a_full_disk_costs_the_trace_alone(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "traces").write_text("no folder")
    folder = Folder(tmp_path / "traces", clock)
    sheet = FolderSheet(folder, "m0", "m0 at p")
    with capture_logs() as logs:
        assert not sheet.write("x")
        assert not sheet.write("x")
        sheet.close()
        folder.finish()
    assert [entry["event"] for entry in logs] == ["trace_stopped"]


def test_a_disk_that_hangs_costs_the_trace_alone(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.modem.trace.sheets.BACKLOG", 10)
    folder, hangs = Folder(tmp_path, clock), threading.Event()
    assert folder.put(lambda: hangs.wait(10) and None)
    sheet = FolderSheet(folder, "m0", "m0 at p")
    with capture_logs() as logs:
        for _ in range(50):
            assert not sheet.write("x")
    hangs.set()
    folder.finish()
    assert [entry["event"] for entry in logs] == ["trace_stopped"]


def test_lines_stand_in_the_order_in_which_they_began() -> None:
    """A host's PDU ends with its Ctrl-Z, long after the echo of it began."""
    trace = read_trace(
        recorded(
            (HOST, "AT+CMGS=18\r"),
            (MODEM, "\r\n> "),
            (HOST, PDU.hex),
            (MODEM, f"{PDU.hex}\r\n^RSSI:5\r\n"),
            (HOST, "\x1a"),
            (MODEM, "+CMGS: 1\r\n"),
        ).join(["# source: x\n", ""])
    )
    assert [entry.side.value for entry in trace.entries] == [">>", "<<", ">>", "<<", "<<", "<<"]
    assert trace.entries[2].data.endswith(b"06\x1a")


def test_a_line_end_too_many_belongs_to_what_was_said_before() -> None:
    """ZTE ends OK with two; else the next answer would begin before its command."""
    text = recorded(
        (HOST, "AT+CGMM\r"),
        (MODEM, "\r\nMF190\r\n\r\nOK\n\n"),
        (HOST, "AT+CGMR\r"),
        (MODEM, "\r\nBD_1\r\n"),
    )
    assert re.sub(r"  \[.*?\]", "", text).splitlines() == [
        ">> AT+CGMM<CR>",
        "<< <CR><LF>MF190<CR><LF>",
        "<< <CR><LF>OK<LF>",
        "<< <LF>",
        ">> AT+CGMR<CR>",
        "<< <CR><LF>BD_1<CR><LF>",
    ]


def test_garbage_without_end_is_bounded_and_blanked() -> None:
    paper = Paper()
    recorder = Recorder(paper, lambda: 0.0)
    for _ in range(40):
        recorder.take(MODEM, b"secret" * 100)
    assert paper.text.count("x") > LONGEST
    assert "secret" not in paper.text
    recorder.take(MODEM, b"half")
    for _ in range(WAITING + 10):
        recorder.take(HOST, b"AT\r")
    assert paper.text.count(">> AT<CR>") >= 10
    recorder.close()
    assert paper.text.count(">> AT<CR>") == WAITING + 10
