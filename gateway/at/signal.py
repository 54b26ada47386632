"""Signal strength: ``+CSQ`` (3GPP TS 27.007 clause 8.5)."""

from __future__ import annotations

from gateway.at.answer import fields, number, values

_GSM = range(32)
_TD_SCDMA = range(100, 192)


def read_signal(lines: tuple[str, ...]) -> int | None:
    """Return the received signal strength in dBm, or None when the modem does not know it.

    99 means unknown, not zero; 100 to 191 are the TD-SCDMA range of 1 dB steps (MODEMS.md 5.10).
    """
    for value in values(lines, "+CSQ"):
        rssi = number(fields(value)[0])
        if rssi is None:
            continue
        if rssi in _GSM:
            return -113 + 2 * rssi
        if rssi in _TD_SCDMA:
            return -116 + (rssi - _TD_SCDMA.start)
    return None
