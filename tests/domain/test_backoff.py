from __future__ import annotations

import pytest

from gateway.domain.backoff import Backoff


def backoff(chance: float = 1.0) -> Backoff:
    return Backoff(first=0.5, longest=30.0, chance=lambda: chance)


def test_pauses_double_up_to_the_longest() -> None:
    growing = backoff()
    assert [growing.pause() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_chance_takes_up_to_half_of_a_pause(chance: float, share: float) -> None:
    assert backoff(chance).pause() == 0.5 * share


def test_a_lasting_success_begins_anew() -> None:
    growing = backoff()
    for _ in range(5):
        growing.pause()
    growing.reset()
    assert growing.pause() == 0.5


def test_what_a_person_must_mend_is_asked_slowly_from_the_first() -> None:
    assert backoff().longest() == 30.0
