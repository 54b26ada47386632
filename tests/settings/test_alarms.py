"""Who is told what is wrong, and how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.configuration import CONTRACT, Write, only_fault

from gateway.settings import advise, compare, load
from gateway.settings.alarms import AlarmSettings

ALL = f"""{CONTRACT}
[alarms]
sms_to = ["+44 7700 900123"]
email_to = ["ops@shop.example"]
email_from = "box@shop.example"
smtp_url = "smtp://box@mail.example"
smtp_password_file = "mqtt.password"
webhook_url = "https://hooks.example/sms?key=1"
webhook_secret_file = "mqtt.password"
repeat = "2h"
quiet = "22:00-07:00"
loop_every = "1d"
"""


def test_without_the_section_nobody_is_told(write: Write) -> None:
    alarms = load(write(CONTRACT)).alarms
    assert alarms == AlarmSettings()
    assert (alarms.sms_to, alarms.email_to, alarms.webhook_url, alarms.loop_every) == (
        (),
        (),
        None,
        None,
    )


def test_all_of_it_is_read(write: Write) -> None:
    alarms = load(write(ALL)).alarms
    assert alarms.sms_to == ("+447700900123",)
    assert alarms.smtp_url is not None
    assert (alarms.smtp_url.host, alarms.smtp_url.port, alarms.smtp_url.tls) == (
        "mail.example",
        587,
        False,
    )
    assert alarms.smtp_url.username == "box"
    assert alarms.mail_secret == alarms.hook_secret == "hunter2"
    assert (alarms.repeat, str(alarms.quiet)) == (timedelta(hours=2), "22:00-07:00")


def test_secrets_are_in_no_representation(write: Write) -> None:
    assert "hunter2" not in repr(load(write(ALL)))


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("+44 7700 900123", "07700900123", "sms_to", "number with its country"),
        ("ops@shop.example", "ops", "email_to", "no e-mail address"),
        ('email_from = "box@shop.example"', "", "", "without email_from"),
        ('smtp_url = "smtp://box@mail.example"', "", "", "without smtp_url"),
        ("smtp://box@", "smtp://", "", "a password for nobody"),
        ("smtp://box@", "smtp://box:pw@", "smtp_url", "holds a password"),
        ("smtp://box@mail", "https://mail", "smtp_url", "no mail server"),
        ("mail.example", "mail.example:99999", "smtp_url", "no usable port"),
        ("https://hooks", "ftp://hooks", "webhook_url", "no address of a webhook"),
        ("https://hooks", "https://me:pw@hooks", "webhook_url", "holds a user"),
        ('webhook_url = "https://hooks.example/sms?key=1"', "", "", "without webhook_url"),
        ('"2h"', '"5m"', "repeat", "paid for over and over"),
        ('"22:00-07:00"', '"22-7"', "quiet", "no time of the day"),
        ('"22:00-07:00"', '"22:00-22:00"', "quiet", "no time of the day"),
        ('loop_every = "1d"', 'loop_every = "10m"', "loop_every", "paid for over and over"),
        ('loop_every = "1d"', 'loop_lost = "1m"', "", "no longer than loop_slow"),
        ('loop_every = "1d"', 'line_down = "1s"', "line_down", "before anybody could tell"),
        ('loop_every = "1d"', "reports_share = 100", "reports_share", "less than or equal to 99"),
    ],
)
def test_what_cannot_be_is_named(write: Write, old: str, new: str, key: str, said: str) -> None:
    assert old in ALL
    fault = only_fault(write(ALL.replace(old, new)))
    assert (fault.section, fault.key) == ("[alarms]", key)
    assert said in fault.reason


def test_all_of_it_is_taken_up_while_running(write: Write) -> None:
    old, new = load(write(CONTRACT)), load(write(ALL))
    changes = compare(old, new)
    assert changes.settings.alarms == new.alarms
    assert changes.refused == ()


def test_a_modems_number_is_taken_up_too(write: Write) -> None:
    old = load(write(CONTRACT))
    new = load(write(CONTRACT.replace('name = "m0"', 'name = "m0"\nnumber = "+447700900100"')))
    assert compare(old, new).settings.modem[0].number == "+447700900100"


@pytest.mark.parametrize(
    ("alarms", "said"),
    [
        ('loop_every = "1d"', "fewer than two"),
        ('sms_to = ["+447700900123"]', "nobody can be told that it is down"),
        ("disk_free = 100", None),
    ],
)
def test_what_may_surprise_is_said(write: Write, alarms: str, said: str | None) -> None:
    notes = advise(load(write(f"{CONTRACT}\n[alarms]\n{alarms}\n")), look=False)
    assert [str(said) in note for note in notes if note.startswith("[alarms]")] == [True] * bool(
        said
    )
