"""Faults of the whole stick: hangs, restarts, what is forgotten, what is announced wrongly."""

from __future__ import annotations

import pytest

from hardware.simulator.errors import FaultError
from hardware.simulator.faults import parse_fault

HELLO = "0021000C91447700900123000005C8329BFD06"


class TestHang:
    @pytest.mark.parametrize(
        ("fault", "cure"), [("hang_until_esc", b"\x1b"), ("hang_until_reset", b"AT+CFUN=1,1\r")]
    )
    def test_the_host_ends_it(self, rig, fault, cure) -> None:
        rig.arm(f"{fault}*1")
        assert rig.ask("AT", "AT", "AT+CFUN=1") == []
        rig.modem.receive(cure)
        rig.said()
        assert "OK" in rig.ask("AT")

    def test_a_closed_port_ends_it(self, rig) -> None:
        rig.arm("hang_until_reopened*1")
        assert rig.ask("AT\x1b", "AT+CFUN=1,1") == []
        rig.modem.reopened()
        assert rig.ask("AT") == ["OK"]

    def test_power_alone_ends_it(self, rig) -> None:
        rig.arm("hang_until_power*1")
        assert rig.ask("AT\x1b", "AT+CFUN=1,1") == []
        rig.modem.reopened()
        assert rig.ask("AT") == []
        rig.modem.reboot(0)
        assert "OK" in rig.ask("ATE0")

    def test_what_the_network_has_waits_meanwhile(self, rig) -> None:
        rig.submit()
        rig.arm("hang_until_esc*1")
        rig.ask("AT")
        rig.timers.advance(5)
        assert rig.lines() == []
        rig.modem.receive(b"\x1b")
        assert rig.lines()[0] == "+CDS: 25"

    @pytest.mark.parametrize(("where", "accepted"), [("prompt", 0), ("ctrl_z", 0), ("accept", 1)])
    def test_it_begins_where_it_is_told(self, rig, where, accepted) -> None:
        rig.arm(f"hang_until_esc={where}*1")
        assert rig.ask("AT") == ["OK"]
        assert [line for line in rig.submit() if line != "> "] == []
        assert len(rig.events("accepted")) == accepted
        rig.modem.receive(b"\x1b")
        rig.said()
        assert rig.ask("AT") == ["OK"]

    def test_an_impossible_place_is_refused(self) -> None:
        with pytest.raises(FaultError, match="'lunch' is none of command, prompt"):
            parse_fault("hang_until_esc=lunch")


class TestRestart:
    @pytest.mark.parametrize(
        ("fault", "accepted"),
        [("reboot_in_pdu", 0), ("reboot_after_ctrl_z", 0), ("reboot_after_accept", 1)],
    )
    def test_it_restarts_in_the_middle(self, rig, fault, accepted) -> None:
        rig.arm(f"{fault}=1*1")
        rig.submit()
        assert len(rig.events("accepted")) == accepted
        assert rig.modem.mode == "booting"
        rig.timers.advance(1)
        assert "RDY" in rig.lines()

    def test_a_locked_sim_asks_again(self, make_rig) -> None:
        rig = make_rig('AT+CPIN="1234"', pin="1234")
        assert rig.ask("AT+CPIN?")[0] == "+CPIN: READY"
        rig.arm("pin_again*1")
        assert rig.ask("AT+CPIN?")[0] == "+CPIN: SIM PIN"


class TestForgetting:
    def test_announcements_wait_for_cnmi(self, rig) -> None:
        rig.arm("cnmi_forgotten*1")
        rig.submit()
        rig.timers.advance(5)
        assert rig.lines() == []
        assert rig.ask("AT+CNMI?")[0] == "+CNMI: 0,0,0,0,0"
        assert "+CDS: 25" in rig.ask("AT+CNMI=2,1,0,1,0")

    def test_the_service_centre_is_missing_until_it_is_given_back(self, rig) -> None:
        rig.arm("smsc_lost*1")
        assert rig.submit()[-1] == "+CMS ERROR: 330"
        rig.ask('AT+CSCA="+447700900999",145')
        assert rig.submit()[-1] == "OK"

    def test_the_echo_is_on_again(self, rig) -> None:
        rig.arm("echo_again*1")
        rig.ask("AT")
        assert rig.ask("AT")[0].startswith("AT")


class TestNetwork:
    @pytest.mark.parametrize(
        ("fault", "stat"), [("registration_lost", 2), ("registration_denied", 3)]
    )
    def test_nothing_goes_out_without_registration(self, rig, fault, stat) -> None:
        rig.arm(fault)
        assert rig.ask("AT+CREG?")[0] == f"+CREG: 0,{stat}"
        assert rig.submit()[-1] == "+CMS ERROR: 331"
        rig.faults.clear()
        assert rig.submit()[-1] == "OK"

    def test_it_is_lost_for_a_while_by_sending(self, rig) -> None:
        rig.arm("deregister=3*1")
        assert rig.submit()[-1] == "OK"
        assert rig.ask("AT+CREG?")[0] == "+CREG: 0,2"
        rig.timers.advance(3)
        rig.said()
        assert rig.ask("AT+CREG?")[0] == "+CREG: 0,1"


class TestStored:
    def announced(self, rig, fault: str) -> str:
        rig.arm(fault)
        rig.line.text("+447700900555", "Hi")
        [line] = rig.lines()
        return line

    def test_an_announcement_may_be_wrong(self, rig) -> None:
        assert self.announced(rig, "wrong_memory*1") == '+CMTI: "ME",1'
        assert self.announced(rig, "wrong_index=3*1") == '+CMTI: "SM",5'

    def test_the_last_entry_of_a_list_may_be_cut(self, rig) -> None:
        rig.line.text("+447700900555", "Hi")
        rig.said()
        _, whole, _ = rig.ask("AT+CMGL=4")
        rig.arm("cut_list*1")
        _, cut, _ = rig.ask("AT+CMGL=4")
        assert cut == whole[: len(whole) // 2]

    def test_text_mode_until_it_is_switched_off(self, rig) -> None:
        rig.line.text("+447700900555", "Hi")
        rig.said()
        rig.arm("text_mode*1")
        assert rig.ask("AT+CMGR=1") == [
            '+CMGR: "REC UNREAD","+447700900555",,"26/11/23,09:30:00+00"',
            "Hi",
            "OK",
        ]
        rig.ask("AT+CMGF=0")
        assert rig.ask("AT+CMGR=1")[0] == "+CMGR: 1,,21"

    def test_a_report_in_text_mode(self, rig) -> None:
        rig.ask("AT+CNMI=2,1,0,2,0")
        rig.submit()
        rig.timers.advance(1)
        rig.said()
        rig.arm("text_mode*1")
        header, final = rig.ask('AT+CPMS="SR"', "AT+CMGR=1")[-2:]
        assert header.startswith('+CMGR: "REC UNREAD",6,1,"+447700900123",145,')
        assert final == "OK"


class TestWire:
    def test_an_answer_comes_late_and_others_do_not_wait(self, rig) -> None:
        rig.arm("late_ok*1")
        assert rig.ask("AT+CSQ", "AT") == ["OK"]
        rig.timers.advance(6)
        assert rig.lines() == ["+CSQ: 20,0", "OK"]

    def test_a_late_answer_does_not_disturb_a_pdu(self, rig) -> None:
        rig.arm("late_ok=1*1")
        rig.ask("AT+CSQ")
        rig.modem.receive(b"AT+CMGS=18\r" + HELLO[:10].encode())
        rig.timers.advance(1)
        rig.modem.receive(HELLO[10:].encode() + b"\x1a")
        assert rig.lines()[-1] == "OK"
        assert len(rig.events("accepted")) == 1

    def test_a_routed_report_comes_in_two_halves_inside_an_answer(self, rig) -> None:
        rig.arm("split_urc*1")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == []
        assert rig.ask("AT+CSQ") == ["+CSQ: 20,0", "+CDS: 25"]
        rig.timers.advance(1)
        pdu, final = rig.lines()
        assert pdu.startswith("07")
        assert final == "OK"

    def test_nothing_comes_between_the_halves(self, rig) -> None:
        rig.arm("split_urc*1")
        rig.submit()
        rig.timers.advance(1)
        rig.ask("AT")
        rig.modem.say("RING")
        rig.timers.advance(1)
        pdu, final, noise = rig.lines()
        assert (pdu[:2], final, noise) == ("07", "OK", "RING")

    def test_a_flood_of_nuls(self, rig) -> None:
        rig.arm("nul_flood=100*1")
        rig.modem.receive(b"AT\r")
        assert rig.said() == b"\x00" * 100 + b"\r\nOK\r\n"

    def test_a_lost_character_makes_the_pdu_too_short(self, rig) -> None:
        rig.arm("lose_octet*1")
        assert rig.submit()[-1] == "+CMS ERROR: 304"
        assert rig.submit()[-1] == "OK"


class TestSim:
    """Over the control socket, as a test of the gateway does it."""

    def test_it_is_taken_out_and_another_put_in(self, start_bank) -> None:
        process = start_bank()
        with process.control() as control:
            before = control.state()["modem0"]
            control.ask("eject")
            assert [fault["name"] for fault in control.state()["modem0"]["faults"]] == ["no_sim"]
            control.ask("insert", sim=7)
            after = control.state()["modem0"]
        assert after["faults"] == []
        assert after["iccid"] != before["iccid"]
        assert after["imei"] == before["imei"]


def test_a_closing_host_is_noticed(start_bank) -> None:
    process = start_bank("--fault", "hang_until_reopened*1")
    with process.port().open("r+b", buffering=0) as port:
        port.write(b"AT\r")
        with process.control() as control:
            while control.state()["modem0"]["mode"] != "hung":
                pass
    with process.control() as control:
        while control.state()["modem0"]["mode"] == "hung":
            pass
        assert control.state()["modem0"]["mode"] == "command"
