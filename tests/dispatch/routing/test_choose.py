"""Which of the lines that ask takes from a lane: a sentence a row."""

from __future__ import annotations

import math

import pytest
from support.lines import lane, line

from gateway.dispatch.router import Waiting
from gateway.dispatch.routing import CostRouter
from gateway.dispatch.routing.finish import finish
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose

NOW = 1000.0
MARKETING, ORDER, OTP = Purpose.MARKETING, Purpose.TRANSACTIONAL, Purpose.OTP
CHEAP, DEAR = line("cheap", "0.01"), line("dear", "0.05")
BUSY = line("busy", "0.01", free_at=NOW + 30)
SICK = line("sick", "0.01", health=0.4)


@pytest.mark.parametrize(
    ("sentence", "asking", "others", "purpose", "waiting", "takers"),
    [
        ("no line asks", [], [CHEAP], ORDER, Waiting(), ""),
        ("a lone line takes whatever it costs", [DEAR], [], ORDER, Waiting(), "dear"),
        ("and however it is", [SICK], [], ORDER, Waiting(), "sick"),
        ("of two that ask the cheap one", [DEAR, CHEAP], [], ORDER, Waiting(), "cheap"),
        ("the healthy one, were it dearer", [SICK, DEAR], [], ORDER, Waiting(), "dear"),
        (
            "both when one would take too long",
            [DEAR, CHEAP],
            [],
            ORDER,
            Waiting(parts=41),
            "cheap dear",
        ),
        (
            "not yet at 40 parts in two minutes",
            [DEAR, CHEAP],
            [],
            ORDER,
            Waiting(parts=40),
            "cheap",
        ),
        ("a campaign has more patience", [DEAR, CHEAP], [], MARKETING, Waiting(parts=41), "cheap"),
        (
            "until its deadline is near",
            [DEAR, CHEAP],
            [],
            MARKETING,
            Waiting(parts=41, left=180),
            "cheap dear",
        ),
        ("an order waits for a cheap line that is busy", [DEAR], [BUSY], ORDER, Waiting(), ""),
        ("a code for a login does not", [DEAR], [BUSY], OTP, Waiting(), "dear"),
        ("nor what expires meanwhile", [DEAR], [BUSY], ORDER, Waiting(left=30), "dear"),
        ("nobody waits for a line that is not well", [DEAR], [SICK], ORDER, Waiting(), "dear"),
        ("one that is not well waits for a dear one", [SICK], [DEAR], ORDER, Waiting(), ""),
        (
            "nobody waits for a line that may not",
            [DEAR],
            [line("other", routes=("+33",))],
            ORDER,
            Waiting(),
            "dear",
        ),
        (
            "or may send only some of it",
            [DEAR],
            [line("other", routes=("+447700",))],
            ORDER,
            Waiting(),
            "dear",
        ),
        ("or is a carrier", [DEAR], [line("carrier", pinned=True)], ORDER, Waiting(), "dear"),
        (
            "nobody waits for a line that is never free",
            [DEAR],
            [line("full", free_at=math.inf)],
            MARKETING,
            Waiting(),
            "dear",
        ),
        (
            "of equals the one that is done first",
            [line("later", free_at=NOW + 9), line("soon"), line("quick", per_second=1)],
            [],
            ORDER,
            Waiting(),
            "quick soon later",
        ),
        (
            "of equals the healthier",
            [line("fair", health=0.6), line("well")],
            [],
            ORDER,
            Waiting(),
            "well fair",
        ),
        (
            "equals come in the order in which they asked",
            [line("b"), line("a")],
            [],
            ORDER,
            Waiting(),
            "b a",
        ),
    ],
)
def test_who_takes(
    sentence: str,
    asking: list[LineState],
    others: list[LineState],
    purpose: Purpose,
    waiting: Waiting,
    takers: str,
) -> None:
    found = CostRouter().takers(lane(purpose=purpose), asking, [*asking, *others], NOW, waiting)
    assert found == takers.split(), sentence


@pytest.mark.parametrize(
    ("parts", "lines", "end"),
    [
        (10, [], math.inf),
        (10, [(0, 1)], 10),
        (10, [(0, 1), (0, 1)], 5),
        (10, [(0, 1), (4, 1)], 7),
        (3, [(0, 1), (4, 1)], 3),
        (3, [(4, 1), (0, 1)], 3),
        (10, [(0, 1), (4, 1), (100, 50)], 7),
        (10, [(math.inf, 1), (0, 2)], 5),
        (10, [(0, 0)], math.inf),
    ],
)
def test_lines_share_what_waits(parts: int, lines: list[tuple[float, float]], end: float) -> None:
    assert finish(parts, lines) == pytest.approx(end)
