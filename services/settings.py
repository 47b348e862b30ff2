"""Settings from the environment; a dangerous one stops the start."""

import base64
import hashlib
import json
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LANGUAGES = ("zh_Hans_CN", "en")  # the first one is the default
SHORTEST_KEY = 32
# A password is meant to cost a tenth of a second to try; the suite tries thousands.
QUICK_HASHES = {"argon2__rounds": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
LARGEST_REQUEST = 12 * 1024 * 1024
KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "change-me", "skillstar", "your-secret-key"})


class Mode(StrEnum):
    """Where the program runs."""

    PRODUCTION = "production"
    LOCAL = "local"
    TESTING = "testing"


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    SSL = "ssl"


class Settings(BaseSettings):
    """All settings; each can be given as an environment variable of the same name."""

    model_config = SettingsConfigDict(env_prefix="", env_file=".env", extra="ignore")

    skillstar_mode: Mode = Mode.LOCAL
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    data_key: SecretStr = SecretStr("")
    instance_dir: Path = Path("instance")
    server_name: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    session_hours: int = Field(default=12, ge=1, le=48)
    invitation_days: int = Field(default=14, ge=1, le=90)
    account_days: int = Field(default=180, ge=1, le=3650)
    selection_days: int = Field(default=365, ge=30, le=3650)
    clock_runs: bool = True
    # With what certificates are signed: a key file, or a key in a token (docs/operating.md).
    signing_file: Path | None = None
    signing_passphrase: SecretStr = SecretStr("")
    signing_passphrase_file: Path | None = None
    signing_module: Path | None = None
    signing_token: str = ""
    signing_key: str = ""
    signing_pin: SecretStr = SecretStr("")
    signing_pin_file: Path | None = None
    signing_chain: Path | None = None
    signing_stamp_url: str = ""
    signing_stamp_chain: Path | None = None
    signing_lists: Path | None = None
    mail_host: str = ""
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_security: MailSecurity = MailSecurity.STARTTLS
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""
    sms_url: str = ""
    sms_token: SecretStr = SecretStr("")
    sms_body: str = '{"phone": "{phone}", "text": "{text}"}'
    sms_ok: str = ""
    message_days: int = Field(default=30, ge=1, le=365)

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        if self.skillstar_mode is Mode.PRODUCTION:
            for name in ("secret_key", "data_key"):
                _check_key(name.upper(), getattr(self, name).get_secret_value())
        else:
            self.secret_key = SecretStr(self._local_key("secret_key"))
            self.data_key = SecretStr(self._local_key("data_key"))
        if self.signing_file and self.signing_module:
            raise ValueError("Name SIGNING_FILE or SIGNING_MODULE, not both.")
        _check_mail(self)
        _check_sms(self)
        self.database_url = self.database_url or f"sqlite:///{self._folder() / 'skillstar.db'}"
        if self.database_url.startswith("postgresql://"):
            self.database_url = "postgresql+psycopg" + self.database_url[len("postgresql") :]
        return self

    def _folder(self) -> Path:
        folder = self.instance_dir.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _local_key(self, name: str) -> str:
        """Return the key given, or the one made for this machine at its first start."""
        given: str = getattr(self, name).get_secret_value()
        if given:
            return given
        path = self._folder() / name
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()

    def secret(self, name: str) -> str:
        """Return a secret that is given itself or as a file that holds it."""
        file: Path | None = getattr(self, f"{name}_file")
        if file is not None:
            return file.read_text(encoding="utf-8").strip()
        given: str = getattr(self, name).get_secret_value()
        return given

    def flask_config(self) -> dict[str, Any]:
        """Return the settings of Flask and its extensions that follow from these."""
        key = self.secret_key.get_secret_value()
        testing = self.skillstar_mode is Mode.TESTING
        return {
            "SETTINGS": self,
            "SECRET_KEY": key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SESSION_COOKIE_NAME": "skillstar",
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.skillstar_mode is Mode.PRODUCTION,
            "PERMANENT_SESSION_LIFETIME": self.session_hours * 3600,
            "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
            "MAX_FORM_PARTS": 5000,
            "WTF_CSRF_TIME_LIMIT": None,
            "BOOTSTRAP_SERVE_LOCAL": True,
            "BABEL_DEFAULT_LOCALE": LANGUAGES[0],
            "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
            "SECURITY_PASSWORD_SALT": key,
            "SECURITY_JOIN_USER_ROLES": False,
            "SECURITY_PASSWORD_HASH": "argon2",
            "SECURITY_PASSWORD_SCHEMES": ["argon2"],
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES if testing else {},
            "RATELIMIT_ENABLED": not testing,
            "TESTING": testing,
        }

    @property
    def files_dir(self) -> Path:
        """Return the folder for generated files."""
        return self._folder() / "files"

    def encryption_keys(self) -> tuple[dict[int, bytes], bytes]:
        """Return the column keys by number and the key of the search index."""
        given = self.data_key.get_secret_value()
        keys = {
            number: hashlib.sha256(b"column\0" + part.encode()).digest()
            for number, part in enumerate(given.split(","), start=1)
        }
        first = given.split(",")[0]
        return keys, hashlib.sha256(b"index\0" + first.encode()).digest()


def _check_mail(settings: Settings) -> None:
    if settings.mail_host and "@" not in settings.mail_from:
        raise ValueError("MAIL_FROM is missing: the address that mails come from")
    bare = settings.mail_security is MailSecurity.NONE and bool(settings.mail_user)
    if bare and settings.skillstar_mode is Mode.PRODUCTION:
        raise ValueError("MAIL_SECURITY must be starttls or ssl where MAIL_PASSWORD is sent")


def _check_sms(settings: Settings) -> None:
    if not settings.sms_url:
        return
    parts = urlsplit(settings.sms_url)
    near = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        raise ValueError("SMS_URL must begin with https://")
    try:
        json.loads(settings.sms_body)
    except ValueError:
        raise ValueError("SMS_BODY is no JSON") from None
    if "{phone}" not in settings.sms_body or "{text}" not in settings.sms_body:
        raise ValueError("SMS_BODY must hold {phone} and {text}")


def _check_key(name: str, value: str) -> None:
    if value.lower() in KNOWN_KEYS or len(value) < SHORTEST_KEY or len(set(value)) < 10:
        made = base64.urlsafe_b64encode(os.urandom(48)).decode()
        raise ValueError(
            f"{name} is missing, too short or well known; production needs at least "
            f"{SHORTEST_KEY} random characters, for example {name}={made}"
        )
