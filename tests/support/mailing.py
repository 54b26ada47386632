"""A mail server of a test's own, on the loopback: it takes mail, or says why not."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import deque
from email import message_from_string
from email.message import Message
from types import TracebackType
from typing import Self


class MailServer:
    """Speaks as much of SMTP (RFC 5321) as a client needs that hands a mail in."""

    def __init__(self, trust: ssl.SSLContext | None = None, *, at_once: bool = False) -> None:
        """Make one.

        Args:
            trust: with which it speaks TLS; None: it cannot.
            at_once: from the first octet, and not after STARTTLS.
        """
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        self.logins: list[str] = []
        self.secure: list[bool] = []
        """Of each mail, whether it came over TLS."""
        self.refusals: deque[str] = deque()
        """What the next recipients are answered."""
        self._trust = trust
        self._at_once = at_once
        self._server: asyncio.Server | None = None
        self._dialogues: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        trust = self._trust if self._at_once else None
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=trust)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*self._dialogues, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialogue = asyncio.create_task(self._serve(reader, writer), name="mail dialogue")
        self._dialogues.add(dialogue)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = self._at_once

        def say(words: str) -> None:
            writer.write(words.encode() + b"\r\n")

        say("220 mail.example")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word in ("EHLO", "HELO"):
                offered = "250-STARTTLS\r\n" if self._trust and not secure else ""
                say(f"250-mail.example\r\n{offered}250 AUTH PLAIN LOGIN")
            elif word == "STARTTLS":
                say("220 go ahead")
                await writer.drain()
                assert self._trust is not None
                await writer.start_tls(self._trust)
                secure = True
            elif word == "AUTH":
                self.logins.append(base64.b64decode(line.split()[-1]).decode())
                say("235 welcome")
            elif word == "RCPT":
                answer = self.refusals.popleft() if self.refusals else "250 ok"
                self.recipients += [line.split(":")[1]] if answer.startswith("250") else []
                say(answer)
            elif word == "DATA":
                say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_string(raw[:-5].decode()))
                self.secure.append(secure)
                say("250 taken")
            else:
                say("221 bye" if word == "QUIT" else "250 ok")
            await writer.drain()
            if word == "QUIT":
                break
        writer.close()
        await writer.wait_closed()
