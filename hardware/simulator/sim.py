"""What tells one modem and one SIM from another: IMEI, ICCID, IMSI, number.

All invented, all valid: check digits are right, numbers are of the ranges set apart for fiction
(Ofcom: 07700 900000 to 900999) and the test network 001-01 (ITU E.212).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardware.simulator.address import swap

SMSC = "+447700900999"
OPERATOR = "Test network"
OPERATOR_CODE = "00101"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One stick and the SIM in it."""

    imei: str
    iccid: str
    imsi: str
    number: str
    """The SIM's own number (MSISDN)."""

    def fill(self, form: str) -> str:
        """A line that tells some of it, such as ``+CCID: {iccid}``."""
        return form.format(
            imei=self.imei, imsi=self.imsi, iccid=self.iccid, swapped=swap(self.iccid).hex().upper()
        )


def identity(index: int, home: str = OPERATOR_CODE) -> Identity:
    """The identity of modem number ``index``, always the same.

    Args:
        index: from 0.
        home: the network that its SIM is of, MCC and MNC.
    """
    if not re.fullmatch(r"[0-9]{5}", home):
        raise ValueError(f"home is {home!r}; right: MCC and MNC, five digits such as 20801")
    return Identity(
        imei=with_check_digit(f"35824005{index:06d}"),
        iccid=with_check_digit(f"894400{index:012d}"),
        imsi=f"{home}{index:010d}",
        number=f"+447700900{index % 1000:03d}",
    )


def with_check_digit(digits: str) -> str:
    """``digits`` with the Luhn digit that makes them valid (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits)))
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return digits + str(-total % 10)
