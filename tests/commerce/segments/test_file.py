"""``segments.toml``: one wrong segment takes none but those that use it along."""

from __future__ import annotations

from pathlib import Path

from gateway.commerce.segments import load_segments


def load(folder: Path, text: str) -> tuple[dict[str, str], list[str]]:
    (folder / "segments.toml").write_text(text, encoding="utf-8")
    segments, faults = load_segments(folder)
    told = [str(fault).removeprefix(f"{folder}/segments.toml: ") for fault in faults]
    return {name: segment.explain() for name, segment in segments.items()}, told


def test_segments_are_texts_or_tables_and_may_use_others_written_later(tmp_path: Path) -> None:
    segments, faults = load(
        tmp_path,
        """
        lapsed = "is_big and last_order_at < now() - interval '90 days'"
        big = "spend > 500"

        [asleep-at-home]
        where = "segment('lapsed') and country = 'GB'"
        about = "for the winter sale"
        """,
    )
    assert faults == []
    assert list(segments) == ["lapsed", "big", "asleep-at-home"]
    assert "are in 'big' (who spent more than 500)" in segments["asleep-at-home"]
    loaded, _ = load_segments(tmp_path)
    assert loaded["asleep-at-home"].about == "for the winter sale"


def test_what_is_wrong_is_named_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    segments, faults = load(
        tmp_path,
        """
        good = "orders > 1"
        bad = "orders > 1 and spent > 2"
        user = "is_bad"
        "Two Words" = "true"
        number = 3
        [table]
        wher = "true"
        [more]
        where = "true"
        size = 3
        """,
    )
    assert list(segments) == ["good"]
    assert faults == [
        "Two Words: is no name; right: small letters, digits, - and _",
        "number: is 3; right: a table, under a line [number]",
        'table: where: is missing; write one such as where = "spend > 500"',
        "more: size: is no key; there are: about, where",
        "bad, line 1, column 16: there is no column 'spent'; do you mean spend?",
        "user: uses 'bad', which is wrong itself",
    ]


def test_no_segment_may_use_itself(tmp_path: Path) -> None:
    segments, faults = load(tmp_path, 'a = "is_b"\nb = "is_c"\nc = "is_a or has_cart"\nd = "is_d"')
    assert segments == {}
    assert "c: goes in a circle: a uses b uses c uses a" in faults
    assert "d: goes in a circle: d uses d" in faults


def test_a_folder_without_the_file_has_no_segments(tmp_path: Path) -> None:
    assert load_segments(tmp_path) == ({}, ())


def test_a_file_that_is_no_toml_is_one_fault(tmp_path: Path) -> None:
    segments, [fault] = load(tmp_path, "vip = spend > 500")
    assert segments == {}
    assert fault.startswith("is no TOML:")
