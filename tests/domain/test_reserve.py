"""What is kept for one-time passwords, as an operator writes it."""

from __future__ import annotations

import pytest

from gateway.domain.reserve import Reserve


@pytest.mark.parametrize(
    ("written", "limit", "kept"),
    [
        (20, 200, 20),
        (0, 200, 0),
        ("20", 200, 20),
        ("10%", 200, 20),
        ("10 %", 200, 20),
        ("2.5%", 200, 5),
        ("10%", 9, 0),
        ("99%", 10, 9),
        (20, 5, 5),
    ],
)
def test_it_is_parts_or_a_share_rounded_down(written: object, limit: int, kept: int) -> None:
    assert Reserve.parse(written).of(limit) == kept


@pytest.mark.parametrize("written", [-1, True, 1.5, "100%", "%", "ten", "", None, "-5", "5%%"])
def test_what_is_no_reserve_says_what_would_be_one(written: object) -> None:
    with pytest.raises(ValueError, match='such as 20, or a share such as "10%"'):
        Reserve.parse(written)


def test_it_is_shown_as_it_is_written() -> None:
    assert [str(Reserve.parse(one)) for one in (20, "10%", "2.5%")] == ["20", "10%", "2.5%"]
