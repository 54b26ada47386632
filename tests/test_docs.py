"""The documentation builds as a site, and no link in it leads nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("*/README.md"))]
LINK = re.compile(r"\]\(((?!https?://|mailto:)[^)\s]+)\)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; a warning, such as of a link that leads nowhere, is an error."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [Path(sys.executable).with_name("mkdocs"), "build", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_it_builds_without_a_warning(site: Path) -> None:
    assert (site / "index.html").is_file()


def test_nothing_is_fetched_from_elsewhere() -> None:
    """A box without internet shows it as well."""
    assert "font: false" in (ROOT / "mkdocs.yml").read_text()


def anchors(file: Path) -> set[str]:
    """Return what headings of a page are linked by, as GitHub makes it."""
    heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("file", OUTSIDE, ids=lambda file: str(file.relative_to(ROOT)))
def test_pages_outside_of_the_site_link_to_what_is_there(file: Path) -> None:
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        linked = (file.parent / path).resolve() if path else file
        assert linked.exists(), f"{file.name}: {target}"
        if anchor and linked.suffix == ".md":
            assert anchor in anchors(linked), f"{file.name}: {target}"


def test_files_that_pages_show_are_in_the_site(site: Path) -> None:
    page = (site / "clients" / "index.html").read_text()
    for words in ("SessionExpiryInterval", "PhpMqtt", "sessionExpiryInterval", "mosquitto_sub"):
        assert words in page


def test_the_reference_is_made_of_the_models(site: Path) -> None:
    folder = site / "reference"
    for name, words in {
        "mqtt": ("shop.order.completed.v1", "expires_at"),
        "http": ("/api/v1/stores/{store}/jobs", "conflict"),
        "commands": ("shopbell campaign launch", "even-if-late"),
        "configuration": ("archive_days", "smtp_url"),
    }.items():
        page = (folder / name / "index.html").read_text()
        assert [one for one in words if one not in page] == [], name
