"""The wire: echo, prompt, pieces, power."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HELLO = "0021000C91447700091032000005C8329BFD06"


class TestEcho:
    def test_it_is_on_until_switched_off(self, make_rig) -> None:
        rig = make_rig()
        rig.modem.reboot()
        rig.said()
        rig.modem.receive(b"ATE0\r")
        assert rig.said() == b"ATE0\r\r\nOK\r\n"
        rig.modem.receive(b"AT\r")
        assert rig.said() == b"\r\nOK\r\n"

    def test_the_pdu_is_echoed_too(self, rig) -> None:
        rig.ask("ATE1")
        rig.modem.receive(b"AT+CMGS=18\r")
        assert rig.said() == b"AT+CMGS=18\r\r\n> "
        rig.modem.receive(HELLO.encode() + b"\x1a")
        assert rig.said() == HELLO.encode() + b"\r\n+CMGS: 1\r\n\r\nOK\r\n"

    def test_a_doubled_echo_comes_even_when_off(self, rig) -> None:
        rig.arm("double_echo*1")
        rig.modem.receive(b"AT\r")
        assert rig.said() == b"AT\rAT\r\r\nOK\r\n"


def test_numeric_results(rig) -> None:
    rig.ask("ATV0")
    rig.modem.receive(b"AT\r")
    assert rig.said() == b"0\r"


class TestPieces:
    @given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_it_does_not_matter_how_the_host_cuts_what_it_writes(self, make_rig, cuts) -> None:
        rig = make_rig("AT+CNMI=2,1,0,1,0")
        octets = f"\x1b\rAT\rAT+CMGS=18\r{HELLO}\x1aAT+CSQ\r".encode()
        at = 0
        for cut in (*cuts, len(octets)):
            rig.modem.receive(octets[at : at + cut])
            at += cut
        assert rig.lines() == ["OK", "> ", "+CMGS: 1", "OK", "+CSQ: 20,0", "OK"]
        assert [each["text"] for each in rig.events("accepted")] == ["Hello"]

    def test_line_feeds_and_leftovers_before_a_command_do_no_harm(self, rig) -> None:
        rig.modem.receive(b"\n\x00\x1a0791447700\x1bAT\r\n")
        assert rig.lines() == ["OK"]

    def test_a_line_without_end_is_refused_and_forgotten(self, rig) -> None:
        rig.modem.receive(b"A" * 10_000)
        assert rig.lines() == ["ERROR"]
        assert rig.ask("AT") == ["OK"]

    def test_a_pdu_without_end_is_refused_and_forgotten(self, rig) -> None:
        rig.ask("AT+CMGS=18")
        rig.modem.receive(b"0" * 10_000)
        assert rig.lines() == ["+CMS ERROR: 304"]
        assert rig.ask("AT") == ["OK"]


class TestLatency:
    def test_answers_take_their_time_and_keep_their_order(self, rig) -> None:
        rig.change(command_latency=1.0)
        assert rig.ask("AT", "AT+CSQ") == []
        rig.timers.advance(1)
        assert rig.lines() == ["OK"]
        rig.timers.advance(1)
        assert rig.lines() == ["+CSQ: 20,0", "OK"]

    def test_the_prompt_takes_its_time_too(self, rig) -> None:
        rig.change(command_latency=1.0)
        assert rig.ask("AT+CMGS=18") == []
        rig.timers.advance(1)
        assert rig.lines() == ["> "]


class TestPower:
    def test_nothing_is_answered_while_it_boots(self, make_rig) -> None:
        rig = make_rig()
        rig.modem.reboot(boot=5)
        rig.timers.advance(4.9)
        assert rig.ask("AT") == []
        rig.timers.advance(0.1)
        assert rig.lines() == ["RDY", "+CPIN: READY", "SMS Ready"]
        assert rig.ask("ATE0")[-1] == "OK"

    def test_what_the_host_set_is_forgotten_and_what_is_stored_is_not(self, rig) -> None:
        rig.line.text("60123", "kept")
        rig.modem.reboot()
        rig.ask("ATE0")
        assert rig.ask("AT+CNMI?")[0] == "+CNMI: 0,0,0,0,0"
        assert rig.ask("AT+CMGR=1")[-1] == "OK"

    def test_an_answer_under_way_dies_with_the_power(self, rig) -> None:
        rig.change(submit_latency=5.0)
        rig.submit()
        rig.modem.reboot()
        rig.said()
        rig.timers.advance(10)
        assert rig.lines() == []
        assert rig.events("accepted") == []

    def test_the_host_can_ask_for_it(self, rig) -> None:
        assert rig.ask("AT+CFUN=1,1") == ["OK", "RDY", "+CPIN: READY", "SMS Ready"]

    def test_a_modem_without_power_says_nothing(self, rig) -> None:
        rig.modem.power_off()
        assert rig.ask("AT") == []


class TestSilence:
    def test_it_lasts_as_long_as_it_is_armed(self, rig) -> None:
        rig.arm("silence")
        assert rig.ask("AT", "AT", "AT") == []
        rig.faults.clear()
        assert rig.ask("AT") == ["OK"]

    def test_the_next_two_commands(self, rig) -> None:
        rig.arm("silence*2")
        assert rig.ask("AT", "AT", "AT") == ["OK"]

    def test_a_modem_that_hangs_hands_nothing_over_and_sends_nothing(self, rig) -> None:
        rig.submit()
        rig.ask("AT+CMGS=18")
        rig.arm("silence")
        rig.modem.receive(HELLO.encode() + b"\x1a")
        rig.timers.advance(60)
        assert rig.lines() == []
        assert [each["mr"] for each in rig.events("accepted")] == [1]
        rig.faults.clear()
        rig.line.knock()
        assert rig.lines()[0] == "+CDS: 25"

    def test_what_came_meanwhile_is_handed_over_after_a_counted_one(self, rig) -> None:
        rig.arm("silence*1")
        rig.line.text("60123", "hi")
        assert rig.ask("AT") == []
        rig.timers.advance(0)
        assert rig.lines() == ['+CMTI: "SM",1']


def test_a_command_can_be_made_to_fail(rig) -> None:
    rig.arm("error=+CNMI=303*1", "error=+CSQ*1")
    assert rig.ask("AT+CNMI=2,1,0,1,0", "AT+CSQ", "AT+CNMI=2,1,0,1,0") == [
        "+CMS ERROR: 303",
        "+CME ERROR: 4",
        "OK",
    ]


class TestWire:
    def test_noise_stands_anywhere_and_the_answer_is_all_there(self, rig) -> None:
        rig.arm("noise")
        lines = rig.ask("AT+CSQ")
        assert lines.index("+CSQ: 20,0") < lines.index("OK") < len(lines) - 1
        assert lines.index("OK") - lines.index("+CSQ: 20,0") == 2
        assert lines.index("+CSQ: 20,0") == 1

    def test_noise_stands_between_the_end_of_the_pdu_and_the_answer(self, rig) -> None:
        rig.ask("AT+CMGS=18")
        rig.arm("noise*1")
        rig.modem.receive(HELLO.encode() + b"\x1a")
        noise, *rest = rig.lines()
        assert rest == ["+CMGS: 1", "OK"]
        assert noise not in rest

    @pytest.mark.parametrize(
        ("fault", "octets"),
        [("lf_only", b"\nOK\n"), ("trickle*1", b"\r\nOK\r\n"), ("noise%0.000001", b"\r\nOK\r\n")],
    )
    def test_forms_of_an_answer(self, rig, fault: str, octets: bytes) -> None:
        rig.arm(fault)
        rig.modem.receive(b"AT\r")
        rig.timers.advance(1)
        assert rig.said() == octets

    def test_a_trickle_comes_octet_by_octet(self, rig) -> None:
        rig.arm("trickle=0.1")
        rig.modem.receive(b"AT\r")
        said = [rig.said()]
        for _ in range(5):
            rig.timers.advance(0.1)
            said.append(rig.said())
        assert said == [b"\r", b"\n", b"O", b"K", b"\r", b"\n"]

    def test_what_is_said_during_a_trickle_waits_behind_it(self, rig) -> None:
        rig.arm("trickle=0.1*1")
        rig.ask("AT")
        rig.modem.say("RING")
        rig.timers.advance(5)
        assert rig.said() == b"\nOK\r\n\r\nRING\r\n"

    def test_a_prompt_without_its_blank(self, rig) -> None:
        rig.arm("bare_prompt*1")
        rig.modem.receive(b"AT+CMGS=18\r")
        assert rig.said() == b"\r\n>\r\n"

    def test_garbage_comes_before_the_answer_and_holds_no_prompt(self, rig) -> None:
        rig.arm("garbage=500*1")
        rig.modem.receive(b"AT\r")
        said = rig.said()
        assert said.endswith(b"\r\n\r\nOK\r\n")
        assert len(said) == 1000 + 10
        assert b">" not in said
