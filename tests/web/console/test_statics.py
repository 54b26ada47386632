"""What pages load is what we think it is, and is kept for as long as it stays the same."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest
from support.consoling import Console

from gateway.web.console.statics import ALONE, BUNDLES, FOLDER, PREFIX, address, statics

VENDOR = FOLDER / "vendor"
ROW = re.compile(
    r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \| \[[^\]]+\]\(([^)]+)\) .*`([0-9a-f]{64})` \|$", re.MULTILINE
)


def test_what_is_not_ours_is_as_it_was_published() -> None:
    rows = ROW.findall((VENDOR / "README.md").read_text())
    told = {name: digest for name, _licence, digest in rows}
    there = {
        one.name: sha256(one.read_bytes()).hexdigest()
        for one in VENDOR.iterdir()
        if one.suffix in (".js", ".css")
    }
    assert told == there
    assert all((VENDOR / licence).is_file() for _name, licence, _digest in rows)


def test_every_file_of_ours_is_served() -> None:
    parts = {part for bundle in BUNDLES.values() for part in bundle} | set(ALONE)
    there = {
        str(one.relative_to(FOLDER))
        for one in FOLDER.rglob("*")
        if one.suffix in (".css", ".js", ".svg")
    }
    assert parts == there


@pytest.mark.parametrize("folder", ["static", "templates"])
def test_no_file_is_long(folder: str) -> None:
    ours = [one for one in (FOLDER.parent / folder).rglob("*.*") if "vendor" not in one.parts]
    long = [one.name for one in ours if len(one.read_text().splitlines()) > 400]
    assert ours
    assert not long


@pytest.mark.parametrize("name", sorted(statics()))
async def test_a_file_is_served_for_ever_and_once(console: Console, name: str) -> None:
    answer = await console.browser.get(address(name), headers={"accept-encoding": "identity"})
    assert answer.content == statics()[name].body
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = {"if-none-match": answer.headers["etag"]}
    assert (await console.browser.get(address(name), headers=again)).status_code == 304


async def test_a_file_is_sent_small_to_who_takes_it(console: Console) -> None:
    request = console.browser.build_request(
        "GET", address("app.css"), headers={"accept-encoding": "gzip"}
    )
    answer = await console.browser.send(request, stream=True)
    raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert gzip.decompress(raw) == statics()["app.css"].body
    assert len(raw) < len(statics()["app.css"].body) / 2


async def test_there_is_nothing_under_another_name(console: Console) -> None:
    for name in ("app.css", "app.000000000000.css", "..%2fstatics.py"):
        assert (await console.browser.get(PREFIX + name)).status_code == 404


def test_a_change_of_a_file_changes_its_name(tmp_path: Path) -> None:
    digest = sha256(statics()["app.js"].body).hexdigest()
    assert statics()["app.js"].name == f"app.{digest[:12]}.js"
