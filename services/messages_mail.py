"""Bring mails out by SMTP and text messages out by a plain HTTP gateway."""

import http.client
import json
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from rules.messages import MessageFault
from services.messages_sending import NotSetUp, OnScreen, Outcome, Parcel, Sender
from services.settings import MailSecurity, Mode, Settings

TIMEOUT = 20
LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class MailServer:
    """An SMTP server, and what the mails say about where they come from."""

    host: str
    port: int
    security: MailSecurity
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        """Send mails over one connection; what the server says of one holds for that one alone."""
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError:
            yield from ((one.id, MessageFault.NOT_ADMITTED) for one in parcels)
            return
        except (OSError, smtplib.SMTPException):
            yield from ((one.id, MessageFault.UNREACHABLE) for one in parcels)
            return
        with server:
            for one in parcels:
                yield one.id, self._sent(server, one)

    def _connected(self) -> smtplib.SMTP:
        if self.security is MailSecurity.SSL:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.security is MailSecurity.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _sent(self, server: smtplib.SMTP, parcel: Parcel) -> MessageFault | None:
        try:
            server.send_message(self._mail(parcel))
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _text in refused.recipients.values()]
            final = all(500 <= code < 600 for code in codes)
            return MessageFault.ADDRESS_REFUSED if final else MessageFault.UNREACHABLE
        except smtplib.SMTPDataError as refused:
            final = 500 <= refused.smtp_code < 600
            return MessageFault.CONTENT_REFUSED if final else MessageFault.UNREACHABLE
        except ValueError:  # no address at all, or a line break in it
            return MessageFault.ADDRESS_REFUSED
        except (OSError, smtplib.SMTPException):
            return MessageFault.UNREACHABLE
        return None

    def _mail(self, parcel: Parcel) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, parcel.recipient, parcel.subject
        mail["Date"] = format_datetime(parcel.made_at)
        # The same at every try: a mail that went out twice after all is shown once.
        domain = self.sender.rpartition("@")[2].strip("> ")
        mail["Message-ID"] = f"<skillstar.{parcel.id}.{parcel.made_at:%Y%m%d%H%M%S}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(parcel.body)
        return mail


@dataclass(frozen=True)
class SmsGateway:
    """A gateway that takes text messages as JSON by POST."""

    url: str
    body: str
    ok: str = ""
    token: str = field(default="", repr=False)

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        """Send text messages, one request each."""
        for one in parcels:
            yield one.id, self._sent(one)

    def _sent(self, parcel: Parcel) -> MessageFault | None:
        try:
            status, answer = self._posted(json.dumps(self._filled(parcel)).encode())
        except (OSError, http.client.HTTPException):
            return MessageFault.UNREACHABLE
        if status in (401, 403):
            return MessageFault.NOT_ADMITTED
        if status in (400, 404, 422):
            return MessageFault.CONTENT_REFUSED
        if not 200 <= status < 300 or (self.ok and self.ok not in answer):
            return MessageFault.UNREACHABLE
        return None

    def _posted(self, data: bytes) -> tuple[int, str]:
        """Post to the one address that is set; no proxy is asked, no redirect is followed."""
        parts = urlsplit(self.url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, data, headers)
            reply = connection.getresponse()
            return reply.status, reply.read(LONGEST_ANSWER).decode("utf-8", "replace")
        finally:
            connection.close()

    def _filled(self, parcel: Parcel) -> Any:
        values = {"{phone}": parcel.recipient, "{text}": parcel.body, "{token}": self.token}
        return _filled(json.loads(self.body), values)


def _filled(shape: Any, values: dict[str, str]) -> Any:
    """Put values into the texts of a JSON value, which is parsed first: none can break it."""
    if isinstance(shape, dict):
        return {key: _filled(one, values) for key, one in shape.items()}
    if isinstance(shape, list):
        return [_filled(one, values) for one in shape]
    if isinstance(shape, str):
        for name, value in values.items():
            shape = shape.replace(name, value)
    return shape


def has_sms(settings: Settings) -> bool:
    """Say whether text messages can go out."""
    return bool(settings.sms_url) or settings.skillstar_mode is not Mode.PRODUCTION


def _without(settings: Settings) -> Sender:
    return OnScreen() if settings.skillstar_mode is Mode.LOCAL else NotSetUp()


def mail_sender(settings: Settings) -> Sender:
    """Return what brings mails out by these settings."""
    if not settings.mail_host:
        return _without(settings)
    return MailServer(
        settings.mail_host,
        settings.mail_port,
        settings.mail_security,
        settings.mail_from,
        settings.mail_user,
        settings.mail_password.get_secret_value(),
    )


def sms_sender(settings: Settings) -> Sender:
    """Return what brings text messages out by these settings."""
    if not settings.sms_url:
        return _without(settings)
    token = settings.sms_token.get_secret_value()
    return SmsGateway(settings.sms_url, settings.sms_body, settings.sms_ok, token)
