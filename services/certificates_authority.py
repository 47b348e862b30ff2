"""A made-up authority for trials: its certificates say in their names that they prove nothing."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TRIAL = "TEST ONLY"  # stands in the subject of each certificate that was made here
YEARS = timedelta(days=3650)
_KEPT = ("signer.p12", "authority.pem")
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, repr=False)
class Party:
    """Somebody with a key and a certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """Return the certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


class Authority:
    """A root, and under it one that issues certificates, time-stamps and lists of revoked ones."""

    def __init__(self, now: datetime, name: str = "Skillstar trial") -> None:
        self._since = now - timedelta(hours=1)
        self._until = now + YEARS
        key = new_key()
        self.root = Party(key, self._signed(f"{name} root", key, None, depth=1))
        key = new_key()
        self.issuing = Party(key, self._signed(f"{name} authority", key, self.root, depth=0))
        self._revoked: list[tuple[int, datetime]] = []

    @property
    def above(self) -> tuple[bytes, bytes]:
        """Return the certificates above a signer's, as DER."""
        return self.issuing.der, self.root.der

    def party(
        self,
        name: str,
        key: Key | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        stamps: bool = False,
    ) -> Party:
        """Issue a certificate to somebody who signs documents, or stamps them with the time."""
        chosen = key or new_key()
        found = self._signed(name, chosen, self.issuing, stamps=stamps, since=since, until=until)
        return Party(chosen, found)

    def revoke(self, party: Party, at: datetime) -> None:
        """Put a certificate on the list of revoked ones."""
        self._revoked.append((party.certificate.serial_number, at))

    def lists(self, now: datetime) -> list[bytes]:
        """Return the lists of revoked certificates, that of the root and that of the other."""
        return [self._list(self.root, [], now), self._list(self.issuing, self._revoked, now)]

    def _list(self, by: Party, revoked: Sequence[tuple[int, datetime]], now: datetime) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=30))
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(_issuer_key(by), critical=False)
        )
        for serial, at in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            builder = builder.add_revoked_certificate(one.build())
        return builder.sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _signed(
        self,
        name: str,
        key: Key,
        by: Party | None,
        depth: int | None = None,
        stamps: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> x509.Certificate:
        subject = _name(name)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by.certificate.subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since or self._since)
            .not_valid_after(until or self._until)
            .add_extension(x509.BasicConstraints(depth is not None, depth), critical=True)
            .add_extension(_usage(depth is not None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
        )
        if by:
            builder = builder.add_extension(_issuer_key(by), critical=False)
        if stamps:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(by.key if by else key, hashes.SHA256())


def new_key() -> Key:
    """Draw a key on the curve that is usual for signatures."""
    return ec.generate_private_key(ec.SECP256R1())


def packed(party: Party, above: Sequence[bytes], passphrase: bytes | None = None) -> bytes:
    """Return a key with its certificates as a PKCS#12 file."""
    others = [x509.load_der_x509_certificate(one) for one in above]
    if passphrase is None:
        kind: serialization.KeySerializationEncryption = serialization.NoEncryption()
    else:
        kind = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(
        b"certificates", party.key, party.certificate, others, kind
    )


def made_once(folder: Path, now: datetime) -> Path:
    """Return the key file of this machine's own trial authority; the first call makes it."""
    if not (folder / _KEPT[0]).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent))  # for its owner only
        authority = Authority(now)
        signer = authority.party("Skillstar trial bureau")
        files = (packed(signer, authority.above), _pem(authority.above))
        for name, data in zip(_KEPT, files, strict=True):
            with os.fdopen(os.open(made / name, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(data)
        _put(made, folder)
    return folder / _KEPT[0]


def _put(made: Path, folder: Path) -> None:
    """Put a folder in its place, unless another process was faster."""
    try:
        made.rename(folder)
    except OSError:
        for name in _KEPT:
            (made / name).unlink()
        made.rmdir()
        if not (folder / _KEPT[0]).exists():
            raise


def _pem(certificates: Sequence[bytes]) -> bytes:
    found = (x509.load_der_x509_certificate(one) for one in certificates)
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in found)


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, TRIAL),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key(by: Party) -> x509.AuthorityKeyIdentifier:
    found = by.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)
