"""What keeps a signature provable after its certificates have ended: PAdES B-LTA.

Behind the signed file go the certificates, the lists of revoked ones, and a time-stamp over all of
it. Nothing else can stand there: whoever checks takes the parts out and writes the same bytes anew.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from rules.refusals import Refused
from rules.texts import N_
from services.certificates_cms import Chain
from services.certificates_identity import Source, extra, identity
from services.certificates_signing import (
    OPENED,
    RANGE_ROOM,
    STAMP_ROOM,
    Signing,
    Stamp,
    filled,
)
from services.certificates_stamping import is_stamp, stamper

_OLD = N_("The list of revoked certificates from %(issuer)s is missing or too old.")
_ON_LIST = N_("The bureau's signing certificate is on a list of revoked certificates.")
_KEPT = re.compile(rb"(\d+) 0 obj\n<</Length (\d+) /Type /(Certificate|List)>>\nstream\n")


@dataclass(frozen=True)
class Evidence:
    """Certificates from the signer's to the root, the authority's too, and their lists."""

    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]


def signing_of(source: Source, now: datetime) -> Signing:
    """Return what signs at an instant, with all that is configured: stamps, evidence."""
    found, stamp = identity(source), stamper(source)
    if stamp is None or source.lists is None:
        return Signing(found, now, stamp)
    proof = evidence(found.chain, stamp_chain(source), source.lists, now)
    return Signing(found, now, stamp, partial(archived, found=proof, stamp=stamp))


def stamp_chain(source: Source | None) -> list[bytes]:
    """Return the certificates of the time-stamp authority, the root last."""
    known = extra(source.stamp_chain) if source else []
    return [one.public_bytes(Encoding.DER) for one in known]


def evidence(chain: Chain, stamps: Sequence[bytes], folder: Path, now: datetime) -> Evidence:
    """Gather what proves a signature; raise Refused when a list is missing, old, or names it."""
    found = {name: path.read_bytes() for name, path in _files(folder)}
    lists = [x509.load_der_x509_crl(one) for one in found.values()]
    known = [x509.load_der_x509_certificate(one) for one in {*chain.certificates, *stamps}]
    issuers = [one for one in known if one.issuer == one.subject or _issues(one)]
    chosen = []
    for issuer in sorted(issuers, key=lambda one: one.subject.rfc4514_string()):
        fresh = [one for one in lists if _is_fresh(one, issuer, now)]
        if not fresh:
            raise Refused(_OLD, issuer=issuer.subject.rfc4514_string())
        chosen.append(fresh[-1])
    signer = x509.load_der_x509_certificate(chain.certificates[0]).serial_number
    if any(one.get_revoked_certificate_by_serial_number(signer) for one in chosen):
        raise Refused(_ON_LIST)
    certificates = sorted(one.public_bytes(Encoding.DER) for one in known)
    return Evidence(tuple(certificates), tuple(one.public_bytes(Encoding.DER) for one in chosen))


def _files(folder: Path) -> list[tuple[str, Path]]:
    return sorted((path.name, path) for path in folder.glob("*.crl"))


def _issues(certificate: x509.Certificate) -> bool:
    found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    return found.value.ca


def _is_fresh(one: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> bool:
    """Say whether a list comes from an issuer and counts at an instant."""
    return _is_by(one, issuer) and one.next_update_utc is not None and now < one.next_update_utc


def _is_by(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    return one.issuer == issuer.subject and one.is_signature_valid(key)  # type: ignore[arg-type]


def archived(signed: bytes, found: Evidence, stamp: Stamp) -> bytes:
    """Return a signed file with what proves it for decades, stamped as a whole."""
    written, offset = _with_evidence(signed, found)
    return filled(written, offset, STAMP_ROOM * 2, stamp)


def _with_evidence(signed: bytes, found: Evidence) -> tuple[bytes, int]:
    """Append the evidence and the room for the stamp; return where the stamp's object begins."""
    first = _size(signed)
    kept = [(b"Certificate", one) for one in found.certificates]
    kept += [(b"List", one) for one in found.lists]
    objects = {
        first + at: b"<</Length %d /Type /%b>>\nstream\n%b\nendstream" % (len(one), kind, one)
        for at, (kind, one) in enumerate(kept)
    }
    store, stamp, widget = (first + len(kept) + more for more in range(3))
    middle = first + len(found.certificates)
    objects[store] = b"<</Certs [%b] /CRLs [%b]>>" % (
        _references(first, middle),
        _references(middle, store),
    )
    objects[stamp] = _stamp_dictionary()
    objects[widget] = (
        b"<</Type /Annot /Subtype /Widget /FT /Sig /T (stamp) /Rect [-9 -9 -9 -9] /F 132"
        b" /TU (Time-stamp) /V %d 0 R /P %d 0 R>>" % (stamp, _page(signed))
    )
    objects |= _joined(signed, store, widget)
    return _update(signed, objects, stamp, widget + 1)


def _references(first: int, end: int) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in range(first, end))


def _stamp_dictionary() -> bytes:
    head = b"<</Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 "
    room = b" " * RANGE_ROOM + b"/Contents <" + b"0" * STAMP_ROOM * 2 + b">"
    return head + OPENED.encode() + room + b">>"


def _joined(signed: bytes, store: int, widget: int) -> dict[int, bytes]:
    """Return catalog and page with the stamp's field and the store of the evidence."""
    root, page = _root(signed), _page(signed)
    catalog = re.sub(
        rb"(/AcroForm <</Fields \[\d+ 0 R)\]",
        b"\\1 %d 0 R]" % widget,
        _body(signed, root),
    )
    catalog = catalog.removesuffix(b">>") + b"/DSS %d 0 R\n>>" % store
    sheet = re.sub(rb"(/Annots \[\d+ 0 R)\]", b"\\1 %d 0 R]" % widget, _body(signed, page))
    return {root: catalog, page: sheet}


def _update(signed: bytes, objects: dict[int, bytes], wanted: int, size: int) -> tuple[bytes, int]:
    out, places = bytearray(signed), {}
    for number in objects:
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    trailer = signed[signed.rindex(b"trailer\n") + 8 : signed.rindex(b"startxref")]
    previous = signed[signed.rindex(b"startxref") :].split()[1]
    trailer = re.sub(rb"/Size \d+", b"/Size %d\n/Prev %b" % (size, previous), trailer)
    out += b"trailer\n%bstartxref\n%d\n%%%%EOF\n" % (trailer, start)
    return bytes(out), places[wanted]


def _size(signed: bytes) -> int:
    return _number(signed, rb"/Size (\d+)")


def _root(signed: bytes) -> int:
    return _number(signed, rb"/Root (\d+) 0 R")


def _number(signed: bytes, pattern: bytes) -> int:
    found = re.search(pattern, signed[signed.rindex(b"trailer\n") :])
    assert found is not None
    return int(found[1])


def _page(signed: bytes) -> int:
    found = re.search(rb"\n(\d+) 0 obj\n<</Type /Page ", signed)
    assert found is not None
    return int(found[1])


def _body(signed: bytes, number: int) -> bytes:
    start = signed.index(b"\n%d 0 obj\n" % number) + len(b"\n%d 0 obj\n" % number)
    return signed[start : signed.index(b"\nendobj\n", start)]


def is_archived(data: bytes, end: int, chains: Sequence[Chain], stamps: Sequence[bytes]) -> bool:
    """Say whether all that stands behind a signed file is its evidence, in its one form."""
    signed = data[:end]
    found = _evidence_in(data[end:])
    known = {one for chain in chains for one in chain.certificates} | set(stamps)
    if not set(found.certificates) <= known or not _are_lists(found):
        return False
    written, offset = _with_evidence(signed, found)
    if len(written) != len(data):
        return False
    start = data.find(b"/Contents <", offset) + len(b"/Contents <")
    room = data[start : start + 2 * STAMP_ROOM]
    try:
        token = _without_zeros(bytes.fromhex(room.decode("ascii")))
    except ValueError:
        return False
    return filled(written, offset, STAMP_ROOM * 2, lambda _digest: token) == data and is_stamp(
        token, data[: start - 1] + data[start + 2 * STAMP_ROOM + 1 :], stamps
    )


def _evidence_in(tail: bytes) -> Evidence:
    kept: dict[bytes, list[bytes]] = {b"Certificate": [], b"List": []}
    at = 0
    while place := _KEPT.match(tail, at):
        end = place.end() + int(place[2])
        kept[place[3]].append(tail[place.end() : end])
        at = end + len(b"\nendstream\nendobj\n")
    return Evidence(tuple(kept[b"Certificate"]), tuple(kept[b"List"]))


def _are_lists(found: Evidence) -> bool:
    """Say whether each list is signed by one of the certificates."""
    issuers = [x509.load_der_x509_certificate(one) for one in found.certificates]
    try:
        lists = [x509.load_der_x509_crl(one) for one in found.lists]
        return all(any(_is_by(one, issuer) for issuer in issuers) for one in lists)
    except ValueError:  # some parts are read only when they are asked for
        return False


def _without_zeros(room: bytes) -> bytes:
    """Cut a message off where its own length says that it ends."""
    if len(room) < 4 or room[:2] != b"\x30\x82":
        raise ValueError("no message of a usual length")
    return room[: 4 + int.from_bytes(room[2:4], "big")]
