"""What modems were recorded to say, played back to the driver and to its pieces."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.player import Player
from support.replay import entries

from gateway.at import Registration, SimState, Slot, read_sim_state
from gateway.domain.errors import ModemError, NotSentError, OutcomeUnknownError
from gateway.modem.known.profile import Ladders, Profile
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.receive.shelf import Shelf
from gateway.modem.send.manner import Manner
from gateway.modem.send.submit import submit
from gateway.modem.start.radio import read_radio
from gateway.modem.start.start import identify
from gateway.modem.start.storages import Storages, find_storages
from gateway.modem.trace.trace import read_trace
from gateway.sms import Deliver, StatusReport, decode_pdu
from tests.modem.bench import PDU, MemorySink, in_service, never_mind, until

pytestmark = pytest.mark.looptime

TRACES = Path(__file__).parents[2] / "data" / "traces"
TRANSCRIPTS = Path(__file__).parents[4] / "shared" / "data" / "modem" / "transcripts"

Piece = Callable[[Link], Awaitable[object]]


@dataclass(frozen=True)
class Life:
    """What becomes of a recorded stick."""

    model: str
    profile: str
    announces: str
    home: str
    reference: int | None
    carrier: Registration = Registration.HOME


LIVES = {
    "generic": Life("USB MODEM", "generic", "AT+CNMI=2,1,0,1,0", "SM", 1),
    "huawei-e173": Life("E173", "huawei-e173", "AT+CNMI=2,1,0,2,0", "SM", 1),
    "quectel-ec25": Life("EC25", "quectel-ec25", "AT+CNMI=2,1,0,1,0", "ME", 1),
    "simcom-sim7670": Life("SIM7670G-LNGV", "simcom-sim7670", "AT+CNMI=2,1,0,1,0", "SM", 1),
    "simcom-sim800": Life("SIMCOM_SIM800C", "simcom-sim800", "AT+CNMI=2,1,0,1,0", "SM", 1),
    "telit-he910": Life("HE910-D", "telit-he910", "AT+CNMI=2,1,0,1,0", "SM", 1),
    "wavecom": Life("MULTIBAND  900E  1800", "wavecom", "AT+CNMI=2,1,0,1,0", "SM", 1),
    "zte-mf190": Life("MF190", "zte-mf190", "AT+CNMI=1,1,0,1,0", "SM", None),
}


@pytest.mark.parametrize("pieces", [10_000, 1])
@pytest.mark.parametrize("name", [path.stem for path in sorted(TRACES.glob("*.txt"))])
async def test_a_recorded_stick_lives_again(name: str, pieces: int) -> None:
    """Its start, a message, the report of it and a message that comes in."""
    trace = read_trace((TRACES / f"{name}.txt").read_text())
    player, sink, life = Player(trace.entries, pieces=pieces), MemorySink(), LIVES[name]
    async with in_service(player, sink) as bench:  # type: ignore[arg-type]
        setup = bench.setup
        assert (setup.identity.model, setup.profile_name) == (life.model, life.profile)
        assert (setup.indications.command, setup.storages.home) == (life.announces, life.home)
        assert setup.reading.registration is life.carrier
        assert (await bench.driver.submit(PDU, never_mind)).reference == life.reference
        await until(lambda: bool(sink.reports and sink.messages))
    report, message = decode_pdu(sink.reports[0][1]), decode_pdu(sink.messages[0][1])
    assert isinstance(report, StatusReport)
    assert report.reference == (life.reference or report.reference)
    assert isinstance(message, Deliver)
    assert message.text == "b" * len("Thank you")
    assert any(command.startswith("AT+CMGD=") for command in player.commands)


def test_every_trace_has_its_expectation() -> None:
    assert {path.stem for path in TRACES.glob("*.txt")} == set(LIVES)


def test_no_trace_holds_a_number() -> None:
    for path in TRACES.glob("*.txt"):
        text = path.read_text()
        for digits in ("447700900", "4477009", "7744000932", "7744000954", "2347"):
            assert digits not in text, path.name


# The dialogues of real modems (shared/data/modem/transcripts).


async def send(link: Link) -> object:
    """Return the reference of a message, or how it ended otherwise."""
    try:
        return (
            await submit(link, PDU, never_mind, Manner(Profile(name=""), patience=60))
        ).reference
    except ModemError as error:
        return type(error)


def read(index: int, memory: str | None = None) -> Piece:
    async def message(link: Link) -> object:
        storages = Storages(("SM", "ME", "SR"), "ME", 2)
        shelf = Shelf(link, storages, lists=True)
        stored = await shelf.read(Slot(memory=memory, index=index))
        return None if stored is None else stored.length

    return message


async def homes(link: Link) -> object:
    storages = await find_storages(link, Ladders())
    return storages.known, storages.home, storages.arguments


async def carries(link: Link) -> object:
    return (await read_radio(link)).carries_sms


async def maker(link: Link) -> object:
    return (await identify(link)).manufacturer


async def lock(link: Link) -> object:
    answer = await ask(link, "AT+CPIN?", settle=1.0)
    return read_sim_state(answer.lines, answer.result)


DIALOGUES: list[tuple[str, Piece, object]] = [
    ("faucamp-44-autoreply-with-report", send, 64),
    ("warthog618-modem-gsm", send, 42),
    ("gogsmmodem-zte", send, None),
    ("gammu-438-telit-500", send, OutcomeUnknownError),
    ("tinygsm-243-ga6-prompt", send, OutcomeUnknownError),
    ("tinygsm-413-cms500", send, OutcomeUnknownError),
    ("serialport-gsm-119-lost-prompt", send, NotSentError),
    ("simcom-boot-A7670", send, NotSentError),
    ("gammu-1176-bare-prompt", send, OutcomeUnknownError),
    ("faucamp-test-modem", read(3), 24),
    ("faucamp-test-modem", read(1), 27),
    ("gnokii-1-500-for-empty-slots", read(11), None),
    ("serialport-gsm-92-cmti-321", read(67), None),
    ("chan-quectel-75-ec25-cdsi-sm", read(0), None),
    ("babca-106-cdsi-sr-321", read(8), None),
    ("faucamp-fakemodems", homes, (("SM", "BM", "SR"), "SM", 2)),
    ("faucamp-9-huawei-init", homes, (("ME", "MT", "SM", "SR"), "ME", 3)),
    ("gammu-1176-bare-prompt", carries, True),
    ("simcom-boot-A7670", carries, False),
    ("gammu-at-creg", carries, True),  # One that does not say is believed.
    ("babca-64-sim800c-init", maker, "SIMCOM_Ltd"),
    ("faucamp-11-qualcomm-pin-simbusy", maker, "QUALCOMM INCORPORATED"),
    ("faucamp-11-qualcomm-pin-simbusy", lock, SimState.PIN),
    ("faucamp-19-wavecom-m1306", lock, SimState.READY),
    ("faucamp-56-double-echo", lock, SimState.READY),
    ("gammu-138-cmms-500", lock, SimState.READY),
]


@pytest.mark.parametrize("pieces", [10_000, 1])
@pytest.mark.parametrize(("name", "piece", "expected"), DIALOGUES)
async def test_a_real_dialogue_ends_as_it_should(
    name: str, piece: Piece, expected: object, pieces: int
) -> None:
    if not TRANSCRIPTS.is_dir():
        pytest.skip("the transcripts of real modems are not on this machine")
    player = Player(entries(TRANSCRIPTS / f"{name}.txt"), pieces=pieces)
    link = Link("m0", lambda said: None)
    player.connect(link)
    await link.start(patience=60)
    assert await piece(link) == expected
    await link.close()
