"""The recovery ladder: what is next, how long before it, how often, and when it ends."""

from __future__ import annotations

import pytest

from gateway.modem.link.trouble import Trouble
from gateway.modem.recover.recovery import (
    HEALTHY,
    HOUR,
    LEAST,
    LONGEST_PAUSE,
    OPENINGS,
    RESETS_PER_HOUR,
    RETURN,
    STEADY,
    Ladder,
    Standing,
    Step,
    next_rung,
)
from gateway.modem.rung import Rung

CLIMBS = [Trouble.SILENT, Trouble.REFUSING, Trouble.START]


def ladder(*, power: bool = True) -> Ladder:
    """One whose pauses are as long as they get."""
    return Ladder(power=power, chance=lambda: 1.0)


def fall(ladder: Ladder, trouble: Trouble, times: int, now: float = 0.0) -> list[Rung | None]:
    return [ladder.fail(trouble, now=now).rung for _ in range(times)]


class TestNext:
    @pytest.mark.parametrize("trouble", CLIMBS)
    @pytest.mark.parametrize(
        ("last", "rung"),
        [
            (None, Rung.INIT),
            (Rung.INIT, Rung.RADIO),
            (Rung.RADIO, Rung.RESTART),
            (Rung.RESTART, Rung.POWER),
            (Rung.POWER, Rung.OPERATOR),
            (Rung.OPERATOR, Rung.OPERATOR),
        ],
    )
    def test_is_one_higher_after_each_failure(
        self, trouble: Trouble, last: Rung | None, rung: Rung
    ) -> None:
        assert next_rung(Standing(trouble=trouble, last=last, power=True)) is rung

    def test_is_never_the_power_unless_the_operator_allows_it(self) -> None:
        assert next_rung(Standing(trouble=Trouble.SILENT, last=Rung.RESTART)) is Rung.OPERATOR

    def test_is_no_reset_more_than_an_hour_allows(self) -> None:
        standing = Standing(
            trouble=Trouble.SILENT, last=Rung.RADIO, resets=RESETS_PER_HOUR, power=True
        )
        assert next_rung(standing) is Rung.OPERATOR

    @pytest.mark.parametrize("last", [None, *Rung])
    def test_is_waiting_alone_for_a_stick_that_went_by_itself(self, last: Rung | None) -> None:
        assert next_rung(Standing(trouble=Trouble.AWAY, last=last, power=True)) is Rung.INIT

    def test_is_opening_for_a_while_where_that_fails(self) -> None:
        before = Standing(trouble=Trouble.UNOPENED, failures=OPENINGS - 1, last=Rung.INIT)
        assert next_rung(before) is Rung.INIT
        after = Standing(trouble=Trouble.UNOPENED, failures=OPENINGS, last=Rung.INIT)
        assert next_rung(after) is Rung.OPERATOR

    def test_is_the_power_for_what_does_not_return_from_a_restart(self) -> None:
        standing = Standing(trouble=Trouble.VANISHED, last=Rung.RESTART, power=True)
        assert next_rung(standing) is Rung.POWER

    def test_is_a_restart_where_the_radio_was_tried_already(self) -> None:
        assert next_rung(Standing(trouble=Trouble.NO_NETWORK)) is Rung.RESTART

    def test_the_rungs_stand_in_the_order_of_the_ladder(self) -> None:
        assert [rung.height for rung in Rung] == list(range(8))


class TestLadder:
    def test_is_climbed_to_its_end(self) -> None:
        assert fall(ladder(), Trouble.SILENT, 6) == [
            Rung.INIT,
            Rung.RADIO,
            Rung.RESTART,
            Rung.POWER,
            Rung.OPERATOR,
            Rung.OPERATOR,
        ]

    def test_goes_on_where_it_stood_when_what_worked_did_not_last(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 2)
        climbing.prove()
        climbing.serve(HEALTHY - 1, useful=True)
        assert climbing.fail(Trouble.SILENT, now=700).rung is Rung.RESTART

    def test_begins_anew_after_a_healthy_time(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 3)
        climbing.prove()
        climbing.serve(HEALTHY, useful=True)
        assert climbing.fail(Trouble.SILENT, now=700).rung is Rung.INIT

    def test_a_time_in_which_nothing_was_sent_heals_no_refusals(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.REFUSING, 2)
        climbing.prove()
        climbing.serve(HEALTHY * 10, useful=False)
        assert climbing.fail(Trouble.REFUSING, now=7000).rung is Rung.RESTART

    def test_a_stick_that_goes_on_the_way_keeps_its_place(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 3)
        assert climbing.fail(Trouble.AWAY, now=1).rung is Rung.INIT
        assert climbing.on_trial, "the restart has not proved itself by that"
        assert climbing.fail(Trouble.SILENT, now=2).rung is Rung.POWER

    def test_what_is_given_up_is_tried_from_below_in_an_hour(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 5)
        assert climbing.fail(Trouble.SILENT, now=HOUR - 1).rung is Rung.OPERATOR
        assert climbing.fail(Trouble.SILENT, now=HOUR).rung is Rung.RADIO

    def test_resets_are_counted_over_healthy_times(self) -> None:
        climbing = ladder(power=False)
        for _ in range(RESETS_PER_HOUR):
            assert fall(climbing, Trouble.SILENT, 3)[-1] is Rung.RESTART
            climbing.prove()
            climbing.serve(HEALTHY, useful=True)
        assert fall(climbing, Trouble.SILENT, 3)[-1] is Rung.OPERATOR
        assert climbing.counts[Rung.RESTART] == RESETS_PER_HOUR

    def test_another_stick_begins_at_the_bottom(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 3)
        climbing.forget()
        assert climbing.rung is None
        assert climbing.fail(Trouble.SILENT, now=1).rung is Rung.INIT


class TestPauses:
    def test_grow_to_their_cap_with_chance_in_them(self) -> None:
        longest, shortest = ladder(), Ladder(power=True, chance=lambda: 0.0)
        pauses = [longest.fail(Trouble.AWAY, now=0).pause for _ in range(12)]
        assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
        assert pauses[-1] == LONGEST_PAUSE
        assert shortest.fail(Trouble.AWAY, now=0).pause == 0.1

    def test_are_never_short_before_a_reset(self) -> None:
        steps = [ladder().fail(Trouble.SILENT, now=0)]
        climbing = ladder()
        steps = [climbing.fail(Trouble.SILENT, now=0) for _ in range(5)]
        assert [step.pause >= LEAST.get(step.rung, 0) for step in steps if step.rung] == [True] * 5
        assert steps[-1].pause == LONGEST_PAUSE

    def test_are_short_again_after_a_steady_time(self) -> None:
        climbing = ladder()
        for _ in range(9):
            climbing.fail(Trouble.AWAY, now=0)
        climbing.serve(STEADY, useful=True)
        assert climbing.fail(Trouble.AWAY, now=0).pause == 0.2


class TestMissing:
    LOOK = Step(rung=None, pause=0.25)

    def test_a_stick_that_was_pulled_out_begins_anew(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 2)
        assert climbing.miss(now=0, pause=0.25) == self.LOOK
        assert climbing.rung is None
        assert climbing.fail(Trouble.SILENT, now=0).rung is Rung.INIT

    def test_one_that_restarts_on_our_word_is_waited_for(self) -> None:
        climbing = ladder()
        fall(climbing, Trouble.SILENT, 3)
        assert climbing.miss(now=RETURN - 1, pause=0.25) == self.LOOK
        assert climbing.rung is Rung.RESTART
        assert climbing.fail(Trouble.SILENT, now=RETURN).rung is Rung.POWER

    def test_one_that_does_not_return_is_told_of(self) -> None:
        climbing = ladder(power=False)
        fall(climbing, Trouble.SILENT, 3)
        assert climbing.miss(now=RETURN, pause=0.25).rung is Rung.OPERATOR
        assert climbing.miss(now=RETURN + 1, pause=0.25) == self.LOOK
        assert climbing.rung is Rung.OPERATOR

    def test_one_that_was_given_up_and_is_pulled_out_begins_anew(self) -> None:
        climbing = ladder(power=False)
        fall(climbing, Trouble.SILENT, 4)
        climbing.miss(now=1000, pause=0.25)
        assert climbing.fail(Trouble.SILENT, now=1001).rung is Rung.INIT
