"""With what the bureau signs its certificates: a key file, or a key in a token that keeps it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from rules.refusals import Refused
from rules.texts import N_
from services.certificates_authority import TRIAL, made_once
from services.certificates_cms import SHA256, Chain, Unsuitable
from services.settings import Mode, Settings

Sign = Callable[[bytes], bytes]
_EXPIRED = N_("The bureau's signing certificate expired on %(day)s. Nothing can be signed with it.")
_EARLY = N_("The bureau's signing certificate is valid from %(day)s only.")
_UNREADABLE = N_("The bureau's signing key cannot be used: %(reason)s")


@dataclass(frozen=True)
class Source:
    """Where the key is; secrets in it never show in a text about it."""

    file: Path | None = None
    passphrase: str = field(default="", repr=False)
    module: str = ""
    token: str = ""
    key: str = ""
    pin: str = field(default="", repr=False)
    chain: Path | None = None
    stamp_url: str = ""
    stamp_chain: Path | None = None
    lists: Path | None = None

    @property
    def in_token(self) -> bool:
        """Say whether the key lies in a token."""
        return bool(self.module)


@dataclass(frozen=True, repr=False)
class Identity:
    """A certificate with those above it, and what signs with its key."""

    chain: Chain
    sign: Sign

    @property
    def subject(self) -> str:
        """Return in whose name is signed: the organisation, and what it calls the key."""
        said = self.chain.signer.subject.native
        names = (said.get("organization_name"), said.get("common_name"))
        return " · ".join(dict.fromkeys(str(one) for one in names if one))

    @property
    def since(self) -> datetime:
        """Return from when the certificate is valid."""
        return _instant(self.chain, "not_before")

    @property
    def until(self) -> datetime:
        """Return until when the certificate is valid."""
        return _instant(self.chain, "not_after")

    @property
    def is_trial(self) -> bool:
        """Say whether the certificate comes from a made-up authority."""
        return TRIAL in self.subject

    def check(self, now: datetime) -> None:
        """Raise Refused when the certificate is not valid at an instant."""
        if now >= self.until:
            raise Refused(_EXPIRED, day=self.until.date().isoformat())
        if now < self.since:
            raise Refused(_EARLY, day=self.since.date().isoformat())


def _instant(chain: Chain, which: str) -> datetime:
    found: datetime = chain.signer["tbs_certificate"]["validity"][which].native
    return found.astimezone(UTC)


def source_of(settings: Settings, now: datetime) -> Source | None:
    """Say where the key is; in local mode without one, make a trial authority at the first call."""
    if settings.signing_module:
        source = Source(
            module=str(settings.signing_module),
            token=settings.signing_token,
            key=settings.signing_key,
            pin=settings.secret("signing_pin"),
        )
    elif settings.signing_file:
        passphrase = settings.secret("signing_passphrase")
        source = Source(file=settings.signing_file, passphrase=passphrase)
    elif settings.skillstar_mode is Mode.LOCAL:
        source = Source(file=made_once(settings.instance_dir.absolute() / "trial_authority", now))
    else:
        return None
    return replace(
        source,
        chain=settings.signing_chain,
        stamp_url=settings.signing_stamp_url,
        stamp_chain=settings.signing_stamp_chain,
        lists=settings.signing_lists,
    )


@lru_cache(maxsize=8)
def identity(source: Source) -> Identity:
    """Open the key, once a process; raise Refused when it cannot be used."""
    try:
        found = _from_token(source) if source.in_token else _from_file(source)
        _check_pair(found)
    except (OSError, ValueError, Unsuitable, InvalidSignature) as error:
        # What libraries say about a key may hold parts of it; only the kind of fault goes on.
        said = str(error) if isinstance(error, Unsuitable) else type(error).__name__
        raise Refused(_UNREADABLE, reason=said) from None
    return found


def _from_file(source: Source) -> Identity:
    assert source.file is not None
    passphrase = source.passphrase.encode() or None
    key, certificate, more = pkcs12.load_key_and_certificates(source.file.read_bytes(), passphrase)
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Unsuitable(N_("The file holds no key that certificates can be signed with."))
    chain = Chain(_ordered(certificate, [*more, *extra(source.chain)]))
    return Identity(chain, _signing(key))


def _from_token(source: Source) -> Identity:
    from services.certificates_tokens import open_token

    sign, certificate, more = open_token(source.module, source.token, source.key, source.pin)
    found = [*(x509.load_der_x509_certificate(one) for one in more), *extra(source.chain)]
    first = x509.load_der_x509_certificate(certificate)
    return Identity(Chain(_ordered(first, found)), sign)


def _signing(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> Sign:
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda said: key.sign(said, padding.PKCS1v15(), SHA256)
    # Without a drawn number: the same file signed in the same second has the same bytes.
    kind = ec.ECDSA(SHA256, deterministic_signing=True)
    return lambda said: key.sign(said, kind)


def extra(path: Path | None) -> list[x509.Certificate]:
    """Read certificates from a PEM file, if one is named."""
    return [] if path is None else x509.load_pem_x509_certificates(path.read_bytes())


def _ordered(first: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[bytes, ...]:
    """Put each certificate before the one that issued it; leave out what does not belong."""
    found = [first]
    while found[-1].issuer != found[-1].subject:
        above = next((one for one in others if _issued(one, found[-1])), None)
        if above is None or above in found:
            break
        found.append(above)
    return tuple(one.public_bytes(Encoding.DER) for one in found)


def _issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _check_pair(found: Identity) -> None:
    """Try the key once: it must belong to the certificate."""
    said = bytes(32)
    value = found.chain.lowered(found.sign(found.chain.attributes(said)))
    if not found.chain.is_signed(said, value):
        raise Unsuitable(N_("The key does not belong to the certificate."))
