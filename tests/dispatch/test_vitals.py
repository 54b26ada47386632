"""How a line does is learned from what happens on it, and told with its reasons."""

from __future__ import annotations

import asyncio

import pytest

from gateway.db.ratios import ReportRatio
from gateway.dispatch.routing import HEALTHY
from gateway.dispatch.vitals import JUDGED_FOR, Vitals
from gateway.domain.ids import LineId, ModemName

A, B = LineId("8944100000000000001"), LineId("8944100000000000002")
M0, M1 = ModemName("m0"), ModemName("m1")


async def test_what_a_line_loses_pulls_it_down_and_no_other() -> None:
    vitals = Vitals()
    vitals.count(A, lost=20)
    vitals.count(B, taken=20)
    assert vitals.health(A, M0).score < HEALTHY < vitals.health(B, M1).score
    assert vitals.health(A, M0).why == ("20 of the last 20 messages not taken",)


async def test_the_signal_is_that_of_the_modem_that_holds_the_line() -> None:
    vitals = Vitals()
    vitals.signals = {M0: -110, M1: -60}.get
    assert vitals.health(A, M0).why == ("signal -110 dBm",)
    assert vitals.health(B, M1).good


async def test_a_line_that_is_stopped_is_not_well() -> None:
    assert "stopped after refusals" in Vitals().health(A, M0, stopped=True).why


async def test_reports_are_judged_beside_those_of_the_other_lines() -> None:
    vitals = Vitals()
    mute = ReportRatio(asked=200, reported=0)
    vitals.learn({A: mute, B: ReportRatio(asked=200, reported=198, delivered=190, prompt=190)})
    assert not vitals.health(A, M0).good
    vitals = Vitals()
    vitals.learn({A: mute, B: mute})
    assert vitals.health(A, M0).good, "an operator that reports nothing speaks against no line"


@pytest.mark.looptime
async def test_a_judgement_holds_for_a_moment() -> None:
    """Lines ask hundreds of times a second."""
    vitals = Vitals()
    before = vitals.health(A, M0)
    vitals.count(A, lost=20)
    assert vitals.health(A, M0) is before
    await asyncio.sleep(JUDGED_FOR)
    assert vitals.health(A, M0).score < before.score
