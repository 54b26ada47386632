"""The lift compares persons at the same age, in the arm that was drawn for them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.commerce.report.attribution import Sale
from gateway.commerce.report.lift import Assigned, Group, group, lift
from gateway.domain.ids import PersonId

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
LATER = BEGIN + timedelta(days=30)


def assigned(name: str, arm: str = "a", at: datetime = BEGIN) -> Assigned:
    return Assigned(person=PersonId(name), arm=arm, at=at)


def sales(name: str, *days: float) -> dict[PersonId, list[Sale]]:
    person = PersonId(name)
    return {
        person: [
            Sale(
                order_id=f"{name}-{day}",
                person=person,
                placed_at=BEGIN + timedelta(days=day),
                revenue=Decimal("12.50"),
            )
            for day in days
        ]
    }


def test_what_is_bought_in_the_time_counts_and_nothing_else() -> None:
    bought = sales("ada", -1, 0, 1, 7, 7.01)
    found = group([assigned("ada"), assigned("ben")], bought, window=WEEK, now=LATER).arms["a"]
    # At the instant of the decision itself nothing was bought because of it.
    assert (found.persons, found.buyers, found.revenue) == (2, 1, Decimal("25.00"))
    assert found.squares == Decimal(625)


def test_whose_time_is_not_over_does_not_count_yet_in_any_arm() -> None:
    late = [assigned("ada", "a", LATER - timedelta(days=6)), assigned("ben", "holdout", LATER)]
    found = group([*late, assigned("cem")], sales("ada", 26), window=WEEK, now=LATER)
    assert (found.open, list(found.arms)) == (2, ["a"])


def test_each_counts_in_the_arm_that_was_drawn() -> None:
    some = [assigned("ada", "a"), assigned("ben", "holdout"), assigned("cem", "holdout")]
    found = group(some, sales("ben", 1), window=WEEK, now=LATER).arms
    assert (found["a"].buyers, found["holdout"].buyers, found["holdout"].persons) == (0, 1, 2)


def test_the_lift_is_of_a_person() -> None:
    one, other = Group(), Group()
    for number in range(1000):
        one.add([Decimal(10)] if number < 300 else [])
        other.add([Decimal(10)] if number < 100 else [])
    found = lift(one, other, 0.05)
    assert found.conversion is not None
    assert found.revenue is not None
    assert (found.conversion.difference, found.conversion.decided()) == (0.3 - 0.1, True)
    assert (found.revenue.difference, found.revenue.relative) == (2.0, 2.0)
