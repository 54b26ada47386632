"""A modem without a network is helped, seldom enough that nobody bars its SIM."""

from __future__ import annotations

import asyncio
from itertools import accumulate

import pytest

from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import LinkLostError
from gateway.modem.known.profile import Profile
from gateway.modem.memory import Memory
from gateway.modem.start.network import (
    LONGEST_REMEDY,
    NO_SERVICE_AFTER,
    NetworkWait,
    Remedy,
    remedy,
)
from gateway.modem.start.radio import Reading
from gateway.modem.status import ModemState
from tests.modem.bench import bring, fresh_memory, started
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

PROFILE = Profile(name="any")
DAY = 24 * 3600.0


class TestPolicy:
    def test_pauses_grow_to_a_few_attempts_a_day(self) -> None:
        pauses = [remedy(done)[0] for done in range(40)]
        assert pauses == sorted(pauses)
        assert pauses[0] == 60
        assert pauses[-1] == LONGEST_REMEDY
        assert sum(at < DAY for at in accumulate(pauses)) <= 12

    def test_gentle_things_come_first_and_the_stick_is_restarted_once(self) -> None:
        done = [remedy(done)[1] for done in range(40)]
        assert done[:2] == [Remedy.SELECT, Remedy.RADIO]
        assert done.count(Remedy.RESTART) == 1
        assert done.index(Remedy.RESTART) >= 4


async def wait(peer: Peer, memory: Memory, states: list[ModemState]) -> Reading:
    """Wait as a start does, which looks at the SIM in between."""
    link = await started(peer)
    waiting = NetworkWait(link, memory, states.append, profile=PROFILE)
    while (reading := await waiting.run()) is None:
        pass
    return reading


@pytest.fixture
def lost(peer: Peer) -> Peer:
    peer.answers |= {"AT+CREG?": ["+CREG: 0,2"], "AT+COPS=0": [], "AT+CFUN=0": [], "AT+CFUN=1": []}
    return peer


async def test_a_network_that_is_there_changes_nothing(peer: Peer) -> None:
    memory, states = fresh_memory(), list[ModemState]()
    assert (await wait(peer, memory, states)).carries_sms
    assert states == []
    assert memory.without_network_since is None


async def test_what_is_done_follows_the_policy(lost: Peer) -> None:
    waiting = asyncio.create_task(wait(lost, fresh_memory(), []))
    await asyncio.sleep(50)
    assert "AT+COPS=0" not in lost.commands
    await asyncio.sleep(30)
    assert lost.commands.count("AT+COPS=0") == 1
    assert "AT+CFUN=0" not in lost.commands
    await asyncio.sleep(120)
    assert lost.commands.count("AT+CFUN=0") == lost.commands.count("AT+CFUN=1") == 1
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_a_person_is_called_after_three_minutes_until_it_is_over(lost: Peer) -> None:
    memory, states = fresh_memory(), list[ModemState]()
    waiting = asyncio.create_task(wait(lost, memory, states))
    await asyncio.sleep(NO_SERVICE_AFTER - 10)
    assert set(states) == {ModemState.NOT_REGISTERED}
    assert memory.alarms.active == ()
    await asyncio.sleep(30)
    assert states[-1] is ModemState.NO_SERVICE
    assert [alarm.kind for alarm in memory.alarms.active] == [AlarmKind.NO_SERVICE]
    lost.answers["AT+CREG?"] = ["+CREG: 0,5"]
    assert (await waiting).carries_sms
    assert memory.alarms.active == ()


@pytest.mark.parametrize("stat", [8, 11])
async def test_a_network_for_emergencies_alone_is_no_service_at_once(lost: Peer, stat: int) -> None:
    lost.answers["AT+CREG?"] = [f"+CREG: 0,{stat}"]
    states: list[ModemState] = []
    waiting = asyncio.create_task(wait(lost, fresh_memory(), states))
    await asyncio.sleep(5)
    assert set(states) == {ModemState.NO_SERVICE}
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_the_restart_gives_the_port_up_and_is_not_repeated(lost: Peer) -> None:
    memory = fresh_memory()
    with pytest.raises(LinkLostError, match="without a restart"):
        await wait(lost, memory, [])
    waiting = asyncio.create_task(wait(lost, memory, []))
    await asyncio.sleep(DAY)
    assert lost.commands.count("AT+CFUN=1,1") == 0, "counted since the second connection"
    assert lost.commands.count("AT+COPS=0") + lost.commands.count("AT+CFUN=0") <= 8
    waiting.cancel()
    await asyncio.wait([waiting])


@pytest.mark.parametrize("stat", [1, 5, 6, 7, 9, 10])
async def test_what_carries_messages_in_any_of_three_networks(peer: Peer, stat: int) -> None:
    for question in ("+CREG", "+CGREG", "+CEREG"):
        for other in ("+CREG", "+CGREG", "+CEREG"):
            peer.answers[f"AT{other}?"] = [f"{other}: 0,0"]
        peer.answers[f"AT{question}?"] = [f'{question}: 2,{stat},"CE00","01CEAD8F",7']
        assert (await wait(peer, fresh_memory(), [])).carries_sms


@pytest.mark.parametrize("csq", ["+CSQ: 99,99", "+CSQ: 199,99", "+CSQ: 255,255"])
async def test_an_unknown_signal_is_no_weak_one(peer: Peer, csq: str) -> None:
    peer.answers["AT+CSQ"] = [csq]
    assert (await wait(peer, fresh_memory(), [])).signal_dbm is None


async def test_announcements_are_set_behind_the_last_reset_of_the_radio(lost: Peer) -> None:
    """They are forgotten with the radio (MODEMS.md 3.3)."""
    starting = asyncio.create_task(bring(lost))
    await asyncio.sleep(200)
    lost.answers["AT+CREG?"] = ["+CREG: 0,1"]
    await starting
    commands = lost.commands
    assert commands.index("AT+CNMI=2,1,0,1,0") > commands.index("AT+CFUN=1")


async def test_a_sim_that_is_locked_anew_by_the_radio_is_unlocked_anew(lost: Peer) -> None:
    def lock() -> str:
        lost.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
        return "\r\nOK\r\n"

    def unlock() -> str:
        lost.answers |= {"AT+CPIN?": ["+CPIN: READY"], "AT+CREG?": ["+CREG: 0,1"]}
        return "\r\nOK\r\n"

    lost.answers |= {"AT+CFUN=1": lock, 'AT+CPIN="1234"': unlock}
    _, setup = await bring(lost, pin="1234")
    assert setup.reading.carries_sms
    assert lost.commands.count('AT+CPIN="1234"') == 1
