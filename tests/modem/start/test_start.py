"""The start sequence, on modems that do as the standard says and on those that do not."""

from __future__ import annotations

import asyncio

import pytest

from gateway.at import Registration
from gateway.domain.errors import CommandRefusedError, LinkLostError
from gateway.modem import Identity, ModemState
from gateway.modem.known.profile import Profile
from gateway.modem.memory import Memory
from gateway.modem.send.manner import Manner
from gateway.modem.send.submit import submit
from gateway.modem.start.start import Setup, bring_up
from tests.modem.bench import PDU, bring, fresh_memory, never_mind, open_link, settings, until
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

MANNER = Manner(Profile(name=""), patience=180)


def now() -> float:
    return asyncio.get_running_loop().time()


class Start:
    """A start that a test looks at while it goes on."""

    def __init__(self, peer: Peer, memory: Memory | None = None, pin: str | None = None) -> None:
        self.states: list[ModemState] = []
        self.link = open_link(peer)
        self._task = asyncio.create_task(
            bring_up(self.link, settings(pin=pin), memory or fresh_memory(), self.states.append)
        )

    async def __aenter__(self) -> Start:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    @property
    def state(self) -> ModemState:
        return self.states[-1]

    async def setup(self) -> Setup:
        return await self._task


async def test_everything_is_found_out_quickly(peer: Peer) -> None:
    begun = now()
    _, setup = await bring(peer)
    assert now() - begun < 0.2, "own waiting on a modem that answers at once"
    assert setup.identity == Identity(
        imei="490154203237518", manufacturer="Maker", model="Model", revision="1.0"
    )
    assert setup.line == "8944100030207654321"
    assert setup.reading.registration is Registration.HOME
    assert setup.reading.signal_dbm == -77
    assert setup.operator == "Test"
    assert setup.service_centre == "+447802000332"
    assert setup.indications.complete
    assert not setup.acknowledges


async def test_a_modem_that_knows_next_to_nothing_can_send(peer: Peer) -> None:
    peer.answers = {"AT": [], "AT+CMGF=0": []}
    link, setup = await bring(peer)
    assert setup.line == "modem:m0"
    assert not setup.indications.complete
    assert (await submit(link, PDU, never_mind, MANNER)).reference == 0


async def test_a_modem_that_leaves_questions_unanswered_can_send(peer: Peer) -> None:
    silent = [command for command in peer.answers if command not in ("AT", "AT+CMGF=0")]
    peer.answers |= dict.fromkeys(silent)
    link, _ = await bring(peer)
    assert (await submit(link, PDU, never_mind, MANNER)).reference == 0


@pytest.mark.parametrize("bytewise", [False, True])
async def test_echo_and_lines_without_carriage_return(peer: Peer, bytewise: bool) -> None:
    for command, lines in list(peer.answers.items()):
        assert isinstance(lines, list)
        body = "\n".join([*lines, "OK"])
        peer.answers[command] = f"{command}\r{command}\r\n{body}\n\n"
    peer.bytewise = bytewise
    _, setup = await bring(peer)
    assert setup.line == "8944100030207654321"
    assert setup.identity.manufacturer == "Maker"


class TestSim:
    async def test_a_pin_is_typed_and_the_start_goes_on(self, peer: Peer) -> None:
        peer.once["AT+CPIN?"] = [["+CPIN: SIM PIN"]]
        peer.answers['AT+CPIN="1234"'] = []
        await bring(peer, pin="1234")
        assert peer.commands.count('AT+CPIN="1234"') == 1

    async def test_a_wrong_pin_is_never_typed_twice(self, peer: Peer) -> None:
        peer.answers |= {"AT+CPIN?": ["+CPIN: SIM PIN"], 'AT+CPIN="1234"': "+CME ERROR: 16\r\n"}
        memory = fresh_memory()
        for _ in range(3):  # As often as the supervisor connects anew.
            async with Start(peer, memory, pin="1234") as start:
                await asyncio.sleep(100)
                assert start.state is ModemState.PIN_REQUIRED
        assert peer.commands.count('AT+CPIN="1234"') == 1

    async def test_a_pin_that_is_not_known_is_not_guessed(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = ["+CPIN: SIM PIN"]
        async with Start(peer) as start:
            await asyncio.sleep(100)
            assert start.state is ModemState.PIN_REQUIRED
        assert not [command for command in peer.commands if command.startswith("AT+CPIN=")]

    async def test_a_puk_is_left_to_the_owner(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = ["+CPIN: SIM PUK"]
        async with Start(peer, pin="1234") as start:
            await asyncio.sleep(100)
            assert start.state is ModemState.PUK_REQUIRED
        assert 'AT+CPIN="1234"' not in peer.commands

    async def test_a_sim_that_is_put_in_later_is_found(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = "\r\n+CME ERROR: SIM not inserted\r\n"
        async with Start(peer) as start:
            await asyncio.sleep(100)
            assert start.state is ModemState.NO_SIM
            peer.answers["AT+CPIN?"] = ["+CPIN: READY"]
            assert (await start.setup()).line == "8944100030207654321"

    async def test_a_sim_that_starts_is_waited_for(self, peer: Peer) -> None:
        peer.once["AT+CPIN?"] = ["+CME ERROR: 14\r\n", "+CME ERROR: 515\r\n", "+CMS ERROR: 314\r\n"]
        async with Start(peer) as start:
            await start.setup()
            assert set(start.states) == {ModemState.STARTING}

    async def test_the_radio_is_turned_on(self, peer: Peer) -> None:
        peer.answers |= {"AT+CPIN?": "+CME ERROR: 10\r\n", "AT+CFUN?": ["+CFUN: 4"]}

        def turn_on() -> str:
            peer.answers |= {"AT+CPIN?": ["+CPIN: READY"], "AT+CFUN?": ["+CFUN: 1"]}
            return "\r\nOK\r\n"

        peer.answers["AT+CFUN=1"] = turn_on
        await bring(peer)
        assert peer.commands.count("AT+CFUN=1") == 1

    async def test_an_answer_to_cpin_without_ok_is_enough(self, peer: Peer) -> None:
        peer.answers["AT+CPIN?"] = "\r\n+CPIN: READY\r\n"
        _, setup = await bring(peer)
        assert setup.line == "8944100030207654321"

    @pytest.mark.parametrize(
        ("answers", "line"),
        [
            ({"AT^ICCID?": ["^ICCID: 8944100030207654322"]}, "8944100030207654322"),
            ({"AT+QCCID": ["+QCCID: 8944100030207654323F"]}, "8944100030207654323"),
            ({"AT+CIMI": ["234159876543210"]}, "imsi:234159876543210"),
            ({}, "imei:490154203237518:m0"),
        ],
    )
    async def test_the_line_is_the_sim(
        self, peer: Peer, answers: dict[str, list[str]], line: str
    ) -> None:
        del peer.answers["AT+CCID"]
        peer.answers |= answers
        _, setup = await bring(peer)
        assert setup.line == line

    @pytest.mark.rule("SIM-2")
    @pytest.mark.parametrize(
        ("imsi", "home"),
        [
            (["234159876543210"], "234"),
            (["+CIMI: 00101000000001"], "001"),
            ([], None),
            ("\r\n+CME ERROR: 100\r\n", None),
            ("\r\nERROR\r\n", None),
        ],
    )
    async def test_a_sim_tells_its_home_network_and_no_more(
        self,
        peer: Peer,
        imsi: list[str] | str,
        home: str | None,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        peer.answers["AT+CIMI"] = imsi
        _, setup = await bring(peer)
        assert setup.home == home
        assert setup.line == "8944100030207654321"
        said = capsys.readouterr()
        assert "9876543210" not in said.out + said.err + repr(setup)


class TestNetwork:
    async def test_a_network_that_is_found_later_is_waited_for(self, peer: Peer) -> None:
        peer.answers["AT+CREG?"] = ["+CREG: 0,2"]
        async with Start(peer) as start:
            await asyncio.sleep(100)
            assert start.state is ModemState.NOT_REGISTERED
            peer.answers["AT+CREG?"] = ["+CREG: 0,5"]
            assert (await start.setup()).reading.registration is Registration.ROAMING

    async def test_lte_alone_will_do(self, peer: Peer) -> None:
        peer.answers |= {"AT+CREG?": ["+CREG: 0,0"], "AT+CEREG?": ["+CEREG: 0,1"]}
        _, setup = await bring(peer)
        assert setup.reading.registration is Registration.HOME

    async def test_a_port_that_goes_while_waiting_ends_the_start(self, peer: Peer) -> None:
        peer.answers["AT+CREG?"] = ["+CREG: 0,2"]
        async with Start(peer) as start:
            await asyncio.sleep(10)
            peer.hang_up()
            with pytest.raises(LinkLostError):
                await start.setup()


class TestMessages:
    async def test_pdu_mode_is_waited_for_while_sms_starts(self, peer: Peer) -> None:
        peer.once["AT+CMGF=0"] = ["\r\nERROR\r\n"] * 20
        await bring(peer)
        assert peer.commands.count("AT+CMGF=0") == 21

    async def test_a_modem_without_pdu_mode_is_no_modem(self, peer: Peer) -> None:
        del peer.answers["AT+CMGF=0"]
        with pytest.raises(CommandRefusedError, match="CMGF"):
            await bring(peer)

    async def test_phase_2_is_chosen_so_that_nothing_needs_to_be_acknowledged(
        self, peer: Peer
    ) -> None:
        peer.once["AT+CSMS?"] = [["+CSMS: 1,1,1,1"]]
        peer.answers["AT+CSMS=0"] = []
        _, setup = await bring(peer)
        assert not setup.acknowledges

    async def test_phase_2_plus_that_stays_is_remembered(self, peer: Peer) -> None:
        peer.answers["AT+CSMS?"] = ["+CSMS: 1,1,1,1"]
        _, setup = await bring(peer)
        assert setup.acknowledges

    @pytest.mark.parametrize("said", ["+CME ERROR: 14", "+CMS ERROR: 302"])
    async def test_a_service_centre_is_asked_for_until_the_sim_is_free(
        self, peer: Peer, said: str
    ) -> None:
        peer.once["AT+CSCA?"] = [f"\r\n{said}\r\n"] * 3
        _, setup = await bring(peer)
        assert setup.service_centre == "+447802000332"

    async def test_a_forgotten_service_centre_is_restored_to_its_own_sim_alone(
        self, peer: Peer
    ) -> None:
        memory = fresh_memory()
        await bring(peer, memory)
        peer.answers["AT+CSCA?"] = ['+CSCA: "",129']
        _, setup = await bring(peer, memory)
        assert setup.service_centre == "+447802000332"
        assert peer.commands.count('AT+CSCA="+447802000332",145') == 1
        peer.answers["AT+CCID"] = ["+CCID: 8944100030207654999"]
        _, setup = await bring(peer, memory)
        assert setup.service_centre == ""
        assert peer.commands.count('AT+CSCA="+447802000332",145') == 1


class TestStorages:
    @pytest.mark.parametrize(
        ("named", "accepted", "home"),
        [
            ('("SM","SR"),("SM"),("SM")', '"SM","SM","SM"', "SM"),
            ('(("SM","BM","SR"),("SM"))', '"SM","SM"', "SM"),
            ('"ME","MT"', '"ME"', "ME"),
            ("(),(),()", '"ME","ME","ME"', "ME"),
            ('("MT"),("MT"),("MT")', '"MT","MT","MT"', "MT"),
        ],
    )
    async def test_the_ladder_ends_where_the_modem_agrees(
        self, peer: Peer, named: str, accepted: str, home: str
    ) -> None:
        for command in [command for command in peer.answers if command.startswith("AT+CPMS=")]:
            del peer.answers[command]
        peer.answers |= {"AT+CPMS=?": [f"+CPMS: {named}"], f"AT+CPMS={accepted}": []}
        _, setup = await bring(peer)
        assert setup.storages.home == home

    async def test_a_modem_without_storages_goes_on_without(self, peer: Peer) -> None:
        peer.answers |= {"AT+CPMS=?": ["+CPMS: (),(),()"], 'AT+CPMS="SM","SM","SM"': "ERROR\r\n"}
        _, setup = await bring(peer)
        assert setup.storages.home == ""


class TestIndications:
    @pytest.mark.parametrize(
        "accepted", ["2,1,0,1,0", "2,1,0,1", "2,1,0,2,0", "1,1,0,1,0", "1,1,0,2", "3,1,0,1,0"]
    )
    async def test_the_ladder_ends_where_the_modem_agrees(self, peer: Peer, accepted: str) -> None:
        del peer.answers["AT+CNMI=2,1,0,1,0"]
        peer.answers |= {f"AT+CNMI={accepted}": [], "AT+CNMI?": [f"+CNMI: {accepted}"]}
        _, setup = await bring(peer)
        assert setup.indications.command == f"AT+CNMI={accepted}"
        assert setup.indications.complete

    async def test_what_is_not_kept_is_not_believed(self, peer: Peer) -> None:
        peer.answers |= {"AT+CNMI?": ["+CNMI: 2,1,0,2,0"], "AT+CNMI=2,1,0,2,0": []}
        _, setup = await bring(peer)
        assert setup.indications.command == "AT+CNMI=2,1,0,2,0"

    async def test_a_modem_that_does_not_read_back_is_believed(self, peer: Peer) -> None:
        del peer.answers["AT+CNMI?"]
        _, setup = await bring(peer)
        assert setup.indications.complete

    async def test_a_modem_without_reports_says_so(self, peer: Peer) -> None:
        del peer.answers["AT+CNMI=2,1,0,1,0"]
        peer.answers |= {"AT+CNMI=2,1,0,0,0": [], "AT+CNMI?": ["+CNMI: 2,1,0,0,0"]}
        _, setup = await bring(peer)
        assert setup.indications.messages
        assert not setup.indications.complete


async def test_states_are_told_in_order(peer: Peer) -> None:
    peer.once |= {"AT+CPIN?": ["+CME ERROR: 10\r\n"], "AT+CREG?": [["+CREG: 0,2"]]}
    async with Start(peer) as start:
        await until(lambda: ModemState.NOT_REGISTERED in start.states)
        await start.setup()
        assert list(dict.fromkeys(start.states)) == [
            ModemState.STARTING,
            ModemState.NO_SIM,
            ModemState.NOT_REGISTERED,
        ]
