"""How often somebody may try: strangers less and less, the admin soon again in any case."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.access import limits as module
from gateway.access.limits import BY_NAME, BY_PLACE, FORGET, Limits, place_of

HOME, STRANGER = "192.0.2.1", "198.51.100.66"


def tried(limits: Limits, name: str, address: str, now: float) -> bool:
    """Try where it is allowed; return whether it was."""
    if limits.wait(name, address, now) > 0:
        return False
    limits.begin(name, address, now)
    return True


def test_a_stranger_gets_few_tries_in_an_hour() -> None:
    limits = Limits()
    assert sum(tried(limits, f"user{now}", STRANGER, now) for now in range(3600)) < 20


def test_a_stranger_at_many_places_gets_a_try_a_minute_at_a_name() -> None:
    limits = Limits()
    places = (f"203.0.113.{number % 250}" for number in range(10_000))
    allowed = sum(tried(limits, "admin", place, now) for now, place in enumerate(places))
    assert allowed <= BY_NAME.free + 7 + 10_000 / BY_NAME.most


def test_the_admin_is_never_kept_out_for_long() -> None:
    """The attack: to try all the time, so that the admin cannot sign in."""
    limits = Limits()
    now = 0.0
    for number in range(5000):
        now += 1.0
        tried(limits, "admin", f"203.0.113.{number % 250}", now)
        assert limits.wait("admin", HOME, now) <= BY_NAME.most


def test_where_the_admin_was_before_they_are_not_kept_out_at_all() -> None:
    limits = Limits()
    limits.begin("admin", HOME, 0)
    limits.succeeded("admin", HOME, 0)
    for number in range(200):
        tried(limits, "admin", f"203.0.113.{number}", float(number * 61))
        assert limits.wait("admin", HOME, number * 61.0) == 0


def test_where_somebody_was_before_the_place_counts_still() -> None:
    """A stranger in the same network, or on the same machine."""
    limits = Limits()
    limits.succeeded("admin", HOME, 0)
    for _ in range(BY_PLACE.free + 1):
        limits.begin("admin", HOME, 1)
    assert limits.wait("admin", HOME, 1) > 0
    assert limits.wait("other", HOME, 1) > 0


def test_to_succeed_forgets_what_was_tried() -> None:
    limits = Limits()
    for _ in range(BY_PLACE.free):
        limits.begin("admin", HOME, 0)
    limits.succeeded("admin", HOME, 0)
    assert limits.wait("admin", HOME, 0) == 0


def test_to_go_on_trying_makes_no_wait_longer() -> None:
    limits = Limits()
    while tried(limits, "admin", STRANGER, 0):
        pass
    left = limits.wait("admin", STRANGER, 0)
    assert not any(tried(limits, "admin", STRANGER, left / 2) for _ in range(100))
    assert limits.wait("admin", STRANGER, left) == 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 300)), max_size=60))
def test_a_wait_is_never_longer_than_it_says(tries: list[tuple[str, int]]) -> None:
    limits, now = Limits(), 0.0
    for name, pause in tries:
        now += pause
        tried(limits, name, STRANGER, now)
        assert 0 <= limits.wait(name, STRANGER, now) <= BY_PLACE.most
    assert limits.wait("a", STRANGER, now + FORGET) == 0


def test_it_does_not_grow_without_end() -> None:
    limits = Limits()
    for number in range(module.REMEMBERED + 100):
        limits.begin(f"name{number}", f"2001:db8:{number // 60000:x}:{number % 60000:x}::1", 0)
    assert len(limits._names) == len(limits._places) == module.REMEMBERED


def test_a_household_is_one_place() -> None:
    assert place_of("2001:db8:1:2:3::4") == place_of("2001:db8:1:2:ffff::1")
    assert place_of("2001:db8:1:2::1") != place_of("2001:db8:1:3::1")
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1")
    assert place_of("unix") == "unix"
