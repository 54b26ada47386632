"""Which of the lines that ask takes from a lane: a sentence a row."""

from __future__ import annotations

import math

import pytest
from support.lines import lane, line, waiting

from gateway.dispatch.router import Waiting
from gateway.dispatch.routing import CostRouter
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose

NOW = 1000.0
MARKETING, ORDER, OTP = Purpose.MARKETING, Purpose.TRANSACTIONAL, Purpose.OTP
CHEAP, DEAR = line("cheap", "0.01"), line("dear", "0.05")
BUSY = line("busy", "0.01", free_at=NOW + 30)
SICK = line("sick", "0.01", health=0.4)


@pytest.mark.parametrize(
    ("sentence", "asking", "others", "purpose", "stock", "takers"),
    [
        ("no line asks", [], [CHEAP], ORDER, waiting(1), ""),
        ("a lone line takes whatever it costs", [DEAR], [], ORDER, waiting(1), "dear"),
        ("and however it is", [SICK], [], ORDER, waiting(1), "sick"),
        ("of two that ask the cheap one", [DEAR, CHEAP], [], ORDER, waiting(1), "cheap"),
        ("the healthy one, were it dearer", [SICK, DEAR], [], ORDER, waiting(1), "dear"),
        (
            "both when one would take too long",
            [DEAR, CHEAP],
            [],
            ORDER,
            waiting(41),
            "cheap dear",
        ),
        (
            "not yet at 40 parts in two minutes",
            [DEAR, CHEAP],
            [],
            ORDER,
            waiting(40),
            "cheap",
        ),
        ("a campaign has more patience", [DEAR, CHEAP], [], MARKETING, waiting(41), "cheap"),
        (
            "until its deadline is near",
            [DEAR, CHEAP],
            [],
            MARKETING,
            waiting(41, left=180),
            "cheap dear",
        ),
        ("an order waits for a cheap line that is busy", [DEAR], [BUSY], ORDER, waiting(1), ""),
        ("a code for a login does not", [DEAR], [BUSY], OTP, waiting(1), "dear"),
        ("nor what expires meanwhile", [DEAR], [BUSY], ORDER, waiting(1, left=30), "dear"),
        ("nobody waits for a line that is not well", [DEAR], [SICK], ORDER, waiting(1), "dear"),
        ("one that is not well waits for a dear one", [SICK], [DEAR], ORDER, waiting(1), ""),
        (
            "nobody waits for a line that may not",
            [DEAR],
            [line("other", routes=("+33",))],
            ORDER,
            waiting(1),
            "dear",
        ),
        (
            "or may send only some of it",
            [DEAR],
            [line("other", routes=("+447700",))],
            ORDER,
            waiting(1),
            "dear",
        ),
        ("or that rests", [DEAR], [line("rests", resting=True)], ORDER, waiting(1), "dear"),
        ("or is a carrier", [DEAR], [line("carrier", pinned=True)], ORDER, waiting(1), "dear"),
        (
            "nobody waits for a line that is never free",
            [DEAR],
            [line("full", free_at=math.inf)],
            MARKETING,
            waiting(1),
            "dear",
        ),
        (
            "of equals the one that is done first",
            [line("later", free_at=NOW + 9), line("soon"), line("quick", per_second=1)],
            [],
            ORDER,
            waiting(1),
            "quick soon later",
        ),
        (
            "of equals the healthier",
            [line("fair", health=0.6), line("well")],
            [],
            ORDER,
            waiting(1),
            "well fair",
        ),
        (
            "where both are well enough they take turns",
            [line("new", health=0.75), line("proven", health=0.99)],
            [],
            ORDER,
            waiting(1),
            "new proven",
        ),
        (
            "equals come in the order in which they asked",
            [line("b"), line("a")],
            [],
            ORDER,
            waiting(1),
            "b a",
        ),
    ],
)
def test_who_takes(
    sentence: str,
    asking: list[LineState],
    others: list[LineState],
    purpose: Purpose,
    stock: Waiting,
    takers: str,
) -> None:
    found = CostRouter().takers(lane(purpose=purpose), asking, [*asking, *others], NOW, stock)
    assert found == takers.split(), sentence
