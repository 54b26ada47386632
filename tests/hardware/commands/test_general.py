"""Commands of the terminal and the equipment."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("AT", ["OK"]),
        ("AT+CGMI", ["Shopbell", "OK"]),
        ("AT+CGSN", ["358240050000009", "OK"]),
        ("AT+CIMI", ["001010000000000", "OK"]),
        ("AT+CCID", ["+CCID: 8944000000000000001", "OK"]),
        ("AT+CNUM", ['+CNUM: ,"+447700900000",145', "OK"]),
        ("AT+CPIN?", ["+CPIN: READY", "OK"]),
        ("AT+CFUN?", ["+CFUN: 1", "OK"]),
        ("AT+CREG?", ["+CREG: 0,1", "OK"]),
        ("AT+CEREG?", ["+CEREG: 0,0", "OK"]),
        ("AT+CSQ", ["+CSQ: 20,0", "OK"]),
        ("AT+COPS?", ['+COPS: 0,0,"Test network"', "OK"]),
        ("AT+COPS=3,2;+COPS?", ['+COPS: 0,2,"00101"', "OK"]),
        ("AT+CREG=2;+CREG?", ['+CREG: 2,1,"00C8","0001A2B3"', "OK"]),
        ("at+csq", ["+CSQ: 20,0", "OK"]),
        ("AT+CMGF=?", ["+CMGF: (0)", "OK"]),
        ("AT+CFUN=?", ["+CFUN: (0,1,4),(0,1)", "OK"]),
        ("AT+CLIP=?", ["OK"]),
        ("AT+NOSUCH", ["+CME ERROR: 4"]),
        ("AT+CSQ;+NOSUCH;+CSQ", ["+CME ERROR: 4"]),
        ("AT+CMEE=9", ["+CME ERROR: 50"]),
        ("not a command", []),
    ],
)
def test_answers(rig, command: str, answer: list[str]) -> None:
    assert rig.ask(command) == answer


@pytest.mark.parametrize(
    ("level", "answer"),
    [(0, "ERROR"), (1, "+CME ERROR: 4"), (2, "+CME ERROR: operation not supported")],
)
def test_errors_are_said_as_asked(rig, level: int, answer: str) -> None:
    rig.ask(f"AT+CMEE={level}")
    assert rig.ask("AT+NOSUCH") == [answer]


def test_all_commands_are_listed(rig) -> None:
    listed = rig.ask("AT+CLAC")
    assert {"AT+CMGS", "AT+CNMI", "ATE"} <= set(listed)


def test_strings_follow_the_character_set(rig) -> None:
    rig.ask('AT+CSCS="UCS2"')
    smsc = "+447700900999".encode("utf-16-be").hex().upper()
    assert rig.ask("AT+CSCA?") == [f'+CSCA: "{smsc}",145', "OK"]
    other = "+447700900998".encode("utf-16-be").hex()
    rig.ask(f'AT+CSCA="{other}"', 'AT+CSCS="GSM"')
    assert rig.device.smsc == "+447700900998"
    assert rig.ask('AT+CSCS="KLINGON"') == ["+CME ERROR: 50"]


def test_a_reset_of_the_terminal_leaves_the_message_service(rig) -> None:
    rig.ask("AT+CMEE=2", "ATZ", "ATE0")
    assert rig.ask("AT+CMEE?") == ["+CMEE: 0", "OK"]
    assert rig.ask("AT+CNMI?") == ["+CNMI: 2,1,0,1,0", "OK"]


class TestPin:
    def test_it_unlocks(self, make_rig) -> None:
        rig = make_rig("AT+CMEE=1", pin="1234")
        assert rig.ask("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
        assert rig.ask("AT+CIMI") == ["+CME ERROR: 11"]
        assert rig.ask("AT+CMGS=18") == ["+CMS ERROR: 311"]
        assert rig.ask('AT+CPIN="1234"') == ["OK"]
        assert rig.ask("AT+CPIN?") == ["+CPIN: READY", "OK"]

    def test_three_wrong_ones_lock_the_sim_for_good(self, make_rig) -> None:
        rig = make_rig("AT+CMEE=1", pin="1234")
        assert rig.ask(*['AT+CPIN="0000"'] * 3) == ["+CME ERROR: 16"] * 3
        assert rig.ask("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
        assert rig.ask('AT+CPIN="1234"') == ["+CME ERROR: 16"]

    def test_it_is_asked_again_after_power_loss(self, make_rig) -> None:
        rig = make_rig('AT+CPIN="1234"', pin="1234")
        rig.modem.reboot()
        assert rig.lines() == ["RDY", "+CPIN: SIM PIN", "SMS Ready"]
        assert rig.ask("ATE0", "AT+CPIN?")[-2:] == ["+CPIN: SIM PIN", "OK"]


def test_a_missing_sim(rig) -> None:
    rig.arm("no_sim")
    assert rig.ask("AT+CPIN?", "AT+CCID", "AT+CMGS=18") == [
        "+CME ERROR: 10",
        "+CME ERROR: 10",
        "+CMS ERROR: 310",
    ]


def test_without_the_radio_nothing_is_registered_and_nothing_sent(rig) -> None:
    rig.ask("AT+CFUN=4")
    assert rig.ask("AT+CREG?", "AT+COPS?", "AT+CSQ") == [
        "+CREG: 0,0",
        "OK",
        "+COPS: 0",
        "OK",
        "+CSQ: 99,99",
        "OK",
    ]
    assert rig.submit()[-1] == "+CMS ERROR: 331"
    assert rig.events("accepted") == []


@pytest.mark.parametrize("stat", [0, 2, 3, 8, 11])
def test_a_modem_out_of_its_network_does_not_send(rig, stat: int) -> None:
    rig.change(registration=stat)
    assert rig.ask("AT+CREG?")[0] == f"+CREG: 0,{stat}"
    assert rig.submit()[-1] == "+CMS ERROR: 331"
