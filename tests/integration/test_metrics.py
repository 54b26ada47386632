"""A gateway is scraped while it sends: what it counts is what the simulated network saw."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
from prometheus_client.parser import text_string_to_metric_families
from support.house import House
from support.monitoring import queries
from support.plugin import Build
from support.ports import free_port
from support.processes import wait_for

JOBS = 30
Samples = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


class Prometheus:
    """Scrapes again and again, as Prometheus does, and keeps what it got."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.scrapes: list[Samples] = []
        self.text = ""

    def scrape(self) -> Samples:
        answer = httpx.get(f"{self.base}/metrics", timeout=30)
        assert answer.status_code == 200, answer.text
        self.text = answer.text
        found = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }
        self.scrapes.append(found)
        return found

    @contextmanager
    def at_work(self) -> Iterator[None]:
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                self.scrape()
                over.wait(0.1)

        thread = threading.Thread(target=run, name="prometheus")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def sums(samples: Samples, name: str, label: str | None = None) -> dict[str, float]:
    """Return a metric's values by one of its labels; what is zero is left out."""
    found: Counter[str] = Counter()
    for (one, labels), value in samples.items():
        if one == name and value:
            found[dict(labels).get(label or "", "")] += int(value)
    return dict(found)


def seen(built: House, event: str) -> dict[str, float]:
    """Return what the simulated network wrote down, by our names of its modems."""
    return dict(Counter(entry["modem"].replace("modem", "m") for entry in built.log(event)))


def await_console(port: int) -> None:
    """Wait until it answers: that comes after jobs are taken, which does not wait for it."""

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    wait_for(answers, 60, "the console")


def test_counters_are_what_the_network_saw(house: Build) -> None:
    port = free_port()
    built = house(modems=3, more=f'[console]\nlisten = "127.0.0.1:{port}"\n')
    built.start()
    await_console(port)
    prometheus = Prometheus(port)
    store = built.store
    with prometheus.at_work():
        for number in range(JOBS):
            purpose = "otp" if number % 3 == 0 else "transactional"
            text = "x" * 400 if number == 1 else f"order {number} has shipped"
            store.submit(f"job-{number}", purpose=purpose, text=text)
        store.submit("job-2", text="something else")  # the same id with other content
        store.await_rejected("job-2", "conflict")
        for number in range(JOBS):
            store.await_state(f"job-{number}", "delivered")
        built.bank.ask(do="inbound", modem="modem0", **{"from": "+447700900123", "text": "STOP"})
        wait_for(lambda: bool(store.inbound), 15, "the message of a person")

    def settled() -> bool:
        found = prometheus.scrape()
        sent = sums(found, "shopbell_parts_sent_total", "modem")
        told = sums(found, "shopbell_letters_published_total", "topic")
        reports = sums(found, "shopbell_reports_total", "modem")
        return (
            sent == seen(built, "accepted")
            and reports == seen(built, "report")
            and told.get("status") == len(store.statuses)
            and sums(found, "shopbell_queue_jobs") == {}  # looked up some seconds ago
        )

    wait_for(settled, 20, "the counters")
    found = prometheus.scrapes[-1]
    assert sums(found, "shopbell_jobs_accepted_total", "purpose")["otp"] == JOBS // 3
    assert sums(found, "shopbell_entries_rejected_total", "code") == {"conflict": 1}
    assert sums(found, "shopbell_parts_received_total", "modem") == {"m0": 1}
    assert sums(found, "shopbell_keywords_total", "intent") == {"stop": 1}
    assert sums(found, "shopbell_broker_connections_total") == {"": 1}
    assert sums(found, "shopbell_parts_refused_total") == {}
    assert sums(found, "shopbell_report_delay_seconds_count", "modem") == seen(built, "report")
    assert sums(found, "shopbell_submit_duration_seconds_count", "modem") == seen(built, "accepted")
    delivered = [one for one in store.statuses if one["state"] == "delivered"]
    assert sums(found, "shopbell_job_transitions_total", "state")["delivered"] >= len(delivered)

    assert len(prometheus.scrapes) > 3
    for before, after in zip(prometheus.scrapes, prometheus.scrapes[1:], strict=False):
        for name, value in before.items():
            if name[0].endswith(("_total", "_count", "_bucket", "_sum")):
                assert after[name] >= value, f"{name} fell"

    told = set(re.findall(r"^# TYPE (\S+)", prometheus.text, re.MULTILINE)) | {"up"}
    for place, query in queries():
        for name, _ in query.selectors:
            short = re.sub(r"_(bucket|sum|count)$", "", name)
            assert {name, short} & told, f"{place} asks for {name}"
    assert not re.search(r'="[^"]*\d{7,}[^"]*"', prometheus.text), "a number in a label"


def test_the_probes_tell_when_the_broker_is_away(house: Build) -> None:
    port = free_port()
    built = house(more=f'[console]\nlisten = "127.0.0.1:{port}"\n')
    built.start()
    await_console(port)
    base = f"http://127.0.0.1:{port}"
    assert httpx.get(f"{base}/readyz").json() == {
        "status": "ready",
        "database": "ok",
        "broker": "ok",
    }
    built.broker.stop()
    wait_for(
        lambda: httpx.get(f"{base}/readyz").json()["broker"] == "not connected", 15, "its absence"
    )
    assert httpx.get(f"{base}/healthz").status_code == 200
    assert httpx.get(f"{base}/readyz").status_code == 200
