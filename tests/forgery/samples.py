"""Signed certificates to be altered, and the keys of the bureau and of a forger."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from rules.certificate_designs import A4_LANDSCAPE
from services.certificates_authority import Authority, packed
from services.certificates_cms import Chain
from services.certificates_identity import Identity, Source, identity
from services.certificates_rendering import Renderer
from services.certificates_signing import Signing
from tests.certificate_people import NAMES, paper

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Samples:
    """What a forger has: our files, two of each signer, files of his own with our names."""

    ours: tuple[bytes, ...]
    chains: tuple[Chain, ...]
    foreign: tuple[bytes, ...]
    forger: Identity

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
    return Samples(
        tuple(files[0] + files[1]),
        (found[0].chain, found[1].chain),
        tuple(files[2]),
        found[2],
    )
