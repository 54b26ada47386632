"""Reports: which there are, with which parameters, and what the page is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from notebooks.browser import look
from notebooks.running import NUMBER

from scoring.errors import ScoringError
from scoring.reports import NotebookFailedError, execute, find_report, notebooks_folder, reports
from scoring.reports.page import PLOTLY, page

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def notebook(*cells: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    made = [nbformat.v4.new_markdown_cell("# A & B")]
    made += [nbformat.v4.new_code_cell(source) for source in cells]
    made[1].metadata["tags"] = list(tags)
    return nbformat.v4.new_notebook(cells=made)


def saved(node: NotebookNode, folder: Path) -> Path:
    nbformat.write(node, folder / "a.ipynb")
    return folder / "a.ipynb"


def test_every_notebook_but_the_first_is_a_report() -> None:
    files = sorted(file.stem for file in notebooks_folder().glob("*.ipynb"))
    assert [f"{place:02d}-{name}" for place, name in enumerate(reports(), start=1)] == files[1:]


def test_the_beginning_of_a_name_is_enough_and_a_wrong_one_names_the_right_ones() -> None:
    assert find_report("deliv") == reports()["delivery"]
    with pytest.raises(ScoringError, match=r"no report 'c'; there are: delivery, .*churn"):
        find_report("c")


@pytest.mark.parametrize("file", sorted(notebooks_folder().glob("*.ipynb")), ids=lambda f: f.stem)
class TestNotebooksInGit:
    """What lies in the repository, without running it."""

    def test_it_is_stripped(self, file: Path) -> None:
        """No output and no count: they would hold people's data, and make every change noise."""
        node = nbformat.read(file, 4)
        code = [cell for cell in node.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        assert node.metadata.kernelspec.name == "python3"

    def test_it_is_short(self, file: Path) -> None:
        """One page of reading: at most 15 cells of code, each a few lines."""
        code = [cell for cell in nbformat.read(file, 4).cells if cell.cell_type == "code"]
        assert len(code) <= 15
        assert max(len(cell.source.splitlines()) for cell in code) <= 16

    def test_it_takes_a_lake_and_opens_with_a_heading(self, file: Path) -> None:
        node = nbformat.read(file, 4)
        assert node.cells[0].source.startswith("# ")
        tagged = [cell for cell in node.cells if "parameters" in cell.metadata.get("tags", ())]
        assert [cell.source.splitlines()[0] for cell in tagged] == ["LAKE = None"]


@pytest.mark.timeout(120)
def test_parameters_are_set_and_progress_is_told(tmp_path: Path) -> None:
    file = saved(notebook("SINCE = None\nN = 1", "print(SINCE, N)", tags=("parameters",)), tmp_path)
    told: list[tuple[int, int]] = []
    done = execute(file, {"SINCE": "2026-01-31"}, tell=lambda *at: told.append(at))
    assert done.cells[2].outputs[0].text == "2026-01-31 1\n"
    assert told == [(1, 2), (2, 2)]
    assert "None" in file.read_text(), "the file itself stays as it was"


def test_an_unknown_parameter_is_named_beside_the_known_ones(tmp_path: Path) -> None:
    file = saved(notebook("LAKE = None", tags=("parameters",)), tmp_path)
    with pytest.raises(ScoringError, match=r"a\.ipynb has no parameter WHAT; there are: LAKE"):
        execute(file, {"WHAT": 1})


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (
            "from scoring.lab import NothingToShowError\nraise NothingToShowError('no parts')",
            "^no parts$",
        ),
    ],
)
def test_a_cell_that_fails_ends_in_one_sentence(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(NotebookFailedError, match=words):
        execute(saved(notebook(source), tmp_path))


def test_the_page_shows_words_tables_and_prints_and_no_code() -> None:
    node, evil = notebook("secret_code()", "more"), "<script>x</script>"
    node.cells[1].outputs = [
        nbformat.v4.new_output("stream", text="a < b"),
        nbformat.v4.new_output("display_data", data={"text/markdown": f"**bold** {evil}"}),
        nbformat.v4.new_output("display_data", data={"text/html": "<table></table>"}),
    ]
    told = page(node, made_at=NOW, source="the <lake>")
    assert "a &lt; b" in told
    assert "<strong>bold</strong>" in told
    assert "<table></table>" in told
    assert "the &lt;lake&gt;" in told
    assert "<script>x" not in told
    assert "secret_code" not in told


def test_the_page_runs_alone_and_a_figure_cannot_end_its_script(tmp_path: Path) -> None:
    """Chromium draws it without asking anybody, whatever words a lake's data hold."""
    node = notebook("figure")
    evil = "</script><script>document.title = 'taken'</script>"
    drawn = {"data": [{"type": "bar", "x": [evil], "y": [1]}], "layout": {}}
    node.cells[1].outputs = [nbformat.v4.new_output("display_data", data={PLOTLY: drawn})]
    seen = look(node, tmp_path)
    assert (seen.figures, seen.complaints, seen.title) == (1, [], "A & B")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+44 7700 900123", True),
        ("07700900123", True),
        ("(030) 1234 56789", True),
        ("228,267 parts", False),
        ("2026-06-30", False),
        ("0.123456789", False),
    ],
)
def test_what_is_taken_for_a_phone_number(text: str, phone: bool) -> None:
    assert bool(NUMBER.search(text)) == phone
