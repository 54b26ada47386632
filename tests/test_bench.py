"""What is measured by hand still fits what it measures, and its arithmetic is right.

No time is judged here: these are figures that were made up.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from bench import quick
from bench.aims import FLOOR, MEASURES, Figure, Measure, growth, rows, show
from bench.clocked import CLAIMS, _is_there
from bench.figures import Distribution, rate, share_of_ideal, steady_rate
from bench.fill import CAMPAIGNS, fill, make_database
from bench.machine import Machine
from bench.picture import draw
from bench.record import UncleanRunError, read_record
from bench.report import markdown

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in (ROOT / "bench").rglob("*.py")
    if file.stem != "__init__"
)


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_finds_all_that_it_imports(name: str) -> None:
    assert import_module(name).__doc__


class TestDistributions:
    def test_p99_is_the_least_value_that_99_of_100_do_not_exceed(self) -> None:
        spread = Distribution.of(value / 1000 for value in range(1, 201))
        assert spread is not None
        assert (spread.median_ms, spread.p99_ms, spread.count) == (100.5, 198.0, 200)

    def test_of_few_it_is_the_greatest(self) -> None:
        spread = Distribution.of([0.003, 0.001])
        assert spread is not None
        assert spread.p99_ms == 3.0

    def test_of_none_there_is_none(self) -> None:
        assert Distribution.of([]) is None


class TestRates:
    def test_what_lies_between_the_first_and_the_last_is_counted(self) -> None:
        assert rate([10.0, 12.0, 11.0]) == 1.0
        assert rate([10.0]) == 0.0

    def test_a_slow_start_and_a_slow_end_are_no_part_of_a_steady_rate(self) -> None:
        middle = [100 + number / 10 for number in range(80)]
        start, end = [float(number) for number in range(10)], [200.0 + n for n in range(10)]
        assert steady_rate([*start, *middle, *end]) == pytest.approx(10.0)


class TestTheShareOfTheIdeal:
    def test_lines_that_never_wait_have_all_of_it(self) -> None:
        lines = {"m0": [0.0, 3.0, 6.0, 9.0], "m1": [1.0, 4.0, 7.0, 10.0]}
        assert share_of_ideal(lines, 3.0) == 1.0

    def test_own_time_between_messages_takes_its_share(self) -> None:
        assert share_of_ideal({"m0": [0.0, 4.0, 8.0]}, 3.0) == 0.75

    def test_a_late_start_and_the_last_message_are_no_loss(self) -> None:
        lines = {"m0": [0.0, 3.0, 6.0], "m1": [2.0, 5.0, 8.0], "m2": [2.5, 5.5]}
        assert share_of_ideal(lines, 3.0) == 1.0

    def test_a_line_left_without_work_counts(self) -> None:
        lines = {"m0": [0.0], "m1": [0.0, 3.0, 6.0, 9.0, 12.0], "m2": [0.0, 3.0, 6.0, 9.0, 12.0]}
        assert share_of_ideal(lines, 3.0) == pytest.approx(27 / 36)


class TestAims:
    MOST = Measure(key="t", words="time", unit="ms", bound=3)
    LEAST = Measure(key="r", words="rate", unit="/s", bound=1000, at_most=False)

    def test_the_bound_itself_is_reached(self) -> None:
        assert self.MOST.reached(3)
        assert self.LEAST.reached(1000)
        assert not self.MOST.reached(3.01)
        assert not self.LEAST.reached(999)
        assert Measure(key="x", words="x", unit="").reached(1) is None

    def test_progress_is_above_one_for_what_is_better_than_asked(self) -> None:
        assert self.MOST.progress(1.5) == 2
        assert self.LEAST.progress(500) == 0.5

    def test_keys_are_there_once(self) -> None:
        assert len({measure.key for measure in MEASURES}) == len(MEASURES)

    def test_ratios_say_how_many_times_as_good_ours_is(self) -> None:
        figures = [
            Figure(key="own-median", value=2.0),
            Figure(key="own-median", value=600.0, program="smstools"),
            Figure(key="paced-share", value=99.0),
            Figure(key="paced-share", value=33.0, program="smstools"),
        ]
        ratios = {
            row.measure.key: row.ratio(other) for row in rows(figures) for other in row.others
        }
        assert ratios == {"own-median": 300.0, "paced-share": 3.0}

    def test_what_was_not_measured_is_said_to_be_so(self) -> None:
        verdicts = {row.measure.key: row.verdict for row in rows([])}
        assert set(verdicts.values()) == {"not measured"}
        assert "own-p99" in verdicts

    def test_growth_is_the_last_against_the_first(self) -> None:
        costs = [Figure(key="job-cost", value=value, at=at) for at, value in ((10, 3.0), (1, 2.0))]
        overall = growth(costs)
        assert overall is not None
        assert overall.value == 1.5
        assert growth(costs[:1]) is None

    @pytest.mark.parametrize(
        ("value", "shown"), [(0.04, "0.04"), (2.345, "2.35"), (99.96, "100"), (1234.5, "1,234")]
    )
    def test_figures_have_three_digits(self, value: float, shown: str) -> None:
        assert show(value) == shown


class TestTheResults:
    FIGURES = (
        Figure(key="own-median", value=2.0, note="1,500 messages"),
        Figure(key="own-median", value=0.8, program=FLOOR),
        Figure(key="own-median", value=600.0, program="smstools"),
        Figure(key="full-rate", value=800.0),
        Figure(key="job-cost", value=2.0, at=1000),
        Figure(key="job-cost", value=2.2, at=10_000),
    )
    MACHINE = Machine(
        at="2026-11-26T16:20:00+00:00",
        cores=2,
        processor="AMD EPYC",
        memory_gb=24,
        kernel="6.18",
        load=0.1,
        fsync=None,
        commit="abc1234",
        versions={"shopbell": "0.1.0"},
    )

    def test_the_page_has_every_figure_with_aim_verdict_and_peers(self) -> None:
        page = markdown("a-run", self.MACHINE, self.FIGURES, "python -m bench")
        assert "| at most 3 ms | 2 ms (1,500 messages) | reached |" in page
        assert "smstools 600 ms (x 300)" in page
        assert "| at least 1,000 messages/s | 800 messages/s | **MISSED** |" in page
        assert "| 10,000 | 2.2 ms |" in page
        for part in ("commit abc1234", "AMD EPYC", "shopbell 0.1.0", "python -m bench"):
            assert part in page

    def test_a_smoke_run_says_that_its_figures_say_nothing(self) -> None:
        page = markdown("a-run", self.MACHINE, self.FIGURES, "python -m bench", quick=True)
        assert "smoke run" in page

    def test_the_picture_has_what_was_measured(self) -> None:
        aims, times, costs = draw(self.FIGURES, "a run").data
        said = [bar.partition("<b>")[2].partition(" (")[0] for bar in aims.y]
        assert said == ["2 ms", "800 messages/s"]
        assert list(times.y) == ["shopbell", FLOOR, "smstools"]
        assert list(costs.x) == [1000, 10_000]


class TestTheRecord:
    def _write(self, log: Path, *texts: str) -> Path:
        lines = [
            {"at": f"2026-11-26T10:00:0{second}+00:00", "modem": "m0", "event": "accepted"}
            | {"text": text}
            for second, text in enumerate(texts)
        ]
        log.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return log

    def test_messages_are_counted_by_modem(self, tmp_path: Path) -> None:
        record = read_record(self._write(tmp_path / "log", "a", "b", "c"), 3)
        assert record.messages == 3
        assert record.per_second() == 1.0

    @pytest.mark.parametrize("texts", [("a", "a"), ("a",), ("a", "b", "b")])
    def test_what_is_lost_or_doubled_spoils_a_run(
        self, tmp_path: Path, texts: tuple[str, ...]
    ) -> None:
        with pytest.raises(UncleanRunError):
            read_record(self._write(tmp_path / "log", *texts), 2)


class TestTheQuickStore:
    @pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384])
    def test_packets_are_read_as_they_are_written(self, length: int) -> None:
        packet = quick.frame(3, 2, bytes(length))
        buffer = bytearray(packet + packet[:-1])
        assert list(quick.take(buffer)) == [(3, bytes(length))]
        assert buffer == packet[:-1]

    def test_they_may_come_octet_by_octet(self) -> None:
        buffer, seen = bytearray(), []
        for octet in quick.frame(4, 0, b"\x00\x07") * 2:
            buffer.append(octet)
            seen += quick.take(buffer)
        assert seen == [(4, b"\x00\x07")] * 2


class TestTheFilledDatabase:
    def test_it_has_jobs_that_ended_and_a_queue_in_lanes(self, tmp_path: Path) -> None:
        path = tmp_path / "filled.db"
        make_database(path)
        fill(path, ended=70, waiting=30)
        with closing(sqlite3.connect(path)) as connection:
            stages = connection.execute("SELECT stage, count(*) FROM jobs GROUP BY 1").fetchall()
            parts = connection.execute("SELECT state, count(*) FROM parts GROUP BY 1").fetchall()
            lanes = connection.execute("SELECT count(DISTINCT lane) FROM jobs").fetchone()
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
            indexes = {name for (name,) in names}
        assert dict(stages) == {"done": 70, "ready": 30}
        assert dict(parts) == {"delivered": 70, "waiting": 30}
        assert lanes == (CAMPAIGNS,)
        assert {"ix_jobs_ready", "ix_parts_tail"} <= indexes


def test_there_is_a_claim_to_be_watched() -> None:
    assert any(_is_there(place) for place in CLAIMS)
