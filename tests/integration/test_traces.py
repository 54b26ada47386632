"""A running gateway records its modems where it is told to, and nobody is in what it records."""

from __future__ import annotations

import pytest
from support.plugin import Build

from gateway.modem.trace.trace import Side, read_trace

PIN = "4711"


@pytest.mark.timeout(120)
def test_every_modem_is_recorded_and_nobody_is_in_it(house: Build) -> None:
    built = house(
        modems=2,
        simulator=("--report-delay", "0.05", "--pin", PIN),
        settings='trace_dir = "traces"\n',
        modem_settings=lambda _number: f'pin = "{PIN}"\n',
    )
    built.start()
    for number in range(10):
        built.store.submit(f"job-{number}", to="+447700900123", text=f"Parcel {number} shipped")
    built.store.await_all("delivered", 10, seconds=60)
    assert built.gateway is not None
    built.gateway.close()

    files = sorted((built.directory / "traces").iterdir())
    assert [file.name[:3] for file in files] == ["m0-", "m1-"]
    submits = 0
    for file in files:
        text = file.read_text()
        assert "447700900123" not in text
        assert "7744000921" not in text, "nor as a PDU has it"
        assert "Parcel" not in text
        assert PIN not in text
        assert '>> AT+CPIN="****"<CR>' in text
        written = [entry.data for entry in read_trace(text).entries if entry.side is Side.HOST]
        submits += sum(data.endswith(b"\x1a") for data in written)
    assert submits == 10
