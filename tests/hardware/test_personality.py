"""Kinds of stick: that each is read strictly, and behaves as its description says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.simulator import Bank, BankSettings
from hardware.simulator.errors import PersonalityError
from hardware.simulator.personality import Personality, load, names
from hardware.simulator.personality.reading import build

HELLO = "0021000C91447700900123000005C8329BFD06"


@pytest.fixture
def on(make_rig):
    """Make a modem of a kind, with echo off and numbers for errors."""
    return lambda profile, *commands, **settings: make_rig(
        "AT+CMEE=1", *commands, profile=profile, **settings
    )


class TestReading:
    def test_the_simulator_and_the_driver_know_the_same_sticks(self) -> None:
        driver = Path(__file__).parents[2] / "hardware" / "profiles"
        assert names() == sorted(path.stem for path in driver.glob("*.toml"))

    def test_an_unknown_name_is_told_with_the_nearest(self) -> None:
        with pytest.raises(PersonalityError, match=r"did you mean huawei-e173\?"):
            load("huawei-e137")

    @pytest.mark.parametrize(
        ("table", "reason"),
        [
            ({"wires": {}}, "stick: nothing is called wires"),
            ({"wire": {"prompts": ">"}}, r"stick\.wire: nothing is called prompts"),
            ({"wire": {"prompt": 1}}, r"stick\.wire\.prompt: 1 is no str"),
            ({"wire": 1}, r"stick\.wire: 1 is no Wire"),
            ({"storage": {"slots": {"SM": "ten"}}}, r"slots\.SM: 'ten' is no int"),
            ({"storage": {"lists": "never"}}, r"lists: 'never' is not a valid Lists"),
            ({"storage": {"selected": ["SM"]}}, "selected: 3 values, not 1"),
            ({"wire": {"obeys": 1}}, "obeys: 1 is no bool"),
        ],
    )
    def test_what_nobody_reads_is_an_error(self, table, reason) -> None:
        with pytest.raises(PersonalityError, match=reason):
            build(Personality, table, "stick")

    def test_a_whole_number_may_be_a_time(self) -> None:
        assert build(Personality, {"power": {"boot": 2}}, "stick").power.boot == 2.0


class TestEveryStick:
    """What holds for all of them."""

    @pytest.mark.parametrize("profile", names())
    def test_it_has_an_identity_and_a_port_for_commands(self, profile) -> None:
        stick = load(profile)
        assert stick.badge.manufacturer != Personality().badge.manufacturer
        assert "at" in {interface.role for interface in stick.usb.interfaces}
        assert int(stick.usb.vendor, 16)
        assert stick.power.boot > 0

    @pytest.mark.parametrize("profile", names())
    def test_it_sends_once_it_has_booted_and_settled(self, on, profile) -> None:
        rig = on(profile)
        rig.modem.reboot()
        rig.timers.advance(30)
        rig.ask("ATE0", "AT+CFUN=1", "AT+CMGF=0")
        rig.timers.advance(30)
        rig.said()
        rig.ask("AT", 'AT+CSCA="+447700900999",145')
        rig.modem.receive(b"AT+CMGS=18\r")
        assert b">" in rig.said()
        rig.modem.receive(HELLO.encode() + b"\x1a")
        assert b"OK" in rig.said()
        assert [each["text"] for each in rig.events("accepted")] == ["Hello"]

    @pytest.mark.parametrize("profile", names())
    def test_it_tells_the_serial_number_of_its_sim(self, on, profile) -> None:
        rig = on(profile)
        identity = rig.device.identity
        swapped = identity.fill("{swapped}")
        for name in load(profile).badge.iccid:
            said = "".join(rig.ask("AT" + name.replace("+CRSM=", "+CRSM=176,12258,0,0,10")))
            assert identity.iccid in said or swapped in said

    @pytest.mark.parametrize("profile", names())
    def test_it_knows_a_command_that_restarts_it(self, on, profile) -> None:
        rig = on(profile)
        rig.ask("AT" + load(profile).power.resets[0])
        assert rig.kinds() == ["reboot"]
        assert bool(rig.vanished) == bool(load(profile).power.away)


class TestWire:
    def test_the_prompt_of_a_sim7670_has_no_blank(self, on) -> None:
        rig = on("simcom-sim7670")
        rig.modem.receive(b"AT+CMGS=18\r")
        assert rig.said() == b"\r\n>\r\n"

    def test_a_zte_echoes_the_end_of_echo_with_a_bare_line_feed(self, on) -> None:
        rig = on("zte-mf190", "ATE1")
        rig.modem.receive(b"ATE0\r")
        assert rig.said() == b"ATE0\n\r\nOK\n\n"

    def test_a_zte_says_ok_alone_after_its_network_lines(self, on) -> None:
        rig = on("zte-mf190")
        rig.modem.receive(f"AT+CMGS=18\r{HELLO}\x1a".encode())
        answer = rig.said()
        assert answer.endswith(b'\r\n+ZPASR: "UMTS"\r\n\r\nOK\n\n')
        assert b"+CMGS" not in answer


class TestResults:
    def test_an_unknown_command_is_refused_in_its_own_words(self, on) -> None:
        assert on("huawei-e1752").ask("AT+WIND?") == ["COMMAND NOT SUPPORT"]
        assert on("simcom-sim800").ask("AT^CVOICE=?") == ["+CME ERROR: 100"]

    def test_a_sim7670_says_words_where_numbers_were_asked_for(self, on) -> None:
        rig = on("simcom-sim7670")
        rig.arm("no_sim")
        assert rig.ask("AT+CIMI") == ["+CME ERROR: SIM not inserted"]

    def test_a_wavecom_leaves_the_ok_out(self, on) -> None:
        assert on("wavecom").ask("AT+CPIN?") == ["+CPIN: READY"]

    def test_a_wavecom_has_its_own_codes(self, on) -> None:
        rig = on("wavecom")
        rig.arm("reject=332")
        assert rig.submit()[-1] == "+CMS ERROR: 513"

    def test_a_sleeping_stick_loses_the_first_command(self, on) -> None:
        rig = on("simcom-sim800")
        rig.timers.advance(60)
        rig.said()
        assert rig.ask("AT") == []
        assert rig.ask("AT") == ["OK"]


class TestNoise:
    def test_it_comes_by_itself_until_quieted(self, on) -> None:
        rig = on("huawei-e173")
        rig.timers.advance(60)
        assert any(line.startswith("^") for line in rig.lines())
        assert rig.ask("AT^CURC=0") == ["OK"]
        rig.timers.advance(600)
        assert rig.lines() == []

    def test_some_accept_the_command_and_go_on(self, on) -> None:
        rig = on("huawei-e3372", "AT^CURC=0")
        rig.timers.advance(60)
        assert rig.lines()


class TestStart:
    def test_a_sim800_is_not_ready_until_it_says_so(self, on) -> None:
        rig = on("simcom-sim800")
        rig.modem.reboot()
        rig.timers.advance(3)
        assert rig.lines() == ["RDY", "+CFUN: 1", "+CPIN: READY"]
        assert rig.ask("ATE0", "AT+CMGF=0")[-1] == "ERROR"
        rig.timers.advance(3)
        assert rig.lines() == ["Call Ready", "SMS Ready"]
        assert rig.ask("AT+CMGF=0") == ["OK"]

    def test_a_zte_does_nothing_before_the_pin(self, on) -> None:
        rig = on("zte-mf190", pin="1234")
        rig.said()
        assert rig.ask("ATZ")[-1].startswith("+CME ERROR: 11")
        rig.ask('AT+CPIN="1234"')
        assert rig.ask("AT+CSCA?")[-1].startswith("+CME ERROR: 14")
        rig.timers.advance(3)
        assert '+CSCA: "+447700900999",145' in rig.ask("AT+CSCA?")

    def test_a_qualcomm_starts_with_the_radio_off(self, on) -> None:
        assert on("quectel-uc20").ask("AT+CFUN?")[0] == "+CFUN: 0"

    def test_csmp_erases_the_service_centre_of_a_zte(self, on) -> None:
        rig = on("zte-mf190", "AT+CSMP=49,167,0,0")
        assert not any("+CSCA" in line for line in rig.ask("AT+CSCA?"))
        assert "+CMS ERROR: 330" in rig.submit()[-1]

    def test_power_takes_the_service_centre_of_an_mf710(self, on) -> None:
        rig = on("zte-mf710")
        assert rig.ask("AT+CSCA?")[0].startswith("+CSCA: 002B0034")
        rig.modem.reboot(0)
        rig.timers.advance(5)
        rig.said()
        assert '+CSCA: "",129' in rig.ask("AT+CSCA?")


class TestStorage:
    def test_counts_and_arguments_of_cpms(self, on) -> None:
        assert on("wavecom").ask('AT+CPMS="SM","SM","SM"') == ["+CMS ERROR: 321"]
        assert on("wavecom").ask('AT+CPMS="SM","BM"') == ["+CPMS: 0,50,0,50,0,50", "OK"]
        assert on("sierra").ask('AT+CPMS="ME","ME"') == ["+CPMS: 0,100,0,100", "OK"]
        assert on("ublox").ask('AT+CPMS="MT","ME","ME"') == ["OK"]

    def test_an_empty_slot(self, on) -> None:
        assert on("zte-mf190").ask("AT+CMGR=1")[-1].startswith("OK")
        assert on("huawei-e1752").ask("AT+CMGR=1") == ["+CMS ERROR: 500"]

    def test_slots_from_zero_that_are_counted_late(self, on) -> None:
        rig = on("huawei-e173", "AT+CNMI=2,1,0,2,0", "AT^CURC=0")
        rig.line.text("+447700900555", "Hi")
        assert rig.lines() == ['+CMTI: "ME",0']
        assert rig.ask('AT+CPMS="ME"')[0] == "+CPMS: 0,255,0,255,0,255"
        rig.timers.advance(1)
        assert rig.ask('AT+CPMS="ME"')[0] == "+CPMS: 1,255,1,255,1,255"

    def test_entries_run_together(self, on) -> None:
        rig = on("huawei-e173", "AT+CNMI=2,1,0,2,0", "AT^CURC=0")
        for text in ("One", "Two"):
            rig.line.text("+447700900555", text)
        rig.said()
        header, both, last, final = rig.ask("AT+CMGL=4")
        assert header.startswith("+CMGL: 0,0,,")
        assert "+CMGL: 1,0,," in both
        assert last.startswith("07")
        assert final == "OK"

    def test_header_and_pdu_on_one_line(self, on) -> None:
        rig = on("telit-he910", "AT+CNMI=2,1,0,1,0")
        rig.line.text("+447700900555", "Hi")
        rig.said()
        assert rig.ask("AT+CMGR=1")[0].startswith("+CMGR: 0,,21 07")

    def test_a_list_that_hangs_does_not_hang_the_stick(self, on) -> None:
        rig = on("zte-mf710")
        assert rig.ask("AT+CMGL=4") == []
        assert rig.ask("AT") == ["OK"]


class TestReports:
    def test_an_ec25_announces_the_wrong_memory(self, on) -> None:
        rig = on("quectel-ec25", "AT+CNMI=2,1,0,2,0")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == ['+CDSI: "SM",0']
        assert rig.ask('AT+CPMS="SM","SM","SM"', "AT+CMGR=0")[-1] == "OK"
        assert rig.ask('AT+CPMS="SR"', "AT+CMGR=0")[-2].startswith("07")

    def test_a_sim7600_cannot_read_what_it_announces(self, on) -> None:
        rig = on("simcom-sim7600", "AT+CNMI=2,1,0,2,0")
        rig.submit()
        rig.timers.advance(1)
        assert rig.lines() == ['+CDSI: "SR",0']
        assert rig.ask('AT+CPMS="SR"')[0].startswith("+CPMS: 0,23")
        assert rig.ask("AT+CMGR=0") == ["+CMS ERROR: 321"]

    def test_a_zte_routes_in_its_own_form(self, on) -> None:
        rig = on("zte-mf190", "AT+CNMI=2,1,0,1,0")
        rig.submit()
        rig.timers.advance(1)
        header, pdu = (line.strip() for line in rig.lines()[-2:])
        assert header.startswith("+CDS: ,")
        assert pdu.startswith("0297F1")

    def test_modes_are_listed_and_refused(self, on) -> None:
        rig = on("quectel-uc20")
        assert rig.ask("AT+CNMI=?")[0] == "+CNMI: (0-2),(0-3),(0,2),(0-2),(0-1)"
        assert rig.ask("AT+CNMI=2,1,0,1,0") == ["+CMS ERROR: 303"]
        assert rig.ask("AT+CNMI=1,1,0,1,0") == ["OK"]

    def test_a_ublox_waits_for_an_acknowledgement(self, on) -> None:
        rig = on("ublox", "AT+CNMI=2,1,0,1,0")
        assert rig.ask("AT+CSMS=0") == ["+CMS ERROR: 303"]
        rig.submit()
        rig.submit()
        rig.timers.advance(1)
        assert sum("+CDS" in line for line in rig.lines()) == 1
        rig.ask("AT+CNMA")
        assert len(rig.events("report")) == 2


class TestNetwork:
    @pytest.mark.parametrize(
        ("profile", "creg", "cereg"),
        [
            ("quectel-eg25", "+CREG: 0,0", "+CEREG: 0,1"),
            ("telit-he910", '+CREG: 0,1,"5E25","605F",2', "+CEREG: 0,0"),
            ("simcom-sim800", "+CREG: 0,1", "+CME ERROR: 100"),
        ],
    )
    def test_which_domain_says_so(self, on, profile, creg, cereg) -> None:
        rig = on(profile)
        assert rig.ask("AT+CREG?")[0] == creg
        assert rig.ask("AT+CEREG?")[0] == cereg


async def test_profiles_are_dealt_round_robin(tmp_path: Path) -> None:
    settings = BankSettings(modems=3, profiles=("sierra", "ublox"))
    async with Bank(tmp_path, settings) as bank:
        kinds = [stick.state()["profile"] for stick in bank.sticks.values()]
    assert kinds == ["sierra", "ublox", "sierra"]


def test_the_command_line_deals_them(start_bank) -> None:
    process = start_bank("--profile", "all")
    with process.control() as control:
        assert [state["profile"] for state in control.state().values()] == names()


def test_an_unknown_name_on_the_command_line_is_told(start_bank) -> None:
    process = start_bank("--profile", "siera")
    _, complaint = process.popen.communicate(timeout=10)
    assert process.popen.returncode == 1
    assert "did you mean sierra?" in complaint
