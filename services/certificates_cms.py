"""The signature message of a certificate's PDF: CMS as PAdES wants it, one form for one value.

What surrounds the signature value is rebuilt from the chain and the digest, so whoever checks can
demand every byte of it: there is no second way to write the same signature.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import load_der_public_key

from rules.texts import N_

SHA256 = hashes.SHA256()
# Half the order of each curve's group: of the two values that a signature has, the smaller counts.
_HALF_ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 >> 1,
    "secp384r1": int("F" * 48 + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16) >> 1,
}
_MARK = b"\xa5" * 32
_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
_STAMP = core.ObjectIdentifier("1.2.840.113549.1.9.16.2.14").dump()
_SEQUENCE, _SET, _OCTETS, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0x04, 0xA0, 0xA1


class Unsuitable(Exception):
    """A key or certificate that certificates cannot be signed with."""


@dataclass(frozen=True)
class Chain:
    """A signer's certificate and those above it, as DER; the last one may be the root."""

    certificates: tuple[bytes, ...]

    @cached_property
    def signer(self) -> x509.Certificate:
        """Return the certificate that signs."""
        return x509.Certificate.load(self.certificates[0])

    @cached_property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the signer's certificate."""
        return hashlib.sha256(self.certificates[0]).hexdigest()

    @cached_property
    def key(self) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
        """Return the signer's public key; raise Unsuitable for a kind that is not used."""
        found = load_der_public_key(self.signer.public_key.dump())
        if isinstance(found, rsa.RSAPublicKey) and found.key_size >= 2048:
            return found
        if isinstance(found, ec.EllipticCurvePublicKey) and found.curve.name in _HALF_ORDERS:
            return found
        raise Unsuitable(N_("The key must be P-256, P-384, or RSA of at least 2048 bits."))

    @cached_property
    def frame(self) -> "_Frame":
        """Return what is the same in every message of this signer."""
        return _Frame(self)

    def marks(self) -> tuple[bytes, ...]:
        """Return what tells that a message is meant to be this signer's, though it be damaged."""
        return self.certificates[0], self.frame.identity, self.signer.public_key.dump()

    def longest(self) -> int:
        """Return how long a message can be, without a time-stamp."""
        key = self.key
        rsa_key = isinstance(key, rsa.RSAPublicKey)
        value = key.key_size // 8 if rsa_key else 2 * ((key.key_size + 7) // 8) + 9
        return len(self.message(bytes(32), bytes(value)))

    def attributes(self, digest: bytes) -> bytes:
        """Return what is signed: the digest of the file, bound to the signer's certificate."""
        return b"".join((self.frame.head, digest, self.frame.tail))

    def message(self, digest: bytes, value: bytes, stamp: bytes = b"") -> bytes:
        """Return the whole message around a signature value, with a time-stamp if there is one."""
        frame = self.frame
        signed = bytes([_CONTEXT_0]) + self.attributes(digest)[1:]
        info = [frame.identity, frame.digest_kind, signed, frame.kind, _tlv(_OCTETS, value)]
        if stamp:
            info.append(_tlv(_CONTEXT_1, _tlv(_SEQUENCE, _STAMP, _tlv(_SET, stamp))))
        data = _tlv(
            _SEQUENCE,
            _VERSION_1,
            _tlv(_SET, frame.digest_kind),
            _tlv(_SEQUENCE, _DATA),
            frame.certificates,
            _tlv(_SET, _tlv(_SEQUENCE, _VERSION_1, *info)),
        )
        return _tlv(_SEQUENCE, _SIGNED_DATA, _tlv(_CONTEXT_0, data))

    def is_signed(self, digest: bytes, value: bytes) -> bool:
        """Say whether a value is the signer's signature over a digest, in its one form."""
        from cryptography.exceptions import InvalidSignature

        key, said = self.key, self.attributes(digest)
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(value, said, padding.PKCS1v15(), SHA256)
                return True
            if self.lowered(value) != value:
                return False
            key.verify(value, said, ec.ECDSA(SHA256))
        except (InvalidSignature, ValueError):
            return False
        return True

    def lowered(self, value: bytes) -> bytes:
        """Return a signature value in its one form: elliptic curves have two for each."""
        if isinstance(self.key, rsa.RSAPublicKey):
            return value
        half = _HALF_ORDERS[self.key.curve.name]
        r, s = decode_dss_signature(value)
        order = 2 * half + 1
        return encode_dss_signature(r, min(s, order - s))


def parts_of(room: bytes) -> tuple[bytes, bytes] | None:
    """Return signature value and time-stamp of a message in hexadecimal; None for anything else.

    Nothing is checked here: whoever asks rebuilds the message from them and compares.
    """
    try:
        message = cms.ContentInfo.load(bytes.fromhex(room.decode("ascii")))
        info = message["content"]["signer_infos"][0]
        stamps = info["unsigned_attrs"]
        stamp = stamps[0]["values"][0].dump() if stamps.native else b""
        return info["signature"].native, stamp
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


class _Frame:
    """The parts of a message that depend on the signer only."""

    def __init__(self, chain: Chain) -> None:
        signer = chain.signer
        key_kind = "sha256_rsa" if isinstance(chain.key, rsa.RSAPublicKey) else "sha256_ecdsa"
        digest_kind = algos.DigestAlgorithm({"algorithm": "sha256"})
        kind = algos.SignedDigestAlgorithm({"algorithm": key_kind})
        protection = cms.CMSAlgorithmProtection(
            {"digest_algorithm": digest_kind, "signature_algorithm": kind}
        )
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["data"]},
                {"type": "message_digest", "values": [_MARK]},
                {"type": "cms_algorithm_protection", "values": [protection]},
                {"type": "signing_certificate_v2", "values": [_bound(chain)]},
            ]
        ).dump()
        self.head, _, self.tail = attributes.partition(_MARK)
        self.digest_kind, self.kind = digest_kind.dump(), kind.dump()
        self.identity = cms.IssuerAndSerialNumber(
            {"issuer": signer.issuer, "serial_number": signer.serial_number}
        ).dump()
        self.certificates = _tlv(_CONTEXT_0, *sorted(_without_root(chain.certificates)))


def _bound(chain: Chain) -> tsp.SigningCertificateV2:
    digest = hashlib.sha256(chain.certificates[0]).digest()
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": digest})]})


def _without_root(certificates: Sequence[bytes]) -> list[bytes]:
    """Leave out what a reader must know by itself; the signer's own always goes along."""
    first, *more = certificates
    return [first, *(one for one in more if not _is_root(one))]


def _is_root(certificate: bytes) -> bool:
    found = x509.Certificate.load(certificate)
    return bool(found.subject == found.issuer)


def _tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = len(body)
    if length < 0x80:
        return bytes((tag, length)) + body
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


_VERSION_1 = b"\x02\x01\x01"
