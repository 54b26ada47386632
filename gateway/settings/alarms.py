"""``[alarms]``: who is told what is wrong, how, and from when on it is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Self
from urllib.parse import unquote, urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from gateway.domain.quiet import QuietHours
from gateway.settings.places import port_of
from gateway.settings.secrets import SecretFile, reveal
from gateway.settings.section import Section
from gateway.settings.text import read_by
from gateway.settings.values import Count, Length, listed

SMTP_PORT: Final = 587
"""Submission, with STARTTLS (RFC 6409)."""
SMTPS_PORT: Final = 465
"""Submission over TLS from the first octet (RFC 8314)."""

_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_ADDRESS: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where e-mail is handed in."""

    host: str
    port: int
    tls: bool
    """From the first octet; otherwise STARTTLS, without which nothing is said but to this
    machine."""
    username: str | None = None

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return self.host in _LOCAL


def read_mail_server(url: str) -> MailServer:
    """Read ``smtp://[USER@]HOST[:PORT]`` (STARTTLS) or ``smtps://…`` (TLS).

    Raises:
        ValueError: it is neither, or holds more than that.
    """
    split = urlsplit(url)
    if split.scheme not in ("smtp", "smtps") or not split.hostname:
        raise ValueError("is no mail server; write smtp://USER@HOST:587 or smtps://USER@HOST:465")
    if split.password:
        raise ValueError("holds a password; write smtp_password_file beside it")
    if split.path.strip("/") or split.query or split.fragment:
        raise ValueError("goes on after the port; write smtp://USER@HOST:587 alone")
    tls = split.scheme == "smtps"
    return MailServer(
        host=split.hostname,
        port=port_of(split) or (SMTPS_PORT if tls else SMTP_PORT),
        tls=tls,
        username=unquote(split.username) if split.username else None,
    )


def read_webhook(url: str) -> str:
    """Read ``http(s)://HOST/PATH``.

    Raises:
        ValueError: it is none, or holds a user.
    """
    split = urlsplit(url)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ValueError("is no address of a webhook; write one such as https://hooks.example/sms")
    if split.username or split.password:
        raise ValueError("holds a user; what is sent is signed with webhook_secret_file instead")
    if split.fragment:
        raise ValueError("goes on after a #, which nobody would be sent; leave that out")
    port_of(split)
    return url


def _number(text: str) -> str:
    """Keep a number as E.164; it may be any that is long enough, as those of tests are."""
    try:
        parsed = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise ValueError('is no number with its country; write one such as "+447700900123"')
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("is no e-mail address; write one such as ops@shop.example")
    return text


def _not_constantly(length: timedelta) -> timedelta:
    if length < timedelta(hours=1):
        raise ValueError('would be paid for over and over; write "1h" or more')
    return length


def _some_time(length: timedelta) -> timedelta:
    if length < timedelta(seconds=10):
        raise ValueError('is over before anybody could tell; write "10s" or more')
    return length


Number = Annotated[str, read_by(_number), Field(examples=["+447700900123"])]
Numbers = Annotated[
    tuple[Annotated[str, read_by(_number)], ...],
    BeforeValidator(listed),
    Field(max_length=5, examples=[["+447700900123"]]),
]
Address = Annotated[str, AfterValidator(_address), Field(examples=["shopbell@shop.example"])]
Addresses = Annotated[
    tuple[Annotated[str, AfterValidator(_address)], ...],
    BeforeValidator(listed),
    Field(max_length=10, examples=[["ops@shop.example"]]),
]
MailUrl = Annotated[
    MailServer, read_by(read_mail_server), Field(examples=["smtp://user@mail.example:587"])
]
WebhookUrl = Annotated[str, read_by(read_webhook), Field(examples=["https://hooks.example/sms"])]
Quiet = Annotated[QuietHours, read_by(QuietHours.parse), Field(examples=["22:00-07:00"])]
Seldom = Annotated[Length, AfterValidator(_not_constantly), Field(examples=["6h"])]
Lasting = Annotated[Length, AfterValidator(_some_time), Field(examples=["5m"])]
Percent = Annotated[int, Field(ge=1, le=99, examples=[60])]


class AlarmSettings(Section):
    """``[alarms]``: who is told what is wrong, and how."""

    sms_to: Numbers = ()
    """Who gets an SMS, from a line that it is not about; none: nobody."""
    email_to: Addresses = ()
    email_from: Address | None = None
    smtp_url: MailUrl | None = None
    """Where e-mail is handed in."""
    smtp_password: SecretStr | None = Field(default=None, examples=["…"])
    smtp_password_file: SecretFile | None = None
    webhook_url: WebhookUrl | None = None
    """What is told over HTTP, too."""
    webhook_secret: SecretStr | None = Field(default=None, examples=["…"])
    """What it is signed with; None: it is not."""
    webhook_secret_file: SecretFile | None = Field(default=None, examples=["webhook.secret"])
    repeat: Seldom = timedelta(hours=6)
    """How long after it was told an alarm that is still on is told again."""
    quiet: Quiet | None = None
    """When nobody is told of warnings, on the clock of `[gateway] timezone`."""
    most_per_hour: Count = 12
    """Messages to each channel; what is beyond them waits and is told together."""
    line_down: Lasting = timedelta(minutes=5)
    """How long a modem may be out of service."""
    urgent_wait: Lasting = timedelta(minutes=10)
    """How long what is no marketing may wait for a line."""
    reports_share: Percent = 60
    """Of the share of reports that came before: below it, reports are falling; percent."""
    disk_free: Count = 500
    """Megabytes that are to be free on the database's disk."""
    disk_ahead: Lasting = timedelta(days=3)
    """How long the disk has to last as it fills now."""
    broker_away: Lasting = timedelta(minutes=2)
    """How long the broker may be away."""
    loop_every: Seldom | None = None
    """How often each line sends to another and is sent to; None: never."""
    loop_slow: Lasting = timedelta(minutes=2)
    """How long that may take."""
    loop_lost: Lasting = timedelta(minutes=30)
    """After which it is taken for lost."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half of a channel: nobody would be told, and nobody would know."""
        if self.email_to and (self.smtp_url is None or self.email_from is None):
            lacks = "smtp_url" if self.smtp_url is None else "email_from"
            example = "smtp://user@mail.example:587" if lacks == "smtp_url" else "box@shop.example"
            raise ValueError(f'has email_to without {lacks}; write {lacks} = "{example}"')
        if self.mail_secret is not None and (self.smtp_url is None or not self.smtp_url.username):
            raise ValueError('has a password for nobody; write smtp_url = "smtp://USER@HOST:587"')
        if self.hook_secret is not None and self.webhook_url is None:
            raise ValueError('has a webhook_secret without webhook_url = "https://hooks.example"')
        if self.loop_lost <= self.loop_slow:
            raise ValueError("has loop_lost no longer than loop_slow; write a longer one")
        return self

    @property
    def mail_secret(self) -> str | None:
        """The mail server's password, from wherever it was given."""
        return reveal(self.smtp_password_file or self.smtp_password)

    @property
    def hook_secret(self) -> str | None:
        """What a webhook is signed with, from wherever it was given."""
        return reveal(self.webhook_secret_file or self.webhook_secret)
