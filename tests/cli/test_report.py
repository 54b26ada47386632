"""Reports and JupyterLab from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from support.command import Shopbell

from scoring.simulate import DemoShop, simulate


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("report") / "lake", DemoShop(customers=8000))


@pytest.mark.timeout(300)
def test_a_report_is_one_page_and_says_what_it_is_of(shopbell: Shopbell, lake: Path) -> None:
    done = shopbell("report", "deliv", "--lake", str(lake), "--since", "2026-01-01", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    page = Path(told["page"]).read_text()
    assert told["title"] == "Do our messages arrive?"
    assert str(lake) in page
    assert "Plotly.newPlot" in page
    assert told["pdf"] is None


def test_a_report_that_is_not_there_names_those_that_are(shopbell: Shopbell) -> None:
    done = shopbell("report", "weather")
    assert done.code == 1
    assert "there is no report 'weather'; there are: delivery" in done.err


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--campaign", "spring"), "01-delivery.ipynb has no parameter CAMPAIGN; there are: LAKE"),
        (("--since", "soon"), "SINCE='soon' is no day; as in '2026-01-31'"),
        (("--lake", "/nowhere"), "LAKE=/nowhere: there is no such folder"),
    ],
)
def test_what_a_report_cannot_use_is_one_sentence(
    shopbell: Shopbell, lake: Path, words: tuple[str, ...], told: str
) -> None:
    done = shopbell("report", "delivery", "--lake", str(lake), *words)
    assert done.code == 1
    assert told in done.err
    assert "Traceback" not in done.err
    assert not Path("delivery.html").exists()


def test_a_pdf_without_chromium_is_refused_before_anything_runs(
    shopbell: Shopbell, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.reports.pdf.BROWSERS", ("no-such-browser",))
    done = shopbell("report", "delivery", "--lake", str(lake), "--pdf")
    assert (done.code, "apt install chromium" in done.err) == (1, True)


def test_jupyterlab_starts_in_this_python_on_the_notebooks(
    shopbell: Shopbell, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is this Python's jupyterlab on loopback, with the lake that was named."""
    asked: list[tuple[list[str], dict[str, str]]] = []

    def execute(program: str, command: list[str], env: dict[str, str]) -> None:
        assert program == command[0]
        asked.append((command, env))

    monkeypatch.setattr("gateway.cli.lab.os.execve", execute)
    assert shopbell("lab", "--lake", str(lake), "--no-browser").code == 0
    [(command, env)] = asked
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert env["LAKE"] == str(lake)
    [root] = [word for word in command if word.startswith("--ServerApp.root_dir=")]
    assert Path(root.partition("=")[2], "00-start-here.ipynb").is_file()
