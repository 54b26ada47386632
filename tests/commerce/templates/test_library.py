"""Each person is spoken to in their language, and one bad file does not cost the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.wordings import BERLIN, library, shorten

from gateway.commerce.templates import MissingValueError, UnknownTemplateError, load_templates
from gateway.commerce.templates.locales import choose_language
from gateway.commerce.templates.names import as_tag
from gateway.domain.errors import ContentError
from gateway.domain.purpose import Purpose


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("de-AT", "de-AT"),
        ("de-at", "de-AT"),
        ("de_AT", "de-AT"),
        ("de-CH", "de"),
        ("de", "de"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("it", "fr"),
        (None, "fr"),
    ],
)
def test_the_language_is_the_persons_then_the_stores(wanted: str | None, chosen: str) -> None:
    assert choose_language({"de", "de-AT", "fr", "en", "pt-BR"}, wanted, "fr") == chosen


def test_without_the_stores_language_it_is_english_and_then_any() -> None:
    assert choose_language({"de", "en"}, "it", "fr") == "en"
    assert choose_language({"nl", "de"}, "it", "fr") == "de"
    assert choose_language((), "it", "fr") is None


@given(st.sets(st.sampled_from(["en", "de", "de-AT", "fr-CA"]), min_size=1), st.text(max_size=8))
def test_there_is_always_a_language(known: set[str], wanted: str) -> None:
    assert choose_language(known, wanted, "es") in known


def test_tags_are_written_in_one_way() -> None:
    assert [as_tag(tag) for tag in ("DE_at", "zh-hant-tw", "en")] == ["de-AT", "zh-Hant-TW", "en"]


def test_the_region_is_the_persons_else_the_stores() -> None:
    shop = library(country="US", x_en="{{ d | date('short') }}")
    from datetime import date

    def told(locale: str | None) -> str:
        return shop.render(
            "x", locale, {"d": date(2026, 12, 31)}, zone=BERLIN, shorten=shorten
        ).text

    assert told("en-GB") == "31/12/2026"
    assert told(None) == told("de-DE") == told("en") == "12/31/26"


def test_an_unknown_template_is_told_with_those_that_are_there() -> None:
    with pytest.raises(UnknownTemplateError, match="no template 'helo'; there are: hello"):
        library(hello_en="x").render("helo", None, {}, zone=BERLIN, shorten=shorten)


def test_what_conditions_leave_behind_is_tidied_away() -> None:
    shop = library(x_en="  Hi{% if a %} {{ a }}{% endif %}  there \n\n\n\n bye \n")
    text = shop.render("x", None, {}, zone=BERLIN, shorten=shorten).text
    assert text == "Hi there\n\nbye"


def test_a_text_that_says_nothing_is_refused() -> None:
    with pytest.raises(ContentError, match="says nothing"):
        library(x_en="{% if a %}x{% endif %}").render("x", None, {}, zone=BERLIN, shorten=shorten)


def test_a_folder_is_read_and_what_is_wrong_in_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "hello.en.txt").write_text("{# transactional #}\nHi {{ who }}", encoding="utf-8")
    (tmp_path / "hello.de-at.txt").write_bytes("\ufeffServus".encode())
    (tmp_path / "bad.en.txt").write_text("a\n{% if %}")
    (tmp_path / "latin.en.txt").write_bytes(b"\xfc")
    (tmp_path / "no language.txt").write_text("x")
    (tmp_path / "big.en.txt").write_text("x" * 64_001)
    (tmp_path / "readme.md").write_text("x")
    shop, faults = load_templates(tmp_path)
    assert [(one.name, one.language) for one in shop] == [("hello", "de-AT"), ("hello", "en")]
    assert shop.find("hello", "en").purpose is Purpose.TRANSACTIONAL
    assert shop.find("hello", "de-AT").purpose is None
    told = {fault.file.name: str(fault) for fault in faults if fault.file}
    assert set(told) == {"bad.en.txt", "latin.en.txt", "no language.txt", "big.en.txt"}
    assert "line 2" in told["bad.en.txt"]
    assert "NAME.LANG.txt" in told["no language.txt"]


def test_an_error_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "hello.en.txt").write_text("Hi\n{{ who }}")
    shop, _ = load_templates(tmp_path)
    with pytest.raises(MissingValueError, match=r"hello\.en\.txt: line 2: who is not known"):
        shop.render("hello", None, {}, zone=BERLIN, shorten=shorten)


def test_a_folder_that_is_not_there_has_no_templates(tmp_path: Path) -> None:
    shop, faults = load_templates(tmp_path / "none")
    assert (shop.names, faults) == ([], [])
