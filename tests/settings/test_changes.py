"""What of a changed configuration a running gateway takes up."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.settings import Settings, compare, load

BASE = """
[gateway]
node = "box-1"
country = "GB"
[mqtt]
url = "mqtt://127.0.0.1"
[[modem]]
name = "m0"
port = "/dev/a"
rate = "20/min"
[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
"""


def read(directory: Path, text: str) -> Settings:
    file = directory / "shopbell.toml"
    file.write_text(text)
    return load(file)


def test_nothing_changed(tmp_path: Path) -> None:
    settings = read(tmp_path, BASE)
    changes = compare(settings, read(tmp_path, BASE))
    assert (changes.settings, changes.taken, changes.refused) == (settings, (), ())


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("20/min", "5/s", "[[modem]] m0 rate"),
        ('rate = "20/min"', "daily_limit = 5", "[[modem]] m0 daily_limit"),
        ('rate = "20/min"', 'routes = ["+44"]', "[[modem]] m0 routes"),
        (
            'name = "acme"\ncountry = "GB"',
            'name = "acme"\ncountry = "IE"',
            "[[store]] acme country",
        ),
        (
            "[[store]]",
            '[[store]]\nname="b"\ncountry="GB"\ntimezone="UTC"\n[[store]]',
            "[[store]] b (added)",
        ),
        (BASE[BASE.index("[[store]]") :], "", "[[store]] acme (removed)"),
    ],
)
def test_stores_and_a_modems_pace_are_taken_up(
    tmp_path: Path, before: str, after: str, name: str
) -> None:
    old, new = read(tmp_path, BASE), read(tmp_path, BASE.replace(before, after, 1))

    changes = compare(old, new)

    assert changes.taken == (name,)
    assert changes.refused == ()
    assert changes.settings == new


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("box-1", "box-2", "[gateway] node"),
        ("mqtt://127.0.0.1", "mqtt://127.0.0.2", "[mqtt] url"),
        ("/dev/a", "/dev/b", "[[modem]] m0 port"),
        ("[[store]]", '[[modem]]\nname="m1"\nport="/dev/c"\n[[store]]', "[[modem]] m1 (added)"),
        ('name = "m0"', 'name = "m1"', "[[modem]] m0 (removed)"),
        ("[mqtt]", '[console]\nlisten="127.0.0.1:1"\n[mqtt]', "[console] (added)"),
    ],
)
def test_the_rest_is_named_and_stays(tmp_path: Path, before: str, after: str, name: str) -> None:
    old, new = read(tmp_path, BASE), read(tmp_path, BASE.replace(before, after, 1))

    changes = compare(old, new)

    assert name in changes.refused
    assert changes.settings == old


def test_what_may_change_is_taken_though_the_rest_may_not(tmp_path: Path) -> None:
    old = read(tmp_path, BASE)
    new = read(tmp_path, BASE.replace("20/min", "5/s").replace("/dev/a", "/dev/b"))

    changes = compare(old, new)

    assert changes.taken == ("[[modem]] m0 rate",)
    assert changes.refused == ("[[modem]] m0 port",)
    assert (changes.settings.modem[0].rate.text, changes.settings.modem[0].port) == (
        "5/s",
        "/dev/a",
    )
