"""What is written is what Prometheus reads, under names by its conventions."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as read_text

from gateway.domain.measures import COUNTED, TIMED, Counted, Timed
from gateway.meter import Tally
from gateway.meter.family import Family, Kind, Metric
from gateway.meter.prometheus import names, picture, write
from gateway.web.metrics.box import METRICS as OF_BOX
from gateway.web.metrics.lines import METRICS as OF_LINES
from gateway.web.metrics.queue import METRICS as OF_QUEUE

LOOKED_UP = (*OF_LINES, *OF_QUEUE, *OF_BOX)
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"

BASE_UNITS = ("seconds", "bytes", "ratio", "dbm", "parts_per_second")
"""By https://prometheus.io/docs/practices/naming; a signal is told in dBm by whoever builds it."""
NOT_BASE = (
    *("milliseconds", "ms", "minutes", "hours", "days", "per_minute", "percent"),
    *("kilobytes", "kb", "mb", "megabytes", "bits"),
)
PRIVATE = ("number", "phone", "iccid", "imei", "imsi", "line", "person", "recipient", "sender")
"""What no label may be called, nor stand for."""

OWN = os.getpid()


def everything() -> Tally:
    tally = Tally()
    for what, about in COUNTED.items():
        tally.count(what, *about.labels, by=2)
    for timed, spread in TIMED.items():
        tally.time(timed, 2.0, *spread.labels)
    return tally


def looked_up() -> list[Family]:
    return [Family(metric, [(metric.labels, 1.0)]) for metric in LOOKED_UP]


def all_names() -> list[tuple[str, str, tuple[str, ...], str]]:
    return list(names(picture(everything(), looked_up())))


@pytest.mark.parametrize(("name", "kind", "labels", "text"), all_names())
def test_names_keep_to_the_conventions(
    name: str, kind: str, labels: tuple[str, ...], text: str
) -> None:
    assert re.fullmatch(r"shopbell_[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
    words = name.split("_")
    assert (words[-1] == "total") == (kind == "counter"), "counters, and they alone, are totals"
    assert not {"count", "sum", "bucket", "counter", "gauge", "histogram"} & set(words)
    assert not any(re.search(rf"(^|_){unit}(_|$)", name) for unit in NOT_BASE)
    assert kind != "histogram" or words[-1] == "seconds"
    bare = name.removesuffix("_total")
    for unit in BASE_UNITS:
        assert f"_{unit}_" not in f"{bare}_" or bare.endswith(unit), "the unit comes last"
    for label in labels:
        assert re.fullmatch(r"[a-z][a-z_]*", label)
        assert label not in ("le", "quantile", "job", "instance"), "Prometheus' own"
        # But for what it is about, and a set of states, which OpenMetrics has so.
        assert label not in words[2:] or label == "state", "a label says what the name does not"
    assert text[0].isupper()
    assert not text.endswith((".", ":"))


@pytest.mark.parametrize(("name", "kind", "labels", "text"), all_names())
def test_no_label_is_a_person_a_sim_or_free(
    name: str, kind: str, labels: tuple[str, ...], text: str
) -> None:
    assert not set(labels) & set(PRIVATE)


def test_no_name_is_given_twice() -> None:
    given = [name for name, *_ in all_names()]
    assert len(given) == len(set(given))


@pytest.mark.parametrize(("accept", "read"), [("", read_text), (OPEN_METRICS, read_open_metrics)])
def test_what_is_written_can_be_read(accept: str, read: Any) -> None:
    content, kind = write(picture(everything(), looked_up()), accept, OWN)
    found = {sample.name for family in read(content.decode()) for sample in family.samples}
    assert "version=0.0.4" in kind if not accept else "openmetrics" in kind
    for name, type_, *_ in all_names():
        ends = ("_bucket", "_sum", "_count") if type_ == "histogram" else ("",)
        assert {name + end for end in ends} <= found
    assert "process_resident_memory_bytes" in found


def test_a_histogram_rises_to_its_count() -> None:
    tally = Tally()
    for seconds in (0.2, 4.0, 500.0):
        tally.time(Timed.SUBMIT, seconds, "m0")
    content, _ = write(picture(tally, []), "", OWN)
    [family] = [
        one for one in read_text(content.decode()) if one.name == "shopbell_submit_duration_seconds"
    ]
    buckets = [one.value for one in family.samples if one.name.endswith("_bucket")]
    by_end = {one.labels.get("le"): one.value for one in family.samples}
    assert buckets == sorted(buckets)
    assert (by_end["0.1"], by_end["0.25"], by_end["5.0"], by_end["120.0"]) == (0, 1, 2, 2)
    assert by_end["+Inf"] == 3


def test_a_counter_without_labels_is_zero_before_it_is_one() -> None:
    """A rate sees the first event of what was there before, and of nothing else."""
    content, _ = write(picture(Tally(), []), "", OWN)
    assert "shopbell_broker_connections_total 0.0\n" in content.decode()


def test_labels_of_strangers_are_escaped() -> None:
    metric = Metric(name="modem_info", text="What it says", labels=("model",), kind=Kind.GAUGE)
    odd = 'a"} 1\nshopbell_up 1\\'
    content, _ = write(picture(Tally(), [Family(metric, [((odd,), 1.0)])]), "", OWN)
    [family] = [one for one in read_text(content.decode()) if one.name == "shopbell_modem_info"]
    assert [one.labels for one in family.samples] == [{"model": odd}]


def test_two_gateways_in_one_process_know_nothing_of_each_other() -> None:
    one, other = Tally(), Tally()
    one.count(Counted.PARTS_UNCONFIRMED, "m0")
    first, second = (write(picture(tally, []), "", OWN)[0].decode() for tally in (one, other))
    assert 'shopbell_parts_unconfirmed_total{modem="m0"}' in first
    assert 'shopbell_parts_unconfirmed_total{modem="m0"}' not in second


def test_a_picture_stays_as_it_was_taken() -> None:
    """It is written in a thread while the loop goes on counting."""
    tally = everything()
    taken = picture(tally, [])
    before, _ = write(taken, "", OWN)
    tally.count(Counted.BROKER_CONNECTIONS, by=1000)
    tally.time(Timed.COMMIT, 1.0)
    after, _ = write(taken, "", OWN)
    assert [line for line in before.decode().splitlines() if "shopbell" in line] == [
        line for line in after.decode().splitlines() if "shopbell" in line
    ]
