"""A trace holds nobody's number, nobody's text and no PIN, and can still be replayed."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.at import read_iccid, read_imei, read_registration, read_smsc
from gateway.modem.trace.recorder import Recorder
from gateway.modem.trace.redaction import LineRedactor
from gateway.modem.trace.trace import Side
from gateway.sms import Address, NumberType, Submit, UserData, coding, gsm7
from gateway.sms.semioctets import encode_digits

HOST, MODEM = Side.HOST, Side.MODEM

DIGITS = st.text(st.sampled_from("23467890"), min_size=7, max_size=15)
WORD = st.text(st.sampled_from("bcdefghijklmnop"), min_size=5, max_size=9)
TEXTS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


class Paper:
    """A sheet in memory."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> bool:
        self.text += text
        return False

    def close(self) -> None: ...


def recorded(*spoken: tuple[Side, str], pieces: int = 10_000) -> str:
    """Return the trace of a dialogue that came in pieces of so many octets."""
    paper = Paper()
    recorder = Recorder(paper, lambda: 0.0)
    for side, text in spoken:
        octets = text.encode()
        for at in range(0, len(octets), pieces):
            recorder.take(side, octets[at : at + pieces])
    recorder.close()
    return paper.text


def forms(digits: str) -> set[str]:
    """Return a number as it may stand in a dialogue."""
    ucs2 = digits.encode("utf-16-be").hex().upper()
    return {digits, digits[-7:], encode_digits(digits[: len(digits) // 2 * 2]).hex().upper(), ucs2}


def conversation(digits: str, text: str, pin: str) -> list[tuple[Side, str]]:
    """Everything that may hold a number, a text or a PIN, in the forms that modems use."""
    address = Address(number=f"+{digits}", type=NumberType.INTERNATIONAL)
    seven = UserData(coding=coding.GSM7, content=gsm7.encode(text))
    wide = UserData(coding=coding.UCS2, content=text.encode("utf-16-be")[:140])
    first = Submit(destination=address, user_data=seven).encode()
    second = Submit(destination=address, user_data=wide, smsc=address).encode()
    hexed = text.encode("utf-16-be").hex().upper()
    return [
        (HOST, f'AT+CPIN="{pin}"\r'),
        (MODEM, f'AT+CPIN="{pin}"\r\r\nOK\r\n'),
        (HOST, f"AT+CPIN={pin}\r"),
        (MODEM, f'T+CPIN="{pin}"\r\n\r\nERROR\r\n'),
        (HOST, f'AT+CLCK="SC",0,"{pin}"\r'),
        (MODEM, "\r\nOK\r\n"),
        (HOST, "AT+CNUM\r"),
        (MODEM, f'\r\n+CNUM: "{text}","+{digits}",145\r\n\r\nOK\r\n'),
        (HOST, "AT+CSCA?\r"),
        (MODEM, f"\r\n+CSCA: {f'+{digits}'.encode('utf-16-be').hex().upper()},145\r\n\r\nOK\r\n"),
        (HOST, f"AT+CMGS={first.length}\r"),
        (MODEM, "\r\n> "),
        (HOST, first.hex + "\x1a"),
        (MODEM, f"{first.hex}\r\n+CMGS: 7\r\n\r\nOK\r\n"),
        (HOST, f"AT+CMGS={second.length}\r"),
        (MODEM, "\r\n> "),
        (HOST, second.hex),
        (HOST, "\x1b"),
        (MODEM, "\r\nOK\r\n"),
        (HOST, "AT+CMGL=4\r"),
        (MODEM, f"\r\n+CMGL: 1,1,,{first.length}\r\n{first.hex}\r\n"),
        (MODEM, f"+CMGL: 2,1,,{second.length} {second.hex}\r\n\r\nOK\r\n"),
        (HOST, f'AT+CUSD=1,"*100*{digits}#",15\r'),
        (MODEM, f'\r\nOK\r\n\r\n+CUSD: 0,"{text}\n{text} +{digits}",15\r\n'),
        (MODEM, f'+CUSD: 0,"{hexed}",72\r\n+CUSD: 0, {hexed}\r\n'),
        (MODEM, f'\r\n+CMT: "+{digits}","{text}","26/11/23,10:00:00+00"\r\n{text}\r\n{text}\r\n'),
        (HOST, "AT+CMGR=1\r"),
        (MODEM, f'\r\n+CMGR: "REC READ","+{digits}"\r\nAT {text}\r\n*{text}: {text}\r\nOK\r\n'),
        (MODEM, f'{text}\r\n+CLIP: "+{digits}",145,"",,"{text}",0\r\nRING\r\n'),
        (HOST, f"ATD+{digits};\r"),
        (MODEM, f"{text}"),
    ]


@given(digits=DIGITS, text=TEXTS, pin=st.from_regex("[2346789]{4,8}", fullmatch=True))
def test_no_number_no_word_and_no_pin_is_left(digits: str, text: str, pin: str) -> None:
    assume(pin not in digits)
    for pieces in (10_000, 3, 1):
        trace = recorded(*conversation(digits, text, pin), pieces=pieces)
        for form in forms(digits):
            assert form not in trace
        for word in {word for word in text.split() if len(set(word)) > 1}:
            assert word not in trace
            assert word.encode("utf-16-be").hex().upper() not in trace
        assert pin not in trace
        assert '>> AT+CPIN="' + "*" * len(pin) + '"<CR>' in trace


def test_pieces_make_no_difference() -> None:
    spoken = conversation("447700900123", "hello there", "4711")
    whole = recorded(*spoken)
    assert recorded(*spoken, pieces=1) == whole
    assert recorded(*spoken, pieces=7) == whole


@pytest.mark.parametrize(
    ("command", "line", "shown"),
    [
        ("AT+CGSN", "490154203237518", "555555555000001"),
        ("AT+CGMR", "430e09gm.3 1207928 020102 14:41", "430e09gm.3 1207928 020102 14:41"),
        ("AT+CGMM", "E3372", "E3372"),
        ("AT+CCID", "+CCID: 8944100030207654321", "+CCID: 8955555555555000001"),
        ("AT+CRSM=176,12258,0,0,10", '+CRSM: 144,0,"98440010300207563412"', None),
        ("AT+CREG?", '+CREG: 2,1,"CE00","01CEAD8F",7', '+CREG: 2,1,"0000","00000000",7'),
        ("AT+CREG?", '+CREG:002,001,"18d8","ffff"', '+CREG:002,001,"0000","0000"'),
        ("AT+COPS?", '+COPS: 0,0,"TELE2",0', '+COPS: 0,0,"TELE2",0'),
        ("AT+CSQ", "^RSSI:18", "^RSSI:18"),
        ("AT+CPMS?", '+CPMS: "SM",3,30,"SM",3,30', '+CPMS: "SM",3,30,"SM",3,30'),
        ("AT+CMGS=18", "+CMS ERROR: 500", "+CMS ERROR: 500"),
        ("AT+CMGR=1", "+CMGR: 0,,24", "+CMGR: 0,,24"),
        ("AT+CUSD=1", '+CUSD: 0,"49B41C74ACD3D16171D9",15', '+CUSD: 0,"E170381C0E87C3E17018",15'),
    ],
)
def test_what_a_reader_looks_for_stays(command: str, line: str, shown: str | None) -> None:
    redactor = LineRedactor()
    redactor.host(command)
    got = redactor.modem(line)
    assert len(got) == len(line)
    assert got == shown if shown else got != line


def test_stand_ins_are_read_as_what_they_stand_for() -> None:
    redactor = LineRedactor()
    redactor.host("AT")
    assert read_imei((redactor.modem("490154203237518"),)) == "555555555000001"
    assert read_iccid((redactor.modem('+CRSM: 144,0,"98440010300207563412"'),)) is not None
    assert read_smsc((redactor.modem('+CSCA: "+447802000332",145'),)) == "+555555000003"
    line = redactor.modem('+CREG: 2,5,"0502","0404736D"')
    assert read_registration((line,), "+CREG") == 5


def test_one_number_has_one_stand_in_in_every_form() -> None:
    """Else a report could not be matched to its message in a replay."""
    redactor = LineRedactor()
    redactor.host("AT+CMGS=18")
    pdu = redactor.host("0001000B914477009021F3000005E8329BFD06\x1a"[:-1])
    redactor.modem("OK")
    assert "5555050000F1" in pdu
    assert redactor.modem('+CLIP: "07700902123",129').endswith('"55555000002",129')


def test_unreadable_lines_are_blanked_to_their_length() -> None:
    redactor = LineRedactor()
    assert redactor.modem("DODGY Joe") == "xxxxx xxx"
    redactor.modem("+CMT: ,13")
    assert redactor.modem("00040B9112345678JUNK") == "55555x5555555555xxxx"
    redactor.modem("OK")
    assert redactor.modem("RING") == "RING"
