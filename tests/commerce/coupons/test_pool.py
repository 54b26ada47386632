"""A shop's coupons.toml and its files of codes, read and refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commerce.coupons import Pool, load_codes, load_pools, parse_pools, read_codes
from gateway.commerce.coupons.pool import ALPHABET
from gateway.domain.errors import ContentError

RIGHT = """
[welcome]
about = "10 % off"
pattern = "HELLO-******"
expires = "14d"

[spring]
file = "codes.txt"
low = 200

[friends]
kind = "referral"
pattern = "FRIEND-*****"
"""


def test_pools_are_read() -> None:
    pools = parse_pools(RIGHT)
    assert pools == {
        "welcome": Pool(
            name="welcome",
            pattern="HELLO-******",
            expires=timedelta(days=14),
            about="10 % off",
        ),
        "spring": Pool(name="spring", file="codes.txt", low=200),
        "friends": Pool(name="friends", pattern="FRIEND-*****", kind="referral"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a", "is no TOML"),
        ('a = "b"', r"\[a\]: is no pool"),
        ("[A]\npattern='X*****'", "name may have"),
        ("[a]", "one of the two"),
        ("[a]\npattern='X*****'\nfile='c.txt'", "one of the two"),
        ("[a]\npattern='X****'", r"\[a\] pattern: could be guessed"),
        ("[a]\npattern='save-*****'", r"\[a\] pattern: may have"),
        ("[a]\npattern=7", r"\[a\] pattern"),
        ("[a]\nfile='../codes.txt'", r"\[a\] file: is no file of the shop's folder"),
        ("[a]\nfile=''", r"\[a\] file"),
        ("[a]\npattern='X*****'\nexpires='14'", r"\[a\] expires: is no length of time"),
        ("[a]\npattern='X*****'\nexpires='0d'", r"\[a\] expires: would be over"),
        ("[a]\npattern='X*****'\nkind='gift'", r"\[a\] kind"),
        ("[a]\npattern='X*****'\nlow=-1", r"\[a\] low"),
        ("[a]\npattern='X*****'\nlow=true", r"\[a\] low"),
        ("[a]\npattern='X*****'\nabout=1", r"\[a\] about"),
        ("[a]\npattern='X*****'\nexpiry='14d'", r"\[a\] expiry: there is no such key"),
        ("[a]\nfile='c.txt'\nkind='referral'", r"\[a\] file: a code to pass on"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said) as caught:
        parse_pools(text, Path("coupons.toml"))
    assert caught.value.file == Path("coupons.toml")


def test_a_code_is_of_its_pattern_and_of_signs_that_look_like_no_other() -> None:
    pool, rng = parse_pools(RIGHT)["welcome"], Random(1)
    codes = [pool.make_code(rng) for _ in range(2000)]
    assert all(code.startswith("HELLO-") and len(code) == 12 for code in codes)
    signs = Counter("".join(code[6:] for code in codes))
    assert set(signs) == set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL5S2Z8BUAE")
    # 12,000 signs of 22: each 545 times, give or take four standard deviations.
    assert max(signs.values()) - 545 < 4 * 23 > 545 - min(signs.values())


def test_codes_are_read_one_a_line() -> None:
    assert read_codes("\ufeffAA-1\r\n\n# old ones\n  bb2  \n") == ["AA-1", "bb2"]


@pytest.mark.parametrize("line", ["two words", "a\tb", "ü", "x" * 65])
def test_a_line_that_is_no_code_is_named(line: str) -> None:
    with pytest.raises(ContentError, match="line 2: is no code"):
        read_codes(f"AA1\n{line}")


@given(st.text(max_size=200))
def test_whatever_a_shop_writes_is_read_or_refused(text: str) -> None:
    for read in (parse_pools, read_codes):
        try:
            read(text)
        except ContentError:
            continue


def test_a_folder_is_read_with_its_files(tmp_path: Path) -> None:
    assert load_pools(tmp_path) == ({}, [])
    (tmp_path / "coupons.toml").write_text(RIGHT)
    pools, [fault] = load_pools(tmp_path)
    assert "[spring] file: there is no file codes.txt" in str(fault)
    assert set(pools) == {"welcome", "spring", "friends"}
    (tmp_path / "codes.txt").write_text("AA1\nAA2\n")
    pools, faults = load_pools(tmp_path)
    assert faults == []
    assert load_codes(tmp_path, pools["spring"]) == ["AA1", "AA2"]
    assert load_codes(tmp_path, pools["welcome"]) == []


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "coupons.toml").write_bytes(b"\xff\xfe\x00")
    pools, [fault] = load_pools(tmp_path)
    assert pools == {}
    assert "coupons.toml: is no text in UTF-8" in str(fault)


def test_one_pool_that_cannot_be_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("AA1\n")
    (tmp_path / "coupons.toml").write_text(f"{RIGHT}\n[bad]\npattern = 'X'\n[worse]\n")
    pools, faults = load_pools(tmp_path)
    assert set(pools) == {"welcome", "spring", "friends"}
    assert ["[bad]" in str(faults[0]), "[worse]" in str(faults[1])] == [True, True]


def test_a_wrong_line_of_codes_is_known_before_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("AA1\ntwo words\n")
    (tmp_path / "coupons.toml").write_text(RIGHT)
    _, [fault] = load_pools(tmp_path)
    assert "codes.txt: line 2: is no code" in str(fault)
