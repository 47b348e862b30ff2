"""Time-stamps from an authority (RFC 3161): they prove when something was signed."""

import asyncio
import urllib.error
import urllib.request
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
