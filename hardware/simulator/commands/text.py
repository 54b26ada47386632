"""Stored messages as text mode shows them (27.005, 3.4.2, 3.4.3 and 3.5.4).

The simulator does PDU mode alone; this is what a stick answers that has fallen out of it.
"""

from __future__ import annotations

from hardware.simulator.address import decode_address
from hardware.simulator.pdu import deliver_text, is_report
from hardware.simulator.storage import Status, Stored

_STATUS = {Status.UNREAD: "REC UNREAD", Status.READ: "REC READ"}
_WHEN = '"26/11/23,09:30:00+00"'
_FIRST_OCTET = 6


def in_text_mode(prefix: str, stored: Stored) -> tuple[str, ...]:
    """The lines of one message behind ``prefix``."""
    status, tpdu = f'"{_STATUS[stored.status]}"', stored.tpdu
    if is_report(tpdu):
        recipient, _ = decode_address(tpdu, 2)
        numbers = f'{_FIRST_OCTET},{tpdu[1]},"{recipient}",145,{_WHEN},{_WHEN},{tpdu[-1]}'
        return (f"{prefix}{status},{numbers}",)
    sender, _ = decode_address(tpdu, 1)
    return f'{prefix}{status},"{sender}",,{_WHEN}', deliver_text(tpdu)
