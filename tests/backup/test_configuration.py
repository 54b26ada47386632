"""No secret of the configuration goes into a backup."""

from __future__ import annotations

import tomllib

from gateway.backup.configuration import without_secrets
from gateway.settings import secret_keys

TEXT = """# ours
[mqtt]
url = "mqtt://127.0.0.1:1883"  # the broker
password = "hunter2"
[[modem]]
name = "m0"
pin = "1234"
pin_file = "m0.pin"
"""


def test_a_secret_is_left_out_and_all_else_stays() -> None:
    cut = without_secrets(TEXT, secret_keys())
    assert cut is not None
    assert "hunter2" not in cut
    assert "1234" not in cut
    assert "# the broker" in cut
    assert tomllib.loads(cut)["modem"] == [{"name": "m0", "pin_file": "m0.pin"}]


def test_where_a_secret_cannot_be_cut_out_nothing_goes() -> None:
    inline = 'mqtt = {url = "mqtt://h", password = "hunter2"}\n'
    assert without_secrets(inline, secret_keys()) is None
    lines = '[mqtt]\npassword = """\nhunter2"""\n'
    assert without_secrets(lines, secret_keys()) is None
    assert without_secrets("no toml", secret_keys()) is None


def test_a_secret_that_stands_elsewhere_too_is_found() -> None:
    text = '[mqtt]\npassword = "hunter2"  \n# it was hunter2 before\n'
    assert without_secrets(text, secret_keys()) is None


def test_each_secret_is_known() -> None:
    assert {"password", "pin", "token"} <= secret_keys()
    assert not [key for key in secret_keys() if key.endswith("_file")]
