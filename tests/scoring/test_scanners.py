"""Who clicks like a machine is told by one rule, and what a machine clicked is no answer."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.features import features, is_scanner, scanners
from tests.scoring.lakes import ORIGIN, MemoryLake, Row, click, message, order

DAY = 24 * 60


@pytest.mark.parametrize(
    ("sends", "clicked", "expected"),
    [
        (10, 8, True),
        (10, 7, False),
        (9, 9, False),
        (15, 12, True),
        (1000, 799, False),
        (0, 0, False),
    ],
)
def test_four_of_five_of_ten_or_more(sends: int, clicked: int, expected: bool) -> None:
    """The rule has exact ends, and takes arrays as it takes numbers."""
    assert is_scanner(sends, clicked) is expected
    assert is_scanner(np.array([sends]), np.array([clicked])).tolist() == [expected]


def campaign(person: str, sends: int, clicked: int, **flags: bool) -> tuple[list[Row], list[Row]]:
    """Return so many messages to a person, a day apart, and clicks on the first of them."""
    names = [f"{person}{n}" for n in range(sends)]
    messages = [message(person, name, n * DAY) for n, name in enumerate(names)]
    clicks = [click(person, name, n * DAY + 5, **flags) for n, name in enumerate(names[:clicked])]
    return messages, clicks


def lake() -> MemoryLake:
    """A scanner, two people, and a phone whose previews are flagged; all customers."""
    parts = [
        campaign("robot", 10, 8),
        campaign("keen", 10, 7),
        campaign("new", 4, 4),
        campaign("phone", 10, 10, machine=True),
    ]
    messages, clicks = ([row for part in parts for row in part[i]] for i in (0, 1))
    # A second click on a message is none on another.
    clicks += [click("keen", "keen0", n) for n in range(60, 70)]
    people = ["robot", "keen", "new", "phone"]
    return MemoryLake(
        orders=[order(person, 0) for person in people], messages=messages, clicks=clicks
    )


def test_the_scanner_alone_is_found() -> None:
    """Not the keen, not the new, and not a customer whose phone fetches previews."""
    assert scanners(lake(), "2020-02-01") == {"robot"}


def test_nothing_is_known_of_a_scanner_before_it_clicks() -> None:
    """Point-in-time as everything else: on the seventh day seven messages had been sent."""
    assert scanners(lake(), "2020-01-12") == frozenset()


def test_clicks_of_machines_are_no_answers() -> None:
    """They are left out one by one; the messages stay as exposure."""
    row = features(lake(), ORIGIN.date().replace(month=2)).loc["phone"]
    assert (row["messages_90"], row["clicks_90"]) == (10, 0)


def test_a_message_is_opened_once() -> None:
    """However often its link is clicked."""
    assert features(lake(), "2020-02-01").loc["keen", "clicks_90"] == 7
