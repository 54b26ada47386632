"""What a file says wrongly is said back, and nobody's number with it."""

from __future__ import annotations

import pytest

from gateway.consent.imports.words import read_purposes


@pytest.mark.rule("G-14")
def test_a_number_in_the_wrong_column_is_not_said_back() -> None:
    with pytest.raises(ValueError, match="is no purpose") as caught:
        read_purposes("+447700900123")
    assert "7700" not in str(caught.value)
