"""Samples say what happened since the last ones, and of nothing that it was nothing."""

from __future__ import annotations

from gateway.domain.measures import Counted, Timed
from gateway.domain.sample import ALL, Sample, Series
from gateway.meter import Tally
from gateway.meter.sampling import Sampler, looked_at


def by_name(samples: list[Sample]) -> dict[tuple[str, str], tuple[int, float]]:
    return {(one.series.value, one.subject): (one.count, one.total) for one in samples}


def test_of_nothing_there_is_a_sample_that_says_so() -> None:
    found = by_name(Sampler(Tally()).take())
    counted = ("accepted", "sent", "delivered", "failed", "report_delay", "loop_delay")
    assert found == {(series, ALL): (0, 0.0) for series in counted}


def test_samples_are_of_the_time_since_the_last_ones() -> None:
    tally = Tally()
    sampler = Sampler(tally)
    tally.count(Counted.PARTS_SENT, "m0", "otp", by=2)
    tally.count(Counted.PARTS_SENT, "m0", "marketing")
    assert by_name(sampler.take())["sent", "m0"] == (3, 3.0)
    tally.count(Counted.PARTS_SENT, "m1", "otp")
    found = by_name(sampler.take())
    assert (found["sent", "m1"], found["sent", ALL]) == ((1, 1.0), (1, 1.0))
    assert ("sent", "m0") not in found


def test_reports_count_where_they_tell_of_a_delivery() -> None:
    tally = Tally()
    tally.count(Counted.REPORTS, "m0", "delivered")
    tally.count(Counted.REPORTS, "m0", "undelivered", by=5)
    tally.count(Counted.REPORTS, "m0", "sent", by=7)
    assert by_name(Sampler(tally).take())["delivered", ALL] == (1, 1.0)


def test_failures_are_told_by_class_whichever_the_modem() -> None:
    tally = Tally()
    for modem in ("m0", "m1"):
        tally.count(Counted.PARTS_REFUSED, modem, "network")
    tally.count(Counted.PARTS_REFUSED, "m0", "line")
    found = by_name(Sampler(tally).take())
    assert found["failed", "network"] == (2, 2.0)
    assert found["failed", ALL] == (3, 3.0)


def test_delays_of_all_modems_are_one_with_their_extremes() -> None:
    tally = Tally()
    sampler = Sampler(tally)
    for modem, seconds in (("m0", 2.0), ("m1", 10.0), ("m1", 4.0)):
        tally.time(Timed.REPORT_DELAY, seconds, modem)
    delays = [one for one in sampler.take() if one.series is Series.REPORT_DELAY]
    assert delays == [Sample(series=Series.REPORT_DELAY, count=3, total=16.0, least=2.0, most=10.0)]
    [later] = [one for one in sampler.take() if one.series is Series.REPORT_DELAY]
    assert (later.count, later.total, later.least, later.most) == (0, 0.0, None, None)


def test_what_was_looked_at_is_one_look() -> None:
    [sample] = looked_at(Series.SIGNAL, {"m0": -73.0})
    assert (sample.subject, sample.count, sample.total) == ("m0", 1, -73.0)
