"""Commands of the message service, apart from sending."""

from __future__ import annotations

import gsmmodem.pdu as oracle
import pytest

from hardware.simulator.settings import ReportMode


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("AT+CMGF=0", ["OK"]),
        ("AT+CMGF=1", ["+CMS ERROR: 303"]),
        ("AT+CSMS?", ["+CSMS: 0,1,1,1", "OK"]),
        ("AT+CSMS=1", ["+CSMS: 1,1,1", "OK"]),
        ("AT+CSCA?", ['+CSCA: "+447700900999",145', "OK"]),
        ("AT+CPMS?", ['+CPMS: "SM",0,50,"SM",0,50,"SM",0,50', "OK"]),
        ('AT+CPMS="ME","ME","ME"', ["+CPMS: 0,50,0,50,0,50", "OK"]),
        ('AT+CPMS="SR"', ["+CPMS: 0,20,0,50,0,50", "OK"]),
        ('AT+CPMS="SM","SR"', ["+CMS ERROR: 321"]),
        ('AT+CPMS="XX"', ["+CMS ERROR: 321"]),
        ("AT+CNMI=?", ["+CNMI: (0-2),(0-3),(0-3),(0,1,2),(0,1)", "OK"]),
        ("AT+CNMI=3,1,0,1,0", ["+CMS ERROR: 303"]),
        ("AT+CNMI=2,1;+CNMI?", ["+CNMI: 2,1,0,1,0", "OK"]),
        ("AT+CMGR=1", ["+CMS ERROR: 321"]),
        ("AT+CMGL=4", ["OK"]),
        ("AT+CMGD=1", ["OK"]),
        ("AT+CMGD=99", ["+CMS ERROR: 321"]),
        ("AT+CMGD=?", ["+CMGD: (1-50),(0-4)", "OK"]),
        ("AT+CNMA", ["+CMS ERROR: 340"]),
        ("AT+CMGS=0", ["+CMS ERROR: 304"]),
        ("AT+CMGS=177", ["+CMS ERROR: 304"]),
    ],
)
def test_answers(rig, command: str, answer: list[str]) -> None:
    assert rig.ask(command) == answer


@pytest.mark.parametrize(("mode", "refused"), [("cds", 2), ("cdsi", 1), ("none", 1), ("none", 2)])
def test_a_modem_refuses_the_report_route_that_it_lacks(make_rig, mode: str, refused: int) -> None:
    rig = make_rig(report_mode=ReportMode(mode))
    assert rig.ask(f"AT+CNMI=2,1,0,{refused},0") == ["+CMS ERROR: 303"]
    assert rig.ask("AT+CNMI?")[0] == "+CNMI: 0,0,0,0,0"


class TestStored:
    def test_a_message_is_announced_read_and_deleted(self, rig) -> None:
        rig.line.text("+447700900777", "STOP")
        assert rig.lines() == ['+CMTI: "SM",1']
        header, pdu, ok = rig.ask("AT+CMGR=1")
        message = oracle.decodeSmsPdu(pdu)
        assert (message["number"], message["text"]) == ("+447700900777", "STOP")
        assert (message["smsc"], ok) == ("+447700900999", "OK")
        assert header == f"+CMGR: 0,,{len(pdu) // 2 - 8}"
        assert rig.ask("AT+CMGR=1")[0] == f"+CMGR: 1,,{len(pdu) // 2 - 8}"
        assert rig.ask("AT+CMGD=1", "AT+CMGR=1") == ["OK", "+CMS ERROR: 321"]

    def test_lists_show_the_wanted_states(self, rig) -> None:
        for text in ("one", "two"):
            rig.line.text("60123", text)
        rig.ask("AT+CMGR=2")
        assert [line for line in rig.ask("AT+CMGL=1") if "+CMGL" in line] == ["+CMGL: 2,1,,19"]
        assert [line for line in rig.ask("AT+CMGL") if "+CMGL" in line] == ["+CMGL: 1,0,,19"]
        assert len(rig.ask("AT+CMGL=4")) == 5
        assert rig.ask("AT+CMGL=2") == ["OK"]

    def test_all_are_deleted_at_once(self, rig) -> None:
        for text in ("one", "two"):
            rig.line.text("60123", text)
        rig.ask("AT+CMGD=1,4")
        assert rig.ask("AT+CMGL=4")[-1:] == ["OK"]
        assert rig.device.memories["SM"].used == 0

    def test_they_go_where_the_host_wants_them(self, rig) -> None:
        rig.ask('AT+CPMS="ME","ME","ME"')
        rig.line.text("60123", "one")
        assert rig.lines() == ['+CMTI: "ME",1']
