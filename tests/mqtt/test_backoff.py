from __future__ import annotations

import pytest

from gateway.mqtt.backoff import FIRST_S, LONGEST_S, Backoff


def test_pauses_double_up_to_the_longest() -> None:
    backoff = Backoff(chance=lambda: 1.0)
    assert [backoff.pause() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, LONGEST_S, LONGEST_S]


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_chance_takes_up_to_half_of_a_pause(chance: float, share: float) -> None:
    assert Backoff(chance=lambda: chance).pause() == FIRST_S * share


def test_a_lasting_success_begins_anew() -> None:
    backoff = Backoff(chance=lambda: 1.0)
    for _ in range(5):
        backoff.pause()
    backoff.reset()
    assert backoff.pause() == FIRST_S


def test_what_a_person_must_mend_is_asked_slowly_from_the_first() -> None:
    assert Backoff(chance=lambda: 1.0).longest() == LONGEST_S
