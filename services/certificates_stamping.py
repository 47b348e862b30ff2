"""Time-stamps from an authority (RFC 3161): they prove when something was signed."""

import asyncio
import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from rules.refusals import Refused
from rules.texts import N_
from services.certificates_identity import Source
from services.certificates_signing import Stamp

SECONDS = 10
_LARGEST = 1_000_000
_KIND = "application/timestamp-"
_SILENT = N_("The time-stamp authority gave no time-stamp. Try again later.")


def stamper(source: Source) -> Stamp | None:
    """Return what asks the authority that is configured, None without one."""
    return _asking(source.stamp_url) if source.stamp_url else None


@lru_cache(maxsize=4)
def _asking(url: str) -> Stamp:
    asked: Any = client(url)

    def stamp(digest: bytes) -> bytes:
        try:
            token = asyncio.run(asked.async_timestamp(digest, "sha256"))
        except (OSError, ValueError) as error:
            raise Refused(_SILENT) from error
        found: bytes = token.dump()
        return found

    return stamp


def client(url: str) -> Any:
    """Return pyHanko's client of an authority, with Python's own way to the network."""
    # Loading the library takes a moment; only who asks for time-stamps waits for it.
    from asn1crypto import tsp
    from pyhanko.sign.timestamps.api import TimeStamper

    if not url.startswith(("https://", "http://")):
        raise Refused(N_("The address of the time-stamp authority begins with https://."))

    class Client(TimeStamper):
        """Sends a request and reads the answer, with a limit to time and size."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            """Ask the authority."""
            request = urllib.request.Request(
                url, req.dump(), {"Content-Type": f"{_KIND}query", "Accept": f"{_KIND}reply"}
            )
            with urllib.request.urlopen(request, timeout=SECONDS) as reply:
                return tsp.TimeStampResp.load(reply.read(_LARGEST))

    made: Any = Client
    return made()


def is_stamp(stamp: bytes, value: bytes, chain: Sequence[bytes]) -> bool:
    """Say whether a token stamps a signature value, in its one form, by a known authority."""
    from asn1crypto import cms, x509
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathError

    try:
        token = cms.ContentInfo.load(stamp, strict=True)
        data = token["content"]
        if token.dump(force=True) != stamp or not _is_plain(data, chain):
            return False
        said = data["encap_content_info"]["content"].parsed
        known = [x509.Certificate.load(one) for one in chain]
        context = ValidationContext(
            trust_roots=known[-1:], other_certs=known, moment=said["gen_time"].native
        )
        checked = asyncio.run(validate_tst_signed_data(data, context, _imprint(value)))
        found = TimestampSignatureStatus(**checked)
    except (ValueError, TypeError, KeyError, PathError, SignatureValidationError):
        return False
    return bool(found.valid and found.trusted and found.intact)


def _imprint(value: bytes) -> Callable[[str], bytes]:
    return lambda kind: hashlib.new(kind, value).digest()


def _is_plain(data: Any, chain: Sequence[bytes]) -> bool:
    """Say whether a token holds nothing that its signature does not cover or that is not known."""
    signers = data["signer_infos"]
    carried = [one.chosen.dump() for one in data["certificates"]]
    kinds = [one.dump() for one in data["digest_algorithms"]]
    return (
        len(signers) == 1
        and kinds == [signers[0]["digest_algorithm"].dump()]
        and all(one in chain for one in carried)
        and not data["crls"].native
        and not signers[0]["unsigned_attrs"].native
    )
