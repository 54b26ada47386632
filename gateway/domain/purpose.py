"""What a message is for, which decides its urgency and what is done about it when in doubt."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """The three purposes of the contract."""

    OTP = "otp"
    TRANSACTIONAL = "transactional"
    MARKETING = "marketing"

    @property
    def urgency(self) -> int:
        """The order in which lines take jobs: 0 first."""
        return _URGENCY[self]


_URGENCY = {Purpose.OTP: 0, Purpose.TRANSACTIONAL: 1, Purpose.MARKETING: 2}
