"""The dashboard, the alert rules and docs/monitoring.md speak of what the gateway tells."""

from __future__ import annotations

import re

import pytest
import yaml
from support.monitoring import (
    DOCS,
    FOLDER,
    OF_PROMETHEUS,
    dashboard,
    expressions,
    queries,
    rules,
    table,
    told,
)
from support.promql import PromqlError, read

from gateway.domain.alarms import AlarmKind
from gateway.domain.failures import FailureClass
from gateway.domain.measures import SILENT
from gateway.domain.states import JobState

DOC = (DOCS / "monitoring.md").read_text(encoding="utf-8")
LABELS = {name: set(labels) for name, _, labels, _ in told()}
OTHERS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
"""Metrics of Prometheus itself, and of its library."""


def base(name: str) -> str:
    """Return the metric of which a series of a histogram is."""
    short = re.sub(r"_(bucket|sum|count)$", "", name)
    return short if short in LABELS else name


@pytest.mark.parametrize(("place", "expression"), list(expressions()))
def test_every_metric_and_label_that_is_asked_for_is_told(place: str, expression: str) -> None:
    query = read(expression)
    labels = set(OF_PROMETHEUS)
    for name, chosen_by in query.selectors:
        assert name in OTHERS or base(name) in LABELS, f"{place} asks for {name}"
        labels |= LABELS.get(base(name), set())
        assert set(chosen_by) <= LABELS.get(base(name), set()) | OF_PROMETHEUS, place
    assert query.groups <= labels, place


def test_words_that_are_chosen_by_are_words_that_there_are() -> None:
    """A misspelt state chooses nothing, and its alert never comes."""
    known = {
        "state": set(JobState),
        "kind": set(AlarmKind),
        "class": {*FailureClass, SILENT},
        "purpose": {"otp", "transactional", "marketing"},
        "severity": {"warning", "critical"},
        "span": {"minute", "hour", "day", "month", "recipients"},
    }
    chosen = re.findall(
        r"(\w+)(?:=~?|!=)\"([^\"$]+)\"", "\n".join(text for _, text in expressions())
    )
    assert len(chosen) > 5
    for label, words in chosen:
        assert label not in known or set(words.split("|")) <= known[label], (label, words)


def test_every_metric_is_watched_by_something() -> None:
    """What nobody draws and no alert asks for is not worth being told; some tell of the telling."""
    asked = {base(name) for _, query in queries() for name, _ in query.selectors}
    unseen = set(LABELS) - asked
    assert unseen == {
        "shopbell_broker_connections_total",
        "shopbell_broker_misaddressed_messages_total",
        "shopbell_broker_refused_letters_total",
        "shopbell_disk_size_bytes",
        "shopbell_lookup_duration_seconds",
        "shopbell_loop_tests_sent_total",
        "shopbell_modem_info",
        "shopbell_modem_registered",
        "shopbell_modem_slowed",
        "shopbell_modem_state",
        "shopbell_queue_deadline_seconds",
        "shopbell_queue_parts",
        "shopbell_reports_total",
    }


def test_each_alert_says_what_is_wrong_and_what_helps() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert re.fullmatch(r"Shopbell[A-Z][A-Za-z]+", rule["alert"])
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
        for words in ("summary", "description"):
            assert len(rule["annotations"][words]) > 20
        used = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        query = read(rule["expr"])
        left = query.groups if "by (" in rule["expr"] else _labels_of(rule["expr"])
        assert used <= left | _labels_of(rule["expr"]), rule["alert"]


def _labels_of(expression: str) -> set[str]:
    labels = [LABELS.get(base(name), set()) for name, _ in read(expression).selectors]
    return set.union(*labels) | OF_PROMETHEUS


def test_the_dashboard_can_be_taken_up() -> None:
    shown = dashboard()
    ids = [panel["id"] for panel in shown["panels"]]
    assert len(ids) == len(set(ids))
    variables = {one["name"] for one in shown["templating"]["list"]}
    text = (FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{?([a-z]\w*)", text)) <= variables
    for panel in shown["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["type"] == "row" or panel["targets"]
        assert panel["title"]


def test_the_example_of_prometheus_scrapes_and_reads_the_rules() -> None:
    example = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    assert example["rule_files"] == ["alerts.rules.yml"]
    [job] = example["scrape_configs"]
    assert job["job_name"] == "shopbell"
    assert 'job="shopbell"' in dict(expressions())["ShopbellDown"]


def test_the_page_has_every_metric() -> None:
    """`PYTHONPATH=tests python -m support.monitoring` prints the table."""
    assert table() in DOC


def test_the_page_names_every_alert() -> None:
    assert {rule["alert"] for rule in rules()} == set(re.findall(r"`(Shopbell\w+)`", DOC))


@pytest.mark.parametrize(
    "wrong",
    [
        "sum(",
        "sum by (modem (up)",
        "up{job=}",
        "up{job}",
        "rate(up)",
        "up[5m] > 1",
        "nothing_known(up)",
        "up >",
        "up up",
        "sum(up))",
        "up[5]",
        '"text"',
    ],
)
def test_what_cannot_be_read_is_told_from_what_can(wrong: str) -> None:
    """Else none of the tests above would say anything."""
    with pytest.raises(PromqlError):
        read(wrong)
