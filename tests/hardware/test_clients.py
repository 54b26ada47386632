"""Clients that nobody here wrote take the simulator for a modem.

Debian's gammu and python-gsmmodem-new bring drivers and codecs of their own: what they read and
what the log says must agree.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import gsmmodem.modem
import pytest

PATIENCE = 20
"""Seconds for what takes a second."""


@pytest.fixture
def bank(start_bank):
    return start_bank("--report-delay", "0.2")


@pytest.fixture
def gammu(bank, tmp_path: Path) -> Callable[..., str]:
    """Run gammu on the first modem and return what it printed."""
    if shutil.which("gammu") is None:
        reason = "Debian's gammu is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    configuration = tmp_path / "gammurc"
    configuration.write_text(f"[gammu]\nport = {bank.port()}\nconnection = at\n")

    def run(*arguments: str) -> str:
        command = ["gammu", "-c", str(configuration), *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    return run


class TestGammu:
    def test_it_identifies_the_modem(self, gammu: Callable[..., str]) -> None:
        printed = gammu("identify")
        for part in ("Shopbell", "Bench modem", "358240050000009", "001010000000000"):
            assert part in printed

    def test_it_sends(self, bank, gammu: Callable[..., str]) -> None:
        assert "reference=1" in gammu("sendsms", "TEXT", "+447700900123", "-text", "Hi {5} €!")
        (accepted,) = bank.log("accepted")
        assert (accepted["to"], accepted["text"]) == ("+447700900123", "Hi {5} €!")

    def test_it_sends_a_long_text_in_parts(self, bank, gammu: Callable[..., str]) -> None:
        text = "Ein längerer Text über Grüße. " * 10
        gammu("sendsms", "TEXT", "+447700900123", "-len", "400", "-text", text)
        parts = bank.log("accepted")
        assert "".join(part["text"] for part in parts) == text
        assert [part["concat"]["seq"] for part in parts] == [1, 2]

    def test_it_reads_what_came_in(self, bank, gammu: Callable[..., str]) -> None:
        with bank.control() as client:
            client.inbound("modem0", "+447700900777", "Bitte nicht mehr: STOP")
        printed = gammu("getallsms")
        assert "+447700900777" in printed
        assert "Bitte nicht mehr: STOP" in printed


def close(modem: gsmmodem.modem.GsmModem) -> None:
    """Close a modem when its threads are done: they go on using the port that it takes away."""
    for thread in threading.enumerate():
        if "HandleModemNotification" in thread.name:
            thread.join(PATIENCE)
    modem.close()


class TestGsmmodem:
    @pytest.fixture
    def received(self) -> Queue:
        return Queue()

    @pytest.fixture
    def modem(self, bank, received: Queue) -> Iterator[gsmmodem.modem.GsmModem]:
        modem = gsmmodem.modem.GsmModem(
            str(bank.port()),
            smsReceivedCallbackFunc=received.put,
            smsStatusReportCallback=lambda report: None,
        )
        modem.connect()
        yield modem
        close(modem)

    def test_it_connects_and_knows_the_modem(self, modem) -> None:
        assert (modem.manufacturer, modem.imei) == ("Shopbell", "358240050000009")
        assert (modem.networkName, modem.smsc) == ("Test network", "+447700900999")
        assert modem.waitForNetworkCoverage(5) == 20

    def test_it_sends_and_gets_the_report(self, bank, modem) -> None:
        sent = modem.sendSms("+447700900123", "Hello", waitForDeliveryReport=True)
        assert sent.status == sent.DELIVERED
        (report,) = bank.log("report")
        assert (report["mr"], report["how"]) == (sent.reference, "cdsi")

    def test_it_gets_routed_reports_where_stored_ones_are_refused(self, start_bank) -> None:
        bank = start_bank("--report-mode", "cds")
        modem = gsmmodem.modem.GsmModem(
            str(bank.port()), smsStatusReportCallback=lambda report: None
        )
        modem.connect()
        sent = modem.sendSms("+447700900123", "Hello", waitForDeliveryReport=True)
        close(modem)
        assert sent.status == sent.DELIVERED
        assert [report["how"] for report in bank.log("report")] == ["cds"]

    def test_it_is_told_of_a_failure(self, bank, modem) -> None:
        with bank.control() as client:
            client.fault("modem0", "report_failed", count=1)
        sent = modem.sendSms("+447700900123", "Hello", waitForDeliveryReport=True)
        assert sent.status == sent.FAILED

    def test_it_is_refused(self, bank, modem) -> None:
        with bank.control() as client:
            client.fault("modem0", "reject", value=38, count=1)
        with pytest.raises(gsmmodem.exceptions.CmsError) as refused:
            modem.sendSms("+447700900123", "Hello")
        assert refused.value.code == 38
        assert bank.log("accepted") == []

    def test_it_receives(self, bank, modem, received: Queue) -> None:
        with bank.control() as client:
            client.inbound("modem0", "+447700900777", "Žluť: STOP")
        message = received.get(timeout=PATIENCE)
        assert (message.number, message.text) == ("+447700900777", "Žluť: STOP")
