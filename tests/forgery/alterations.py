"""Kinds of forgery: each takes a genuine file and makes another one that shall pass for it."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pikepdf
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from services.certificates_identity import Identity
from services.certificates_signing import Signing
from tests.forgery.files import (
    body_of,
    contents_of,
    numbers_of,
    resigned,
    size_of,
    stream,
    stream_of,
    taken,
    updated,
)
from tests.forgery.samples import NOW, Samples

Forge = Callable[[Random, bytes, Samples], bytes]
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def flip_bits(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Flip one to four bits anywhere."""
    made = bytearray(pdf)
    for place in draw.sample(range(len(made)), draw.randint(1, 4)):
        made[place] ^= 1 << draw.randrange(8)
    return bytes(made)


def flip_in_message(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Change a digit of the signature's room, often in the zeros behind the message."""
    parts = taken(pdf)
    room = bytearray(parts.room)
    back = draw.choice((16, len(room)))
    place = len(room) - draw.randint(1, back)
    room[place] = draw.choice([one for one in b"0123456789abcdefABCDEF \n<>" if one != room[place]])
    return parts.joined(bytes(room))


def write_capitals(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Write the same message with other letters or with blanks between its digits."""
    parts = taken(pdf)
    room = parts.room
    if draw.random() < 0.5:
        return parts.joined(room.upper())
    place = 2 * draw.randrange(len(room) // 2)
    room = room[:place] + draw.choice((b" ", b"\n")) * 2 + room[place:]
    return parts.joined(room if draw.random() < 0.5 else room[: len(parts.room)])


def cut_and_paste(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Cut the end off, take a part out, double a part, or write something before or behind."""
    first, second = sorted(draw.sample(range(1, len(pdf)), 2))
    junk = draw.choice((b"\n", b" ", b"%x\n", b"\0", draw.randbytes(40), b"%%EOF\n"))
    return draw.choice(
        (
            pdf[:second],
            pdf[: -draw.randint(1, 12)],
            pdf[:first] + pdf[second:],
            pdf[:first] + junk + pdf[first:],
            pdf[:second] + pdf[first:],
            pdf + junk,
            junk + pdf,
            pdf + pdf,
        )
    )


def update_text(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Append an update that draws the page anew, with other glyphs, another place, or nothing."""
    number = contents_of(pdf)[-1]
    drawn = stream_of(pdf, number)
    glyphs = re.findall(rb"<[0-9a-f]{4,}>", drawn)
    old, new = draw.choice(glyphs), draw.choice(glyphs)
    changed = draw.choice(
        (drawn.replace(old, new), drawn.replace(b" Tm", b" Tm 0 50 Td", 1), b"", drawn + b"\n")
    )
    return updated(pdf, {number: stream(changed)})


def swap_page(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Put another winner's page or texts in the place of ours, by an update or inside."""
    other = draw.choice([one for one in (*more.ours, *more.foreign) if one != pdf])
    number, theirs = contents_of(pdf)[-1], contents_of(other)[-1]
    if draw.random() < 0.5:
        return updated(pdf, {number: body_of(other, theirs)})
    whole = body_of(pdf, number)
    return _moved(pdf.replace(whole, body_of(other, theirs)), pdf)


def _moved(changed: bytes, pdf: bytes) -> bytes:
    """Set the range anew in a file whose length has changed, if its signature is still there."""
    old = taken(pdf)
    start = changed.find(old.room)
    head = changed.find(b"/ByteRange [0 ")
    if start < 0 or head < 0:
        return changed
    numbers = b"%d %d %d]" % (
        start - 1,
        start + len(old.room) + 1,
        len(changed) - start - len(old.room) - 1,
    )
    at = head + len(b"/ByteRange [0 ")
    return changed[:at] + numbers.ljust(33) + changed[at + 33 :]


def cover_with_annotation(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Lay an annotation or a widget with a drawing of its own over the page."""
    page, free = numbers_of(pdf, b"/Type /Page ")[0], size_of(pdf)
    kind = draw.choice((b"/FreeText", b"/Stamp", b"/Widget /FT /Tx /T (x) /V (y)", b"/Square"))
    box = b"[%d %d %d %d]" % (100, 200, 100 + draw.randrange(500), 200 + draw.randrange(300))
    form = stream(b"1 g 0 0 500 300 re f")
    form = form.replace(b"<<", b"<</Type /XObject /Subtype /Form /BBox [0 0 500 300] ", 1)
    note = b"<</Type /Annot /Subtype %b /Rect %b /F 4 /AP <</N %d 0 R>> /Contents (x)>>"
    body = body_of(pdf, page)
    body = body.replace(b"/Annots [", b"/Annots [%d 0 R " % free)
    added = {page: body, free: note % (kind, box, free + 1), free + 1: form}
    return updated(pdf, added)


def move_signature(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Put the message of another winner's certificate, or a forger's, into this one."""
    other = draw.choice([one for one in (*more.ours, *more.foreign) if one != pdf])
    parts, theirs = taken(pdf), taken(other)
    room = theirs.room.rstrip(b"0") if draw.random() < 0.5 else theirs.room
    return parts.joined(room.ljust(len(parts.room), b"0")[: len(parts.room)])


def edit_code(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Draw another square of the QR code, inside the file, all numbers set right again."""
    number = contents_of(pdf)[-1]
    drawn = stream_of(pdf, number)
    squares = re.findall(rb"\n\d+ \d+ \d+ 1 re", drawn)
    changed = drawn.replace(draw.choice(squares), b"\n%d %d 1 1 re" % (draw.randrange(30), 0), 1)
    old = body_of(pdf, number)
    return _moved(pdf.replace(old, stream(changed)), pdf)


def edit_facts(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Write other facts beside the page: by an update, inside, or with a library."""
    file = numbers_of(pdf, b"/Type /EmbeddedFile")[0]
    facts = stream_of(pdf, file).replace("王".encode(), "李".encode()) + b" "
    head = body_of(pdf, file).partition(b"\nstream")[0]
    packed = stream(facts)
    body = re.sub(rb"/Length \d+", b"/Length %d" % (len(packed) - 60), head)
    choice = draw.randrange(3)
    if choice == 0:
        return updated(pdf, {file: packed.replace(b"<<", b"<</Type /EmbeddedFile ", 1)})
    if choice == 1:
        return _moved(pdf.replace(body_of(pdf, file), body + packed[packed.index(b"\n") :]), pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.attachments["certificate.json"] = facts
        target = io.BytesIO()
        opened.save(target)
    return target.getvalue()


def sign_again(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Sign by a forger's key: in the room of ours, or as a second signature behind it."""
    parts = taken(pdf)
    digest = hashlib.sha256(parts.joined()[: len(parts.before) + 43] + parts.after).digest()
    forger = more.forger
    at = NOW + timedelta(seconds=draw.randrange(10**6))
    if draw.random() < 0.4:
        value = forger.sign(forger.chain.attributes(digest))
        chain = draw.choice((forger.chain, more.chains[0]))
        return resigned(pdf, chain, digest, forger.chain.lowered(value))
    if draw.random() < 0.3:
        return _signed_whole(pdf, forger, at)
    free = size_of(pdf)
    signing = Signing(forger, at)
    page = numbers_of(pdf, b"/Type /Page ")[0]
    body = body_of(pdf, page).replace(b"/Annots [", b"/Annots [%d 0 R " % free)
    field = b"<</Type /Annot /Subtype /Widget /FT /Sig /T (two) /Rect [0 0 0 0] /F 132 /V %d 0 R>>"
    value = signing.dictionary().encode()
    made = updated(pdf, {page: body, free: field % (free + 1), free + 1: value})
    return signing.sealed(made, made.rindex(b"%d 0 obj" % (free + 1)))


def _signed_whole(pdf: bytes, forger: Identity, at: datetime) -> bytes:
    """Sign a changed file from the start, as our own writer does."""
    signing = Signing(forger, at)
    number = numbers_of(pdf, b"/Type /Sig ")[0]
    made = pdf.replace(body_of(pdf, number), signing.dictionary().encode())
    return signing.sealed(made, made.index(b"%d 0 obj" % number))


def shadow(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Change what is reached, not what is there: other root, page tree, resources, layers."""
    root, pages = 2, 1
    page, free = numbers_of(pdf, b"/Type /Page ")[0], size_of(pdf)
    body = body_of(pdf, page)
    drawn = contents_of(pdf)
    other = draw.choice([one for one in more.ours if one != pdf])
    kinds = (
        {page: body.replace(b"/Contents [", b"/Contents [%d 0 R " % drawn[0])},
        {page: re.sub(rb"/Contents \[[^\]]+\]", b"/Contents []", body)},
        {page: re.sub(rb"/MediaBox \[[^\]]+\]", b"/MediaBox [0 0 300 300]", body)},
        {page: body.replace(b"/F0 ", b"/F9 ").replace(b"/F1 ", b"/F0 ")},
        {pages: body_of(pdf, pages).replace(b"/Count 1", b"/Count 2")},
        {root: body_of(pdf, root).replace(b"/Perms", b"/Permx")},
        {root: body_of(pdf, root) + b"\n"},
        {root: body_of(pdf, root).replace(b"/AcroForm", b"/AcroFormx")},
        {free: body_of(other, contents_of(other)[-1])},
        {drawn[0]: stream(b""), free: b"<</Type /OCG /Name (x)>>"},
    )
    return updated(pdf, draw.choice(kinds))


def trick_range(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Say other ranges than those that were signed, with something in the gap."""
    parts = taken(pdf)
    start = len(parts.before) + 43
    end = start + len(parts.room) + 2
    rest = len(parts.after)
    less = draw.randint(1, 200)
    evil = updated(pdf, {contents_of(pdf)[-1]: stream(b"")})
    ranges = (
        b"%d %d %d]" % (start, end, rest - less),
        b"%d %d %d]" % (start - less, end, rest),
        b"%d %d %d]" % (start, end + less, rest - less),
        b"%d %d %d]" % (start, end - 2, rest + 2),
        b"0%d %d %d]" % (start, end, rest),
        b"%d %d %d %d %d]" % (start, end, less, end + less, rest - less),
        b"%d %d %d.0]" % (start, end, rest),
        b"-%d %d %d]" % (start, end, rest),
        b"0 0 %d]" % len(pdf),
        b"%d %d %d]" % (start, end, 2**40),
    )
    said = draw.choice(ranges).ljust(33)
    whole = draw.choice((pdf, evil))
    if draw.random() < 0.4:  # keep our range and fill the room with objects
        hidden = parts.room.rstrip(b"0") + b">\n77 0 obj\n<</Type /Page>>\nendobj\n<"
        return parts.joined(hidden + b"0" * draw.randrange(20), evil[len(pdf) :])
    made = whole[: len(parts.before)] + said + whole[len(parts.before) + 33 :]
    return made if made not in more.ours else evil


def wrap(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Hide the genuine file inside another one, or write its signature's words a second time."""
    parts = taken(pdf)
    second = parts.before[-300:] + pdf[len(parts.before) : len(parts.before) + 60]
    other = draw.choice([one for one in more.ours if one != pdf])
    return draw.choice(
        (
            b"%PDF-1.7\n1 0 obj\n" + stream(b"q Q") + b"\nendobj\n" + pdf,
            pdf + other,
            other[:9] + pdf[9:] + other[-60:],
            pdf.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + second.replace(b"\n", b" ") + b"\n"),
            pdf + b"%" + second.replace(b"\n", b" ") + b"\n%%EOF\n",
            _moved(pdf.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%x\n"), pdf),
        )
    )


def double_objects(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Define an object twice, before or behind the table, or point the table elsewhere."""
    other = draw.choice([one for one in more.ours if one != pdf])
    number = draw.choice(contents_of(pdf))
    again = b"%d 0 obj\n%b\nendobj\n" % (number, body_of(other, contents_of(other)[-1]))
    table = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    tail = pdf[pdf.rindex(b"startxref") :]
    return draw.choice(
        (
            _moved(pdf[:table] + again + pdf[table:], pdf),
            pdf[: -len(tail)] + again + tail,
            pdf + again + b"startxref\n%d\n%%%%EOF\n" % table,
            pdf.replace(b"startxref\n%d" % table, b"startxref\n%d" % (table - 20)),
            _moved(pdf.replace(b"xref\n0 ", b"xref\n1 ", 1), pdf),
        )
    )


def bend_message(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Write the same signature in another way: other value, certificates, attributes, lengths."""
    parts = taken(pdf)
    message = cms.ContentInfo.load(bytes.fromhex(parts.room.decode()))
    data = message["content"]
    info = data["signer_infos"][0]
    choice = draw.randrange(6)
    if choice == 0:
        info["signature"] = _other_value(info["signature"].native, draw)
    elif choice == 1:
        data["certificates"].append(
            cms.CertificateChoices({"certificate": more.forger.chain.signer})
        )
    elif choice == 2:
        data["certificates"] = [more.forger.chain.signer]
    elif choice == 3:
        attribute = {"type": f"1.2.3.{draw.randrange(99)}", "values": []}
        info["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(attribute)])
    elif choice == 4:
        data["version"] = draw.choice(("v3", "v4", "v5"))
    made = message.dump(force=True)
    if choice == 5:  # a longer way to write the length of the whole
        made = b"\x30\x83\x00" + made[2:]
    room = made.hex().encode()
    if room.ljust(len(parts.room), b"0") == parts.room:
        room += b"00"
    return parts.joined(room.ljust(len(parts.room), b"0"))


def _other_value(value: bytes, draw: Random) -> bytes:
    """Return the second value that a curve has for a signature, or one that is none."""
    if len(value) > 80:
        return value[:-1] + bytes([value[-1] ^ 1])
    r, s = decode_dss_signature(value)
    if draw.random() < 0.5:
        return encode_dss_signature(r, _ORDER - s)
    return encode_dss_signature(r, s + _ORDER)


def rewrite(draw: Random, pdf: bytes, more: Samples) -> bytes:
    """Let a library write the whole file anew, with its own order and packing."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if draw.random() < 0.5:
            opened.pages[0].Rotate = 180
        opened.save(target, linearize=draw.random() < 0.3)
    return _moved(target.getvalue(), pdf)


KINDS: dict[str, Forge] = {
    "bit flips": flip_bits,
    "bit flips in the message": flip_in_message,
    "other letters in the message": write_capitals,
    "cut, doubled, lengthened": cut_and_paste,
    "update that changes the text": update_text,
    "page of another winner": swap_page,
    "annotation over the text": cover_with_annotation,
    "signature of another winner": move_signature,
    "edited QR code": edit_code,
    "edited facts": edit_facts,
    "signed by another key": sign_again,
    "shadow: other things reached": shadow,
    "ranges that were not signed": trick_range,
    "wrapped and repeated": wrap,
    "doubled objects": double_objects,
    "message written otherwise": bend_message,
    "written anew by a library": rewrite,
}
