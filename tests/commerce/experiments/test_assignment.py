"""Who gets which arm: the same for ever, in the shares that were asked for, and independent."""

from collections import Counter

import pytest

from gateway.commerce.experiments import HOLDOUT, Arm, Design, DesignError, Draw, draw
from gateway.domain.ids import PersonId, StoreName

KEY = b"k" * 32
ACME = StoreName("acme")
PERSONS = [PersonId(f"person-{number}") for number in range(20_000)]
AB = Design(arms=(Arm(name="a", weight=3), Arm(name="b", weight=1)), holdout=0.2)


def given(
    person: PersonId, design: Design = AB, experiment: str = "flow.cart", **what: object
) -> Draw:
    drawn = draw(design, key=KEY, store=ACME, experiment=experiment, person=person, **what)
    assert drawn is not None
    return drawn


def test_a_person_stays_in_their_arm() -> None:
    assert [given(person) for person in PERSONS[:50]] == [given(person) for person in PERSONS[:50]]


def test_the_arms_get_their_shares() -> None:
    counts = Counter(given(person).arm for person in PERSONS)
    shares = {arm: count / len(PERSONS) for arm, count in counts.items()}
    # Four standard deviations of a share of 20,000 are below 0.014.
    assert shares == pytest.approx({HOLDOUT: 0.2, "a": 0.6, "b": 0.2}, abs=0.014)


def test_two_experiments_are_independent() -> None:
    one = {person for person in PERSONS if given(person).held_out}
    both = [person for person in one if given(person, experiment="flow.winback").held_out]
    assert len(both) / len(one) == pytest.approx(0.2, abs=0.026)


def test_who_is_held_out_stays_so_when_the_arms_change() -> None:
    other = Design(arms=(Arm(name="c"),), holdout=0.2)
    for person in PERSONS[:2000]:
        assert given(person).held_out == given(person, other).held_out


def test_another_key_draws_anew() -> None:
    drawn = [
        draw(AB, key=b"q" * 32, store=ACME, experiment="flow.cart", person=person)
        for person in PERSONS[:500]
    ]
    assert drawn != [given(person) for person in PERSONS[:500]]


def test_the_log_says_how_likely_each_possible_arm_was() -> None:
    drawn = given(PERSONS[0])
    assert drawn.candidates == pytest.approx({HOLDOUT: 0.2, "a": 0.6, "b": 0.2})
    assert drawn.probability == drawn.candidates[drawn.arm]


def test_an_arm_that_a_person_may_not_be_given_leaves_its_share_to_the_others() -> None:
    drawn = given(PERSONS[0], eligible=["b"])
    assert drawn.candidates == pytest.approx({HOLDOUT: 0.2, "b": 0.8})


def test_where_there_is_no_arm_for_a_person_nothing_is_drawn() -> None:
    assert draw(AB, key=KEY, store=ACME, experiment="x", person=PERSONS[0], eligible=[]) is None


@pytest.mark.parametrize(
    ("design", "why"),
    [
        ({"arms": ()}, "has 0 arms"),
        ({"arms": (Arm(name="a"), Arm(name="a"))}, "'a' twice"),
        ({"arms": (Arm(name=HOLDOUT),)}, "those left alone"),
        ({"arms": (Arm(name="a", weight=0),)}, "not above 0"),
        ({"holdout": 1.0}, "from 0 to below 1"),
    ],
)
def test_arms_that_cannot_be_are_refused(design: dict[str, object], why: str) -> None:
    with pytest.raises(DesignError, match=why):
        Design(**design)
