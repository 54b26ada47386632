"""Alarms by e-mail, handed in over SMTP submission (RFC 6409, RFC 8314)."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from gateway.alarms.channels.channel import ChannelError, persist
from gateway.alarms.message import Message

LIMIT: Final = 20.0
"""Seconds for each step of the dialogue: a server that greylists or scans takes some."""
PAUSES: Final = (5.0, 30.0)
"""Seconds before the next tries, where the server says that it is a passing trouble."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings:
    """Who writes to whom, and where it is handed in."""

    host: str
    port: int
    tls: bool
    """From the first octet."""
    start_tls: bool
    """Whether the connection is made safe before anything is said, or given up."""
    sender: str
    recipients: tuple[str, ...]
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: ssl.SSLContext | None = None
    """Whose certificates are believed; None: the system's."""


class MailChannel:
    """Sends one e-mail to all recipients."""

    name = "email"

    def __init__(
        self, settings: MailSettings, zone: ZoneInfo, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._settings = settings
        self._zone = zone
        self._pauses = pauses

    async def tell(self, message: Message) -> None:
        """Hand a message in; see the port."""
        mail = self._mail(message)
        await persist(lambda: self._send(mail), self._pauses)

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.recipients)
        mail["Subject"] = message.subject()
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.id}@{self._settings.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        mail.set_content(message.body(self._zone))
        return mail

    async def _send(self, mail: EmailMessage) -> None:
        import aiosmtplib

        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            use_tls=settings.tls,
            start_tls=settings.start_tls,
            tls_context=settings.trust,
            timeout=LIMIT,
        )
        try:
            async with client:
                await client.send_message(mail)
        except aiosmtplib.SMTPResponseException as error:
            # What a server says may name whom it refuses, so the code alone goes on.
            passing = 400 <= error.code < 500
            raise ChannelError(f"the server says {error.code}", passing=passing) from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = sorted({refused.code for refused in error.recipients})
            said = ", ".join(map(str, codes))
            passing = all(400 <= code < 500 for code in codes)
            raise ChannelError(f"no recipient is taken ({said})", passing=passing) from None
        except aiosmtplib.SMTPException as error:
            raise ChannelError(_reason(error), passing=True) from error
        except ssl.SSLError as error:
            raise ChannelError(f"no trust: {error.reason or 'TLS failed'}") from error
        except (OSError, ValueError) as error:
            raise ChannelError(f"{type(error).__name__}: {error}", passing=True) from error


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
