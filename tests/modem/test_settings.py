"""What cannot be is refused when it is said, and a PIN is not repeated in the refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.modem.bench import settings


@pytest.mark.parametrize("pin", ["", "123", "12a4", "123456789", '1234"\r'])
def test_a_pin_has_four_to_eight_digits(pin: str) -> None:
    with pytest.raises(ValueError, match="4 to 8 digits") as raised:
        settings(pin=pin)
    assert not pin or pin not in str(raised.value)


@pytest.mark.parametrize("change", [{"submit_timeout": 0.0}, {"baudrate": 0}])
def test_numbers_are_positive(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="positive"):
        settings(**change)
