"""Signs a certificate's PDF while it is written: PAdES, certifying that nothing may be changed.

The signature's dictionary goes into the file with room for the message; when the file is written,
the room is filled. Nothing is read or parsed again.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from rules.refusals import Refused
from rules.texts import N_
from services.certificates_identity import Identity

Stamp = Callable[[bytes], bytes]  # SHA-256 of a signature value -> time-stamp token
STAMP_ROOM = 8192  # bytes
# The first number of the range is always 0; the others are filled in, with blanks behind them.
OPENED = "/ByteRange [0 "
RANGE_ROOM = 33
_FIXED = (
    "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
    " /Reference [<</Type /SigRef /TransformMethod /DocMDP"
    " /TransformParams <</Type /TransformParams /P 1 /V /1.2>>>>]"
)
_TOO_LONG = N_("The time-stamp is larger than the room for it.")


class Signing:
    """One identity that signs at one instant, as many files as there are."""

    def __init__(
        self,
        identity: Identity,
        now: datetime,
        stamp: Stamp | None = None,
        archive: Callable[[bytes], bytes] | None = None,
    ) -> None:
        identity.check(now)
        self.identity = identity
        self._now = now
        self._stamp = stamp
        self._archive = archive
        self._room = 2 * (identity.chain.longest() + (STAMP_ROOM if stamp else 0))

    def dictionary(self) -> str:
        """Return the signature's dictionary, with room for the range and the message."""
        at = f"{self._now.astimezone(UTC):D:%Y%m%d%H%M%S+00'00'}"
        zeros = "0" * self._room
        return f"{_FIXED} /M ({at}) {OPENED}{' ' * RANGE_ROOM}/Contents <{zeros}>>>"

    def sealed(self, written: bytes, offset: int) -> bytes:
        """Return a written file with its signature, whose dictionary begins at the offset."""
        signed = filled(written, offset, self._room, self._message)
        return self._archive(signed) if self._archive else signed

    def _message(self, digest: bytes) -> bytes:
        chain = self.identity.chain
        value = chain.lowered(self.identity.sign(chain.attributes(digest)))
        stamp = self._stamp(hashlib.sha256(value).digest()) if self._stamp else b""
        return chain.message(digest, value, stamp)


def filled(written: bytes, offset: int, room: int, message: Callable[[bytes], bytes]) -> bytes:
    """Fill the room for a message, that many digits, with the one about everything else."""
    place = written.index(OPENED.encode(), offset) + len(OPENED)
    start = written.index(b"<", place)
    end = start + room + 2
    parts = f"{start} {end} {len(written) - end}]".ljust(RANGE_ROOM).encode()
    before = written[:place] + parts + written[place + RANGE_ROOM : start]
    after = written[end:]
    digest = hashlib.sha256(before)
    digest.update(after)
    found = message(digest.digest()).hex().encode()
    if len(found) > room:
        raise Refused(_TOO_LONG)
    return b"".join((before, b"<", found.ljust(room, b"0"), b">", after))
