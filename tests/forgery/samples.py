"""Signed certificates to be altered, and the keys of the bureau and of a forger."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from rules.certificate_designs import A4_LANDSCAPE
from services.certificates_archiving import archived, evidence
from services.certificates_authority import Authority, packed
from services.certificates_cms import Chain
from services.certificates_identity import Identity, Source, identity
from services.certificates_rendering import Renderer
from services.certificates_signing import Signing, Stamp
from tests.certificate_people import NAMES, paper

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Samples:
    """What a forger has: our files, one of them archived, and copies with a key of his own."""

    ours: tuple[bytes, ...]
    chains: tuple[Chain, ...]
    foreign: tuple[bytes, ...]
    forger: Identity
    stamps: tuple[bytes, ...]  # the certificates of the time-stamp authority

    def is_known(self, data: bytes) -> bool:
        """Say whether a file is one of ours, untouched."""
        return data in self.ours


def samples(folder: Path) -> Samples:
    """Print certificates of two people, signed with either kind of key, and a forger's copies."""
    bureau, forger = Authority(NOW, "慈溪"), Authority(NOW, "慈溪")
    large = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    parties = (
        (bureau, bureau.party("慈溪市人力资源和社会保障局")),
        (bureau, bureau.party("慈溪市人力资源和社会保障局", key=large)),
        (forger, forger.party("慈溪市人力资源和社会保障局")),
    )
    found = []
    for number, (authority, party) in enumerate(parties):
        path = folder / f"{number}.p12"
        path.write_bytes(packed(party, authority.above))
        found.append(identity(Source(file=path)))
    renderer = Renderer(A4_LANDSCAPE, folder)
    files = [
        [renderer.pdf(paper(name), Signing(one, NOW)) for name in (NAMES[0], NAMES[4])]
        for one in found
    ]
    stamp, stamps = _stamping(bureau)
    proof = evidence(found[0].chain, stamps, lists_in(folder, bureau), NOW)
    archive = partial(archived, found=proof, stamp=stamp)
    lasting = renderer.pdf(paper(NAMES[1]), Signing(found[0], NOW, stamp, archive))
    return Samples(
        (*files[0], *files[1], lasting),
        (found[0].chain, found[1].chain),
        tuple(files[2]),
        found[2],
        stamps,
    )


def lists_in(folder: Path, authority: Authority, now: datetime = NOW) -> Path:
    """Put the lists of revoked certificates into a folder."""
    place = folder / "lists"
    place.mkdir(exist_ok=True)
    for number, one in enumerate(authority.lists(now)):
        (place / f"{number}.crl").write_bytes(one)
    return place


def stamper_of(authority: Authority, now: datetime) -> tuple[DummyTimeStamper, tuple[bytes, ...]]:
    """Return what stamps the time of an instant, and the certificates that it stamps with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    party = authority.party("时间戳", key=key, stamps=True)
    told = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = DummyTimeStamper(
        x509.Certificate.load(party.der),
        keys.PrivateKeyInfo.load(told),
        certs_to_embed=[x509.Certificate.load(authority.issuing.der)],
        fixed_dt=now,
    )
    return made, (party.der, *authority.above)


def _stamping(authority: Authority) -> tuple[Stamp, tuple[bytes, ...]]:
    made, known = stamper_of(authority, NOW)

    def stamp(digest: bytes) -> bytes:
        token: bytes = asyncio.run(made.async_timestamp(digest, "sha256")).dump()
        return token

    return stamp, known
