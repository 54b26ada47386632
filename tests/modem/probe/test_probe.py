"""A probe finds out what a stick is and what works with it, and leaves it as it was."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from support.sysfs import Sysfs

from gateway.at import Registration, SimState
from gateway.domain.errors import LinkLostError
from gateway.modem.port.transport import PortMissingError, PortTakenError
from gateway.modem.probe.findings import Findings, PortRole, Rung, Verdict
from gateway.modem.probe.originals import Originals
from gateway.modem.probe.probe import ProbeOptions, probe, put_back
from gateway.modem.trace.trace import read_trace
from tests.modem.bench import REPORT, started, until
from tests.modem.peer import Peer
from tests.modem.trace.test_redaction import Paper

pytestmark = pytest.mark.looptime

WORKS, REFUSED = Verdict.WORKS, Verdict.REFUSED


class Stick(Peer):
    """A peer that keeps AT+CNMI, AT+CPMS, AT+CSMS and AT+CFUN as a modem does."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = {
            "+CNMI": "0,0,0,0,0",
            "+CPMS": '"ME","ME","ME"',
            "+CSMS": "0",
            "+CMGF": "1",
            "+CMEE": "2",
            "+CFUN": "1",
        }
        self.refused = {"AT+CNMI=2,1,0,1,0"}
        self.forgotten: set[str] = set()
        for name in ("AT+CNMI?", "AT+CNMI=2,1,0,1,0", 'AT+CPMS="SM","SM","SM"', "AT+CFUN?"):
            del self.answers[name]
        for name in ("AT+CMEE=1", "AT+CMGF=0", "AT+CSMS?"):
            del self.answers[name]
        self.answers |= {"AT+CIMI": ["234159876543210"], "ATE1": []}

    def _answer(self, command: str) -> object:
        name, sign, value = re.split(r"([?=]|$)", command.removeprefix("AT"), maxsplit=1)
        if name not in self.settings or command in self.answers or value == "?":
            return super()._answer(command)
        if command in self.refused:
            return "\r\n+CMS ERROR: 303\r\n"
        if sign == "?":
            told = self.settings[name].replace('E"', 'E",3,50')
            return [f"{name}: {told}"]
        if command not in self.forgotten:
            self.settings[name] = value
        return []


@pytest.fixture
def stick() -> Stick:
    return Stick()


@pytest.fixture
def port(tmp_path: Path) -> str:
    """A device node, which a peer in memory stands behind."""
    (tmp_path / "port").touch()
    return str(tmp_path / "port")


async def probed(stick: Peer, port: str, paper: Paper | None = None, **options: Any) -> Findings:
    options = {"port": port, "wait": 5.0, "sysfs": Path("/nowhere")} | options
    findings, _ = await probe(ProbeOptions(**options), paper or Paper(), opener=stick.open)
    return findings


def verdicts(findings: Findings, command: str) -> dict[str, Verdict]:
    return {rung.setting: rung.verdict for rung in findings.ladders[command]}


async def test_it_tells_what_the_stick_is_and_how_it_stands(stick: Stick, port: str) -> None:
    stick.answers["AT+CEREG?"] = ["+CEREG: 0,3"]
    findings = await probed(stick, port)
    assert findings.identity.manufacturer == "Maker"
    assert (findings.profile, findings.sim) == ("generic", SimState.READY)
    assert (findings.iccid, findings.imsi) == ("8944100030207654321", "234159876543210")
    assert (findings.operator, findings.signal_dbm) == ("Test", -77)
    assert findings.service_centre == "+447802000332"
    assert findings.registrations == {
        "+CREG": Registration.HOME,
        "+CGREG": None,
        "+CEREG": Registration.DENIED,
    }
    assert findings.trouble == ""


async def test_every_rung_is_tried_and_read_back(stick: Stick, port: str) -> None:
    stick.forgotten = {"AT+CNMI=1,1,0,2,0"}
    stick.refused |= {'AT+CPMS="SM","SM","SM"', "AT+CSMS=1"}
    findings = await probed(stick, port)
    announcements = verdicts(findings, "AT+CNMI")
    assert len(announcements) == 12
    assert announcements["2,1,0,1,0"] is REFUSED
    assert announcements["2,1,0,1"] is WORKS
    assert announcements["1,1,0,2,0"] is Verdict.FORGOTTEN
    assert verdicts(findings, "AT+CPMS")["SM, 3 arguments"] is REFUSED
    assert verdicts(findings, "AT+CPMS")["SM, 2 arguments"] is WORKS
    assert not any(name.startswith("SR") for name in verdicts(findings, "AT+CPMS"))
    assert verdicts(findings, "AT+CSMS") == {"0": WORKS, "1": REFUSED}
    assert Rung(setting="0", verdict=REFUSED, detail="ERROR") in findings.ladders["AT+CGSMS"]


async def test_the_settings_are_as_they_were(stick: Stick, port: str) -> None:
    before = dict(stick.settings)
    findings = await probed(stick, port)
    assert stick.settings == before
    assert findings.unrestored == ()


async def test_the_settings_are_put_back_when_it_breaks_off(stick: Stick, port: str) -> None:
    """Ctrl-C in the middle of a probe is usual."""
    before = dict(stick.settings)
    stick.answers["AT+CNMI=1,1,0,2,0"] = None
    task = asyncio.create_task(probed(stick, port))
    await until(lambda: "AT+CNMI=1,1,0,2,0" in stick.commands)
    assert stick.settings != before
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stick.settings == before


async def test_three_names_where_two_are_taken(stick: Stick, port: str) -> None:
    """Wavecom's way (MODEMS.md 4.4): it tells more storages than AT+CPMS takes."""
    stick.refused |= {'AT+CPMS="ME","ME","ME"', 'AT+CPMS="SM","SM","SM"'}
    findings = await probed(stick, port)
    assert findings.unrestored == ()
    assert stick.settings["+CPMS"] == '"ME","ME"'


async def test_what_is_not_put_back_is_told(stick: Stick, port: str) -> None:
    stick.refused.add("AT+CNMI=0,0,0,0,0")
    findings = await probed(stick, port)
    assert findings.unrestored == ("AT+CNMI=0,0,0,0,0",)


async def test_a_radio_that_was_off_is_off_again(stick: Stick, port: str) -> None:
    stick.settings["+CFUN"] = "4"
    await probed(stick, port)
    assert "AT+CFUN=1" in stick.commands
    assert stick.settings["+CFUN"] == "4"


@pytest.mark.parametrize("echo", [True, False])
async def test_the_echo_is_as_it_was(stick: Stick, port: str, echo: bool) -> None:
    if echo:
        stick.answers["AT"] = "AT\r\r\nOK\r\n"
    await probed(stick, port)
    assert stick.commands.count("ATE1") == echo


async def test_without_a_pin_none_is_typed(stick: Stick, port: str) -> None:
    stick.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
    findings = await probed(stick, port)
    assert "PIN" in findings.trouble
    assert not any(command.startswith("AT+CPIN=") for command in stick.commands)


async def test_a_pin_is_typed_once_and_is_in_no_trace(stick: Stick, port: str) -> None:
    stick.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
    stick.answers['AT+CPIN="4711"'] = "\r\n+CME ERROR: 16\r\n"
    paper = Paper()
    findings = await probed(stick, port, paper, pin="4711")
    assert stick.commands.count('AT+CPIN="4711"') == 1
    assert findings.sim is SimState.PIN
    assert "4711" not in paper.text
    assert 'AT+CPIN="****"' in paper.text


async def test_a_pin_is_not_typed_on_the_next_port_when_the_stick_goes_meanwhile(
    stick: Stick, tmp_path: Path
) -> None:
    for name in ("tty0", "tty1"):
        (tmp_path / name).touch()

    def go() -> None:
        stick.hang_up()

    stick.answers |= {"AT+CPIN?": ["+CPIN: SIM PIN"], 'AT+CPIN="4711"': go}
    with pytest.raises(LinkLostError):
        await probed(stick, str(tmp_path / "tty*"), pin="4711")
    assert stick.commands.count('AT+CPIN="4711"') == 1


async def test_a_sim_that_starts_is_waited_for(stick: Stick, port: str) -> None:
    stick.once["AT+CPIN?"] = ["\r\n+CME ERROR: 14\r\n"] * 3
    assert (await probed(stick, port)).sim is SimState.READY


@pytest.mark.parametrize(
    ("command", "answer", "trouble"),
    [
        ("AT+CPIN?", "\r\n+CME ERROR: 10\r\n", "no SIM"),
        ("AT+CPIN?", ["+CPIN: SIM PUK"], "PUK"),
        ("AT+CPIN?", "\r\n+CME ERROR: 14\r\n", "--wait"),
        ("AT+CREG?", ["+CREG: 0,3"], "no network"),
        ("AT+CMGF=0", "\r\nERROR\r\n", "PDU mode"),
        ("AT+CSCA?", ['+CSCA: "",129'], "service centre"),
    ],
)
async def test_what_is_in_the_way_is_said_in_one_line(
    stick: Stick, port: str, command: str, answer: object, trouble: str
) -> None:
    stick.answers[command] = answer
    findings = await probed(stick, port)
    assert trouble in findings.trouble
    assert "\n" not in findings.trouble


async def test_no_message_is_sent_and_nothing_is_deleted(stick: Stick, port: str) -> None:
    await probed(stick, port, ussd="*100#")
    forbidden = ("AT+CMGS", "AT+CMSS", "AT+CMGD", "AT+CMGW", "AT&", "ATZ", "ATD", "AT+CSCA=")
    assert [command for command in stick.commands if command.startswith(forbidden)] == []


async def test_what_came_in_meanwhile_is_counted(stick: Stick, port: str) -> None:
    stick.answers["AT+CIMI"] = f"\r\n+CDS: 24\r\n{REPORT}\r\n\r\nOK\r\n"
    assert (await probed(stick, port)).arrived == 1


async def test_the_networks_menus_are_asked_in_each_form_when_told_to(
    stick: Stick, port: str
) -> None:
    stick.answers['AT+CUSD=1,"*100#",15'] = '\r\nOK\r\n\r\n+CUSD: 0,"Balance 5",15\r\n'
    without, asked = await probed(stick, port), await probed(stick, port, ussd="*100#")
    assert "AT+CUSD" not in without.ladders
    assert verdicts(asked, "AT+CUSD") == {"text": WORKS, "packed": REFUSED, "ucs2": REFUSED}


async def test_silence_ends_within_the_wait(stick: Stick, port: str) -> None:
    stick.deaf = True
    paper = Paper()
    with pytest.raises(LinkLostError, match="did not answer within 5 s"):
        await probed(stick, port, paper)
    assert ">> AT<CR>" in paper.text


async def test_a_port_that_is_not_there(stick: Stick, tmp_path: Path) -> None:
    with pytest.raises(PortMissingError, match="does not exist"):
        await probed(stick, str(tmp_path / "none"))


async def test_the_dialogue_is_a_trace(stick: Stick, port: str) -> None:
    paper = Paper()
    await probed(stick, port, paper)
    entries = read_trace(f"# source: x\n{paper.text}").entries
    assert sum(len(entry.data) for entry in entries if entry.side == ">>") == len(stick.written)
    assert "447802000332" not in paper.text


async def test_after_somebody_else_everything_is_put_back(stick: Stick, port: str) -> None:
    before = dict(stick.settings)
    options = ProbeOptions(port=port, wait=5.0, sysfs=Path("/nowhere"))
    findings, originals = await probe(options, Paper(), opener=stick.open)
    stick.settings |= {"+CNMI": "2,1,0,2,0", "+CMGF": "0"}
    stick.answers['AT+CSCA="+447802000332",145'] = []
    stick.once["AT+CSCA?"] = [['+CSCA: "",129']]
    again = await put_back(findings, originals, Paper(), opener=stick.open)
    assert stick.settings == before
    assert again.unrestored == ()
    assert 'AT+CSCA="+447802000332",145' in stick.commands


async def test_a_stick_is_found_by_where_it_is_plugged_in(stick: Stick, tmp_path: Path) -> None:
    """Of a Huawei E173 the third interface takes commands, and the second is not touched."""
    sysfs = Sysfs(tmp_path)
    sysfs.plug("1-1.2", {"tty0": 0, "tty1": 1, "tty2": 2, "tty3": 3}, usb="12d1:1436")
    silent = Peer()
    silent.deaf = True
    opened: list[str] = []

    async def opener(path: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        name = Path(path).name
        opened.append(name)
        if name == "tty0":
            raise PortTakenError("process 7 (ModemManager) has it")
        (stick if name == "tty2" else silent).connect(protocol)

    stick.answers |= {"AT+CGMI": ["huawei"], "AT+CGMM": ["E173"]}
    stick.answers["AT+CGSMS?"] = "\r\n^RSSI:18\r\n\r\nERROR\r\n"
    options = ProbeOptions(port="1-1.2", wait=5.0, sysfs=sysfs.root)
    findings, _ = await probe(options, Paper(), opener=opener)
    assert (findings.profile, findings.usb_id) == ("huawei-e173", "12d1:1436")
    assert [port.role for port in findings.ports] == [
        PortRole.BUSY,
        PortRole.LEFT,
        PortRole.PROBED,
        PortRole.SILENT,
    ]
    assert "ModemManager" in findings.ports[0].detail
    assert [port.speaks for port in findings.ports] == [False, False, True, False]
    assert "tty1" not in opened


async def test_what_a_modem_does_not_tell_is_left_alone(peer: Peer) -> None:
    link = await started(peer)
    for question in ("AT+CNMI?", "AT+CPMS?", "AT+CSMS?"):
        peer.answers[question] = "\r\nERROR\r\n"
    originals = await Originals.read(link, echo=False)
    peer.commands.clear()
    assert await originals.restore(link) == ()
    assert peer.commands == []
