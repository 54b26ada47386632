"""The menus of the simulated network: three forms, and what can be odd about an answer."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.simulator import UssdSettings
from hardware.simulator.personality import UssdForm

ANSWERS = {"*100#": "Balance 5", "*1#": "1 Balance\n2 Data", "*1#>1": "Balance 6"}
ASK = 'AT+CUSD=1,"*100#",15'
PACKED = 'AT+CUSD=1,"AA180C3602",15'
UCS2 = 'AT+CUSD=1,"002A0031003000300023",15'


def settings(*, delay: float = 0.1, pieces: int = 1, **stick: Any) -> UssdSettings:
    return UssdSettings(answers=ANSWERS, delay=delay, pieces=pieces, stick=stick)


def test_an_answer_comes_after_its_ok(make_rig) -> None:
    rig = make_rig(ussd=settings(delay=3))
    assert rig.ask(ASK) == ["OK"]
    rig.timers.advance(2)
    assert rig.lines() == []
    rig.timers.advance(2)
    assert rig.lines() == ['+CUSD: 0,"Balance 5",15']


def test_an_answer_comes_before_its_ok(make_rig) -> None:
    rig = make_rig(ussd=settings(before_ok=True, coding=-1))
    assert rig.ask(ASK) == ['+CUSD: 0,"Balance 5"', "OK"]


def test_what_the_network_does_not_know_is_said_so(make_rig) -> None:
    rig = make_rig(ussd=settings(before_ok=True))
    assert rig.ask('AT+CUSD=1,"*999#",15') == ["+CUSD: 4", "OK"]


@pytest.mark.parametrize(
    ("form", "commands", "answer"),
    [
        (UssdForm.PACKED, [PACKED], "C2303BEC1E974135"),
        (UssdForm.UCS2, ['AT+CSCS="UCS2"', UCS2], "00420061006C0061006E0063006500200035"),
    ],
)
def test_a_modem_takes_one_form_and_answers_in_it(
    make_rig, form: UssdForm, commands: list[str], answer: str
) -> None:
    rig = make_rig("AT+CMEE=1", ussd=settings(form=form, before_ok=True))
    assert rig.ask(ASK) == ["+CME ERROR: 3"]
    assert f'+CUSD: 0,"{answer}",15' in rig.ask(*commands)


def test_a_wrong_form_may_never_be_answered(make_rig) -> None:
    rig = make_rig(ussd=settings(form=UssdForm.PACKED, refuses=False))
    assert rig.ask(ASK) == ["OK"]
    rig.timers.advance(100)
    assert rig.lines() == []


def test_a_mode_may_be_needed_first(make_rig) -> None:
    rig = make_rig("AT+CMEE=1", ussd=settings(needs_mode=True, before_ok=True))
    assert rig.ask(ASK) == ["+CME ERROR: 3"]
    assert rig.ask("AT^USSDMODE=0", ASK)[-2:] == ['+CUSD: 0,"Balance 5",15', "OK"]


def test_a_menu_waits_for_a_reply_until_it_is_closed(make_rig) -> None:
    rig = make_rig(ussd=settings(before_ok=True))
    assert rig.ask('AT+CUSD=1,"*1#",15') == ['+CUSD: 1,"1 Balance\n2 Data",15', "OK"]
    assert rig.ask('AT+CUSD=1,"1",15') == ['+CUSD: 0,"Balance 6",15', "OK"]
    rig.ask('AT+CUSD=1,"*1#",15', "AT+CUSD=2")
    assert rig.ask('AT+CUSD=1,"1",15') == ["+CUSD: 4", "OK"]


def test_an_answer_in_pieces_with_a_needless_end(make_rig) -> None:
    rig = make_rig(ussd=settings(pieces=2, ends_twice=True))
    rig.ask(ASK)
    rig.timers.advance(2)
    assert rig.lines() == ['+CUSD: 0,"Balan",15', '+CUSD: 0,"ce 5",15', "+CUSD: 2"]


def test_garbage_behind_a_text(make_rig) -> None:
    rig = make_rig('AT+CSCS="UCS2"', ussd=settings(form=UssdForm.UCS2, garbage=True, delay=0))
    rig.ask(UCS2)
    rig.timers.advance(0.1)
    assert "00350000FFFF" in rig.lines()[0]


def test_a_modem_may_hang_when_the_session_is_closed(make_rig) -> None:
    rig = make_rig(ussd=settings(hangs_at_end=True))
    assert rig.ask("AT+CUSD=2") == ["OK"]
    assert rig.ask("AT") == []


def test_there_is_nothing_without_a_network(make_rig) -> None:
    rig = make_rig("AT+CMEE=1", ussd=settings(), registration=2)
    assert rig.ask(ASK) == ["+CME ERROR: 30"]


@pytest.mark.parametrize(("command", "answer"), [("AT+CUSD?", "+CUSD: 1"), ("AT+CUSD=1", "OK")])
def test_presentation_can_be_asked_for(rig, command: str, answer: str) -> None:
    assert rig.ask(command)[0] == answer


@pytest.mark.parametrize("wrong", [{"pieces": 0}, {"delay": -1}])
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="pieces"):
        UssdSettings(**wrong)
