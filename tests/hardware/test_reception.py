"""What the network brings: reports and messages of people, as the host asked for them."""

from __future__ import annotations

from itertools import pairwise

import gsmmodem.pdu as oracle
import pytest

from hardware.simulator.reception import ACKNOWLEDGE_WITHIN
from hardware.simulator.settings import ReportMode


def statuses(lines: list[str]) -> list[int]:
    """TP-Status of the routed reports among some lines."""
    return [
        oracle.decodeSmsPdu(pdu)["status"]
        for header, pdu in pairwise(lines)
        if header.startswith("+CDS:")
    ]


class TestReports:
    def test_a_routed_one(self, rig) -> None:
        rig.submit()
        rig.timers.advance(1)
        header, pdu = rig.lines()
        report = oracle.decodeSmsPdu(pdu)
        assert header == f"+CDS: {len(pdu) // 2 - 8}"
        assert (report["reference"], report["number"], report["status"]) == (1, "+447700900123", 0)
        assert (report["discharge"] - report["time"]).total_seconds() == 0
        assert rig.events("report") == [
            {
                "modem": "modem0",
                "event": "report",
                "mr": 1,
                "to": "+447700900123",
                "status": 0,
                "how": "cds",
            }
        ]

    def test_a_stored_one(self, rig) -> None:
        rig.ask("AT+CNMI=2,1,0,2,0")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == ['+CDSI: "SR",1']
        assert rig.ask("AT+CMGR=1") == ["+CMS ERROR: 321"], "it is in SR, not in SM"
        rig.ask('AT+CPMS="SR"')
        assert oracle.decodeSmsPdu(rig.ask("AT+CMGR=1")[1])["reference"] == 1
        assert rig.ask("AT+CMGD=1", 'AT+CPMS="SR"')[1] == "+CPMS: 0,20,0,50,0,50"

    def test_none_without_asking(self, rig) -> None:
        rig.submit("0001000C91447700091032000005C8329BFD06")
        rig.timers.advance(60)
        assert rig.lines() == []

    def test_none_from_a_network_that_sends_none(self, make_rig) -> None:
        rig = make_rig(report_mode=ReportMode.NONE)
        rig.submit()
        rig.timers.advance(60)
        assert rig.events("report", "report_dropped") == []

    def test_they_wait_until_the_host_wants_any(self, make_rig) -> None:
        rig = make_rig()
        for _ in range(3):
            rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == []
        rig.modem.receive(b"AT+CNMI=2,1,0,1,0\r")
        lines = rig.lines()
        assert lines[0] == "OK"
        assert [oracle.decodeSmsPdu(pdu)["reference"] for pdu in lines[2::2]] == [1, 2, 3]

    def test_they_are_lost_on_a_host_that_wants_none(self, rig) -> None:
        rig.ask("AT+CNMI=2,1,0,0,0")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == []
        assert [each["how"] for each in rig.events("report_dropped")] == ["none"]

    def test_they_wait_for_an_absent_modem(self, rig) -> None:
        rig.submit()
        rig.modem.power_off()
        rig.timers.advance(1)
        rig.modem.power_on()
        assert rig.ask("ATE0", "AT+CNMI=2,1,0,1,0")[-2] == "+CDS: 25"

    def test_they_wait_while_a_pdu_is_typed(self, rig) -> None:
        rig.submit()
        rig.ask("AT+CMGS=18")
        rig.timers.advance(1)
        assert rig.lines() == []
        rig.modem.receive(b"\x1b")
        rig.timers.advance(0)
        assert rig.lines()[:2] == ["OK", "+CDS: 25"]

    def test_they_come_between_the_end_of_a_pdu_and_its_answer(self, rig) -> None:
        rig.submit()
        rig.change(submit_latency=5.0)
        rig.submit()
        rig.timers.advance(5)
        lines = rig.lines()
        assert (lines[0], lines[2]) == ("+CDS: 25", "+CMGS: 2")

    def test_a_full_memory_takes_none_until_there_is_room(self, make_rig) -> None:
        rig = make_rig("AT+CNMI=2,1,0,2,0", report_slots=1)
        rig.submit()
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == ['+CDSI: "SR",1', '^SMMEMFULL: "SR"']
        assert rig.ask('AT+CPMS="SR"', "AT+CMGD=1")[-1] == '+CDSI: "SR",1'

    @pytest.mark.parametrize(
        ("fault", "after_one_delay", "later"),
        [
            ("report_never", [], []),
            ("report_twice", [0, 0], []),
            ("report_failed", [0x46], []),
            ("report_failed=0x41", [0x41], []),
            ("report_temporary", [0x30], [0]),
            ("report_temporary=0x20", [0x20], [0]),
        ],
    )
    def test_reports_that_are_not_as_they_should(
        self, rig, fault: str, after_one_delay: list[int], later: list[int]
    ) -> None:
        rig.arm(f"{fault}*1")
        rig.submit()
        rig.timers.advance(0.15)
        assert statuses(rig.lines()) == after_one_delay
        rig.timers.advance(60)
        assert statuses(rig.lines()) == later

    def test_an_early_one_comes_before_the_answer(self, rig) -> None:
        rig.arm("report_early*1")
        lines = rig.submit()
        assert (lines[1], lines[3]) == ("+CDS: 25", "+CMGS: 1")

    def test_a_message_whose_answer_was_lost_has_its_report(self, rig) -> None:
        rig.arm("lose_answer*1")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines()[0] == "+CDS: 25"

    def test_a_stick_pulled_out_after_acceptance_gets_its_report_when_it_is_back(self, rig) -> None:
        rig.arm("unplug_after_accept*1")
        rig.submit()
        rig.timers.advance(1)
        rig.modem.power_on()
        assert "+CDS: 25" in rig.ask("ATE0", "AT+CNMI=2,1,0,1,0")


class TestAcknowledgement:
    """Phase 2+ (AT+CSMS=1): one routed message at a time."""

    def test_the_next_comes_when_the_last_is_acknowledged(self, rig) -> None:
        rig.ask("AT+CSMS=1")
        for _ in range(2):
            rig.submit()
        rig.timers.advance(1)
        assert len(rig.lines()) == 2
        rig.modem.receive(b"AT+CNMA\r")
        assert rig.lines()[:2] == ["OK", "+CDS: 25"]

    def test_routing_ends_when_no_acknowledgement_comes(self, rig) -> None:
        rig.ask("AT+CSMS=1")
        rig.submit()
        rig.timers.advance(0.2 + ACKNOWLEDGE_WITHIN)
        rig.said()
        assert rig.ask("AT+CNMI?")[0] == "+CNMI: 2,0,0,0,0"

    def test_an_old_deadline_does_not_end_it(self, rig) -> None:
        rig.ask("AT+CSMS=1")
        rig.submit()
        rig.timers.advance(ACKNOWLEDGE_WITHIN - 1)
        rig.ask("AT+CNMA")
        rig.submit()
        rig.timers.advance(ACKNOWLEDGE_WITHIN - 1)
        assert rig.ask("AT+CNMI?")[-2] == "+CNMI: 2,1,0,1,0"


class TestMessages:
    def test_a_routed_one(self, rig) -> None:
        rig.ask("AT+CNMI=2,2,0,1,0")
        rig.line.text("+447700900777", "STOP")
        header, pdu = rig.lines()
        assert header == f"+CMT: ,{len(pdu) // 2 - 8}"
        assert oracle.decodeSmsPdu(pdu)["text"] == "STOP"
        assert rig.events("inbound")[0]["how"] == "cmt"

    def test_one_is_stored_without_a_word_while_the_host_has_not_asked(self, make_rig) -> None:
        rig = make_rig()
        rig.line.text("+447700900777", "STOP")
        assert rig.lines() == []
        assert rig.device.memories["SM"].used == 1

    def test_the_parts_of_a_long_one_come_in_order(self, rig) -> None:
        assert rig.line.text("+447700900777", "x" * 300) == 2
        assert rig.lines() == ['+CMTI: "SM",1', '+CMTI: "SM",2']
        assert [(each["seq"], each["total"]) for each in rig.events("inbound")] == [(1, 2), (2, 2)]

    def test_full_storage_takes_nothing_in_and_says_so_once(self, rig) -> None:
        rig.arm("storage_full")
        for text in ("one", "two"):
            rig.line.text("60123", text)
        assert rig.lines() == ['^SMMEMFULL: "SM"']
        assert rig.ask("AT+CPMS?")[0].startswith('+CPMS: "SM",50,50')
        rig.faults.clear()
        rig.line.knock()
        assert rig.lines() == ['+CMTI: "SM",1', '+CMTI: "SM",2']

    def test_nothing_overtakes_what_waits(self, rig) -> None:
        rig.arm("storage_full")
        rig.line.text("60123", "one")
        rig.faults.clear()
        rig.line.text("60123", "two")
        rig.line.knock()
        assert [each["text"] for each in rig.events("inbound")] == ["one", "two"]

    def test_room_is_made_by_deleting(self, make_rig) -> None:
        rig = make_rig("AT+CNMI=2,1,0,1,0", slots=1)
        for text in ("one", "two"):
            rig.line.text("60123", text)
        assert rig.lines() == ['+CMTI: "SM",1', '^SMMEMFULL: "SM"']
        assert rig.ask("AT+CMGD=1") == ["OK", '+CMTI: "SM",1']
        assert oracle.decodeSmsPdu(rig.ask("AT+CMGR=1")[1])["text"] == "two"

    def test_a_blocked_report_does_not_hold_up_a_message(self, make_rig) -> None:
        rig = make_rig()
        rig.submit()
        rig.timers.advance(1)
        rig.line.text("60123", "hi")
        assert rig.device.memories["SM"].used == 1
        assert rig.line.has_waiting
