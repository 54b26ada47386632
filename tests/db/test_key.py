"""The key of the pseudonyms: made once, for its owner alone, and never in place of another."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.db.key import KeyFileError, load_key, load_keys, make_or_load_keys
from scoring.lake.persons import load_key as load_for_imports


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "shopbell.db.key"
    key = make_or_load_keys(path)[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert make_or_load_keys(path)[0] == load_key(path) == key
    assert [file.name for file in tmp_path.iterdir()] == ["shopbell.db.key"]


@pytest.mark.parametrize("content", ["", "not hex", "00" * 31, "00" * 33])
def test_a_file_that_holds_no_key_is_refused_and_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / "shopbell.db.key"
    path.write_text(content)
    with pytest.raises(KeyFileError, match="holds no key of 64 hex digits"):
        make_or_load_keys(path)
    assert path.read_text() == content


def test_none_is_told_with_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="`shopbell lake export` makes it"):
        load_key(tmp_path / "shopbell.db.key")


def test_imports_of_shops_files_can_use_it(tmp_path: Path) -> None:
    path = tmp_path / "shopbell.db.key"
    assert load_for_imports(path) == make_or_load_keys(path)[0]


def test_a_key_that_was_put_before_others_is_the_one_in_use(tmp_path: Path) -> None:
    path = tmp_path / "shopbell.db.key"
    former = make_or_load_keys(path)[0]
    path.write_text(f"{'07' * 32}\n{former.hex()}\n")
    assert load_keys(path) == (b"\x07" * 32, former)
    assert load_for_imports(path) == make_or_load_keys(path)[0] == b"\x07" * 32
