"""One message on its way out: what the host is told and what is in the log can differ."""

from __future__ import annotations

import pytest

from hardware.simulator.settings import Repeats

SENT = ["> ", "+CMGS: 1", "OK"]


def test_a_message_is_sent_and_logged(rig) -> None:
    assert rig.submit() == SENT
    (accepted,) = rig.events("accepted")
    assert accepted == {
        "modem": "modem0",
        "event": "accepted",
        "mr": 1,
        "to": "+447700900123",
        "text": "Hello",
        "pdu": "0021000C91447700091032000005C8329BFD06",
        "rd": False,
        "srr": True,
        "vp": "",
        "concat": None,
    }


def test_the_log_has_it_before_the_host_has_the_answer(rig) -> None:
    rig.submit()
    number = rig.timeline.index(b"+CMGS: 1")
    assert rig.timeline.index("accepted") < number
    rig.timers.advance(1)
    assert rig.timeline.index("report") < rig.timeline.index(b"+CDS: 25")


def test_the_reference_is_the_sims_own_and_wraps(rig) -> None:
    for _ in range(255):
        rig.submit()
    assert rig.submit() == ["> ", "+CMGS: 0", "OK"]
    assert rig.submit() == ["> ", "+CMGS: 1", "OK"]


def test_the_service_centre_address_may_stand_before(rig) -> None:
    pdu = "07914477009099F921000C91447700091032000005C8329BFD06"
    assert rig.submit(pdu) == SENT


def test_escape_sends_nothing(rig) -> None:
    assert rig.submit(end="\x1b") == ["> ", "OK"]
    assert rig.kinds() == ["prompt", "cancelled"]
    assert rig.submit() == SENT


@pytest.mark.parametrize(
    ("pdu", "length"),
    [
        ("0021000C91447700091032000005C8329BFD06", 17),
        ("0021000C91447700091032000005C8329BFD", 18),
        ("0021000C91447700091032000005C8329BFD0", 18),
        ("xyz", 18),
        ("", 18),
        ("0020000C91447700091032000005C8329BFD06", 18),
    ],
)
def test_a_wrong_pdu_is_refused_and_not_sent(rig, pdu: str, length: int) -> None:
    assert rig.submit(pdu, length) == ["> ", "+CMS ERROR: 304"]
    assert rig.events("accepted") == []
    assert rig.events("refused")[0]["stage"] == "pdu"


def test_the_radio_takes_its_time(rig) -> None:
    rig.change(submit_latency=3.0)
    assert rig.submit() == ["> "]
    rig.timers.advance(2.9)
    assert rig.events("accepted") == []
    rig.timers.advance(0.1)
    assert rig.lines() == SENT[1:]


def test_commands_wait_until_the_message_is_through(rig) -> None:
    rig.change(submit_latency=3.0)
    rig.submit()
    assert rig.ask("AT+CSQ") == []
    rig.timers.advance(3)
    assert rig.lines() == ["+CMGS: 1", "OK", "+CSQ: 20,0", "OK"]


@pytest.mark.parametrize(
    ("fault", "said", "logged"),
    [
        ("refuse", ["+CMS ERROR: 500"], ["refused"]),
        ("refuse=38", ["+CMS ERROR: 38"], ["refused"]),
        ("reject", ["> ", "+CMS ERROR: 500"], ["prompt", "refused"]),
        ("reject=21", ["> ", "+CMS ERROR: 21"], ["prompt", "refused"]),
        ("swallow", ["> "], ["prompt", "swallowed"]),
        ("error_after_accept=512", ["> ", "+CMS ERROR: 512"], ["prompt", "accepted"]),
        ("lose_answer", ["> "], ["prompt", "accepted", "fault"]),
        ("ok_only", ["> ", "OK"], ["prompt", "accepted", "fault"]),
        ("no_ok", ["> ", "+CMGS: 1"], ["prompt", "accepted", "fault"]),
    ],
)
def test_what_is_said_and_what_happened(
    rig, fault: str, said: list[str], logged: list[str]
) -> None:
    rig.arm(f"{fault}*1")
    assert rig.submit() == said
    assert rig.kinds() == logged
    assert rig.ask("AT") == ["OK"], "the modem takes commands again"
    assert rig.submit()[-1] == "OK", "the fault is used up"


def test_without_a_prompt_the_pdu_is_lost_among_the_commands(rig) -> None:
    rig.arm("no_prompt*1")
    assert rig.submit() == []
    assert rig.events("accepted") == []
    assert rig.ask("AT") == ["OK"]


def test_a_late_answer_comes_while_other_commands_work(rig) -> None:
    rig.arm("late_answer=70*1")
    assert rig.submit() == ["> "]
    assert len(rig.events("accepted")) == 1
    rig.timers.advance(69)
    rig.said()
    assert rig.ask("AT") == ["OK"]
    rig.timers.advance(1)
    assert rig.lines() == ["+CMGS: 1", "OK"]


@pytest.mark.parametrize(
    ("fault", "accepted"),
    [
        ("unplug_at_prompt", 0),
        ("unplug_in_pdu", 0),
        ("unplug_after_ctrl_z", 0),
        ("unplug_after_accept", 1),
    ],
)
@pytest.mark.parametrize(("value", "back_after"), [("", None), ("=2.5", 2.5)])
def test_a_stick_is_pulled_out_on_the_way(
    rig, fault: str, accepted: int, value: str, back_after: float | None
) -> None:
    rig.arm(f"{fault}{value}*1")
    assert rig.submit() == ["> "]
    assert len(rig.events("accepted")) == accepted
    assert rig.vanished == [back_after]
    assert rig.events("fault")[0]["name"] == fault


def test_a_stick_that_is_pulled_out_in_the_pdu_has_not_seen_its_end(rig) -> None:
    rig.arm("unplug_in_pdu*1")
    rig.ask("AT+CMGS=18")
    rig.modem.receive(b"0021")
    assert rig.vanished == [None]


class TestRepeats:
    REPEAT = "0025000C91447700091032000005C8329BFD06"
    OTHER = "0025000C91447700091042000005C8329BFD06"

    @pytest.mark.parametrize(
        ("policy", "answer", "events"),
        [
            ("ignore", "+CMGS: 2", ["accepted", "accepted"]),
            ("reject", "+CMS ERROR: 197", ["accepted", "refused"]),
            ("accept", "+CMGS: 1", ["accepted", "repeated"]),
        ],
    )
    def test_the_same_again(self, rig, policy: str, answer: str, events: list[str]) -> None:
        rig.change(repeats=Repeats(policy))
        rig.submit()
        assert rig.submit(self.REPEAT)[1] == answer
        assert [kind for kind in rig.kinds() if kind != "prompt"] == events

    @pytest.mark.parametrize("policy", ["ignore", "reject", "accept"])
    def test_another_message_is_no_repeat(self, rig, policy: str) -> None:
        rig.change(repeats=Repeats(policy))
        rig.submit()
        assert rig.submit(self.OTHER)[1] == "+CMGS: 2"
        assert rig.events("accepted")[1]["rd"] is True

    def test_only_the_last_one_is_remembered(self, rig) -> None:
        """23.040, 9.2.3.25: what came in between hides the first."""
        rig.change(repeats=Repeats.REJECT)
        rig.submit()
        rig.submit(self.OTHER)
        assert rig.submit(self.REPEAT)[1] == "+CMGS: 3"
