"""Hours: on the person's own clock, whatever the law, the season and the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.consent.country import Week, load_geography, load_policies
from gateway.consent.restdays import RestDays
from gateway.consent.windows import Hours, hours_of, next_opening
from gateway.consent.zones import Known, Whereabouts, locate

POLICIES, GEOGRAPHY = load_policies(), load_geography()
PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
FRENCH, NEW_YORKER = "+33639980123", "+12125550123"
FLORIDIAN, TEXAN, HAWAIIAN, ALASKAN = "+13055550123", "+15125550123", "+18085550123", "+19075550123"
TOLL_FREE = "+18005550123"

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
MINUTE = timedelta(minutes=1)


def hours_for(number: str, **known: object) -> tuple[Hours, ...]:
    where = locate(Known(number=number, **known), GEOGRAPHY, ZoneInfo("UTC"))  # type: ignore[arg-type]
    return hours_of(POLICIES.of(where.country), where)


def opening(number: str, at: datetime, **known: object) -> datetime:
    found = next_opening(hours_for(number, **known), at)
    assert found is not None
    return found


def is_open(number: str, at: datetime, **known: object) -> bool:
    return opening(number, at, **known) == at


@pytest.mark.rule("FR-1")
@given(at=YEAR, code=st.sampled_from([None, "75001", "67000", "57000"]))
@example(at=datetime(2026, 4, 3, 10, tzinfo=UTC), code="67000")
@example(at=datetime(2026, 12, 26, 10, tzinfo=UTC), code=None)
def test_no_french_marketing_at_night_on_sunday_or_on_a_holiday(
    at: datetime, code: str | None
) -> None:
    local = opening(FRENCH, at, postal_code=code).astimezone(PARIS)
    assert local.weekday() != 6
    assert time(8) <= local.time() < time(20)
    assert local.date() not in holidays.country_holidays("FR")
    if code != "75001":
        for region in ("57", "6AE"):
            elsewhere = code is not None and region != ("57" if code == "57000" else "6AE")
            assert elsewhere or local.date() not in holidays.country_holidays("FR", subdiv=region)


@pytest.mark.rule("FR-1")
def test_all_eleven_french_holidays_are_closed_and_the_days_around_them_are_not() -> None:
    def noon(day: date) -> datetime:
        return datetime.combine(day, time(12), PARIS).astimezone(UTC)

    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = {day for day in days if not is_open(FRENCH, noon(day), postal_code="75001")}
    named = set(holidays.country_holidays("FR", years=2026))
    assert len(named) == 11
    assert closed == named | {day for day in days if day.weekday() == 6}
    alsatian = {day for day in days if not is_open(FRENCH, noon(day), postal_code="67000")}
    assert alsatian - closed == {date(2026, 4, 3), date(2026, 12, 26)}
    unknown = {day for day in days if not is_open(FRENCH, noon(day))}
    assert unknown == alsatian


@given(
    at=YEAR,
    known=st.sampled_from(
        [
            (FRENCH, {}),
            (NEW_YORKER, {}),
            (TOLL_FREE, {}),
            (TEXAN, {"postal_code": "06101"}),
            ("+447700900123", {}),
            ("+61491570006", {}),
        ]
    ),
)
def test_the_next_opening_is_the_first_open_instant(
    at: datetime, known: tuple[str, dict[str, object]]
) -> None:
    hours = hours_for(known[0], **known[1])
    found = next_opening(hours, at)
    assert found is not None
    assert all(each.open_at(found) for each in hours)
    if found > at:
        assert not all(each.open_at(found - timedelta(seconds=1)) for each in hours)
        assert not all(each.open_at(at) for each in hours)
        step = max(MINUTE * 7, (found - at) / 300)
        for turn in range(int((found - at) / step)):
            assert not all(each.open_at(at + turn * step) for each in hours)


@pytest.mark.rule("US-1")
@given(
    at=YEAR,
    number=st.sampled_from([NEW_YORKER, FLORIDIAN, TEXAN, HAWAIIAN, ALASKAN, TOLL_FREE]),
)
@example(at=datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC), number=NEW_YORKER)
@example(at=datetime(2026, 11, 1, 5, 30, tzinfo=UTC), number=NEW_YORKER)
def test_in_every_zone_that_an_american_may_be_in_it_is_day(at: datetime, number: str) -> None:
    where = locate(Known(number=number), GEOGRAPHY, ZoneInfo("UTC"))
    found = opening(number, at)
    for zone in where.zones:
        assert time(8) <= found.astimezone(zone).time() < time(21)


@pytest.mark.rule("US-1")
def test_hawaii_and_alaska_have_their_own_clocks() -> None:
    evening = datetime(2026, 7, 2, 6, 59, tzinfo=UTC)  # 20:59 in Honolulu, 22:59 in Anchorage
    assert is_open(HAWAIIAN, evening)
    assert not is_open(HAWAIIAN, evening + MINUTE)
    # 907 is Alaska's: Anchorage and, an hour behind, Adak.
    assert opening(ALASKAN, evening) == datetime(2026, 7, 2, 17, tzinfo=UTC)
    assert not is_open(ALASKAN, datetime(2026, 7, 2, 5, 30, tzinfo=UTC))


@pytest.mark.rule("US-1")
@pytest.mark.parametrize(
    ("day", "utc_hour"), [(7, 13), (8, 12), (9, 12)]
)  # the clocks go forward on 8 March 2026
def test_the_hours_follow_the_clock_through_its_change(day: int, utc_hour: int) -> None:
    at = datetime(2026, 3, day, utc_hour, tzinfo=UTC)
    assert is_open(NEW_YORKER, at)
    assert not is_open(NEW_YORKER, at - MINUTE)


@pytest.mark.rule("US-1")
def test_whose_zone_is_not_known_is_written_to_when_all_allow() -> None:
    hours = hours_for(TOLL_FREE)
    zones = {each.zone.key for each in hours}
    assert {"America/New_York", "Pacific/Honolulu", "Pacific/Guam"} <= zones
    found = next_opening(hours, datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert found == datetime(2026, 7, 1, 22, tzinfo=UTC)  # 08:00 on Guam, 18:00 in New York


def _week(mon_sat: str, sun: str | None = None) -> Week:
    return Week.parse({"mon-sat": mon_sat, "sun": sun or mon_sat, "holidays": "as_weekday"})


STATES = {
    **dict.fromkeys(["FL", "OK", "MD", "MS", "NJ", "LA", "MA"], _week("08:00-20:00")),
    "CT": _week("09:00-20:00"),
    "KY": _week("10:00-21:00"),
    "TX": _week("09:00-21:00", "12:00-21:00"),
    "RI": Week.parse(
        {"mon-fri": "09:00-18:00", "sat-sun": "10:00-17:00", "holidays": "as_weekday"}
    ),
}


@pytest.mark.rule("US-2")
@pytest.mark.parametrize("state", sorted(GEOGRAPHY.zones))
@pytest.mark.parametrize("day", [date(2026, 6, 3), date(2026, 6, 6), date(2026, 6, 7)])
def test_each_state_has_its_hours(state: str, day: date) -> None:
    week = STATES.get(state, _week("08:00-21:00"))
    zone = GEOGRAPHY.zones[state][0]
    code = next(code for code, states in GEOGRAPHY.by_zip3.items() if states == {state})
    expected = {
        minute
        for minute in range(0, 1440, 30)
        if any(span.start <= minute < span.end for span in week.spans(day, holiday=False))
    }
    at = datetime.combine(day, time(0), zone)
    found = {
        minute
        for minute in range(0, 1440, 30)
        if is_open(
            TOLL_FREE, at + timedelta(minutes=minute), postal_code=f"{code}01", timezone=zone
        )
    }
    assert found == expected


@pytest.mark.rule("US-2")
@pytest.mark.parametrize(
    ("number", "code", "local", "allowed"),
    [
        (NEW_YORKER, None, time(20, 30), True),
        (FLORIDIAN, None, time(20, 30), False),
        (FLORIDIAN, "10001", time(20, 30), False),  # by the area code
        (NEW_YORKER, "33101", time(20, 30), False),  # by the ZIP code
        (NEW_YORKER, "06101", time(8, 30), False),
        (FLORIDIAN, "06101", time(8, 30), False),
        (FLORIDIAN, "06101", time(9, 30), True),
    ],
)
def test_a_number_is_no_place_so_the_strictest_of_what_is_known_holds(
    number: str, code: str | None, local: time, allowed: bool
) -> None:
    at = datetime.combine(date(2026, 6, 3), local, NEW_YORK)
    # Most of Florida is on New York's clock; the zone is stated, so that the states alone differ.
    assert is_open(number, at, postal_code=code, timezone=NEW_YORK) is allowed


@pytest.mark.parametrize(
    ("known", "zones"),
    [
        (Known(number=NEW_YORKER, timezone=PARIS, postal_code="96801"), {"Europe/Paris"}),
        (Known(number=NEW_YORKER, postal_code="96801"), {"Pacific/Honolulu"}),
        (Known(number=NEW_YORKER, postal_code="00000"), {"America/New_York"}),
        (Known(number=NEW_YORKER), {"America/New_York"}),
        (Known(number=FRENCH), {"Europe/Paris"}),
        (Known(number=FRENCH, country="GB"), {"Europe/London"}),
        (Known(number="+34600000000"), {"Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"}),
        (Known(number="+88212345678"), {"Asia/Tokyo"}),
        (Known(number="38111"), {"Asia/Tokyo"}),
    ],
)
def test_a_zone_is_stated_or_by_postal_code_or_by_number(known: Known, zones: set[str]) -> None:
    where = locate(known, GEOGRAPHY, ZoneInfo("Asia/Tokyo"))
    assert {zone.key for zone in where.zones} == zones or (
        # phonenumbers' tables leave Ceuta to Madrid.
        known.number.startswith("+34") and {zone.key for zone in where.zones} < zones
    )


def _every_day(span: str, zone: ZoneInfo) -> Hours:
    week = Week.parse({"mon-sun": span, "holidays": "as_weekday"})
    return Hours(week=week, zone=zone, rest=RestDays(calendar="US"))


def test_a_start_that_the_clock_jumps_over_is_after_the_jump() -> None:
    hours = _every_day("02:30-08:00", NEW_YORK)
    found = next_opening([hours], datetime(2026, 3, 8, 6, tzinfo=UTC))
    assert found is not None
    local = found.astimezone(NEW_YORK)
    assert local.date() == date(2026, 3, 8)
    assert time(3) <= local.time() <= time(3, 30)
    assert hours.open_at(found)


def test_an_hour_that_is_repeated_is_open_both_times() -> None:
    hours = _every_day("01:30-01:45", NEW_YORK)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert next_opening([hours], first - MINUTE) == first
    assert next_opening([hours], first + 20 * MINUTE) == first + timedelta(hours=1)
    assert next_opening([hours], first + timedelta(hours=2)) == first + timedelta(days=1, hours=1)


def test_hours_that_never_meet_have_no_opening() -> None:
    here, there = _every_day("08:00-09:00", PARIS), _every_day("20:00-21:00", PARIS)
    assert next_opening([here, there], datetime(2026, 3, 8, tzinfo=UTC)) is None
    closed = Week.parse({"mon-sun": "none", "holidays": "none"})
    never = Hours(week=closed, zone=PARIS, rest=RestDays(calendar="FR"))
    assert next_opening([never], datetime(2026, 3, 8, tzinfo=UTC)) is None


def test_no_hours_are_no_bar() -> None:
    at = datetime(2026, 3, 8, tzinfo=UTC)
    assert next_opening([], at) == at


def test_a_country_that_no_calendar_knows_has_no_holidays() -> None:
    assert date(2026, 12, 25) not in RestDays(calendar="ZZ")
    where = Whereabouts(country=None, zones=(ZoneInfo("UTC"),))
    assert next_opening(
        hours_of(POLICIES.of(None), where), datetime(2026, 12, 25, 12, tzinfo=UTC)
    ) == datetime(2026, 12, 25, 12, tzinfo=UTC)
